"""What a root module must not say, each beside a near twin that may stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from generator.files import Listing, MemoryTree, listings
from generator.hcl import syntax
from generator.hcl.syntax import Block
from generator.landing_zone.dangers import dangers
from generator.landing_zone.load import load
from generator.problems import Problem, Severity
from generator.stacks.model import Stack
from generator.stacks.render import WAITING_ID, Facts, data_file
from tests.support import peered, zones

PAIR = "peering/prod-hub--prod-ml"
PEERED = peered.landing_zone()
RENDERER = zones.zone(PEERED).renderer
ECR = Stack("prod-ml", "us-east-1", "ecr")
STACK = ECR.directory
BUCKET = RENDERER.organization.state.bucket.encode()


def _files() -> Mapping[str, bytes]:
    """Peerings, and one stack of an account."""
    data = data_file(ECR, Facts("prod-ml", OWN, "prod", {}), None, RENDERER.organization)
    made = {**RENDERER.managed(ECR), **RENDERER.seeds(ECR, "prod-ml", True), **RENDERER.module("ecr")}
    return {**PEERED, **{path: file.body for path, file in made.items()}, f"{STACK}/account.tf.json": data}


OWN = f"1{1:011}"
OTHER = "999999999999"
FILES = _files()


def _ids(more: Mapping[str, bytes | None]) -> set[str]:
    files = {path: content for path, content in {**FILES, **more}.items() if content is not None}
    return {problem.id for problem in dangers(zones.zone(files))}


def _role(account: str, tail: str = "role/x") -> bytes:
    return f'provider "aws" {{\n  assume_role {{\n    role_arn = "arn:aws:iam::{account}:{tail}"\n  }}\n}}\n'.encode()


def _backend(key: str, kind: str = "s3") -> bytes:
    return f'terraform {{\n  backend "{kind}" {{\n    bucket = "states"\n    key = "{key}"\n  }}\n}}\n'.encode()


def _source(source: str) -> bytes:
    return f'module "x" {{\n  source = "{source}"\n}}\n'.encode()


def _assuming(expression: str, more: str = "") -> bytes:
    return f'provider "aws" {{\n  {more}\n  assume_role {{\n    role_arn = {expression}\n  }}\n}}\n'.encode()


def _requiring(name: str, source: str) -> bytes:
    return f'terraform {{\n  required_providers {{\n    {name} = {{\n      source = "{source}"\n    }}\n  }}\n}}\n'.encode()


OURS = '"arn:${local.account.partition}:iam::${local.account.id}:role/x"'
EXTERNAL = b'data "external" "id" {\n  program = ["id"]\n}\n'
PROVISIONED = b'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "id"\n  }\n}\n'
EXTERNAL_JSON = b'{"data": {"external": {"id": {"program": ["id"]}}}}'
PROVISIONED_JSON = b'{"resource": {"terraform_data": {"x": {"provisioner": {"local-exec": {"command": "id"}}}}}}'
CASES: Mapping[str, tuple[Mapping[str, bytes | None], set[str]]] = {
    "nothing": ({}, set()),
    "a program at plan": ({f"{PAIR}/x.tf": EXTERNAL}, {"external-program"}),
    "one that is called so": ({f"{PAIR}/x.tf": b'data "aws_external" "external" {\n}\n'}, set()),
    "in a remark": ({f"{PAIR}/x.tf": b'# data "external" "id" {}\n'}, set()),
    "in JSON": ({f"{PAIR}/x.tf.json": EXTERNAL_JSON}, {"external-program"}),
    "in a module": ({"modules/own/1.0.0/main.tf": EXTERNAL}, {"external-program"}),
    "in a released module that was changed": ({"modules/peering/1.0.0/routes.tf": EXTERNAL}, {"external-program"}),
    "in somebody's root module": ({"stacks/mine/x.tf": EXTERNAL + _backend("stacks/mine")}, {"external-program"}),
    "outside all of them": ({"docs/x.tf": EXTERNAL}, set()),
    "a provisioner": ({f"{PAIR}/x.tf": PROVISIONED}, {"provisioner"}),
    "a provisioner in JSON": ({f"{PAIR}/x.tf.json": PROVISIONED_JSON}, {"provisioner"}),
    "a resource without one": ({f"{PAIR}/x.tf": b'resource "terraform_data" "x" {\n  input = "provisioner"\n}\n'}, set()),
    "another account's role": ({f"{PAIR}/x.tf": _role(OTHER)}, {"foreign-role"}),
    "another's in a template": ({f"{PAIR}/x.tf": _role(OTHER, "role/${var.x}")}, {"foreign-role"}),
    "its own role": ({f"{PAIR}/x.tf": _role(OWN)}, set()),
    "a role that is computed": ({f"{PAIR}/x.tf": _role("${local.requester.id}")}, {"foreign-role"}),
    "another's in somebody's root module": ({"stacks/mine/x.tf": _role(OTHER) + _backend("stacks/mine")}, set()),
    "another key": ({f"{PAIR}/backend.tf": FILES[f"{PAIR}/backend.tf"].replace(f'"{PAIR}"'.encode(), b'"other"')}, {"backend-key"}),
    "a second backend": ({f"{PAIR}/x.tf": _backend(PAIR).replace(b"states", BUCKET)}, {"second-backend"}),
    "a second backend in somebody's root module": ({"stacks/mine/x.tf": _backend("a"), "stacks/mine/y.tf": _backend("b")}, set()),
    "another bucket": ({f"{PAIR}/backend.tf": FILES[f"{PAIR}/backend.tf"].replace(BUCKET, b"other")}, {"backend-bucket"}),
    "a backend that says more": (
        {f"{PAIR}/backend.tf": FILES[f"{PAIR}/backend.tf"].replace(b"encrypt", b'profile = "x"\n    encrypt')},
        {"backend-argument"},
    ),
    "a backend with a block": (
        {f"{PAIR}/backend.tf": FILES[f"{PAIR}/backend.tf"].replace(b"    encrypt", b"    assume_role {\n    }\n    encrypt")},
        {"backend-argument"},
    ),
    "a backend that says the same": ({f"{PAIR}/backend.tf": FILES[f"{PAIR}/backend.tf"] + b"# ours\n"}, set()),
    "one state for two": (
        {"stacks/mine/x.tf": _backend("shared"), "stacks/theirs/x.tf": _backend("shared")},
        {"shared-state"},
    ),
    "one key in two buckets": (
        {"stacks/mine/x.tf": _backend("shared"), "stacks/theirs/x.tf": _backend("shared").replace(b"states", b"others")},
        set(),
    ),
    "a pair's state taken": ({"stacks/mine/x.tf": _backend(PAIR).replace(b"states", b"acme-terraform-state")}, {"shared-state"}),
    "no backend": ({"stacks/mine/x.tf": b"locals {\n}\n"}, {"no-backend"}),
    "a backend of another kind": ({"stacks/mine/x.tf": _backend("x", "gcs")}, set()),
    "HCL that cannot be read": ({f"{PAIR}/x.tf": b"provider {{{"}, {"hcl-unreadable"}),
    # what decides over other files
    "an override of the backend": (
        {f"{PAIR}/backend_override.tf": _backend(PAIR).replace(b"states", BUCKET)},
        {"override-file", "second-backend"},
    ),
    "an override of locals": ({f"{STACK}/override.tf": b"locals {\n}\n"}, {"override-file"}),
    "an override in JSON": ({f"{STACK}/x_override.tf.json": b"{}"}, {"override-file"}),
    "an override for OpenTofu": ({f"{STACK}/x_override.tofu": b"locals {\n}\n"}, {"override-file"}),
    "an override in somebody's root module": ({"stacks/mine/x_override.tf": _backend("stacks/mine")}, set()),
    "a name like an override": ({f"{STACK}/overrides.tf": b"locals {\n}\n"}, set()),
    "a backend in a file for OpenTofu": ({f"{STACK}/backend.tofu": _backend("x")}, {"second-backend", "backend-key", "backend-bucket"}),
    "our files with other ends of lines": ({f"{STACK}/backend.tf": FILES[f"{STACK}/backend.tf"].replace(b"\n", b"\r\n")}, set()),
    # programs by other names
    "an escaped label": ({f"{STACK}/x.tf": EXTERNAL.replace(b"external", b"\\u0065xternal")}, {"external-program"}),
    "an escape elsewhere": ({f"{STACK}/x.tf": b'locals {\n  a = "\\u0065xternal"\n}\n'}, set()),
    "an escaped name in JSON": ({f"{STACK}/x.tf.json": EXTERNAL_JSON.replace(b"external", b"\\u0065xternal")}, {"external-program"}),
    "an escaped word in JSON": ({f"{STACK}/x.tf.json": EXTERNAL_JSON.replace(b"data", b"d\\u0061ta")}, {"external-program"}),
    "a name twice in JSON": ({f"{STACK}/x.tf.json": EXTERNAL_JSON[:-1] + b', "data": {}}'}, {"external-program"}),
    "a name twice in JSON, with lists": (
        {f"{STACK}/x.tf.json": b'{"data": [{}], ' + EXTERNAL_JSON[1:-1] + b', "data": [{}]}'},
        {"external-program"},
    ),
    "a label without quotes": ({f"{STACK}/x.tf": b"data external id {\n}\n"}, {"external-program"}),
    "in a check": ({f"{STACK}/x.tf": b'check "x" {\n  data "external" "id" {\n  }\n}\n'}, {"external-program"}),
    "in a check in JSON": ({f"{STACK}/x.tf.json": b'{"check": {"x": ' + EXTERNAL_JSON + b"}}"}, {"external-program"}),
    "another in a check": ({f"{STACK}/x.tf": b'check "x" {\n  data "aws_region" "external" {\n  }\n}\n'}, set()),
    "a local command": ({f"{STACK}/x.tf": b'data "local_command" "x" {\n}\n'}, {"external-program"}),
    "a local file": ({f"{STACK}/x.tf": b'data "local_file" "x" {\n}\n'}, set()),
    "a provisioner of what was removed": (
        {f"{STACK}/x.tf": b'removed {\n  from = aws_x.y\n  provisioner "local-exec" {\n    when = destroy\n  }\n}\n'},
        {"provisioner"},
    ),
    "for OpenTofu": ({f"{STACK}/x.tofu": EXTERNAL}, {"external-program"}),
    "for OpenTofu in JSON": ({f"{STACK}/x.tofu.json": EXTERNAL_JSON}, {"external-program"}),
    "a directory for OpenTofu only": ({"stacks/mine/x.tofu": EXTERNAL + _backend("stacks/mine")}, {"external-program"}),
    "another provider": ({f"{STACK}/x.tf": b'data "evil_x" "x" {\n}\n'}, {"foreign-provider"}),
    "another provider in JSON": ({f"{STACK}/x.tf.json": b'{"resource": {"evil_x": {"y": {}}}}'}, {"foreign-provider"}),
    "a harmless provider": ({f"{STACK}/x.tf": b'resource "random_pet" "x" {\n}\n'}, set()),
    "another provider required": ({f"{STACK}/x.tf": _requiring("aws", "evil/aws")}, {"foreign-provider"}),
    "a provider of HashiCorp's required": ({f"{STACK}/x.tf": _requiring("random", "registry.terraform.io/hashicorp/random")}, set()),
    "a provider required in JSON": (
        {f"{STACK}/x.tf.json": b'{"terraform": {"required_providers": {"aws": {"source": "evil/aws"}}}}'},
        {"foreign-provider"},
    ),
    "a provider by another name": ({f"{STACK}/x.tf": _requiring("random", "hashicorp/aws")}, {"renamed-provider"}),
    "by another name in somebody's root module": (
        {"stacks/mine/x.tf": _requiring("random", "hashicorp/aws") + _backend("stacks/mine")},
        set(),
    ),
    # modules that nobody looks at
    "a module elsewhere": ({f"{STACK}/x.tf": _source("../../../../docs/x")}, {"foreign-module"}),
    "a module outside the tree": ({f"{STACK}/x.tf": _source("../../../../../modules/x")}, {"foreign-module"}),
    "a module of the disk": ({f"{STACK}/x.tf": _source("/modules/x")}, {"foreign-module"}),
    "a module of another stack": ({f"{PAIR}/x.tf": _source("../../stacks/prod-ml/us-east-1/ecr/x")}, {"foreign-module"}),
    "a way out of modules/": ({f"{STACK}/x.tf": _source("../../../../modules/../docs")}, {"foreign-module"}),
    "what Terraform keeps": ({f"{STACK}/x.tf": _source("./.terraform/modules/x")}, {"foreign-module"}),
    "a module in JSON": ({f"{STACK}/x.tf.json": b'{"module": {"x": {"source": "../../../../docs/x"}}}'}, {"foreign-module"}),
    "a module whose source is computed": ({f"{STACK}/x.tf": b'module "x" {\n  source = local.x\n}\n'}, {"foreign-module"}),
    "a module of ours": ({f"{STACK}/x.tf": _source("../../../../modules/ecr/1.0.0")}, set()),
    "a module's own module": ({"modules/own/1.0.0/main.tf": _source("./x")}, set()),
    "a module's module elsewhere": ({"modules/own/1.0.0/main.tf": _source("../../../docs/x")}, {"foreign-module"}),
    "a module of the stack": ({f"{STACK}/x.tf": _source("./x"), f"{STACK}/x/main.tf": b"locals {\n}\n"}, set()),
    "a program in a module of the stack": ({f"{STACK}/x.tf": _source("./x"), f"{STACK}/x/main.tf": EXTERNAL}, {"external-program"}),
    "a module from elsewhere": ({f"{STACK}/x.tf": _source("git::https://example.com/x.git?ref=v1")}, {"remote-module"}),
    "a module of the registry": ({f"{STACK}/x.tf": _source("terraform-aws-modules/vpc/aws")}, {"remote-module"}),
    "one from elsewhere in somebody's root module": ({"stacks/mine/x.tf": _source("a/b/c") + _backend("stacks/mine")}, set()),
    "a source that is no module's": ({f"{STACK}/x.tf": b'resource "aws_s3_object" "x" {\n  source = "../../../../docs/x"\n}\n'}, set()),
    # roles that cannot be told
    "our own expression": ({f"{STACK}/x.tf": _assuming(OURS)}, set()),
    "our own expression in a pair": ({f"{PAIR}/x.tf": _assuming("local.accepter.role_arn", 'alias = "x"')}, set()),
    "a pair's expression in a stack": ({f"{STACK}/x.tf": _assuming("local.accepter.role_arn")}, {"foreign-role"}),
    "a stack's expression in a pair": ({f"{PAIR}/x.tf": _assuming(OURS)}, {"foreign-role"}),
    "another local": ({f"{STACK}/x.tf": _assuming("local.role_arn")}, {"foreign-role"}),
    "a join": ({f"{STACK}/x.tf": _assuming(f'join("", ["arn:aws:iam::", "{OTHER}:role/x"])')}, {"foreign-role"}),
    "no literal ARN": ({f"{STACK}/x.tf": _assuming('"role/x"')}, {"foreign-role"}),
    "no role": ({f"{STACK}/x.tf": b'provider "aws" {\n  alias = "x"\n}\n'}, {"foreign-role"}),
    "no role in JSON": ({f"{STACK}/x.tf.json": b'{"provider": {"aws": {"alias": "x"}}}'}, {"foreign-role"}),
    "its own role in JSON": (
        {f"{STACK}/x.tf.json": f'{{"provider": {{"aws": {{"assume_role": {{"role_arn": "arn:aws:iam::{OWN}:role/x"}}}}}}}}'.encode()},
        set(),
    ),
    "a profile": ({f"{STACK}/x.tf": _assuming(OURS, 'profile = "x"')}, {"foreign-role"}),
    "an argument that changes nobody": ({f"{STACK}/x.tf": _assuming(OURS, "max_retries = 2")}, set()),
    "a web identity": ({f"{STACK}/x.tf": _assuming(OURS, "assume_role_with_web_identity {\n  }")}, {"foreign-role"}),
    "a second role": (
        {f"{STACK}/x.tf": _assuming(OURS, f'assume_role {{\n    role_arn = "arn:aws:iam::{OTHER}:role/x"\n  }}')},
        {"foreign-role"},
    ),
    "no role in somebody's root module": ({"stacks/mine/x.tf": b'provider "aws" {\n}\n' + _backend("stacks/mine")}, set()),
    "a provider in a module": ({"modules/own/1.0.0/main.tf": b'provider "aws" {\n  region = "us-east-1"\n}\n'}, {"module-provider"}),
    "a provider in a module of the stack": ({f"{STACK}/x/main.tf": _role(OWN)}, {"module-provider"}),
    "a provider that a module takes": ({"modules/own/1.0.0/main.tf": b'provider "aws" {\n  alias = "x"\n}\n'}, set()),
    "a provider that a module asks for": (
        {
            "modules/own/1.0.0/versions.tf": _requiring("aws", "hashicorp/aws").replace(
                b'aws"', b'aws"\n      configuration_aliases = [aws.x]'
            )
        },
        set(),
    ),
}
UNREADABLE = "locals {\n  a = !!true\n}\n"
HIDDEN: Mapping[str, tuple[str, Severity | None]] = {
    "nothing": ("", None),
    "a program": ('data "external" "x" {\n}\n', Severity.ERROR),
    "an escaped program": ('data "\\u0065xternal" "x" {\n}\n', Severity.ERROR),
    "a program in a remark": ('# data "external" "x"\n', Severity.WARNING),
    "a program behind a remark": ('/*\n# */ data "external" "x" {\n}\n', Severity.ERROR),
    "a program between what only looks like remarks": ('b = "${f("/*")}"\ndata "external" "x" {\n}\nc = "*/"\n', Severity.ERROR),
    "a provisioner": ('resource "x" "x" {\n  provisioner "local-exec" {\n  }\n}\n', Severity.ERROR),
    "a backend": ('terraform {\n  backend "s3" {\n  }\n}\n', Severity.ERROR),
    "a provider": ('provider "aws" {\n}\n', Severity.ERROR),
    "a provider that is used": ('resource "aws_x" "x" {\n  provider = aws.x\n}\n', Severity.WARNING),
    "a module elsewhere": ('module "x" {\n  source = "../../../../docs"\n}\n', Severity.ERROR),
    "a module of ours": ('module "x" {\n  source = "../../../../modules/ecr/1.0.0"\n}\n', None),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_root_module_must_not_say(name: str) -> None:
    """By the ids of all that is found."""
    more, wanted = CASES[name]

    assert _ids(more) == wanted


def test_the_place_and_the_way_out_are_said() -> None:
    """File and line of what somebody wrote, and what to do instead."""
    found = dangers(zones.zone({**FILES, f"{PAIR}/x.tf": b"\n\n" + EXTERNAL}))

    assert [(problem.place, problem.remedy) for problem in found] == [
        (f"{PAIR}/x.tf:3", "compute it with Terraform's functions, or write the value down")
    ]
    assert WAITING_ID not in str(found)


@pytest.mark.parametrize("name", HIDDEN)
def test_what_only_our_reader_cannot_read_is_a_warning_unless_it_could_hide_something(name: str) -> None:
    """The file is valid Terraform; nothing stops at it, and nothing passes in it. Without a risky word it is not even parsed."""
    hidden, severity = HIDDEN[name]
    found = dangers(zones.zone({**FILES, f"{STACK}/x.tf": (UNREADABLE + hidden).encode()}))

    assert [(problem.id, problem.severity, problem.incomplete) for problem in found] == (
        [("hcl-unreadable", severity, False)] if severity is not None else []
    )


class _Linked(MemoryTree):
    """A tree with symbolic links in it."""

    def __init__(self, files: Mapping[str, bytes], links: Sequence[str]) -> None:
        super().__init__(files)
        self._with_links = listings(files, links)

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        return self._with_links.get(directory, Listing())


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        (f"{STACK}/x.tf", {"symlink"}),
        (f"{STACK}/x.tofu.json", {"symlink"}),
        (f"{STACK}/lib", {"symlink"}),
        ("modules/ecr/latest", {"symlink"}),
        ("modules/ecr/2.0.0", {"symlink"}),
        (f"{STACK}/README.md", set()),
        (f"{STACK}/.terraform.lock.hcl", set()),
        ("docs/x.tf", set()),
        (f"{STACK}/called.d", {"foreign-module"}),
    ],
)
def test_what_a_symbolic_link_points_to_is_looked_at_by_nobody(link: str, wanted: set[str]) -> None:
    """Terraform follows links; documents may be links, unless a module is called by that name."""
    files = {**FILES, f"{STACK}/x_module.tf": _source("./called.d")}

    assert {problem.id for problem in dangers(load(_Linked(files, [link]), zones.SKELETONS, zones.DAY))} == wanted


def test_what_we_write_and_seed_is_never_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A landing zone of thousands of stacks is looked at in seconds."""
    asked: list[str] = []

    def _parse(content: bytes, path: str) -> tuple[tuple[Block, ...], list[Problem]]:
        asked.append(path)
        return (), []

    zone = zones.zone(FILES)
    monkeypatch.setattr(syntax, "parse", _parse)
    monkeypatch.setattr(syntax, "parse_json", _parse)

    assert dangers(zone) == []
    assert asked == []
