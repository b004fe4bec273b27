"""A policy as a value, and what it means for one pair.

Selectors as in Kubernetes, decisions as in IAM and Cedar: no order, explicit deny wins, nothing is allowed by
default. A rule matches an unordered pair. Absence never connects: `In` and `Exists` fail on an absent key, and a
deny that matches only because a key is absent leaves the pair undetermined.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from generator.peering.model import Decision, Judgement, Member

FILE = "peering/policy.yaml"


class Match(enum.IntEnum):
    """How well something matches; the minimum of parts is the match of the whole."""

    NO = 0
    BY_ABSENCE = 1
    YES = 2


class Operator(enum.Enum):
    """The four operators of Kubernetes' label selectors, with exactly their meaning."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"

    @property
    def negative(self) -> bool:
        """Does it match where the key is absent?"""
        return self in (Operator.NOT_IN, Operator.DOES_NOT_EXIST)


_MATCH: Mapping[Operator, Callable[[str | None, tuple[str, ...]], Match]] = {
    Operator.IN: lambda value, values: Match.YES if value in values else Match.NO,
    Operator.NOT_IN: lambda value, values: Match.BY_ABSENCE if value is None else Match.NO if value in values else Match.YES,
    Operator.EXISTS: lambda value, values: Match.NO if value is None else Match.YES,
    Operator.DOES_NOT_EXIST: lambda value, values: Match.BY_ABSENCE if value is None else Match.NO,
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a selector asks of a tag."""

    key: str
    operator: Operator
    values: tuple[str, ...] = ()
    line: int = field(default=1, compare=False)

    def match(self, tags: Mapping[str, str]) -> Match:
        """How these tags meet it."""
        return _MATCH[self.operator](tags.get(self.key), self.values)

    def __str__(self) -> str:
        """`environment In prod, staging`."""
        return f"{self.key} {self.operator.value} {', '.join(self.values)}".strip()


@dataclass(frozen=True, slots=True)
class Selector:
    """One side: all its requirements, and an account of the list where there is one. Without either it is `any`."""

    requirements: tuple[Requirement, ...] = ()
    accounts: tuple[str, ...] = ()
    line: int = field(default=1, compare=False)

    def match(self, member: Member) -> Match:
        """How a network meets it."""
        if self.accounts and member.account not in self.accounts:
            return Match.NO
        return min((requirement.match(member.tags) for requirement in self.requirements), default=Match.YES)

    def __str__(self) -> str:
        """`tier In vpn and account In prod-pay`, `any`."""
        accounts = (f"account In {', '.join(self.accounts)}",) if self.accounts else ()
        return " and ".join([*map(str, self.requirements), *accounts]) or "any"


Sides = tuple[Selector, Selector]


def match_sides(sides: Sides, one: Member, other: Member) -> Match:
    """How an unordered pair meets two sides: the better of the two ways round."""
    left, right = sides
    return max(min(left.match(one), right.match(other)), min(left.match(other), right.match(one)))


@dataclass(frozen=True, slots=True)
class Where:
    """What the two sides must have in common. An absent tag equals nothing, not even an absent one."""

    same_tags: tuple[str, ...] = ()
    same_region: bool = False

    def match(self, one: Member, other: Member) -> bool:
        """Do both networks have it in common?"""
        tags = all(key in one.tags and one.tags[key] == other.tags.get(key) for key in self.same_tags)
        return tags and (not self.same_region or one.region == other.region)

    def __bool__(self) -> bool:
        """Does it ask for anything?"""
        return bool(self.same_tags) or self.same_region


@dataclass(frozen=True, slots=True)
class Unless:
    """An exception of a deny. `expires` is its last valid day (UTC, `YYYY-MM-DD`)."""

    sides: Sides
    expires: str
    reason: str
    line: int = field(default=1, compare=False)

    def match(self, one: Member, other: Member) -> bool:
        """Is this pair excepted? Never by absence: an exception connects."""
        return match_sides(self.sides, one, other) is Match.YES

    def __str__(self) -> str:
        """`tier In vpn and any`."""
        return " and ".join(map(str, self.sides))


class Effect(enum.Enum):
    """What a rule does to the pairs it matches."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `expires` only on an allow, `unless` only on a deny, `proposed` only on an allow."""

    id: str
    effect: Effect
    sides: Sides
    reason: str
    where: Where = Where()
    unless: tuple[Unless, ...] = ()
    proposed: bool = False
    expires: str | None = None
    line: int = field(default=1, compare=False)

    def match(self, one: Member, other: Member) -> Match:
        """How the rule meets a pair, exceptions included."""
        found = match_sides(self.sides, one, other)
        if found is Match.NO or not self.where.match(one, other) or any(clause.match(one, other) for clause in self.unless):
            return Match.NO
        return found

    def __str__(self) -> str:
        """Its id."""
        return self.id


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """What the policy's authors expect of one pair of networks, and by which rule."""

    pair: tuple[str, str]
    expect: Effect
    by: str | None = None
    line: int = field(default=1, compare=False)

    def __str__(self) -> str:
        """`prod-a and prod-b`."""
        return " and ".join(self.pair)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything `peering/policy.yaml` says; named selectors are already in their places."""

    rules: tuple[Rule, ...] = ()
    tests: tuple[PolicyTest, ...] = ()
    selectors: Mapping[str, Selector] = field(default_factory=dict)

    def rule(self, id: str) -> Rule | None:
        """The rule of an id."""
        return next((rule for rule in self.rules if rule.id == id), None)

    def of(self, effect: Effect) -> Iterator[Rule]:
        """The rules of one effect."""
        return (rule for rule in self.rules if rule.effect is effect)

    def sides(self) -> Iterator[Selector]:
        """Every side of every rule and exception."""
        for rule in self.rules:
            yield from chain(rule.sides, *(clause.sides for clause in rule.unless))


def on(policy: Policy, day: str) -> Policy:
    """The policy as it is on a day: rules and exceptions that have expired are gone."""
    rules = (rule for rule in policy.rules if rule.expires is None or rule.expires >= day)
    living = (replace(rule, unless=tuple(clause for clause in rule.unless if clause.expires >= day)) for rule in rules)
    return replace(policy, rules=tuple(living))


def judge(policy: Policy, one: Member, other: Member) -> Judgement:
    """What a policy (see `on`) says of one pair, with every rule that determines it."""
    aside = set_aside(one, other)
    if aside is not None:
        return aside
    return conclude([(rule, found) for rule in policy.rules if (found := rule.match(one, other)) is not Match.NO])


def set_aside(one: Member, other: Member) -> Judgement | None:
    """A pair about which no rule is asked: a side is retiring, or its tags cannot be judged."""
    retiring = [f'{side.account} is retiring ("{side.retiring}")' for side in (one, other) if side.retiring]
    if retiring:
        return Judgement(Decision.DENY, why=" and ".join(dict.fromkeys(retiring)))
    unclear = [f"{side.name}: {'; '.join(side.unclassified)}" for side in (one, other) if side.unclassified]
    return Judgement(Decision.UNDETERMINED, why=" · ".join(unclear)) if unclear else None


def conclude(matching: list[tuple[Rule, Match]]) -> Judgement:
    """The decision that the matching rules of a classified pair lead to."""
    denies = [rule.id for rule, found in matching if rule.effect is Effect.DENY and found is Match.YES]
    if denies:
        return Judgement(Decision.DENY, tuple(denies))
    allows = [rule for rule, found in matching if rule.effect is Effect.ALLOW and found is Match.YES]
    granted = [rule.id for rule in allows if not rule.proposed]
    by_absence = [rule.id for rule, found in matching if rule.effect is Effect.DENY and found is Match.BY_ABSENCE]
    if granted and by_absence:
        why = f"{', '.join(by_absence)} would deny it only because a tag is absent"
        return Judgement(Decision.UNDETERMINED, tuple(by_absence), why=why)
    if granted:
        return Judgement(Decision.ALLOW, tuple(granted))
    return Judgement(Decision.DENY, tuple(rule.id for rule in allows), proposed=bool(allows))
