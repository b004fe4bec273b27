"""Connections that other Terraform made are taken over: plans of both sides make and destroy nothing, whichever is applied first.

The old root module is of the kind that people have: three peerings by `count`, one module for all accounts, routes by index.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import cli, moto_server, terraform
from tests.support.aws import MANAGEMENT, Aws
from tests.support.landing_zones import landing_zone
from tests.support.peering import Side
from tests.support.peering_company import BUCKET, HOME, network

pytestmark = [pytest.mark.terraform, pytest.mark.slow]

HUB, SPOKES = "prod-vpn", ("prod-app", "prod-data", "prod-web")
PAIRS = ("prod-app--prod-vpn", "prod-data--prod-vpn", "prod-vpn--prod-web")
OLD = """\
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  assume_role {
    role_arn = "arn:aws:iam::HUB:role/terraform"
  }
}
PROVIDERS
locals {
  spokes = SPOKES
  tables = TABLES
}

resource "aws_vpc_peering_connection" "spoke" {
  count = length(local.spokes)

  vpc_id        = "HUB_VPC"
  peer_vpc_id   = local.spokes[count.index].vpc_id
  peer_owner_id = local.spokes[count.index].id

  tags = {
    Name = "spoke-${count.index}"
  }
}

ACCEPTERS
resource "aws_route" "hub" {
  count = length(local.spokes) * length(local.tables)

  route_table_id            = local.tables[count.index % length(local.tables)]
  destination_cidr_block    = local.spokes[floor(count.index / length(local.tables))].cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.spoke[floor(count.index / length(local.tables))].id
}
"""
PROVIDER = """
provider "aws" {
  alias  = "spoke_INDEX"
  region = "us-east-1"

  assume_role {
    role_arn = "arn:aws:iam::ACCOUNT:role/terraform"
  }
}
"""
ACCEPTER = """\
resource "aws_vpc_peering_connection_accepter" "spoke_INDEX" {
  provider = aws.spoke_INDEX

  vpc_peering_connection_id = aws_vpc_peering_connection.spoke[INDEX].id
  auto_accept               = true
}

resource "aws_route" "spoke_INDEX" {
  provider = aws.spoke_INDEX
  count    = length(local.spokes[INDEX].tables)

  route_table_id            = local.spokes[INDEX].tables[count.index]
  destination_cidr_block    = "HUB_CIDR"
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.spoke_INDEX.id
}

"""
FORGOTTEN = """\
removed {
  from = ADDRESS

  lifecycle {
    destroy = false
  }
}

"""


@dataclass(frozen=True, slots=True)
class World:
    """The landing zone, the old root module, and what both run with."""

    aws: Aws
    zone: Path
    old: Path
    env: Mapping[str, str]
    ids: Mapping[str, str]

    def plan(self, root: Path) -> dict[str, int]:
        """How many objects a plan would make, change, destroy, import and forget; it is kept, and so is what it shows."""
        kept = self.kept(root, "bin")
        terraform.run(["plan", "-no-color", f"-out={kept}"], root, self.env).check()
        shown = terraform.run(["show", "-json", str(kept)], root, self.env).check().stdout
        self.kept(root, "json").write_text(shown)
        document = json.loads(shown)
        changes = [change["change"] for change in document.get("resource_changes", []) if change["mode"] == "managed"]
        words = ("create", "update", "delete", "forget")
        return {word: sum(word in change["actions"] for change in changes) for word in words} | {
            "import": sum("importing" in change for change in changes)
        }

    def first_plan(self, root: Path) -> dict[str, int]:
        """The same after an init."""
        terraform.run(["init", "-no-color"], root, self.env).check()
        return self.plan(root)

    def kept(self, root: Path, form: str) -> Path:
        """Where a plan is kept: not in the landing zone, where it would be a file that nobody knows."""
        return self.zone.parent / f"{root.name}.{form}"

    def apply(self, root: Path) -> None:
        """Apply the plan that was just made."""
        terraform.run(["apply", "-no-color", str(self.kept(root, "bin"))], root, self.env).check()

    def has_nothing_to_do(self, root: Path) -> bool:
        """Does another plan change nothing?"""
        return terraform.run(["plan", "-no-color", "-detailed-exitcode"], root, self.env).status == 0

    def forget(self) -> None:
        """The patch that adopt prints, in place of the resources."""
        text = (self.old / "main.tf").read_text()
        resources = [block.split('"')[1::2][:2] for block in text.split("resource ")[1:]]
        kept = text[: text.index("resource ")]
        removed = "".join(FORGOTTEN.replace("ADDRESS", ".".join(address)) for address in resources)
        (self.old / "main.tf").write_text(kept + removed)


def _plain(side: Side) -> dict[str, Any]:
    return {"id": side["id"], "vpc_id": side["vpc_id"], "cidr_block": side["cidr_blocks"][0], "tables": side["route_table_ids"]}


def _old(hub: Side, spokes: list[Side]) -> str:
    listed = [_plain(each) for each in spokes]
    numbered = list(enumerate(spokes))
    providers = "".join(PROVIDER.replace("INDEX", str(number)).replace("ACCOUNT", each["id"]) for number, each in numbered)
    accepters = "".join(ACCEPTER.replace("INDEX", str(number)) for number, _ in numbered)
    text = OLD.replace("PROVIDERS", providers).replace("SPOKES", json.dumps(listed)).replace("TABLES", json.dumps(hub["route_table_ids"]))
    text = text.replace("ACCEPTERS\n", accepters)
    for name, value in (("HUB_VPC", hub["vpc_id"]), ("HUB_CIDR", hub["cidr_blocks"][0]), (":HUB:", f"::{hub['id']}:"[1:])):
        text = text.replace(name, value)
    return text


@pytest.fixture(scope="module")
def world(tf_env: dict[str, str], initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Four accounts, connected by the old root module; the landing zone knows them, and does not declare a pair."""
    folder = tmp_path_factory.mktemp("adoption")
    with moto_server.running() as url, pytest.MonkeyPatch.context() as patch:
        env = {**tf_env, "AWS_ENDPOINT_URL": url}
        for name, value in env.items():
            if name.startswith("AWS_"):
                patch.setenv(name, value)
        aws = Aws(url)
        aws.found_organization()
        aws.client("s3").create_bucket(Bucket=BUCKET)
        names = (HUB, *SPOKES)
        sides = {name: network(aws, name, aws.vend(name), HOME, f"10.{number}.0.0/20") for number, name in enumerate(names)}
        zone = _zone(folder / "zone", env, sides)
        (folder / "old").mkdir()
        (folder / "old/main.tf").write_text(_old(sides[HUB], [sides[name] for name in SPOKES]))
        old = terraform.prepared(folder / "old", initialised, tf_env)
        made = World(aws, zone, old, env, {})
        assert made.plan(old)["create"] == 3 * 2 + 3 * 2 * 2
        made.apply(old)
        yield World(aws, zone, old, env, _ids(aws, sides))


