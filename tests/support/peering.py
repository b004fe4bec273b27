"""Pairs of networks: VPCs made with boto3, the stack of a pair as a landing zone holds it, and what AWS shows of it.

one, other = seed(moto_url, "prod-ml", "111111111111"), seed(moto_url, "prod-pay", "222222222222", cidr_blocks=("10.1.0.0/16",))
root = terraform.prepared(write_stack(folder, pair(one, other)), initialised, tf_env)
terraform.plan_json(root, tf_env)  # the connection and its routes are created
...                                # after an apply, the same call shows a plan that changes nothing
bury(root)
terraform.plan_json(root, tf_env)  # everything is deleted
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.aws import Aws
from tests.support.root_modules import SKELETONS, VERSIONS, render

MODULE = SKELETONS / "peering/module"
VERSION = "1.0.0"
DATA = "peering.tf.json"

Side = Mapping[str, Any]
"""One side as `peering.tf.json` describes it: name, id, region, role_arn, vpc_id, cidr_blocks, ipv6_cidr_blocks, route_table_ids."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one side shows of its only live connection: nothing at all where there is none."""

    status: str = ""
    dns: bool = False
    tags: Mapping[str, str] | None = None
    routes: Mapping[str, str] | None = None
    """`TABLE|RANGE` to state, of every route to a peering connection, live or not."""


def side(name: str, account: str, region: str, vpc_id: str, **lists: Sequence[str]) -> Side:
    """A side's data, with the lists that `lists` gives."""
    given = {key: list(lists.get(key, ())) for key in ("cidr_blocks", "ipv6_cidr_blocks", "route_table_ids")}
    role = f"arn:aws:iam::{account}:role/acme-atlantis"
    return {"name": name, "id": account, "region": region, "role_arn": role, "vpc_id": vpc_id, **given}


def seed(
    moto_url: str, name: str, account: str, region: str = "us-east-1", *,
    cidr_blocks: Sequence[str] = ("10.0.0.0/16",), ipv6: bool = False, tables: int = 2,
) -> Side:  # fmt: skip
    """Make a network: a VPC with these ranges and, if asked, an IPv6 range of Amazon's, and some route tables beside its main one."""
    ec2 = Aws(moto_url).client("ec2", account, region)
    vpc = ec2.create_vpc(CidrBlock=cidr_blocks[0], AmazonProvidedIpv6CidrBlock=ipv6)["Vpc"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc["VpcId"], **{attribute: {"Value": True}})
    for further in cidr_blocks[1:]:
        ec2.associate_vpc_cidr_block(VpcId=vpc["VpcId"], CidrBlock=further)
    made = [ec2.create_route_table(VpcId=vpc["VpcId"])["RouteTable"]["RouteTableId"] for _ in range(tables)]
    ipv6_ranges = [each["Ipv6CidrBlock"] for each in vpc["Ipv6CidrBlockAssociationSet"]]
    return side(name, account, region, vpc["VpcId"], cidr_blocks=cidr_blocks, ipv6_cidr_blocks=ipv6_ranges, route_table_ids=sorted(made))


def pair(requester: Side, accepter: Side, dns: bool = True) -> dict[str, Any]:
    """The content of `peering.tf.json`."""
    return {"locals": {"requester": requester, "accepter": accepter, "dns": dns}}


def name_of(data: Mapping[str, Any]) -> str:
    """The pair's name and the last part of its directory: both networks, in the order of their names."""
    return "--".join(sorted(data["locals"][side]["name"] for side in ("requester", "accepter")))


def write_stack(folder: Path, data: Mapping[str, Any], *, backend: bool = False, **context: str) -> Path:
    """Write a pair's stack, and the module beside it, into the landing zone at `folder`; the path of the stack.

    `context` is what the skeleton's templates take. Without `backend` the state stays in the stack's directory.
    """
    name = name_of(data)
    shutil.copytree(MODULE, folder / "modules/peering" / context.get("version", VERSION), dirs_exist_ok=True)
    usual = {"stack": name, "identity": f"peering {name.replace('--', ' -- ')}", "directory_key": f"peering/{name}"}
    root = render("peering", folder / "peering", usual | context)
    (root / "versions.tf").write_text(VERSIONS, encoding="utf-8")
    if not backend:
        (root / "backend.tf").unlink()
    write_data(root, data)
    return root


def write_data(root: Path, data: Mapping[str, Any]) -> None:
    """Write the one file of a stack in which pairs differ."""
    (root / DATA).write_text(json.dumps(data, indent=2), encoding="utf-8")


def bury(root: Path) -> None:
    """Make a stack a tombstone: the next plan destroys what it made."""
    (root / "main.tf").write_text("# Tombstone\n", encoding="utf-8")
    (root / "outputs.tf").unlink()


def look(moto_url: str, side: Side) -> Seen:
    """What one side shows: its live connection, its own DNS option, its own tags, its own routes."""
    ec2 = Aws(moto_url).client("ec2", side["id"], side["region"])
    listed = ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    alive = [(own, each) for each in listed for own in _own(each, side["vpc_id"]) if each["Status"]["Code"] != "deleted"]
    routes = _routes(ec2, side["vpc_id"])
    if not alive:
        return Seen(routes=routes)
    ((own, found),) = alive
    tags = {tag["Key"]: tag["Value"] for tag in found["Tags"]}
    return Seen(found["Status"]["Code"], own["PeeringOptions"]["AllowDnsResolutionFromRemoteVpc"], tags, routes)


def _own(connection: Mapping[str, Any], vpc_id: str) -> list[Mapping[str, Any]]:
    """The side of a connection that is this VPC, if one is."""
    return [info for info in (connection["RequesterVpcInfo"], connection["AccepterVpcInfo"]) if info["VpcId"] == vpc_id]


def _routes(ec2: Any, vpc_id: str) -> dict[str, str]:
    """The routes of a VPC's tables that lead to a peering connection."""
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
    return {
        f"{table['RouteTableId']}|{route.get('DestinationCidrBlock') or route['DestinationIpv6CidrBlock']}": route["State"]
        for table in tables
        for route in table["Routes"]
        if "VpcPeeringConnectionId" in route
    }
