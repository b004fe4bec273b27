"""One account from the request to its retirement: real git, real Terraform, a server that answers as AWS."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pytest

from generator.atlantis import region
from tests.support import cli, terraform
from tests.support.aws import MANAGEMENT, Aws
from tests.support.landing_zones import LandingZone, landing_zone

pytestmark = pytest.mark.terraform

AFT_MANAGEMENT = "222222222222"
NAME, EMAIL = "prod-ml", "aws+prod-ml@acme.com"
NETWORK = f"stacks/{NAME}/us-east-1/network"
# What AFT puts into the two templates of the request folder.
AFT = {
    "timestamp": "2025-01-01 00:00:00",
    "provider_region": "us-east-1",
    "region": "us-east-1",
    "aft_admin_role_arn": f"arn:aws:iam::{AFT_MANAGEMENT}:role/AWSAFTExecution",
    "tf_distribution_type": "oss",
    "tf_version": "1.6.1",
    "bucket": "aft-backend",
    "key": "account-request/terraform.tfstate",
    "kms_key_id": "alias/aft-backend",
    "dynamodb_table": "aft-backend",
}
ROW = {
    "id": {"S": EMAIL},
    "control_tower_parameters": {
        "M": {
            "AccountEmail": {"S": EMAIL},
            "AccountName": {"S": NAME},
            "ManagedOrganizationalUnit": {"S": "Production"},
            "SSOUserEmail": {"S": "platform@acme.com"},
            "SSOUserFirstName": {"S": "Platform"},
            "SSOUserLastName": {"S": "Team"},
        }
    },
    "change_management_parameters": {"M": {"change_requested_by": {"S": "ada"}, "change_reason": {"S": 'why not? "${x}"'}}},
    "account_tags": {"environment": "prod", "owner": "ml-platform", "tier": "app"},
    "custom_fields": {"account_name": NAME, "environment": "prod", "region": "us-east-1", "vpc_cidr": "10.12.16.0/20"},
    "account_customizations_name": {"S": ""},
}


@pytest.fixture
def aws(moto_url: str, tf_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Aws:
    """An organization, what AFT and the bootstrap have made in it, and this process's environment pointing at it."""
    for name, value in tf_env.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    found = Aws(moto_url)
    found.found_organization()
    for account, bucket in ((MANAGEMENT, "acme-terraform-state"), (AFT_MANAGEMENT, AFT["bucket"])):
        found.client("s3", account).create_bucket(Bucket=bucket)
    make_table(found, "aft-request", "id")
    make_table(found, AFT["dynamodb_table"], "LockID")
    return found


def make_table(aws: Aws, name: str, key: str) -> None:
    """A table of the AFT management account."""
    aws.client("dynamodb", AFT_MANAGEMENT).create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_the_life_of_an_account(aws: Aws, tf_env: dict[str, str], tmp_path: Path) -> None:
    """Each step sees what the one before has made, and git sees what each has written."""
    zone = new_zone(tmp_path / "zone", tf_env)
    request_account(zone)
    assert row(apply_requests(zone, aws, tf_env, tmp_path / "aft")) == ROW

    assert NAME not in pulled(zone)
    id = vend(aws)
    known = pulled(zone)[NAME]
    assert (known["id"], known["email"], known["reachable"], known["networks"]) == (id, EMAIL, True, {})
    zone.run("sync")
    assert changed(zone) == {
        "atlantis.yaml",
        "inventory.json",
        *(f"stacks/{NAME}/us-east-1/{stack}/account.tf.json" for stack in ("ecr", "network")),
    }
    assert zone.data(f"{NETWORK}/account.tf.json")["locals"]["account"]["id"] == id
    cli.commit(zone.root)

    assert planned(zone, tf_env) == {f"stacks/{NAME}/us-east-1/{stack}": 2 for stack in ("ecr", "network")}
    stack = zone.root / NETWORK
    terraform.run(["apply", "-auto-approve", "-no-color"], stack, tf_env, timeout=300).check()
    assert terraform.run(["plan", "-detailed-exitcode", "-no-color"], stack, tf_env).status == 0
    outputs = json.loads(terraform.run(["output", "-json"], stack, tf_env).check().stdout)
    assert states(aws) == [NETWORK]

    assert pulled(zone)[NAME]["networks"] == {NAME: network(outputs)}
    assert changed(zone) == {"inventory.json"}
    zone.run("sync", "--check")
    zone.run("lint")

    retire(zone, tf_env)
    kept = pulled(zone)[NAME]["networks"][NAME]
    assert kept == {**network(outputs), "stale": True}
    cli.git(zone.root, "rm", "--quiet", f"aft-account-request/terraform/{NAME}.tf")
    assert zone.run("account", NAME, "--retire").out.count(f"aws organizations close-account --account-id {id}") == 1
    zone.run("lint")


