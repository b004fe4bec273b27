"""Routes over connections, checked on both sides: by prefix arithmetic, IPv4 and IPv6, through prefix lists, in every table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from shlex import quote

from generator.audit.findings import Bench, Found
from generator.audit.live import Live, VpcKey, parsed
from generator.peering.data import SIDES, Data
from generator.peering.existing import Existing
from generator.peering.model import key, pair_name
from generator.ranges import Range
from generator.snapshot.model import ACTIVE, Part, Place, Route, RouteTable

LOCAL, CONNECTION = "local", "pcx-"


@dataclass(frozen=True, slots=True)
class Lead:
    """One range of one table, and where it leads; `route` is the route that says so, which may name a prefix list."""

    table: RouteTable
    block: Range
    route: Route

    @property
    def key(self) -> str:
        """What names it from one audit to the next: table and range, as the module keys a route."""
        return f"{self.table.id}|{self.block}"


def leads(table: RouteTable, lists: Mapping[str, tuple[str, ...] | None]) -> Iterator[Lead]:
    """Every range of a table. A prefix list that could not be read leads nowhere that is known."""
    for route in table.routes:
        texts = lists.get(route.destination) or () if route.destination.startswith("pl-") else (route.destination,)
        for block in parsed(texts):
            yield Lead(table, block, route)


def unread_lists(table: RouteTable, lists: Mapping[str, tuple[str, ...] | None]) -> set[str]:
    """The prefix lists of a table whose ranges nobody could read."""
    return {route.destination for route in table.routes if route.destination.startswith("pl-") and lists.get(route.destination) is None}


def routes(bench: Bench, stack: Existing, live: Live) -> Iterator[Found]:
    """The routes of both sides of a declared connection that is active."""
    data = stack.data
    assert data is not None  # it was found by its VPCs
    sides = {name: _Side(bench, data, name, live) for name in SIDES}
    unread = {name for name, side in sides.items() if bench.index.snapshot.gap(side.place)}
    for name in sorted(unread):
        yield bench.unknown(pair_name(stack.pair), f"the routes of {data.side(name).name}", [sides[name].place])
    bare = {name for name, side in sides.items() if name not in unread and side.expected and not side.present}
    one_sided = len(bare) == 1 and not unread
    for name in SIDES:
        if name not in unread:
            yield from sides[name].findings(bare == {name} and one_sided)


class _Side:
    """One side of a connection: what its route tables should hold, and what they do."""

    def __init__(self, bench: Bench, data: Data, name: str, live: Live) -> None:
        self._bench, self._live, self._name = bench, live, name
        self._own, self._peer = data.side(name), data.peer(name)
        self.place = Place(self._own.id, self._own.region)
        vpc = (self._own.id, self._own.region, self._own.vpc_id)
        here = bench.index.snapshot.places.get(self.place)
        self._lists = here.prefix_lists if here is not None else {}
        self._tables = {table.id: table for table in bench.index.tables.get(vpc, ())}
        self._leads = {table.id: list(leads(table, self._lists)) for table in self._tables.values()}
        self.expected = [(table, block) for table, text in data.routes(name).values() for block in parsed([text])]
        self._wanted = frozenset(self.expected)
        self._subject = pair_name(key(self._own.name, self._peer.name))
        over = {(lead.table.id, lead.block) for found in self._leads.values() for lead in found if lead.route.target == live.id}
        self.present = [each for each in self.expected if each in over]

    def findings(self, is_bare: bool) -> Iterator[Found]:
        """Everything that is wrong on this side; `is_bare`: it has no route at all, and the other side has."""
        if is_bare and not self._has_more_to_say():
            other = self._peer.name
            message = f"{other} has routes over {self._live.id}, and no table of {self._own.name} has one"
            yield self._of("one-sided-routes", message, self._own.name)
        else:
            for table, block in self.expected:
                yield from self._expected(table, block)
        for found in self._leads.values():
            yield from (self._undeclared(lead) for lead in found if self._is_undeclared(lead))

    def _has_more_to_say(self) -> bool:
        """Does an expected range lead somewhere else, or is there a list of ranges that nobody could read?"""
        if any(unread_lists(table, self._lists) for table in self._tables.values()):
            return True
        return any((lead.table.id, lead.block) in self._wanted for found in self._leads.values() for lead in found)

    def _expected(self, table: str, block: Range) -> Iterator[Found]:
        there = self._leads.get(table, [])
        targets = [lead for lead in there if lead.block == block]
        if any(lead.route.target == self._live.id for lead in targets):
            yield from (self._shadow(lead, block) for lead in there if self._shadows(lead, block))
            if hidden := self._hidden(table):
                yield self._bench.unknown(
                    self._subject, f"whether {hidden} takes a part of {block} in {table}", [self.place], Part.PREFIX_LISTS
                )
        elif targets:
            yield from (self._elsewhere(lead) for lead in targets[:1] if not self._is_over(lead))
        elif table in self._tables and unread_lists(self._tables[table], self._lists):
            yield self._bench.unknown(self._subject, f"whether {table} leads to {block}", [self.place], Part.PREFIX_LISTS)
        else:
            why = "" if table in self._tables else f": {self._own.vpc_id} has no such table"
            message = f"{table} of {self._own.name} has no route to {block} of {self._peer.name}{why}"
            yield self._of(f"route-missing-{self._name}", message, f"{table}|{block}")

    def _hidden(self, table: str) -> str:
        """Prefix lists of a table that lead elsewhere, and whose ranges nobody could read."""
        unread = unread_lists(self._tables[table], self._lists)
        elsewhere = {route.destination for route in self._tables[table].routes if route.target not in (self._live.id, LOCAL)}
        return ", ".join(sorted(unread & elsewhere))

    def _is_over(self, lead: Lead) -> bool:
        """Does it lead to a connection of this VPC that is over? That is a blackhole, which is told of every table."""
        other = self._bench.index.connections.get(lead.route.target)
        return other is not None and other.gone and (self._own.id, self._own.region, self._own.vpc_id) in other.vpcs

    def _elsewhere(self, lead: Lead) -> Found:
        message = f"{lead.table.id} of {self._own.name} leads to {lead.block} by {lead.route.target}, not by {self._live.id}"
        return self._of("route-conflict", message, f"{lead.key}|{lead.route.target}", lead)

    def _shadows(self, lead: Lead, block: Range) -> bool:
        return lead.block != block and block.contains(lead.block) and lead.route.target not in (self._live.id, LOCAL)

    def _shadow(self, lead: Lead, block: Range) -> Found:
        message = (
            f"{lead.table.id} of {self._own.name} leads to {lead.block}, a part of {block} of {self._peer.name}, by {lead.route.target}"
        )
        return self._of("route-shadowed", message, f"{lead.key}|{lead.route.target}", lead)

    def _is_undeclared(self, lead: Lead) -> bool:
        is_over, is_expected = lead.route.target == self._live.id, (lead.table.id, lead.block) in self._wanted
        peer = (self._peer.id, self._peer.region, self._peer.vpc_id)
        return is_over and not is_expected and not wide(lead.block, peer_blocks(self._bench, peer, self._live))

    def _undeclared(self, lead: Lead) -> Found:
        through = f" (by {lead.route.destination})" if lead.route.destination.startswith("pl-") else ""
        message = (
            f"{lead.table.id} of {self._own.name} leads to {lead.block}{through} over {self._live.id}, which its stack does not declare"
        )
        return self._of("route-undeclared", message, lead.key, lead)

    def _of(self, id: str, message: str, key: str, lead: Lead | None = None) -> Found:
        evidence = {} if lead is None else {"table": lead.table.id, "route": lead.route._asdict()}
        return self._bench.of(id, self._live, message, key=key, evidence={"side": self._name, **evidence}, subject=self._subject)


def wide(block: Range, peer: Iterable[Range]) -> bool:
    """Does a route reach further than the other side's ranges: more than they cover together, and at least one of them, or everything?"""
    inside = {each for each in peer if block.contains(each)}
    covered = sum(1 << (each.bits - each.length) for each in inside)  # ranges of one VPC never overlap
    return covered < 1 << (block.bits - block.length) and (bool(inside) or block.length == 0)


