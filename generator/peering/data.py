"""What a pair's `peering.tf.json` says: the two networks as they were reviewed. This is the one reader of that file.

It is strict: a key that is missing or of another kind, an account that is none, a range that AWS would read otherwise or
another pair's name is a ValueError that says where; nothing is defaulted. A key that nobody knows here changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from generator.organization.schema import ACCOUNT_ID
from generator.peering.model import Key
from generator.peering.node import Malformed, Node, parse
from generator.ranges import Range, parse6, parse_any
from generator.ranges import parse as parse4

SIDES = REQUESTER, ACCEPTER = "requester", "accepter"


@dataclass(frozen=True, slots=True)
class Side:
    """One network. `name` is the network's, `id` its account's (12 digits); no text is empty, of IPv4 there is at least one range."""

    name: str
    id: str
    region: str
    role_arn: str
    vpc_id: str
    cidr_blocks: tuple[str, ...]
    ipv6_cidr_blocks: tuple[str, ...]
    route_table_ids: tuple[str, ...]

    @property
    def blocks(self) -> tuple[Range, ...]:
        """All its ranges, IPv4 first, as `model.Facts.blocks` has them. That they are ranges was seen when they were read."""
        return tuple(map(parse_any, (*self.cidr_blocks, *self.ipv6_cidr_blocks)))

    @property
    def vpc_arn(self) -> str:
        """The name that AWS gives this VPC: partition, region and account are in it."""
        return f"arn:{self.role_arn.split(':')[1]}:ec2:{self.region}:{self.id}:vpc/{self.vpc_id}"


@dataclass(frozen=True, slots=True)
class Data:
    """The pair: everything that a plan of its stack depends on."""

    requester: Side
    accepter: Side
    dns: bool

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both, the requester first."""
        return self.requester, self.accepter

    def side(self, name: str) -> Side:
        """The side `requester` or `accepter`."""
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


def read(content: bytes | None, pair: Key) -> Data:
    """The data of a pair, by what its file holds (None: there is none). ValueError with the place and what is wrong there."""
    if content is None:
        raise ValueError("it is not there")
    try:
        found = parse(content).key("locals")
        data = Data(_side(found.key(REQUESTER)), _side(found.key(ACCEPTER)), found.key("dns").flag())
    except Malformed as error:
        raise ValueError(f"{error.path} {error.what}") from None
    one, other = data.sides
    if {one.name, other.name} != set(pair):
        raise ValueError(f"it is that of {one.name} and {other.name}")
    if one.vpc_id == other.vpc_id:
        raise ValueError(f"{one.name} and {other.name} are both {one.vpc_id} in it")
    return data


def _side(node: Node) -> Side:
    name, id, region, role_arn, vpc_id = (_text(node.key(each)) for each in ("name", "id", "region", "role_arn", "vpc_id"))
    ipv4, ipv6 = (tuple(_ranges(node.key(each), parse)) for each, parse in (("cidr_blocks", parse4), ("ipv6_cidr_blocks", parse6)))
    tables = tuple(_text(item) for item in node.key("route_table_ids").items())
    if not re.fullmatch(ACCOUNT_ID.pattern, id):
        raise Malformed(f"{node.path}.id", f'is "{id}", which are not the 12 digits of an account')
    if role_arn.count(":") < 5:
        raise Malformed(f"{node.path}.role_arn", f'is "{role_arn}", which is no ARN')
    if not ipv4:
        raise Malformed(f"{node.path}.cidr_blocks", "is empty, and every VPC has an IPv4 range")
    return Side(name, id, region, role_arn, vpc_id, ipv4, ipv6, tables)


def _text(node: Node) -> str:
    found = node.text()
    if not found:
        raise Malformed(node.path, "is empty")
    return found


def _ranges(node: Node, parse: Callable[[str], Range]) -> Iterator[str]:
    """Ranges as they are written, once each of them is seen to be one."""
    for item in node.items():
        text = _text(item)
        try:
            parse(text)
        except ValueError as error:
            raise Malformed(item.path, f'is "{text}", which {error}') from None
        yield text
