"""Terraform's functions, in one table: what each takes, and what makes its value.

A function that is not in the table is unknown. One that is gets known values only, unless it may look at a value of
which parts are unknown (`partly`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.hcl import containers, encodings, folders, numbers, texts
from generator.hcl.folders import Folder
from generator.hcl.unification import list_of, map_of
from generator.hcl.unknown import Doubt, Unknown
from generator.hcl.values import Fails, Later, Unsure, Value, as_flag, as_number, as_text, doubt_of, tuple_of

__all__ = ["Folder", "call"]
Parameter = Callable[[Value], Value]


def _any(value: Value) -> Value:
    return value


def _given(value: Value) -> Value:
    if value is None:
        raise Fails("an argument is null")
    return value


def _sure(value: Value) -> Value:
    """What a null becomes depends on the function, and on the version."""
    if value is None:
        raise Unsure("an argument is null")
    return value


def _texts(value: Value) -> Value:
    """A list of texts, as Terraform makes one of whatever is given."""
    found = list_of(value)
    return tuple_of(map(as_text, found.values))


@dataclass(frozen=True, slots=True)
class Function:
    """`run` gets the arguments, each made by its parameter; `more` is that of any further ones, `least` how many there must be."""

    run: Callable[..., Value]
    takes: tuple[Parameter, ...]
    least: int
    more: Parameter | None = None
    partly: bool = False
    reads: bool = False


# functions that refuse a text for what it says, so that nobody knows what they make of an unknown one
_PARSING = frozenset({"file", "fileset", "jsondecode", "tobool", "tonumber", "yamldecode"})


def call(name: str, arguments: Sequence[Value], folder: Folder) -> Value:
    """The value of a call; Fails where Terraform refuses it, Unsure where we do not know it."""
    doubt = doubt_of(tuple_of(arguments))
    function = FUNCTIONS.get(name)
    if function is None and doubt is not None:
        return doubt
    if function is None:
        raise Later(f"the function {name} is not evaluated here")
    if doubt is not None and (doubt.doubt > Doubt.LATER or not function.partly):
        return replace(doubt, doubt=max(doubt.doubt, Doubt.UNSURE)) if name in _PARSING else doubt
    whole = next((argument for argument in arguments if isinstance(argument, Unknown)), None)
    if whole is not None:
        return whole
    if len(arguments) < function.least or (len(arguments) > len(function.takes) and function.more is None):
        raise Unsure(f"{name} does not take {len(arguments)} arguments")
    parameters = [*function.takes, *[function.more or _any] * len(arguments)]
    made = [parameter(argument) for parameter, argument in zip(parameters, arguments, strict=False)]
    return function.run(folder, *made) if function.reads else function.run(*made)


def _of(run: Callable[..., Value], *takes: Parameter, optional: int = 0) -> Function:
    return Function(run, takes, len(takes) - optional)


def _many(run: Callable[..., Value], more: Parameter, *takes: Parameter, partly: bool = False) -> Function:
    return Function(run, takes, len(takes), more, partly)


def _look(run: Callable[..., Value], *takes: Parameter, optional: int = 0) -> Function:
    """A function that only moves values about, so that it may meet unknown ones."""
    return Function(run, takes, len(takes) - optional, partly=True)


def _read(run: Callable[..., Value], *takes: Parameter) -> Function:
    return Function(run, takes, len(takes), reads=True)


FUNCTIONS: Mapping[str, Function] = {
    "abs": _of(numbers.absolute, as_number),
    "alltrue": _of(containers.alltrue, _given),
    "anytrue": _of(containers.anytrue, _given),
    "base64encode": _of(encodings.base64encode, as_text),
    "basename": _of(texts.basename, as_text),
    "ceil": _of(numbers.ceil, as_number),
    "chomp": _of(texts.chomp, as_text),
    "coalesce": _many(containers.coalesce, _any),
    "coalescelist": _many(containers.coalescelist, _given),
    "compact": _of(containers.compact, _given),
    "concat": _many(containers.concat, _given, partly=True),
    "contains": _of(containers.contains, _given, _sure),
    "dirname": _of(texts.dirname, as_text),
    "distinct": _of(containers.distinct, list_of),
    "element": _look(containers.element, _given, as_number),
    "endswith": _of(texts.endswith, as_text, as_text),
    "file": _read(folders.file, as_text),
    "fileexists": _read(folders.fileexists, as_text),
    "fileset": _read(folders.fileset, as_text, as_text),
    "flatten": _of(containers.flatten, _given),
    "floor": _of(numbers.floor, as_number),
    "format": _many(texts.formatted, _any, as_text),
    "formatlist": _many(texts.formatlist, _any, as_text),
    "index": _of(containers.index, _given, _sure),
    "join": _many(texts.join, _texts, as_text),
    "jsondecode": _of(encodings.jsondecode, as_text),
    "jsonencode": _of(encodings.jsonencode, _any),
    "keys": _look(containers.keys, _given),
    "length": _look(containers.length, _given),
    "lookup": _look(containers.lookup, _given, as_text, _any, optional=1),
    "lower": _of(texts.lower, as_text),
    "max": _many(numbers.largest, as_number, as_number),
    "md5": _of(encodings.md5, as_text),
    "merge": _many(containers.merge, _any, partly=True),
    "min": _many(numbers.smallest, as_number, as_number),
    "one": _of(containers.one, _given),
    "range": _many(numbers.range_of, as_number, as_number),
    "replace": _of(texts.replace, as_text, as_text, as_text),
    "reverse": _of(containers.reverse, _given),
    "setintersection": _many(containers.setintersection, _given, _given),
    "setsubtract": _of(containers.setsubtract, _given, _given),
    "setunion": _many(containers.setunion, _given, _given),
    "sha1": _of(encodings.sha1, as_text),
    "sha256": _of(encodings.sha256, as_text),
    "slice": _look(containers.slice_of, _given, as_number, as_number),
    "sort": _of(containers.sort, _texts),
    "split": _of(texts.split, as_text, as_text),
    "startswith": _of(texts.startswith, as_text, as_text),
    "strcontains": _of(texts.strcontains, as_text, as_text),
    "substr": _of(texts.substr, as_text, as_number, as_number),
    "sum": _of(numbers.total, _given),
    "title": _of(texts.title, as_text),
    "tobool": _of(as_flag, _sure),
    "tolist": _of(list_of, _sure),
    "tomap": _of(map_of, _sure),
    "tonumber": _of(as_number, _sure),
    "toset": _of(containers.toset, _sure),
    "tostring": _of(as_text, _sure),
    "trim": _of(texts.trim, as_text, as_text),
    "trimprefix": _of(texts.trimprefix, as_text, as_text),
    "trimspace": _of(texts.trimspace, as_text),
    "trimsuffix": _of(texts.trimsuffix, as_text, as_text),
    "upper": _of(texts.upper, as_text),
    "values": _look(containers.values, _given),
    "yamldecode": _of(encodings.yamldecode, as_text),
    "zipmap": _look(containers.zipmap, _given, _given),
}