def _zone(root: Path, env: Mapping[str, str], sides: Mapping[str, Side]) -> Path:
    zone = landing_zone(root, "--management", MANAGEMENT)
    terraform.run(["init", "-backend=false", "-no-color"], root / "providers", env).check()
    for name, side in sides.items():
        tier = ("--tag", "tier=vpn") if name == HUB else ()
        zone.run("account", name, "--owner", name, *tier, "--network", f"{HOME}={side['cidr_blocks'][0]}")
    zone.run("pull")
    cli.commit(root)
    return root


def _ids(aws: Aws, sides: Mapping[str, Side]) -> dict[str, str]:
    listed = aws.client("ec2", sides[HUB]["id"]).describe_vpc_peering_connections()["VpcPeeringConnections"]
    ids = {each["AccepterVpcInfo"]["VpcId"]: each["VpcPeeringConnectionId"] for each in listed}
    return {"--".join(sorted((HUB, name))): ids[sides[name]["vpc_id"]] for name in SPOKES}


def test_three_connections_are_adopted(world: World) -> None:
    """0 to add and 0 to destroy on both sides; ids unchanged. One stack is applied before the old state forgets, two after."""
    done = cli.must(world.zone, "peering", "adopt", "--all", "--live")
    assert all(f"{id}, requested by {HUB}" in done.out for id in world.ids.values())
    before = cli.snapshot(world.zone / "peering")
    cli.must(world.zone, "sync")
    assert cli.snapshot(world.zone / "peering") == before

    _taken_over(world, PAIRS[0])
    _forgotten(world)
    _taken_over(world, *PAIRS[1:])

    assert world.has_nothing_to_do(world.zone / "peering" / PAIRS[0]) and world.has_nothing_to_do(world.old)


def _forgotten(made: World) -> None:
    made.forget()
    found = made.plan(made.old)
    assert (found["create"], found["delete"], found["forget"]) == (0, 0, 3 * 2 + 3 * 2 * 2)
    made.apply(made.old)


def _taken_over(made: World, *names: str) -> None:
    """Plan, judge and apply the stacks of pairs; Terraform runs for all of them at once."""
    roots = [made.zone / "peering" / name for name in names]
    with ThreadPoolExecutor(len(roots)) as pool:
        found = list(pool.map(made.first_plan, roots))
    for root, counts in zip(roots, found, strict=True):
        verdict = cli.run(made.zone, "peering", "verify-plan", str(made.kept(root, "json")), "--stack", f"peering/{root.name}")
        assert (counts["create"], counts["delete"], counts["import"], verdict.status) == (0, 0, 8, 0), verdict.err
    with ThreadPoolExecutor(len(roots)) as pool:
        list(pool.map(made.apply, roots))
    for root in roots:
        state: Any = json.loads(terraform.run(["state", "pull"], root, made.env).check().stdout)
        connections = [each for each in state["resources"] if each["type"] == "aws_vpc_peering_connection"]
        assert [each["instances"][0]["attributes"]["id"] for each in connections] == [made.ids[root.name]]
