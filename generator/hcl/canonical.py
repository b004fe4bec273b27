"""The canonical form of a block of quoted strings and maps of them: written here, and read back by its paragraphs.

A reading counts only after the block, written again, gives the same bytes; everything else is for python-hcl2. So the
reading itself may pass over what it does not know: it is missing then in what is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from generator.hcl.quoting import columns, quote, unquote

Attribute = str | Mapping[str, str]

_HEAD = re.compile(r'([a-z_]+) "([A-Za-z_][A-Za-z0-9_-]*)" \{\Z')
_TEXT = r'"([^"\\\n]*(?:\\.[^"\\\n]*)*)"'
_PAIR = re.compile(rf"^ *(?:{_TEXT}|(?!for )([A-Za-z_][A-Za-z0-9_-]*)) += {_TEXT}$", re.MULTILINE)
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
    if "".join(keys).isascii():
        widest = max(map(len, keys))
        padded = [key.ljust(widest) for key in keys]
    else:
        widths = [columns(key[1:-1]) + 2 if quoted else len(key) for key in keys]  # the quotes are columns of their own
        widest = max(widths)
        padded = [key + " " * (widest - width) for key, width in zip(keys, widths, strict=True)]
    lines = [f"    {key} = {quote(item)}" for key, (_, item) in zip(padded, items, strict=True)]
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
    """The name and the value of one attribute; None where a string in it is no literal. A line of another form is passed over here."""
    first, _, rest = paragraph.partition("\n")
    opened = _OPEN.match(first)
    found: dict[str, str] = {}
    for quoted, bare, body in _PAIR.findall(paragraph if opened is None else rest):
        key, value = bare or unquote(quoted), unquote(body)
        if key is None or value is None:
            return None
        found[key] = value
    if opened is not None:
        return opened[1], found
    return next(iter(found.items())) if len(found) == 1 else None
