"""JSON that a command wrote, and that people merge: every value is asked for by its kind, and an error says its path.

Nothing here has a default. `Wrong` is what a document says otherwise than it should, in words: place, value, reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar

Value = TypeVar("Value")
_MOST = 80


class Wrong(Exception):
    """Why a document cannot be read; `line` where it is no JSON there."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.line = line


class Node:
    """A value, and how to say where it stands. The path is put together only where something is wrong."""

    __slots__ = ("_above", "_step", "value")

    def __init__(self, value: Any, above: Node | None = None, step: str | int = "") -> None:
        self.value = value
        self._above = above
        self._step = step

    @property
    def path(self) -> str:
        """`accounts.111122223333.cidr_blocks[0]`; empty for the whole document."""
        before = self._above.path if self._above is not None else ""
        if isinstance(self._step, int):
            return f"{before}[{self._step}]"
        return f"{before}.{self._step}" if before else self._step

    def key(self, name: str) -> Node:
        """What stands under a key that has to be there."""
        try:
            return Node(self.mapping()[name], self, name)
        except KeyError:
            raise Wrong(f"{self.path or 'the file'}: the key {name} is missing") from None

    def optional(self, name: str) -> Node | None:
        """What stands under a key that may be left out."""
        return self.key(name) if name in self.mapping() else None

    def table(self, read: Callable[[Node], Value], keys: Iterable[str] | None = None) -> dict[str, Value]:
        """What `read` makes of each value of a mapping, by its key; `keys` are the legal ones where there are such."""
        for name in self.mapping() if keys is not None else ():
            if name not in (legal := sorted(keys or ())):
                raise Wrong(f"{self.path}: the key {name} is none of {', '.join(legal)}")
        return {name: read(item) for name, item in self.entries()}

    def entries(self) -> Iterator[tuple[str, Node]]:
        """The values of a mapping with their keys."""
        return ((name, Node(item, self, name)) for name, item in self.mapping().items())

    def items(self, read: Callable[[Node], Value]) -> tuple[Value, ...]:
        """What `read` makes of each item of a list."""
        listed = self._of(list, "no list")
        return tuple([read(Node(item, self, number)) for number, item in enumerate(listed)])

    def mapping(self) -> Mapping[str, Any]:
        """A mapping as it is."""
        return self._of(dict, "no mapping")

    def text(self) -> str:
        """Text."""
        return self._of(str, "no text")

    def flag(self) -> bool:
        """true or false."""
        return self._of(bool, "neither true nor false")

    def number(self) -> int:
        """A whole number, 0 or more."""
        if type(self.value) is not int or self.value < 0:
            self.wrong("is no whole number from 0")
        return self.value

    def wrong(self, words: str) -> NoReturn:
        """Raise `Wrong`: `PATH: VALUE words`."""
        text = json.dumps(self.value, ensure_ascii=False)
        raise Wrong(f"{self.path or 'the file'}: {text if len(text) <= _MOST else text[: _MOST - 1] + '…'} {words}")

    def _of(self, kind: type[Value], words: str) -> Value:
        if not isinstance(self.value, kind):
            self.wrong(f"is {words}")
        return self.value


def load(content: bytes) -> Node:
    """The document; `Wrong` where it is none."""
    try:
        return Node(json.loads(content, object_pairs_hook=_once))
    except json.JSONDecodeError as error:
        raise Wrong(f"it is no JSON from column {error.colno} on", error.lineno) from None
    except UnicodeDecodeError as error:
        raise Wrong(f"byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise Wrong("it is nested too deeply") from None
    except ValueError:  # Python reads no number of more than 4300 digits
        raise Wrong("a number is too long") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping whose keys are there once: a merge can leave two, and JSON forgets the first."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in found if keys.count(key) > 1)
        raise Wrong(f'the key "{twice}" stands twice')
    return found
