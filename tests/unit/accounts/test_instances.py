"""Modules that make several requests: each is an account with its own place, or nobody knows which there are."""

from __future__ import annotations

import pytest

from generator.accounts import edit
from generator.accounts.model import FOLDER
from generator.accounts.read import Reading, read_folder
from generator.accounts.write import write
from generator.files import Listing, MemoryTree
from generator.hcl.evaluate import Unknown
from generator.problems import Refused
from tests.support.zones import REQUEST, reading

MODULE = """module "m" {{
  source   = "./modules/aft-account-request"
  {repeat}
  control_tower_parameters = {{ AccountName = {name} }}
  account_tags             = {{ owner = {owner} }}
}}
"""


OTHERS = """locals {
  names = [
    "a",
    "b",
  ]
  list = [
    { name = "a" },
    { name = "b" },
  ]
  map = {
    a = 1
    b = 2
  }
}
"""


def _module(repeat: str, name: str = '"x"', owner: str = '"y"') -> str:
    return MODULE.format(repeat=repeat, name=name, owner=owner)


def _folder(**files: str) -> Reading:
    return read_folder(MemoryTree({f"{FOLDER}/{name.replace('__', '.')}": content.encode() for name, content in files.items()}))


def _seen(found: Reading) -> list[tuple[str, object, str, int]]:
    return [
        (one.request.label, one.request.control_tower.get("AccountName"), one.file.rpartition("/")[2], one.line) for one in found.records
    ]


@pytest.mark.parametrize(
    ("repeat", "name", "expected"),
    [
        ('for_each = toset(["b", "a"])', "each.key", [('m["a"]', "a"), ('m["b"]', "b")]),
        ('for_each = { a = "x", b = "y" }', "each.value", [('m["a"]', "x"), ('m["b"]', "y")]),
        ('for_each = { "a \\"b\\"" = { n = "x" } }', "each.value.n", [('m["a \\"b\\""]', "x")]),
        ("for_each = {}", '"x"', []),
        ("for_each = toset([])", '"x"', []),
        ("count = 2", '"n${count.index}"', [("m[0]", "n0"), ("m[1]", "n1")]),
        ("count = 0", '"x"', []),
        ('count = local.on ? 1 : 0\n}\nlocals {\n  on = true\n}\nmodule "n" {', '"x"', [("m[0]", None)]),
    ],
)
def test_each_instance_is_an_account(repeat: str, name: str, expected: list[tuple[str, object]]) -> None:
    """Its label is Terraform's address; none at all is known, too."""
    found = reading(_module(repeat, name))

    assert [(label, said) for label, said, _, _ in _seen(found)][: len(expected)] == expected
    assert found.unreadable == frozenset()


@pytest.mark.parametrize(
    ("repeat", "why", "line"),
    [
        ("for_each = var.accounts", "var.accounts is known to Terraform only", 3),
        ("for_each = toset(var.accounts)", "var.accounts is known to Terraform only", 3),
        ('for_each = ["a", "b"]', "for_each wants a map or a set of texts, and this is a tuple: write toset(...) around it", 3),
        ("for_each = toset([1, 2])", "for_each wants a map or a set of texts, and this is a set: write toset(...) around it", 3),
        ("for_each = null", "for_each wants a map or a set of texts, and this is null", 3),
        ("for_each = { (var.x) = 1 }", "a key is computed: var.x is known to Terraform only", 3),
        ('for_each = yamldecode(file("none.yaml"))', "there is no file none.yaml", 3),
        ('for_each = yamldecode(file("../a.yaml"))', "the path '../a.yaml' is not one of this folder", 3),
        ("for_each = { a = {}.b }", 'what stands before it has no "b"', 3),
        ("count = 1.5", "count wants a whole number of at most 10000, and this is 1.5", 3),
        ("count = 10001", "count wants a whole number of at most 10000, and this is 10001", 3),
        ("count = null", "count wants a whole number of at most 10000, and this is null", 3),
        ("count = 1\n  for_each = {}", "a module takes for_each or count, not both", 4),
    ],
)
def test_what_is_repeated_and_cannot_be_told_is_a_problem_with_its_cause(repeat: str, why: str, line: int) -> None:
    """No account is made up, and nobody concludes that there is none."""
    found = reading(_module(repeat))

    assert found.records == ()
    assert [(problem.id, problem.line, problem.incomplete) for problem in found.problems] == [("request-repeated", line, True)]
    assert found.problems[0].message.endswith(why)


