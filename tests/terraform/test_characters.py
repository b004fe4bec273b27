"""Every character that a person can type survives Terraform: in an account request, and in a `*.tf.json` file."""

from __future__ import annotations

import itertools
import json
import shutil
import string
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.accounts.model import CONTROL_TOWER_KEYS, Request
from generator.accounts.tags import legal_characters
from generator.accounts.write import write
from generator.hcl.managed import json_file
from generator.hcl.quoting import terraform_json
from tests.support import terraform
from tests.support.root_modules import SKELETONS

pytestmark = pytest.mark.terraform

REQUEST_MODULE = SKELETONS / "landing-zone/{{cookiecutter.directory}}/aft-account-request/terraform/modules/aft-account-request"
ECHO = """\
output "values" {
  value = {
    tags   = var.account_tags
    fields = var.custom_fields
    change = var.change_management_parameters
  }
}
"""
ROOT = 'output "request" {\n  value = module.prod-ml.values\n}\n'

PLANES = range(0x20000)
DIFFERENT = "\U00011a3a"  # joins what follows it in some versions of Unicode only
JOINING = ["\u0e33", "\uff9e", "\u0d4e"]  # letters that a tag may hold: two join what stands before them, one what stands behind

SPECIAL = (
    *(chr(code) for code in [*range(0x20), *range(0x7F, 0xA1)]),
    "\u2028\u2029",
    "in the\ufeffmiddle",
    "\ufffe\uffff\U0010ffff",
    "\r\n\t line ends \n\r",
    "e\u0301 \u2126 \u212b \u1112\u1161\u11ab a\u0323\u0307 a\u0307\u0323",  # not NFC
    "\u202eright to left\u202c \u05d0\u0628",
    "👩‍👩‍👧‍👦 🇨🇭 👍🏽 \U0001f9d1\u200d\U0001f680",
    "${local.x} %{ if true }x%{ endif } $${a} $$${b} %%{c} %%%{d} ${ ~}",
    '\\u0041 \\n \\\\ \\" \\${x} C:\\temp\\',
    "<<EOT\nEOT\n",
    "# // /* */ = { } [ ] ( ) , ; ' `",
    '"quoted" "',
    " leading and trailing ",
    "null",
    "true",
    "12",
    "012",
    "1e3",
    string.printable,
)


def template_signs() -> Iterator[str]:
    """Every text of one to four signs that mean something in a quoted string."""
    for length in range(1, 5):
        yield from map("".join, itertools.product('$%{}"\\', repeat=length))


def planes() -> Iterator[str]:
    """Every character of the first two planes that this Python knows, a dot between them: nothing composes across a dot."""
    known = [chr(code) for code in PLANES if unicodedata.category(chr(code)) not in ("Cs", "Cn")]
    for start in range(0, len(known), 100):
        yield ".".join(["", *known[start : start + 100], ""])


def numbered(values: Iterator[str] | tuple[str, ...]) -> dict[str, str]:
    """The values, each also as a part of its own key."""
    return {f"{number} {value}": value for number, value in enumerate(values)}


TAGS = numbered(SPECIAL)
FIELDS = {**numbered(template_signs()), **{f"plane {number}": value for number, value in enumerate(planes())}}
REASON = "".join(SPECIAL)


def request(tags: Mapping[str, str], fields: Mapping[str, str], reason: str = "") -> Request:
    """A request that carries these strings."""
    change = {"change_requested_by": "platform", "change_reason": reason}
    return Request("prod-ml", dict.fromkeys(CONTROL_TOWER_KEYS, "x"), tags, change, fields)


def normalised(values: Mapping[str, str]) -> dict[str, str]:
    """What Terraform makes of any string it reads."""
    return {unicodedata.normalize("NFC", key): unicodedata.normalize("NFC", value) for key, value in values.items()}


def json_value(value: Mapping[str, Any]) -> bytes:
    """A managed `*.tf.json` file whose output `json` is this value."""
    return json_file(terraform_json({"output": {"json": {"value": value}}}))


