"""Routes over connections: each thing that can be wrong with one, beside the near twin that is as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.audit.model import Severity
from generator.audit.routes import wide
from generator.ranges import Range, parse, parse_any
from generator.snapshot.model import Contents, Route, RouteTable, Snapshot
from tests.support import audited
from tests.support.audited import audit, between, blind, connection_id, connections, ids, only, tables, with_connection
from tests.unit.audit.company import SEEN, ZONE, data, place, side

ID = connection_id(data())
HUB, WEB = data().requester, data().accepter
FIRST, SECOND = HUB.route_table_ids
PEER = WEB.cidr_blocks[0]
PEER6 = WEB.ipv6_cidr_blocks[0]
Change = Callable[[Iterable[Route]], Iterable[Route]]


def _routes(change: Change, *ids_: str, seen: Snapshot = SEEN) -> Snapshot:
    """The snapshot with other routes in some tables."""
    for id in ids_ or (FIRST,):
        seen = tables(seen, id, lambda table: table._replace(routes=tuple(change(table.routes))))
    return seen


def _less(*destinations: str, target: str = ID) -> Change:
    return lambda routes: (each for each in routes if each.target != target or (destinations and each.destination not in destinations))


def _more(destination: str, target: str = ID, state: str = "active") -> Change:
    return lambda routes: (*routes, Route(destination, target, state))


def _to(target: str, destination: str = PEER, state: str = "active") -> Change:
    """The route to a range leads somewhere else."""
    return lambda routes: (each._replace(target=target, state=state) if each.destination == destination else each for each in routes)


def _prefix_list(id: str, *blocks: str, readable: bool = True) -> Snapshot:
    """The other side by a prefix list in every table of the hub, in place of its ranges."""
    seen = _routes(_less(), FIRST, SECOND)
    for table in (FIRST, SECOND):
        seen = _routes(_more(id), table, seen=seen)
    lists = {id: blocks if readable else None}
    return audited.changed(seen, lambda here: here._replace(prefix_lists=lists), place("dev-hub"))


def _with_table(table: RouteTable) -> Callable[[Contents], Contents]:
    return lambda here: here._replace(route_tables=(*here.route_tables, table))


def test_a_route_that_is_missing() -> None:
    """One of a table's two: the finding names table and range, on the side that lacks it."""
    found = only(audit(ZONE, _routes(_less(PEER))), "route-missing-requester")

    assert f"{FIRST} of dev-hub has no route to {PEER} of dev-web" in found.message
    assert found.key == f"{FIRST}|{PEER}" and found.severity is Severity.HIGH and found.subject == "dev-hub--dev-web"
    other = only(audit(ZONE, _routes(_less(HUB.cidr_blocks[0]), WEB.route_table_ids[1])), "route-missing-accepter")
    assert other.key == f"{WEB.route_table_ids[1]}|{HUB.cidr_blocks[0]}"


def test_a_route_of_ipv6_that_is_missing() -> None:
    """Counted apart from that of IPv4."""
    assert only(audit(ZONE, _routes(_less(PEER6))), "route-missing-requester").key == f"{FIRST}|{PEER6}"


def test_a_table_that_is_gone() -> None:
    """Everything that it should hold is missing."""
    found = [each for each in audit(ZONE, tables(SEEN, FIRST, lambda table: None)).findings if each.severity]

    assert {each.id for each in found} == {"route-missing-requester"}
    assert all("has no such table" in each.message for each in found if each.subject == "dev-hub--dev-web")


def test_routes_on_one_side_only() -> None:
    """Told once: no answer finds its way back. One route that is left, and each other one is told."""
    bare = _routes(_less(), FIRST, SECOND)
    found = only(audit(ZONE, bare), "one-sided-routes")

    assert found.message.startswith("dev-hub--dev-web: dev-web has routes over") and found.key == "dev-hub"
    assert ids(audit(ZONE, _routes(_more(PEER), SECOND, seen=bare))) == {"route-missing-requester": 3}


def test_routes_on_no_side() -> None:
    """Each is told: nothing is one-sided."""
    bare = _routes(_less(), *HUB.route_table_ids, *WEB.route_table_ids)

    assert ids(audit(ZONE, bare)) == {"route-missing-requester": 4, "route-missing-accepter": 4}


def test_one_sided_is_not_said_where_the_other_side_was_not_seen() -> None:
    """It may have none either."""
    assert ids(audit(ZONE, blind(_routes(_less(), FIRST, SECOND), place("dev-web")))) == {"route-missing-requester": 4}


def test_a_blackhole() -> None:
    """AWS says so of a route whose target carries nothing."""
    found = only(audit(ZONE, _routes(_to(ID, state="blackhole"))), "route-blackhole")

    assert FIRST in found.message and found.connection == ID


