"""VPC peering in the server that answers as AWS: what moto 5.2.5 lacks and our tests rely on.

One function for each gap; its docstring says what moto does and what AWS does. `moto_server` installs `SHIMS`.
"""

# mypy: disable-error-code="method-assign"
from __future__ import annotations

import copy
import functools
import ipaddress
from collections.abc import Callable, Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import vpcs
from moto.ec2.models.route_tables import Route
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection as Connection
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnectionBackend as Backend
from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections as Response
from moto.ec2.utils import generic_filter

_ALIVE = ("active", "pending-acceptance")
_OVERLAP = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"
# Filter of DescribeVpcPeeringConnections -> where its value stands; tags are looked up by moto itself.
_FILTERS: Mapping[str, Callable[[Any], Any]] = {
    "accepter-vpc-info.cidr-block": lambda found: found.accepter_vpc_info.get("CidrBlock"),
    "accepter-vpc-info.owner-id": lambda found: found.peer_vpc.owner_id,
    "accepter-vpc-info.vpc-id": lambda found: found.peer_vpc.id,
    "requester-vpc-info.cidr-block": lambda found: found.requester_vpc_info.get("CidrBlock"),
    "requester-vpc-info.owner-id": lambda found: found.vpc.owner_id,
    "requester-vpc-info.vpc-id": lambda found: found.vpc.id,
    "status-code": lambda found: found.status["Code"],
    "status-message": lambda found: found.status["Message"],
    "vpc-peering-connection-id": lambda found: found.id,
}


def give_each_side_its_tags() -> None:
    """Look tags up where the question is asked.

    moto: both sides share one object, which knows the requester's tags only.
    AWS: each account has tags of its own, in its own region, on the same connection.
    """
    describe, accept = Backend.describe_vpc_peering_connections, Backend.accept_vpc_peering_connection

    def seen_by(backend: Any, connection: Any) -> Any:
        view = copy.copy(connection)  # status and options stay shared
        view.ec2_backend = backend
        return view

    @functools.wraps(describe)
    def describe_from_here(self: Any, vpc_peering_ids: Any = None) -> list[Any]:
        return [seen_by(self, connection) for connection in describe(self, vpc_peering_ids)]

    @functools.wraps(accept)
    def accept_from_here(self: Any, vpc_pcx_id: str) -> Any:
        return seen_by(self, accept(self, vpc_pcx_id))

    Backend.describe_vpc_peering_connections = describe_from_here
    Backend.accept_vpc_peering_connection = accept_from_here


def fail_where_ranges_overlap() -> None:
    """Give a connection of overlapping VPCs the status "failed".

    moto: leaves it pending, and lets it be accepted.
    AWS: fails it at once if any range of one side overlaps any range of the other, IPv4 or IPv6, primary or not.
    """
    original = Backend.create_vpc_peering_connection

    @functools.wraps(original)
    def create(self: Any, vpc: Any, peer_vpc: Any, tags: Any = None) -> Any:
        connection = original(self, vpc, peer_vpc, tags)
        if any(one.overlaps(other) for one in _networks(vpc) for other in _networks(peer_vpc) if one.version == other.version):
            connection._status.code, connection._status.message = "failed", _OVERLAP
        return connection

    Backend.create_vpc_peering_connection = create


def _networks(vpc: Any) -> list[Any]:
    return [ipaddress.ip_network(range) for range in (*_ranges(vpc), *_ranges(vpc, ipv6=True))]


def _ranges(vpc: Any, ipv6: bool = False) -> list[str]:
    return [association["cidr_block"] for association in vpc.get_cidr_block_association_set(ipv6)]


def refuse_a_second_connection() -> None:
    """Refuse a connection of two VPCs that have one, whichever of them asks; a request that is repeated is answered again.

    moto: creates it.
    AWS: VpcPeeringConnectionAlreadyExists while there is an active one; while one is pending AWS hands out that
    one again. The provider repeats a request whose answer was slow; one from the other side is refused here.
    """
    original = Backend.create_vpc_peering_connection

    @functools.wraps(original)
    def create(self: Any, vpc: Any, peer_vpc: Any, tags: Any = None) -> Any:
        for known in self.vpc_pcxs.values():
            if {known.vpc.id, known.peer_vpc.id} == {vpc.id, peer_vpc.id} and known._status.code in _ALIVE:
                if known._status.code == _ALIVE[1] and known.vpc.id == vpc.id:
                    return known
                raise EC2ClientError("VpcPeeringConnectionAlreadyExists", f"A VpcPeeringConnection already exists: {known.id}")
        return original(self, vpc, peer_vpc, tags)

    Backend.create_vpc_peering_connection = create


