"""Requests as people write them: evaluated as Terraform does, each instance of a repeated module an account like any other.

A value that cannot be told is `Unknown` with its place; a module of which cannot be told how often it is there is a
problem marked incomplete, and no account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from generator.accounts.model import MAPS, NETWORKS, VPC_CIDR, Record, Request, Value
from generator.files import Listing, Tree, join
from generator.hcl import values
from generator.hcl.evaluate import Local, Scope, Unknown, evaluate
from generator.hcl.expressions import Expression, Opaque, Text
from generator.hcl.quoting import quote
from generator.hcl.syntax import Block
from generator.hcl.unknown import Doubt
from generator.hcl.values import Fields, Items, Kind, Number, Place, doubt_of
from generator.problems import Problem, Severity

_META = ("for_each", "count")
_NOT_OTHERS = {"source", "account_customizations_name", *MAPS, *_META}
_MOST_INSTANCES = 10_000
_ROW = "aws_dynamodb_table_item"
_MAKES_REQUESTS = re.compile(rf'"{_ROW}"|aft-account-request'.encode())


@dataclass(frozen=True, slots=True)
class Instance:
    """One of what a module block makes: what its label gets behind it, what it may name, and where it is made one of several."""

    suffix: str = ""
    variables: Mapping[str, values.Value] = field(default_factory=dict)
    place: Place | None = None


class _Below:
    """The tree of one folder of another tree."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self._tree, self._folder = tree, folder

    def read(self, path: str) -> bytes | None:
        return self._tree.read(join(self._folder, path))

    def list(self, directory: str) -> Listing:
        return self._tree.list(join(self._folder, directory))


@dataclass(frozen=True)
class Folder:
    """The request folder of a tree: the blocks of its files, and whether others could not be read."""

    tree: Tree
    folder: str
    files: Mapping[str, Sequence[Block]]
    partly: bool

    def read(self) -> tuple[list[Record], list[Problem]]:
        """All requests of these files, and what cannot be told of them."""
        records: list[Record] = []
        problems: list[Problem] = []
        for file, blocks in self.files.items():
            scope = replace(self._scope, file=file)
            for block in blocks:
                if _is_request(block):
                    instances, wrong = _instances(block, scope)
                    found = [_record(block, scope, instance) for instance in instances]
                    records += found
                    problems += [*wrong, *(problem for record in found for problem in _unknowns(record))]
                elif (hidden := self._hidden(block, file)) is not None:
                    problems.append(hidden)
        return records, problems

    @cached_property
    def _scope(self) -> Scope:
        undefined = f"is not defined in {'the files that could be read' if self.partly else 'this folder'}"
        return Scope("", dict(_locals(self.files)), folder=_Below(self.tree, self.folder), prefix=self.folder, undefined=undefined)

    def _hidden(self, block: Block, file: str) -> Problem | None:
        """Requests that are made in another way than by the module, so that their accounts are not seen."""
        name = ".".join((block.type, *block.labels))
        if block.type == "resource" and block.labels[:1] == (_ROW,):
            message = f"{name} writes a row by itself, and may be a request that is not read"
        elif block.type == "module" and self._makes_requests(block):
            message = f"{name} calls a module that makes requests itself, which is not evaluated"
        else:
            return None
        remedy = "call modules/aft-account-request from this folder to have its accounts read"
        return Problem(id="request-hidden", file=file, line=block.span.line, message=message, remedy=remedy, incomplete=True)

    def _makes_requests(self, block: Block) -> bool:
        """Does the module's own Terraform look like that? Of one from elsewhere nothing is seen."""
        source = block.attributes.get("source")
        directory = _resolved(self.folder, source.value) if isinstance(source, Text) else None
        if directory is None:
            return False
        names = (name for name in self.tree.list(directory).files if name.endswith((".tf", ".tf.json")))
        return any(_MAKES_REQUESTS.search(self.tree.read(join(directory, name)) or b"") for name in names)


