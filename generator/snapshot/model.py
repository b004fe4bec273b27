"""A reading of AWS as values. A place is one account in one region; one that could not be looked into is a gap, never an empty place.

What stands in great numbers are named tuples: they are made three times as fast as frozen dataclasses, and are as fixed.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

TERMINAL = frozenset({"deleted", "rejected", "expired", "failed"})
"""The statuses of a connection that carries nothing and never will again (VPC peering guide, "lifecycle"). No other is."""
PASSING = frozenset({"initiating-request", "pending-acceptance", "provisioning", "deleting"})
"""The statuses of a connection that is on its way; together with `active` and `TERMINAL` these are all that AWS documents."""
ACTIVE = "active"
OPEN = "ACTIVE"
"""The state of an account that is neither closed nor about to be; AWS Organizations knows four others."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One account in one region."""

    account: str
    region: str

    def __str__(self) -> str:
        """As messages name it."""
        return f"account {self.account} in {self.region}"


class Side(NamedTuple):
    """One of the two VPCs of a connection.

    `cidr_blocks` and `ipv6_cidr_blocks` are what AWS shows of it here, which is nothing unless the connection is active;
    `dns`: does this side's resolver answer the other side with private addresses? None where AWS does not say.
    """

    account: str
    region: str
    vpc_id: str
    cidr_blocks: tuple[str, ...] = ()
    ipv6_cidr_blocks: tuple[str, ...] = ()
    dns: bool | None = None

    @property
    def place(self) -> Place:
        """Where it is looked at."""
        return Place(self.account, self.region)

    @property
    def vpc(self) -> tuple[str, str, str]:
        """Which VPC: account, region and id."""
        return self.account, self.region, self.vpc_id


class Connection(NamedTuple):
    """A peering connection as one place sees it: its status in AWS's word, and the tags that this place has on it.

    `expires` is the moment a request ends at if nobody accepts it (`YYYY-MM-DDTHH:MM:SSZ`), "" where AWS gives none.
    """

    id: str
    status: str
    requester: Side
    accepter: Side
    tags: Mapping[str, str] = {}
    message: str = ""
    expires: str = ""

    @property
    def gone(self) -> bool:
        """Is it over? A status that nobody knows is not."""
        return self.status in TERMINAL

    @property
    def vpc_ids(self) -> frozenset[str]:
        """Its two VPCs; a connection has no direction."""
        return frozenset((self.requester.vpc_id, self.accepter.vpc_id))

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both, the requester first."""
        return self.requester, self.accepter


class Route(NamedTuple):
    """One route: a range or the id of a prefix list, what it leads to (`pcx-…`, `igw-…`, `local`), and AWS's word for its state.

    `propagated`: a gateway put it there; AWS does not count such a route.
    """

    destination: str
    target: str
    state: str
    propagated: bool = False


class RouteTable(NamedTuple):
    """A route table: the subnets that name it, and whether it is that of all others (`main`)."""

    id: str
    vpc_id: str
    main: bool
    subnets: tuple[str, ...]
    routes: tuple[Route, ...]
    tags: Mapping[str, str] = {}


class Vpc(NamedTuple):
    """A VPC with its associated ranges, the primary one first, and its subnets' ids.

    `dns`: are DNS support and DNS host names both on? None where nobody asked, or the answer is missing.
    """

    id: str
    cidr_blocks: tuple[str, ...]
    ipv6_cidr_blocks: tuple[str, ...] = ()
    default: bool = False
    dns: bool | None = None
    subnets: tuple[str, ...] = ()
    tags: Mapping[str, str] = {}


class Doors(NamedTuple):
    """Other ways into a place, counted and never judged; None where they could not be counted."""

    transit_gateway_attachments: int | None = None
    endpoint_services: int | None = None
    shared_subnets: int | None = None


class Contents(NamedTuple):
    """What a place holds. `prefix_lists`: the ranges of each list that a route names, None where its entries could not be read."""

    vpcs: tuple[Vpc, ...] = ()
    connections: tuple[Connection, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    prefix_lists: Mapping[str, tuple[str, ...] | None] = {}
    doors: Doors = Doors()


class Account(NamedTuple):
    """An account as AWS Organizations lists it; `tags` None where they could not be read, `path` "" where AWS gives none.

    `regions` are those that it has enabled, none where nobody could ask: each of them has to be a place or a gap.
    """

    id: str
    name: str
    email: str
    state: str
    tags: Mapping[str, str] | None = None
    path: str = ""
    regions: tuple[str, ...] = ()


class Part(enum.Enum):
    """What of an account or of a place could not be read; `ACCOUNTS`: which accounts the organization has."""

    ALL = "all"
    TAGS = "tags"
    DNS = "dns"
    PREFIX_LISTS = "prefix_lists"
    RANGES = "ranges"
    ACCOUNTS = "accounts"
    DOORS = "other_doors"


class Gap(NamedTuple):
    """Where nobody could look, and why; `region` None: nowhere in the account."""

    account: str
    region: str | None
    cause: str
    part: Part = Part.ALL

    def __str__(self) -> str:
        """As messages name it."""
        return str(Place(self.account, self.region)) if self.region is not None else f"account {self.account}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading, begun at `taken` (`YYYY-MM-DDTHH:MM:SSZ`, UTC): the accounts listed, what each place holds, and the gaps."""

    taken: str
    accounts: Mapping[str, Account] = field(default_factory=dict)
    places: Mapping[Place, Contents] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    # asked of every place, and a region that is denied to all is a gap of each account
    _causes: dict[tuple[str, str | None], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Arrange the gaps by where they are."""
        self._causes.update({(gap.account, gap.region): gap.cause for gap in self.gaps if gap.part is Part.ALL})

    @property
    def organizations(self) -> frozenset[str]:
        """The ids (`o-…`) of the organizations that its accounts are in, as far as AWS gave their paths."""
        return frozenset(account.path.partition("/")[0] for account in self.accounts.values() if account.path)

    def gap(self, place: Place) -> str:
        """Why a place shows nothing, "" where it was looked into. A place that nobody looked into is a gap too."""
        known = self._causes.get((place.account, place.region)) or self._causes.get((place.account, None))
        return known or ("" if place in self.places else "it was not looked into")

    def connections(self) -> Iterator[tuple[Place, Connection]]:
        """Every connection, as each place sees it."""
        return ((place, found) for place, here in self.places.items() for found in here.connections)