def test_a_route_to_a_connection_that_is_over_is_a_blackhole_whatever_aws_says() -> None:
    """And the expected range has no route: told once."""
    dead = between(side("dev-hub"), side("dev-ml"), "pcx-dead", "deleted")
    found = only(audit(ZONE, _routes(_to("pcx-dead"), seen=with_connection(SEEN, dead))), "route-blackhole")

    assert "pcx-dead (deleted)" in found.message and "delete-route" in found.remedy and f"--destination-cidr-block {PEER}" in found.remedy


def test_a_route_to_a_connection_that_waits_is_no_blackhole_yet() -> None:
    """AWS shows such a route as one until it is accepted."""
    waiting = connections(SEEN, ID, lambda each: each._replace(status="pending-acceptance"))

    assert ids(audit(ZONE, _routes(_to(ID, state="blackhole"), FIRST, SECOND, seen=waiting))) == {"pending-acceptance": 1}


@pytest.mark.parametrize("target", ["tgw-1", "igw-1", "eni-1", "pcx-other"])
def test_an_expected_range_that_leads_elsewhere(target: str) -> None:
    """A table takes a range once."""
    seen = with_connection(SEEN, between(side("dev-hub"), side("dev-ml"), "pcx-other", "active")) if target == "pcx-other" else SEEN
    report = audit(ZONE, _routes(_to(target), seen=seen))

    assert f"by {target}, not by {ID}" in next(found.message for found in report.findings if found.id == "route-conflict")


def test_a_longer_prefix_to_somewhere_else() -> None:
    """It takes a part of the other network away. One that leads over the connection itself does not, nor one outside of it."""
    part = str(Range(parse(PEER).first, 24))
    found = only(audit(ZONE, _routes(_more(part, "eni-1"))), "route-shadowed")

    assert f"leads to {part}, a part of {PEER} of dev-web, by eni-1" in found.message
    assert ids(audit(ZONE, _routes(_more("10.99.0.0/24", "eni-1")))) == {}
    assert ids(audit(ZONE, _routes(_more(part, "local")))) == {}


@pytest.mark.parametrize("wider", ["0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::/32"])
def test_a_route_that_is_wider_than_the_other_side(wider: str) -> None:
    """In IPv4 and IPv6, also the whole world; the exact range is as it should be."""
    found = only(audit(ZONE, _routes(_more(wider))), "route-too-wide")

    assert f"sends {wider} over {ID}" in found.message and PEER in found.remedy
    assert ids(audit(ZONE, _routes(_more(wider, "nat-1")))) == {}


def test_a_route_that_is_too_wide_over_a_connection_that_nobody_declares() -> None:
    """Prefixes are compared wherever a route leads over a connection, also in a table that no stack names."""
    rogue = between(side("prod-ml"), side("dev-ml"))
    table = RouteTable("rtb-other", side("prod-ml").vpc_id, True, (), (Route("10.0.0.0/8", rogue.id, "active"),))
    seen = audited.changed(with_connection(SEEN, rogue), _with_table(table), place("prod-ml"))

    assert ids(audit(ZONE, seen)) == {"rogue-denied": 1, "route-too-wide": 1}


def test_a_route_that_is_too_wide_is_judged_by_the_connection_where_the_vpc_cannot_be_seen() -> None:
    """AWS shows the other side's ranges in an active connection; where it shows none, the reviewed ones count."""
    seen = blind(_routes(_more("10.0.0.0/8")), place("dev-web"))
    silent = connections(seen, ID, lambda each: each._replace(accepter=each.accepter._replace(cidr_blocks=(), ipv6_cidr_blocks=())))

    assert ids(audit(ZONE, seen)) == {"route-too-wide": 1}
    assert ids(audit(ZONE, silent)) == {"route-too-wide": 1}


@pytest.mark.parametrize("destination", ["10.99.0.0/16", str(Range(parse(PEER).first, 24))])
def test_a_route_that_its_stack_does_not_declare(destination: str) -> None:
    """A range that nobody reviewed, or a part of one."""
    assert f"leads to {destination} over {ID}" in only(audit(ZONE, _routes(_more(destination))), "route-undeclared").message


def test_a_route_in_a_table_that_no_peer_is_to_reach() -> None:
    """Its range is right, its table is not."""
    table = RouteTable("rtb-public", HUB.vpc_id, False, (), (Route(PEER, ID, "active"),))
    seen = audited.changed(SEEN, _with_table(table), place("dev-hub"))

    assert "rtb-public of dev-hub" in only(audit(ZONE, seen), "route-undeclared").message


def test_a_route_to_a_connection_that_is_not_shown() -> None:
    """AWS has forgotten the connection, and kept the route."""
    found = only(audit(ZONE, _routes(_more("10.99.0.0/16", "pcx-gone", "blackhole"))), "orphan-route")

    assert "pcx-gone, which AWS does not show there" in found.message
    assert found.remedy.endswith(f"--route-table-id {FIRST} --destination-cidr-block 10.99.0.0/16")
    assert found.severity is Severity.LOW


