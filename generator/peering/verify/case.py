"""What is judged when a Terraform plan is: the plan, the pair, what was decided, and what its data says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Any

from generator.files import Tree
from generator.peering.existing import Existing, State
from generator.peering.model import Decision, Key, pair_name
from generator.peering.plan import Pair
from generator.peering.verify.document import DATA, MANAGED, Malformed, Node, TerraformPlan
from generator.problems import Problem

MODULE = "module.peering"
PROVIDER = "registry.terraform.io/hashicorp/aws"
SIDES = REQUESTER, ACCEPTER = "requester", "accepter"
CONNECTION, ACCEPTANCE = "aws_vpc_peering_connection.this", "aws_vpc_peering_connection_accepter.this"
OPTIONS, ROUTE, NETWORK = "aws_vpc_peering_connection_options", "aws_route", "data.aws_vpc"

PLACES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        CONNECTION: (MANAGED, REQUESTER),
        ACCEPTANCE: (MANAGED, ACCEPTER),
        **{f"{kind}.{side}": (MANAGED, side) for kind in (OPTIONS, ROUTE) for side in SIDES},
        **{f"{NETWORK}.{side}": (DATA, side) for side in SIDES},
    }
)
"""Everything that the module holds: place -> its mode, and the side in whose account it is."""
SINGLE = (CONNECTION, ACCEPTANCE, *(f"{OPTIONS}.{side}" for side in SIDES))
"""Of these a live pair has one each; of routes it has many."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side, as `peering.tf.json` describes it."""

    name: str
    id: str
    region: str
    role_arn: str
    vpc_id: str
    cidr_blocks: tuple[str, ...]
    ipv6_cidr_blocks: tuple[str, ...]
    route_table_ids: tuple[str, ...]

    @property
    def vpc_arn(self) -> str:
        """The name that AWS gives this VPC: partition, region and account are in it."""
        return f"arn:{self.role_arn.split(':')[1]}:ec2:{self.region}:{self.id}:vpc/{self.vpc_id}"


@dataclass(frozen=True, slots=True)
class Data:
    """What `peering.tf.json` says: everything that a plan of the pair depends on."""

    requester: Side
    accepter: Side
    dns: bool

    def side(self, name: str) -> Side:
        """The side of a name."""
        return self.requester if name == REQUESTER else self.accepter

    def peer(self, name: str) -> Side:
        """The other side."""
        return self.accepter if name == REQUESTER else self.requester

    def ranges(self, name: str) -> tuple[str, ...]:
        """The other side's ranges that one side has routes to: IPv6 crosses only where both VPCs have it, as in the module."""
        both = self.requester.ipv6_cidr_blocks and self.accepter.ipv6_cidr_blocks
        peer = self.peer(name)
        return (*peer.cidr_blocks, *(peer.ipv6_cidr_blocks if both else ()))

    def routes(self, name: str) -> Mapping[str, tuple[str, str]]:
        """The routes of one side: the key that the module gives each -> its table and its range."""
        return _routes(self, name)


@lru_cache(maxsize=16)
def _routes(data: Data, side: str) -> Mapping[str, tuple[str, str]]:
    """Asked for each route of a plan; made once."""
    return {"|".join(route): route for route in product(data.side(side).route_table_ids, data.ranges(side))}


def read_data(content: bytes) -> Data:
    """The data of a file. ValueError with what is wrong with it: a key that is missing or of another kind."""
    try:
        found = Node(json.loads(content), "").key("locals")
        return Data(_side(found.key(REQUESTER)), _side(found.key(ACCEPTER)), found.key("dns").flag())
    except Malformed as error:
        raise ValueError(f"its {error.path} {error.what}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _side(node: Node) -> Side:
    texts = (node.key(name).text() for name in ("name", "id", "region", "role_arn", "vpc_id"))
    lists = (tuple(item.text() for item in node.key(name).items()) for name in ("cidr_blocks", "ipv6_cidr_blocks", "route_table_ids"))
    side = Side(*texts, *lists)  # type: ignore[arg-type]
    if side.role_arn.count(":") < 5:
        raise Malformed(f"{node.path}.role_arn", f'is "{side.role_arn}", which is no ARN')
    return side


@dataclass(frozen=True, slots=True)
class Files:
    """The stack's directory in a tree, and what scaffold has it hold: path -> bytes, None where nothing may be.

    `module` is the released one of `version`. `data` is the data file that there has to be; None where the one that is there
    stays: a tombstone's, and that of a pair that is kept in doubt.
    """

    tree: Tree
    expected: Mapping[str, bytes | None]
    module: Mapping[str, bytes]
    version: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Case:
    """One plan to judge. `decided` is None where no such pair was planned; values are compared with `data`."""

    plan: TerraformPlan
    pair: Key
    decided: Pair | None
    stack: Existing
    data: Data
    files: Files

    @property
    def name(self) -> str:
        """`A--B`, also the marker on every object."""
        return pair_name(self.pair)

    @property
    def tombstone(self) -> bool:
        """Is the pair being taken down?"""
        return self.stack.state is State.TOMBSTONE

    @property
    def allowed(self) -> bool:
        """Does the policy allow the pair, and can it be made?"""
        found = self.decided
        return found is not None and found.decision is Decision.ALLOW and found.feasible and not found.error

    def refuse(self, id: str, message: str, remedy: str, value: object = None, file: str = "") -> Problem:
        """One reason to refuse the plan."""
        text = None if value is None else value if isinstance(value, str) else shown(value)
        return Problem(id=id, file=file or self.stack.directory, message=message, remedy=remedy, value=text)


def spelled(value: Any) -> str:
    """One spelling of a JSON value: what values are compared by."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=lambda _: "…")


def shown(value: Any, most: int = 200) -> str:
    """A JSON value for a message, cut where it is long."""
    text = spelled(value)
    return text if len(text) <= most else f"{text[:most]}…"


def listed(words: Sequence[str], most: int = 5) -> str:
    """The first few of many, and how many more there are."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return f"{', '.join(words[:most])}{more}"
