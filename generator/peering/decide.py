"""All decisions of an organization at once, without looking at all pairs.

Networks that no selector tells apart, and that agree in everything a `where` compares, form a *cell*. Each allow is
asked in turn: its two sides are joined on what its `where` compares, and a pair of cells belongs to the first allow
that matches it. Where a join gives few cells they are paired; where it gives many, cells are grouped once more by the
rules that still matter, and pairs are counted by inclusion and exclusion before any is made. A network that the policy
connects with more others than AWS can ever connect it to is a *crowd*: its pairs are counted and never made.
The result equals `policy.judge` of every pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from generator.peering.cells import Cell, Rules, Term, View, cells_of, terms, views
from generator.peering.model import Decision, Judgement, Key, Member, key
from generator.peering.policy import Policy

MOST = 125
"""Active peerings that a VPC can have after every increase (L-7E9ECCDB)."""
SHOWN = 2000
"""So many pairs of proposed rules are made, and so many that absence leaves open: they are shown, and nothing follows."""
_FEW = 1000
"""So many pairs of cells of one join are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A network that rules connect with `wanted` others, which is more than a VPC can have."""

    network: str
    wanted: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Every pair that is not simply denied, those of crowds excepted; and how many pairs there are of each kind.

    `undetermined` counts pairs with a side that cannot be classified too; `pairs` holds only those left open by absence,
    and of these as of the proposed ones no more than `SHOWN`.
    """

    pairs: Mapping[Key, Judgement]
    crowds: Mapping[str, Crowd]
    allowed: int
    undetermined: int
    denied: int


def decide(policy: Policy, members: Sequence[Member], most: int = MOST) -> Decisions:
    """The decisions about all pairs of `members`; `policy` is that of the day (see `policy.on`)."""
    return _Run(policy, members, most).decisions()


@dataclass(frozen=True, slots=True)
class _Join:
    """The cells that one allow may connect, as far as its condition is concerned."""

    rule: int
    left: tuple[Cell, ...]
    right: tuple[Cell, ...]

    def pairs(self) -> Iterator[tuple[Cell, Cell]]:
        """Every pair of cells, once, whichever way round it matches."""
        bit = 1 << self.rule
        for one in self.left:
            for other in self.right:
                both_ways = other.left & bit and one.right & bit
                if not both_ways or one.index <= other.index:
                    yield one, other


