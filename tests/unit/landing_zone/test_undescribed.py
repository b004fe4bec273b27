"""What AWS shows and no request describes: proposed as an `accounts.yaml` that can be read, and never out of ignorance."""

from __future__ import annotations

from dataclasses import replace

from generator.accounts import others
from generator.accounts.model import Record
from generator.accounts.read import Reading
from generator.hcl.unknown import Unknown
from generator.landing_zone.frame import Names
from generator.landing_zone.observed import observe
from generator.landing_zone.proposal import propose
from generator.landing_zone.told import Told
from generator.landing_zone.undescribed import Undescribed, blind, describe, uses
from generator.organization import read
from generator.organization.model import Organization
from generator.snapshot.model import Account, Contents, Gap, Place, Snapshot, Vpc
from tests.support.zones import REQUEST

HOME, AWAY = "us-east-1", "eu-west-1"
TAKEN = "2026-11-24T09:30:00Z"
READING = Reading((Record(REQUEST, "terraform/prod-ml.tf", 1, True),))
HUB = Account("444455556666", "Hub, by hand", "hub@acme.com", "ACTIVE", {"environment": "prod", "aws:x": "y", 'odd "key"': "${a}\\"})
ML = Account("111122223333", "prod-ml", "AWS+prod-ml@acme.com", "ACTIVE", {})
DECLARED = Vpc("vpc-00000001", ("10.1.0.0/20",))
OLD = Vpc("vpc-0000000a", ("172.20.0.0/16", "172.21.0.0/16"), tags={"Name": "Old one"})
DEFAULT = Vpc("vpc-0000000d", ("172.31.0.0/16",), default=True)


def snapshot(*accounts: Account, gaps: tuple[Gap, ...] = (), **vpcs: tuple[Vpc, ...]) -> Snapshot:
    """The VPCs of accounts by `ID_REGION`, such as `_444455556666_home`."""
    regions = {"home": HOME, "away": AWAY}
    places = {Place(name.split("_")[1], regions[name.split("_")[2]]): Contents(vpcs=found) for name, found in vpcs.items()}
    return Snapshot(TAKEN, {account.id: account for account in accounts}, places, gaps)


def organization(seen: Snapshot, reading: Reading = READING) -> Organization:
    """The conventions that are proposed of both."""
    found, _ = read.read(propose(observe(reading, HOME, tuple(uses(seen, reading, HOME))), Told(Names())))
    assert found is not None
    return found


def described(seen: Snapshot, reading: Reading = READING) -> tuple[Undescribed, others.Others]:
    """What is proposed, and what our reader makes of it."""
    conventions = organization(seen, reading)
    found = describe(seen, reading, conventions)
    return found, others.read(found.content, conventions)


def test_an_account_without_a_request_is_described() -> None:
    """Its id, its own tags, and every VPC that somebody made; default VPCs are nobody's."""
    found, file = described(snapshot(HUB, ML, _444455556666_home=(OLD, DEFAULT), _111122223333_home=(DECLARED,)))
    (other,) = file.accounts.values()
    (network,) = other.networks

    assert (found.accounts, found.networks, found.told) == (1, 1, ()) and not file.problems
    assert (other.slug, other.id) == ("hub-by-hand", HUB.id) and other.tags == {"environment": "prod", 'odd "key"': "${a}\\"}
    assert (network.name, network.region, network.vpc_id) == ("hub-by-hand", HOME, OLD.id)
    assert [str(block) for block in network.cidr_blocks] == list(OLD.cidr_blocks)


def test_of_a_requested_account_only_older_vpcs_are_described() -> None:
    """It joins by its address, whatever the case; the declared one is left to the request, and nothing of it is an overlap."""
    seen = snapshot(ML, _111122223333_home=(DECLARED, OLD), _111122223333_away=(OLD._replace(id="vpc-0000000b", tags={}),))
    _, file = described(seen)
    (other,) = file.accounts.values()

    assert (other.slug, other.id, other.tags) == ("prod-ml", None, None)
    assert [network.name for network in other.networks] == ["prod-ml.eu-west-1.0000000b", "prod-ml.us-east-1.old-one"]
    assert not observe(READING, HOME, tuple(uses(snapshot(ML, _111122223333_home=(DECLARED,)), READING, HOME))).addresses.overlaps


def test_pools_keep_clear_of_live_vpcs_and_their_regions_are_proposed() -> None:
    """Also where no request says them."""
    seen = snapshot(HUB, _444455556666_away=(Vpc("vpc-00000002", ("10.0.0.0/12",)),))

    regions = organization(seen).regions

    assert set(regions) == {HOME, AWAY} and str(regions[AWAY].reserved[0]) == "10.0.0.0/12"
    assert not any(pool.overlaps(regions[AWAY].reserved[0]) for region in regions.values() for pool in region.pools["default"])


def test_nothing_is_proposed_while_a_request_may_be_hidden() -> None:
    """Its account would look like one without a request."""
    seen = snapshot(HUB, _444455556666_home=(OLD,))
    unknown = replace(REQUEST, control_tower={**REQUEST.control_tower, "AccountEmail": Unknown("x.tf", 1, "var.x")})
    hidden = [replace(READING, unreadable=frozenset({"terraform/b.tf"})), Reading((Record(unknown, "terraform/x.tf", 1, False),))]

    for reading in hidden:
        found, _ = described(seen, reading)
        assert found.content is None and "cannot be told" in found.told[0]


def test_what_takes_no_part_is_left_out() -> None:
    """An account without a VPC, a closed one, and one whose tags could not be read, which is said."""
    closed = HUB._replace(id="555566667777", state="SUSPENDED")
    untagged = HUB._replace(id="666677778888", name="dark", tags=None)
    found, _ = described(snapshot(HUB, closed, untagged, _555566667777_home=(OLD,), _666677778888_home=(OLD,)))

    assert found.content is None and found.told == (
        "dark (666677778888) has no request, and its tags could not be read: describe it by hand",
    )


def test_two_accounts_of_one_name_are_two() -> None:
    """Names are not unique in AWS, and one may be called as a request is."""
    twin = HUB._replace(id="555566667777", name="prod-ml", email="other@acme.com")
    _, file = described(snapshot(HUB, twin, ML, _444455556666_home=(OLD,), _555566667777_home=(OLD,)))

    assert list(file.accounts) == ["hub-by-hand", "prod-ml-555566667777"]


def test_places_that_could_not_be_looked_into_are_named() -> None:
    """An account as a whole, a region of it; those of a closed account are no gap."""
    hub = HUB._replace(regions=(HOME, AWAY))
    closed = HUB._replace(id="555566667777", state="SUSPENDED")
    gaps = (Gap(HUB.id, AWAY, "AccessDenied"), Gap(closed.id, None, "account is SUSPENDED"))

    assert blind(snapshot(hub, closed, gaps=gaps, _444455556666_home=())) == ["account 444455556666 in eu-west-1 (AccessDenied)"]
    assert blind(Snapshot(TAKEN, gaps=(Gap("1", None, "Organizations: AccessDenied"),))) == ["account 1 (Organizations: AccessDenied)"]