def _resolved(folder: str, source: str) -> str | None:
    """The directory of a local module; None where it is none, or beyond the root."""
    parts = folder.split("/")
    for step in source.split("/") if source.startswith(("./", "../")) else ():
        if step == ".." and not parts:
            return None
        parts = parts[:-1] if step == ".." else [*parts, step] if step not in ("", ".") else parts
    return "/".join(parts) if source.startswith(".") else None


def _locals(files: Mapping[str, Sequence[Block]]) -> Iterator[tuple[str, Local]]:
    """Every local value of the folder: Terraform sees them across files, and refuses one that is defined twice."""
    seen: set[str] = set()
    for file, blocks in files.items():
        for block in blocks:
            if block.type == "locals":
                for name, expression in block.attributes.items():
                    twice = Opaque(expression.span, f"local.{name} is defined twice")
                    yield name, Local(twice if name in seen else expression, file)
                    seen.add(name)


def _is_request(block: Block) -> bool:
    source = block.attributes.get("source")
    named = isinstance(source, Text) and source.value.partition("?")[0].rstrip("/").endswith("aft-account-request")
    return block.type == "module" and (named or "control_tower_parameters" in block.attributes)


def _label(block: Block) -> str:
    return block.labels[0] if block.labels else ""


def _instances(block: Block, scope: Scope) -> tuple[list[Instance], list[Problem]]:
    """What a block makes; a problem, and nothing, where that cannot be told."""
    repeated = [name for name in _META if name in block.attributes]
    if not repeated:
        return [Instance()], []
    expression = block.attributes[repeated[0]]
    value = evaluate(expression, scope)
    found = doubt_of(value)
    if len(repeated) == 2:
        found = scope.unknown(expression.span, "a module takes for_each or count, not both")
    elif not isinstance(value, Unknown) and (found is None or found.doubt is Doubt.LATER):
        made = _each(value) if repeated[0] == "for_each" else _counted(value)
        if made is not None and len(made) <= _MOST_INSTANCES:
            return made, []
        found = scope.unknown(expression.span, _why_none(value, repeated[0]) if made is None else f"more than {_MOST_INSTANCES} instances")
    return [], [_untold(block, repeated[0], found)] if found is not None else []


def _each(value: values.Value) -> list[Instance] | None:
    """The instances of a map, an object or a set of texts; None of anything else, which Terraform refuses."""
    if isinstance(value, Items) and (value.kind is not Kind.SET or not all(isinstance(item, str) for item in value.values)):
        return None
    if not isinstance(value, Items | Fields):
        return None
    return [_keyed(str(key), item, place) for key, item, place in values.entries(value)]


def _keyed(key: str, value: values.Value, place: Place | None) -> Instance:
    return Instance(f"[{quote(key)}]", {"each": Fields(Kind.OBJECT, {"key": key, "value": value})}, place)


def _counted(value: values.Value) -> list[Instance] | None:
    if not isinstance(value, Number) or value.value.denominator != 1 or not 0 <= value.value <= _MOST_INSTANCES:
        return None
    numbers = range(value.whole)
    return [Instance(f"[{number}]", {"count": Fields(Kind.OBJECT, {"index": Number(Fraction(number))})}) for number in numbers]


def _why_none(value: values.Value, meta: str) -> str:
    if meta == "count":
        return f"count wants a whole number of at most {_MOST_INSTANCES}, and this is {values.name_of(value)}"
    hint = ": write toset(...) around it" if isinstance(value, Items) else ""
    return f"for_each wants a map or a set of texts, and this is {values.name_of(value)}{hint}"


def _untold(block: Block, meta: str, why: Unknown) -> Problem:
    message = f'module "{_label(block)}" makes requests by {meta}, and which ones cannot be told: {why.why}'
    remedy = "its accounts are unknown here; write what it repeats over as literals, local values or files of this folder"
    return Problem(id="request-repeated", file=why.file, line=why.line, message=message, remedy=remedy, incomplete=True)


