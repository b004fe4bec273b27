"""What the audit looks at, and what it finds."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.peering.existing import Existing
from generator.peering.feasibility import Limits
from generator.peering.model import Key, Member
from generator.peering.plan import Plan
from generator.peering.policy import Policy
from generator.snapshot.model import Gap, Part, Place, Snapshot


class Severity(enum.IntEnum):
    """How much a finding matters."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """As people write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class End:
    """One VPC of a finding. `name` is its network's, "" where it is none that is declared; `vpc_id` "" where it is not known."""

    account: str
    region: str
    vpc_id: str = ""
    name: str = ""

    def __str__(self) -> str:
        """`prod-ml`, or where a VPC without a name is."""
        return self.name or " ".join(part for part in (self.account, self.region, self.vpc_id) if part)

    @property
    def place(self) -> Place:
        """Where it is looked at."""
        return Place(self.account, self.region)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    `subject` is the pair, network or account that it is about; `key` tells it from others of its kind there (a route, a
    connection); both stay the same from one audit to the next, and so does the fingerprint. `rules` are the policy's that
    determine it. `file` and `line`: the request of the first side, else the policy. `evidence` is what was seen, in AWS's words.
    """

    id: str
    severity: Severity
    subject: str
    message: str
    remedy: str
    key: str = ""
    ends: tuple[End, ...] = ()
    connection: str = ""
    rules: tuple[str, ...] = ()
    evidence: Mapping[str, object] = field(default_factory=dict)
    file: str = ""
    line: int = 1

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that name this finding as long as it is there."""
        return hashlib.sha256("\0".join((self.id, self.subject, self.key)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A check that could not be made, since nobody could look at these places, or AWS did not say this part of them."""

    subject: str
    what: str
    places: tuple[Place, ...]
    part: Part = Part.ALL


@dataclass(frozen=True, slots=True)
class Declared:
    """An account as the repository describes it.

    `before` are its tags before merges that AFT may still be working on; `unsure` are keys whose value cannot be told, `*` all of them.
    """

    slug: str
    tags: Mapping[str, str]
    file: str
    line: int
    before: Mapping[str, str] | None = None
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that is compared. Pure values: the same question has the same answer.

    `whole` is the policy as written and `policy` that of the `day`; `accounts` are declared accounts by their id, `live` the
    networks with the tags that AWS has now, `complete` is false where some request or network could not be read. `schema` are
    the tags that the organization decides on; with `other_tags` accounts may have more.
    """

    snapshot: Snapshot
    policy: Policy
    whole: Policy
    plan: Plan
    limits: Limits
    day: str
    management: str
    home_region: str
    accounts: Mapping[str, Declared] = field(default_factory=dict)
    live: Mapping[str, Member] = field(default_factory=dict)
    schema: frozenset[str] = frozenset()
    other_tags: bool = False
    complete: bool = True

    @property
    def stacks(self) -> Mapping[Key, Existing]:
        """What the repository declares."""
        return self.plan.stacks


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found: findings, worst first; gaps; checks that could not be made; and counts of what was looked at.

    `needed` are the places that the repository has something to do with.
    """

    taken: str
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    unknown: tuple[Unknown, ...]
    counts: Mapping[str, int | None]
    needed: frozenset[Place] = frozenset()