def test_an_unknown_element_makes_only_its_own_account_unknown() -> None:
    """The other instances are read."""
    found = reading(_module('for_each = { a = "x", b = var.y }', "each.value"))

    unknown = Unknown(f"{FOLDER}/a.tf", 3, "var.y is known to Terraform only")
    assert [said for _, said, _, _ in _seen(found)] == ["x", unknown]
    assert [(problem.id, problem.line) for problem in found.problems] == [("unknown-value", 3)]


@pytest.mark.parametrize(
    ("document", "known", "line", "why"),
    [
        ("a: one\nb: on\n", ["one", None], 2, "the YAML word on without quotes may not mean that text to Terraform"),
        ("a: 2001-01-01\nb: two\n", [None, "two"], 1, "the YAML word 2001-01-01 without quotes may not mean that text to Terraform"),
        ("a: one\nb:\n  x: 1\n  x: 2\n", ["one", None], 3, "the key x stands here twice"),
        (
            "a: one\nb: {<<: {x: y}}\n",
            ["one", None],
            2,
            "a key is not known: the YAML word << without quotes may not mean that text to Terraform",
        ),
    ],
)
def test_a_word_that_yaml_may_read_otherwise_is_unknown_where_it_stands(
    document: str, known: list[str | None], line: int, why: str
) -> None:
    """It does not hide the other accounts of the file."""
    found = _folder(a__tf=_module('for_each = yamldecode(file("b.yaml"))', "each.value"), b__yaml=document)

    names = [one.request.control_tower["AccountName"] for one in found.records]
    assert names == [name or Unknown(f"{FOLDER}/b.yaml", line, why) for name in known]
    assert [(problem.id, problem.place) for problem in found.problems] == [("unknown-value", f"{FOLDER}/b.yaml:{line}")]


@pytest.mark.parametrize("empty", ["for_each = {}", "count = 0"])
def test_what_is_made_never_has_no_problem(empty: str) -> None:
    """Its values are not looked at."""
    assert reading(_module(empty, "var.x")).problems == ()


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("{ a = {}\n b = {} }", ("a.tf", 4)),
        ("{ for name in local.names : name => {} }", ("b.tf", 4)),
        ("toset(local.names)", ("b.tf", 4)),
        ("toset(concat([], local.names))", ("b.tf", 4)),
        ("{ for one in local.list : one.name => one }", ("b.tf", 8)),
        ("merge({ a = 1 }, local.map)", ("b.tf", 12)),
        ('yamldecode(file("c.yaml"))', ("c.yaml", 4)),
        ('jsondecode(file("d.json"))', ("d.json", 3)),
        ('{ for name, one in yamldecode(file("c.yaml")) : name => one }', ("c.yaml", 4)),
        ('{ for file in fileset(path.module, "e/*.yaml") : trimsuffix(basename(file), ".yaml") => {} }', ("b.yaml", 1)),
        ("zipmap(local.names, local.names)", ("a.tf", 1)),
    ],
)
def test_an_instance_knows_the_line_of_the_element_it_is_made_of(expression: str, place: tuple[str, int]) -> None:
    """In whatever file; where that cannot be told, it is the module's."""
    found = _folder(
        a__tf=_module(f"for_each = {expression}", "each.key"),
        b__tf=OTHERS,
        c__yaml="a:\n  x: 1\n\nb:\n  x: 2\n",
        d__json='{\n  "a": 1,\n  "b": 2\n}\n',
        **{"e/a__yaml": "", "e/b__yaml": ""},
    )

    assert found.problems == ()
    assert _seen(found)[1][2:] == place


@pytest.mark.parametrize("source", [_module('for_each = { a = "x"\n b = "y" }', "each.value"), _module("count = 2")])
def test_one_of_several_is_refused_with_the_line_to_edit(source: str) -> None:
    """There is no text that is this account's alone."""
    record = reading(source).records[1]

    with pytest.raises(Refused) as refused:
        edit.apply(record, source, {("account_tags", "owner"): "z"})

    (problem,) = refused.value.problems
    assert (problem.id, problem.file, problem.line) == ("computed-value", record.file, record.line)
    assert f"{FOLDER}/a.tf:1" in problem.message and 'account_tags.owner = "z"' in problem.remedy


def test_a_request_beside_a_module_that_repeats_can_be_edited() -> None:
    """Only what is one of several is refused."""
    source = write(REQUEST) + "\n" + _module('for_each = { a = "x" }', "each.value")
    record = next(one for one in reading(source).records if one.request.label == "prod-ml")

    assert edit.apply(record, source, {("account_tags", "owner"): "z"}) == source.replace('"ml-platform"', '"z"')


