"""Requests that people wrote: what is known of them, what is not, and where that stands."""

from __future__ import annotations

import pytest

from generator.accounts.model import FOLDER, Request
from generator.accounts.read import read_folder
from generator.accounts.write import write
from generator.files import Listing, MemoryTree
from generator.hcl.evaluate import Unknown
from tests.support.zones import REQUEST, reading, record

CANONICAL = write(REQUEST)
FOREIGN = """// by hand
locals { home = "us-east-1" }
module "prod-ml" {
      source = "./modules/aft-account-request" # the module
  control_tower_parameters = { AccountEmail = "aws+prod-ml@acme.com", AccountName = "prod-ml", ManagedOrganizationalUnit = "Production",
    SSOUserEmail = "platform@acme.com", SSOUserFirstName = "Platform", SSOUserLastName = "Team", }
  /* tags */
  account_tags = {
    environment = "prod", // trailing
    owner = "ml-${local.team}"
    "tier" : "app",
  }
  change_management_parameters = {
    change_requested_by = "platform", change_reason = "new account prod-ml"
  }
  custom_fields = {
    account_name = "prod-ml"
    environment  = ("prod")
    region = local.home
    # the network
    vpc_cidr = local.ranges.ml
  }
  account_customizations_name = ""
}
"""
SHARED = 'locals {\n  team = "platform"\n  ranges = { ml = "10.1.0.0/20" }\n}\n'


def _module(body: str) -> str:
    return f'module "m" {{\n  source = "./modules/aft-account-request"\n{body}\n}}\n'


def _only(source: str) -> Request:
    return record(source).request


def test_a_request_in_any_style_says_what_the_canonical_one_says() -> None:
    """Comments, one-line maps, trailing commas, and local values of this file and of another."""
    found = reading(FOREIGN, SHARED)

    assert found.problems == ()
    assert [record.request for record in found.records] == [REQUEST]


def test_every_value_of_a_foreign_request_knows_its_line() -> None:
    """Messages point at the line to edit; what is not there is said to be where its map is."""
    found = record(FOREIGN + SHARED)

    assert [found.line_of(*path) for path in [("account_tags", "owner"), ("custom_fields", "vpc_cidr"), ("account_tags", "none"), ()]] == [
        10,
        21,
        8,
        3,
    ]


def test_every_value_of_a_canonical_request_knows_its_line() -> None:
    """Found on demand, without a parser."""
    found = record(CANONICAL)

    lines = CANONICAL.split("\n")
    assert found.canonical
    assert lines[found.line_of("account_tags", "owner") - 1].strip().startswith('"owner"')
    assert lines[found.line_of("custom_fields", "environment") - 1].strip().startswith('"environment"')
    assert found.line_of("custom_fields", "environment") > found.line_of("account_tags", "environment")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("null", "null"),
        ("5", "5 without quotes: AFT needs text"),
        ("true", "true without quotes: AFT needs text"),
        ('"${5}"', "5 without quotes: AFT needs text"),
        ('["a"]', "not text"),
        ("{}", "not text"),
        ("var.owner", "var.owner is known to Terraform only"),
        ('"x-${data.a.b.c}"', "data.a.b.c is known to Terraform only"),
        ("local.nowhere", "local.nowhere is not defined in this folder"),
        ("uuid()", "the function uuid is not evaluated here"),
        ('format("%s")', "format has too few arguments"),
        ("each.key", "each.key is known to Terraform only"),
    ],
)
def test_a_value_that_is_no_text_is_unknown_with_its_line(value: str, why: str) -> None:
    """It is a problem that marks the reading as incomplete, and the other values are known."""
    found = reading(_module(f'  account_tags = {{\n    "tier"  = "app"\n    "owner" = {value}\n  }}'))

    assert found.records[0].request.tags == {"tier": "app", "owner": Unknown(f"{FOLDER}/a.tf", 5, why)}
    assert [(problem.id, problem.line, problem.incomplete) for problem in found.problems] == [("unknown-value", 5, True)]
    assert found.unreadable == {f"{FOLDER}/a.tf"}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("var.tags", "var.tags is known to Terraform only"),
        ("merge({}, var.tags)", "var.tags is known to Terraform only"),
        ('[{ a = "b" }]', "not a map"),
        ('"text"', "not a map"),
        ('{ (var.key) = "x" }', "a key is computed: var.key is known to Terraform only"),
        ('{ "a" = "1", a = "2" }', "it has one key twice"),
    ],
)
def test_a_map_that_cannot_be_told_is_never_taken_for_an_empty_one(value: str, why: str) -> None:
    """One key `*` stands for all of it."""
    assert _only(_module(f"  account_tags = {value}")).tags == {"*": Unknown(f"{FOLDER}/a.tf", 3, why)}


def test_a_broken_file_never_hides_another_account() -> None:
    """The broken one is unreadable, the other one is read."""
    found = reading(CANONICAL, 'module "x" {\n  source =\n')

    assert [record.request.label for record in found.records] == ["prod-ml"]
    assert found.unreadable == {f"{FOLDER}/b.tf"}


