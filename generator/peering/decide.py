"""All decisions of an organization at once, without looking at all pairs.

Networks that no selector tells apart, and that agree in everything a `where` compares, form a *cell*. The allows that
compare the same are asked together: the cells that meet them are joined on what they compare, and a pair belongs to
the first join that connects it, those that compare least coming first. A join gives for each cell the set of those it
meets, as the bits of one integer, so counting is cheap however many pairs there are, and nothing is estimated.
A network that the policy connects with more others than AWS can ever connect it to is a *crowd*: its pairs are counted
and never made. What is made is therefore bounded by the number of networks, and what is looked at by their square over
the 30 bits of a digit, where nothing is compared, or values are few; where values are many, joins are small.
The result equals `policy.judge` of every pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product, starmap

from generator.peering.cells import Cell, Rules, cells_of
from generator.peering.joins import Asked, Join
from generator.peering.model import Judgement, Key, Member, key
from generator.peering.policy import Policy

MOST = 125
"""Active peerings that a VPC can have after every increase (L-7E9ECCDB)."""
SHOWN = 2000
"""So many pairs of proposed rules are made, and so many that absence leaves open: they are shown, and nothing follows."""


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


class _Run:
    """One run of `decide`: count first, then make the pairs of whatever is no crowd."""

    def __init__(self, policy: Policy, members: Sequence[Member], most: int) -> None:
        self.most = most
        self.members = members
        self.rules = Rules(policy)
        self.cells = cells_of(self.rules, [each for each in members if not each.retiring and not each.unclassified])
        self.allowed = self.open = 0
        self.found: list[tuple[Cell, tuple[Cell, ...]]] = []
        self.doubtful: list[Join] = []

    def decisions(self) -> Decisions:
        """See `decide`."""
        for join in self._joins(self.rules.allow, self.rules.deny):
            self._count(join)
        pairs = self._made()
        for joins in self.doubtful, self._joins(self.rules.proposed, self.rules.deny | self.rules.allow):
            pairs.update(islice(self._shown(joins), SHOWN))
        number, allowed = len(self.members), self.allowed // 2
        undetermined = self.open // 2 + self._unclassified()
        return Decisions(pairs, self._crowds(), allowed, undetermined, number * (number - 1) // 2 - allowed - undetermined)

    def _joins(self, rules: int, taken: int) -> Iterator[Join]:
        """The joins of some rules: by what they compare, then by the values of that. Each takes its pairs from those that follow."""
        for condition, same in self.rules.by_condition(rules):
            asked = Asked(condition, same, taken)
            taken |= same
            for cells in self._buckets(asked):
                if len(cells) > 1 or len(cells[0].names) > 1:
                    yield Join(self.rules, asked, cells)

    def _buckets(self, asked: Asked) -> Iterable[list[Cell]]:
        """The cells that meet a side of a rule, by the values that the rules compare."""
        found: dict[tuple[str | None, ...], list[Cell]] = {}
        for cell in self.cells:
            if (cell.left | cell.right) & asked.rules:
                values = tuple([cell.values[index] for index in asked.condition])
                if None not in values:
                    found.setdefault(values, []).append(cell)
        return found.values()

    def _count(self, join: Join) -> None:
        """Add what a join gives to the totals, twice since each pair is in two rows, and to the degree of each cell."""
        doubtful = False
        for row in join.rows():
            sure, number = join.number(row, row.sure), len(row.cell.names)
            row.cell.degree += sure
            row.cell.rules |= row.rules if sure else 0
            self.allowed += sure * number
            self.open += join.number(row, row.open) * number
            doubtful = doubtful or bool(row.open)
            if sure and row.cell.degree <= self.most:
                self.found.append((row.cell, tuple(join.partners(row, row.sure))))
        if doubtful:
            self.doubtful.append(join)

    def _made(self) -> dict[Key, Judgement]:
        """The allowed pairs of cells that are no crowds."""
        found: dict[Key, Judgement] = {}
        for one, partners in self.found:
            for other in partners:
                if not self._crowded(one) and not self._crowded(other):
                    judgement = self.rules.judgement(one, other)
                    found.update((pair, judgement) for pair in _pairs(one, other))
        return found

    def _shown(self, joins: Iterable[Join]) -> Iterator[tuple[Key, Judgement]]:
        """The pairs of these joins that are not allowed, one after the other, crowds left out."""
        for join in joins:
            free = join.members(lambda cell: not self._crowded(cell))
            for row in join.rows() if free else ():
                if not self._crowded(row.cell):
                    members = row.open if join.asked.rules & self.rules.allow else row.open | row.sure
                    for other in join.partners(row, members & free):
                        judgement = self.rules.judgement(row.cell, other)
                        yield from ((pair, judgement) for pair in _pairs(row.cell, other))

    def _crowded(self, cell: Cell) -> bool:
        return cell.degree > self.most

    def _unclassified(self) -> int:
        """Pairs with a side that cannot be classified and none that is retiring: those are denied."""
        kinds = Counter("retiring" if each.retiring else "unclear" if each.unclassified else "clear" for each in self.members)
        unclear = kinds["unclear"]
        return unclear * kinds["clear"] + unclear * (unclear - 1) // 2

    def _crowds(self) -> dict[str, Crowd]:
        crowded = (cell for cell in self.cells if self._crowded(cell))
        return {name: Crowd(name, cell.degree, self.rules.ids(cell.rules)) for cell in crowded for name in cell.names}


def _pairs(one: Cell, other: Cell) -> Iterator[Key]:
    return starmap(key, combinations(one.names, 2) if one is other else product(one.names, other.names))
