"""The canonical form of a block of quoted strings and maps of them: written here, and read back line by line.

A reading counts only after the block, written again, gives the same bytes; everything else is for python-hcl2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from generator.hcl.quoting import columns, quote, unquote

Attribute = str | Mapping[str, str]

_HEAD = re.compile(r'([a-z_]+) "([A-Za-z_][A-Za-z0-9_-]*)" \{\Z')
_TEXT = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
_PAIR = re.compile(rf"(?:{_TEXT}|(?!for )([A-Za-z_][A-Za-z0-9_-]*)) += {_TEXT}\Z")
_OPEN = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*) += \{(\})?\Z")


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
    paragraphs = [_attribute(name, value, name in quoted_keys) for name, value in block.attributes.items()]
    return f'{block.type} "{block.label}" {{\n' + "\n\n".join(paragraphs) + "\n}\n"


def _attribute(name: str, value: Attribute, quoted: bool) -> str:
    if isinstance(value, str):
        return f"  {name} = {quote(value)}"
    if not value:
        return f"  {name} = {{}}"
    keys = [quote(key) if quoted else key for key in value]
    widths = [columns(key[1:-1]) + 2 if quoted else len(key) for key in keys]  # the quotes are columns of their own
    widest = max(widths)
    rows = zip(keys, widths, value.values(), strict=True)
    lines = [f"    {key}{' ' * (widest - width)} = {quote(item)}" for key, width, item in rows]
    return f"  {name} = {{\n" + "\n".join(lines) + "\n  }"


def read(source: str) -> Block | None:
    """The one block a text consists of; None where any line is not of this form."""
    lines = source.split("\n")
    head = _HEAD.match(lines[0])
    if head is None or lines[-2:] != ["}", ""]:
        return None
    attributes: dict[str, Attribute] = {}
    inside: dict[str, str] | None = None
    for line in lines[1:-2]:
        body = line.strip(" ")
        if not body:
            continue
        if body == "}" and inside is not None:
            inside = None
        elif (pair := _PAIR.match(body)) is not None:
            if not _put(attributes if inside is None else inside, pair):
                return None
        elif inside is None and (opened := _OPEN.match(body)) is not None and opened[1] not in attributes:
            fresh: dict[str, str] = {}
            attributes[opened[1]] = fresh
            inside = None if opened[2] else fresh
        else:
            return None
    return Block(head[1], head[2], attributes) if inside is None else None


def _put(target: dict[str, Attribute] | dict[str, str], pair: re.Match[str]) -> bool:
    """Add a pair to the map it stands in; False where it is not literal text or stands there already."""
    key = pair[2] if pair[1] is None else unquote(pair[1])
    value = unquote(pair[3])
    if key is None or value is None or key in target:
        return False
    target[key] = value
    return True
