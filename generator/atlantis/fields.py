"""How Atlantis' YAML reader fills its structures: which values fit a field, and what merge keys mean.

Text takes numbers and flags as they are written, an empty value is as good as none, a flag takes `yes` and `on`, and a
field that a structure does not have refuses the whole file. Source: `gopkg.in/yaml.v3` with `KnownFields`.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.documents.shape import Reader, mismatch
from generator.documents.strict_yaml import Node
from generator.problems import Problem, Severity, expected

Field = Callable[[Node, str, "Findings"], Any]
"""Reads a value at a path such as `projects[0].dir`; None for an empty one, and after a problem was noted."""
MERGE = "<<"
_FLAGS = {
    **dict.fromkeys(("True", "TRUE", "y", "Y", "yes", "on"), True),
    **dict.fromkeys(("False", "FALSE", "n", "N", "no", "off"), False),
}


class Findings(Reader):
    """Where the problems of one file are collected: what Atlantis refuses, and what it accepts and should not."""

    def lenient(self, id: str, line: int, message: str, remedy: str, value: object = None, *, note: bool = False) -> None:
        """Note what Atlantis accepts: a warning, or only a note; the message says what Atlantis does with it."""
        severity = Severity.NOTE if note else Severity.WARNING
        shown = None if value is None else str(value)
        found = Problem(id=id, file=self.file, line=line, message=message, remedy=remedy, value=shown, severity=severity)
        self.problems.append(found)

    def unread(self, at: str) -> bool:
        """Whether the value at a path is there and was refused for its kind: then it is not missing."""
        return any(problem.id == "wrong-type" and problem.message.startswith(f"{at} is ") for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A mapping of the file with its lines; a key that is absent or empty is None."""

    line: int
    lines: Mapping[str, int]

    def at(self, key: str) -> int:
        """The line of a key, or that of the mapping where the key is absent."""
        return self.lines.get(key, self.line)


def text(node: Node, at: str, found: Findings) -> str | None:
    """Text; a number or a flag is taken as it is written."""
    value = node.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value).lower() if isinstance(value, bool) else str(value)
    mismatch(node, at, found, "text")
    return None


def flag(node: Node, at: str, found: Findings) -> bool | None:
    """true or false, or one of the words that older YAML had for them."""
    if node.value is None or isinstance(node.value, bool):
        return node.value
    if isinstance(node.value, str) and node.value in _FLAGS:
        return _FLAGS[node.value]
    mismatch(node, at, found, "true or false")
    return None


def number(node: Node, at: str, found: Findings) -> int | None:
    """A whole number, without quotes."""
    if node.value is None or type(node.value) is int:
        return node.value
    mismatch(node, at, found, "a whole number, without quotes")
    return None


def items(item: Field) -> Field:
    """A list; its empty entries are dropped, as Atlantis does, with a warning."""

    def read(node: Node, at: str, found: Findings) -> tuple[Any, ...] | None:
        if node.value is None:
            return None
        if not isinstance(node.value, tuple):
            mismatch(node, at, found, "a list")
            return None
        values = [item(child, f"{at}[{index}]", found) for index, child in _said(node.value, at, found)]
        return tuple(value for value in values if value is not None)

    return read


def _said(children: tuple[Node, ...], at: str, found: Findings) -> Iterator[tuple[int, Node]]:
    for index, child in enumerate(children):
        if child.value is None:
            found.lenient("empty-entry", child.line, f"{at}[{index}] is empty, and Atlantis drops it", "delete it")
        else:
            yield index, child


texts = items(text)


def table(value: Field) -> Field:
    """A mapping whose keys are names that people choose."""

    def read(node: Node, at: str, found: Findings) -> Mapping[str, Any] | None:
        if node.value is None:
            return None
        if not isinstance(node.value, Mapping):
            mismatch(node, at, found, "a mapping")
            return None
        children, _ = merged(node, at, found)
        return {name: value(child, f"{at}.{name}", found) for name, child in children.items()}

    return read


def record(build: Callable[..., Any], fields: Mapping[str, Field], go: str) -> Field:
    """A mapping with fixed keys, the structure `go` of Atlantis; `build` makes an `Entry` of what was read."""
    names = {name: f"{name}_" if keyword.iskeyword(name) else name for name in fields}

    def read(node: Node, at: str, found: Findings) -> Any:
        if node.value is None:
            return None
        if not isinstance(node.value, Mapping):
            return mismatch(node, at, found, f"a mapping with {', '.join(fields)}")
        children, lines = merged(node, at, found)
        values = {}
        for name, child in children.items():
            if name in fields:
                values[names[name]] = fields[name](child, f"{at}.{name}" if at else name, found)
            else:
                message = f"{at or 'the file'}: field {name} not found in type {go}"
                found.wrong("unknown-key", lines.get(name, node.line), message, expected(name, fields), name)
        return build(line=node.line, lines=lines, **values)

    return read


def merged(node: Node, at: str, found: Findings) -> tuple[Mapping[str, Node], Mapping[str, int]]:
    """The keys of a mapping with those that its merge key brings, and their lines; its own keys win, then the first source."""
    assert isinstance(node.value, Mapping)
    lines = node.lines or {}
    if MERGE not in node.value:
        return node.value, lines
    children = {name: child for name, child in node.value.items() if name != MERGE}
    own = {name: lines[name] for name in children}
    source = node.value[MERGE]
    for part in source.value if isinstance(source.value, tuple) else (source,):
        if not isinstance(part.value, Mapping):
            message = f"{at or 'the file'}: map merge requires map or sequence of maps as the value"
            found.wrong("wrong-merge", part.line, message, "write the alias of a mapping behind <<")
            continue
        more, places = merged(part, at, found)
        children, own = {**more, **children}, {**places, **own}
    return children, own
