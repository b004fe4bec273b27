"""From python-hcl2's parse tree to expressions, one reader for each rule of its grammar.

A rule without a reader, and whatever a reader is not sure about, becomes `Opaque`: unknown, never half read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generator.hcl.expressions import (
    ELEMENT,
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Item,
    Object,
    Opaque,
    Reference,
    Scalar,
    Sequence,
    Span,
    Splat,
    Template,
    Text,
    Unary,
)
from generator.hcl.quoting import text, unquote

WORDS = ("identifier", "keyword")
_LITERALS = ("true", "false", "null")


def span_of(node: Any) -> Span:
    """Where a rule stands."""
    return Span(node.meta.start_pos, node.meta.end_pos, node.meta.line)


def rules(node: Any, *names: str) -> Iterator[Any]:
    """The children that are rules, of the given names only where some are given; ends of lines and comments are none."""
    for child in node.children:
        if hasattr(child, "data") and (child.data in names if names else child.data != "new_line_or_comment"):
            yield child


def name_of(node: Any, source: str) -> str:
    """A word, or the inside of a quoted string."""
    raw = _raw(node, source)
    return unquote(raw[1:-1]) or "" if node.data == "string" else raw


def expression(node: Any, source: str) -> Expression:
    """What a rule of the parse tree says."""
    if node.data == "expr_term":
        inner = list(rules(node))
        if len(inner) == 1:
            wrapped = expression(inner[0], source)
            # parentheses: the value is the inner one, but its text cannot be replaced as a string literal
            return Text(wrapped.value, span_of(node), False) if isinstance(wrapped, Text) and len(node.children) > 1 else wrapped
    return _READERS.get(node.data, _opaque)(node, source)


def _raw(node: Any, source: str) -> str:
    return source[node.meta.start_pos : node.meta.end_pos]


def _operation(node: Any, source: str) -> Span:
    """Where an operation stands; the parser counts the end of its line to it."""
    return Span(node.meta.start_pos, node.meta.start_pos + len(_raw(node, source).rstrip()), node.meta.line)


def _has(node: Any, *tokens: str) -> bool:
    return any(getattr(child, "type", "") in tokens for child in node.children)


def _all(node: Any, source: str) -> list[Expression]:
    return [expression(child, source) for child in rules(node)]


def _opaque(node: Any, source: str) -> Expression:
    return Opaque(span_of(node))


def _scalar(node: Any, source: str) -> Expression:
    return Scalar(_raw(node, source), span_of(node))


def _string(node: Any, source: str) -> Expression:
    parts: list[Expression] = []
    for part in rules(node, "string_part"):
        child, span = part.children[0], span_of(part)
        if not hasattr(child, "data"):
            parts.append(Text(unquote(source[span.start : span.end]) or "", span))
        elif child.data == "interpolation":
            parts.append(expression(next(rules(child)), source))
        else:
            return Opaque(span_of(node), "a template with directives")
    if all(isinstance(part, Text) for part in parts):
        return Text(text("".join(part.value for part in parts if isinstance(part, Text))), span_of(node))
    return Template(tuple(parts), span_of(node))


def _heredoc(node: Any, source: str) -> Expression:
    lines = _raw(node, source).rstrip("\r\n").split("\n")[1:-1]
    if any("${" in line or "%{" in line for line in lines):
        return Opaque(span_of(node), "a heredoc with a template in it")
    if node.data == "heredoc_template_trim":
        if any(not line.isascii() for line in lines):
            return Opaque(span_of(node), "an indented heredoc outside ASCII")
        margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        lines = [line[margin:] if line.strip() else line for line in lines]
    return Text(text("".join(f"{line}\n" for line in lines)), span_of(node), False)


def _object(node: Any, source: str) -> Expression:
    items = []
    for element in rules(node, "object_elem"):
        key, value = list(rules(element))[:2]
        items.append(Item(_key(next(rules(key)), source), expression(value, source)))
    return Object(tuple(items), span_of(node))


def _key(node: Any, source: str) -> Expression:
    """A bare word is text as a key; anything else is an expression."""
    inner = next(rules(node), node)
    if inner.data in (*WORDS, "literal_value") and len(node.children) == 1:
        return Text(text(name_of(inner, source)), span_of(inner), False)
    found = expression(node, source)
    bare = isinstance(found, Reference | Attribute | Index) and not _raw(node, source).startswith("(")
    return Opaque(span_of(node), "Terraform wants a key with a dot quoted, or in parentheses") if bare else found


def _sequence(node: Any, source: str) -> Expression:
    return Sequence(tuple(_all(node, source)), span_of(node))


def _reference(node: Any, source: str) -> Expression:
    names = tuple(part.strip() for part in _raw(node, source).split("."))
    if names[0] not in _LITERALS and all(name.replace("-", "_").isidentifier() for name in names):
        return Reference(names, span_of(node))
    return _access(node, source) if node.data == "get_attr_expr_term" else Opaque(span_of(node))


def _access(node: Any, source: str) -> Expression:
    """`source.name`, `source[key]` and the older `source.0`, of which a splat's steps are made too."""
    base, *steps = rules(node)
    return _step(expression(base, source), steps[0], source) if len(steps) == 1 else Opaque(span_of(node))


