"""Wanted, declared, live: each combination of the three, beside the near twin about which nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator import inventory
from generator.audit.catalogue import KINDS
from generator.audit.model import Severity
from generator.peering import existing
from generator.snapshot.model import Account, Connection, Side, Snapshot
from tests.support import audited, peered
from tests.support.audited import (
    accounts,
    audit,
    between,
    blind,
    connection_id,
    connections,
    ids,
    only,
    with_connection,
    without,
    without_routes,
)
from tests.unit.audit.company import DENIED, FILES, ID, NO_VPN, PAIR, ROGUE, SEEN, UNSYNCED, ZONE, data, place, policy, said, side, zone

STRANGER = Side("999999999999", "us-east-1", "vpc-99999999999999999", ("10.99.0.0/16",))


def _with_status(status: str, message: str = "", expires: str = "") -> Snapshot:
    return connections(SEEN, ID, lambda each: each._replace(status=status, message=message, expires=expires))


def test_a_clean_organization_has_no_finding() -> None:
    """And every place of it was looked into."""
    report = audit(ZONE, SEEN)

    assert ids(report) == {} and not report.gaps and not report.unknown
    assert report.counts["connections"] == report.counts["declared"] == 5
    assert report.counts["places"] == 2 * len(SEEN.accounts)


# Declared and live


def test_a_declared_connection_that_the_policy_denies_now() -> None:
    """By name the rule, with the command that takes it down."""
    rule = "between: {matchTags: {tier: vpn}}\n    and: "
    narrower = zone(policy((f"{rule}{{any: true}}", f"{rule}{{accounts: [dev-ml]}}")))

    found = next(each for each in audit(narrower, SEEN).findings if each.subject == "dev-hub--dev-web")

    assert (found.id, found.severity, found.connection) == ("policy-denies-live", Severity.CRITICAL, ID)
    assert "no rule" in found.message and "scaffold sync" in found.remedy
    assert found.file == "aft-account-request/terraform/dev-hub.tf"


def test_a_tombstone_that_is_not_applied_is_still_a_denied_connection() -> None:
    """The repository has done its part; AWS has not."""
    after = zone(peered.synced(policy(NO_VPN)))
    stacks = after.peerings().stacks
    dead = [connection_id(data(pair)) for pair, stack in stacks.items() if stack.state is existing.State.TOMBSTONE]

    report = audit(after, SEEN)

    assert ids(report) == {"policy-denies-live": len(dead)} and len(dead) == 4
    assert all("its tombstone is not applied" in message for message in said(report, "policy-denies-live"))
    assert all("atlantis apply -p peering/" in found.remedy for found in report.findings if found.severity)
    assert ids(audit(after, without(SEEN, *dead))) == {}


def test_a_tombstone_of_a_pair_that_is_allowed_again() -> None:
    """Its connection would be destroyed by the next apply."""
    denied = peered.synced(policy(NO_VPN))
    again = zone({**denied, peered.POLICY_FILE: FILES[peered.POLICY_FILE]})

    report = audit(again, SEEN)

    assert ids(report) == {"live-undeclared-allowed": 4}
    assert all("scaffold sync" in found.remedy for found in report.findings if found.severity)


def test_a_live_pair_that_cannot_be_decided() -> None:
    """A tag that is missing decides nothing; what is live is told. By the tags that AWS still has it would be allowed."""
    request = "aft-account-request/terraform/dev-web.tf"
    untagged = zone({**FILES, request: FILES[request].replace(b'    "owner"       = "web"\n', b"")})

    report = audit(untagged, SEEN)

    assert ids(report) == {"undetermined-live": 1, "tag-unclassified": 1, "tag-drift-stale-live": 1, "tag-drift-decision": 1}
    assert "owner is missing" in said(report, "undetermined-live")[0]


URGENT = [("2026-11-26T09:29:59Z", Severity.HIGH), ("2026-11-26T09:30:00Z", Severity.MEDIUM), ("", Severity.MEDIUM)]


@pytest.mark.parametrize(("expires", "severity"), URGENT)
def test_a_request_that_waits_is_urgent_two_days_before_it_expires(expires: str, severity: Severity) -> None:
    """The snapshot's moment counts, not the clock."""
    found = only(audit(ZONE, without_routes(_with_status("pending-acceptance", expires=expires), ID)), "pending-acceptance")

    assert found.severity is severity and expires in found.message


