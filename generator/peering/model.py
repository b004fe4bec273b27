"""What peering looks at: a network with its account's tags, what AWS says of it, and what is decided about a pair."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.ranges import Range


@dataclass(frozen=True, slots=True)
class Facts:
    """What a network is in AWS, as far as it is known; `blocks` are its ranges, the declared one until it is built.

    `limits` and `used` count peerings and routes: the quota in force, and what other connections use of it. `stale`: AWS did not
    show the account, or this network, when it was read last.
    """

    account_id: str | None = None
    state: str = ""
    reachable: bool = False
    vpc_id: str | None = None
    blocks: tuple[Range, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    dns: bool = False
    limits: Mapping[str, int] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)
    stale: bool = False

    @property
    def cidr_blocks(self) -> tuple[str, ...]:
        """The IPv4 ranges, as text."""
        return tuple(str(block) for block in self.blocks if block.bits == 32)

    @property
    def ipv6_cidr_blocks(self) -> tuple[str, ...]:
        """The IPv6 ranges, as text."""
        return tuple(str(block) for block in self.blocks if block.bits == 128)


@dataclass(frozen=True, slots=True)
class Member:
    """A network that takes part in peering. Its account's declared tags decide; nothing a workload can write does.

    `unclassified` says in words why its tags cannot be judged: no rule can then connect it, and none disconnects it.
    `unclear` are the keys that those words are about.
    """

    name: str
    account: str
    region: str
    tags: Mapping[str, str]
    unclassified: tuple[str, ...] = ()
    unclear: frozenset[str] = frozenset()
    retiring: str = ""
    file: str = ""
    line: int = 1
    facts: Facts = field(default_factory=Facts)


class Decision(enum.Enum):
    """What the policy says of a pair."""

    ALLOW = "allow"
    DENY = "deny"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision with the rules that determine it. `proposed`: a proposed rule alone would allow the pair.

    `why` says what no rule says: a retiring side, a side that cannot be classified, a match by absence.
    """

    decision: Decision
    rules: tuple[str, ...] = ()
    proposed: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an allowed pair cannot be made. `waiting`: it will be possible once something is built or read."""

    id: str
    message: str
    remedy: str
    waiting: bool = False


Key = tuple[str, str]
"""The names of a pair's two networks, in order."""


def key(one: str, other: str) -> Key:
    """A pair has no direction."""
    return (one, other) if one < other else (other, one)


def pair_name(pair: Key) -> str:
    """`A--B`: its directory below `peering/`, its Atlantis project and the marker on both sides. No name has two hyphens."""
    return "--".join(pair)