class _Run:
    """One run of `decide`: count first, then make the pairs of whatever is no crowd."""

    def __init__(self, policy: Policy, members: Sequence[Member], most: int) -> None:
        self.most = most
        self.members = members
        self.rules = Rules(policy)
        self.cells = cells_of(self.rules, [each for each in members if not each.retiring and not each.unclassified])
        self.allowed = self.open = 0
        # by decision; what is denied is there only where it is proposed
        self.pairs: dict[Decision, dict[Key, Judgement]] = {decision: {} for decision in Decision}
        self.found: list[tuple[Cell, Cell, Judgement]] = []
        self.wide: list[tuple[int, View, View, int]] = []

    def decisions(self) -> Decisions:
        """See `decide`."""
        for join in self._joins():
            if len(join.left) * len(join.right) <= _FEW:
                self._look(join)
            else:
                self._count(join)
        for one, other, judgement in self.found:
            self._make(one, other, judgement)
        for rule, left, right, allowed in self.wide:
            shown = self.pairs[Decision.DENY if self.rules.proposed >> rule & 1 else Decision.UNDETERMINED]
            for one, other in self._connecting(rule, left, right):
                if not allowed and len(shown) == SHOWN:
                    break
                self._make(one, other, self.rules.judgement(one, other))
        undetermined = self.open + self._unclassified()
        number = len(self.members)
        denied = number * (number - 1) // 2 - self.allowed - undetermined
        pairs = {pair: judgement for made in self.pairs.values() for pair, judgement in made.items()}
        return Decisions(pairs, self._crowds(), self.allowed, undetermined, denied)

    def _joins(self) -> Iterator[_Join]:
        """The joins of each allow in turn, with something on both sides."""
        for rule in self.rules.order:
            left, right = (self._buckets(rule, side) for side in ("left", "right"))
            for values, cells in left.items():
                if values in right:
                    yield _Join(rule, tuple(cells), tuple(right[values]))

    def _buckets(self, rule: int, side: str) -> dict[tuple[str | None, ...], list[Cell]]:
        """The cells that meet a side of a rule, by the values that the rule compares."""
        condition = self.rules.conditions[rule]
        found: dict[tuple[str | None, ...], list[Cell]] = {}
        for cell in self.cells:
            if getattr(cell, side) >> rule & 1:
                values = tuple(cell.values[index] for index in condition)
                if None not in values:
                    found.setdefault(values, []).append(cell)
        return found

    def _look(self, join: _Join) -> None:
        """Judge each pair of cells of a small join."""
        for one, other in join.pairs():
            if self.rules.first(one, other) == join.rule:
                judgement = self.rules.judgement(one, other)
                if judgement.decision is not Decision.DENY or judgement.proposed:
                    self.found.append((one, other, judgement))
                    self._add(one, other, judgement, join.rule)

    def _add(self, one: Cell, other: Cell, judgement: Judgement, rule: int) -> None:
        same = one is other
        number = len(one.names) * (len(one.names) - 1) // 2 if same else len(one.names) * len(other.names)
        if judgement.decision is Decision.UNDETERMINED:
            self.open += number
        if judgement.decision is Decision.ALLOW:
            self.allowed += number
            one.meets(len(other.names) - same, rule)
            if not same:
                other.meets(len(one.names), rule)

    def _count(self, join: _Join) -> None:
        """Count the pairs of a large join by groups of cells, without making them."""
        listed = views(self.rules, join.rule, {cell.index: cell for cell in (*join.left, *join.right)}.values())
        for number, one in enumerate(listed):
            for other in listed[number:]:
                self._meet(join.rule, one, other)

    def _meet(self, rule: int, one: View, other: View) -> None:
        """Add what two groups give to the totals and to the degree of each cell."""
        strict, loose = self.rules.matching(one, other)
        earlier = self.rules.conditions_of(strict & self.rules.before[rule])
        denies = self.rules.conditions_of(strict & self.rules.deny)
        if not strict >> rule & 1 or () in earlier or () in denies:
            return
        if self.rules.proposed >> rule & 1:
            self.wide.append((rule, one, other, 0))
            return
        taken = earlier | denies
        open_terms, sure_terms = terms(taken), terms(taken | self.rules.conditions_of(loose & self.rules.deny))
        allowed = _total(one, other, sure_terms)
        self.wide.append((rule, one, other, allowed))
        self.allowed += allowed
        self.open += _total(one, other, open_terms) - allowed
        for left, right in [(one, other)] if one is other else [(one, other), (other, one)]:
            for cell in left.cells:
                cell.meets(_degree(cell, right, sure_terms, same=one is other), rule)

    def _connecting(self, rule: int, left: View, right: View) -> Iterator[tuple[Cell, Cell]]:
        """The pairs of cells of two groups that belong to a rule, crowds left out."""
        partners = [cell for cell in right.cells if cell.degree <= self.most]
        for one in left.cells:
            if one.degree <= self.most:
                for other in partners:
                    if (left is not right or one.index <= other.index) and self.rules.first(one, other) == rule:
                        yield one, other

    def _make(self, one: Cell, other: Cell, judgement: Judgement) -> None:
        """Make the pairs of two cells that are no crowds."""
        if one.degree > self.most or other.degree > self.most:
            return
        into = self.pairs[judgement.decision]
        if judgement.decision is not Decision.DENY or judgement.proposed:
            room = None if judgement.decision is Decision.ALLOW else SHOWN - len(into)
            names = combinations(one.names, 2) if one is other else product(one.names, other.names)
            into.update((key(*pair), judgement) for pair in islice(names, room))

    def _unclassified(self) -> int:
        """Pairs with a side that cannot be classified and none that is retiring: those are denied."""
        kinds = Counter("retiring" if each.retiring else "unclear" if each.unclassified else "clear" for each in self.members)
        unclear = kinds["unclear"]
        return unclear * kinds["clear"] + unclear * (unclear - 1) // 2

    def _crowds(self) -> dict[str, Crowd]:
        crowded = (cell for cell in self.cells if cell.degree > self.most)
        return {name: Crowd(name, cell.degree, self.rules.ids(cell.rules)) for cell in crowded for name in cell.names}


def _total(one: View, other: View, counted: Iterable[Term]) -> int:
    same = one is other
    found = sum(len(cell.names) * _degree(cell, other, counted, same=same) for cell in one.cells)
    return found // 2 if same else found


def _degree(cell: Cell, partners: View, counted: Iterable[Term], *, same: bool) -> int:
    """With how many members of a group a member of a cell meets none of the conditions that were taken away."""
    found = 0
    for condition, sign in counted:
        agreeing = partners.agreeing(cell, condition)
        found += sign * (agreeing - 1 if agreeing and same else agreeing)
    return found
