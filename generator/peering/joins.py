"""The pairs that rules of one condition connect among the cells that meet it: for each cell, a row of partners, a bit per member.

Few cells are compared two by two, by all rules at once. Many are compared with sets: whom a rule matches is the members
who meet its other side, less those of its exceptions; a deny, or an allow that was asked before, takes its set away
from it, where values must agree only as far as they do. Cells of one kind share all of that but their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from generator.peering.cells import Cell, Condition, Masks, Rules, bits, mask_of


@dataclass(frozen=True, slots=True)
class Row:
    """Whom the members of a cell meet by a join, themselves among them where they meet each other: bits of members.

    `sure` for certain, by `rules`; `open` but for a tag that is absent.
    """

    place: int
    cell: Cell
    sure: int
    open: int
    rules: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Rules that compare the same. A pair that a rule of `taken` matches is not theirs; every deny is among those."""

    condition: Condition
    rules: int
    taken: int


class Join:
    """Cells that agree in all that some rules compare."""

    def __init__(self, rules: Rules, asked: Asked, cells: Sequence[Cell]) -> None:
        self.rules = rules
        self.asked = asked
        self.cells = cells

    @cached_property
    def _starts(self) -> list[int]:
        """The first bit of each cell, and the end."""
        found = [0]
        for cell in self.cells:
            found.append(found[-1] + len(cell.names))
        return found

    @cached_property
    def _blocks(self) -> list[int]:
        """The bits of each cell's members."""
        return [((1 << len(cell.names)) - 1) << start for cell, start in zip(self.cells, self._starts, strict=False)]

    @cached_property
    def _at(self) -> list[int]:
        """The place of the cell that a bit belongs to."""
        return [place for place, cell in enumerate(self.cells) for _ in cell.names]

    def rows(self) -> Iterator[Row]:
        """A row for each cell that meets anybody. Two cells are compared by all rules at once, a cell and a set of cells rule by rule."""
        return self._by_pairs() if len(self.cells) <= len(self.rules.rules) else self._by_sets()

    def number(self, row: Row, partners: int) -> int:
        """How many of these partners a member of a row's cell meets."""
        return partners.bit_count() - bool(partners & self._blocks[row.place])

    def members(self, wanted: Callable[[Cell], bool]) -> int:
        """The bits of some cells."""
        found = 0
        for cell, block in zip(self.cells, self._blocks, strict=True):
            if wanted(cell):
                found |= block
        return found

    def partners(self, row: Row, members: int) -> Iterator[Cell]:
        """The cells of these members from the row's own on: so each pair of a join comes once."""
        first = self._starts[row.place] if len(row.cell.names) > 1 else self._starts[row.place + 1]
        members >>= first
        while members:
            place = self._at[first + (members & -members).bit_length() - 1]
            yield self.cells[place]
            members >>= self._starts[place + 1] - first
            first = self._starts[place + 1]

    def _by_pairs(self) -> Iterator[Row]:
        """By looking at every two cells."""
        met = list(self._met())
        if not met:
            return
        sure, open, rules = ([0] * len(self.cells) for _ in range(3))
        for place, beside, strict, loose in met:
            doubtful = loose & self.rules.deny
            into = open if doubtful else sure
            for here, there in (place, beside), (beside, place):
                into[here] |= self._blocks[there]
                rules[here] |= 0 if doubtful else strict & self.asked.rules
        for place, cell in enumerate(self.cells):
            if sure[place] or open[place]:
                yield Row(place, cell, sure[place], open[place], rules[place])

    def _met(self) -> Iterator[tuple[int, int, int, int]]:
        """The places of two cells that meet, and the rules that match them: strictly, and by absence only."""
        asked, cells = self.asked, self.cells
        for place, one in enumerate(cells):
            for beside in range(place if len(one.names) > 1 else place + 1, len(cells)):
                other = cells[beside]
                if (one.left & other.right | one.right & other.left) & asked.rules:
                    strict, loose = self.rules.holding(one, other)
                    if not strict & asked.taken:
                        yield place, beside, strict, loose

    def _by_sets(self) -> Iterator[Row]:
        """By adding up whom each kind of cell meets, and taking away, for each cell, those with whom it agrees in too much."""
        sets = _Sets(self.rules, self.asked, self.cells, self._blocks)
        for kind, places in sets.kinds.items():
            given = sets.given(kind)
            if given is not None:
                for place in places:
                    row = given.row(place, self.cells[place])
                    if row.sure or row.open:
                        yield row


Agreeing = tuple[Sequence[int], int]
"""For each place the members that agree with its cell in something, and those of them to whom it matters."""


@dataclass(frozen=True, slots=True)
class _Given:
    """Whom a kind of cell may meet, by which rules; and who of them is taken away, or left open, at once or by agreeing in something."""

    partners: int
    by_rule: Sequence[tuple[int, int]]
    taken: Sequence[Agreeing]
    open: int
    opened: Sequence[Agreeing]

    def row(self, place: int, cell: Cell) -> Row:
        """What is left for one cell of the kind."""
        sure, open = self.partners, self.open
        for agreeing, members in self.taken:
            sure ^= sure & members & agreeing[place]
        for agreeing, members in self.opened:
            open |= members & agreeing[place]
        open &= sure
        sure ^= open
        return Row(place, cell, sure, open, mask_of(rule for rule, members in self.by_rule if members & sure))


