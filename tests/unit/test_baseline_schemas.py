"""The schemas of the two baselines: an editor takes what we write, and refuses what the readers refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from generator.audit import baseline as of_audit
from generator.documents import strict_yaml
from generator.landing_zone import baseline as of_lint
from generator.landing_zone.baseline import Entry
from generator.problems import Refused

LINT = """\
version: 1
accepted:
  - rule: illegal-name
    fingerprint: "0123456789abcdef"
    message: "a.tf: the name is wrong"
    reason: older than the rules
    expires: 2027-03-31
"""
AUDIT = """\
version: 1
findings:
  - {fingerprint: "0123456789abcdef", id: rogue-denied, reason: known, expires: 2027-03-31}
gaps:
  - {account: "444455556666", region: us-east-1, cause: SUSPENDED, part: tags, reason: closed, expires: 2027-03-31}
"""
# (old, new): each makes one thing wrong
WRONG_LINT = [
    ("version: 1", "version: 2"),
    ("accepted:", "acepted:"),
    ("rule: illegal-name", "rule: ilegal-name"),
    ("rule: illegal-name", "rule: lost-stack"),
    ('"0123456789abcdef"', '"0123"'),
    ("    reason: older than the rules\n", ""),
    ("older than the rules", '" "'),
    ("2027-03-31", "2027-13-31"),
    ("    expires", "    line: 3\n    expires"),
    ("    message", "    file: 7\n    message"),
]
WRONG_AUDIT = [
    ("version: 1", "version: 2"),
    ("findings:", "finding:"),
    ("id: rogue-denied", "id: Rogue"),
    ('"0123456789abcdef"', "0123"),
    ('"444455556666"', '"4444"'),
    ("region: us-east-1", "region: mars"),
    ("part: tags", "part: tag"),
    ('account: "444455556666", region: us-east-1, cause: SUSPENDED, ', ""),
    ("reason: closed, ", ""),
    ("reason: closed, expires: 2027-03-31", "reason: closed, expires: soon"),
]


def _lint_reads(text: str) -> bool:
    return not of_lint.read(text.encode(), of_lint.FILE).problems


def _audit_reads(text: str) -> bool:
    try:
        of_audit.read(text.encode(), of_audit.FILE)
    except Refused:
        return False
    return True


def _editor_takes(schema: dict[str, Any], text: str) -> bool:
    node, problems = strict_yaml.read(text.encode(), "x.yaml")
    assert node is not None and not problems
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"])).is_valid(node.plain())


KINDS = [(LINT, of_lint.schema, _lint_reads, WRONG_LINT), (AUDIT, of_audit.schema, _audit_reads, WRONG_AUDIT)]
CASES = [(text, old, new, schema, reads) for text, schema, reads, wrong in KINDS for old, new in wrong]


@pytest.mark.parametrize(("text", "schema", "reads", "wrong"), KINDS, ids=["lint", "audit"])
def test_a_right_file_is_taken_by_both(
    text: str, schema: Callable[[], dict[str, Any]], reads: Callable[[str], bool], wrong: object
) -> None:
    """And the schema is one."""
    Draft202012Validator.check_schema(schema())

    assert reads(text) and _editor_takes(schema(), text)


@pytest.mark.parametrize(("text", "old", "new", "schema", "reads"), CASES)
def test_a_wrong_file_is_refused_by_both(
    text: str, old: str, new: str, schema: Callable[[], dict[str, Any]], reads: Callable[[str], bool]
) -> None:
    """Keys, rules that are none or keep a promise, days, and gaps that name nothing."""
    assert text.count(old) >= 1
    wrong = text.replace(old, new)

    assert not reads(wrong) and not _editor_takes(schema(), wrong)


@pytest.mark.parametrize(("path", "above"), [("lint-baseline.yaml", ""), ("ci/old/accepted.yaml", "../../")])
def test_what_is_written_names_its_schema_and_keeps_it(path: str, above: str) -> None:
    """Wherever the file is; messages quote what people wrote."""
    entries = [Entry("illegal-name", "0123456789abcdef", 'the name "a\n${b}" #', "old", "2027-03-31", "a.tf")]

    written = of_lint.write(entries, path).decode()

    assert written.startswith(f"# yaml-language-server: $schema={above}{of_lint.SCHEMA}\n")
    assert _editor_takes(of_lint.schema(), written) and _editor_takes(of_lint.schema(), of_lint.write([]).decode())


def test_of_an_entry_that_names_no_gap_the_reader_says_which() -> None:
    """Its number and its line."""
    with pytest.raises(Refused) as refused:
        of_audit.read(
            b"version: 1\ngaps:\n  - {cause: x, reason: y, expires: 2027-03-31}\n  - {reason: y, expires: 2027-03-31}\n", "x.yaml"
        )

    assert [(problem.line, problem.message) for problem in refused.value.problems] == [(4, "gaps[1] accepts every gap")]
