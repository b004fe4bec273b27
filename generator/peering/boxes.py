"""Which pairs of networks rules can match, over every account that the tag schema admits, and whether others cover them.

A pair is described by the two values of each tag that the policy names, by its two accounts, and by whether its
regions are equal: each is a dimension. What a side or a `where` asks is a set of points of one dimension, so a rule
is a box, and "is every pair also matched by others" is subtracting boxes. Of values that no selector tells apart two
are kept: a `where` can only ask whether two values are equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import and_

from generator.organization.model import Organization
from generator.organization.read import legal_values
from generator.peering.policy import Match, Policy, Requirement, Rule, Selector, Sides, Where

Box = tuple[int, ...]
"""For each dimension a set of its points, as bits; -1 is all of them."""
Values = tuple[str | None, ...]
"""What one side can have; None: the tag is absent, or no list names the account. A dimension's points are pairs of these."""
_FURTHER = ("\0one", "\0another")  # no tag can have these: they stand for every value that the policy does not name
_REGIONS: Values = ("one", "another")
_LITERALS = re.compile(r"[\w-]+(\|[\w-]+)*")


@dataclass(frozen=True, slots=True)
class Term:
    """A box with holes: what a rule matches one way round, less its exceptions."""

    box: Box
    holes: tuple[Box, ...] = ()


class TooMuch(Exception):
    """The work would exceed its bound: nothing is known."""


class Effort:
    """How many comparisons of boxes are left, shared out evenly among the tasks that are still to come."""

    def __init__(self, left: int, tasks: int) -> None:
        self._left = left
        self._tasks = tasks
        self._floor = 0

    def begin(self) -> None:
        """The next task: what the others did not need is left to it too."""
        self._left = max(self._left, self._floor)
        self._floor = self._left - self._left // self._tasks
        self._tasks -= 1

    def spend(self) -> None:
        """One comparison."""
        self._left -= 1
        if self._left < self._floor:
            raise TooMuch


def domain(requirements: Iterable[Requirement], key: str, organization: Organization) -> Values:
    """Values of a tag that stand for all it may have, as far as requirements tell them apart; None where it may be absent."""
    asked = [each.values for each in requirements if each.key == key]
    values = _closed(organization, key) or (*dict.fromkeys(value for found in asked for value in found), *_FURTHER)
    found = _two_of_each(values, lambda value: tuple(value in listed for listed in asked))
    rule = organization.tags.get(key)
    return tuple(found) if rule is not None and rule.required else (*found, None)


def _closed(organization: Organization, key: str) -> tuple[str, ...]:
    """Every value of a tag, where that is a list; any other pattern is taken to admit more values than the policy names."""
    rule = organization.tags.get(key)
    pattern = rule.pattern if rule is not None else None
    literals = pattern.split("|") if pattern is not None and _LITERALS.fullmatch(pattern) else ()
    return legal_values(organization, key) or tuple(dict.fromkeys(literals))


def _two_of_each(values: Iterable[str], kind: Callable[[str], Hashable]) -> list[str]:
    kinds: dict[Hashable, list[str]] = {}
    for value in values:
        kinds.setdefault(kind(value), []).append(value)
    return [value for found in kinds.values() for value in found[:2]]


def meets(selector: Selector, key: str, value: str | None) -> Match:
    """How a value of one tag meets what a selector asks of that tag."""
    tags = {} if value is None else {key: value}
    return min((each.match(tags) for each in selector.requirements if each.key == key), default=Match.YES)


