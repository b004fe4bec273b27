"""Reading an `atlantis.yaml` of thousands of projects: what stands in our region as we write it follows from two of its blocks.

A YAML reader that has read two blocks of one form, one behind the other, stands where it stood: it reads each further one alike.
So the file is read with the first and the last block only, and the others are put in between. Every doubt reads the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.atlantis import region
from generator.documents import strict_yaml
from generator.documents.strict_yaml import Node
from generator.problems import Problem

_LINES = 4
"""Of a block."""
_DIRECTORY, _PATTERN = r"(?:stacks|peering)/[A-Za-z0-9_./-]+", r'"[A-Za-z0-9_./*-]*"'
"""Text that no reader of YAML takes for anything else, however it stands."""


@lru_cache(maxsize=4)  # several rules of one command read the same file
def read(content: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """What `strict_yaml.read(content, file, first=True)` returns."""
    abridged = _abridged(content)
    if abridged is not None:
        return _filled(abridged), ()
    node, problems = strict_yaml.read(content, file, first=True)
    return node, tuple(problems)


def reads_all(content: bytes) -> bool:
    """Is every project that our region lists one that Atlantis reads? False: nobody can tell without reading the whole file."""
    return _abridged(content) is not None


@dataclass(frozen=True, slots=True)
class _Abridged:
    """A document with two of its blocks: the place of the first among its projects, and what all blocks say: directory, and patterns."""

    document: Node
    place: int
    blocks: Sequence[tuple[str, tuple[str, ...]]]


@lru_cache(maxsize=4)
def _abridged(content: bytes) -> _Abridged | None:
    """None where two blocks do not tell what the others are: they are not as we write them, few, or no projects where they stand."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    found = region.bounds(text) if b"&" not in content else None  # an alias could stand for a part of the file
    if found is None:
        return None
    begin, end, margin = found
    matches = list(_block(margin).finditer(text, begin, end))
    if len(matches) <= 2 or sum(len(match[0]) for match in matches) != end - begin:
        return None
    short = f"{text[:begin]}{matches[0][0]}{matches[-1][0]}{text[end:]}"
    document, problems = strict_yaml.read(short.encode(), region.FILE, first=True)
    blocks = [(match[1], tuple(match[2][1:-1].split('", "'))) for match in matches]
    line = text.count("\n", 0, begin) + 1
    place = _place(document, line, blocks) if document is not None and not problems else None
    return _Abridged(document, place, blocks) if document is not None and place is not None else None


def _place(document: Node, line: int, blocks: Sequence[tuple[str, tuple[str, ...]]]) -> int | None:
    """Where among the projects the two stand; None where those are not, in the lines where they are, two of its projects."""
    listed = _projects(document)
    place = next((index for index, item in enumerate(listed) if item.line == line), len(listed))
    both = (_node(*blocks[0], line), _node(*blocks[-1], line + _LINES))
    return place if listed[place : place + 2] == both else None


def _block(margin: str) -> re.Pattern[str]:
    """What `Project.block` writes, and nothing else."""
    lines = (
        rf"- name: ({_DIRECTORY})",
        r"  dir: \1",
        r"  autoplan:",
        rf"    when_modified: \[({_PATTERN}(?:, {_PATTERN})*)\]",
    )
    return re.compile("".join(rf"{margin}{line}\r?\n" for line in lines))


def _filled(abridged: _Abridged) -> Node:
    """The document with all blocks in place of the two."""
    blocks, place = abridged.blocks, abridged.place
    line = _projects(abridged.document)[place].line
    moved = _moved(abridged.document, line + _LINES, (len(blocks) - 2) * _LINES)
    assert isinstance(moved.value, Mapping)
    around = _projects(moved)
    nodes = (_node(*block, line + number * _LINES) for number, block in enumerate(blocks))
    projects = Node((*around[:place], *nodes, *around[place + 2 :]), moved.value["projects"].line)
    return Node({**moved.value, "projects": projects}, moved.line, moved.lines)


def _projects(document: Node) -> tuple[Node, ...]:
    found = document.value.get("projects") if isinstance(document.value, Mapping) else None
    return found.value if found is not None and isinstance(found.value, tuple) else ()


def _node(directory: str, patterns: Sequence[str], line: int) -> Node:
    """A block as it is read."""
    last = line + _LINES - 1
    when = {"when_modified": Node(tuple(Node(pattern, last) for pattern in patterns), last)}
    autoplan = Node(when, last, {"when_modified": last})
    values = {"name": Node(directory, line), "dir": Node(directory, line + 1), "autoplan": autoplan}
    return Node(values, line, {"name": line, "dir": line + 1, "autoplan": line + 2})


def _moved(node: Node, start: int, by: int) -> Node:
    """The same with all that stands in a line, or behind it, moved down."""
    line = node.line + by if node.line >= start else node.line
    if isinstance(node.value, tuple):
        return Node(tuple(_moved(item, start, by) for item in node.value), line)
    if isinstance(node.value, Mapping):
        lines = {key: place + by if place >= start else place for key, place in (node.lines or {}).items()}
        return Node({key: _moved(item, start, by) for key, item in node.value.items()}, line, lines)
    return Node(node.value, line)
