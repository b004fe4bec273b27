"""One type for several values: what Terraform does in a conditional, in `tolist`, in `coalesce`.

Only where the outcome is sure; elsewhere it is `Unsure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.hcl.unknown import Unknown
from generator.hcl.values import Fails, Fields, Items, Kind, Number, Place, Unsure, Value, as_flag, as_number, as_text

_KINDS = ((frozenset({"tuple", "list"}), "list"), (frozenset({"object", "map"}), "map"), (frozenset({"set"}), "set"))


@dataclass(frozen=True, slots=True)
class Type:
    """A type of Terraform's. `inner` are the types of what is in it, `keys` the names of an object's."""

    name: str
    inner: tuple[Type, ...] = ()
    keys: tuple[str, ...] = ()


TEXT, NUMBER, FLAG = Type("string"), Type("number"), Type("bool")
NULL = Type("null")
ANY = Type("any")
"""The type of what an empty collection would hold, and of what stays as it is beside null."""
_PRIMITIVES: Mapping[Type, Callable[[Value], Value]] = {TEXT: as_text, NUMBER: as_number, FLAG: as_flag}


def type_of(value: Value) -> Type:
    """The type of a value; Unsure where a part of it is unknown."""
    if isinstance(value, Fields):
        inner = tuple(map(type_of, value.values.values()))
        return Type("object", inner, tuple(value.values)) if value.kind is Kind.OBJECT else Type("map", (_element(inner),))
    if isinstance(value, Items):
        inner = tuple(map(type_of, value.values))
        return Type("tuple", inner) if value.kind is Kind.TUPLE else Type(value.kind.value, (_element(inner),))
    if isinstance(value, Unknown):
        raise Unsure(value.why)
    if value is None:
        return NULL
    return FLAG if isinstance(value, bool) else NUMBER if isinstance(value, Number) else TEXT


def _element(inner: Sequence[Type]) -> Type:
    return next((found for found in inner if found != NULL), ANY)


def unify(types: Sequence[Type]) -> Type:
    """The type that values of all these types become. Fails where there is none, Unsure where we cannot tell."""
    names = {found.name for found in types}
    if len(set(types)) == 1 and _is_sure(types[0]):
        return types[0]
    if names <= {"string", "number", "bool"}:
        if "string" not in names:
            raise Fails("numbers and true or false have no type in common")
        return TEXT
    if names == {"tuple"} and len({len(found.inner) for found in types}) == 1:
        return Type("tuple", _columns(types))
    if names == {"object"} and len({found.keys for found in types}) == 1:
        return Type("object", _columns(types), types[0].keys)
    for kinds, name in _KINDS:
        if names <= kinds:
            return Type(name, (_inner([inner for found in types for inner in found.inner]),))
    raise Unsure("values of different types")


def _is_sure(found: Type) -> bool:
    return found not in (ANY, NULL) and all(map(_is_sure, found.inner))


def _columns(types: Sequence[Type]) -> tuple[Type, ...]:
    """Place by place: beside null, a value stays what it is."""
    columns = zip(*(found.inner for found in types), strict=True)
    return tuple(ANY if NULL in column else _inner(column) for column in columns)


def _inner(types: Sequence[Type]) -> Type:
    try:
        return unify(types)
    except Fails as error:  # Terraform may find another way for the whole
        raise Unsure(str(error)) from None


def convert(value: Value, wanted: Type) -> Value:
    """A value as one of a type that `unify` found for it."""
    if wanted == ANY or value is None:
        return value
    if wanted in _PRIMITIVES:
        return _PRIMITIVES[wanted](value)
    if isinstance(value, Items):
        kinds = wanted.inner if wanted.name == "tuple" else wanted.inner * len(value.values)
        values = [convert(item, kind) for item, kind in zip(value.values, kinds, strict=True)]
        return set_of(values, value.places) if wanted.name == "set" else Items(Kind(wanted.name), tuple(values), value.places)
    if isinstance(value, Fields):
        kinds = wanted.inner if wanted.name == "object" else wanted.inner * len(value.values)
        made = {key: convert(item, kind) for (key, item), kind in zip(value.values.items(), kinds, strict=True)}
        return Fields(Kind(wanted.name), made, value.places)
    raise Unsure("values of different types")


def list_of(value: Value) -> Items:
    """A tuple, list or set as a list of one type; Fails for anything else."""
    if not isinstance(value, Items):
        raise Fails("a list is needed")
    if value.kind is Kind.TUPLE and value.values:
        element = unify([type_of(item) for item in value.values])
        return Items(Kind.LIST, tuple(convert(item, element) for item in value.values), value.places)
    return Items(Kind.LIST, value.values, value.places)


def map_of(value: Value) -> Fields:
    """An object or a map as a map of one type; Fails for anything else."""
    if not isinstance(value, Fields):
        raise Fails("a map is needed")
    if value.kind is Kind.OBJECT and value.values:
        element = unify([type_of(item) for item in value.values.values()])
        made = {key: convert(item, element) for key, item in value.values.items()}
        return Fields(Kind.MAP, made, value.places)
    return Fields(Kind.MAP, value.values, value.places)


def set_of(values: Iterable[Value], places: Sequence[Place | None] = ()) -> Items:
    """A set of text, of numbers or of flags, in Terraform's order; of anything else the order is not known."""
    found: dict[Value, Place | None] = {}
    for number, value in enumerate(values):
        _key(value)
        found.setdefault(value, places[number] if places else None)
    ordered = sorted(found, key=_key)
    return Items(Kind.SET, tuple(ordered), tuple(found[value] for value in ordered))


def _key(value: Value) -> tuple[str, str | bool | Fraction]:
    if isinstance(value, Number):
        return "number", value.value
    if isinstance(value, str | bool):
        return type(value).__name__, value
    raise Unsure("a set of something other than text")
