"""Changing one value of a request: nothing but that value moves.

A canonical file is written again; in any other only the characters of the value are replaced, and the result
is read again: had anything else changed, the edit is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from generator.accounts.model import Record, Request, Value
from generator.accounts.read import read_folder
from generator.accounts.write import write
from generator.files import MemoryTree
from generator.hcl import syntax
from generator.hcl.quoting import quote, text
from generator.hcl.syntax import Expression, Item, Object, Text
from generator.problems import Refused, refuse

_FIELDS = {
    "account_tags": "tags",
    "custom_fields": "custom_fields",
    "control_tower_parameters": "control_tower",
    "change_management_parameters": "change",
}
_MARK = "\ufeff"
Path = tuple[str, str]


def changed(request: Request, path: Path, value: str) -> Request:
    """The request with one value set, in the map that `path` names first."""
    values: Mapping[str, Value] = getattr(request, _FIELDS[path[0]])
    return replace(request, **{_FIELDS[path[0]]: {**values, text(path[1]): text(value)}})  # type: ignore[arg-type]


def value_of(request: Request, path: Path) -> Value | None:
    """What a request says at a path."""
    values: Mapping[str, Value] = getattr(request, _FIELDS[path[0]])
    return values.get(text(path[1]))


def apply(record: Record, source: str, changes: Mapping[Path, str]) -> str:
    """The text of the record's file with all changes made; refused, with the line to edit, where that cannot be done."""
    if record.repeated and changes:
        raise _one_of_several(record, changes)
    if record.canonical:
        return write(_changed(record.request, changes))
    if source.startswith(_MARK):  # spans count from behind a byte order mark
        return _MARK + apply(record, source.removeprefix(_MARK), changes)
    result = source
    for path, value in changes.items():
        result = _splice(record, result, path, value)
    _prove(record, source, result, changes)
    return result


def _changed(request: Request, changes: Mapping[Path, str]) -> Request:
    for path, value in changes.items():
        request = changed(request, path, value)
    return request


def _splice(record: Record, source: str, path: Path, value: str) -> str:
    found = _object(record, source, path, value)
    item = next((item for item in found.items if isinstance(item.key, Text) and item.key.value == text(path[1])), None)
    if item is None:
        return _insert(source, found, path[1], value)
    if not isinstance(item.value, Text) or not item.value.literal:
        raise _by_hand(record, item.value, path, value)
    return source[: item.value.span.start] + quote(value) + source[item.value.span.end :]


def _object(record: Record, source: str, path: Path, value: str) -> Object:
    blocks, problems = syntax.parse(source.encode(), record.file)
    if problems:
        raise Refused(problems)
    block = next(block for block in blocks if block.type == "module" and block.labels == (record.request.label,))
    expression = block.attributes.get(path[0])
    if expression is None:
        message = f'module "{record.request.label}" has no {path[0]}'
        raise refuse("no-map", message, f"add {path[0]} = {{}} to it, then run this again", file=record.file, line=record.line)
    if not isinstance(expression, Object):
        raise _put_together(record, expression, path, value)
    return expression


def _one_of_several(record: Record, changes: Mapping[Path, str]) -> Refused:
    message = f"{record.request.label} is one of the requests that the module at {record.repeated} makes, so no value is its own"
    wanted = ", ".join(f"{path[0]}.{path[1]} = {quote(value)}" for path, value in changes.items())
    remedy = f"edit by hand what makes it, here or in the module: {wanted}"
    return refuse("computed-value", message, remedy, file=record.file, line=record.line)


def _put_together(record: Record, expression: Expression, path: Path, value: str) -> Refused:
    """The value may well be a literal inside of the expression, so nothing is said of it but whether it is there."""
    message = f"{path[0]} is put together by an expression, and only a value of a literal map can be replaced"
    verb = "add" if value_of(record.request, path) is None else "change"
    remedy = f"{verb} {path[1]} there by hand: {path[1]} = {quote(value)}"
    return refuse("computed-value", message, remedy, file=record.file, line=expression.span.line)


def _by_hand(record: Record, expression: Expression, path: Path, value: str) -> Refused:
    remedy = f"edit it by hand: {path[1]} = {quote(value)}"
    message = f"{path[0]}.{path[1]} is computed, and only a literal value can be replaced"
    return refuse("computed-value", message, remedy, file=record.file, line=expression.span.line)


def _insert(source: str, found: Object, key: str, value: str) -> str:
    """A new element behind the last one, laid out as that one is."""
    pair, close = f"{quote(key)} = {quote(value)}", found.span.end - 1
    newline = "\r\n" if "\r\n" in source else "\n"
    before_close = source[source.rfind("\n", 0, close) + 1 : close]
    if not found.items and (before_close.strip() or close - found.span.start < 2):
        return f"{source[:close].rstrip(' ')} {pair} {source[close:]}"
    indentation, end = f"{before_close}  ", close - len(before_close)
    if found.items:
        last: Item = found.items[-1]
        end, start = last.value.span.end, last.key.span.start
        indentation = source[source.rfind("\n", 0, start) + 1 : start]
        line_end = source.find("\n", end) + 1
        if source[end - 1] != "\n":  # a heredoc ends with its line
            if indentation.strip() or not 0 < line_end <= close:
                return f"{source[:end]}, {pair}{source[end:]}"
            end = line_end
    return f"{source[:end]}{indentation}{pair}{newline}{source[end:]}"


def _prove(record: Record, before: str, after: str, changes: Mapping[Path, str]) -> None:
    """The file, read again, says what was wanted and otherwise what it said."""
    old, new = (read_folder(MemoryTree({record.file: source.encode()})) for source in (before, after))
    mine = record.request.label
    expected = [_seen(_changed(found.request, changes) if found.request.label == mine else found.request) for found in old.records]
    if expected != [_seen(found.request) for found in new.records] or new.unreadable - old.unreadable:
        message = "the change would alter more than the value asked for"
        raise refuse("edit-not-proved", message, "edit the file by hand", file=record.file, line=record.line)


def _seen(request: Request) -> object:
    """What a request says, without the lines its unknown values stand on."""
    maps = (request.control_tower, request.tags, request.change, request.custom_fields)
    flat = [{key: value if isinstance(value, str) else value.why for key, value in values.items()} for values in maps]
    return request.label, request.source, flat, str(request.customizations)
