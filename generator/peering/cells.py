"""Rules as bits, and networks that no rule tells apart as cells: what makes deciding about everything cheap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from generator.peering.model import Judgement, Member
from generator.peering.policy import Effect, Match, Policy, Rule, Sides, conclude

Condition = tuple[int, ...]
"""Which of the compared values must be equal: indices into a cell's values. Empty: no condition."""
Term = tuple[Condition, int]
"""A condition with its sign in a sum of inclusion and exclusion."""
Masks = tuple[int, int, int, int, int, int]
"""What selectors answer, a bit per rule: left and right side strictly, left and right also by absence; then per clause of `unless`."""


@dataclass(slots=True, eq=False)
class Cell:
    """Members with the same answers to all selectors, and with equal values of everything that a `where` compares."""

    index: int
    left: int
    right: int
    left_loose: int
    right_loose: int
    unless_left: int
    unless_right: int
    values: tuple[str | None, ...]
    names: list[str] = field(default_factory=list)
    degree: int = 0
    rules: int = 0

    def meets(self, number: int, rule: int) -> None:
        """Each of its members meets so many more networks by a rule."""
        if number:
            self.degree += number
            self.rules |= 1 << rule


@dataclass(slots=True, eq=False)
class View:
    """Cells that the rules which still matter do not tell apart. The masks hold the bits of those rules only."""

    left: int
    right: int
    left_loose: int
    right_loose: int
    unless_left: int
    unless_right: int
    cells: list[Cell] = field(default_factory=list)
    _counts: dict[Condition, Counter[tuple[str | None, ...]]] = field(default_factory=dict)

    def agreeing(self, cell: Cell, condition: Condition) -> int:
        """How many members have the values that a condition compares; an absent value equals nothing."""
        if condition not in self._counts:
            counts: Counter[tuple[str | None, ...]] = Counter()
            for each in self.cells:
                counts[tuple(each.values[index] for index in condition)] += len(each.names)
            self._counts[condition] = counts
        values = tuple(cell.values[index] for index in condition)
        return 0 if None in values else self._counts[condition][values]


def agree(one: Cell, other: Cell, condition: Condition) -> bool:
    """Do two cells have equal values of everything a condition compares?"""
    return all(one.values[index] is not None and one.values[index] == other.values[index] for index in condition)


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def mask_of(numbers: Iterable[int]) -> int:
    """The mask with these bits."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def _mask(flags: Iterable[bool]) -> int:
    return mask_of(number for number, flag in enumerate(flags) if flag)


class Rules:
    """The rules of a policy as masks."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.rules = policy.rules
        self.allow = _mask(rule.effect is Effect.ALLOW and not rule.proposed for rule in self.rules)
        self.proposed = _mask(rule.proposed for rule in self.rules)
        self.deny = _mask(rule.effect is Effect.DENY for rule in self.rules)
        self.clauses = [(number, clause) for number, rule in enumerate(self.rules) for clause in rule.unless]
        self.keys = sorted({name for rule in self.rules for name in rule.where.same_tags})
        self.by_region = any(rule.where.same_region for rule in self.rules)
        self.conditions = [self._condition(rule) for rule in self.rules]
        self.conditional = self._conditional()
        self.order = self._order()
        self.before = {rule: mask_of(self.order[:place]) for place, rule in enumerate(self.order)}
        self._conclude = lru_cache(maxsize=None)(self._concluded)

    def _condition(self, rule: Rule) -> Condition:
        region = (len(self.keys),) if rule.where.same_region else ()
        return (*sorted(self.keys.index(name) for name in rule.where.same_tags), *region)

    def _conditional(self) -> list[tuple[Condition, int]]:
        """The rules with each condition."""
        distinct = dict.fromkeys(condition for condition in self.conditions if condition)
        return [(each, _mask(condition == each for condition in self.conditions)) for each in distinct]

    def _order(self) -> list[int]:
        """The allows in the order in which a pair is given to the first that matches: wide ones first, proposed ones last."""

        def width(rule: int) -> tuple[bool, int, int]:
            asked = sum(len(side.requirements) + bool(side.accounts) for side in self.rules[rule].sides)
            return self.rules[rule].proposed, len(self.conditions[rule]), asked

        return sorted(bits(self.allow | self.proposed), key=width)

    def values(self, member: Member) -> tuple[str | None, ...]:
        """Everything that a `where` compares."""
        region = (member.region,) if self.by_region else ()
        return (*(member.tags.get(name) for name in self.keys), *region)

    def conditions_of(self, mask: int) -> frozenset[Condition]:
        """The distinct conditions of some rules; one without a condition makes the others superfluous."""
        found = frozenset(self.conditions[number] for number in bits(mask))
        return frozenset([()]) if () in found else found

    def matching(self, one: Cell | View, other: Cell | View) -> tuple[int, int]:
        """The rules whose sides match, strictly and by absence only; exceptions are taken off, conditions not yet looked at."""
        strict = (one.left & other.right) | (one.right & other.left)
        loose = (one.left_loose & other.right_loose) | (one.right_loose & other.left_loose)
        clauses = (one.unless_left & other.unless_right) | (one.unless_right & other.unless_left)
        excused = mask_of(self.clauses[number][0] for number in bits(clauses)) if clauses else 0
        return strict & ~excused, loose & ~excused & ~strict

    def holding(self, one: Cell, other: Cell) -> tuple[int, int]:
        """The rules that match two cells with all they ask."""
        strict, loose = self.matching(one, other)
        for condition, mask in self.conditional:
            if (strict | loose) & mask and not agree(one, other, condition):
                strict, loose = strict & ~mask, loose & ~mask
        return strict, loose

    def first(self, one: Cell, other: Cell) -> int | None:
        """The allow that a pair of cells belongs to: the first that matches; none where a deny does."""
        strict, _ = self.holding(one, other)
        allows = strict & (self.allow | self.proposed)
        if strict & self.deny or not allows:
            return None
        return next(rule for rule in self.order if allows >> rule & 1)

    def judgement(self, one: Cell, other: Cell) -> Judgement:
        """The decision about two cells."""
        found: Judgement = self._conclude(*self.holding(one, other))
        return found

    def _concluded(self, strict: int, loose: int) -> Judgement:
        return conclude([(self.rules[n], Match.YES if strict >> n & 1 else Match.BY_ABSENCE) for n in bits(strict | loose)])

    def ids(self, mask: int) -> tuple[str, ...]:
        """The ids of some rules, sorted."""
        return tuple(sorted(self.rules[number].id for number in bits(mask)))