@pytest.fixture(scope="module")
def outputs(tf_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What one apply says of a canonical request and of a `*.tf.json` file with the same strings."""
    root = tmp_path_factory.mktemp("characters")
    module = root / "modules/aft-account-request"
    module.mkdir(parents=True)
    shutil.copy2(REQUEST_MODULE / "variables.tf", module)
    (module / "outputs.tf").write_text(ECHO)
    (root / "prod-ml.tf").write_bytes(write(request(TAGS, FIELDS, REASON)).encode())
    (root / "outputs.tf").write_text(ROOT)
    said = {"tags": TAGS, "fields": FIELDS, "reason": REASON}
    (root / "json.tf.json").write_bytes(json_value(said))
    return applied(root, tf_env)


def applied(root: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """The outputs of a root module after its first apply."""
    for command in ("init", "apply -auto-approve"):
        terraform.run([*command.split(), "-no-color"], root, env).check()
    shown = json.loads(terraform.run(["output", "-json"], root, env).check().stdout)
    return {name: output["value"] for name, output in shown.items()}


@pytest.mark.parametrize(("part", "values"), [("tags", TAGS), ("fields", FIELDS)])
def test_a_request_says_exactly_what_it_was_given(outputs: Mapping[str, Any], part: str, values: Mapping[str, str]) -> None:
    """Keys and values of the quoted maps; no text becomes an expression."""
    assert outputs["request"][part] == normalised(values)


def test_a_reason_says_exactly_what_it_was_given(outputs: Mapping[str, Any]) -> None:
    """All special characters in one string."""
    assert outputs["request"]["change"]["change_reason"] == unicodedata.normalize("NFC", REASON)


@pytest.mark.parametrize(("part", "values"), [("tags", TAGS), ("fields", FIELDS)])
def test_terraform_json_says_exactly_what_it_was_given(outputs: Mapping[str, Any], part: str, values: Mapping[str, str]) -> None:
    """Strings of `*.tf.json` are templates as well, keys included."""
    assert outputs["json"][part] == normalised(values)


@pytest.mark.parametrize("letter", JOINING[2:])
def test_terraform_json_may_end_in_a_letter_that_joins_what_follows(tf_env: dict[str, str], tmp_path: Path, letter: str) -> None:
    """A tag may end in any letter."""
    (tmp_path / "json.tf.json").write_bytes(json_value({letter: letter}))

    assert applied(tmp_path, tf_env)["json"] == {letter: letter}


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(["นำ", "ทำนำ", "owner"], id="Thai with SARA AM"),
        pytest.param(["ᄒ", "한", "한글", "가각", "owner"], id="Hangul"),
        pytest.param(["環境", "所有者", "オーナー", "owner"], id="CJK"),
        pytest.param(["ｶﾞｷﾞ", "ﾊﾟ", "owner"], id="halfwidth katakana with voiced marks"),
        pytest.param(["é", "e\u0301", "a\u0323\u0307", "owner"], id="combining marks"),
        pytest.param([*JOINING, "owner"], id="joining the quotes"),
        pytest.param(["𝒪𝓌𝓃𝑒𝓇", "👩‍👩‍👧‍👦", "owner"], id="beyond the first plane"),
    ],
)
def test_terraform_fmt_leaves_keys_outside_ascii_where_they_are(tf_env: dict[str, str], tmp_path: Path, keys: list[str]) -> None:
    """Columns are counted as `terraform fmt` counts them, or every second pull request would move them."""
    source = write(request(dict.fromkeys(keys, "x"), {}))

    assert formatted(source, tmp_path, tf_env) == source


def test_terraform_fmt_agrees_on_the_columns_of_every_letter(tf_env: dict[str, str], tmp_path: Path) -> None:
    """Every character that a tag may hold, between two others."""
    keys = [f"x{chr(code)}x" for code in PLANES if legal_characters(chr(code)) and chr(code) != DIFFERENT]
    source = write(request(dict.fromkeys(keys, "x"), {}))

    assert formatted(source, tmp_path, tf_env) == source


def test_terraform_fmt_leaves_every_special_character_where_it_is(tf_env: dict[str, str], tmp_path: Path) -> None:
    """Escapes count as they are written."""
    source = write(request(TAGS, FIELDS, REASON))

    assert formatted(source, tmp_path, tf_env) == source


def formatted(source: str, folder: Path, env: Mapping[str, str]) -> str:
    """What `terraform fmt` makes of a file."""
    file = folder / "prod-ml.tf"
    file.write_bytes(source.encode())
    terraform.run(["fmt", "-no-color", str(file)], folder, env).check()
    return file.read_bytes().decode()
