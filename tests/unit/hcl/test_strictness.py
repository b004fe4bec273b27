"""What Terraform refuses is refused with its line; what it accepts is read right, or reported, never read wrongly."""

from __future__ import annotations

import pytest

from generator.hcl import syntax
from tests.unit.hcl import oracle

INVALID = {
    "an attribute twice": ("a = 1\na = 2\n", 2),
    "a newline in a quoted string": ('a = "x\ny"\n', 1),
    "an unknown escape": ('b = 1\na = "\\d"\n', 2),
    "a surrogate as an escape": ('a = "\\uD800"\n', 1),
    "a code point above the last": ('a = "\\U00110000"\n', 1),
    "two attributes on one line": ("a = 1 b = 2\n", 1),
    "two blocks on one line": ('module "x" {} module "y" {}\n', 1),
    "an operator at the end of a line": ("a = 1 +\n2\n", 1),
    "a conditional over two lines": ("a = b ?\n1 : 2\n", 1),
    "an operator at the end of a line, parentheses beside it": ("a = (1) +\n2\n", 1),
    "an operator in an object, which parentheses surround": ("a = ({\n  x = 1 +\n  2\n})\n", 2),
    "an operator in an object of one line": ("a = { x = 1 +\n2 }\n", 1),
    "an operator at the beginning of a line": ("a = 1 + 2\n+ 3\n", 2),
    "a conditional at the beginning of a line": ("a = b == c\n? 1 : 2\n", 1),
    "an object without commas": ("a = { x = 1 y = 2 }\n", 1),
    "for as the first key": ("a = { for = 1 }\n", 1),
    "for as the first key, with a colon": ("a = { for : 1 }\n", 1),
    "two commas": ("a = {\n  x = 1,,\n}\n", 2),
    "two strings": ('a = "x" "y"\n', 1),
    "single quotes": ("b = 1\na = 'x'\n", 2),
    "an unclosed block": ('module "x" {\n  a = 1\n', 3),
    "half an attribute": ('module "x" {\n  a =\n}\n', 2),
    "half a string": ('module "x" {\n  a = "b\n}\n', None),
}
VALID_AND_UNREADABLE = {
    "a comment before a value": 'locals {\n  a = /* c */ "x"\n}\n',
    "an identifier outside ASCII": "locals {\n  é = 1\n}\n",
    "a double negation": "locals {\n  a = !!true\n}\n",
    "a strip marker at the end of an interpolation": 'locals {\n  a = "${1 ~}"\n}\n',
}
OVER_LINES = {
    "a comparison in parentheses": "a = (\n  x == 1 ||\n  y == 2\n)\n",
    "parentheses that open in an earlier line": "a = (x\n  != 1 && y == 2 &&\n  z == 3)\n",
    "in a tuple": "a = [\n  length(x) == 1 &&\n  y,\n]\n",
    "in a call": "a = alltrue(\n  x == 1 &&\n  y\n)\n",
    "in an index": "a = x[y == 1 ?\n  1 : 2]\n",
    "in a for expression": "a = { for k in x : k => k == 1 &&\n  y }\n",
    "in an interpolation": 'a = "${x == 1 ?\n  1 : 2}"\n',
    "in parentheses in an object": "a = {\n  x = (y == 1 ||\n  z)\n}\n",
    "at the beginning of a line": "a = (1 + 2\n+ 3)\n",
}
DEEP = "[" * 2000 + "]" * 2000


@pytest.mark.parametrize(("source", "line"), INVALID.values(), ids=INVALID)
def test_what_terraform_refuses_is_refused_with_its_line(source: str, line: int | None) -> None:
    """The problem is marked incomplete, so nobody concludes anything from the rest of the file."""
    blocks, problems = syntax.parse(source.encode(), "a.tf")

    assert blocks == ()
    assert problems and all(problem.incomplete and problem.file == "a.tf" for problem in problems)
    assert line is None or problems[0].line == line


@pytest.mark.terraform
@pytest.mark.parametrize("source", [source for source, _ in INVALID.values()], ids=INVALID)
def test_terraform_does_refuse_it(source: str) -> None:
    """The list above is Terraform's, not ours."""
    assert not oracle.accepts(source.encode())


@pytest.mark.parametrize("source", OVER_LINES.values(), ids=OVER_LINES)
def test_brackets_carry_an_expression_over_the_end_of_its_line(source: str) -> None:
    """The innermost bracket decides; an equals sign in the line says nothing."""
    blocks, problems = syntax.parse(f"locals {{\n{source}}}\n".encode(), "a.tf")

    assert problems == []
    assert [list(block.attributes) for block in blocks] == [["a"]]


