"""The root modules below `bootstrap/` of a landing zone that `init` has written, and the organization they are applied in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support import cli, landing_zones
from tests.support.aws import Aws
from tests.support.landing_zones import LandingZone
from tests.support.root_modules import SKELETONS

FOLDER = SKELETONS / "landing-zone/{{cookiecutter.directory}}/bootstrap"
MANAGEMENT = "811111111111"
"""No other test founds an organization there."""
ADMINISTRATOR = "AWSControlTowerExecution"


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


def found(aws: Aws, root: Path) -> Company:
    """An organization, and its landing zone."""
    organizations = aws.client("organizations", MANAGEMENT)
    id = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    made = organizations.create_account(AccountName="platform", Email="aws+platform@acme.com")["CreateAccountStatus"]
    options = "--organization-id", id, "--management", MANAGEMENT, "--platform", made["AccountId"]
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
