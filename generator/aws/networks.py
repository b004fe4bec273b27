"""The declared networks of one account in one region, out of EC2.

Networks join by the VPC's tag `scaffold:network` and by their primary range: both must agree, and exactly one
VPC must carry them. Everything else in the region is a candidate, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.inventory import Candidate, LiveNetwork

NETWORK_TAG, PEERING_TAG, ROUTED = "scaffold:network", "scaffold:peering", "routed"


def read(ec2: Any, region: str, declared: Mapping[str, str]) -> tuple[dict[str, LiveNetwork], dict[str, tuple[Candidate, ...]]]:
    """Networks by name for `declared` (name -> range), and candidates for each that was not found."""
    vpcs = list(_pages(ec2, "describe_vpcs", "Vpcs"))
    networks, candidates = {}, {}
    for name, cidr_block in declared.items():
        matching = [vpc for vpc in vpcs if _tags(vpc).get(NETWORK_TAG) == name and vpc["CidrBlock"] == cidr_block]
        if len(matching) == 1:
            networks[name] = _network(ec2, region, matching[0])
        else:
            others = [vpc for vpc in vpcs if not vpc.get("IsDefault") and _tags(vpc).get(NETWORK_TAG) in (None, name)]
            candidates[name] = tuple(Candidate(vpc["VpcId"], _blocks(vpc)) for vpc in others)
    return networks, {name: found for name, found in candidates.items() if found}


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


def _network(ec2: Any, region: str, vpc: Mapping[str, Any]) -> LiveNetwork:
    ipv6 = vpc.get("Ipv6CidrBlockAssociationSet", [])
    return LiveNetwork(
        region=region,
        vpc_id=vpc["VpcId"],
        cidr_blocks=_blocks(vpc),
        ipv6_cidr_blocks=tuple(sorted(found["Ipv6CidrBlock"] for found in ipv6 if found["Ipv6CidrBlockState"]["State"] == "associated")),
        route_table_ids=tuple(sorted(_tables(ec2, vpc["VpcId"]))),
        dns=all(_attribute(ec2, vpc["VpcId"], name) for name in ("enableDnsSupport", "enableDnsHostnames")),
    )


def _attribute(ec2: Any, vpc_id: str, name: str) -> bool:
    answer = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)
    return bool(answer[name[0].upper() + name[1:]]["Value"])


def _tables(ec2: Any, vpc_id: str) -> set[str]:
    """The tables tagged as routed; in a VPC without any, every table that a subnet uses."""
    only = [{"Name": "vpc-id", "Values": [vpc_id]}]
    tables = list(_pages(ec2, "describe_route_tables", "RouteTables", Filters=only))
    routed = {table["RouteTableId"] for table in tables if _tags(table).get(PEERING_TAG) == ROUTED}
    return routed or _used(tables, [subnet["SubnetId"] for subnet in _pages(ec2, "describe_subnets", "Subnets", Filters=only)])


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
