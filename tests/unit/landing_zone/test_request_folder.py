"""The folders that AFT reads: what is passed over there is told, and its near twin is not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generator.accounts.model import FOLDER
from generator.accounts.write import path, write
from generator.landing_zone.request_folder import problems
from tests.support import zones
from tests.support.records import replaced

CUSTOMIZATIONS = "aft-account-customizations"
REQUEST = path("prod-ml")
MODULE = f"{FOLDER}/modules/aft-account-request"
BASE = {**zones.files(), REQUEST: write(zones.REQUEST).encode()}
PARTS = [name for name in BASE if name.startswith(f"{CUSTOMIZATIONS}/ACCOUNT_TEMPLATE/")]
CALL = b'module "prod-web" {\n  source = "../modules/aft-account-request"\n}\n'


def _found(files: Mapping[str, bytes]) -> list[tuple[str, str | None]]:
    return [(problem.id, problem.file) for problem in problems(zones.zone(files))]


def _named(folder: str, files: Mapping[str, bytes] = BASE) -> dict[str, bytes]:
    """The files with a request that names a customizations folder."""
    return replaced(files, REQUEST, ('account_customizations_name = ""', f'account_customizations_name = "{folder}"'))


def test_what_init_and_account_write_has_no_problem() -> None:
    """Nor has a request that names AFT's own template."""
    assert len(PARTS) == 5
    assert _found(BASE) == _found(_named("ACCOUNT_TEMPLATE")) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prod-old.tf-DISABLED", "unread-file"),
        ("prod-old.tf.bak", "unread-file"),
        ("prod-old.tf~", "unread-file"),
        ("prod-old.tofu", "unread-file"),
        (".tf", "unread-file"),
        (".prod.tf", "unread-file"),
        ("README.md", None),
        ("aft-extra.jinja", None),
        ("notes.txt", None),
        ("terraform.tfvars.json", None),
        ("terraform.tfvars", "ignored-file"),
        ("x.auto.tfvars", "ignored-file"),
        ("backend.tf", "ignored-file"),
        ("run.log", "ignored-file"),
        (".terraform.lock.hcl", "ignored-file"),
        ("logs.tf", None),
        (".terraform/providers/x.tf", None),
        (".terraform/modules/env/main.tf", None),
    ],
)
def test_a_file_that_terraform_or_git_passes_over_is_told(name: str, expected: str | None) -> None:
    """By its name alone; Terraform's own folder is nobody's file."""
    file = f"{FOLDER}/{name}"

    assert _found({**BASE, file: b"# nothing\n"}) == ([(expected, file)] if expected else [])


@pytest.mark.parametrize(("folder", "hidden"), [("env", True), ("envs", False), ("target", True), ("build", False), ("lib64", True)])
def test_a_folder_that_git_hides_is_told_in_every_aft_folder(folder: str, hidden: bool) -> None:
    """AFT's template ignores names that Python projects use."""
    files = [f"{root}/{folder}/x.json" for root in ("aft-global-customizations/terraform", f"{CUSTOMIZATIONS}/ml")]

    assert _found({**BASE, **dict.fromkeys(files, b"{}")}) == [("ignored-file", file) for file in files if hidden]


def test_a_request_in_a_sub_folder_is_an_error_and_another_file_a_warning() -> None:
    """Neither is part of the root module; what a module call names is."""
    request, other = f"{FOLDER}/accounts/web.tf", f"{FOLDER}/shared/locals.tf"
    files = {**BASE, request: CALL, other: b"locals {}\n"}
    called = {**files, f"{FOLDER}/calls.tf": b'module "s" {\n  source = "./shared"\n}\nmodule "a" {\n  source = "./accounts/inner"\n}\n'}

    assert _found(files) == [("request-in-folder", request), ("unread-folder", other)]
    assert _found(called) == []


def test_modules_may_hold_terraform() -> None:
    """AFT's copy, and others beside it."""
    assert _found({**BASE, f"{FOLDER}/modules/more/main.tf": b'resource "x" "y" {}\n'}) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'provider "aws" {\n}\n', ["provider"]),
        (b'terraform {\n  backend "s3" {}\n}\n', ["terraform"]),
        (b'# provider "aws" {\nlocals {\n  provider = "x"\n}\n', []),
        (b"moved {\n  from = module.a\n  to   = module.b\n}\n", []),
        (b'locals {\n  x = <<-E\n    data "a" "b" {\n    E\n}\n', []),
        (b'variable "x" {\n}\ndata "aws_x" "y" {\n}\n', ["variable", "data"]),
    ],
)
def test_only_requests_stand_in_the_folder(content: bytes, expected: list[str]) -> None:
    """AFT renders the provider and the backend; modules, locals and moves are what a request is made of."""
    found = problems(zones.zone({**BASE, f"{FOLDER}/more.tf": content}))

    assert [(problem.id, problem.value) for problem in found] == [("foreign-block", word) for word in expected]


def test_a_customizations_folder_must_be_there() -> None:
    """The nearest one is named."""
    (found,) = problems(zones.zone(_named("ACCOUNT_TEMPLAT")))

    assert (found.id, found.file, found.value) == ("unknown-customizations", REQUEST, "ACCOUNT_TEMPLAT")
    assert 'write "ACCOUNT_TEMPLATE"' in found.remedy and found.line == write(zones.REQUEST)[:-2].count("\n")


def test_a_customizations_folder_may_lie_deeper() -> None:
    """AFT uses the name as a path."""
    deeper = {name.replace("ACCOUNT_TEMPLATE", "accounts/ml"): BASE[name] for name in PARTS}

    assert _found({**_named("accounts/ml"), **deeper}) == []


@pytest.mark.parametrize("part", PARTS)
def test_a_customizations_folder_lacks_nothing(part: str) -> None:
    """Without the jinja files AFT applies with local state; without a helper the build ends."""
    (found,) = problems(zones.zone({name: body for name, body in _named("ACCOUNT_TEMPLATE").items() if name != part}))

    assert found.id == "incomplete-customizations" and part.partition("ACCOUNT_TEMPLATE/")[2] in found.message


def test_a_folder_that_is_elsewhere_is_not_judged_and_that_is_said() -> None:
    """Never clean where nobody could look."""
    elsewhere = {name: body for name, body in BASE.items() if not name.startswith(CUSTOMIZATIONS)}

    assert _found(_named("ml", elsewhere)) == [("unchecked-customizations", CUSTOMIZATIONS)]
    assert _found(elsewhere) == []


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "a/../b", "."])
def test_a_path_that_leads_out_is_looked_up_nowhere(name: str) -> None:
    """It is a rule of its own, of the request alone."""
    assert _found(_named(name)) == []


def _with_argument(line: str) -> dict[str, bytes]:
    return {**BASE, REQUEST: write(zones.REQUEST).replace("\n}\n", f"\n  {line}\n}}\n").encode()}


def test_an_argument_must_be_declared_by_the_copy_of_the_module() -> None:
    """A fork declares more; what every module call knows is no argument of it."""
    files = _with_argument('budget = "100"')
    forked = {**files, f"{MODULE}/more.tf": b'variable "budget" {}\n'}
    usual = _with_argument("depends_on = [module.other]")

    assert _found(files) == [("unknown-argument", REQUEST)]
    assert _found(forked) == _found(usual) == []


def test_without_the_module_nothing_is_said_of_its_arguments() -> None:
    """That it is missing is said elsewhere."""
    files = {name: body for name, body in _with_argument('budget = "100"').items() if not name.startswith(MODULE)}

    assert _found(files) == []
