"""A peering applied by the real provider: both sides as AWS shows them, a second plan, and the tombstone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import terraform
from tests.support.aws import Aws
from tests.support.peering import Seen, Side, bury, look, pair, seed, write_data, write_stack

pytestmark = [pytest.mark.terraform, pytest.mark.slow]

ONE, OTHER = "411111111111", "422222222222"
HOME, ABROAD = "us-east-1", "eu-west-1"
# Case -> account and region of both sides. The requester is the name that sorts last, as in an adopted connection.
CASES: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "two accounts": ((ONE, HOME), (OTHER, HOME)),
    "two accounts and regions": ((OTHER, ABROAD), (ONE, HOME)),
    "one account and region": ((ONE, HOME), (ONE, HOME)),
}
ADDED_RANGE = "100.64.16.0/20"


@dataclass(frozen=True, slots=True)
class Story:
    """One pair: its sides' data, and what AWS and Terraform said at each step."""

    requester: Side
    accepter: Side
    applied: tuple[Seen, Seen]
    connection_id: str
    second_plan: int
    buried: tuple[Seen, Seen]
    left_in_state: str


@dataclass(frozen=True, slots=True)
class Growth:
    """A live pair whose accepter has got another range, and whose requester another route table."""

    requester: Side
    accepter: Side
    refused: str
    """What a plan says before the change is reviewed."""
    plan: Mapping[str, Any]
    """The plan once it is."""


@pytest.fixture(scope="module", params=CASES)
def story(request: pytest.FixtureRequest, moto_url: str, tf_env: dict[str, str], initialised: Path, tmp_path_factory: Any) -> Story:
    """Apply, plan, bury, apply."""
    requester, accepter = seeded(moto_url, *CASES[request.param])
    root = terraform.prepared(write_stack(tmp_path_factory.mktemp("peering"), pair(requester, accepter)), initialised, tf_env)

    apply(root, tf_env)
    applied = look(moto_url, requester), look(moto_url, accepter)
    outputs = json.loads(terraform.run(["output", "-json"], root, tf_env).check().stdout)
    second = terraform.run(["plan", "-detailed-exitcode", "-no-color"], root, tf_env).status
    bury(root)
    apply(root, tf_env)

    buried = look(moto_url, requester), look(moto_url, accepter)
    left = terraform.run(["state", "list"], root, tf_env).check().stdout
    return Story(requester, accepter, applied, outputs["connection_id"]["value"], second, buried, left)


@pytest.fixture(scope="module")
def growth(moto_url: str, tf_env: dict[str, str], initialised: Path, tmp_path_factory: Any) -> Growth:
    """Apply without the requester's first route table; then the accepter gets a range, and the table is routed."""
    requester, accepter = seeded(moto_url, (ONE, HOME), (OTHER, HOME))
    without = {**requester, "route_table_ids": requester["route_table_ids"][1:]}
    root = terraform.prepared(write_stack(tmp_path_factory.mktemp("growth"), pair(without, accepter)), initialised, tf_env)
    apply(root, tf_env)

    Aws(moto_url).client("ec2", OTHER).associate_vpc_cidr_block(VpcId=accepter["vpc_id"], CidrBlock=ADDED_RANGE)
    refused = terraform.run(["plan", "-no-color"], root, tf_env).stderr
    grown = {**accepter, "cidr_blocks": [*accepter["cidr_blocks"], ADDED_RANGE]}
    write_data(root, pair(requester, grown))
    return Growth(requester, grown, refused, terraform.plan_json(root, tf_env))


def seeded(moto_url: str, requester: tuple[str, str], accepter: tuple[str, str]) -> tuple[Side, Side]:
    """Two networks, each with an IPv6 range; the requester has a second IPv4 range."""
    return (
        seed(moto_url, "prod-pay", *requester, cidr_blocks=("10.1.0.0/16", "100.64.0.0/20"), ipv6=True),
        seed(moto_url, "prod-ml", *accepter, cidr_blocks=("10.0.0.0/16",), ipv6=True),
    )


def apply(root: Path, env: Mapping[str, str]) -> None:
    """Apply, or fail with what Terraform said."""
    terraform.run(["apply", "-auto-approve", "-no-color"], root, env, timeout=120).check()


def keys(own: Side, peer: Side) -> Iterator[str]:
    """The keys of all routes that one side needs."""
    for table in own["route_table_ids"]:
        for range in (*peer["cidr_blocks"], *peer["ipv6_cidr_blocks"]):
            yield f"{table}|{range}"


