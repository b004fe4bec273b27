"""One account in one region, out of EC2: a fixed number of lists, and beyond these only what the lists make necessary.

Nothing is left to filters of AWS: what a filter does not match looks exactly like what is not there. A list that cannot be read,
or that lacks something that decides, makes the whole place unreadable; what is asked beside the lists makes a gap of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

from generator.aws import routes
from generator.aws.answers import tags, text
from generator.aws.causes import FAILED, cause, passes
from generator.aws.peerings import connections
from generator.aws.session import Session
from generator.snapshot.model import Connection, Contents, Doors, Gap, Part, RouteTable, Vpc

_Value = TypeVar("_Value")
_Thing = TypeVar("_Thing", Vpc, Connection, RouteTable)
PAGES = {
    "describe_vpcs": 1000,
    "describe_route_tables": 100,
    "describe_subnets": 1000,
    "describe_transit_gateway_attachments": 1000,
    "describe_vpc_endpoint_service_configurations": 1000,
    "get_managed_prefix_list_entries": 100,
}
"""How many items AWS puts on a page at most."""
_ENABLED = frozenset({"opt-in-not-required", "opted-in"})
_OVER = frozenset({"deleted", "failed", "rejected"})  # states of an attachment and of a service, in lower case


@dataclass(frozen=True, slots=True)
class Found:
    """A place that was read, and what beside its lists could not be. `passing`: may a second reading find more?"""

    contents: Contents
    gaps: tuple[Gap, ...] = ()
    passing: bool = False


Chosen = Callable[[Contents], Iterable[str]]
"""The VPCs whose DNS attributes are asked for, two calls each."""


def regions(session: Session) -> tuple[str, ...]:
    """The regions that an account has enabled. Raises `FAILED`.

    AWS lists no others unless it is asked to; `OptInStatus` is looked at all the same. An account has some: a list without any says
    nothing, and is no account without places.
    """
    listed = session.ask("ec2", "describe_regions")["Regions"]
    found = sorted(text(each, "RegionName") for each in listed if each.get("OptInStatus", "opted-in") in _ENABLED)
    if not found:
        raise KeyError("an enabled region")
    return tuple(found)


def read(session: Session, region: str) -> Found:
    """Everything that a snapshot says of a region: six lists, two calls for each VPC that is connected, one for each prefix list
    that a route names, and one for each further page. Raises `FAILED`."""
    reader = _Reader(session, region)
    lists = reader.lists()
    asked = reader.dns(lists, _connected(session.account, region, lists.connections))
    return reader.found(asked._replace(prefix_lists=reader.prefix_lists(asked.route_tables), doors=reader.doors(asked.doors)))


def networks(session: Session, region: str, chosen: Chosen) -> Found:
    """What is needed to find networks in a region: four lists, and the DNS attributes of those VPCs. Raises `FAILED`."""
    reader = _Reader(session, region)
    lists = reader.lists()
    return reader.found(reader.dns(lists, chosen(lists)))


def _connected(account: str, region: str, found: Iterable[Connection]) -> set[str]:
    """The VPCs of a place that have a connection which is not over."""
    sides = (side for each in found if not each.gone for side in each.sides)
    return {side.vpc_id for side in sides if (side.account, side.region) == (account, region)}


class _Reader:
    """The calls in one place, and what of them failed."""

    def __init__(self, session: Session, region: str) -> None:
        self._session, self._region = session, region
        self._gaps: dict[Part, Gap] = {}
        self._passing = False

    def found(self, contents: Contents) -> Found:
        """What was read, with the gaps that there were."""
        return Found(contents, tuple(self._gaps.values()), self._passing)

    def lists(self) -> Contents:
        """VPCs, connections, route tables and subnets. What others share with the account is seen where it belongs to."""
        own = self._session.account
        vpcs = [found for found in self._listed("describe_vpcs", "Vpcs") if text(found, "OwnerId") == own]
        peered = connections(self._session, self._region)
        tables = [found for found in self._listed("describe_route_tables", "RouteTables") if text(found, "OwnerId") == own]
        subnets: dict[str, list[str]] = {}
        shared = 0
        for found in self._listed("describe_subnets", "Subnets"):
            shared += text(found, "OwnerId") != own
            subnets.setdefault(text(found, "VpcId"), []).append(text(found, "SubnetId"))
        made = (_vpc(found, subnets.get(found.get("VpcId", ""), ())) for found in vpcs)
        return Contents(_by_id(made), _by_id(peered), _by_id(map(routes.table, tables)), doors=Doors(shared_subnets=shared))

    def _listed(self, operation: str, key: str, **arguments: Any) -> list[Any]:
        return self._session.listed("ec2", operation, key, self._region, PAGES[operation], **arguments)

    def dns(self, lists: Contents, asked: Iterable[str]) -> Contents:
        """The same, with what the attributes of some VPCs say."""
        wanted = set(asked)
        return lists._replace(vpcs=tuple(self._resolving(vpc) if vpc.id in wanted else vpc for vpc in lists.vpcs))

    def _resolving(self, vpc: Vpc) -> Vpc:
        both = ("enableDnsSupport", "enableDnsHostnames")
        return vpc._replace(dns=self._try(Part.DNS, lambda: all([self._attribute(vpc.id, name) for name in both])))

    def _attribute(self, vpc_id: str, name: str) -> bool:
        answer = self._session.ask("ec2", "describe_vpc_attribute", self._region, VpcId=vpc_id, Attribute=name)
        return bool(answer[name[0].upper() + name[1:]]["Value"])

    def prefix_lists(self, tables: Iterable[RouteTable]) -> Mapping[str, tuple[str, ...] | None]:
        """The ranges of each prefix list that a route names."""
        named = {route.destination for table in tables for route in table.routes if route.destination.startswith("pl-")}
        return {name: self._try(Part.PREFIX_LISTS, partial(self._entries, name)) for name in sorted(named)}

    def _entries(self, prefix_list: str) -> tuple[str, ...]:
        listed = self._listed("get_managed_prefix_list_entries", "Entries", PrefixListId=prefix_list)
        return tuple(sorted(text(found, "Cidr") for found in listed))

    def doors(self, known: Doors) -> Doors:
        """The other ways into the place. An attachment counts where the attached belongs to, not at its transit gateway."""
        own = self._session.account
        attached = self._try(Part.DOORS, lambda: self._listed("describe_transit_gateway_attachments", "TransitGatewayAttachments"))
        offered = self._try(Part.DOORS, lambda: self._listed("describe_vpc_endpoint_service_configurations", "ServiceConfigurations"))
        return known._replace(
            transit_gateway_attachments=_count(attached, "State", lambda found: found.get("ResourceOwnerId", own) == own),
            endpoint_services=_count(offered, "ServiceState", lambda found: True),
        )

    def _try(self, part: Part, read: Callable[[], _Value]) -> _Value | None:
        """What `read` gives; None, and one gap for all of that part, where it fails."""
        try:
            return read()
        except FAILED as error:
            self._passing |= passes(error)
            self._gaps.setdefault(part, Gap(self._session.account, self._region, cause(error), part))
            return None


def _by_id(found: Iterable[_Thing]) -> tuple[_Thing, ...]:
    """In one order, whatever AWS answers first: a reading that was gone on with equals one that was not."""
    return tuple(sorted(found, key=attrgetter("id")))


def _count(listed: list[Any] | None, state: str, counts: Callable[[Mapping[str, Any]], bool]) -> int | None:
    """How many of what was listed are there; None where the list is not known."""
    return None if listed is None else sum(counts(found) for found in listed if found.get(state, "").lower() not in _OVER)


def _vpc(found: Mapping[str, Any], subnets: Iterable[str]) -> Vpc:
    first = text(found, "CidrBlock")
    others = _associated(found["CidrBlockAssociationSet"], "CidrBlock") - {first}
    ipv6 = _associated(found.get("Ipv6CidrBlockAssociationSet", []), "Ipv6CidrBlock")
    ranges = (first, *sorted(others)), tuple(sorted(ipv6))
    return Vpc(text(found, "VpcId"), *ranges, bool(found.get("IsDefault")), subnets=tuple(sorted(subnets)), tags=tags(found))


def _associated(listed: Iterable[Mapping[str, Any]], key: str) -> set[str]:
    """The ranges that a VPC has: those that are on their way, or on their way out, carry nothing."""
    return {text(found, key) for found in listed if text(found[f"{key}State"], "State") == "associated"}
