"""The JSON Schemas, above all that of `scaffold.yaml`: what an editor refuses and what the program refuses are one thing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from generator.accounts import others
from generator.audit import baseline as audit_baseline
from generator.documents import strict_yaml
from generator.documents.shape import Reader
from generator.hcl import managed
from generator.landing_zone import baseline
from generator.landing_zone.desired import ACCOUNTS_SCHEMA, POLICY_SCHEMA, SCHEMA
from generator.organization import read
from generator.organization.schema import FILE, SHAPE, schema
from generator.peering import grammar
from generator.peering.policy import FILE as POLICY
from tests.cli import cases
from tests.support import cli

SCHEMAS = {
    SCHEMA: schema,
    ACCOUNTS_SCHEMA: others.schema,
    POLICY_SCHEMA: grammar.schema,
    baseline.SCHEMA: baseline.schema,
    audit_baseline.SCHEMA: audit_baseline.schema,
}
# a schema sees no arithmetic: host bits are for the reader alone
NOT_SAID = {"host_bits"}


def _plain(document: str) -> Any:
    node, _ = strict_yaml.read(document.encode(), FILE)
    return node.plain() if node is not None else None


def _shape_is_wrong(document: str) -> bool:
    """Does our reader refuse a document for its shape alone, before it compares one part with another?"""
    node, _ = strict_yaml.read(document.encode(), FILE)
    reader = Reader(FILE)
    if node is not None:
        SHAPE.read(node, "", reader)
    return bool(reader.problems)


def _editor_refuses(document: str) -> bool:
    """Does a JSON Schema validator refuse it, patterns checked as regular expressions?"""
    return bool(list(Draft202012Validator(schema(), format_checker=FormatChecker(["regex"])).iter_errors(_plain(document))))


def test_the_schema_is_a_schema() -> None:
    """Draft 2020-12 takes it, and the first line of scaffold.yaml points an editor to it."""
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", SCHEMAS)
def test_the_copy_in_the_examples_is_current(path: str, update_golden: bool) -> None:
    """Documentation links to it, so it is committed."""
    text = json.dumps(SCHEMAS[path](), indent=2, ensure_ascii=False) + "\n"
    copy = cli.REPOSITORY / "examples" / Path(path).name
    if update_golden:
        copy.write_text(text)

    assert copy.read_text() == text


@pytest.mark.parametrize("path", SCHEMAS)
def test_a_landing_zone_carries_it(path: str, fresh: Path) -> None:
    """It is a managed file like any other, and the modelines of scaffold.yaml and of the policy name theirs to an editor."""
    assert (fresh / path).read_bytes() == managed.json_file(SCHEMAS[path]())
    assert (fresh / FILE).read_text().startswith(f"# yaml-language-server: $schema={SCHEMA}\n")
    assert (fresh / POLICY).read_text().startswith(f"# yaml-language-server: $schema=../{POLICY_SCHEMA}\n")


def test_both_accept_what_init_writes(fresh: Path) -> None:
    """The first file anybody sees has no red line in it."""
    written = (fresh / FILE).read_text()

    assert not _shape_is_wrong(written) and not _editor_refuses(written)


def test_both_accept_every_key(fresh: Path) -> None:
    """A document with the optional keys as well."""
    written = (fresh / FILE).read_text() + (Path(__file__).parent / "cases" / "optional_keys.yaml").read_text()
    organization, problems = read.read(written.encode())

    assert organization is not None and not problems and not _editor_refuses(written)
    assert set(schema()["properties"]) == set(_plain(written))


@pytest.mark.parametrize("name", [name for name in cases.names("yaml") if name not in NOT_SAID])
def test_both_refuse_the_same_shapes(name: str, fresh: Path) -> None:
    """What is a matter of shape is refused by both; contradictions are the reader's alone."""
    document = cases.edited((fresh / FILE).read_text(), name)

    assert _editor_refuses(document) == _shape_is_wrong(document) or _plain(document) is None


def test_an_account_id_is_read_as_it_is_written(fresh: Path) -> None:
    """YAML 1.1 takes 012345671234 for an octal number; here it is the text that stands there."""
    written = (fresh / FILE).read_text()
    organization, problems = read.read(written.replace('"111111111111"', "012345671234").encode())

    assert not problems and organization is not None and organization.accounts["management"] == "012345671234"
