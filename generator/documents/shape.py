"""Shapes: one description of a document that reads it, finds all its problems, and becomes its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from generator.documents import dates
from generator.documents.strict_yaml import Node
from generator.problems import Problem, expected

_MANY = 1000


class Reader:
    """Where problems of one file are collected."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, id: str, line: int, message: str, remedy: str, value: object = None) -> Any:
        """Note one problem; the answer is None, the value of what could not be read."""
        shown = None if value is None else str(value)
        self.problems.append(Problem(id=id, file=self.file, line=line, message=message, remedy=remedy, value=shown))
        return None


class Shape(Protocol):
    """What a value must look like."""

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The plain value at a path such as `state.region`; None after a problem was noted."""
        ...

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema (draft 2020-12)."""
        ...


def _described(node: Node) -> str:
    if node.value is None:
        return "empty"
    if isinstance(node.value, Mapping):
        return "a mapping"
    if isinstance(node.value, tuple):
        return "a list"
    kind = {str: "the text ", int: "the number "}.get(type(node.value), "")
    return f"{kind}{_shown(node.value)}"


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def mismatch(node: Node, at: str, reader: Reader, wanted: str) -> Any:
    """Note that a value is of another kind than wanted."""
    value = node.value if isinstance(node.value, (str, int)) else None
    return reader.wrong("wrong-type", node.line, f"{at or 'the document'} is {_described(node)}", f"write {wanted}", value)