def everywhere(bench: Bench) -> Iterator[Found]:
    """Routes to connections in every table of every place: those that reach too far, and those whose connection is not there."""
    for place, here in bench.index.snapshot.places.items():
        for table in here.route_tables:
            if any(route.target.startswith(CONNECTION) for route in table.routes):
                yield from _of_table(bench, place, table, here.prefix_lists)


def _of_table(bench: Bench, place: Place, table: RouteTable, lists: Mapping[str, tuple[str, ...] | None]) -> Iterator[Found]:
    vpc = (place.account, place.region, table.vpc_id)
    for name in sorted(unread_lists(table, lists)):
        if any(route.destination == name and route.target.startswith(CONNECTION) for route in table.routes):
            yield bench.unknown(str(bench.end(vpc)), f"how far the route of {table.id} to {name} reaches", [place], Part.PREFIX_LISTS)
    for lead in leads(table, lists):
        if lead.route.target.startswith(CONNECTION):
            live = bench.index.connections.get(lead.route.target)
            if live is None or vpc not in live.vpcs:
                yield _orphan(bench, vpc, lead)
            elif live.gone or (live.active and lead.route.state != ACTIVE):
                yield _hole(bench, vpc, lead, live)
            else:
                yield from _too_wide(bench, vpc, lead, live)


