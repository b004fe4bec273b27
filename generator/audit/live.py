"""What AWS has, joined: connections by their id out of both places, and what each place says of a VPC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generator.peering.existing import Existing
from generator.peering.model import Key, Member
from generator.ranges import Range, parse_any
from generator.snapshot.model import ACTIVE, PASSING, TERMINAL, Connection, Place, RouteTable, Side, Snapshot, Vpc

VpcKey = tuple[str, str, str]
"""A VPC: account, region and id."""
_RANK = {ACTIVE: 0, **dict.fromkeys(PASSING, 1), **dict.fromkeys(TERMINAL, 3)}


@dataclass(frozen=True, slots=True)
class Live:
    """One connection, as every place that could be looked into shows it."""

    id: str
    requester: Side
    accepter: Side
    views: Mapping[Place, Connection]

    @property
    def status(self) -> str:
        """The worst news of all views: one that says it carries traffic outweighs one that says it is over."""
        return min((view.status for view in self.views.values()), key=lambda status: (_RANK.get(status, 2), status))

    @property
    def gone(self) -> bool:
        """Is it over, as every place says that shows it?"""
        return all(view.gone for view in self.views.values())

    @property
    def active(self) -> bool:
        """Does it carry traffic, as any place says?"""
        return self.status == ACTIVE

    @property
    def vpcs(self) -> frozenset[VpcKey]:
        """Its two VPCs; a connection has no direction."""
        return frozenset((self.requester.vpc, self.accepter.vpc))

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both, the requester first."""
        return self.requester, self.accepter

    @property
    def disagreement(self) -> str:
        """What its views say differently, "" where they agree; of a connection that is over the order of reading does not matter."""
        if len({frozenset((view.requester.vpc, view.accepter.vpc)) for view in self.views.values()}) > 1:
            return "they name other VPCs"
        if len({view.requester.vpc for view in self.views.values()}) > 1:
            return "each says that the other one asked"
        said = {view.status for view in self.views.values()}
        return f"one says {' and the other '.join(sorted(said))}" if len(said) > 1 and not self.gone else ""

    def shown(self, vpc: VpcKey) -> tuple[str, ...]:
        """The ranges of one of its VPCs, as any place shows them in the connection."""
        sides = (side for view in self.views.values() for side in view.sides if side.vpc == vpc)
        return tuple(sorted({block for side in sides for block in (*side.cidr_blocks, *side.ipv6_cidr_blocks)}))


@dataclass(frozen=True, slots=True)
class Index:
    """A snapshot, arranged by what is asked of it. `shared` are VPCs that more than one network claims to be."""

    snapshot: Snapshot
    connections: Mapping[str, Live]
    by_vpcs: Mapping[frozenset[VpcKey], tuple[Live, ...]]
    vpcs: Mapping[VpcKey, Vpc]
    tables: Mapping[VpcKey, tuple[RouteTable, ...]]
    names: Mapping[VpcKey, str] = field(default_factory=dict)
    shared: frozenset[VpcKey] = frozenset()

    def unread(self, places: Iterable[Place]) -> str:
        """Why one of these places shows nothing; "" where all of them were looked into."""
        return next((cause for place in places if (cause := self.snapshot.gap(place))), "")

    def ranges(self, vpc: VpcKey) -> tuple[Range, ...] | None:
        """All ranges of a VPC by its own place; None where nobody could look."""
        found = self.vpcs.get(vpc)
        return None if found is None else tuple(parsed((*found.cidr_blocks, *found.ipv6_cidr_blocks)))


def parsed(blocks: Iterable[str]) -> Iterator[Range]:
    """The ranges of texts that AWS wrote; what is none is passed over, as no route can lead there."""
    for block in blocks:
        try:
            yield parse_any(block)
        except ValueError:
            continue


def index(snapshot: Snapshot, members: Iterable[Member], stacks: Mapping[Key, Existing]) -> Index:
    """The snapshot, with the names that networks have in the repository."""
    views: dict[str, dict[Place, Connection]] = defaultdict(dict)
    for place, found in snapshot.connections():
        views[found.id][place] = found
    connections = {id: _live(id, seen) for id, seen in sorted(views.items())}
    by_vpcs: dict[frozenset[VpcKey], list[Live]] = defaultdict(list)
    for live in connections.values():
        by_vpcs[live.vpcs].append(live)
    vpcs = {(*_where(place), vpc.id): vpc for place, here in snapshot.places.items() for vpc in here.vpcs}
    tables: dict[VpcKey, list[RouteTable]] = defaultdict(list)
    for place, here in snapshot.places.items():
        for table in here.route_tables:
            tables[(*_where(place), table.vpc_id)].append(table)
    names = _names(members, stacks)
    return Index(
        snapshot,
        connections,
        {key: tuple(found) for key, found in by_vpcs.items()},
        vpcs,
        {vpc: tuple(found) for vpc, found in tables.items()},
        {vpc: found[0] for vpc, found in names.items()},
        frozenset(vpc for vpc, found in names.items() if len(found) > 1),
    )


def _where(place: Place) -> tuple[str, str]:
    return place.account, place.region


def _live(id: str, views: Mapping[Place, Connection]) -> Live:
    first = views[min(views)]
    return Live(id, first.requester, first.accepter, views)


def _names(members: Iterable[Member], stacks: Mapping[Key, Existing]) -> dict[VpcKey, list[str]]:
    """VPC -> networks: as the inventory has it; and as stacks were reviewed, of networks of which it does not say where they are."""
    known = set()
    found: dict[VpcKey, list[str]] = defaultdict(list)
    for member in members:
        if member.facts.account_id is not None and member.facts.vpc_id is not None:
            found[member.facts.account_id, member.region, member.facts.vpc_id].append(member.name)
            known.add(member.name)
    reviewed: dict[VpcKey, list[str]] = {}
    for stack in stacks.values():
        for side in stack.data.sides if stack.data is not None else ():
            if side.name not in known:  # the VPC that a network had before is no network any more
                reviewed.setdefault((side.id, side.region, side.vpc_id), [side.name])
    return {**reviewed, **found}


def ends(stack: Existing) -> frozenset[VpcKey]:
    """The two VPCs that a stack declares; empty where its data cannot be read."""
    return frozenset((side.id, side.region, side.vpc_id) for side in stack.data.sides) if stack.data is not None else frozenset()
