"""What a root module must not say, each beside a near twin that may stand there."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generator.landing_zone.dangers import dangers
from generator.stacks.render import WAITING_ID
from tests.support import peered, zones

PAIR = "peering/prod-hub--prod-ml"
FILES = peered.landing_zone()
OWN = f"1{1:011}"
OTHER = "999999999999"


def _ids(more: Mapping[str, bytes | None]) -> set[str]:
    files = {path: content for path, content in {**FILES, **more}.items() if content is not None}
    return {problem.id for problem in dangers(zones.zone(files))}


def _role(account: str, tail: str = "role/x") -> bytes:
    return f'provider "aws" {{\n  assume_role {{\n    role_arn = "arn:aws:iam::{account}:{tail}"\n  }}\n}}\n'.encode()


def _backend(key: str, kind: str = "s3") -> bytes:
    return f'terraform {{\n  backend "{kind}" {{\n    bucket = "states"\n    key = "{key}"\n  }}\n}}\n'.encode()


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
    "a role that is computed": ({f"{PAIR}/x.tf": _role("${local.requester.id}")}, set()),
    "another's in somebody's root module": ({"stacks/mine/x.tf": _role(OTHER) + _backend("stacks/mine")}, set()),
    "another key": ({f"{PAIR}/backend.tf": FILES[f"{PAIR}/backend.tf"].replace(f'"{PAIR}"'.encode(), b'"other"')}, {"backend-key"}),
    "a second backend": ({f"{PAIR}/x.tf": _backend(PAIR)}, set()),
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
