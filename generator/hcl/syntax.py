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
from generator.hcl.expressions import Expression, Item, Object, Opaque, Reference, Scalar, Sequence, Span, Template, Text
from generator.hcl.grammar import WORDS, expression, name_of, rules, span_of
from generator.hcl.quoting import text
from generator.problems import Problem, ScaffoldError, refuse

# python-hcl2 refuses an escaped opener without a closing brace; it sees letters that only a string may hold instead
_OPENERS = re.compile(r"\$\$\{|%%\{")
_INERT = "\ue000" * 3
# Where lark keeps its compiled grammar; None is python-hcl2's own folder. Set once, before the first parse.
cache_file: str | None = None
__all__ = [
    "Block",
    "Expression",
    "Item",
    "Object",
    "Opaque",
    "Reference",
    "Scalar",
    "Sequence",
    "Span",
    "Template",
    "Text",
    "parse",
    "parse_json",
]


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


def _blocks(body: Any, source: str) -> Iterator[Block]:
    for block in rules(body, "block"):
        head = [child for child in rules(block) if child.data in ("string", *WORDS)]
        names = [name_of(child, source) for child in head]
        inner = next(rules(block, "body"), None)
        attributes = {name_of(next(rules(found)), source): expression(found.children[-1], source) for found in _attributes(inner)}
        nested = tuple(_blocks(inner, source)) if inner is not None else ()
        yield Block(names[0], tuple(names[1:]), attributes, nested, span_of(block))


def _attributes(body: Any) -> Iterator[Any]:
    return rules(body, "attribute") if body is not None else iter(())