class Space:
    """All pairs of networks that there may be, as far as a policy tells them apart."""

    def __init__(self, policy: Policy, organization: Organization) -> None:
        requirements = [each for side in policy.sides() for each in side.requirements]
        compared = (key for rule in policy.rules for key in rule.where.same_tags)
        self._tags = {key: domain(requirements, key, organization) for key in (*(each.key for each in requirements), *compared)}
        self._accounts = (*_accounts(policy), None)
        tags, accounts, regions = self._tags.values(), self._accounts, _all(_REGIONS)
        # two accounts have any tags, and are not both the same one of a list; two networks of one account have its tags
        different = _all(accounts) & ~_same(accounts, True)
        self._two_accounts = (*map(_all, tags), different, regions)
        self._one_account = (*map(_equal, tags), _equal(accounts), regions)
        self._terms = lru_cache(maxsize=None)(self._of_rule)

    def covered(self, rule: Rule, by: Iterable[Rule], least: Match, effort: Effort) -> bool:
        """Does every pair that a rule matches at least so well meet one of the others as well?"""
        others = sorted((term for other in by for term in self._terms(other, least)), key=lambda term: term.box.count(-1), reverse=True)
        for own in self._terms(rule, least):
            terms = [*map(Term, own.holes), *others]
            boxes = (_meet(own.box, whole) for whole in (self._two_accounts, self._one_account))
            if any(_escapes(box, terms, effort) for box in boxes if 0 not in box):
                return False
        return True

    def _of_rule(self, rule: Rule, least: Match) -> tuple[Term, ...]:
        holes = [self._box(sides, Match.YES, Where()) for clause in rule.unless for sides in _ways(clause.sides)]
        boxes = dict.fromkeys(self._box(sides, least, rule.where) for sides in _ways(rule.sides))
        return tuple(Term(box, tuple(hole for hole in holes if 0 not in _meet(box, hole))) for box in boxes)

    def _box(self, sides: Sides, least: Match, where: Where) -> Box:
        """What sides, taken one way round, and a `where` ask of each dimension."""
        tags = (self._tag(key, values, sides, least) & _same(values, key in where.same_tags) for key, values in self._tags.items())
        accounts = _pairs(self._accounts, *(side.accounts or self._accounts for side in sides)) if any(s.accounts for s in sides) else -1
        return (*tags, accounts, _same(_REGIONS, where.same_region))

    def _tag(self, key: str, values: Values, sides: Sides, least: Match) -> int:
        """The pairs of values of one tag that meet both sides."""
        if not any(each.key == key for side in sides for each in side.requirements):
            return -1
        left, right = ([value for value in values if meets(side, key, value) >= least] for side in sides)
        return _pairs(values, left, right)


def _accounts(policy: Policy) -> list[str]:
    """The accounts that lists name, as far as the lists tell them apart."""
    lists = list(dict.fromkeys(side.accounts for side in policy.sides() if side.accounts))
    return _two_of_each(dict.fromkeys(slug for found in lists for slug in found), lambda slug: tuple(slug in found for found in lists))


def _ways(sides: Sides) -> tuple[Sides, Sides]:
    return sides, (sides[1], sides[0])


def _pairs(values: Values, left: Collection[str | None], right: Collection[str | None]) -> int:
    """Of all pairs of a dimension's values, in rows of the first value, those with one of `left` and one of `right`."""
    row = sum(1 << number for number, value in enumerate(values) if value in right)
    return sum(row << number * len(values) for number, value in enumerate(values) if value in left)


def _all(values: Values) -> int:
    return (1 << len(values) ** 2) - 1


def _equal(values: Values) -> int:
    """The pairs of a dimension whose two values are equal; absent equals absent."""
    return sum(1 << number * (len(values) + 1) for number in range(len(values)))


def _same(values: Values, asked: bool) -> int:
    """The pairs whose two values are there and equal, where that is asked; else all."""
    return _equal(values) & _pairs(values, [value for value in values if value is not None], values) if asked else -1


def _meet(one: Box, other: Box) -> Box:
    return tuple(map(and_, one, other))


def _escapes(box: Box, terms: Sequence[Term], effort: Effort) -> bool:
    """Is a part of the box in none of the terms?"""
    left = [(box, 0)]
    while left:
        part, start = left.pop()
        for number in range(start, len(terms)):
            effort.spend()
            common = _meet(part, terms[number].box)
            if 0 not in common:
                inside = (_meet(common, hole) for hole in terms[number].holes)
                left += [(rest, number + 1) for rest in (*_outside(part, terms[number].box), *inside) if 0 not in rest]
                break
        else:
            return True
    return False


def _outside(box: Box, other: Box) -> Iterator[Box]:
    """What is left of a box without another: at most one box per dimension, none overlapping."""
    for number, points in enumerate(other):
        rest = box[number] & ~points
        if rest:
            yield (*box[:number], rest, *box[number + 1 :])
        box = (*box[:number], box[number] & points, *box[number + 1 :])