@pytest.mark.parametrize("state", ["BLACKHOLE", "filtered", "failed"])
def test_only_an_active_route_carries_anything(state: str) -> None:
    """Also where AWS calls it something else."""
    assert f"AWS calls the route {state}" in only(audit(ZONE, _routes(_to(ID, state=state))), "route-blackhole").message


def test_a_prefix_list_that_leads_elsewhere_and_cannot_be_read_may_shadow() -> None:
    """The expected routes are there, and part of their range may not be."""
    report = audit(ZONE, _routes(_more("pl-9", "tgw-1")))

    assert ids(report) == {} and any("whether pl-9 takes a part" in unknown.what for unknown in report.unknown)
    assert [gap.part.value for gap in report.gaps] == ["prefix_lists"]


def test_a_table_for_peers_that_the_stack_does_not_know() -> None:
    """Its subnets do not reach the other side. A table without the tag is nobody's."""
    table = RouteTable("rtb-new", HUB.vpc_id, False, (), (), {"scaffold:peering": "routed"})
    report = audit(ZONE, audited.changed(SEEN, _with_table(table), place("dev-hub")))

    assert ids(report) == {"table-unlisted": 2} and all(found.key == "rtb-new" for found in report.findings)
    assert ids(audit(ZONE, audited.changed(SEEN, _with_table(table._replace(tags={})), place("dev-hub")))) == {}


def test_a_connection_that_only_another_place_shows_is_not_shown_here() -> None:
    """A route cannot use what its own account does not have."""
    elsewhere = between(side("prod-hub"), side("prod-pay"), "pcx-elsewhere")

    assert ids(audit(ZONE, _routes(_more("10.99.0.0/16", "pcx-elsewhere"), seen=with_connection(SEEN, elsewhere))))["orphan-route"] == 1


# Prefix lists


def test_a_prefix_list_of_exactly_the_other_side() -> None:
    """Its entries are routes like any other."""
    assert ids(audit(ZONE, _prefix_list("pl-1", PEER, PEER6))) == {}


def test_a_prefix_list_that_lacks_a_range() -> None:
    """It is missing in each table."""
    assert ids(audit(ZONE, _prefix_list("pl-1", PEER))) == {"route-missing-requester": 2}


def test_a_prefix_list_that_is_too_wide() -> None:
    """Whoever may edit the list opens the connection."""
    found = [each for each in audit(ZONE, _prefix_list("pl-1", PEER, PEER6, "10.0.0.0/8")).findings if each.severity]

    assert [each.id for each in found] == ["route-too-wide", "route-too-wide"] and "--destination-prefix-list-id pl-1" in found[0].remedy


DENIED = _prefix_list("pl-1", readable=False)
MISSING = audited.changed(DENIED, lambda here: here._replace(prefix_lists={}), place("dev-hub"))


@pytest.mark.parametrize("seen", [DENIED, MISSING], ids=["denied", "not there"])
def test_a_prefix_list_that_could_not_be_read(seen: Snapshot) -> None:
    """Nothing is missing that may be in it, and nothing is clean: unknown, and a gap."""
    report = audit(ZONE, seen)

    assert ids(report) == {} and [gap.part.value for gap in report.gaps] == ["prefix_lists"]
    assert any("leads to" in unknown.what for unknown in report.unknown) and any("how far" in unknown.what for unknown in report.unknown)


# Arithmetic


def _blocks(*texts: str) -> list[Range]:
    return [parse_any(text) for text in texts]


def test_ranges_that_make_a_larger_one_together() -> None:
    """A route to both halves reaches no further than they do; to more than they are, it does."""
    halves = _blocks("10.0.0.0/17", "10.0.128.0/17")

    assert not wide(parse("10.0.0.0/16"), halves) and wide(parse("10.0.0.0/15"), halves)
    assert wide(parse_any("::/0"), halves) and not wide(parse("10.0.0.0/24"), halves) and not wide(parse("11.0.0.0/8"), halves)


@given(st.lists(st.integers(0, 15), unique=True, min_size=1, max_size=6), st.integers(0, 4), st.integers(0, 15))
def test_a_route_is_too_wide_if_it_reaches_an_address_that_the_other_side_has_not(peer: list[int], bits: int, at: int) -> None:
    """Against counting ranges one by one, in a world of sixteen; a route that meets no range of the other side reaches nothing."""
    blocks = [Range((10 << 24) + (number << 20), 12) for number in peer]
    first = at >> bits << bits
    route = Range((10 << 24) + (first << 20), 12 - bits)
    reached = set(range(first, first + (1 << bits)))

    assert wide(route, blocks) is (not reached <= set(peer) and bool(reached & set(peer)) and bits > 0)
