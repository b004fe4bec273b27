"""HCL of any style, read by python-hcl2 and then checked as strictly as Terraform does.

python-hcl2 is asked for its parse tree only: its dictionaries lose the difference between text and
expressions. It accepts files that Terraform refuses, so `strictness` looks at the tree again. Never call
this from threads: the parser is shared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.hcl import strictness
from generator.hcl.quoting import text, unquote
from generator.problems import Problem, ScaffoldError, refuse

# python-hcl2 refuses an escaped opener without a closing brace; it sees letters that only a string may hold instead
_OPENERS = re.compile(r"\$\$\{|%%\{")
_INERT = "\ue000" * 3
# Where lark keeps its compiled grammar; None is python-hcl2's own folder. Set once, before the first parse.
cache_file: str | None = None


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
    """`local.name` and deeper."""

    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression this reader does not evaluate, and why not."""

    span: Span
    why: str = "computed by an expression"


Expression = Text | Template | Scalar | Object | Sequence | Reference | Opaque


@dataclass(frozen=True, slots=True)
class Block:
    """`TYPE "LABEL" … { … }` with its attributes and the blocks inside it."""

    type: str
    labels: tuple[str, ...]
    attributes: Mapping[str, Expression]
    blocks: tuple[Block, ...]
    span: Span


def parse(content: bytes, file: str) -> tuple[tuple[Block, ...], list[Problem]]:
    """The top-level blocks of a file, or the problems that make it unreadable (marked incomplete)."""
    try:
        # a byte order mark is legal for Terraform and unknown to python-hcl2
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return (), [_unreadable(file, None, f"byte {error.start} is not UTF-8")]
    try:
        tree = _parser()(_OPENERS.sub(_INERT, source if source.endswith("\n") else source + "\n"))
        wrong = [_unreadable(file, line, message) for line, message in strictness.check(tree, source)]
        return ((), wrong) if wrong else (tuple(_blocks(tree.children[0], source)), [])
    except ScaffoldError:
        raise
    except RecursionError:
        return (), [_unreadable(file, None, "it is nested too deeply")]
    except Exception as error:  # lark's family of errors; imported by name it would cost every command 100 ms
        line = getattr(error, "line", None)
        return (), [_unreadable(file, line if isinstance(line, int) and line > 0 else None, "not HCL that can be read")]


# how many names follow the word of a block, in Terraform's JSON; every other object is an argument or a block without a name
_LABELS = {"data": 2, "resource": 2, "ephemeral": 2, "action": 2, "provider": 1, "module": 1, "check": 1, "backend": 1, "provisioner": 1}


def parse_json(content: bytes, file: str) -> tuple[tuple[Block, ...], list[Problem]]:
    """The same of a file in Terraform's JSON; an object inside a block is a block, every place is the file's first line."""
    try:
        document = json.loads(content, object_pairs_hook=_pairs)
        return (tuple(_of_json(document)), []) if isinstance(document, dict) else ((), [_unreadable(file, None, "it is no JSON object")])
    except (ValueError, RecursionError):
        return (), [_unreadable(file, None, "not JSON that can be read")]


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a name that comes twice stands for a list, as it does for Terraform: none hides another."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = [*_several(found[name]), *_several(value)] if name in found else value
    return found


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_json(body: Mapping[str, Any]) -> Iterator[Block]:
    for word, value in body.items():
        for labels, inner in _labelled(value, _LABELS.get(word, 0)):
            texts = {key: _of_value(said) for key, said in inner.items() if not isinstance(said, dict | list)}
            yield Block(word, labels, texts, tuple(_of_json(inner)), Span(0, 0, 1))