def test_two_modules_of_one_label_are_found_whatever_they_repeat() -> None:
    """Terraform refuses the label, not the address."""
    found = reading(_module("count = 1"), _module('for_each = { a = "x" }'))

    assert [(problem.id, problem.place) for problem in found.problems] == [("duplicate-module", f"{FOLDER}/b.tf:1")]


WRAPPED = 'module "w" {\n  source = "./modules/wrapper"\n  name   = "x"\n}\n'
CALLS = 'module "request" {\n  source = "../aft-account-request"\n}\n'


@pytest.mark.parametrize(
    ("source", "path", "content"),
    [
        (WRAPPED, "modules/wrapper/main.tf", CALLS),
        (WRAPPED.replace("./modules", "./modules/./x/.."), "modules/wrapper/main.tf", CALLS),
        (WRAPPED.replace("./modules", "../modules"), "../modules/wrapper/main.tf", 'resource "aws_dynamodb_table_item" "x" {\n}\n'),
        ('resource "aws_dynamodb_table_item" "x" {\n}\n', "x.txt", ""),
    ],
)
def test_requests_that_are_made_in_another_way_are_not_absent(source: str, path: str, content: str) -> None:
    """Whoever reads on must not conclude that there is no such account."""
    place = f"{FOLDER.rpartition('/')[0]}/{path[3:]}" if path.startswith("../") else f"{FOLDER}/{path}"
    found = read_folder(MemoryTree({f"{FOLDER}/a.tf": source.encode(), place: content.encode()}))

    assert [(problem.id, problem.place, problem.incomplete) for problem in found.problems] == [("request-hidden", f"{FOLDER}/a.tf:1", True)]


@pytest.mark.parametrize("content", ['resource "aws_vpc" "x" {\n}\n', ""])
def test_another_module_is_no_request(content: str) -> None:
    """One that makes something else, and one of which nothing is there."""
    found = read_folder(MemoryTree({f"{FOLDER}/a.tf": WRAPPED.encode(), f"{FOLDER}/modules/wrapper/main.tf": content.encode()}))

    assert (found.records, found.problems) == ((), ())


@pytest.mark.parametrize("origin", ["git::https://example.com/fork.git?ref=v1", "../modules/fork", "app.terraform.io/acme/request/aws"])
def test_a_fork_is_a_request_by_its_arguments(origin: str) -> None:
    """Whatever it takes besides; what is computed of that is nobody's problem here."""
    more = 'control_tower_parameters = { AccountName = "x" }\n  repository = var.x\n  on = true'
    found = reading(f'module "m" {{\n  source = "{origin}"\n  {more}\n}}\n')

    assert _seen(found) == [("m", "x", "a.tf", 1)]
    assert found.problems == ()
    assert set(found.records[0].request.others) == {"repository", "on"}


@pytest.mark.parametrize("origin", ["./modules/aft-account-request/", "git::https://example.com/aft-account-request?ref=v1"])
def test_a_module_of_the_name_is_a_request_without_its_arguments_too(origin: str) -> None:
    """A fork may call them otherwise: an account of which nothing is known is better than none."""
    assert [label for label, *_ in _seen(reading(f'module "m" {{\n  source = "{origin}"\n  email = "x"\n}}\n'))] == ["m"]


class _Linked(MemoryTree):
    def list(self, directory: str) -> Listing:
        found = super().list(directory)
        return Listing(found.files, found.directories, ("b.yaml",)) if directory == f"{FOLDER}/e" else found


@pytest.mark.parametrize(
    "expression", ['fileset(path.module, "e/*.yaml")', 'toset([file("e/b.yaml")])', 'toset([tostring(fileexists("e/b.yaml"))])']
)
def test_a_file_behind_a_symbolic_link_makes_nothing_known(expression: str) -> None:
    """Terraform follows it; we do not, and say so."""
    tree = _Linked({f"{FOLDER}/a.tf": _module(f"for_each = {expression}").encode(), f"{FOLDER}/e/a.yaml": b""})

    (problem,) = read_folder(tree).problems
    assert problem.id == "request-repeated" and "b.yaml" in problem.message


def test_a_local_value_that_a_broken_file_may_define_is_not_said_to_be_missing() -> None:
    """The file to repair is named by its own problem."""
    found = reading(_module("for_each = local.x"), 'locals {\n  x = "\n')

    assert [problem.id for problem in found.problems] == ["hcl-unreadable", "request-repeated"]
    assert found.problems[1].message.endswith("local.x is not defined in the files that could be read")