def _step(base: Expression, step: Any, source: str) -> Expression:
    span = Span(base.span.start, step.meta.end_pos, step.meta.line)
    if step.data == "get_attr":
        return Attribute(span, source=base, name=name_of(next(rules(step)), source))
    if step.data == "braces_index":
        return Index(span, source=base, key=expression(next(rules(step)), source))
    number = str(step.children[-1])
    return Index(span, source=base, key=Scalar(number, span_of(step))) if number.isdecimal() else Opaque(span)


def _splat(node: Any, source: str) -> Expression:
    base, tail = rules(node)
    if any(_is_splat(child) for child in (base, *rules(base))):
        return Opaque(span_of(node))  # Terraform takes it for a part of the first one
    steps = list(rules(tail))
    if node.data == "attr_splat_expr_term" and any(step.data != "get_attr" for step in steps):
        return Opaque(span_of(node))  # an index behind `.*` is one of the whole result
    each: Expression = Reference((ELEMENT,), span_of(base))
    for step in steps:
        each = _step(each, step, source)
    return Splat(span_of(node), source=expression(base, source), each=each)


def _is_splat(node: Any) -> bool:
    return node.data in ("full_splat_expr_term", "attr_splat_expr_term")


def _conditional(node: Any, source: str) -> Expression:
    condition, then, otherwise = _all(node, source)
    return Conditional(_operation(node, source), condition=condition, then=then, otherwise=otherwise)


def _binary(node: Any, source: str) -> Expression:
    left, term = rules(node)
    operator, right = rules(term)
    sign = str(operator.children[0]).strip()
    return Binary(_operation(node, source), operator=sign, left=expression(left, source), right=expression(right, source))


def _unary(node: Any, source: str) -> Expression:
    (operand,) = rules(node)
    return Unary(span_of(node), operator=str(node.children[0]).strip(), operand=expression(operand, source))


def _call(node: Any, source: str) -> Expression:
    names = [name_of(child, source) for child in rules(node, "identifier")]
    given = next(rules(node, "arguments"), None)
    arguments = tuple(_all(given, source)) if given is not None else ()
    return Call(span_of(node), function="::".join(names), arguments=arguments, spread=given is not None and _has(given, "ELLIPSIS"))


def _for(node: Any, source: str) -> Expression:
    intro, *values = rules(node)
    condition = next(iter(rules(values[-1])), None) if values[-1].data == "for_cond" else None
    made = [expression(value, source) for value in values if value.data != "for_cond"]
    *words, collection = rules(intro)
    return For(
        span_of(node),
        names=tuple(name_of(word, source) for word in words),
        source=expression(collection, source),
        key=made[0] if node.data == "for_object_expr" else None,
        value=made[-1],
        condition=expression(condition, source) if condition is not None else None,
        grouped=_has(node, "ELLIPSIS"),
    )


_READERS: dict[str, Callable[[Any, str], Expression]] = {
    "int_lit": _scalar,
    "float_lit": _scalar,
    "literal_value": _scalar,
    "string": _string,
    "heredoc_template": _heredoc,
    "heredoc_template_trim": _heredoc,
    "object": _object,
    "tuple": _sequence,
    "get_attr_expr_term": _reference,
    "identifier": _reference,
    "index_expr_term": _access,
    "full_splat_expr_term": _splat,
    "attr_splat_expr_term": _splat,
    "conditional": _conditional,
    "binary_op": _binary,
    "unary_op": _unary,
    "function_call": _call,
    "for_tuple_expr": _for,
    "for_object_expr": _for,
}
