"""`generator/audit/FINDINGS.md`: the reference of the audit, made of its catalogue, so that the two never differ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.audit.catalogue import KINDS
from generator.audit.model import Severity
from tests.support import cli

PAGE = cli.REPOSITORY / "generator/audit/FINDINGS.md"
HEAD = """\
# What `scaffold peering audit` finds

One section a finding, worst first. `scaffold peering audit --explain ID` prints the same. A place that could not be looked into
is no finding: it is a gap, every check there is unknown, and the status is 3 until somebody accepts it in
`peering/audit-baseline.yaml`, by name and until a day.
"""


def _page() -> str:
    parts = [HEAD]
    for severity in sorted(Severity, reverse=True):
        for id in sorted(id for id, kind in KINDS.items() if kind.severity is severity):
            kind = KINDS[id]
            parts.append(f"## `{id}`\n\n**{severity.word}**: {kind.title}. {kind.why}\n\nWhat to do: {kind.remedy}.\n")
    return "\n".join(parts)


def test_the_page_is_the_catalogue(update_golden: bool) -> None:
    """Byte for byte."""
    if update_golden:
        PAGE.write_text(_page())

    assert PAGE.read_text() == _page()


def _said() -> Iterator[str]:
    """Every word that the code gives a finding."""
    for file in (cli.REPOSITORY / "generator/audit").glob("*.py"):
        text = file.read_text()
        yield from re.findall(r'(?:found|of|_of|_finding|Finding)\(\s*f?"([a-z]+(?:-[a-z]+)+)"', text)
        yield from re.findall(r'\bid(?:, [a-z]+)* = \(?"([a-z]+(?:-[a-z]+)+)"', text)


def test_every_finding_of_the_catalogue_is_said_somewhere_and_the_other_way_round() -> None:
    """A finding that nothing reports would be a promise; one that is not in the catalogue could not be explained."""
    computed = {"expired", "failed", "rejected", "deleted-out-of-band", "dns-option-on-unwanted", "quota-near", "quota-reached"}
    computed |= {"route-missing-requester", "route-missing-accepter", "kept-in-doubt"}

    assert {*_said()} - KINDS.keys() == set()
    assert KINDS.keys() - {*_said()} - computed == set()