class _Sets:
    """The members of a join that meet each side of each rule and exception; and its cells by kind, which is how they answer selectors."""

    def __init__(self, rules: Rules, asked: Asked, cells: Sequence[Cell], blocks: Sequence[int]) -> None:
        self.rules = rules
        self.asked = asked
        self.cells = cells
        self.blocks = blocks
        self.kinds = self._kinds()
        self.members = self._members()
        self.taken = self._beyond(asked.taken)
        self.denies = self._beyond(asked.taken & rules.deny & self._doubtful())
        self._agreeing: dict[Condition, Sequence[int]] = {}

    def _kinds(self) -> Mapping[Masks, Sequence[int]]:
        """The places of the cells that the rules which matter here do not tell apart."""
        relevant = self.asked.rules | self.asked.taken
        found: dict[Masks, list[int]] = {}
        for place, cell in enumerate(self.cells):
            sides = cell.left & relevant, cell.right & relevant, cell.left_loose & relevant, cell.right_loose & relevant
            found.setdefault((*sides, cell.unless_left, cell.unless_right), []).append(place)
        return found

    def _doubtful(self) -> int:
        """The rules that some cell meets only because a tag is absent."""
        return reduce(or_, (kind[0] ^ kind[2] | kind[1] ^ kind[3] for kind in self.kinds))

    def _members(self) -> Sequence[Mapping[int, int]]:
        """For each mask of a kind: the members that have each bit of it."""
        found: list[dict[int, int]] = [{} for _ in range(6)]
        for kind, places in self.kinds.items():
            block = reduce(or_, (self.blocks[place] for place in places))
            for members, mask in zip(found, kind, strict=True):
                for number in bits(mask):
                    members[number] = members.get(number, 0) | block
        return found

    def _beyond(self, mask: int) -> list[tuple[Condition, int]]:
        """Some rules by what they compare beyond what all cells agree in already; those that compare no more come first."""
        found: dict[Condition, int] = {}
        for condition, rules in self.rules.by_condition(mask):
            rest = tuple(index for index in condition if index not in self.asked.condition)
            found[rest] = found.get(rest, 0) | rules
        return sorted(found.items())

    def given(self, kind: Masks) -> _Given | None:
        """What the rules say of a kind; None where it meets nobody."""
        by_rule = [(rule, self._matching(kind, rule, 0)) for rule in bits(self.asked.rules & (kind[0] | kind[1]))]
        partners = reduce(or_, (members for _, members in by_rule), 0)
        anyway, taken = self._split(kind, partners, self.taken, lambda rule: self._matching(kind, rule, 0))
        partners ^= anyway
        if not partners:
            return None
        doubtful = self._split(kind, partners, self.denies, lambda rule: self._matching(kind, rule, 0) ^ self._matching(kind, rule, 2))
        return _Given(partners, by_rule, taken, *doubtful)

    def _split(
        self, kind: Masks, partners: int, rules: Sequence[tuple[Condition, int]], matching: Callable[[int], int]
    ) -> tuple[int, Sequence[Agreeing]]:
        """The partners that rules match whatever their values are, and those of the others that they match where values agree."""
        anyway, agreeing = 0, []
        asking = kind[2] | kind[3]
        for condition, mask in rules:
            members = 0
            for rule in bits(mask & asking):
                members |= matching(rule)
            members &= partners
            if members and condition:
                agreeing.append((self.agreeing(condition), members))
            elif members:
                anyway, partners = members, partners ^ members
        return anyway, agreeing

    def _matching(self, kind: Masks, number: int, side: int) -> int:
        """The members that match a kind by a rule strictly (side 0) or at all (side 2), or by an exception (side 4)."""
        left, right = kind[side] >> number & 1, kind[side + 1] >> number & 1
        if not left and not right:
            return 0
        found = self.members[side + 1].get(number, 0) if left else 0
        if right:
            found |= self.members[side].get(number, 0)
        if side < 4:
            for clause in self.rules.clauses_of[number]:
                found ^= found & self._matching(kind, clause, 4)
        return found

    def agreeing(self, condition: Condition) -> Sequence[int]:
        """For each place the members with equal values; none where nobody else has them, or one is absent."""
        if condition not in self._agreeing:
            self._agreeing[condition] = self._agreeing_in(condition)
        return self._agreeing[condition]

    def _agreeing_in(self, condition: Condition) -> Sequence[int]:
        places: dict[tuple[str | None, ...], list[int]] = {}
        for place, cell in enumerate(self.cells):
            places.setdefault(tuple(cell.values[index] for index in condition), []).append(place)
        found = [0] * len(self.cells)
        for values, group in places.items():
            if None not in values and (len(group) > 1 or len(self.cells[group[0]].names) > 1):
                block = reduce(or_, (self.blocks[place] for place in group))
                for place in group:
                    found[place] = block
        return found