@pytest.mark.terraform
@pytest.mark.parametrize("source", OVER_LINES.values(), ids=OVER_LINES)
def test_terraform_reads_over_these_ends_of_lines(source: str) -> None:
    """The list above is Terraform's, not ours."""
    assert oracle.accepts(source.encode())


@pytest.mark.parametrize("source", VALID_AND_UNREADABLE.values(), ids=VALID_AND_UNREADABLE)
def test_what_the_parser_cannot_read_is_reported_with_its_line(source: str) -> None:
    """Legal HCL that python-hcl2 refuses is unreadable; it is never half read."""
    blocks, problems = syntax.parse(source.encode(), "a.tf")

    assert blocks == ()
    assert [(problem.id, problem.place) for problem in problems] == [("hcl-unreadable", "a.tf:2")]


@pytest.mark.terraform
@pytest.mark.parametrize("source", VALID_AND_UNREADABLE.values(), ids=VALID_AND_UNREADABLE)
def test_terraform_does_accept_it(source: str) -> None:
    """The day the parser reads these, they can be asked for."""
    assert oracle.accepts(source.encode())


def test_an_attribute_and_a_block_of_one_name_are_both_read() -> None:
    """The name counts once among the attributes and once among the blocks."""
    (block,), problems = syntax.parse(b"locals {\n  a = 1\n  a {\n  }\n}\n", "a.tf")

    assert problems == []
    assert (list(block.attributes), [inner.type for inner in block.blocks]) == (["a"], ["a"])


@pytest.mark.parametrize("name", ["for_each", "for", "in", "if", "else", "null", "true", "format"])
def test_a_name_that_starts_like_a_keyword_keeps_all_its_letters(name: str) -> None:
    """The parser has a rule of its own for some words; the name is the text that stands there."""
    (block,), problems = syntax.parse(f'module "{name}" {{\n  {name} = 1\n}}\n'.encode(), "a.tf")

    assert problems == []
    assert (block.labels, list(block.attributes)) == ((name,), [name])


def test_what_is_nested_too_deeply_is_a_problem_and_no_crash() -> None:
    """Python's own limit is the reader's limit."""
    blocks, problems = syntax.parse(f"locals {{\n  a = {DEEP}\n}}\n".encode(), "a.tf")

    assert blocks == ()
    assert [problem.message for problem in problems] == ["it is nested too deeply"]


@pytest.mark.parametrize("depth", range(20, 260, 12))
def test_every_depth_is_read_or_reported(depth: int) -> None:
    """There is no depth at which the parser still succeeds and the reader behind it fails."""
    blocks, problems = syntax.parse(f"locals {{\n  a = {'[' * depth}{']' * depth}\n}}\n".encode(), "a.tf")

    assert bool(blocks) is not bool(problems)


def test_bytes_that_are_no_text_are_reported() -> None:
    """Terraform reads UTF-8 only."""
    _, (problem,) = syntax.parse(b"a = \xff\n", "a.tf")

    assert str(problem).startswith("a.tf: byte 4 is not UTF-8")


def test_a_file_without_a_newline_at_its_end_is_read() -> None:
    """Editors differ."""
    (block,), problems = syntax.parse(b"locals {\n  a = 1\n}", "a.tf")

    assert problems == []
    assert list(block.attributes) == ["a"]


FOLLOWED = {
    "an operation before an indented line": "locals {\n  a = 1 + 2\n  b = 3\n}\n",
    "an operation before a comment": "locals {\n  a = 1 + 2 # c\n  b = 3\n}\n",
    "a conditional in an object": "locals {\n  a = {\n    x = true ? 1 : 2 == 2\n    y = 3\n  }\n}\n",
}


@pytest.mark.parametrize("source", FOLLOWED.values(), ids=FOLLOWED)
def test_what_follows_an_operation_stands_on_its_own_line(source: str) -> None:
    """The parser counts the end of the line and the next indentation to an operation."""
    assert syntax.parse(source.encode(), "a.tf")[1] == []


@pytest.mark.terraform
@pytest.mark.parametrize("source", FOLLOWED.values(), ids=FOLLOWED)
def test_terraform_accepts_what_follows_an_operation(source: str) -> None:
    """The list above is Terraform's, not ours."""
    assert oracle.accepts(source.encode())
