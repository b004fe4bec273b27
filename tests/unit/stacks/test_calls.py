"""Module calls of a `main.tf`, found without a parser of HCL: the same as python-hcl2 finds, or an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.hcl import syntax
from generator.hcl.syntax import Text
from generator.stacks.calls import calls

PLAIN = 'module "rds" {\n  source = "../../../../modules/rds/1.0.0"\n\n  name = "orders"\n}\n'
UNDERSTOOD = {
    "plain": PLAIN,
    "crlf": PLAIN.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + PLAIN,
    "odd spacing": 'module   "rds"   {\n\tname="x"\n      source   =    "./a"    # why\n}',
    "one line": 'module "rds" { source = "./a" }\n',
    "no end of line": 'module "rds" {\n  source = "./a"\n}',
    "two": PLAIN + 'module "other" {\n  source = "./b"\n}\n',
    "comments before": '# module "no" {\n// module "no" {\n/* module "no" {\n } */\nmodule "a" {\n  source = "./a"\n}\n',
    "comments": 'module "a" { # {\n  // source = "./no"\n  /* source = "./no" */\n  source = "./a" // }\n}\n',
    "nested source": 'module "a" {\n  config = {\n    source = "./no"\n  }\n  source = "./a"\n  list = [{ source = "./no" }]\n}\n',
    "a string with braces": 'module "a" {\n  text = "} { \\" ${join("}", ["{"])} $${ %{ if true }x%{ endif } %%{"\n  source = "./a"\n}\n',
    "a heredoc": 'locals {\n  text = <<-EOT\n    module "no" {\n    source = "./no"\n    }\n  EOT\n}\nmodule "a" {\n  source = "./a"\n}\n',
    "a heredoc inside": 'module "a" {\n  text = <<EOT\n  source = "./no"\n}\nEOT\n  source = "./a"\n}\n',
    "other blocks": 'resource "aws_x" "module" {\n  source = "./no"\n}\nlocals {\n  module = "x"\n}\nmodule "a" {\n  source = "./a"\n}\n',
    "a function": 'module "a" {\n  size = max(\n    1,\n    2,\n  )\n  source = "./a"\n}\n',
    "a comparison": 'module "a" {\n  big = var.size == 3 && var.x >= 2\n  source = "./a"\n}\n',
    "a conditional": 'module "a" {\n  size = var.big ? {\n    source = 1\n  } : null\n  source = "./a"\n}\n',
    "an inner block": 'module "a" {\n  source = "./a"\n  providers = {\n    aws = aws.x\n  }\n}\n',
    "no module": 'resource "aws_x" "y" {}\n',
    "nothing": "",
}


@pytest.mark.parametrize("case", UNDERSTOOD)
def test_it_sees_what_a_parser_sees(case: str) -> None:
    """Label, source to the character, and every argument."""
    text = UNDERSTOOD[case]
    blocks, problems = syntax.parse(text.encode(), "main.tf")
    assert not problems
    wanted = []
    for block in (block for block in blocks if block.type == "module"):
        source = block.attributes["source"]
        assert isinstance(source, Text)
        wanted.append((block.labels[0], source.value, set(block.attributes)))

    found = calls(text)

    assert [(call.label, call.source, set(call.arguments)) for call in found] == wanted
    assert all(text[call.start : call.end] == call.source for call in found)


@pytest.mark.parametrize(
    "source", ["var.source", '"../${var.x}"', '"a\\u002e"', "<<EOT\n./a\nEOT", '"a" == "b" ? "c" : "d"', '"%{ if x }a%{ endif }"']
)
def test_a_computed_source_is_none(source: str) -> None:
    """Nobody can say which version it names."""
    (call,) = calls(f'module "a" {{\n  source = {source}\n}}\n')

    assert call.source is None and call.arguments == ("source",)


def test_a_call_without_a_source_is_told() -> None:
    """Terraform refuses it; here it has none."""
    assert [call.source for call in calls('module "a" {\n}\n')] == [None]


NOT_UNDERSTOOD = {
    "no end": 'module "a" {\n',
    "an end too many": 'module "a" {\n}\n}\n',
    "another end": 'module "a" {\n  x = [)\n}\n',
    "a comment without end": 'module "a" {\n}\n/* x',
    "a string without end": 'module "a" {\n  source = "./a\n}\n',
    "an interpolation without end": 'module "a" {\n  source = "${x"\n}\n',
    "a heredoc without end": "x = <<EOT\n",
    "no label": 'module {\n  source = "./a"\n}\n',
    "an attribute": 'module = "x"\n',
    "twice": 'module "a" {\n  source = "./a"\n  source = "./b"\n}\n',
}


@pytest.mark.parametrize("case", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_an_error(case: str) -> None:
    """Never a guess: whoever asks leaves the file alone."""
    with pytest.raises(ValueError, match=r"\w"):
        calls(NOT_UNDERSTOOD[case])


def test_a_line_is_that_of_the_call() -> None:
    """For the messages."""
    assert [call.line for call in calls('\n# x\nmodule "a" {\n  source = "./a"\n}\n\nmodule "b" {\n  source = "./b"\n}\n')] == [3, 7]


_PIECES = [
    'module "a" {',
    "module",
    "{",
    "}",
    "[",
    ")",
    '"',
    "${",
    "$${",
    "\\",
    "\n",
    "\r\n",
    "source = ",
    '"./a"',
    "<<EOT\n",
    "EOT",
    "/*",
    "*/",
    "#",
    "=",
    "é",
    " ",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_any_text_is_understood_or_refused(text: str) -> None:
    """And every source that is told stands where it is said to."""
    try:
        found = calls(text)
    except ValueError:
        return
    assert all(call.source is None or text[call.start - 1 : call.end + 1] == f'"{call.source}"' for call in found)
