"""Which VPCs of a region are the declared networks of an account.

Networks join by the id of the VPC where it is declared, else by the VPC's tag `scaffold:network` and by their primary
range: both must agree, and exactly one VPC must carry them. Everything else in the region is a candidate, never a guess.

The route tables of a network of ours are those tagged `scaffold:peering = routed`, and no others: its public table is used too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from generator.inventory.model import Candidate, LiveAccount, LiveNetwork, Seen
from generator.snapshot.model import ACTIVE, Connection, Contents, RouteTable, Vpc

NETWORK_TAG, PEERING_TAG, ROUTED = "scaffold:network", "scaffold:peering", "routed"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is declared of a network: the id of its VPC, or (None) the range that the VPC of its tag must have.

    `foreign`: we did not make it, so its route tables need not carry our tag.
    """

    cidr_block: str
    vpc_id: str | None = None
    foreign: bool = False

    def is_found_in(self, vpc: Vpc, name: str) -> bool:
        """Is this the VPC of the network `name`? An id that is declared decides alone: older VPCs carry no tag of ours."""
        if self.vpc_id is not None:
            return vpc.id == self.vpc_id
        return vpc.tags.get(NETWORK_TAG) == name and vpc.cidr_blocks[0] == self.cidr_block


Regions = Mapping[str, Mapping[str, Sought]]
"""region -> name of a network -> what is declared of it"""
Pairs = Collection[frozenset[str]]
"""The ids of two VPCs each, which a stack of ours connects."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The networks to look for: by the id of their account where that is declared, else by its lower-case e-mail.

    `pairs` are those that live stacks connect.
    """

    by_id: Mapping[str, Regions] = field(default_factory=dict)
    by_email: Mapping[str, Regions] = field(default_factory=dict)
    pairs: Pairs = frozenset()

    def of(self, account: LiveAccount) -> Regions | None:
        """What is declared of an account; None where nobody declares it."""
        both = (self.by_email.get(account.email.lower()), self.by_id.get(account.id))
        found = [regions for regions in both if regions is not None]
        if not found:
            return None
        names = dict.fromkeys(region for regions in found for region in regions)
        return {name: {key: sought for regions in found for key, sought in regions.get(name, {}).items()} for name in names}


def matched(contents: Contents, declared: Mapping[str, Sought]) -> dict[str, Vpc]:
    """The VPC of each network that exactly one is found for."""
    matching = {name: [vpc for vpc in contents.vpcs if sought.is_found_in(vpc, name)] for name, sought in declared.items()}
    return {name: found[0] for name, found in matching.items() if len(found) == 1}


def find(contents: Contents, region: str, declared: Mapping[str, Sought], pairs: Pairs) -> Seen:
    """What a region shows of `declared`: networks by name, and candidates for each that was not found."""
    found = matched(contents, declared)
    networks = {name: _network(contents, region, vpc, declared[name].foreign, pairs) for name, vpc in found.items()}
    candidates = {name: tuple(_candidates(contents, name, declared)) for name in declared if name not in found}
    untagged = frozenset(name for name, network in networks.items() if not (network.route_table_ids or declared[name].foreign))
    return Seen(networks, {name: each for name, each in candidates.items() if each}, reachable=True, untagged=untagged)


def _candidates(contents: Contents, name: str, declared: Mapping[str, Sought]) -> Iterable[Candidate]:
    claimed = {sought.vpc_id for sought in declared.values()}
    for vpc in contents.vpcs:
        if not vpc.default and vpc.id not in claimed and vpc.tags.get(NETWORK_TAG) in (None, name):
            yield Candidate(vpc.id, vpc.cidr_blocks)


def _network(contents: Contents, region: str, vpc: Vpc, foreign: bool, pairs: Pairs) -> LiveNetwork:
    tables = [table for table in contents.route_tables if table.vpc_id == vpc.id]
    routed = _routed(tables, vpc, foreign)
    peerings = [found for found in contents.connections if vpc.id in found.vpc_ids]
    return LiveNetwork(
        region=region,
        vpc_id=vpc.id,
        cidr_blocks=vpc.cidr_blocks,
        ipv6_cidr_blocks=vpc.ipv6_cidr_blocks,
        route_table_ids=tuple(sorted(routed)),
        dns=bool(vpc.dns),
        used_elsewhere=_used_elsewhere([table for table in tables if table.id in routed], peerings, pairs),
    )


def _routed(tables: Iterable[RouteTable], vpc: Vpc, foreign: bool) -> set[str]:
    """The tables tagged as routed; in a VPC without any that we did not make, every table that a subnet uses."""
    routed = {table.id for table in tables if table.tags.get(PEERING_TAG) == ROUTED}
    if routed or not foreign:
        return routed
    explicit = {subnet: table.id for table in tables for subnet in table.subnets}
    main = next((table.id for table in tables if table.main), None)
    used = {explicit.get(subnet, main) for subnet in vpc.subnets}
    return {table for table in used if table is not None}


def _used_elsewhere(routed: Iterable[RouteTable], peerings: Iterable[Connection], pairs: Pairs) -> dict[str, int]:
    """What others than our stacks use of the VPC's quotas: active peerings, and routes of its fullest table.

    AWS counts IPv4 and IPv6 routes apart, and no propagated ones; a prefix list counts as one route here, since what it counts
    as in AWS is not in any list that is read.
    """
    ours = {found.id for found in peerings if found.vpc_ids in pairs}
    active = sum(found.status == ACTIVE and found.id not in ours for found in peerings)
    return {"peerings": active, "routes": max((_routes(table, ours) for table in routed), default=0)}


def _routes(table: RouteTable, ours: Collection[str]) -> int:
    counted = (route for route in table.routes if not route.propagated and route.target not in ours)
    families = Counter(":" in route.destination for route in counted)
    return max(families.values(), default=0)
