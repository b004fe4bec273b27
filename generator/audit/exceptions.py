"""Ends and exceptions of the policy: which end soon, and which no pair needs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from generator.audit.catalogue import KINDS
from generator.audit.findings import Bench, Found
from generator.audit.model import Finding
from generator.documents.dates import ordinal
from generator.peering.lint import SOON
from generator.peering.model import Member
from generator.peering.policy import FILE, Effect, Match, Rule, Unless, match_sides

BOUND = 200_000
"""So many pairs are looked at for one exception; beyond them nothing is said."""


def exceptions(bench: Bench) -> Iterator[Found]:
    """Allows and exceptions that end within `SOON` days, and exceptions that change nothing today."""
    day, members = bench.question.day, list(bench.question.plan.members.values())
    for rule in bench.question.whole.rules:
        if rule.expires is not None:
            yield from _soon(rule.id, f"the rule {rule.id}", rule.expires, day, rule.line)
        for clause in rule.unless:
            name = f"the exception of {rule.id} for {clause}"
            yield from _soon(rule.id, name, clause.expires, day, clause.line)
            if clause.expires >= day and rule.effect is Effect.DENY and _is_unused(rule, clause, members):
                yield _finding("exception-unused", rule.id, f"{name} lets no pair pass that {rule.id} denies", str(clause), clause.line)


def _soon(rule: str, name: str, expires: str, day: str, line: int) -> Iterator[Found]:
    left = ordinal(expires) - ordinal(day)
    if 0 <= left <= SOON:
        yield _finding("exception-expiring", rule, f"{name} ends after {expires}, in {left} days", name, line)


def _finding(id: str, rule: str, message: str, key: str, line: int) -> Finding:
    return Finding(id, KINDS[id].severity, rule, message, KINDS[id].remedy, key=key, rules=(rule,), file=FILE, line=line)


def _is_unused(rule: Rule, clause: Unless, members: list[Member]) -> bool:
    """Is there no pair that the rule matches without this exception, and that the exception frees?"""
    sides = [[member for member in members if selector.match(member) is Match.YES] for selector in clause.sides]
    if len(sides[0]) * len(sides[1]) > BOUND:
        return False
    return not any(
        one.name != other.name and match_sides(rule.sides, one, other) is not Match.NO and rule.where.match(one, other)
        for one, other in product(*sides)
    )
