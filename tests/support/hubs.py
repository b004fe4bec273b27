"""The network that a Client VPN leads into, and what the data file of its stack says beside the account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.support.aws import Aws
from tests.support.cli import REPOSITORY
from tests.support.root_modules import ACCOUNT, NETWORK

METADATA = (REPOSITORY / "examples/acme/vpn/okta.xml").read_text()
"""Metadata of an identity provider, as `vpn.saml_metadata` names it."""
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT['id']}:certificate/0a1b2c3d-0000-0000-0000-000000000000"
VPN: dict[str, Any] = {
    "client_cidr_block": "10.200.0.0/22",
    "server_certificate_arn": CERTIFICATE,
    "saml_metadata": "vpn/okta.xml",
    "pools": ["10.0.0.0/12", "10.20.0.0/14"],
    "groups": ["okta-prod-engineers", "okta-prod-operators"],
}
ZONES = ("use1-az1", "use1-az2", "use1-az4")


def make_hub(aws: Aws, zones: Sequence[str] = ZONES, routed: bool = True) -> dict[str, str]:
    """A VPC of the account with a private and a data subnet in each zone, each with a table, as the network module makes them.

    The answer is the stack's network, as its data file gives it; without `routed`, no table has the tag of peerings.
    """
    vpc_id = aws.make_vpc(ACCOUNT["id"], NETWORK["cidr_block"], NETWORK["name"])
    ec2 = aws.client("ec2", ACCOUNT["id"])
    for number, zone in enumerate(zones):
        for kind, cidr_block in (("private", f"10.20.{4 * number}.0/22"), ("data", f"10.20.{12 + number}.0/25")):
            subnet = _tagged("subnet", "scaffold:subnet", kind)
            made = ec2.create_subnet(VpcId=vpc_id, AvailabilityZoneId=zone, CidrBlock=cidr_block, TagSpecifications=subnet)
            tags = _tagged("route-table", "scaffold:peering", "routed") if routed else []
            table = ec2.create_route_table(VpcId=vpc_id, TagSpecifications=tags)["RouteTable"]["RouteTableId"]
            ec2.associate_route_table(RouteTableId=table, SubnetId=made["Subnet"]["SubnetId"])
    return {**NETWORK, "vpc_id": vpc_id}


def _tagged(kind: str, key: str, value: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value}]}]


def private_subnets(aws: Aws, vpc_id: str) -> dict[str, str]:
    """Zone id -> the private subnet of a VPC there."""
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "tag:scaffold:subnet", "Values": ["private"]}]
    found = aws.client("ec2", ACCOUNT["id"]).describe_subnets(Filters=filters)["Subnets"]
    return {subnet["AvailabilityZoneId"]: subnet["SubnetId"] for subnet in found}