def cells_of(rules: Rules, members: Sequence[Member]) -> list[Cell]:
    """Group the members: those that look alike to every selector are asked once."""
    selectors = list(rules.policy.sides())
    tags = sorted({requirement.key for selector in selectors for requirement in selector.requirements})
    accounts = {slug for selector in selectors for slug in selector.accounts}
    known: dict[tuple[str | None, ...], Masks] = {}
    cells: dict[tuple[Masks, tuple[str | None, ...]], Cell] = {}
    for member in sorted(members, key=lambda each: each.name):
        seen = (*map(member.tags.get, tags), member.account if member.account in accounts else None)
        if seen not in known:
            known[seen] = _masks(rules, member)
        place = known[seen], rules.values(member)
        if place not in cells:
            cells[place] = Cell(len(cells), *place[0], place[1])
        cells[place].names.append(member.name)
    return list(cells.values())


def _masks(rules: Rules, member: Member) -> Masks:
    """What every selector of every rule says of a member."""
    left, right = _matches(member, [rule.sides for rule in rules.rules])
    clauses = _matches(member, [clause.sides for _, clause in rules.clauses])
    strict = [_mask(found is Match.YES for found in matches) for matches in (left, right, *clauses)]
    loose = [_mask(found is not Match.NO for found in matches) for matches in (left, right)]
    return strict[0], strict[1], loose[0], loose[1], strict[2], strict[3]


def _matches(member: Member, sides: Sequence[Sides]) -> tuple[list[Match], list[Match]]:
    return [left.match(member) for left, _ in sides], [right.match(member) for _, right in sides]


def views(rules: Rules, rule: int, cells: Iterable[Cell]) -> list[View]:
    """Cells grouped by what still matters once a rule is asked: itself, the allows before it, and the denies."""
    relevant = rules.before[rule] | 1 << rule | rules.deny
    found: dict[Masks, View] = {}
    for cell in cells:
        sides = (cell.left & relevant, cell.right & relevant, cell.left_loose & relevant, cell.right_loose & relevant)
        masks = (*sides, cell.unless_left, cell.unless_right)
        if masks not in found:
            found[masks] = View(*masks)
        found[masks].cells.append(cell)
    return list(found.values())


@lru_cache(maxsize=1 << 12)
def terms(taken: frozenset[Condition]) -> tuple[Term, ...]:
    """Inclusion and exclusion: conditions with their signs, whose agreeing pairs add up to "all, less those that meet one of these"."""
    found: Counter[Condition] = Counter({(): 1})
    for condition in taken:
        # equal terms are added up at once: there are never more than sets of compared values
        for term, sign in list(found.items()):
            found[tuple(sorted({*term, *condition}))] -= sign
    return tuple((condition, sign) for condition, sign in sorted(found.items()) if sign)
