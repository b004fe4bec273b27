"""What others use of a network's quotas, and which VPC it is: decided by what a region showed, and by nothing else."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from generator.cli.pull import declared
from generator.inventory import Candidate, LiveNetwork
from generator.inventory.networks import Sought, find, matched
from generator.snapshot.model import Connection, Contents, Route, RouteTable, Side, Vpc
from tests.support import peered, zones

HOME, OURS, PEER, STRANGER = "us-east-1", "vpc-00000001", "vpc-00000002", "vpc-00000003"
TAGS = {"scaffold:network": "prod-ml"}
ROUTED = {"scaffold:peering": "routed"}
PAIRS = frozenset({frozenset({OURS, PEER})})
NAMED = {"prod-ml": Sought("10.0.0.0/20")}


def vpc(id: str = OURS, *ranges: str, **more: object) -> Vpc:
    """A VPC; that of our network where nothing else is said."""
    return Vpc(id, ranges or ("10.0.0.0/20",), **{"tags": TAGS, **more})  # type: ignore[arg-type]


def connection(id: str, requester: str, accepter: str, status: str = "active") -> Connection:
    """A connection of two VPCs."""
    one, other = (Side("111111111111", HOME, each) for each in (requester, accepter))
    return Connection(id, status, one, other)


def table(id: str, *routes: Route, tags: dict[str, str] = ROUTED, main: bool = False, subnets: tuple[str, ...] = ()) -> RouteTable:
    """A table of our VPC."""
    return RouteTable(id, OURS, main, subnets, routes, tags)


def found(contents: Contents, pairs: Collection[frozenset[str]] = PAIRS) -> LiveNetwork:
    """Our network, as such a region shows it."""
    return find(contents, HOME, NAMED, pairs).networks["prod-ml"]


CONNECTIONS = (
    connection("pcx-ours", PEER, OURS),
    connection("pcx-theirs", OURS, STRANGER),
    connection("pcx-asked", STRANGER, OURS, "pending-acceptance"),
    connection("pcx-over", OURS, STRANGER, "deleted"),
    connection("pcx-elsewhere", PEER, STRANGER),
)


def test_peerings_that_no_stack_declares_are_used_elsewhere() -> None:
    """Whoever asked for them; one that is not active takes no place, and one of other VPCs is theirs."""
    here = Contents((vpc(),), CONNECTIONS)

    assert found(here).used_elsewhere["peerings"] == 1
    assert found(here, frozenset()).used_elsewhere["peerings"] == 2
    assert found(Contents((vpc(),))).used_elsewhere == {"peerings": 0, "routes": 0}


def routes(number: int, target: str = "igw-1", form: str = "10.{}.0.0/16", propagated: bool = False) -> list[Route]:
    """So many routes to a target."""
    return [Route(form.format(n), target, "active", propagated) for n in range(number)]


@pytest.mark.parametrize(
    ("tables", "used"),
    [
        ([table("rtb-a", *routes(3))], 3),
        ([table("rtb-a", *routes(3)), table("rtb-b", *routes(5))], 5),
        ([table("rtb-a", *routes(3)), table("rtb-b", *routes(5), tags={})], 3),
        ([table("rtb-a", *routes(3), *routes(4, form="2001:db8:{}::/56"))], 4),
        ([table("rtb-a", *routes(3), *routes(7, propagated=True))], 3),
        ([table("rtb-a", *routes(3, "pcx-ours"), *routes(2, "pcx-theirs"))], 2),
        ([table("rtb-a", *routes(2, form="pl-{}"), *routes(1))], 3),
        ([table("rtb-a", *routes(3, "pcx-asked"))], 3),
    ],
    ids=["one", "the fullest", "not for peers", "IPv6 apart", "propagated", "ours", "prefix lists", "pending"],
)
def test_routes_that_are_not_ours_are_used_elsewhere(tables: list[RouteTable], used: int) -> None:
    """Of the fullest table that peers are routed in, as AWS counts them."""
    assert found(Contents((vpc(),), CONNECTIONS, tuple(tables))).used_elsewhere["routes"] == used


def test_pairs_are_those_of_live_stacks() -> None:
    """A tombstone declares nothing any more: until its connection is gone that takes a place."""
    files = peered.landing_zone(peered.COMPANY[:2], peered.ALONE)
    live = declared(zones.zone(files)).pairs
    buried = peered.synced({**files, peered.POLICY_FILE: peered.ALONE.replace("effect: allow", "effect: deny").encode()})

    assert peered.stacks(files) == {"prod-hub--prod-ml": "live"}
    assert live == {frozenset({f"vpc-{number:017x}" for number in (0, 1)})}
    assert peered.stacks(buried) == {"prod-hub--prod-ml": "tombstone"} and not declared(zones.zone(buried)).pairs


def test_a_network_is_found_by_tag_and_range_or_by_its_id() -> None:
    """An id that is declared decides alone; two that could be it are none."""
    other = vpc(PEER, "10.9.0.0/20", tags={})
    here = Contents((vpc(), other))

    assert matched(here, {**NAMED, "old": Sought("", PEER, foreign=True)}) == {"prod-ml": vpc(), "old": other}
    assert matched(here, {"prod-ml": Sought("10.9.0.0/20")}) == {}
    assert matched(Contents((vpc(), vpc(PEER))), NAMED) == {}


def test_candidates_are_what_could_be_meant() -> None:
    """Neither a default VPC, nor one that is declared by its id, nor one that is tagged for another network."""
    others = [
        vpc("vpc-0000000a", default=True, tags={}),
        vpc("vpc-0000000b", tags={"scaffold:network": "dev"}),
        vpc("vpc-0000000c", tags={}),
    ]
    sought = {"prod-ml": Sought("10.7.0.0/20"), "old": Sought("", "vpc-0000000c")}

    seen = find(Contents((vpc(), *others)), HOME, sought, PAIRS)

    assert (list(seen.networks), seen.candidates) == (["old"], {"prod-ml": (Candidate(OURS, ("10.0.0.0/20",)),)})


def test_quotas_that_could_not_be_read_are_told_of_each_network() -> None:
    """What could be is kept."""
    seen = find(Contents((vpc(),)), HOME, NAMED, PAIRS)

    told = seen.limited({"peerings": 125}, "AccessDeniedException")

    assert (told.networks["prod-ml"].quotas, told.unlimited) == ({"peerings": 125}, {"prod-ml": "AccessDeniedException"})
    assert not seen.limited({"peerings": 125, "routes": 500}, "").unlimited
