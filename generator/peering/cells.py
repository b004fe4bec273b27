"""Rules as bits, and networks that no rule tells apart as cells: what makes deciding about everything cheap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from generator.peering.model import Judgement, Member
from generator.peering.policy import Effect, Match, Policy, Rule, Selector, Sides, conclude

Condition = tuple[int, ...]
"""Which of the compared values must be equal: indices into a cell's values. Empty: no condition."""
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


def agree(one: Cell, other: Cell, condition: Condition) -> bool:
    """Do two cells have equal values of everything a condition compares?"""
    for index in condition:
        value = one.values[index]
        if value is None or value != other.values[index]:
            return False
    return True


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
        self.clauses_of = [[n for n, (of, _) in enumerate(self.clauses) if of == number] for number in range(len(self.rules))]
        self.keys = sorted({name for rule in self.rules for name in rule.where.same_tags})
        self.by_region = any(rule.where.same_region for rule in self.rules)
        self.conditions = [self._condition(rule) for rule in self.rules]
        self.conditional = [(condition, mask) for condition, mask in self.by_condition(-1) if condition]
        self._conclude = lru_cache(maxsize=None)(self._concluded)

    def _condition(self, rule: Rule) -> Condition:
        region = (len(self.keys),) if rule.where.same_region else ()
        return (*sorted(self.keys.index(name) for name in rule.where.same_tags), *region)

    def by_condition(self, mask: int) -> list[tuple[Condition, int]]:
        """Some rules by what they compare, those that compare least first; in whatever order they are written."""
        distinct = sorted(set(self.conditions), key=lambda each: (len(each), each))
        found = [(each, mask & _mask(condition == each for condition in self.conditions)) for each in distinct]
        return [(condition, rules) for condition, rules in found if rules]

    def values(self, member: Member) -> tuple[str | None, ...]:
        """Everything that a `where` compares."""
        region = (member.region,) if self.by_region else ()
        return (*(member.tags.get(name) for name in self.keys), *region)

    def matching(self, one: Cell, other: Cell) -> tuple[int, int]:
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
    answers = _Answers(rules)
    known: dict[tuple[str | None, ...], Masks] = {}
    cells: dict[tuple[Masks, tuple[str | None, ...]], Cell] = {}
    for member in sorted(members, key=lambda each: each.name):
        seen = answers.seen(member)
        if seen not in known:
            known[seen] = answers.masks(seen, member)
        place = known[seen], rules.values(member)
        if place not in cells:
            cells[place] = Cell(len(cells), *place[0], place[1])
        cells[place].names.append(member.name)
    return list(cells.values())


class _Answers:
    """What selectors say of members. Each tag answers by itself, once per value: a selector is met where all it asks about agree."""

    def __init__(self, rules: Rules) -> None:
        rows = (1 << len(rules.rules)) - 1, (1 << len(rules.clauses)) - 1
        self.all = rows[0], rows[0], rows[0], rows[0], rows[1], rows[1]
        # by tag, None being the account: which mask, which bit of it, and what a selector asks of this one
        self.asked: dict[str | None, list[tuple[int, int, Selector]]] = {}
        for number, rule in enumerate(rules.rules):
            self._ask(0, number, rule.sides)
        for number, (_, clause) in enumerate(rules.clauses):
            self._ask(4, number, clause.sides)
        self.accounts = {slug for asked in self.asked.get(None, ()) for slug in asked[2].accounts}
        self.known: dict[tuple[str | None, str | None], Masks] = {}

    def _ask(self, first: int, number: int, sides: Sides) -> None:
        for place, selector in enumerate(sides, first):
            for requirement in selector.requirements:
                self.asked.setdefault(requirement.key, []).append((place, number, Selector((requirement,))))
            if selector.accounts:
                self.asked.setdefault(None, []).append((place, number, Selector(accounts=selector.accounts)))

    def seen(self, member: Member) -> tuple[str | None, ...]:
        """All that selectors see of a member: a value of each tag they ask about; its account, where one of them names it."""
        account = member.account if member.account in self.accounts else None
        return tuple(account if name is None else member.tags.get(name) for name in self.asked)

    def masks(self, seen: tuple[str | None, ...], member: Member) -> Masks:
        """What every selector says of a member, of whom it sees this."""
        found = self.all
        for name, value in zip(self.asked, seen, strict=True):
            if (name, value) not in self.known:
                self.known[name, value] = self._masks(name, member)
            one, other = found, self.known[name, value]
            found = one[0] & other[0], one[1] & other[1], one[2] & other[2], one[3] & other[3], one[4] & other[4], one[5] & other[5]
        return found

    def _masks(self, name: str | None, member: Member) -> Masks:
        found = list(self.all)
        for place, number, asked in self.asked[name]:
            match = asked.match(member)
            if match is not Match.YES:
                found[place] &= ~(1 << number)
            if match is Match.NO and place < 2:
                found[place + 2] &= ~(1 << number)
        return found[0], found[1], found[2], found[3], found[4], found[5]