def test_both_sides_show_an_active_connection(story: Story) -> None:
    """Accepted by the account of the accepter, and the same one that the output names."""
    assert [side.status for side in story.applied] == ["active", "active"]
    assert story.connection_id.startswith("pcx-")


def test_both_sides_resolve_the_others_names(story: Story) -> None:
    """One side alone would resolve in one direction only."""
    assert [side.dns for side in story.applied] == [True, True]


def test_every_table_of_both_sides_leads_to_every_range_of_the_other(story: Story) -> None:
    """Secondary and IPv6 ranges included; no route more, and none that carries nothing."""
    assert len(story.requester["ipv6_cidr_blocks"]) == len(story.accepter["ipv6_cidr_blocks"]) == 1
    assert story.applied[0].routes == dict.fromkeys(keys(story.requester, story.accepter), "active")
    assert story.applied[1].routes == dict.fromkeys(keys(story.accepter, story.requester), "active")


def test_both_sides_carry_the_marker(story: Story) -> None:
    """The pair in the order of its names, whoever asked; nothing of an account's own tags."""
    marked = {"managed-by": "scaffold", "peering": "prod-ml--prod-pay", "Name": "prod-ml--prod-pay"}

    assert [side.tags for side in story.applied] == [marked, marked]


def test_a_second_plan_changes_nothing(story: Story) -> None:
    """Neither side's resources undo the other's."""
    assert story.second_plan == 0


def test_a_tombstone_removes_everything_from_both_sides(story: Story) -> None:
    """The constant files and the data are enough to reach both accounts."""
    assert story.buried == (Seen(routes={}), Seen(routes={}))
    assert story.left_in_state == ""


def test_a_range_that_nobody_reviewed_stops_the_plan(growth: Growth) -> None:
    """The real data source, seen through the accepter's own provider."""
    said = " ".join(growth.refused.replace("│", " ").split())

    assert f"{growth.accepter['vpc_id']} of prod-ml has the IPv4 ranges 10.0.0.0/16, {ADDED_RANGE}; the pair was reviewed with" in said
    assert 'run "scaffold pull" and "scaffold sync", and review the change.' in said


def test_one_more_table_or_range_touches_no_other_route(growth: Growth) -> None:
    """The table sorts first, so that routes counted by position would all move."""
    changes = {
        (change["type"], change["name"], change.get("index")): change["change"]["actions"]
        for change in growth.plan["resource_changes"]
        if change["mode"] == "managed" and change["change"]["actions"] != ["no-op"]
    }
    first, *others = growth.requester["route_table_ids"]
    ranges = [*growth.accepter["cidr_blocks"], *growth.accepter["ipv6_cidr_blocks"]]
    added = {*(f"{first}|{range}" for range in ranges), *(f"{table}|{ADDED_RANGE}" for table in others)}

    assert changes == {("aws_route", "requester", key): ["create"] for key in added}


def test_nothing_leads_to_a_connection_before_it_is_accepted(growth: Growth) -> None:
    """Routes and options take the accepter's id, which only acceptance gives."""
    (call,) = growth.plan["configuration"]["root_module"]["module_calls"].values()
    targets = {
        (resource["type"], resource["name"]): resource["expressions"]["vpc_peering_connection_id"]["references"]
        for resource in call["module"]["resources"]
        if resource["type"] in ("aws_route", "aws_vpc_peering_connection_options")
    }

    assert len(targets) == 4
    assert {references[0] for references in targets.values()} == {"aws_vpc_peering_connection_accepter.this.id"}


@pytest.mark.parametrize("name", ["requester", "accepter"])
def test_each_side_is_reached_by_its_own_role(growth: Growth, name: str) -> None:
    """The server lets every role be assumed, so the words are what can be looked at."""
    said = growth.plan["configuration"]["provider_config"][f"aws.{name}"]["expressions"]
    (role,), (tags,) = said["assume_role"], said["default_tags"]

    assert said["region"]["references"][0] == f"local.{name}.region"
    assert said["allowed_account_ids"]["references"][0] == f"local.{name}.id"
    assert (role["role_arn"]["references"][0], role["session_name"]) == (f"local.{name}.role_arn", {"constant_value": "atlantis"})
    assert tags["tags"]["references"] == ["local.tags"]
