"""Where nobody could look: an audit of half an organization is never clean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.audit.coverage import needed
from generator.audit.findings import bench
from generator.landing_zone.auditing import question
from generator.snapshot.model import Gap, Part, Place, Snapshot
from tests.support.audited import MANAGEMENT, accounts, audit, between, blind, ids, with_connection
from tests.unit.audit.company import SEEN, ZONE, place, side

HOME, ABROAD = "us-east-1", "eu-west-1"
WEB = place("dev-web").account


def _silent(seen: Snapshot, *places: Place) -> Snapshot:
    """The snapshot of a reading that never heard of these places: neither read nor a gap."""
    return replace(seen, places={at: here for at, here in seen.places.items() if at not in places})


def _gaps(seen: Snapshot) -> list[tuple[str, str | None, str]]:
    return [(gap.account, gap.region, gap.cause) for gap in audit(ZONE, seen).gaps]


def test_a_gap_of_the_reading_is_one_of_the_audit() -> None:
    """With its cause."""
    assert _gaps(blind(SEEN, Place(WEB, ABROAD), cause="UnauthorizedOperation")) == [(WEB, ABROAD, "UnauthorizedOperation")]


@pytest.mark.parametrize("account", sorted(SEEN.accounts))
def test_an_account_that_was_not_looked_into_at_all(account: str) -> None:
    """Nobody noticed, and there is no gap in the file: it is one."""
    seen = _silent(SEEN, *(at for at in SEEN.places if at.account == account))

    assert _gaps(seen) == [(account, None, "it was not looked into")]


@pytest.mark.parametrize("account", [WEB, MANAGEMENT])
def test_the_home_region_of_an_account_that_was_not_looked_into(account: str) -> None:
    """Every account has it enabled."""
    assert _gaps(_silent(SEEN, Place(account, HOME))) == [(account, HOME, "it was not looked into")]


def test_a_region_that_an_account_has_not_enabled_is_no_gap() -> None:
    """One that it has enabled is, whatever is there; and an account of which nobody knows that is a gap as a whole."""
    less = accounts(_silent(SEEN, Place(WEB, ABROAD)), WEB, lambda account: account._replace(regions=(HOME,)))
    unknown = accounts(SEEN, WEB, lambda account: account._replace(regions=()))

    assert _gaps(less) == [] and _gaps(_silent(SEEN, Place(WEB, ABROAD))) == [(WEB, ABROAD, "it was not looked into")]
    assert _gaps(unknown) == [(WEB, None, "which regions it has enabled was not asked")]


def test_the_management_account_is_one_of_the_organization() -> None:
    """A list without it is not the whole one; who is a stranger cannot be told then."""
    seen = accounts(SEEN, MANAGEMENT, lambda account: None)

    assert [(gap.account, gap.part) for gap in audit(ZONE, seen).gaps] == [(MANAGEMENT, Part.ACCOUNTS)]


def test_a_place_that_a_connection_leads_to() -> None:
    """Its other side says that there is something."""
    leads = with_connection(SEEN, between(side("prod-ml"), side("dev-web", "vpc-aaaaaaaa", "ap-south-1")))

    assert _gaps(leads) == [(WEB, "ap-south-1", "it was not looked into")]


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION", "UNKNOWN", ""])
def test_an_account_that_is_not_active_is_a_gap(state: str) -> None:
    """Also one whose state AWS did not say."""
    seen = accounts(_silent(SEEN, *(at for at in SEEN.places if at.account == WEB)), WEB, lambda account: account._replace(state=state))

    assert _gaps(seen) == [(WEB, None, f"account is {state}")]


def test_an_organization_that_was_not_listed() -> None:
    """Who is a stranger cannot be told."""
    assert (MANAGEMENT, None, "the accounts of the organization were not listed") in _gaps(replace(SEEN, accounts={}))


def test_an_empty_reading_is_never_clean() -> None:
    """Nothing was seen."""
    report = audit(ZONE, Snapshot(SEEN.taken))

    assert ids(report) == {} and report.gaps and {unknown.subject for unknown in report.unknown} >= {"dev-hub--dev-web"}


def test_a_gap_of_an_account_covers_its_regions() -> None:
    """It is told once."""
    seen = replace(_silent(SEEN, *(at for at in SEEN.places if at.account == WEB)), gaps=(Gap(WEB, None, "AccessDenied"),))

    assert _gaps(seen) == [(WEB, None, "AccessDenied")]


def test_parts_that_could_not_be_read() -> None:
    """They are gaps of their own."""
    gaps = (Gap(WEB, HOME, "AccessDenied", Part.DOORS), Gap(WEB, None, "AccessDenied", Part.TAGS))

    assert {gap.part for gap in audit(ZONE, replace(SEEN, gaps=gaps)).gaps} == {Part.DOORS, Part.TAGS}


def test_what_the_repository_has_to_do_with() -> None:
    """The places of its networks, stacks and of connections."""
    asked = question(ZONE, SEEN)

    assert {at for at in needed(bench(asked)) if at.account == WEB} == {Place(WEB, HOME)}
