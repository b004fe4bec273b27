"""YAML without its traps: the only values are text, true/false, null and plain whole numbers.

PyYAML on its own reads `0123` as an octal number, `NO` as false, `1.10` as 1.1, `12:30` as 750 and keeps the
last of two equal keys. AWS data is full of such text.

Text is NFC, as Terraform makes every string of a request: one spelling of a value, or a rule and a tag that look alike differ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.problems import Problem, Severity

Scalar = str | int | bool | None
_NUMBER = re.compile(r"(0|-?[1-9][0-9]{0,9})\Z")
_MOST_NODES = 1_000_000
_QUOTED = frozenset("'\"|>")
_WORDS: Mapping[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the line it starts on (1 is the first). Mappings hold `Key`s in order of appearance."""

    value: Scalar | tuple[Node, ...] | Mapping[str, Node]
    line: int
    lines: Mapping[str, int] | None = None

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, tuple):
            return [item.plain() for item in self.value]
        if isinstance(self.value, Mapping):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value


def read(content: bytes, file: str, *, first: bool = False) -> tuple[Node | None, list[Problem]]:
    """The document, or the problems that make it unreadable; an empty document is an empty mapping.

    `first`: the file belongs to a program that reads its first document only; a further one is a warning.
    """
    import yaml

    problems: list[Problem] = []
    try:
        root = _composed(yaml, content.decode("utf-8-sig"), file, problems if first else None)
    except UnicodeDecodeError as error:
        return None, [_unreadable(file, None, f"byte {error.start} is not UTF-8", "save the file as UTF-8")]
    except yaml.MarkedYAMLError as error:
        return None, [_marked(file, content, error)]
    except (yaml.YAMLError, RecursionError) as error:
        return None, [_unreadable(file, None, " ".join(str(error).split()), "repair the YAML")]
    if root is None:
        return Node({}, 1, {}), problems
    if b"&" in content and _expanded(root, {}) > _MOST_NODES:
        return None, [_unreadable(file, None, f"its aliases stand for more than {_MOST_NODES:,} values", "write less with aliases")]
    return _node(root, file, problems, frozenset()), problems


def _composed(yaml: Any, text: str, file: str, problems: list[Problem] | None) -> Any:
    """The tree of a text's one document; of its first document where the problems may say that there are more."""
    # the C loader is several times faster; a build of PyYAML without it reads the same documents
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        if problems is None:
            return loader.get_single_node()
        root = loader.get_node() if loader.check_node() else None
        if loader.check_node():
            line = loader.get_node().start_mark.line + 1
            message = "a further document begins here, and only the first one is read"
            warning = Severity.WARNING
            problems.append(Problem(id="further-document", file=file, line=line, message=message, remedy="delete it", severity=warning))
        return root
    finally:
        loader.dispose()


def _expanded(node: Any, known: dict[int, int]) -> int:
    """How many values a tree has once each alias is written out; what contains itself is counted once."""
    if node.id == "scalar":
        return 1
    if id(node) not in known:
        known[id(node)] = 1
        children = node.value if node.id == "sequence" else [child for pair in node.value for child in pair]
        known[id(node)] = 1 + sum(_expanded(child, known) for child in children)
    return known[id(node)]


def _marked(file: str, content: bytes, error: Any) -> Problem:
    """What PyYAML found, where, and where the thing begins that it was reading."""
    start, mark = error.context_mark, error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    what = str(error.problem)
    if start is not None and error.context and start.line + 1 != line:
        what += f" ({error.context} that begins in line {start.line + 1})"
    tab = line is not None and b"".join(content.split(b"\n")[line - 1 : line]).lstrip(b" ").startswith(b"\t")
    return _unreadable(file, line, what, "indent with spaces, not with tabs" if tab else "close it, or quote the text")


def _unreadable(file: str, line: int | None, what: str, remedy: str) -> Problem:
    return Problem(id="yaml-unreadable", file=file, line=line, message=f"not readable as YAML: {what}", remedy=remedy)


def _node(node: Any, file: str, problems: list[Problem], above: frozenset[int]) -> Node:
    line = node.start_mark.line + 1
    if id(node) in above:
        problems.append(_unreadable(file, line, "an alias contains itself", "write the value out"))
        return Node(None, line)
    inside = above | {id(node)}
    if node.id == "scalar":
        return Node(_scalar(node), line)
    if node.id == "sequence":
        return Node(tuple(_node(item, file, problems, inside) for item in node.value), line)
    return _mapping(node, file, problems, inside)


def _mapping(node: Any, file: str, problems: list[Problem], above: frozenset[int]) -> Node:
    values: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = _text(key_node.value) if isinstance(key_node.value, str) else None
        if key is None:
            problems.append(_unreadable(file, line, "a key is a list or a mapping", "write the key as text"))
        elif key in values:
            message = f'the key "{key}" stands here and in line {lines[key]}'
            problems.append(Problem(id="duplicate-key", file=file, line=line, value=key, message=message, remedy="keep one"))
        else:
            values[key], lines[key] = _node(value_node, file, problems, above), line
    return Node(values, node.start_mark.line + 1, lines)


def _scalar(node: Any) -> Scalar:
    text = _text(node.value)
    if node.style in _QUOTED:  # a plain scalar has the style None or "", as the loader likes
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _NUMBER.match(text) else text


def _text(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFC", value)
