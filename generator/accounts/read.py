"""Reading requests: canonical files by a line reader that proves itself, all others by python-hcl2.

One broken file never hides another account: it becomes a problem marked incomplete. A value that cannot be
told is `Unknown` with its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generator.accounts.model import CHANGE_KEYS, CONTROL_TOWER_KEYS, FOLDER, NETWORKS, VPC_CIDR, Record, Request, Value
from generator.accounts.write import write
from generator.files import Listing, Tree
from generator.hcl import canonical, syntax
from generator.hcl.evaluate import Local, Scope, Unknown, evaluate
from generator.hcl.syntax import Block, Expression, Object, Opaque, Scalar, Text
from generator.problems import Problem, Severity

_MAPS = ("control_tower_parameters", "account_tags", "change_management_parameters", "custom_fields")
_KNOWN = {"source", "account_customizations_name", *_MAPS}
_META = ("for_each", "count")


@dataclass(frozen=True, slots=True)
class Reading:
    """All requests of a folder in order of file and line, and what could not be read."""

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    unreadable: frozenset[str] = field(default_factory=frozenset)
    labels: Mapping[str, str] = field(default_factory=dict)


def read_canonical(source: str, file: str) -> Record | None:
    """The request of a canonical file; None unless writing it again gives the same text."""
    block = canonical.read(source)
    if block is None or block.type != "module" or set(block.attributes) != _KNOWN:
        return None
    maps = [block.attributes[name] for name in _MAPS]
    name, origin = block.attributes["account_customizations_name"], block.attributes["source"]
    if not isinstance(name, str) or not isinstance(origin, str) or any(isinstance(found, str) for found in maps):
        return None
    control, tags, change, fields = (found for found in maps if not isinstance(found, str))
    request = Request(block.label, control, tags, change, fields, name, origin)
    return Record(request, file, 1, True, {}, source) if write(request) == source else None


def read_folder(tree: Tree, folder: str = FOLDER) -> Reading:
    """All requests of a folder."""
    listing = tree.list(folder)
    if not (listing.files or listing.directories or listing.links):
        return Reading(problems=(_no_folder(folder),), unreadable=frozenset({folder}))
    records, foreign, problems = _files(tree, folder, listing)
    locals_ = dict(_locals(foreign))
    for file, blocks in foreign.items():
        scope = Scope(file, locals_)
        for block in filter(_is_request, blocks):
            found, wrong = _request(block, scope)
            records.extend(found)
            problems.extend(wrong)
    places = [(record.request.label, record.file, record.line) for record in records if record.file not in foreign]
    places += [(block.labels[0], file, block.span.line) for file, blocks in foreign.items() for block in blocks if _is_module(block)]
    problems.extend(_doubles(sorted(places, key=lambda place: place[1:])))
    labels = {label: f"{file}:{line}" for label, file, line in places}
    unreadable = frozenset(problem.file for problem in problems if problem.incomplete and problem.file)
    return Reading(tuple(sorted(records, key=lambda record: (record.file, record.line))), tuple(problems), unreadable, labels)


def _files(tree: Tree, folder: str, listing: Listing) -> tuple[list[Record], dict[str, tuple[Block, ...]], list[Problem]]:
    """The files that Terraform reads: requests of canonical ones, blocks of all others, and what is left unread."""
    records: list[Record] = []
    foreign: dict[str, tuple[Block, ...]] = {}
    problems: list[Problem] = [_link(f"{folder}/{name}") for name in listing.links if _of_terraform(name)]
    for name in filter(_of_terraform, sorted(listing.files)):
        file = f"{folder}/{name}"
        if name.removesuffix(".json") == "override.tf" or name.removesuffix(".json").endswith("_override.tf"):
            problems.append(_override(file))
        elif name.endswith(".tf.json"):
            problems.append(_json(file))
        elif (record := _canonical(content := tree.read(file) or b"", file)) is not None:
            records.append(record)
        else:
            foreign[file], wrong = syntax.parse(content, file)
            problems.extend(wrong)
    return records, foreign, problems


def _no_folder(folder: str) -> Problem:
    message, remedy = "there is no request folder here, so no account can be told", "restore it, or correct paths in scaffold.yaml"
    return Problem(id="no-requests", file=folder, message=message, remedy=remedy, incomplete=True)


def _canonical(content: bytes, file: str) -> Record | None:
    try:
        return read_canonical(content.decode(), file)
    except UnicodeDecodeError:
        return None


def _of_terraform(name: str) -> bool:
    """Does Terraform read a file of this name?"""
    return name.endswith((".tf", ".tf.json")) and not name.startswith(".")


def _link(file: str) -> Problem:
    message, remedy = "a symbolic link, which is not followed", "replace it by the file itself"
    return Problem(id="symlink", file=file, message=message, remedy=remedy, incomplete=True)


def _json(file: str) -> Problem:
    message, remedy = "Terraform reads JSON here, this tool does not", "write the request as HCL in a .tf file"
    return Problem(id="request-in-json", file=file, message=message, remedy=remedy, incomplete=True)


def _override(file: str) -> Problem:
    message, remedy = "Terraform lays an override file over the others, which is not evaluated", "rename it, or edit the requests"
    return Problem(id="request-override", file=file, message=message, remedy=remedy, incomplete=True)


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
    named = isinstance(source, Text) and source.value.rstrip("/").endswith("aft-account-request")
    return block.type == "module" and (named or "control_tower_parameters" in block.attributes)


def _request(block: Block, scope: Scope) -> tuple[list[Record], list[Problem]]:
    line, label = block.span.line, block.labels[0] if block.labels else ""
    repeated = [name for name in _META if name in block.attributes]
    if repeated:
        message = f'module "{label}" makes requests by {repeated[0]}, which is not evaluated'
        remedy = "its accounts are unknown here; write one module per account to have them read"
        return [], [Problem(id="request-repeated", file=scope.file, line=line, message=message, remedy=remedy, incomplete=True)]
    lines: dict[tuple[str, ...], int] = {}
    maps = {name: _map(name, block, scope, lines) for name in _MAPS}
    customizations = _value(block, "account_customizations_name", scope, lines)
    source = block.attributes.get("source")
    request = Request(
        label=label,
        control_tower=maps["control_tower_parameters"],
        tags=maps["account_tags"],
        change=maps["change_management_parameters"],
        custom_fields=maps["custom_fields"],
        customizations=customizations,
        source=source.value if isinstance(source, Text) else "",
        others={name: _value(block, name, scope, lines) for name in block.attributes if name not in _KNOWN},
    )
    record = Record(request, scope.file, line, False, lines)
    return [record], list(_unknowns(record))


def _value(block: Block, name: str, scope: Scope, lines: dict[tuple[str, ...], int]) -> Value:
    expression = block.attributes.get(name)
    if expression is None:
        return ""
    lines[name,] = expression.span.line
    return _text(_worth(expression, scope), Unknown(scope.file, expression.span.line, "not text"))


def _worth(expression: Expression, scope: Scope) -> object:
    try:
        return evaluate(expression, scope)
    except RecursionError:
        return scope.unknown(expression.span, "it is nested too deeply")


def _text(value: object, otherwise: Unknown) -> Value:
    if isinstance(value, (str, Unknown)):
        return value
    if isinstance(value, Scalar):
        why = "null" if value.source == "null" else f"{value.source} without quotes: AFT needs text"
        return Unknown(otherwise.file, otherwise.line, why)
    return otherwise


def _map(name: str, block: Block, scope: Scope, lines: dict[tuple[str, ...], int]) -> dict[str, Value]:
    """A map of strings; one that cannot be told has the one key `*`, so that it is never taken for empty."""
    expression = block.attributes.get(name)
    if expression is None:
        return {}
    lines[name,] = line = expression.span.line
    value = _worth(expression, scope)
    if not isinstance(value, Mapping):
        return {"*": value if isinstance(value, Unknown) else Unknown(scope.file, line, "not a map")}
    places = {}
    if isinstance(expression, Object):
        places = {key: item.key.span.line for item, key in zip(expression.items, value, strict=False)}
        if len(value) < len(expression.items):
            return {"*": Unknown(scope.file, line, "it has one key twice")}
    for key in value:
        lines[name, key] = places.get(key, line)
    return {key: _text(item, Unknown(scope.file, places.get(key, line), "not text")) for key, item in value.items()}


def _ours(field: str) -> bool:
    """Is a custom field one that decides something here? `*` stands for a map that is unknown as a whole."""
    return field in ("*", "account_name", "environment", "region", "retiring", VPC_CIDR) or field.startswith(NETWORKS)


def _unknowns(record: Record) -> Iterator[Problem]:
    """Every unknown value of a request, once."""
    request = record.request
    maps = dict(zip(_MAPS, (request.control_tower, request.tags, request.change, request.custom_fields), strict=True))
    flat: dict[tuple[str, ...], Value] = {(name, key): value for name, values in maps.items() for key, value in values.items()}
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


def _is_module(block: Block) -> bool:
    return block.type == "module" and bool(block.labels)


def _doubles(places: Sequence[tuple[str, str, int]]) -> Iterator[Problem]:
    """Terraform refuses two modules of one label, requests or not, in whatever files they stand."""
    seen: dict[str, str] = {}
    for label, file, line in places:
        if label in seen:
            message = f'module "{label}" stands here and in {seen[label]}'
            yield Problem(id="duplicate-module", file=file, line=line, message=message, remedy="rename one of them")
        seen.setdefault(label, f"{file}:{line}")


EXPECTED_KEYS = {"control_tower_parameters": CONTROL_TOWER_KEYS, "change_management_parameters": CHANGE_KEYS}
