"""The canonical form of a block of quoted strings and maps of them: written here, and read back line by line.

A reading counts only after the block, written again, gives the same bytes; everything else is for python-hcl2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from generator.hcl.quoting import columns, quote, unquote

Attribute = str | Mapping[str, str]

_HEAD = re.compile(r'([a-z_]+) "([A-Za-z_][A-Za-z0-9_-]*)" \{\Z')
_TEXT = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
_PAIR = re.compile(rf" *(?:{_TEXT}|(?!for )([A-Za-z_][A-Za-z0-9_-]*)) += {_TEXT}\Z")
_OPEN = re.compile(r"  ([A-Za-z_][A-Za-z0-9_-]*) += \{(\})?\Z")
_END = "\n}\n"


@dataclass(frozen=True, slots=True)
class Block:
    """`TYPE "LABEL" { … }` whose attributes are strings or maps of strings."""

    type: str
    label: str
    attributes: Mapping[str, Attribute]


def write(block: Block, quoted_keys: frozenset[str]) -> str:
    """The block as `terraform fmt` leaves it, a blank line between attributes.

    Keys of the maps named in `quoted_keys` are written as strings, those of other maps as identifiers.
    """
    paragraphs = [
        f"  {name} = {quote(value)}" if isinstance(value, str) else _map(name, tuple(value.items()), name in quoted_keys)
        for name, value in block.attributes.items()
    ]
    return f'{block.type} "{block.label}" {{\n' + "\n\n".join(paragraphs) + "\n}\n"


@lru_cache(maxsize=1 << 12)  # many accounts have the same tags
def _map(name: str, items: tuple[tuple[str, str], ...], quoted: bool) -> str:
    if not items:
        return f"  {name} = {{}}"
    keys = [quote(key) if quoted else key for key, _ in items]
    widths = [columns(key[1:-1]) + 2 if quoted else len(key) for key in keys]  # the quotes are columns of their own
    widest = max(widths)
    rows = zip(keys, widths, items, strict=True)
    lines = [f"    {key}{' ' * (widest - width)} = {quote(item)}" for key, width, (_, item) in rows]
    return f"  {name} = {{\n" + "\n".join(lines) + "\n  }"


def read(source: str) -> Block | None:
    """The one block a text consists of; None where it is not of this form. No value in it is to be changed: blocks share them."""
    first, _, rest = source.partition("\n")
    head = _HEAD.match(first)
    if head is None or not rest.endswith(_END):
        return None
    attributes: dict[str, Attribute] = {}
    for paragraph in rest.removesuffix(_END).split("\n\n"):
        found = _attribute(paragraph)
        if found is None or found[0] in attributes:
            return None
        attributes[found[0]] = found[1]
    return Block(head[1], head[2], attributes)


@lru_cache(maxsize=1 << 12)
def _attribute(paragraph: str) -> tuple[str, Attribute] | None:
    """The name and the value of one attribute; None where the paragraph is not one."""
    first, *lines = paragraph.split("\n")
    opened, inside = _OPEN.match(first), dict[str, str]()
    if opened is None or bool(opened[2]) is bool(lines):
        return next(iter(inside.items())) if not lines and _put(inside, first) else None
    if lines and (lines.pop() != "  }" or not all(_put(inside, line) for line in lines)):
        return None
    return opened[1], inside


def _put(target: dict[str, str], line: str) -> bool:
    """Add a line's key and value to the map it stands in; False where it has none of literal text, or the key stands there already."""
    if (pair := _PAIR.match(line)) is None:
        return False
    key = pair[2] if pair[1] is None else unquote(pair[1])
    value = unquote(pair[3])
    if key is None or value is None or key in target:
        return False
    target[key] = value
    return True
