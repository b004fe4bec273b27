"""The root modules below `bootstrap/` of a landing zone that `init` has written, and the organization they are applied in."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import generator.aws
from tests.support import cli, landing_zones, terraform
from tests.support.aws import Aws
from tests.support.landing_zones import LandingZone
from tests.support.root_modules import SKELETONS

FOLDER = SKELETONS / "landing-zone/{{cookiecutter.directory}}/bootstrap"
MEMBER = "411111111111"
"""Another account of the organization."""
ADMINISTRATOR = "AWSControlTowerExecution"


@dataclass(frozen=True, slots=True)
class Root:
    """One root: its first plan, what a second one would do, and what was left in the state when all was destroyed."""

    plan: Mapping[str, Any]
    outputs: Mapping[str, Any]
    second: int
    left: Sequence[str]
    states: tuple[str, ...] = ()
    """The states in the bucket, once they have moved there."""

    def after(self, address: str) -> dict[str, Any]:
        """The planned values of a resource."""
        (found,) = [change["change"]["after"] for change in self.changes() if change["address"] == address]
        values: dict[str, Any] = found
        return values

    def policy(self, address: str, argument: str = "policy") -> str:
        """A policy that it holds."""
        text: str = self.after(address)[argument]
        return text

    def actions(self, address: str) -> set[str]:
        """What a policy of one statement allows, all of it of everything."""
        (statement,) = json.loads(self.policy(address))["Statement"]
        assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
        return set(statement["Action"])

    def tags(self) -> list[dict[str, str]]:
        """All tags of each resource whose schema has `tags_all`; those that have a name of their own, without it."""
        afters = [change["change"]["after"] for change in self.changes()]
        found = [after["tags_all"] for after in afters if "tags_all" in after]
        return [{key: value for key, value in tags.items() if key != "Name"} for tags in found]

    def changes(self) -> list[dict[str, Any]]:
        """Every resource that it makes or takes over."""
        return [change for change in self.plan["resource_changes"] if change["mode"] == "managed"]


@dataclass(frozen=True, slots=True)
class Company:
    """An organization with a platform account, and a landing zone for it."""

    zone: LandingZone
    organization: str
    platform: str


def landing_zone(root: Path, *options: str) -> LandingZone:
    """A new one, with networks possible in us-east-1 and eu-west-1, and so topics in both."""
    zone = landing_zones.landing_zone(root, *options)
    zone.run("sync")
    return zone


def add_region(root: Path) -> None:
    """Make networks possible in eu-west-1 as well."""
    cli.replace(root / "scaffold.yaml", "\n# What a new account gets.", f"{landing_zones.SECOND_REGION}\n# What a new account gets.")
    cli.must(root, "sync")


def without_backend(root: Path, top: Path, *replacements: tuple[str, str]) -> Path:
    """A copy of a landing zone's `bootstrap/`, after replacements in `scaffold.yaml`; a plan of it needs no bucket."""
    shutil.copytree(root, top)
    for old, new in replacements:
        cli.replace(top / "scaffold.yaml", old, new)
    cli.must(top, "sync")
    for backend in top.glob("bootstrap/*/backend.tf"):
        backend.unlink()
    return top / "bootstrap"


def found(aws: Aws, root: Path, management: str) -> Company:
    """An organization, and its landing zone."""
    organizations = aws.client("organizations", management)
    id = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    made = organizations.create_account(AccountName="platform", Email="aws+platform@acme.com")["CreateAccountStatus"]
    options = "--organization-id", id, "--management", management, "--platform", made["AccountId"]
    return Company(landing_zone(root, *options), id, made["AccountId"])


def acting_in(aws: Aws, account: str, env: Mapping[str, str]) -> dict[str, str]:
    """The environment of Terraform with the credentials of an account's administrator."""
    role = f"arn:aws:iam::{account}:role/{ADMINISTRATOR}"
    given = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="bootstrap")["Credentials"]
    keys = {"AWS_ACCESS_KEY_ID": "AccessKeyId", "AWS_SECRET_ACCESS_KEY": "SecretAccessKey", "AWS_SESSION_TOKEN": "SessionToken"}
    return {**env, **{name: given[key] for name, key in keys.items()}}


def set_variables(root: Path, values: Mapping[str, object]) -> None:
    """What a person writes into `terraform.tfvars`."""
    (root / "terraform.tfvars.json").write_text(json.dumps(values), encoding="utf-8")


def applied(root: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """Plan and apply; the plan."""
    plan = terraform.plan_json(root, env)
    terraform.run(["apply", "-no-color", "plan.bin"], root, env).check()
    return plan


def looked_at(root: Path, env: Mapping[str, str]) -> tuple[dict[str, Any], int]:
    """The outputs, and the exit status of another plan."""
    said = json.loads(terraform.run(["output", "-json"], root, env).check().stdout)
    second = terraform.run(["plan", "-detailed-exitcode", "-no-color"], root, env).status
    return {name: output["value"] for name, output in said.items()}, second


def destroyed(root: Path, env: Mapping[str, str]) -> list[str]:
    """What a state that is a file holds after a destroy."""
    terraform.run(["destroy", "-refresh=false", "-auto-approve", "-no-color"], root, env).check()
    return [found["type"] for found in json.loads((root / "terraform.tfstate").read_text())["resources"]]


def role(name: str, account: str = MEMBER) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def asked() -> set[str]:
    """Every action that the table of `generator.aws` names."""
    return set(re.findall(r"`([a-z0-9]+:[A-Z]\w+)`", generator.aws.__doc__ or "")) - {"sts:AssumeRole"}
