"""Wanted, declared, live: each combination of the three, beside the near twin about which nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator import inventory
from generator.audit.catalogue import KINDS
from generator.audit.judge import judge
from generator.audit.model import Report, Severity
from generator.landing_zone.auditing import question
from generator.landing_zone.model import LandingZone
from generator.peering import existing
from generator.snapshot.model import Account, Connection, Contents, Side, Snapshot
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
from tests.unit.audit.company import FILES, PAIR, SEEN, UNSYNCED, ZONE, data, place, policy, side, zone

ID = connection_id(data())
PAID = ("prod-hub", "prod-pay")
STRANGER = Side("999999999999", "us-east-1", "vpc-99999999999999999", ("10.99.0.0/16",))
DENIED = between(side("prod-ml"), side("dev-ml"))
ROGUE = with_connection(SEEN, DENIED)
NO_VPN = ("tier: vpn", "tier: data")
"""A policy in which no hub is one: what it connected is denied."""


def _with_status(status: str, message: str = "", expires: str = "") -> Snapshot:
    return connections(SEEN, ID, lambda each: each._replace(status=status, message=message, expires=expires))


def _unkept(pair: tuple[str, str]) -> LandingZone:
    """The zone without the stack of a pair."""
    gone = f"peering/{pair[0]}--{pair[1]}/"
    return zone({path: content for path, content in FILES.items() if not path.startswith(gone)})


def _said(report: Report, id: str) -> list[str]:
    return [found.message for found in report.findings if found.id == id]


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
    assert all("its tombstone is not applied" in message for message in _said(report, "policy-denies-live"))
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
    assert "owner is missing" in _said(report, "undetermined-live")[0]


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

    assert f"{ours} and {ours} overlap" in _said(report, "failed")[0]


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


# Live and not declared


def test_a_connection_that_nobody_declares_and_the_policy_denies() -> None:
    """With its rule, both sides and the command that deletes it."""
    found = only(audit(ZONE, ROGUE), "rogue-denied")

    assert (found.subject, found.severity, found.rules) == ("dev-ml--prod-ml", Severity.CRITICAL, ("production-meets-only-production",))
    assert f"delete-vpc-peering-connection --region us-east-1 --vpc-peering-connection-id {DENIED.id}" in found.remedy
    assert {end.name for end in found.ends} == {"prod-ml", "dev-ml"}


@pytest.mark.parametrize("name", ["prod-ml", "dev-ml"])
def test_a_rogue_is_seen_from_either_side_alone(name: str) -> None:
    """Each of the two places shows it."""
    seen = audited.changed(SEEN, lambda here: here._replace(connections=(*here.connections, DENIED)), place(name))

    assert ids(audit(ZONE, seen)) == {"rogue-denied": 1, "sides-disagree": 1}


@pytest.mark.parametrize("status", ["deleted", "rejected", "expired", "failed"])
def test_an_undeclared_connection_that_is_over_is_nothing(status: str) -> None:
    """It carries nothing and never will."""
    assert ids(audit(ZONE, with_connection(SEEN, DENIED._replace(status=status)))) == {}


def test_what_is_being_deleted_needs_no_command() -> None:
    """Whoever declares or denies it: it is on its way."""
    assert ids(audit(ZONE, with_connection(SEEN, DENIED._replace(status="deleting")))) == {"in-transition": 1}
    after = zone(peered.synced(policy(NO_VPN)))
    assert ids(audit(after, connections(SEEN, ID, lambda each: each._replace(status="deleting")))) == {
        "in-transition": 1,
        "policy-denies-live": 3,
    }


@pytest.mark.parametrize("status", ["provisioning", "new"])
def test_an_undeclared_connection_that_is_not_over_is_one(status: str) -> None:
    """Also one of a status that nobody knows."""
    assert ids(audit(ZONE, with_connection(SEEN, DENIED._replace(status=status)))) == {"rogue-denied": 1}


def test_a_connection_in_a_region_that_no_file_names() -> None:
    """Two VPCs that are no networks: no rule can allow them."""
    one, other = side("prod-ml", "vpc-aaaaaaaa", "ap-south-1"), side("dev-ml", "vpc-bbbbbbbb", "ap-south-1")
    here = Contents(connections=(between(one, other),))

    found = only(audit(ZONE, replace(SEEN, places={**SEEN.places, one.place: here, other.place: here})), "rogue-denied")

    assert "vpc-aaaaaaaa of account" in found.message and "ap-south-1" in found.message and "is no declared network" in found.message


NAMELESS = with_connection(SEEN, between(side("prod-ml", "vpc-aaaaaaaa"), side("dev-ml", "vpc-bbbbbbbb")))


def test_a_vpc_of_which_the_inventory_does_not_know_whose_it_is() -> None:
    """A network is declared there, and the VPC of the inventory is gone: nobody is told to delete anything."""
    report = audit(ZONE, audited.vpcs(NAMELESS, side("dev-ml").vpc_id, lambda vpc: None))

    assert "scaffold pull" in _said(report, "undetermined-live")[0] and "rogue-denied" not in ids(report)
    assert ids(audit(ZONE, NAMELESS)) == {"rogue-denied": 1}


def test_a_network_that_could_not_be_read_may_be_the_one() -> None:
    """Not everything that declares networks was read."""
    broken = zone({**FILES, "aft-account-request/terraform/broken.tf": b'module "x" {\n'})

    assert ids(audit(broken, NAMELESS)) == {"undetermined-live": 1}


def test_a_legal_connection_that_nobody_keeps() -> None:
    """Adoption is offered."""
    found = only(audit(_unkept(PAID), SEEN), "live-undeclared-allowed")

    assert found.remedy == "scaffold peering adopt prod-hub prod-pay" and found.severity is Severity.MEDIUM


@pytest.mark.parametrize("found", [between(side("prod-ml"), STRANGER), between(STRANGER, side("prod-ml"))], ids=["to", "from"])
def test_a_connection_with_a_stranger(found: Connection) -> None:
    """Whoever asked for it."""
    report = audit(ZONE, with_connection(SEEN, found))

    assert "999999999999, which the organization does not have" in only(report, "outside-organization").message


def test_where_the_accounts_are_not_listed_nobody_is_a_stranger() -> None:
    """Nothing is known then: a gap."""
    report = audit(ZONE, replace(with_connection(SEEN, between(side("prod-ml"), STRANGER)), accounts={}))

    assert "outside-organization" not in ids(report) and "not listed" in report.gaps[0].cause


@pytest.mark.parametrize("requester", [STRANGER, side("dev-ml")], ids=["a stranger", "an account"])
def test_a_request_that_nobody_declares(requester: Side) -> None:
    """It carries nothing until somebody accepts it, and must be rejected."""
    asked = between(requester, side("prod-ml"), status="pending-acceptance")
    found = only(audit(ZONE, with_connection(SEEN, asked)), "pending-from-unknown")

    assert "reject-vpc-peering-connection" in found.remedy and f"in account {side('prod-ml').account}" in found.remedy


def test_a_request_to_a_stranger_is_no_request_from_one() -> None:
    """Ours asked."""
    asked = between(side("prod-ml"), STRANGER, status="pending-acceptance")

    assert ids(audit(ZONE, with_connection(SEEN, asked))) == {"outside-organization": 1}


def test_a_request_between_two_that_may_meet_is_legal() -> None:
    """It only has no stack."""
    id = connection_id(data(PAID))
    seen = connections(without_routes(SEEN, id), id, lambda each: each._replace(status="pending-acceptance"))

    assert ids(audit(_unkept(PAID), seen)) == {"live-undeclared-allowed": 1}


def test_two_connections_of_one_pair() -> None:
    """AWS promises one; the other way round is the same pair."""
    second = between(side("dev-web"), side("dev-hub"))
    found = only(audit(ZONE, with_connection(SEEN, second)), "duplicate-pair")

    assert found.connection == second.id and ID in found.message
    assert ids(audit(ZONE, with_connection(SEEN, second._replace(status="deleted")))) == {}


def test_a_marker_on_other_vpcs() -> None:
    """Somebody copied it, or a network was rebuilt."""
    wrong = between(side("prod-hub"), side("prod-ml", "vpc-aaaaaaaa"))._replace(tags={"peering": "prod-hub--prod-ml"})

    assert ids(audit(ZONE, with_connection(SEEN, wrong))) == {"wrong-region-or-vpc": 1, "rogue-denied": 1}
    assert ids(audit(ZONE, with_connection(SEEN, wrong._replace(tags={"peering": "a--b"})))) == {"rogue-denied": 1}


def test_two_networks_that_are_one_vpc_decide_nothing() -> None:
    """By whose tags? The connection of prod-ml and dev-ml is denied by one name, and by the other it would be too."""
    asked = question(ZONE, ROGUE)
    twin = replace(asked.plan.members["dev-ml"], name="dev-twin")
    twice = replace(asked, plan=replace(asked.plan, members={**asked.plan.members, "dev-twin": twin}))

    assert "is more than one network" in only(judge(twice), "undetermined-live").message


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

    assert "vpc-0000000000000beef now" in _said(audit(rebuilt, SEEN), "wrong-region-or-vpc")[0]


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

    assert len(_said(audit(unsynced, without(SEEN, *dead)), "allowed-not-planned")) == len(dead) == 5
    assert "scaffold sync has not been run since" in _said(audit(unsynced, without(SEEN, *dead)), "allowed-not-planned")[0]
    assert ids(audit(unsynced, SEEN)) == {"live-undeclared-allowed": 5} and not _said(audit(unsynced, SEEN), "allowed-not-planned")


def test_every_finding_is_in_the_catalogue_and_no_fingerprint_stands_twice() -> None:
    """Two findings of one fingerprint would be accepted together."""
    wrong = with_connection(with_connection(_with_status("provisioning"), DENIED), between(STRANGER, side("prod-ml"), "pcx-2"))
    found = audit(ZONE, wrong).findings

    assert {each.id for each in found} <= KINDS.keys() and len({each.fingerprint for each in found}) == len(found) == 3