def show_ranges_of_active_connections() -> None:
    """Show all ranges of both sides while the connection is active, and none otherwise.

    moto: shows the primary range only, in every status.
    AWS: shows CidrBlock, CidrBlockSet and Ipv6CidrBlockSet, of active connections only.
    """

    def shown(name: str, side: str) -> Any:
        original = vars(Connection)[name].fget

        def info(self: Any) -> dict[str, Any]:
            said = {key: value for key, value in original(self).items() if key != "CidrBlock"}
            return {**said, **_cidr_blocks(getattr(self, side))} if self._status.code == "active" else said

        return property(info)

    for name, side in (("requester_vpc_info", "vpc"), ("accepter_vpc_info", "peer_vpc")):
        setattr(Connection, name, shown(name, side))


def _cidr_blocks(vpc: Any) -> dict[str, Any]:
    ipv6 = [{"Ipv6CidrBlock": range} for range in _ranges(vpc, ipv6=True)]
    ipv4 = [{"CidrBlock": range} for range in _ranges(vpc)]
    return {"CidrBlock": vpc.cidr_block, "CidrBlockSet": ipv4, **({"Ipv6CidrBlockSet": ipv6} if ipv6 else {})}


def apply_filters() -> None:
    """Apply the filters of DescribeVpcPeeringConnections.

    moto: returns everything, whatever is asked.
    AWS: returns what matches every filter; a name that it does not know is InvalidParameterValue.
    """
    original = Response.describe_vpc_peering_connections
    by_tags = Connection.get_filter_value

    def get_filter_value(self: Any, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name in _FILTERS:
            return _FILTERS[filter_name](self)
        if filter_name == "tag-key" or filter_name.startswith("tag:"):
            return by_tags(self, filter_name, method_name)
        raise EC2ClientError("InvalidParameterValue", f"The filter '{filter_name}' is invalid")

    @functools.wraps(original)
    def describe(self: Any) -> ActionResult:
        everything: Any = original(self).result
        found = generic_filter(self._filters_from_querystring(), everything["VpcPeeringConnections"])
        return ActionResult({"VpcPeeringConnections": found})

    Connection.get_filter_value = get_filter_value
    Response.describe_vpc_peering_connections = describe


def blackhole_routes_without_an_active_connection() -> None:
    """Say "blackhole" of a route whose connection carries nothing.

    moto: every route is "active" for ever.
    AWS: a route is "blackhole" until its connection is active, and again once that is gone.
    """
    original = vars(Route)["state"].fget

    def state(self: Any) -> Any:
        without = self.vpc_pcx is not None and self.vpc_pcx._status.code != "active"
        return "blackhole" if without else original(self)

    Route.state = property(state)  # type: ignore[assignment]


def let_each_side_set_its_own_options() -> None:
    """Refuse options of the other side, and options of a connection that is not active.

    moto: sets everything for everybody at any time.
    AWS: OperationNotPermitted before the connection is active, and for a side that belongs to another account
    or lies in another region than the call.
    """
    original = Backend.modify_vpc_peering_connection_options

    @functools.wraps(original)
    def modify(self: Any, vpc_pcx_id: str, accepter_options: Any = None, requester_options: Any = None) -> Any:
        connection = self.get_vpc_peering_connection(vpc_pcx_id)
        if connection._status.code != "active":
            told = f"Peering {vpc_pcx_id} is not active. Peering options can be added only to active peerings."
            raise EC2ClientError("OperationNotPermitted", told)
        for side, vpc, options in (
            ("accepter", connection.peer_vpc, accepter_options),
            ("requester", connection.vpc, requester_options),
        ):
            if options and (vpc.owner_id, vpc.region) != (self.account_id, self.region_name):
                told = f"User {self.account_id} cannot modify {side} options of {vpc_pcx_id} in {self.region_name}"
                raise EC2ClientError("OperationNotPermitted", told)
        return original(self, vpc_pcx_id, accepter_options, requester_options)

    Backend.modify_vpc_peering_connection_options = modify


def write_ipv6_ranges_as_aws_does() -> None:
    """Give a VPC an IPv6 range in its shortest form.

    moto: writes random groups with leading zeros, such as 2400:6500:0a1b:0c00::/56.
    AWS: writes 2400:6500:a1b:c00::/56. Ranges are compared as text.
    """
    original = vars(vpcs)["random_ipv6_cidr"]
    vars(vpcs)["random_ipv6_cidr"] = lambda: str(ipaddress.ip_network(original()))


SHIMS: tuple[Callable[[], None], ...] = (
    give_each_side_its_tags,
    fail_where_ranges_overlap,
    refuse_a_second_connection,
    show_ranges_of_active_connections,
    apply_filters,
    blackhole_routes_without_an_active_connection,
    let_each_side_set_its_own_options,
    write_ipv6_ranges_as_aws_does,
)
