"""What Terraform refuses and python-hcl2 accepts. Each rule was compared with `terraform fmt -` on real files.

The last of two equal attributes would win silently, a newline in a string would become part of a value: a
reading that is too friendly is a wrong reading.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from generator.hcl.quoting import unquote

Wrong = tuple[int, str]
_FOR = re.compile(r"for\s*[=:]")
_OPERATORS = ("binary_op", "binary_term", "unary_op", "conditional")
# what Terraform reads without looking at the ends of lines; an object looks at them again, whatever is around it
_OVER_LINES = ("tuple", "function_call", "braces_index", "for_tuple_expr", "for_object_expr", "interpolation")
_DIRECTIVE = "template_"


def check(tree: Any, source: str) -> list[Wrong]:
    """`(line, what is wrong)` for each place of the tree that Terraform would refuse."""
    found: list[Wrong] = []
    stack = [(tree, False)]
    while stack:
        node, bracketed = stack.pop()
        if not (bracketed and node.data in _OPERATORS):
            found.extend(_CHECKS.get(node.data, _nothing)(node, source))
        inside = _bracketed(node, bracketed)
        stack.extend((child, inside) for child in node.children if hasattr(child, "data"))
    return sorted(found)


def _bracketed(node: Any, outside: bool) -> bool:
    """May what is inside the node run over the ends of lines? The innermost bracket decides."""
    if node.data == "expr_term":
        return outside or getattr(node.children[0], "type", "") == "LPAR"
    if node.data in ("object", "body"):
        return False
    return outside or node.data in _OVER_LINES or node.data.startswith(_DIRECTIVE)


def _nothing(node: Any, source: str) -> Iterator[Wrong]:
    return iter(())


def _rules(node: Any, name: str) -> list[Any]:
    return [child for child in node.children if hasattr(child, "data") and child.data == name]


def _source(node: Any, source: str) -> str:
    return source[node.meta.start_pos : node.meta.end_pos]


def _gap(before: Any, after: Any, source: str) -> str:
    """What parts two entries; the parser counts the end of the line to an entry that ends with an operation or a heredoc."""
    return source[before.meta.start_pos + len(_source(before, source).rstrip()) : after.meta.start_pos]


def _body(node: Any, source: str) -> Iterator[Wrong]:
    """Attributes: each name once, each on its own line."""
    seen: dict[str, int] = {}
    entries = [child for child in node.children if hasattr(child, "data") and child.data in ("attribute", "block")]
    for entry in entries:
        if entry.data == "attribute":
            name = _source(entry.children[0], source)
            if name in seen:
                yield entry.meta.line, f'the attribute "{name}" stands here and in line {seen[name]}'
            seen.setdefault(name, entry.meta.line)
    for before, after in itertools.pairwise(entries):
        if "\n" not in _gap(before, after, source):
            yield after.meta.line, "two entries stand on one line"


def _string(node: Any, source: str) -> Iterator[Wrong]:
    for part in _rules(node, "string_part"):
        if hasattr(part.children[0], "data"):
            continue
        body = _source(part, source)
        if "\n" in body:
            yield part.meta.line, "a quoted string runs over the end of its line"
        elif unquote(body) is None:
            yield part.meta.line, f"{body!r} has an escape that HCL does not know"


def _object(node: Any, source: str) -> Iterator[Wrong]:
    """Elements: a comma or a new line between two, and `for` is a keyword."""
    elements = _rules(node, "object_elem")
    for before, after in itertools.pairwise(elements):
        between = _gap(before, after, source)
        if "," not in between and "\n" not in between:
            yield after.meta.line, "a comma is missing between two elements of an object"
    if elements and _FOR.match(_source(elements[0], source)):
        yield elements[0].meta.line, "the first key of an object is the keyword for: quote it"


def _operator(node: Any, source: str) -> Iterator[Wrong]:
    """An operator and its operands stand on one line, unless brackets surround them."""
    for child in node.children[:-1]:
        if "\n" in _between(child, source):
            yield (
                (child.meta if hasattr(child, "data") else node.meta).line,
                "an expression runs over the end of its line without parentheses",
            )
            return


def _between(child: Any, source: str) -> str:
    """What stands between operands: comments, ends of lines, and an operator, whose token may begin with the end of a line."""
    if not hasattr(child, "data"):
        return str(child)
    if child.data == "binary_operator":
        return str(child.children[0])
    return _source(child, source) if child.data == "new_line_or_comment" else ""


_CHECKS = {"body": _body, "string": _string, "object": _object, **{name: _operator for name in _OPERATORS}}