def _record(block: Block, scope: Scope, instance: Instance) -> Record:
    line = block.span.line
    lines: dict[tuple[str, ...], int] = {}
    inner = scope.bound(instance.variables)
    maps = {name: _map(name, block, inner, lines) for name in MAPS}
    source = block.attributes.get("source")
    request = Request(
        label=f"{_label(block)}{instance.suffix}",
        control_tower=maps["control_tower_parameters"],
        tags=maps["account_tags"],
        change=maps["change_management_parameters"],
        custom_fields=maps["custom_fields"],
        customizations=_value(block, "account_customizations_name", inner, lines),
        source=source.value if isinstance(source, Text) else "",
        others={name: _value(block, name, inner, lines) for name in block.attributes if name not in _NOT_OTHERS},
    )
    if not instance.suffix:
        return Record(request, scope.file, line, False, lines)
    file, line = instance.place or (scope.file, line)
    # what is written, as rules ask; that stands in the module, and what makes this one of several is what a person edits
    return Record(request, file, line, False, dict.fromkeys(lines, line), repeated=f"{scope.file}:{block.span.line}")


def _value(block: Block, name: str, scope: Scope, lines: dict[tuple[str, ...], int]) -> Value:
    expression = block.attributes.get(name)
    if expression is None:
        return ""
    lines[name,] = expression.span.line
    return _text(evaluate(expression, scope), Unknown(scope.file, expression.span.line, "not text"))


def _text(value: values.Value, otherwise: Unknown) -> Value:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Number | bool):
        return replace(otherwise, why=f"{values.as_text(value)} without quotes: AFT needs text")
    return replace(otherwise, why="null") if value is None else otherwise


def _map(name: str, block: Block, scope: Scope, lines: dict[tuple[str, ...], int]) -> dict[str, Value]:
    """A map of strings; one that cannot be told has the one key `*`, so that it is never taken for empty."""
    expression = block.attributes.get(name)
    if expression is None:
        return {}
    lines[name,] = line = expression.span.line
    value = evaluate(expression, scope)
    if not isinstance(value, Fields):
        return {"*": value if isinstance(value, Unknown) else Unknown(scope.file, line, "not a map")}
    written = _as_written(expression, value)
    for key in written:
        file, number = value.places.get(key) or (scope.file, line)
        lines[name, key] = number if file == scope.file else line
    return {key: _text(value.values[key], Unknown(scope.file, lines[name, key], "not text")) for key in written}


def _as_written(expression: Expression, value: Fields) -> list[str]:
    """The keys in the order of their lines: Terraform sorts them, people do not."""
    places = {key: value.places.get(key) or ("", 0) for key in value.values}
    return sorted(value.values, key=lambda key: places[key])


def _ours(field: str) -> bool:
    """Is a custom field one that decides something here? `*` stands for a map that is unknown as a whole."""
    return field in ("*", "account_name", "environment", "region", "retiring", VPC_CIDR) or field.startswith(NETWORKS)


def _unknowns(record: Record) -> Iterator[Problem]:
    """Every unknown value of a request, once."""
    request = record.request
    maps = dict(zip(MAPS, (request.control_tower, request.tags, request.change, request.custom_fields), strict=True))
    flat: dict[tuple[str, ...], Value] = {(name, key): value for name, found in maps.items() for key, value in found.items()}
    for path, value in {**flat, ("account_customizations_name",): request.customizations}.items():
        if isinstance(value, Unknown) and path[0] == "custom_fields" and not _ours(path[1]):
            message, remedy = (
                f'{path[1]} of module "{request.label}" is not read: {value.why}',
                "nothing: it is for your own customizations",
            )
            severity = Severity.NOTE
            yield Problem(id="unread-field", file=value.file, line=value.line, message=message, remedy=remedy, severity=severity)
        elif isinstance(value, Unknown):
            message = f'{".".join(path)} of module "{request.label}" is unknown: {value.why}'
            remedy = "write the value as a quoted string"
            yield Problem(id="unknown-value", file=value.file, line=value.line, message=message, remedy=remedy, incomplete=True)
