"""What an expression is worth equals what Terraform says, or is unknown with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.hcl import syntax
from generator.hcl.evaluate import Local, Scope, Unknown, evaluate
from generator.hcl.values import Number, Value
from tests.unit.hcl import oracle
from tests.unit.hcl.oracle import plain

KNOWN: dict[str, Any] = {
    '"$${"': "${",
    '"%%{"': "%{",
    '"$$${x}"': "$${x}",
    '"$$$${x} %%%{y}"': "$$${x} %%{y}",
    '"$\\u007Bx}"': "${x}",
    '"a$b $ % $$ 100%"': "a$b $ % $$ 100%",
    '"tab\\tline\\nquote\\"slash\\\\ \\u00e9 \\U0001F600"': 'tab\tline\nquote"slash\\ é \U0001f600',
    '"e\u0301"': "é",
    '""': "",
    '"${"x"}-y"': "x-y",
    '"${12}-x"': "12-x",
    '"${true}-x"': "true-x",
    '("x")': "x",
    "<<EOT\nEOT": "",
    "<<EOT\n  x\n\ny\nEOT": "  x\n\ny\n",
    "<<-EOT\n\n     x\n   \n\ty\n   z\n  EOT": "\n    x\n   \ny\n  z\n",
    "<<EOT\n\\n stays\nEOT": "\\n stays\n",
    '{ a = "1", "b c" = "2", 3 = "4", }': {"a": "1", "b c": "2", "3": "4"},
    '{ a : "1" }': {"a": "1"},
    '{ # c\n  a = "1", // c\n  /* c */\n  b = "2" # c\n}': {"a": "1", "b": "2"},
    '{ for_each = "x", null = "y" }': {"for_each": "x", "null": "y"},
    '["x", "y",]': ["x", "y"],
    '"${local.other}-y"': "z-y",
    "local.map.k": "v",
    '{ (local.other) = "v" }': {"z": "v"},
}
NUMBERS = {"1e10": "10000000000", "007": "7", "1.50": "1.5", "0": "0", "-12": "-12", "123456789012": "123456789012"}
UNKNOWN = {
    "var.x": "var.x is known to Terraform only",
    "data.aws_region.current.name": "data.aws_region.current.name is known to Terraform only",
    "local.missing": "local.missing is not defined in this folder",
    "local.map.missing": 'local.map has no "missing"',
    "local.list[1]": "there is no element 1",
    "timestamp()": "the function timestamp is not evaluated here",
    'lower("\u0130")': "letters outside ASCII",
    'true ? 1 : "${var.y}"': "var.y is known to Terraform only",
    "1 / 3": "a number that Terraform rounds",
    '"%{ if true }x%{ endif }"': "a template with directives",
    '"x-${var.x}"': "var.x is known to Terraform only",
    '"${null}-x"': "null is no text",
    '{ a = "x", a = "y" }': "it has one key twice",
    '{ aws.dst = "x" }': "a key is computed: Terraform wants a key with a dot quoted, or in parentheses",
    '{ local.other = "x" }': "a key is computed: Terraform wants a key with a dot quoted, or in parentheses",
    '{ (var.x) = "x" }': "a key is computed: var.x is known to Terraform only",
    "<<EOT\n$${x}\nEOT": "a heredoc with a template in it",
    "<<-EOT\n  \u00a0x\n  EOT": "an indented heredoc outside ASCII",
}
OTHERS = '  other = "z"\n  map   = { k = "v" }\n  list  = ["x"]\n'


def _value(expression: str, others: str = OTHERS) -> Value:
    blocks, problems = syntax.parse(f"locals {{\n  a = {expression}\n{others}}}\n".encode(), "a.tf")
    assert problems == []
    locals_ = {name: Local(found, "a.tf") for block in blocks for name, found in block.attributes.items()}
    return evaluate(locals_["a"].expression, Scope("a.tf", locals_))


@pytest.mark.parametrize("expression", KNOWN)
def test_a_known_value_is_exactly_what_stands_there(expression: str) -> None:
    """Strings, heredocs, maps, lists and local values."""
    assert plain(_value(expression)) == KNOWN[expression]


@pytest.mark.terraform
def test_terraform_says_the_same_of_every_known_value(tmp_path: Path) -> None:
    """All of them in one file, asked in one go."""
    names = [f"v{number}" for number in range(len(KNOWN))]
    lines = "".join(f"  {name} = {expression}\n" for name, expression in zip(names, KNOWN, strict=True))

    found = oracle.local_values(f"locals {{\n{lines}{OTHERS}}}\n".encode(), names, tmp_path)

    assert dict(zip(KNOWN, found, strict=True)) == KNOWN


@pytest.mark.parametrize("expression", UNKNOWN)
def test_what_cannot_be_told_is_unknown_with_its_line(expression: str) -> None:
    """A guess is worse than a gap."""
    found = _value(expression)

    assert isinstance(found, Unknown)
    assert (found.line, found.why) == (2, UNKNOWN[expression])


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_no_text_and_becomes_the_text_that_terraform_makes_of_it(number: str) -> None:
    """Who needs text says that quotes are missing."""
    plain, template = _value(number), _value(f'"${{{number}}}-x"')

    assert isinstance(plain, Number) and str(plain) == NUMBERS[number]
    assert template == f"{NUMBERS[number]}-x"


@pytest.mark.parametrize(
    "others", ['  b = "${local.b}x"\n', "  b = local.c\n  c = [local.b]\n", "  b = { x = local.b, y = local.b, z = local.b }\n"]
)
def test_a_local_value_that_names_itself_is_unknown_at_once(others: str) -> None:
    """Three references to itself, twenty deep, would be three billion evaluations."""
    found = _value("local.b", others)

    assert "refers to itself" in str(found)


def test_a_tower_of_local_values_is_evaluated_once_per_value() -> None:
    """Each names the one below ten times: without a memory that is ten to the eighteenth, and too large with one."""
    tower = "".join(f"  t{n} = [{', '.join([f'local.t{n + 1}'] * 10)}]\n" for n in range(18))

    found = _value("local.t0", f'{tower}  t18 = "x"\n')

    assert isinstance(found, Unknown) and found.why == "more values than requests can need"


def test_a_text_that_grows_beyond_every_limit_is_unknown() -> None:
    """Ten copies of ten copies of … is more than any machine holds."""
    tower = "".join(f'  t{n} = "{"".join([f"${{local.t{n + 1}}}"] * 10)}"\n' for n in range(15))

    found = _value("local.t0", f'{tower}  t15 = "x"\n')

    assert isinstance(found, Unknown) and found.why == "longer than any value AFT takes"


def test_a_long_chain_of_local_values_is_not_called_a_circle() -> None:
    """It is unknown all the same, and says why."""
    chain = "".join(f"  t{n} = local.t{n + 1}\n" for n in range(30))

    found = _value("local.t0", f'{chain}  t30 = "x"\n')

    assert isinstance(found, Unknown) and found.why == "more than 20 local values name each other"


@pytest.mark.terraform
def test_a_heredoc_with_windows_line_ends_keeps_them_as_terraform_does(tmp_path: Path) -> None:
    """A carriage return is part of the value there, and so here."""
    source = b"locals {\r\n  a = <<EOT\r\nx\r\n  y\r\nEOT\r\n  b = <<-EOT\r\n    x\r\n      y\r\n    EOT\r\n}\r\n"
    (block,), problems = syntax.parse(source, "a.tf")

    found = [evaluate(block.attributes[name], Scope("a.tf", {})) for name in ("a", "b")]

    assert problems == []
    assert found == oracle.local_values(source, ["a", "b"], tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Terraform skips it, and lines count from the first all the same."""
    (block,), problems = syntax.parse("\ufefflocals {\n  a = var.x\n}\n".encode(), "a.tf")

    assert problems == []
    assert block.attributes["a"].span.line == 2


