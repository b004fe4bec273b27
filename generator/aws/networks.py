"""The declared networks of one account in one region, out of EC2.

Networks join by the id of the VPC where it is declared, else by the VPC's tag `scaffold:network` and by their primary
range: both must agree, and exactly one VPC must carry them. Everything else in the region is a candidate, never a guess.

The route tables of a network of ours are those tagged `scaffold:peering = routed`, and no others: its public table is used too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.inventory import Candidate, LiveAccount, LiveNetwork, Seen

NETWORK_TAG, PEERING_TAG, ROUTED = "scaffold:network", "scaffold:peering", "routed"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is declared of a network: the id of its VPC, or (None) the range that the VPC of its tag must have.

    `foreign`: we did not make it, so its route tables need not carry our tag.
    """

    cidr_block: str
    vpc_id: str | None = None
    foreign: bool = False

    def is_found_in(self, vpc: Mapping[str, Any], name: str) -> bool:
        """Is this the VPC of the network `name`? An id that is declared decides alone: older VPCs carry no tag of ours."""
        if self.vpc_id is not None:
            return bool(vpc["VpcId"] == self.vpc_id)
        return _tags(vpc).get(NETWORK_TAG) == name and vpc["CidrBlock"] == self.cidr_block


Regions = Mapping[str, Mapping[str, Sought]]
"""region -> name of a network -> what is declared of it"""


@dataclass(frozen=True, slots=True)
class Declared:
    """The networks to look for: by the id of their account where that is declared, else by its lower-case e-mail."""

    by_id: Mapping[str, Regions] = field(default_factory=dict)
    by_email: Mapping[str, Regions] = field(default_factory=dict)

    def of(self, account: LiveAccount) -> Regions | None:
        """What is declared of an account; None where nobody declares it."""
        both = (self.by_email.get(account.email.lower()), self.by_id.get(account.id))
        found = [regions for regions in both if regions is not None]
        if not found:
            return None
        names = dict.fromkeys(region for regions in found for region in regions)
        return {name: {key: sought for regions in found for key, sought in regions.get(name, {}).items()} for name in names}


def read(ec2: Any, region: str, declared: Mapping[str, Sought]) -> Seen:
    """What the region shows of `declared`: networks by name, and candidates for each that was not found."""
    vpcs = list(_pages(ec2, "describe_vpcs", "Vpcs"))
    claimed = {sought.vpc_id for sought in declared.values()}
    free = [vpc for vpc in vpcs if not vpc.get("IsDefault") and vpc["VpcId"] not in claimed]
    networks, candidates = {}, {}
    for name, sought in declared.items():
        matching = [vpc for vpc in vpcs if sought.is_found_in(vpc, name)]
        if len(matching) == 1:
            networks[name] = _network(ec2, region, matching[0], sought.foreign)
        else:
            others = [vpc for vpc in free if _tags(vpc).get(NETWORK_TAG) in (None, name)]
            candidates[name] = tuple(Candidate(vpc["VpcId"], _blocks(vpc)) for vpc in others)
    untagged = frozenset(name for name, found in networks.items() if not (found.route_table_ids or declared[name].foreign))
    return Seen(networks, {name: found for name, found in candidates.items() if found}, reachable=True, untagged=untagged)


def _pages(client: Any, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def _tags(resource: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", [])}


def _blocks(vpc: Mapping[str, Any]) -> tuple[str, ...]:
    """All associated IPv4 ranges, the primary one first."""
    associated = vpc.get("CidrBlockAssociationSet", [])
    others = {found["CidrBlock"] for found in associated if found["CidrBlockState"]["State"] == "associated"}
    return vpc["CidrBlock"], *sorted(others - {vpc["CidrBlock"]})


def _network(ec2: Any, region: str, vpc: Mapping[str, Any], foreign: bool) -> LiveNetwork:
    ipv6 = vpc.get("Ipv6CidrBlockAssociationSet", [])
    return LiveNetwork(
        region=region,
        vpc_id=vpc["VpcId"],
        cidr_blocks=_blocks(vpc),
        ipv6_cidr_blocks=tuple(sorted(found["Ipv6CidrBlock"] for found in ipv6 if found["Ipv6CidrBlockState"]["State"] == "associated")),
        route_table_ids=tuple(sorted(_tables(ec2, vpc["VpcId"], foreign))),
        dns=all(_attribute(ec2, vpc["VpcId"], name) for name in ("enableDnsSupport", "enableDnsHostnames")),
    )


def _attribute(ec2: Any, vpc_id: str, name: str) -> bool:
    answer = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)
    return bool(answer[name[0].upper() + name[1:]]["Value"])


def _tables(ec2: Any, vpc_id: str, foreign: bool) -> set[str]:
    """The tables tagged as routed; in a VPC without any that we did not make, every table that a subnet uses."""
    only = [{"Name": "vpc-id", "Values": [vpc_id]}]
    tables = list(_pages(ec2, "describe_route_tables", "RouteTables", Filters=only))
    routed = {table["RouteTableId"] for table in tables if _tags(table).get(PEERING_TAG) == ROUTED}
    if routed or not foreign:
        return routed
    return _used(tables, [subnet["SubnetId"] for subnet in _pages(ec2, "describe_subnets", "Subnets", Filters=only)])


def _used(tables: Iterable[Mapping[str, Any]], subnets: Iterable[str]) -> set[str]:
    explicit, main = {}, None
    for table in tables:
        for association in table.get("Associations", []):
            if association.get("Main"):
                main = table["RouteTableId"]
            elif "SubnetId" in association:
                explicit[association["SubnetId"]] = table["RouteTableId"]
    used = {explicit.get(subnet, main) for subnet in subnets}
    return {table for table in used if table is not None}
