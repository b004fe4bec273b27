"""What an expression is worth, as far as literals and locals say it. What is not known is `Unknown`, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.hcl.quoting import text
from generator.hcl.syntax import Expression, Object, Opaque, Reference, Scalar, Sequence, Span, Template, Text

_DEEPEST = 20
_LONGEST = 1 << 20
_WHOLE = re.compile(r"0\Z|[1-9][0-9]*\Z")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be told without Terraform: where it stands, and why."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        """`unknown (file:line: why)`."""
        return f"unknown ({self.file}:{self.line}: {self.why})"


@dataclass(frozen=True, slots=True)
class Local:
    """The expression of one local value, and the file it stands in."""

    expression: Expression
    file: str


Value = str | Unknown | Scalar | Mapping[str, "Value"] | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The local values that an expression may name: those being evaluated, and those that have been."""

    file: str
    locals: Mapping[str, Local]
    open: tuple[str, ...] = ()
    done: dict[str, Value] = field(default_factory=dict, compare=False)

    def unknown(self, span: Span, why: str) -> Unknown:
        """An unknown at a place of this file."""
        return Unknown(self.file, span.line, why)


def evaluate(expression: Expression, scope: Scope) -> Value:
    """The value of an expression."""
    match expression:
        case Text(value=value):
            return value
        case Scalar():
            return expression
        case Template():
            return _template(expression, scope)
        case Object():
            return _object(expression, scope)
        case Sequence(items=items):
            return tuple(evaluate(item, scope) for item in items)
        case Reference():
            return _reference(expression, scope)
        case Opaque(why=why):
            return scope.unknown(expression.span, why)


def _template(template: Template, scope: Scope) -> Value:
    if len(template.parts) == 1:
        return evaluate(template.parts[0], scope)  # "${x}" is x itself, not its text
    parts: list[str] = []
    for part in template.parts:
        value = _as_text(evaluate(part, scope))
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, str):
            return scope.unknown(template.span, "built from something other than text")
        parts.append(value)
    joined = "".join(parts)
    return text(joined) if len(joined) <= _LONGEST else scope.unknown(template.span, "longer than any value AFT takes")


def _as_text(value: Value) -> Value:
    """A whole number or a boolean as Terraform writes it into text; it writes `007` and `1e3` otherwise than they stand."""
    plain = isinstance(value, Scalar) and (_WHOLE.match(value.source) or value.source in ("true", "false"))
    return value.source if isinstance(value, Scalar) and plain else value


def _object(found: Object, scope: Scope) -> Value:
    values: dict[str, Value] = {}
    for item in found.items:
        key = _as_text(evaluate(item.key, scope))
        if not isinstance(key, str):
            return scope.unknown(item.key.span, "a key is computed")
        values[key] = evaluate(item.value, scope)
    return values


def _reference(reference: Reference, scope: Scope) -> Value:
    names = reference.names
    if names[0] != "local" or len(names) < 2:
        return scope.unknown(reference.span, f"{'.'.join(names)} is known to Terraform only")
    local = scope.locals.get(names[1])
    if local is None:
        return scope.unknown(reference.span, f"local.{names[1]} is not defined in this folder")
    if names[1] in scope.open:
        return scope.unknown(reference.span, f"local.{names[1]} refers to itself")
    if len(scope.open) >= _DEEPEST:
        return scope.unknown(reference.span, f"more than {_DEEPEST} local values name each other")
    if names[1] not in scope.done:
        inner = Scope(local.file, scope.locals, (*scope.open, names[1]), scope.done)
        scope.done[names[1]] = evaluate(local.expression, inner)
    value = scope.done[names[1]]
    for name in names[2:]:
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, Mapping) or name not in value:
            return scope.unknown(reference.span, f"{'.'.join(names)} is not defined in this folder")
        value = value[name]
    return value
