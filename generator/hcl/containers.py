"""Terraform's functions over lists, sets, maps and objects."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.hcl.texts import characters
from generator.hcl.unification import convert, list_of, set_of, type_of, unify
from generator.hcl.values import (
    Fails,
    Fields,
    Items,
    Kind,
    Number,
    Place,
    Unsure,
    Value,
    as_flag,
    as_text,
    entries,
    name_of,
    same,
    tuple_of,
)

_MOST_COMPARED = 1_000


def _sequence(value: Value) -> Items:
    if not isinstance(value, Items):
        raise Fails(f"{name_of(value)} is no list")
    return value


def _ordered(value: Value) -> Items:
    if isinstance(value, Items) and value.kind is Kind.SET:
        raise Unsure("a set, where a list is wanted")
    return _sequence(value)


def _mapping(value: Value) -> Fields:
    if not isinstance(value, Fields):
        raise Fails(f"{name_of(value)} is no map")
    return value


def merge(*values: Value) -> Value:
    """`merge`: the last one wins; null counts for nothing."""
    given = [_mapping(value) for value in values if value is not None]
    if values and not given:
        raise Unsure("merge of nothing but null")
    merged: dict[str, Value] = {}
    places: dict[str, Place | None] = {}
    for found in given:
        merged |= found.values
        places |= {key: found.places.get(key) for key in found.values}
    if len(given) > 1 and any(found.kind is Kind.MAP for found in given):
        return _merged_maps(given, merged, places)
    return Fields(given[0].kind if len(given) == 1 else Kind.OBJECT, merged, places)


def _merged_maps(given: list[Fields], merged: dict[str, Value], places: dict[str, Place | None]) -> Fields:
    """Maps of one type stay a map; with anything else among them the result is an object."""
    types = {type_of(found) for found in given}
    return Fields(Kind.MAP if len(types) == 1 else Kind.OBJECT, merged, places)


def lookup(value: Value, key: str, *otherwise: Value) -> Value:
    """`lookup`; what a map of one type has not becomes one of that type."""
    found = _mapping(value)
    if key in found.values:
        return found.values[key]
    if not otherwise:
        raise Fails(f"there is no {key!r}, and lookup has no third argument")
    if found.kind is Kind.OBJECT:
        return otherwise[0]
    types = [type_of(item) for item in found.values.values()][:1]
    if not types or unify([*types, type_of(otherwise[0])]) != types[0]:
        raise Unsure("a lookup whose third argument is of another type")
    return convert(otherwise[0], types[0])


def keys(value: Value) -> Value:
    """`keys`, sorted."""
    found = _mapping(value)
    kind = Kind.LIST if found.kind is Kind.MAP else Kind.TUPLE
    return Items(kind, tuple(found.values), tuple(found.places.get(key) for key in found.values))


def values(value: Value) -> Value:
    """`values`, in the order of the keys."""
    found = _mapping(value)
    kind = Kind.LIST if found.kind is Kind.MAP else Kind.TUPLE
    return Items(kind, tuple(found.values.values()), tuple(found.places.get(key) for key in found.values))


def zipmap(names: Value, items: Value) -> Value:
    """`zipmap`; of two equal names the last one would win."""
    texts, found = [as_text(name) for name in list_of(_ordered(names)).values], _ordered(items)
    if len(texts) != len(found.values):
        raise Fails("zipmap wants as many keys as values")
    if len(set(texts)) < len(texts):
        raise Unsure("zipmap with one key twice")
    return Fields(Kind.OBJECT if found.kind is Kind.TUPLE else Kind.MAP, dict(zip(texts, found.values, strict=True)))


def length(value: Value) -> Value:
    """`length` of a collection or a text."""
    if isinstance(value, str):
        return characters(value)
    return Number(Fraction(sum(1 for _ in entries(value))))


def contains(value: Value, wanted: Value) -> Value:
    """`contains`: a value of another type is another value."""
    return any([same(item, wanted) for item in _sequence(value).values])


def index(value: Value, wanted: Value) -> Value:
    """`index` of the first equal element."""
    found = [number for number, item in enumerate(_ordered(value).values) if same(item, wanted)]
    if not found:
        raise Fails("index finds no such element")
    return Number(Fraction(found[0]))


def element(value: Value, number: Number) -> Value:
    """`element`, which begins anew at the end."""
    found = _ordered(value)
    if not found.values:
        raise Fails("element of an empty list")
    if number.whole < 0:  # newer versions of Terraform count from the end
        raise Unsure("a place counted from the end")
    return found.values[number.whole % len(found.values)]


def slice_of(value: Value, start: Number, end: Number) -> Value:
    """`slice`."""
    found, first, last = _ordered(value), start.whole, end.whole
    if not 0 <= first <= last <= len(found.values):
        raise Fails("slice goes beyond the list")
    return Items(found.kind, found.values[first:last], found.places[first:last])


def reverse(value: Value) -> Value:
    """`reverse`."""
    found = _ordered(value)
    return Items(found.kind, found.values[::-1], found.places[::-1])


def concat(*values: Value) -> Value:
    """`concat`: lists of one type stay one, anything else makes a tuple."""
    if not values:
        raise Unsure("concat without a list")
    lists = [_ordered(value) for value in values]
    items = [item for found in lists for item in found.values]
    places = [found.place(number) for found in lists for number in range(len(found.values))]
    if all(found.kind is Kind.LIST for found in lists):
        made = list_of(tuple_of(items, places)) if items else Items(Kind.LIST, ())
        return made if len(lists) > 1 else lists[0]
    return tuple_of(items, places)


def flatten(value: Value) -> Value:
    """`flatten`: lists in lists, however deep, become one."""
    pairs = list(_flat(_sequence(value)))
    return tuple_of([item for item, _ in pairs], [place for _, place in pairs])


def _flat(found: Items) -> Iterator[tuple[Value, Place | None]]:
    for number, item in enumerate(found.values):
        if isinstance(item, Items):
            yield from _flat(item)
        else:
            yield item, found.place(number)


def distinct(value: Items) -> Value:
    """`distinct`: the first of equal ones."""
    if len(value.values) > _MOST_COMPARED:
        raise Unsure("a list longer than is compared here")
    found: list[Value] = []
    for item in value.values:
        if not any([same(item, other) for other in found]):
            found.append(item)
    return Items(Kind.LIST, tuple(found))


def compact(value: Value) -> Value:
    """`compact`: without empty texts and nulls."""
    given = _sequence(value)
    items = [as_text(item) for item in given.values if item is not None]
    if given.kind is Kind.SET:
        raise Unsure("a set, where a list is wanted")
    return Items(Kind.LIST, tuple(item for item in items if item))


def sort(value: Items) -> Value:
    """`sort` of texts."""
    return Items(Kind.LIST, tuple(sorted(map(as_text, value.values))))


def toset(value: Value) -> Value:
    """`toset`."""
    found = list_of(value)
    return set_of(found.values, found.places)


def _set(value: Value) -> frozenset[Value]:
    found = _sequence(value)
    if not found.values:
        raise Unsure("an empty set, whose type may decide")
    if not all(isinstance(item, str) for item in found.values):
        raise Unsure("a set of something other than text")
    return frozenset(found.values)


def setunion(*sets: Value) -> Value:
    """`setunion` of texts."""
    return set_of(frozenset[Value]().union(*map(_set, sets)))


def setintersection(first: Value, *others: Value) -> Value:
    """`setintersection` of texts."""
    return set_of(_set(first).intersection(*map(_set, others)))


def setsubtract(one: Value, other: Value) -> Value:
    """`setsubtract` of texts."""
    return set_of(_set(one) - _set(other))


def coalesce(*values: Value) -> Value:
    """`coalesce`: the first that is neither null nor empty text, as one of the type that all have in common."""
    given = [value for value in values if value is not None]
    if any(not isinstance(value, str | bool | Number) for value in given):
        raise Unsure("coalesce of something other than text")
    if not given:
        raise Fails("coalesce finds nothing but null")
    if len(given) < len(values) and not all(isinstance(value, str) for value in given):
        raise Unsure("coalesce with a null whose type may decide")
    common = unify([type_of(value) for value in given])
    found = [made for made in (convert(value, common) for value in given) if made != ""]
    if not found:
        raise Fails("coalesce finds nothing but empty text")
    return found[0]


def coalescelist(*values: Value) -> Value:
    """`coalescelist`: the first that is not empty."""
    lists = [_ordered(value) for value in values]
    if len({found.kind for found in lists}) > 1 or (lists and lists[0].kind is Kind.LIST and len(set(map(type_of, lists))) > 1):
        raise Unsure("coalescelist of different types")
    for found in lists:
        if found.values:
            return found
    raise Fails("coalescelist finds no list that is not empty")


def one(value: Value) -> Value:
    """`one`: null of an empty list."""
    found = _sequence(value)
    if len(found.values) > 1:
        raise Fails("one of a list with more than one element")
    return found.values[0] if found.values else None


def _flags(value: Value) -> list[bool]:
    found = _ordered(value)
    if not found.values and found.kind is Kind.LIST:
        raise Unsure("an empty list, whose type may decide")
    return [as_flag(item) for item in found.values]


def alltrue(value: Value) -> Value:
    """`alltrue`."""
    return all(_flags(value))


def anytrue(value: Value) -> Value:
    """`anytrue`."""
    return any(_flags(value))