@pytest.mark.parametrize("status", ["initiating-request", "provisioning", "deleting"])
def test_a_connection_on_its_way(status: str) -> None:
    """It passes in seconds, and is told."""
    assert only(audit(ZONE, _with_status(status)), "in-transition").severity is Severity.LOW


@pytest.mark.parametrize("status", ["Active", "suspended", "unknown"])
def test_a_status_that_nobody_knows_is_no_good_one(status: str) -> None:
    """Also not one that differs in case."""
    assert f'"{status}"' in only(audit(ZONE, _with_status(status)), "unknown-status").message


# Declared and not live


OVER = [("expired", "expired"), ("failed", "failed"), ("rejected", "rejected"), ("deleted", "deleted-out-of-band")]


@pytest.mark.parametrize(("status", "id"), OVER)
def test_a_declared_connection_that_is_over(status: str, id: str) -> None:
    """By its state, with AWS's own words."""
    report = audit(ZONE, without_routes(_with_status(status, message="because of that"), ID))

    assert f"{ID} is {status} (because of that)" in only(report, id).message


def test_a_failed_connection_says_which_ranges_overlap() -> None:
    """AWS does not."""
    ours, theirs = data().requester.cidr_blocks[0], data().accepter.vpc_id
    failed = without_routes(_with_status("failed"), ID)

    report = audit(ZONE, audited.vpcs(failed, theirs, lambda vpc: vpc._replace(cidr_blocks=(ours, *vpc.cidr_blocks))))

    assert f"{ours} and {ours} overlap" in said(report, "failed")[0]


def test_a_declared_connection_that_nobody_shows() -> None:
    """Neither side does."""
    found = only(audit(ZONE, without(SEEN, ID)), "declared-not-live")

    assert found.subject == "dev-hub--dev-web" and "atlantis plan -p peering/dev-hub--dev-web" in found.remedy


@pytest.mark.parametrize("name", PAIR)
def test_nothing_is_concluded_where_a_side_could_not_be_looked_into(name: str) -> None:
    """It may be there: unknown, and a gap."""
    report = audit(ZONE, blind(without(SEEN, ID), place(name)))

    assert ids(report) == {} and [str(gap) for gap in report.gaps] == [str(place(name))]
    assert "whether its connection is live" in {unknown.what for unknown in report.unknown if unknown.subject == "dev-hub--dev-web"}


def test_one_view_is_enough_to_say_that_it_is_live() -> None:
    """Only what the other place alone shows is unknown."""
    report = audit(ZONE, blind(SEEN, place("dev-web")))

    missed = {"DNS and the marker of dev-web", "the ranges of dev-web", "the routes of dev-web"}
    assert ids(report) == {} and {unknown.what for unknown in report.unknown} == missed


def test_views_that_contradict_count_as_live() -> None:
    """One place says active, the other deleted: of two readings the dangerous one is believed, and both are shown."""
    report = audit(ZONE, connections(ROGUE, DENIED.id, lambda each: each._replace(status="deleted"), place("dev-ml")))
    found = next(each for each in report.findings if each.id == "rogue-denied")

    assert ids(report) == {"rogue-denied": 1, "sides-disagree": 1}
    assert found.evidence["statuses"] == {str(place("prod-ml")): "active", str(place("dev-ml")): "deleted"}


def test_a_stack_that_declares_what_the_policy_denies() -> None:
    """Live or not, it must not be applied."""
    assert ids(audit(zone(policy(NO_VPN)), without(SEEN, ID))) == {"declared-but-denied": 1, "policy-denies-live": 3}


# Accounts


CLOSED = [
    (lambda account: account._replace(state="SUSPENDED"), "is SUSPENDED"),
    (lambda account: account._replace(state="PENDING_CLOSURE"), "is PENDING_CLOSURE"),
]


@pytest.mark.parametrize(("change", "words"), CLOSED, ids=["suspended", "closing"])
def test_a_side_whose_account_is_closed(change: Callable[[Account], Account | None], words: str) -> None:
    """Its stack stands, and nobody looks after that side."""
    assert words in only(audit(ZONE, accounts(SEEN, place("dev-web").account, change)), "account-closed").message