def retire(zone: LandingZone, tf_env: Mapping[str, str]) -> None:
    """Each step merged before the next: Terraform destroys through the tombstones, and what is empty then is deleted."""
    stacks = [f"us-east-1/{stack}" for stack in ("ecr", "network")]
    cli.commit(zone.root, "What pull found")
    zone.run("account", NAME, "--retire")
    cli.commit(zone.root, "It retires")
    zone.run("account", NAME, "--retire", *(word for stack in stacks for word in ("--destroy", stack)), "--base", "HEAD")
    cli.commit(zone.root, "Tombstones")

    assert planned(zone, tf_env) == {f"stacks/{NAME}/us-east-1/ecr": 0, NETWORK: 2}
    assert listed_by(zone, tf_env, NETWORK)
    done = terraform.run(["apply", "-auto-approve", "-no-color"], zone.root / NETWORK, tf_env, timeout=300).check().stdout
    assert re.search(r"Apply complete! Resources: 0 added, 0 changed, [1-9][0-9]* destroyed", done)
    assert [listed_by(zone, tf_env, f"stacks/{NAME}/{stack}") for stack in stacks] == ["No state file", ""]

    zone.run("account", NAME, "--retire", *(word for stack in stacks for word in ("--destroyed", stack)), "--base", "HEAD")
    assert not region.listed((zone.root / region.FILE).read_bytes())
    cli.commit(zone.root, "They go")
    assert cli.git(zone.root, "ls-files", "--", "stacks") == ""


def listed_by(zone: LandingZone, tf_env: Mapping[str, str], directory: str) -> str:
    """What `terraform state list`, the command that `--retire` prints, says of a stack; one never applied has no state file."""
    found = terraform.run(["state", "list"], zone.root / directory, tf_env)
    return "No state file" if "No state file was found!" in found.stderr else found.check().stdout


def planned(zone: LandingZone, tf_env: Mapping[str, str]) -> dict[str, int]:
    """What Atlantis does when an id has arrived and no VPC: every project that is listed is planned, each with its exit status."""
    found = {}
    for directory in region.listed((zone.root / region.FILE).read_bytes()):
        terraform.run(["init", "-no-color"], zone.root / directory, tf_env).check()
        found[directory] = terraform.run(["plan", "-detailed-exitcode", "-no-color"], zone.root / directory, tf_env).status
    return found


def new_zone(root: Path, tf_env: Mapping[str, str]) -> LandingZone:
    """A landing zone in git, with its one dependency lock."""
    zone = landing_zone(root, "--management", MANAGEMENT, "--aft-management", AFT_MANAGEMENT)
    terraform.run(["init", "-backend=false", "-no-color"], root / "providers", tf_env).check()
    zone.run("sync")
    cli.commit(root, "The frame")
    return zone


def request_account(zone: LandingZone) -> None:
    """`scaffold account`, committed."""
    why = ("--requested-by", "ada", "--reason", 'why not? "${x}"')
    zone.run("account", NAME, "--owner", "ml-platform", "--network", "us-east-1=10.12.16.0/20", *why)
    locks = {path.read_bytes() for path in zone.root.glob("**/.terraform.lock.hcl")}
    assert len(locks) == 1
    cli.commit(zone.root, "An account")


def apply_requests(zone: LandingZone, aws: Aws, tf_env: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """Apply the request folder as AFT does; the one row of its table."""
    shutil.copytree(zone.root / "aft-account-request/terraform", folder)
    for name in ("aft-providers", "backend"):
        template = (folder / f"{name}.jinja").read_text()
        (folder / f"{name}.tf").write_text(jinja2.Template(template, undefined=jinja2.StrictUndefined).render(AFT))
    for command in ("init", "apply -auto-approve"):
        terraform.run([*command.split(), "-no-color"], folder, tf_env).check()
    (found,) = aws.client("dynamodb", AFT_MANAGEMENT).scan(TableName="aft-request")["Items"]
    return dict(found)


def row(item: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its two JSON texts read."""
    texts = {key: json.loads(item[key]["S"]) for key in ("account_tags", "custom_fields")}
    return {**item, **texts}


def vend(aws: Aws) -> str:
    """What AFT makes of the row: the account, and the two roles in it."""
    id = aws.vend(NAME, EMAIL)
    for role in ("acme-reader", "acme-atlantis"):
        aws.make_role(id, role)
    return id


def pulled(zone: LandingZone) -> dict[str, Any]:
    """The inventory's accounts by name, after `scaffold pull`."""
    zone.run("pull")
    return zone.inventory()


def changed(zone: LandingZone) -> set[str]:
    """The paths that git sees a change of; Terraform leaves none."""
    return {line[3:] for line in cli.git(zone.root, "status", "--porcelain", "--untracked-files=all").splitlines()}


def states(aws: Aws) -> list[str]:
    """The keys in the state bucket: no lock is left."""
    listed = aws.client("s3").list_objects_v2(Bucket="acme-terraform-state")
    return [found["Key"] for found in listed["Contents"]]


def network(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the inventory has to say of a network, by the outputs of its stack."""
    said = {name: output["value"] for name, output in outputs.items()}
    assert set(said["peering_route_table_ids"]) == {"data", *(f"private-{zone}" for zone in said["private_subnet_ids"])}
    return {
        "region": "us-east-1",
        "vpc_id": said["vpc_id"],
        "cidr_blocks": ["10.12.16.0/20"],
        "ipv6_cidr_blocks": [],
        "route_table_ids": sorted(said["peering_route_table_ids"].values()),
        "dns": True,
        "quotas": {"peerings": 50, "routes": 50},
        "used_elsewhere": {"peerings": 0, "routes": 4},
        "stale": False,
    }