GREEDY = {
    "loops in loops": "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]",
    "a large text in a loop": '[for a in range(1000) : length(join("y", [for b in range(1000) : "abcdefghij"]))]',
}


@pytest.mark.parametrize("expression", GREEDY.values(), ids=GREEDY)
def test_what_asks_for_too_much_is_unknown_and_ends(expression: str) -> None:
    """Seconds, not hours; the next expression begins anew."""
    found = _value(f"length({expression})")

    assert isinstance(found, Unknown)
    assert found.why == "there is more to evaluate here than requests can need"


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ('replace("a", "/a/", join("", [for n in range(1000) : "x"]))', None),
        (
            'replace(join("", [for n in range(1000) : "aaaaaaaaaa"]), "a", join("", [for n in range(1000) : "xxxxxxxxxx"]))',
            "longer than any value",
        ),
        ('replace("aaaa", "/(a+)+$/", "")', "a regular expression that is not evaluated here"),
        ('replace("aaaa", "/a*a*a*/", "")', "a regular expression that is not evaluated here"),
        ('replace("aaaa", "/(?i)A/", "")', "a regular expression that is not evaluated here"),
        ('replace("aaaa", "/a/", "$2")', "a regular expression that is not evaluated here"),
        ('replace("äa", "/a/", "b")', "a regular expression over such a text is not evaluated here"),
        ("distinct([for n in range(1001) : n])", "a list longer than is compared here"),
    ],
)
def test_texts_and_lists_are_bounded(expression: str, why: str | None) -> None:
    """Python would take minutes, or another road than RE2."""
    found = _value(expression)

    assert isinstance(found, Unknown) is (why is not None)
    assert why is None or (isinstance(found, Unknown) and found.why.startswith(why))


def test_a_part_that_only_terraform_knows_leaves_the_others_known() -> None:
    """The values beside it are what people ask for."""
    found = _value('merge({ a = "x", b = var.y }, { c = cidrsubnet("10.0.0.0/8", 8, 1), d = upper("z") })')

    assert plain(found) == {
        "a": "x",
        "b": Unknown("a.tf", 2, "var.y is known to Terraform only"),
        "c": Unknown("a.tf", 2, "the function cidrsubnet is not evaluated here"),
        "d": "Z",
    }


def test_a_part_that_terraform_refuses_leaves_nothing_known() -> None:
    """There is no value to ask for."""
    found = _value('merge({ a = "x", b = {}.y }, { c = "z" }).a')

    assert isinstance(found, Unknown) and found.why == 'what stands before it has no "y"'