def test_an_account_that_the_organization_does_not_list_any_more() -> None:
    """Told of its pair, and of the account: it may have no pair."""
    report = audit(ZONE, accounts(SEEN, place("dev-web").account, lambda account: None))

    assert ids(report) == {"account-closed": 2} and {found.subject for found in report.findings} == {"dev-web", "dev-hub--dev-web"}


# What a policy or a reading may mean


TYPOS = {
    "unless": ("accounts: [prod-pay]}, and", "accounts: [prod-pya]}, and"),
    "deny": ("matchTags: {environment: prod}}\n", "accounts: [dev-wbe]}\n"),
}


@pytest.mark.parametrize("rule", TYPOS)
def test_a_policy_in_doubt_decides_nothing(rule: str) -> None:
    """A misspelt account takes a pair out of a deny, or of its exception: nobody hears that all is well, nor to delete anything."""
    doubtful = zone(policy(TYPOS[rule]))

    report = audit(doubtful, SEEN)

    assert set(ids(report)) == {"undetermined-live"} and "is in doubt" in report.findings[0].message
    assert not any("take it down" in found.remedy or "delete" in found.remedy for found in report.findings)


def test_a_network_that_was_rebuilt_while_its_old_connection_stayed() -> None:
    """The stack and the connection agree, and the inventory has another VPC."""
    text = FILES["inventory.json"].decode().replace(side("dev-web").vpc_id, "vpc-0000000000000beef")
    rebuilt = zone({**FILES, "inventory.json": text.encode()})

    assert "vpc-0000000000000beef now" in said(audit(rebuilt, SEEN), "wrong-region-or-vpc")[0]


def test_a_live_pair_that_could_not_be_made_now() -> None:
    """Sync keeps it as it is and says why; so does the audit. Nothing is said of the pairs of others."""
    account = next(each for each in ZONE.inventory.accounts.values() if each.name == "dev-web")
    known = replace(ZONE.inventory, accounts={**ZONE.inventory.accounts, account.id: replace(account, state="SUSPENDED")})
    suspended = zone({**FILES, "inventory.json": inventory.write(known)})

    found = only(audit(suspended, SEEN), "kept-in-doubt")

    assert found.subject == "dev-hub--dev-web" and "SUSPENDED" in found.message


def _turned(each: Connection) -> Connection:
    return each._replace(requester=each.accepter, accepter=each.requester)


DISAGREEING: dict[str, Callable[[Connection], Connection | None]] = {
    "another status": lambda each: each._replace(status="deleted"),
    "pending": lambda each: each._replace(status="pending-acceptance"),
    "another VPC": lambda each: each._replace(accepter=each.accepter._replace(vpc_id="vpc-bbbbbbbb")),
    "another region": lambda each: each._replace(accepter=each.accepter._replace(region="eu-west-1")),
    "turned round": _turned,
    "not shown": lambda each: None,
}


@pytest.mark.parametrize("name", DISAGREEING)
@pytest.mark.parametrize("at", PAIR)
def test_two_places_that_say_different_things(name: str, at: str) -> None:
    """Each of the two may be the odd one."""
    report = audit(ZONE, connections(SEEN, ID, DISAGREEING[name], place(at)))

    assert "sides-disagree" in ids(report)


# Allowed and neither declared nor live


def test_an_allowed_pair_without_a_stack_is_information() -> None:
    """With the reasons of the plan; one that is live is more than that."""
    unsynced = zone(UNSYNCED)
    dead = [connection_id(data(pair)) for pair in ZONE.peerings().stacks]

    assert len(said(audit(unsynced, without(SEEN, *dead)), "allowed-not-planned")) == len(dead) == 5
    assert "scaffold sync has not been run since" in said(audit(unsynced, without(SEEN, *dead)), "allowed-not-planned")[0]
    assert ids(audit(unsynced, SEEN)) == {"live-undeclared-allowed": 5} and not said(audit(unsynced, SEEN), "allowed-not-planned")


def test_every_finding_is_in_the_catalogue_and_no_fingerprint_stands_twice() -> None:
    """Two findings of one fingerprint would be accepted together."""
    wrong = with_connection(with_connection(_with_status("provisioning"), DENIED), between(STRANGER, side("prod-ml"), "pcx-2"))
    found = audit(ZONE, wrong).findings

    assert {each.id for each in found} <= KINDS.keys() and len({each.fingerprint for each in found}) == len(found) == 3