@dataclass(frozen=True, slots=True)
class Text:
    """Text that matches a pattern as a whole; `wanted` says in words what that is."""

    pattern: str = r"[^\x00-\x1f]+"
    wanted: str = "text"
    values: tuple[str, ...] = ()

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The text; a number counts as text only where it is quoted."""
        if not isinstance(node.value, str):
            return mismatch(node, at, reader, self._wanted(node.value))
        if self.values and node.value not in self.values:
            return reader.wrong("unknown-value", node.line, f'{at} is "{node.value}"', expected(node.value, self.values), node.value)
        if not re.fullmatch(self.pattern, node.value):
            return reader.wrong("wrong-value", node.line, f'{at} is "{node.value}"', f"write {self.wanted}", node.value)
        return node.value

    def _wanted(self, value: object) -> str:
        """What to write; a number that would be right as text is shown in its quotes."""
        if self.values:
            return f"one of {', '.join(self.values)}"
        fits = type(value) is int and re.fullmatch(self.pattern, str(value))
        return f'{self.wanted}, in quotes: "{value}"' if fits else self.wanted

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {"enum": list(self.values)} if self.values else {"type": "string", "pattern": f"^(?:{self.pattern})$"}


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number between two bounds, both included."""

    low: int
    high: int

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The number."""
        wanted = str(self.low) if self.low == self.high else f"a whole number from {self.low} to {self.high}"
        if type(node.value) is not int:
            return mismatch(node, at, reader, wanted)
        if not self.low <= node.value <= self.high:
            return reader.wrong("wrong-value", node.line, f"{at} is {node.value}", f"write {wanted}", node.value)
        return node.value

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The flag."""
        return node.value if isinstance(node.value, bool) else mismatch(node, at, reader, "true or false")

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the calendar, `YYYY-MM-DD`, with or without quotes."""

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The day as text, which compares as a day does."""
        if not isinstance(node.value, str):
            return mismatch(node, at, reader, dates.WANTED)
        try:
            return dates.parse(node.value)
        except ValueError as error:
            return reader.wrong("wrong-value", node.line, f'{at} is "{node.value}", and {error}', f"write {dates.WANTED}", node.value)

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`. The pattern is for validators that do not look at formats."""
        return {"type": "string", "format": "date", "pattern": f"^(?:{dates.PATTERN})$"}


@dataclass(frozen=True, slots=True)
class Items:
    """A list without repetition."""

    item: Shape
    low: int = 0
    high: int = _MANY

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The values as a tuple; what could not be read is left out."""
        if not isinstance(node.value, tuple):
            return mismatch(node, at, reader, "a list")
        if not self.low <= len(node.value) <= self.high:
            entries = "1 entry" if len(node.value) == 1 else f"{len(node.value)} entries"
            wanted = f"{self.low} to {self.high} of them" if self.high < _MANY else f"at least {self.low}"
            reader.wrong("wrong-length", node.line, f"{at} has {entries}", f"write {wanted}")
        read = [self.item.read(item, f"{at}[{index}]", reader) for index, item in enumerate(node.value)]
        for index, value in enumerate(read):
            if value is not None and value in read[:index]:
                reader.wrong("duplicate-entry", node.value[index].line, f"{at} names {_shown(value)} twice", "keep one", value)
        return tuple(value for value in read if value is not None)

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.low, "maxItems": self.high, "uniqueItems": True}


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping whose keys are names that people choose."""

    key: Text
    value: Shape
    low: int = 0

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The values by key; what could not be read is left out."""
        if not isinstance(node.value, Mapping):
            return mismatch(node, at, reader, "a mapping")
        if len(node.value) < self.low:
            reader.wrong("wrong-length", node.line, f"{at} is empty", f"name at least {self.low}")
        result = {}
        for name, item in node.value.items():
            line = (node.lines or {}).get(name, node.line)
            if self.key.read(Node(name, line), f"the key {at}.{name}", reader) is not None:
                value = self.value.read(item, f"{at}.{name}", reader)
                if value is not None:
                    result[name] = value
        return result

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {
            "type": "object",
            "propertyNames": self.key.schema(),
            "additionalProperties": self.value.schema(),
            "minProperties": self.low,
        }


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record."""

    shape: Shape
    help: str
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with fixed keys; `build` makes the value of what was read."""

    keys: Mapping[str, Key]
    build: Callable[..., Any] = dict
    names: Mapping[str, str] = field(default_factory=dict)

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """What `build` makes of the keys; None where a required one is missing or unreadable."""
        if not isinstance(node.value, Mapping):
            return mismatch(node, at, reader, f"a mapping with {', '.join(self.keys)}")
        before = len(reader.problems)
        for name in node.value:
            if name not in self.keys:
                line = (node.lines or {}).get(name, node.line)
                where = f"{at}.{name}" if at else name
                reader.wrong("unknown-key", line, f'the key "{where}" is unknown', expected(name, self.keys), name)
        read = {self.names.get(name, name): self._key(name, node, at, reader) for name in self.keys}
        broken = any(problem.id != "unknown-key" for problem in reader.problems[before:])
        return None if broken else self.build(**read)

    def _key(self, name: str, node: Node, at: str, reader: Reader) -> Any:
        key, where = self.keys[name], f"{at}.{name}" if at else name
        assert isinstance(node.value, Mapping)
        if name in node.value:
            return key.shape.read(node.value[name], where, reader)
        if key.required:
            reader.wrong("missing-key", node.line, f'the key "{where}" is missing', f"add it: {key.help}", name)
        return key.default

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        properties = {name: {"description": key.help, **key.shape.schema()} for name, key in self.keys.items()}
        required = [name for name, key in self.keys.items() if key.required]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def json_schema(title: str, shape: Shape) -> dict[str, Any]:
    """A whole JSON Schema document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **shape.schema()}


def lines_of(node: Node, *path: str | int) -> int:
    """The line of the deepest part of a path that exists: for problems that are found after reading."""
    line = node.line
    for step in path:
        if isinstance(node.value, Mapping) and isinstance(step, str) and step in node.value:
            line = (node.lines or {}).get(step, node.line)
            node = node.value[step]
        elif isinstance(node.value, Sequence) and isinstance(step, int) and step < len(node.value):
            item = node.value[step]
            if not isinstance(item, Node):
                break
            node, line = item, item.line
        else:
            break
    return line
