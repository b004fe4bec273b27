"""The README of each skeleton that makes a stack: its tables of inputs and outputs are those of the module.

`pytest tests/docs/test_skeleton_readmes.py --update-golden` writes the generated ones anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hcl2
import pytest

from generator.cli.workspace import bundled

SKELETONS = Path(__file__).resolve().parents[2] / "skeletons"
INPUTS, OUTPUTS = "## Inputs of the module", "## Outputs"
GENERATED = ("rds", "elasticache", "vpn")
OF_DATA = ("rds", "elasticache")
WRITTEN = tuple(sorted(set(bundled().stacks) - set(GENERATED)))


def _blocks(skeleton: str, file: str, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The blocks of a kind in a file of the module, in its order."""
    for block in hcl2.loads((SKELETONS / skeleton / "module" / file).read_text()).get(kind, ()):
        yield from ((_text(name), body) for name, body in block.items() if not name.startswith("__"))


def _text(value: Any) -> str:
    """A string of HCL without its quotes; `${string}` is how the reader shows a type."""
    text = str(value).removeprefix("${").removesuffix("}")
    return str(json.loads(text)) if text.startswith('"') else text


def _shown(value: Any) -> str:
    """A default as somebody would write it."""
    return f"`{json.dumps(value) if value is None or isinstance(value, bool) else value}`"


def _inputs(skeleton: str) -> str:
    rows = [
        f"| `{name}` | {_text(body['type'])} | {_shown(body['default']) if 'default' in body else ''} | {_text(body['description'])} |"
        for name, body in _blocks(skeleton, "variables.tf", "variable")
    ]
    return "\n".join(["| name | type | default | |", "|---|---|---|---|", *rows])


def _outputs(skeleton: str) -> str:
    rows = [f"| `{name}` | {_text(body['description'])} |" for name, body in _blocks(skeleton, "outputs.tf", "output")]
    return "\n".join(["| name | |", "|---|---|", *rows])


def _with(readme: str, heading: str, table: str) -> str:
    """The text with a table as all that stands below a heading."""
    before, _, rest = readme.partition(f"{heading}\n")
    assert rest, f"no {heading}"
    return f"{before}{heading}\n\n{table}\n\n{rest[rest.index('## ') :]}"


@pytest.mark.parametrize("skeleton", GENERATED)
def test_the_tables_are_made_from_the_module(skeleton: str, update_golden: bool) -> None:
    """Name, type, default and description of every variable; name and description of every output."""
    file = SKELETONS / skeleton / "README.md"
    readme = file.read_text()
    wanted = _with(_with(readme, INPUTS, _inputs(skeleton)), OUTPUTS, _outputs(skeleton))
    if update_golden:
        file.write_text(wanted)
        readme = wanted

    assert readme == wanted


@pytest.mark.parametrize("skeleton", WRITTEN)
def test_the_tables_by_hand_name_what_the_module_has(skeleton: str) -> None:
    """No variable and no output is missing, and none is there that the module has no more."""
    readme = (SKELETONS / skeleton / "README.md").read_text()
    for heading, file, kind in ((INPUTS, "variables.tf", "variable"), (OUTPUTS, "outputs.tf", "output")):
        section = readme.partition(f"{heading}\n")[2].partition("\n## ")[0]
        named = re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in section.splitlines() if row.startswith("| `")))

        assert named == [name for name, _ in _blocks(skeleton, file, kind)]


@pytest.mark.parametrize("skeleton", OF_DATA)
def test_a_readme_says_how_to_connect_to_restore_and_to_be_wrong(skeleton: str) -> None:
    """What somebody looks for in the night has its heading."""
    headings = re.findall(r"^## (.*)$", (SKELETONS / skeleton / "README.md").read_text(), re.MULTILINE)

    assert headings == [
        "What it makes", "Inputs of the module", "Outputs", "How an application connects", "What it costs to be wrong",
        "How to restore", "How it changes later",
    ]  # fmt: skip


def test_the_readme_of_the_vpn_says_how_to_prepare_it_and_to_be_wrong() -> None:
    """What comes before it, since half of it is in an identity provider, and how somebody connects."""
    headings = re.findall(r"^## (.*)$", (SKELETONS / "vpn/README.md").read_text(), re.MULTILINE)

    assert headings == [
        "Before it", "What it makes", "Inputs of the module", "Outputs", "What it costs to be wrong", "How somebody connects",
        "How it changes later",
    ]  # fmt: skip


@pytest.mark.parametrize("skeleton", GENERATED)
def test_every_variable_is_described_and_typed(skeleton: str) -> None:
    """A full sentence for each; a validation for each that is no boolean."""
    for name, body in _blocks(skeleton, "variables.tf", "variable"):
        assert _text(body["description"]).endswith("."), name
        assert _text(body["type"]) == "bool" or body["validation"], name
