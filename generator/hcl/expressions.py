"""Expressions as values: what stands in a file, before anybody asks what it is worth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (excluded) of the source, and the line of the first (1 is the first line)."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Text:
    """A string without interpolation. `literal` is False for a heredoc, which has no quotes to replace."""

    value: str
    span: Span
    literal: bool = True


@dataclass(frozen=True, slots=True)
class Template:
    """A string with interpolations."""

    parts: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, true, false or null, as written."""

    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Item:
    """`key = value` in an object."""

    key: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Object:
    """`{ … }`."""

    items: tuple[Item, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    """`[ … ]`."""

    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Reference:
    """`local.name` and deeper, or the one name of a `for` expression."""

    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression from which no value can be read off, and why not.

    Of the kinds below `evaluate` may tell the value; of one that is of none of them, nobody does.
    """

    span: Span
    why: str = "computed by an expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Opaque):
    """`function(arguments)`; `spread` where the last argument stands before `...`."""

    function: str
    arguments: tuple[Expression, ...]
    spread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Opaque):
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary(Opaque):
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Unary(Opaque):
    """`-operand` or `!operand`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute(Opaque):
    """`source.name`, where the source is more than names."""

    source: Expression
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Opaque):
    """`source[key]`."""

    source: Expression
    key: Expression


ELEMENT = "*"
"""The name under which `Splat.each` speaks of one element; no name in a file is spelt so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Splat(Opaque):
    """`source[*].…`: `each` is what is made of one element."""

    source: Expression
    each: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class For(Opaque):
    """`[for names in source : value if condition]`, and with a key `{for … : key => value}`; `grouped` where `...` follows."""

    names: tuple[str, ...]
    source: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouped: bool


Expression = Text | Template | Scalar | Object | Sequence | Reference | Opaque