def _labelled(value: Any, depth: int) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Every object below so many names; a list stands for several of them at each depth."""
    for found in _several(value):
        if isinstance(found, dict) and depth:
            yield from (((name, *labels), inner) for name, below in found.items() for labels, inner in _labelled(below, depth - 1))
        elif isinstance(found, dict):
            yield (), found


def _of_value(value: Any) -> Expression:
    """Text; of a template the part before its first interpolation."""
    if not isinstance(value, str):
        return Opaque(Span(0, 0, 1))
    begin, *rest = re.split(r"[$%]\{", value, maxsplit=1)
    found = Text(text(begin), Span(0, 0, 1), False)
    return Template((found, Opaque(found.span)), found.span) if rest else found


def _unreadable(file: str, line: int | None, what: str) -> Problem:
    remedy = "repair it (terraform validate says more)"
    return Problem(id="hcl-unreadable", file=file, line=line, message=what, remedy=remedy, incomplete=True)


def _parser() -> Any:
    import hcl2

    if not hasattr(hcl2, "parses_to_tree"):
        remedy = "uninstall bc-python-hcl2 and reinstall python-hcl2: both own the package name hcl2"
        raise refuse("wrong-hcl2", "the installed package hcl2 is not python-hcl2 8", remedy)
    if cache_file is not None:
        import pathlib  # noqa: TID251  # python-hcl2 wants a path object; nothing is read here

        import hcl2.parser as grammar

        grammar.PARSER_FILE = pathlib.Path(cache_file)
    return hcl2.parses_to_tree


def _span(node: Any) -> Span:
    return Span(node.meta.start_pos, node.meta.end_pos, node.meta.line)


def _trees(node: Any, *names: str) -> Iterator[Any]:
    """The children that are rules, of the given names only where some are given."""
    for child in node.children:
        if hasattr(child, "data") and (not names or child.data in names):
            yield child


def _blocks(body: Any, source: str) -> Iterator[Block]:
    for block in _trees(body, "block"):
        head = [child for child in _trees(block) if child.data in ("string", *_WORDS)]
        names = [_name(child, source) for child in head]
        inner = next(_trees(block, "body"), None)
        attributes = {_name(next(_trees(found)), source): _expression(found.children[-1], source) for found in _attributes(inner)}
        nested = tuple(_blocks(inner, source)) if inner is not None else ()
        yield Block(names[0], tuple(names[1:]), attributes, nested, _span(block))


def _attributes(body: Any) -> Iterator[Any]:
    return _trees(body, "attribute") if body is not None else iter(())


def _name(node: Any, source: str) -> str:
    raw = source[node.meta.start_pos : node.meta.end_pos]
    return unquote(raw[1:-1]) or "" if node.data == "string" else raw


def _expression(node: Any, source: str) -> Expression:
    inner = list(_trees(node))
    if node.data == "expr_term" and len(inner) == 1:
        wrapped = _expression(inner[0], source)
        # parentheses: the value is the inner one, but its text cannot be replaced as a string literal
        return Text(wrapped.value, _span(node), False) if isinstance(wrapped, Text) and len(node.children) > 1 else wrapped
    return _READERS.get(node.data, _opaque)(node, source)


def _opaque(node: Any, source: str) -> Expression:
    return Opaque(_span(node))


def _scalar(node: Any, source: str) -> Expression:
    return Scalar(source[node.meta.start_pos : node.meta.end_pos], _span(node))


def _string(node: Any, source: str) -> Expression:
    parts: list[Expression] = []
    for part in _trees(node, "string_part"):
        child, span = part.children[0], _span(part)
        if not hasattr(child, "data"):
            parts.append(Text(unquote(source[span.start : span.end]) or "", span))
        elif child.data == "interpolation":
            parts.append(_expression(next(_trees(child)), source))
        else:
            return Opaque(_span(node))
    if all(isinstance(part, Text) for part in parts):
        return Text(text("".join(part.value for part in parts if isinstance(part, Text))), _span(node))
    return Template(tuple(parts), _span(node))


def _heredoc(node: Any, source: str) -> Expression:
    lines = source[node.meta.start_pos : node.meta.end_pos].rstrip("\r\n").split("\n")[1:-1]
    if any("${" in line or "%{" in line for line in lines):
        return Opaque(_span(node), "a heredoc with a template in it")
    if node.data == "heredoc_template_trim":
        if any(not line.isascii() for line in lines):
            return Opaque(_span(node), "an indented heredoc outside ASCII")
        margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        lines = [line[margin:] if line.strip() else line for line in lines]
    return Text(text("".join(f"{line}\n" for line in lines)), _span(node), False)


def _object(node: Any, source: str) -> Expression:
    items = []
    for element in _trees(node, "object_elem"):
        key, value = list(_trees(element))[:2]
        items.append(Item(_key(next(_trees(key)), source), _expression(value, source)))
    return Object(tuple(items), _span(node))


def _key(node: Any, source: str) -> Expression:
    """A bare word is text as a key; anything else is an expression."""
    inner = next(_trees(node), node)
    if inner.data in (*_WORDS, "literal_value") and len(node.children) == 1:
        return Text(text(_name(inner, source)), _span(inner), False)
    found = _expression(node, source)
    bare = isinstance(found, Reference) and not source[node.meta.start_pos : node.meta.end_pos].startswith("(")
    return Opaque(_span(node), "Terraform wants a key with a dot quoted, or in parentheses") if bare else found


def _sequence(node: Any, source: str) -> Expression:
    items = tuple(_expression(child, source) for child in _trees(node) if child.data != "new_line_or_comment")
    return Sequence(items, _span(node))


def _reference(node: Any, source: str) -> Expression:
    raw = source[node.meta.start_pos : node.meta.end_pos]
    names = tuple(part.strip() for part in raw.split("."))
    return Reference(names, _span(node)) if all(name.replace("-", "_").isidentifier() for name in names) else Opaque(_span(node))


_WORDS = ("identifier", "keyword")
_READERS = {
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
}
