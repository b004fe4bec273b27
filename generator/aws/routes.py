"""Route tables out of EC2's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.aws.answers import tags, text
from generator.snapshot.model import Route, RouteTable

DESTINATIONS = "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"
TARGETS = (
    "VpcPeeringConnectionId",
    "GatewayId",  # `local`, and gateways and endpoints of several kinds
    "NatGatewayId",
    "TransitGatewayId",
    "EgressOnlyInternetGatewayId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "CoreNetworkArn",
    "OdbNetworkArn",
    "VpcEndpointId",
    "InstanceId",  # an instance is given with its interface
    "NetworkInterfaceId",
    "IpAddress",
)
_PROPAGATED = frozenset({"EnableVgwRoutePropagation", "Advertisement"})
_LEFT = frozenset({"disassociated", "disassociating", "failed"})


def table(found: Mapping[str, Any]) -> RouteTable:
    """A route table; KeyError names what is missing. Associations with gateways are no subnets', and are left out."""
    id = text(found, "RouteTableId")
    joined = [each for each in found["Associations"] if each.get("AssociationState", {}).get("State") not in _LEFT]
    return RouteTable(
        id,
        text(found, "VpcId"),
        main=any(each.get("Main") for each in joined),
        subnets=tuple(sorted(text(each, "SubnetId") for each in joined if "SubnetId" in each)),
        routes=tuple(sorted(_route(each, id) for each in found["Routes"])),
        tags=tags(found),
    )


def _route(found: Mapping[str, Any], table: str) -> Route:
    """A route. One to a target that nobody knows here could be any: it is not left out, and it is not taken for another."""
    destination = _one_of(found, DESTINATIONS, f"a known destination of a route in {table}")
    target = _one_of(found, TARGETS, f"a known target of the route to {destination} in {table}")
    return Route(destination, target, text(found, "State"), found.get("Origin") in _PROPAGATED)


def _one_of(found: Mapping[str, Any], keys: tuple[str, ...], what: str) -> str:
    value = next((found[key] for key in keys if found.get(key)), None)
    if value is None:
        raise KeyError(what)
    return str(value)
