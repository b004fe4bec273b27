"""Snapshots of landing zones in which AWS has exactly what the repository declares, and what changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from generator.audit.judge import judge
from generator.audit.model import Finding, Report
from generator.landing_zone.auditing import question
from generator.landing_zone.model import LandingZone
from generator.peering.data import Data
from generator.peering.data import Side as Reviewed
from generator.peering.existing import State
from generator.peering.model import key, pair_name
from generator.snapshot.model import (
    ACTIVE,
    Account,
    Connection,
    Contents,
    Doors,
    Gap,
    Place,
    Route,
    RouteTable,
    Side,
    Snapshot,
    Vpc,
)

TAKEN = "2026-11-24T09:30:00Z"
MANAGEMENT = "111111111111"
Change = Callable[[Contents], Contents]
TableChange = Callable[[RouteTable], RouteTable | None]


def clean(zone: LandingZone, taken: str = TAKEN) -> Snapshot:
    """A reading of the organization just after everything was applied: nothing is missing, and nothing else is there."""
    management = zone.organization.accounts["management"]
    accounts = {management: Account(management, "management", "aws@acme.com", "ACTIVE", {}), **dict(_accounts(zone))}
    regions = tuple(zone.organization.regions)
    accounts = {id: account._replace(regions=regions) for id, account in accounts.items()}
    places = {Place(account, region): Contents(doors=Doors(0, 0, 0)) for account in accounts for region in regions}
    for place, here in list(places.items()):
        places[place] = _applied(zone, place, here)
    return Snapshot(taken, accounts, places)


def _accounts(zone: LandingZone) -> Iterator[tuple[str, Account]]:
    tags = {account.email.lower(): account.tags for account in zone.accounts if isinstance(account.email, str)}
    by_id = {other.id: other.tags or {} for other in zone.others.accounts.values() if other.id is not None}
    for live in zone.inventory.accounts.values():
        said = tags.get(live.email.lower(), by_id.get(live.id, {}))
        known = {key: value for key, value in said.items() if isinstance(value, str)}
        yield live.id, Account(live.id, live.name, live.email, live.state, known, "o-a1b2c3d4e5/r-ab12/")


def _applied(zone: LandingZone, place: Place, here: Contents) -> Contents:
    networks = zone.inventory.accounts[place.account].networks.values() if place.account in zone.inventory.accounts else ()
    declared = [stack.data for stack in zone.peerings().stacks.values() if stack.state is State.LIVE and stack.data is not None]
    vpcs = [
        Vpc(each.vpc_id, each.cidr_blocks, each.ipv6_cidr_blocks, dns=each.dns, subnets=(f"subnet-{each.vpc_id[4:]}",))
        for each in networks
        if each.region == place.region
    ]
    tables = {id: each.vpc_id for each in networks if each.region == place.region for id in each.route_table_ids}
    routes = {id: [*_local(vpcs, vpc_id)] for id, vpc_id in tables.items()}
    for data in declared:
        for name in ("requester", "accepter"):
            if _place(data.side(name)) == place:
                for table, block in data.routes(name).values():
                    routes[table].append(Route(block, connection_id(data), ACTIVE))
    made = [RouteTable(id, vpc_id, False, (), tuple(routes[id]), {"scaffold:peering": "routed"}) for id, vpc_id in tables.items()]
    connections = (connection(data) for data in declared if place in map(_place, data.sides))
    return here._replace(vpcs=tuple(vpcs), route_tables=tuple(made), connections=tuple(connections))


def _local(vpcs: list[Vpc], vpc_id: str) -> Iterator[Route]:
    vpc = next(vpc for vpc in vpcs if vpc.id == vpc_id)
    return (Route(block, "local", ACTIVE) for block in (*vpc.cidr_blocks, *vpc.ipv6_cidr_blocks))


def _place(side: Reviewed) -> Place:
    return Place(side.id, side.region)


def connection_id(data: Data) -> str:
    """An id that is made of the two VPCs, as good as any."""
    return f"pcx-{data.requester.vpc_id[-8:]}{data.accepter.vpc_id[-9:]}"


def connection(data: Data) -> Connection:
    """The connection that a stack makes."""
    one, other = (Side(side.id, side.region, side.vpc_id, side.cidr_blocks, side.ipv6_cidr_blocks, data.dns) for side in data.sides)
    name = pair_name(key(data.requester.name, data.accepter.name))
    tags = {"Name": name, "managed-by": "scaffold", "peering": name}
    return Connection(connection_id(data), ACTIVE, one, other, tags, "Active")


def between(one: Side, other: Side, id: str = "pcx-0123456789abcdef0", status: str = ACTIVE) -> Connection:
    """A connection that somebody made by hand."""
    return Connection(id, status, one, other)


def with_connection(seen: Snapshot, found: Connection) -> Snapshot:
    """The snapshot with one more connection, at each of its sides that is in it; one of the same id is replaced."""
    return changed(seen, _adding(found), *(side.place for side in found.sides if side.place in seen.places))


def _adding(found: Connection) -> Change:
    return lambda here: here._replace(connections=(*(each for each in here.connections if each.id != found.id), found))


def changed(seen: Snapshot, change: Change, *places: Place) -> Snapshot:
    """The snapshot with other contents at some places."""
    return replace(seen, places={**seen.places, **{place: change(seen.places[place]) for place in places}})


def connections(seen: Snapshot, id: str, change: Callable[[Connection], Connection | None], *places: Place) -> Snapshot:
    """The snapshot with a connection changed, or taken away (None), at some places; at all of them where none is named."""

    def at(here: Contents) -> Contents:
        made = [change(each) if each.id == id else each for each in here.connections]
        return here._replace(connections=tuple(each for each in made if each is not None))

    return changed(seen, at, *(places or seen.places))


def tables(seen: Snapshot, id: str, change: TableChange) -> Snapshot:
    """The snapshot with a route table changed, or taken away (None), wherever it is."""

    def at(here: Contents) -> Contents:
        made = [change(each) if each.id == id else each for each in here.route_tables]
        return here._replace(route_tables=tuple(each for each in made if each is not None))

    return changed(seen, at, *seen.places)


def vpcs(seen: Snapshot, id: str, change: Callable[[Vpc], Vpc | None]) -> Snapshot:
    """The snapshot with a VPC changed, or taken away (None), wherever it is."""

    def at(here: Contents) -> Contents:
        made = [change(each) if each.id == id else each for each in here.vpcs]
        return here._replace(vpcs=tuple(each for each in made if each is not None))

    return changed(seen, at, *seen.places)


def accounts(seen: Snapshot, id: str, change: Callable[[Account], Account | None]) -> Snapshot:
    """The snapshot with an account changed, or not listed any more (None)."""
    made = change(seen.accounts[id])
    kept = {each: account for each, account in seen.accounts.items() if each != id}
    return replace(seen, accounts={**kept, **({id: made} if made is not None else {})})


def audit(zone: LandingZone, seen: Snapshot, before: LandingZone | None = None) -> Report:
    """The report on a snapshot."""
    return judge(question(zone, seen, before))


def ids(report: Report) -> Mapping[str, int]:
    """How often each finding is there; information is left out."""
    found: dict[str, int] = {}
    for each in report.findings:
        if each.severity:
            found[each.id] = found.get(each.id, 0) + 1
    return found


def only(report: Report, id: str) -> Finding:
    """The one finding of an id, which has to be the only one above information."""
    assert ids(report) == {id: 1}, [str(found.message) for found in report.findings if found.severity]
    return next(found for found in report.findings if found.id == id)


def blind(seen: Snapshot, *places: Place, cause: str = "AccessDenied") -> Snapshot:
    """The snapshot of somebody who could not look into some places."""
    gaps = tuple(Gap(place.account, place.region, cause) for place in places)
    return replace(seen, places={at: here for at, here in seen.places.items() if at not in places}, gaps=(*seen.gaps, *gaps))


def without_routes(seen: Snapshot, *targets: str) -> Snapshot:
    """The snapshot without a route to any of these connections."""

    def at(here: Contents) -> Contents:
        kept = (table._replace(routes=tuple(each for each in table.routes if each.target not in targets)) for table in here.route_tables)
        return here._replace(route_tables=tuple(kept))

    return changed(seen, at, *seen.places)


def without(seen: Snapshot, *connection_ids: str) -> Snapshot:
    """The snapshot without these connections, nor a route to them."""

    def at(here: Contents) -> Contents:
        return here._replace(connections=tuple(each for each in here.connections if each.id not in connection_ids))

    return without_routes(changed(seen, at, *seen.places), *connection_ids)
