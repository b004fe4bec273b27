"""Connections that are live and that nobody declares: strangers, rogues, requests, and what is legal and kept by nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.audit.judge import judge
from generator.audit.model import Severity
from generator.landing_zone.auditing import question
from generator.landing_zone.model import LandingZone
from generator.snapshot.model import Connection, Contents, Side
from tests.support import audited, peered
from tests.support.audited import (
    audit,
    between,
    connection_id,
    connections,
    ids,
    only,
    with_connection,
    without_routes,
)
from tests.unit.audit.company import DENIED, FILES, ID, NO_VPN, ROGUE, SEEN, ZONE, data, place, policy, said, side, zone

PAID = ("prod-hub", "prod-pay")
STRANGER = Side("999999999999", "us-east-1", "vpc-99999999999999999", ("10.99.0.0/16",))


def _unkept(pair: tuple[str, str]) -> LandingZone:
    """The zone without the stack of a pair."""
    gone = f"peering/{pair[0]}--{pair[1]}/"
    return zone({path: content for path, content in FILES.items() if not path.startswith(gone)})


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

    assert "scaffold pull" in said(report, "undetermined-live")[0] and "rogue-denied" not in ids(report)
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