def test_two_modules_of_one_label_are_an_error_that_names_both() -> None:
    """Terraform refuses them, in whatever files they stand."""
    found = reading(CANONICAL, CANONICAL)

    assert [(problem.id, problem.place) for problem in found.problems] == [("duplicate-module", f"{FOLDER}/b.tf:1")]
    assert f"{FOLDER}/a.tf:1" in found.problems[0].message


def test_a_local_value_defined_twice_is_unknown() -> None:
    """Terraform refuses it; whichever came last would be a guess."""
    request = _only(_module("  account_tags = { owner = local.x }") + 'locals { x = "a" }\n' + 'locals { x = "b" }\n')

    assert request.tags["owner"] == Unknown(f"{FOLDER}/a.tf", 6, "local.x is defined twice")


def test_an_unknown_local_value_of_another_file_is_said_to_be_there() -> None:
    """The file to edit is the one that computes it."""
    found = reading(_module("  account_tags = { owner = local.x }"), "locals {\n  x = var.y\n}\n")

    assert found.records[0].request.tags["owner"] == Unknown(f"{FOLDER}/b.tf", 2, "var.y is known to Terraform only")


@pytest.mark.parametrize(
    ("name", "id"), [("a.tf.json", "request-in-json"), ("override.tf", "request-override"), ("a_override.tf", "request-override")]
)
def test_a_file_that_terraform_reads_and_we_do_not_is_reported(name: str, id: str) -> None:
    """JSON may hold any account, and an override file changes what other files say."""
    found = read_folder(MemoryTree({f"{FOLDER}/{name}": b"{}", f"{FOLDER}/m.tf": CANONICAL.encode()}))

    assert [(problem.id, problem.file, problem.incomplete) for problem in found.problems] == [(id, f"{FOLDER}/{name}", True)]
    assert len(found.records) == 1


@pytest.mark.parametrize("name", ["README.md", ".hidden.tf", ".hidden.tf.json", "old.tf-DISABLED", "sub/folder.tf"])
def test_a_file_that_terraform_does_not_read_is_not_read(name: str) -> None:
    """Dot files, other suffixes, folders below."""
    found = read_folder(MemoryTree({f"{FOLDER}/{name}": b'module "x" {'}))

    assert (found.records, found.problems) == ((), ())


class _Linked(MemoryTree):
    def list(self, directory: str) -> Listing:
        return Listing(links=("a.tf", "b.tf.json", "c.md", ".d.tf")) if directory == FOLDER else Listing()


def test_a_request_behind_a_symbolic_link_is_reported_and_not_followed() -> None:
    """Terraform follows it, so an account may be hidden there."""
    found = read_folder(_Linked({}))

    assert [(problem.id, problem.file) for problem in found.problems] == [("symlink", f"{FOLDER}/{name}") for name in ("a.tf", "b.tf.json")]
    assert all(problem.incomplete for problem in found.problems)


@pytest.mark.parametrize(
    "source",
    [
        CANONICAL.replace("prod-ml@", "${var.x}@"),
        CANONICAL.replace("\n", "\r\n"),
        CANONICAL.replace('"tier"       ', '"tier"'),
        CANONICAL + "\n",
        CANONICAL.replace("prod-ml", "e\u0301"),
        "\ufeff" + CANONICAL,
        CANONICAL.replace('  account_customizations_name = ""\n', ""),
        CANONICAL.replace("tier", "owner").replace('"owner"       =', '"owner"       =', 1),
        CANONICAL.replace("prod-ml", "a\tb"),
        CANONICAL.replace('module "prod-ml"', 'module "prod ml"'),
        CANONICAL.replace('module "prod-ml"', 'module "9prod"'),
        CANONICAL.replace("AccountEmail              =", "for                       ="),
    ],
    ids=range(12),
)
def test_the_canonical_reader_reads_only_what_it_would_write(source: str) -> None:
    """Everything else is for the parser."""
    assert source != CANONICAL
    assert not any(found.canonical for found in reading(source).records)


@pytest.mark.parametrize(
    "source", ["", "\n", 'module "m" {\n}\n', 'module "other" {\n  source = "./modules/vpc"\n}\n', 'resource "x" "y" {\n}\n']
)
def test_files_without_a_request_say_nothing(source: str) -> None:
    """Providers, outputs and other modules stand in the same folder."""
    found = reading(source)

    assert (found.records, found.problems) == ((), ())


def test_a_deeply_nested_value_is_unknown_and_no_crash() -> None:
    """Local values can stand on each other, each as deep as the parser takes."""
    deep = "".join(f"  l{n} = {'[' * 150}local.l{n + 1}{']' * 150}\n" for n in range(12))

    request = _only(_module("  account_tags = { owner = local.l0 }") + f"locals {{\n{deep}}}\n")

    assert list(request.tags) == ["owner"] and isinstance(request.tags["owner"], Unknown)
