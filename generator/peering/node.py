"""JSON read strictly: every value knows its path, and what is missing or of another kind is said, never defaulted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

Value = TypeVar("Value")


class Malformed(Exception):
    """Something is missing or of another kind: its `path`, and `what` is wrong, which reads on after the path."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(path)
        self.path, self.what = path, what


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its path, for words. Whatever is not as asked for raises `Malformed`."""

    value: Any
    path: str

    def key(self, name: str) -> Node:
        """What stands under a key that has to be there."""
        found = self.optional(name)
        if found is None:
            raise Malformed(f"{self.path}.{name}".lstrip("."), "is missing")
        return found

    def optional(self, name: str) -> Node | None:
        """What stands under a key that may be left out where it is empty; null is nothing."""
        found = self.mapping().get(name)
        return None if found is None else Node(found, f"{self.path}.{name}".lstrip("."))

    def mapping(self) -> dict[str, Any]:
        """An object."""
        return self._of(dict, "an object")

    def text(self) -> str:
        """A string."""
        return self._of(str, "a string")

    def flag(self) -> bool:
        """A boolean."""
        return self._of(bool, "true or false")

    def items(self) -> Iterator[Node]:
        """The elements of a list."""
        return (Node(item, f"{self.path}[{number}]") for number, item in enumerate(self._of(list, "a list")))

    def _of(self, kind: type[Value], words: str) -> Value:
        if not isinstance(self.value, kind):
            raise Malformed(self.path or "the document", f"is {json.dumps(self.value)[:60]}, which is not {words}")
        return self.value


def parse(content: bytes) -> Node:
    """The root of a JSON document. ValueError, with why, for what is none, has a key twice or is nested too deeply."""
    try:
        return Node(json.loads(content, object_pairs_hook=_once, parse_constant=_no_number), "")
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are there once: of two, another reader might take the other one."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
