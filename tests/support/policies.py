"""Policies and organizations made at random, and the policy's meaning spelled out once more, as plainly as possible."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from generator.peering.model import Member
from generator.peering.policy import Effect, Operator, Policy, Requirement, Rule, Selector, Sides, Unless, Where

KEYS = {"environment": ("prod", "staging", "dev"), "tier": ("app", "data", "vpn"), "owner": ("a", "b", "c", "d"), "pci": ("yes", "no")}
REQUIRED = ("environment", "tier", "owner")
REGIONS = ("us-east-1", "eu-west-1")
DAYS = ("2026-01-01", "2026-06-30", "2026-07-01", "2027-01-01")


def naive(policy: Policy, one: Member, other: Member) -> tuple[str, frozenset[str]]:
    """What a policy says of a pair, rule by rule: `(allow | deny | undetermined, the rules that say so)`."""

    def meets(selector: Selector, member: Member, absent: bool) -> bool:
        """Does a member meet a side, where an absent key counts as a match of a negation, or not?"""
        for requirement in selector.requirements:
            value = member.tags.get(requirement.key)
            negative = requirement.operator in (Operator.NOT_IN, Operator.DOES_NOT_EXIST)
            if value is None and not (negative and absent):
                return False
            if value is not None and (requirement.operator is Operator.DOES_NOT_EXIST):
                return False
            if value is not None and requirement.values and (value in requirement.values) == negative:
                return False
        return not selector.accounts or member.account in selector.accounts

    def sides(pair: Sides, absent: bool) -> bool:
        (x, y), (a, b) = pair, (one, other)
        return (meets(x, a, absent) and meets(y, b, absent)) or (meets(x, b, absent) and meets(y, a, absent))

    def matches(rule: Rule, absent: bool) -> bool:
        same = all(k in one.tags and k in other.tags and one.tags[k] == other.tags[k] for k in rule.where.same_tags)
        near = one.region == other.region or not rule.where.same_region
        return sides(rule.sides, absent) and same and near and not any(sides(clause.sides, False) for clause in rule.unless)

    if one.retiring or other.retiring:
        return "deny", frozenset()
    if one.unclassified or other.unclassified:
        return "undetermined", frozenset()
    denies = {rule.id for rule in policy.rules if rule.effect is Effect.DENY and matches(rule, False)}
    doubtful = {rule.id for rule in policy.rules if rule.effect is Effect.DENY and matches(rule, True)}
    allows = {rule.id for rule in policy.rules if rule.effect is Effect.ALLOW and not rule.proposed and matches(rule, False)}
    if denies:
        return "deny", frozenset(denies)
    if allows and doubtful:
        return "undetermined", frozenset(doubtful)
    return ("allow", frozenset(allows)) if allows else ("deny", frozenset())


def members(rnd: random.Random, number: int) -> list[Member]:
    """Networks with tags out of `KEYS`; a few cannot be classified, a few are retiring."""
    found = []
    for index in range(number):
        tags = {key: rnd.choice(values) for key, values in KEYS.items() if key in REQUIRED or rnd.random() < 0.6}
        unclassified = ("no owner",) if rnd.random() < 0.05 else ()
        retiring = "yes" if rnd.random() < 0.03 else ""
        found.append(Member(f"n{index:05}", f"n{index:05}", rnd.choice(REGIONS), tags, unclassified, frozenset(), retiring))
    return found


def policy(rnd: random.Random, rules: int, accounts: Sequence[str], keys: Mapping[str, tuple[str, ...]] = KEYS) -> Policy:
    """Rules of all kinds, narrow and wide."""
    dice = _Dice(rnd, accounts, keys)
    return Policy(tuple(dice.rule(index) for index in range(rules)))


def expiring(rnd: random.Random, policy: Policy) -> Policy:
    """The policy with days of `DAYS` in it: some allows end, and every exception does."""

    def ending(rule: Rule) -> Rule:
        clauses = tuple(replace(clause, expires=rnd.choice(DAYS)) for clause in rule.unless)
        return replace(rule, unless=clauses, expires=rnd.choice((None, *DAYS)) if rule.effect is Effect.ALLOW else None)

    return replace(policy, rules=tuple(map(ending, policy.rules)))


@dataclass(frozen=True)
class _Dice:
    """Makes the parts of a rule."""

    rnd: random.Random
    accounts: Sequence[str]
    keys: Mapping[str, tuple[str, ...]]

    def rule(self, index: int) -> Rule:
        effect = self.rnd.choice((Effect.ALLOW, Effect.ALLOW, Effect.DENY))
        same = tuple(sorted(self.rnd.sample(sorted(self.keys), self.rnd.choice((0, 0, 1, 1, 2)))))
        clauses = self.rnd.choice((0, 0, 1, 2)) if effect is Effect.DENY else 0
        unless = tuple(Unless(self.sides(), "2030-01-01", "why") for _ in range(clauses))
        proposed = effect is Effect.ALLOW and self.rnd.random() < 0.15
        where = Where(same, self.rnd.random() < 0.2)
        return Rule(f"r{index}", effect, self.sides(), "why", where, unless, proposed, line=index + 1)

    def sides(self) -> Sides:
        one = self.selector()
        return (one, one) if self.rnd.random() < 0.25 else (one, self.selector())

    def selector(self) -> Selector:
        if self.rnd.random() < 0.15:
            return Selector()
        if self.rnd.random() < 0.1 and self.accounts:
            return Selector(accounts=tuple(self.rnd.sample(list(self.accounts), min(2, len(self.accounts)))))
        return Selector(tuple(self.requirement() for _ in range(self.rnd.choice((1, 1, 2)))))

    def requirement(self) -> Requirement:
        key, operator = self.rnd.choice(sorted(self.keys)), self.rnd.choice(list(Operator))
        values = tuple(self.rnd.sample(self.keys[key], self.rnd.choice((1, 2)))) if operator in (Operator.IN, Operator.NOT_IN) else ()
        return Requirement(key, operator, values)
