"""What an expression is worth, as far as literals and locals say it. What is not known is `Unknown`, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.hcl.quoting import text
from generator.hcl.syntax import Expression, Object, Reference, Scalar, Sequence, Span, Template, Text

_DEEPEST = 20


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
    """The local values that an expression may name."""

    file: str
    locals: Mapping[str, Local]
    depth: int = 0

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
    return scope.unknown(expression.span, "computed by an expression")


def _template(template: Template, scope: Scope) -> Value:
    parts: list[str] = []
    for part in template.parts:
        value = evaluate(part, scope)
        if isinstance(value, Scalar) and value.source not in ("null",) and not set(value.source) & set(".eE-+"):
            value = value.source
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, str):
            return scope.unknown(template.span, "built from something other than text")
        parts.append(value)
    return text("".join(parts))


def _object(found: Object, scope: Scope) -> Value:
    values: dict[str, Value] = {}
    for item in found.items:
        key = evaluate(item.key, scope)
        if isinstance(key, Scalar):
            key = key.source
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
    if scope.depth >= _DEEPEST:
        return scope.unknown(reference.span, f"local.{names[1]} refers to itself")
    value = evaluate(local.expression, Scope(local.file, scope.locals, scope.depth + 1))
    for name in names[2:]:
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, Mapping) or name not in value:
            return scope.unknown(reference.span, f"{'.'.join(names)} is not defined in this folder")
        value = value[name]
    return value
