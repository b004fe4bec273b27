"""What an expression is worth: Terraform's values, told apart as Terraform tells them apart.

Text is `str`, a number `Number`, and true, false and null are Python's; lists, tuples and sets are `Items`, maps and
objects are `Fields`. A part of a value may be `Unknown`. Equality of these classes is for tests; Terraform's
`==` is `same`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from generator.hcl.quoting import text
from generator.hcl.unknown import Unknown

Place = tuple[str, int]
"""File and line."""

_HEAVIEST = 200_000
_LONGEST = 1 << 20
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?\Z")
_MAY_BE_NUMBER = re.compile(r"[-+]?(?:\.?[0-9]|inf)", re.IGNORECASE)


class Fails(Exception):
    """Terraform refuses this: `try` goes on, and `can` is false."""


class Unsure(Exception):
    """Terraform may know the value, or refuse it; we do not know."""


class Later(Exception):
    """Terraform knows the value, and only Terraform."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with finitely many decimals; what Terraform would have to round is unknown."""

    value: Fraction

    @property
    def whole(self) -> int:
        """The number where it has no decimals; Unsure otherwise."""
        if self.value.denominator != 1:
            raise Unsure(f"{self} is no whole number")
        return self.value.numerator

    def __str__(self) -> str:
        """As Terraform writes it into text: no exponent, no zero at the end."""
        scaled, places = self.value, 0
        while scaled.denominator != 1:
            scaled, places = scaled * 10, places + 1
        digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
        sign = "-" if self.value < 0 else ""
        return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


class Kind(enum.Enum):
    """Kinds of collections: Terraform's conversions depend on them."""

    TUPLE = "tuple"
    LIST = "list"
    SET = "set"
    OBJECT = "object"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Items:
    """A tuple, a list, or a set in its order. `places` says where each item stands, as far as that is known."""

    kind: Kind
    values: tuple[Value, ...]
    places: tuple[Place | None, ...] = field(default=(), compare=False)
    doubt: Unknown | None = field(init=False, compare=False, repr=False)
    weight: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Finds what is unknown in it, once for all."""
        _weigh(self, self.values)

    def place(self, number: int) -> Place | None:
        """Where an item stands."""
        return self.places[number] if self.places else None


@dataclass(frozen=True, slots=True)
class Fields:
    """An object or a map, in the order of its keys. `places` says where each of them stands, as far as that is known."""

    kind: Kind
    values: Mapping[str, Value]
    places: Mapping[str, Place | None] = field(default_factory=dict, compare=False)
    doubt: Unknown | None = field(init=False, compare=False, repr=False)
    weight: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Sorts it, and finds what is unknown in it, once for all."""
        object.__setattr__(self, "values", dict(sorted(self.values.items())))
        _weigh(self, self.values.values())


class FromFile(str):
    """Text of a file, which remembers the file: what is decoded from it knows where it stands."""

    __slots__ = ("file",)
    file: str

    @classmethod
    def of(cls, value: str, file: str) -> FromFile:
        """Text, and the path it was read from."""
        found = cls(value)
        found.file = file
        return found


Value = str | bool | None | Number | Items | Fields | Unknown


def _weigh(found: Items | Fields, values: Iterable[Value]) -> None:
    """Its size, so that a few lines that name each other cannot fill the memory; and the doubt that outranks the others."""
    weight, doubt = 1, None
    for value in values:
        weight += weight_of(value)
        here = doubt_of(value)
        if here is not None and (doubt is None or (here.doubt > doubt.doubt)):
            doubt = here
    if weight > _HEAVIEST:
        raise Unsure("more values than requests can need")
    object.__setattr__(found, "weight", weight)
    object.__setattr__(found, "doubt", doubt)


def weight_of(value: Value) -> int:
    """How large a value is, roughly in values."""
    if isinstance(value, (Items, Fields)):
        return value.weight
    return 1 + len(value) // 100 if isinstance(value, str) else 1


def doubt_of(value: Value) -> Unknown | None:
    """What is unknown in a value, if anything is; the greatest doubt comes first."""
    if isinstance(value, (Items, Fields)):
        return value.doubt
    return value if isinstance(value, Unknown) else None


def tuple_of(values: Iterable[Value], places: Iterable[Place | None] = ()) -> Items:
    """A tuple."""
    return Items(Kind.TUPLE, tuple(values), tuple(places))


def bounded(value: str) -> str:
    """Text as Terraform keeps it; Unsure where it is longer than any value AFT takes."""
    if len(value) > _LONGEST:
        raise Unsure("longer than any value AFT takes")
    return text(value)


def number_of(written: str) -> Number:
    """The number that a text says; Fails where it says none, Unsure where it is written in a way we do not calculate."""
    if _NUMBER.match(written):
        found = Fraction(written)
        if found == 0 and written.startswith("-"):
            raise Unsure("a negative zero")
        return Number(found)
    if _MAY_BE_NUMBER.match(written):
        raise Unsure(f"{written!r} is a number in a form that is not evaluated")
    raise Fails(f"{written!r} is no number")


def as_text(value: Value) -> str:
    """A value that Terraform wants as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return str(value)
    raise Fails(f"{name_of(value)} is no text")


def as_number(value: Value) -> Number:
    """A value that Terraform wants as a number."""
    if isinstance(value, str):
        return number_of(value)
    if isinstance(value, Number):
        return value
    raise Fails(f"{name_of(value)} is no number")


_FLAGS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}


def as_flag(value: Value) -> bool:
    """A value that Terraform wants as true or false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _FLAGS:
        return _FLAGS[value]
    raise Fails(f"{name_of(value)} is neither true nor false")


def name_of(value: Value) -> str:
    """What to call a value in a message."""
    if isinstance(value, (Items, Fields)):
        return f"{'an' if value.kind is Kind.OBJECT else 'a'} {value.kind.value}"
    if value is None:
        return "null"
    return repr(value) if isinstance(value, str) else str(value).lower()


def entries(value: Value) -> Iterator[tuple[Value, Value, Place | None]]:
    """Key, value and place of everything in a collection, in Terraform's order; Fails for what is none."""
    if isinstance(value, Fields):
        yield from ((key, item, value.places.get(key)) for key, item in value.values.items())
    elif isinstance(value, Items):
        for number, item in enumerate(value.values):
            yield item if value.kind is Kind.SET else Number(Fraction(number)), item, value.place(number)
    else:
        raise Fails(f"{name_of(value)} is no collection")


def same(one: Value, other: Value) -> bool:
    """Terraform's `==`: values of different types differ. Unsure where only the types of empty collections decide."""
    if isinstance(one, Items) and isinstance(other, Items) and one.kind is other.kind:
        return _all_same(one, one.values, other.values) if len(one.values) == len(other.values) else False
    if isinstance(one, Fields) and isinstance(other, Fields) and one.kind is other.kind:
        alike = list(one.values) == list(other.values)
        return _all_same(one, tuple(one.values.values()), tuple(other.values.values())) if alike else False
    if isinstance(one, str) and isinstance(other, str):
        return str(one) == str(other)
    return type(one) is type(other) and one == other


def _all_same(found: Items | Fields, ours: tuple[Value, ...], theirs: tuple[Value, ...]) -> bool:
    if not ours and found.kind not in (Kind.TUPLE, Kind.OBJECT):
        raise Unsure("two empty collections may have different types")
    return all([same(*pair) for pair in zip(ours, theirs, strict=True)])