def _hole(bench: Bench, vpc: VpcKey, lead: Lead, live: Live) -> Found:
    """A route that carries nothing. One to a connection that is still being made is a blackhole for a while, as it should."""
    end = bench.end(vpc)
    route, state = f"the route of {lead.table.id} of {end} to {lead.block}", f"AWS calls the route {lead.route.state}"
    message = f"{route} over {live.id} ({live.status}) carries nothing; {state}"
    evidence = {"table": lead.table.id, "route": lead.route._asdict()}
    remedy = f"in account {end.account}: {_delete(end.region, lead)}" if live.gone else ""
    return bench.of("route-blackhole", live, message, key=lead.key, evidence=evidence, remedy=remedy)


def _orphan(bench: Bench, vpc: VpcKey, lead: Lead) -> Found:
    end = bench.end(vpc)
    message = f"{lead.table.id} leads to {lead.block} over {lead.route.target}, which AWS does not show there"
    remedy = f"in account {end.account}: {_delete(end.region, lead)}"
    evidence = {"table": lead.table.id, "route": lead.route._asdict()}
    return bench.found(
        "orphan-route", [end], message, subject=str(end), key=f"{lead.key}|{lead.route.target}", remedy=remedy, evidence=evidence
    )


def _delete(region: str, lead: Lead) -> str:
    option = "destination-prefix-list-id" if lead.route.destination.startswith("pl-") else "destination-cidr-block"
    option = "destination-ipv6-cidr-block" if ":" in lead.route.destination else option
    at = f"--region {quote(region)} --route-table-id {quote(lead.table.id)}"
    return f"aws ec2 delete-route {at} --{option} {quote(lead.route.destination)}"


def peer_blocks(bench: Bench, peer: VpcKey, live: Live) -> tuple[Range, ...]:
    """The ranges of the other side: its own VPC's, else those that the connection shows, else the reviewed ones."""
    known = bench.index.ranges(peer)
    if known is None:
        known = tuple(parsed(live.shown(peer)))
    return known or reviewed(bench, peer)


def reviewed(bench: Bench, vpc: VpcKey) -> tuple[Range, ...]:
    """The ranges that a stack has of a VPC."""
    stacks = (stack.data for stack in bench.question.stacks.values() if stack.data is not None)
    return next((side.blocks for data in stacks for side in data.sides if (side.id, side.region, side.vpc_id) == vpc), ())


def _too_wide(bench: Bench, vpc: VpcKey, lead: Lead, live: Live) -> Iterator[Found]:
    peer = next((side.vpc for side in live.sides if side.vpc != vpc), live.accepter.vpc)
    blocks = peer_blocks(bench, peer, live)
    if not blocks and lead.block.length:
        what = f"whether the route of {lead.table.id} to {lead.block} is too wide"
        yield bench.unknown(bench.subject(bench.ends(live)), what, [Place(*peer[:2])])
    elif wide(lead.block, blocks):
        own, other, listed = bench.end(vpc), bench.end(peer), ", ".join(map(str, blocks)) or "no range that is known"
        message = f"{lead.table.id} of {own} sends {lead.block} over {live.id}, and {other} has {listed}"
        evidence = {"table": lead.table.id, "route": lead.route._asdict(), "peer": [str(block) for block in blocks]}
        remedy = f"replace it by routes to {listed}; in account {own.account}: {_delete(own.region, lead)}"
        yield bench.of("route-too-wide", live, message, key=lead.key, evidence=evidence, remedy=remedy)
