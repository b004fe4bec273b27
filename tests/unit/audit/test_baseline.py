"""What is accepted: nothing by accident, nothing for ever, and no gap that hides a network."""

from __future__ import annotations

import pytest

from generator.audit.baseline import FILE, Judged, apply, read
from generator.problems import Refused, Severity
from generator.snapshot.model import Place, Snapshot
from tests.support.audited import audit, between, blind, with_connection
from tests.unit.audit.company import SEEN, ZONE, place, side

DAY = "2026-11-24"
ROGUE = with_connection(SEEN, between(side("prod-ml"), side("dev-ml")))
WEB = place("dev-web")
ABROAD = Place(WEB.account, "eu-west-1")


def _judged(seen: Snapshot, text: str, day: str = DAY) -> Judged:
    report = audit(ZONE, seen)
    return apply(report, read(f"version: 1\n{text}".encode(), FILE), day)


def _finding(id: str = "rogue-denied", expires: str = "2026-12-31", **more: str) -> str:
    fingerprint = more.get("fingerprint") or audit(ZONE, ROGUE).findings[0].fingerprint
    return f'findings:\n  - {{fingerprint: "{fingerprint}", id: {id}, reason: known to security, expires: {expires}}}\n'


def _gap(selector: str, expires: str = "2026-12-31") -> str:
    return f"gaps:\n  - {{{selector}, reason: Control Tower denies it, expires: {expires}}}\n"


def test_an_accepted_finding_is_listed_and_not_open() -> None:
    """Its reason is shown."""
    judged = _judged(ROGUE, _finding())

    assert judged.open_findings == [] and len(judged.report.findings) == 1 and not judged.problems
    assert [entry.reason for entry in judged.accepted.values()] == ["known to security"]


@pytest.mark.parametrize("text", [_finding(id="dns-option-off"), _finding(fingerprint="0" * 16)], ids=["another id", "another one"])
def test_an_entry_accepts_only_what_it_names(text: str) -> None:
    """Fingerprint and word: an entry that accepts nothing is told."""
    judged = _judged(ROGUE, text)

    assert len(judged.open_findings) == 1 and [problem.id for problem in judged.problems] == ["unused-entry"]


def test_another_connection_of_the_pair_is_another_finding() -> None:
    """Who accepted one did not accept the next."""
    again = with_connection(SEEN, between(side("prod-ml"), side("dev-ml"), "pcx-another"))

    assert len(_judged(again, _finding()).open_findings) == 1


def test_an_entry_ends() -> None:
    """On the day after its last one the finding is open again, and the entry is told."""
    assert _judged(ROGUE, _finding(expires=DAY)).open_findings == []
    ended = _judged(ROGUE, _finding(expires=DAY), "2026-11-25")

    assert [found.id for found in ended.open_findings if found.severity > 2] == ["rogue-denied"]
    assert [(problem.id, problem.severity, problem.line) for problem in ended.problems] == [("expired-entry", Severity.WARNING, 3)]


@pytest.mark.parametrize("selector", [
    "region: eu-west-1",
    "cause: UnauthorizedOperation",
    f'account: "{WEB.account}"',
    f'account: "{WEB.account}", region: eu-west-1, cause: UnauthorizedOperation, part: all',
])  # fmt: skip
def test_an_accepted_gap_is_listed_and_not_open(selector: str) -> None:
    """By its region, its cause or its account."""
    judged = _judged(blind(SEEN, ABROAD, cause="UnauthorizedOperation"), _gap(selector))

    assert judged.open_gaps == [] and len(judged.gaps) == 1 and not judged.problems


@pytest.mark.parametrize("selector", [
    "region: us-east-1",
    "cause: Access",
    "cause: Unauthorized",
    f'account: "{WEB.account}", region: us-east-1',
    f'account: "{place("prod-ml").account}"',
    "region: eu-west-1, part: dns",
])  # fmt: skip
def test_a_selector_that_names_something_else_accepts_nothing(selector: str) -> None:
    """All that it names must be so."""
    judged = _judged(blind(SEEN, ABROAD, cause="UnauthorizedOperation"), _gap(selector))

    assert len(judged.open_gaps) == 1 and [problem.id for problem in judged.problems] == ["unused-entry"]


def test_a_place_with_a_network_is_accepted_by_its_account_only() -> None:
    """A region or a cause alone would hide whatever comes to be there."""
    seen = blind(SEEN, WEB, cause="UnauthorizedOperation")

    assert len(_judged(seen, _gap("region: us-east-1")).open_gaps) == 1
    assert len(_judged(seen, _gap("cause: UnauthorizedOperation")).open_gaps) == 1
    assert _judged(seen, _gap(f'account: "{WEB.account}"')).open_gaps == []


@pytest.mark.parametrize("text", [
    "gaps:\n  - {reason: all of it, expires: 2026-12-31}\n",
    "gaps:\n  - {region: eu-west-1, expires: 2026-12-31}\n",
    "gaps:\n  - {region: eu-west-1, reason: x}\n",
    "gaps:\n  - {region: eu-west-1, reason: x, expires: never}\n",
    "gaps:\n  - {region: eu-west-1, part: network, reason: x, expires: 2026-12-31}\n",
    "gaps:\n  - {reigon: eu-west-1, account: '123456789012', reason: x, expires: 2026-12-31}\n",
    "findings:\n  - {fingerprint: xyz, id: rogue-denied, reason: x, expires: 2026-12-31}\n",
    "findings:\n  - {fingerprint: '0123456789abcdef', reason: x, expires: 2026-12-31}\n",
    "findings: all\n",
    "finding: []\n",
])  # fmt: skip
def test_a_baseline_that_is_not_wholly_understood_is_refused(text: str) -> None:
    """Half of one would accept what nobody meant."""
    with pytest.raises(Refused) as refused:
        read(f"version: 1\n{text}".encode(), FILE)

    assert all(problem.file == FILE and problem.line for problem in refused.value.problems)
