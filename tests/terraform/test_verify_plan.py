"""`scaffold peering verify-plan` on real plans: those of a pair's life are the decision's, and nothing else is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support import cli, terraform
from tests.support.aws import MANAGEMENT, Aws
from tests.support.landing_zones import LandingZone, landing_zone
from tests.support.peering import Side, seed
from tests.support.tampering import TAMPERED
from tests.support.verified import ONE, OTHER, STACK, STORED, Files, Plan, changed, ids, judged, snapshot, stored, tidy

# in every run, test_life_of_a_peering asks verify-plan at each step of real lives
pytestmark = [pytest.mark.terraform, pytest.mark.slow]

BUCKET = "verified-terraform-state"
ACCOUNTS = {ONE: "433333333333", OTHER: "444444444444"}
REGIONS = {ONE: "us-east-1", OTHER: "eu-west-1"}
RANGES = {ONE: ("10.0.0.0/20", "100.64.0.0/20"), OTHER: ("10.32.0.0/20",)}
POLICY = "peering/policy.yaml"
ACCEPTER = "module.peering.aws_vpc_peering_connection_accepter.this"
OPTIONS = "module.peering.aws_vpc_peering_connection_options.requester"
DENY = """
  - id: not-any-more
    effect: deny
    between: {accounts: [prod-ml]}
    and: {any: true}
    reason: the product is going
"""
EXTRA = """\
resource "terraform_data" "extra" {
  provisioner "local-exec" {
    command = "true"
  }
}

data "aws_region" "extra" {
  provider = aws.accepter
}
"""
WIDE = """
resource "aws_route" "wide" {
  provider                  = aws.requester
  route_table_id            = var.requester.route_table_ids[0]
  destination_cidr_block    = "0.0.0.0/0"
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.this.id
}
"""


@dataclass
class Story:
    """One pair's life, with edits that nobody decided beside it: the files and the plan of each moment."""

    zone: LandingZone
    url: str
    env: Mapping[str, str]
    sides: dict[str, Side]
    moments: dict[str, tuple[Files, Plan]] = field(default_factory=dict)
    connections: list[Any] = field(default_factory=list)

    @property
    def root(self) -> Path:
        """The stack's directory."""
        return self.zone.root / STACK

    def know(self, **networks: Mapping[str, Any]) -> None:
        """What AWS has of the two networks now, and everything that follows from it."""
        keys = ("region", "vpc_id", "cidr_blocks", "ipv6_cidr_blocks", "route_table_ids")
        known = {name: {key: side[key] for key in keys} | {"dns": True, "stale": False} for name, side in self.sides.items()}
        said = {name: network | dict(networks.get(name.replace("-", "_"), {})) for name, network in known.items()}
        self.zone.know({ACCOUNTS[name]: {"name": name, "networks": {name: network}} for name, network in said.items()})
        self.zone.run("sync")

    def plan(self, moment: str, *options: str, fails: bool = False) -> None:
        """Plan the stack as it lies there, and remember both."""
        done = terraform.run(["plan", "-no-color", "-out=plan.bin", *options], self.root, self.env)
        assert bool(done.status) is fails, f"{done.stdout}\n{done.stderr}"
        shown = json.loads(terraform.run(["show", "-json", "plan.bin"], self.root, self.env).check().stdout)
        self.moments[moment] = snapshot(self.zone.root), shown

    def edited(self, moment: str, path: str, edit: Callable[[str], str]) -> None:
        """Plan with one file edited; then the file is as it was."""
        file = self.zone.root / path
        before = file.read_text(encoding="utf-8") if file.exists() else None
        file.parent.mkdir(exist_ok=True)
        file.write_text(edit(before or ""), encoding="utf-8")
        terraform.run(["get", "-no-color"], self.root, self.env).check()
        self.plan(moment)
        file.unlink() if before is None else file.write_text(before, encoding="utf-8")

    def terraform(self, *arguments: str) -> None:
        """Run Terraform in the stack's directory."""
        terraform.run(list(arguments), self.root, self.env).check()

    def route(self) -> str:
        """The address of one route of the requester."""
        return f'module.peering.aws_route.requester["{self.sides[ONE]["route_table_ids"][0]}|{RANGES[OTHER][0]}"]'

    def connection(self) -> Any:
        """The connection, with its status and options, as the two sides see it; and the route that leads to it."""
        seen = [self.client(name).describe_vpc_peering_connections()["VpcPeeringConnections"] for name in (ONE, OTHER)]
        (table,) = self.client(ONE).describe_route_tables(RouteTableIds=self.sides[ONE]["route_table_ids"][:1])["RouteTables"]
        return seen, table["Routes"]

    def client(self, name: str) -> Any:
        """EC2 of a network's account and region."""
        return Aws(self.url).client("ec2", ACCOUNTS[name], REGIONS[name])


@pytest.fixture(scope="module")
def story(moto_url: str, tf_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Requested, connected, another route table, denied; and what somebody tried in between."""
    sides = {name: seed(moto_url, name, ACCOUNTS[name], REGIONS[name], cidr_blocks=RANGES[name], ipv6=True) for name in ACCOUNTS}
    found = Story(new_zone(tmp_path_factory.mktemp("zone") / "zone"), moto_url, tf_env, sides)
    Aws(moto_url).client("s3").create_bucket(Bucket=BUCKET)
    found.know()
    terraform.run(["init", "-no-color"], found.root, tf_env).check()
    first(found)
    terraform.run(["apply", "-auto-approve", "-no-color"], found.root, tf_env).check()
    later(found)
    return found


def new_zone(root: Path) -> LandingZone:
    """A landing zone with two accounts that the policy connects."""
    zone = landing_zone(root, "--management", MANAGEMENT)
    zone.replace("acme-terraform-state", BUCKET)
    zone.run("account", ONE, "--owner", "ml", "--network", "us-east-1=10.0.0.0/20")
    zone.run("account", OTHER, "--owner", "net", "--tag", "tier=vpn", "--region", "eu-west-1", "--network", "eu-west-1=10.32.0.0/20")
    return zone


def first(story: Story) -> None:
    """Before the connection is made: its plan, and four that are another one's."""
    story.plan("create")
    twin = seed(story.url, ONE, ACCOUNTS[ONE], cidr_blocks=RANGES[ONE])
    story.edited("extra file", f"{STACK}/extra.tf", lambda _: EXTRA)
    story.edited("other role", f"{STACK}/providers.tf", lambda text: text.replace("local.accepter.role_arn", admin(ACCOUNTS[OTHER])))
    story.edited("other network", f"{STACK}/peering.tf.json", lambda text: text.replace(story.sides[ONE]["vpc_id"], twin["vpc_id"]))
    module = story.zone.root / "modules/peering"
    for file in (module / "1.0.0").iterdir():
        (module / "1.0.0-wide").mkdir(exist_ok=True)
        (module / "1.0.0-wide" / file.name).write_text(file.read_text() + (WIDE if file.name == "routes.tf" else ""))
    story.edited("other module", f"{STACK}/main.tf", lambda text: text.replace("peering/1.0.0", "peering/1.0.0-wide"))
    terraform.run(["get", "-no-color"], story.root, story.env).check()


def admin(account: str) -> str:
    """A role that can more, as HCL."""
    return f'"arn:aws:iam::{account}:role/admin"'


def later(story: Story) -> None:
    """The connection stands."""
    story.plan("no-op")
    story.plan("destroy", "-destroy")
    tainted(story)
    imported(story)
    table = story.client(ONE).create_route_table(VpcId=story.sides[ONE]["vpc_id"])["RouteTable"]["RouteTableId"]
    kept = story.sides[ONE]["route_table_ids"][0]
    story.know(prod_ml={"route_table_ids": sorted([kept, table]), "dns": False})
    story.plan("another table")
    twin = seed(story.url, ONE, ACCOUNTS[ONE], cidr_blocks=RANGES[ONE], ipv6=True)
    ends = {story.sides[ONE]["vpc_id"]: twin["vpc_id"], story.sides[ONE]["ipv6_cidr_blocks"][0]: twin["ipv6_cidr_blocks"][0]}
    story.edited("another VPC", f"{STACK}/peering.tf.json", lambda text: re.sub("|".join(ends), lambda found: ends[found[0]], text))
    story.know()
    policy = story.zone.root / POLICY
    policy.write_text(policy.read_text(encoding="utf-8") + DENY, encoding="utf-8")
    story.zone.run("sync")
    story.plan("tombstone")
    cli.replace(policy, DENY, "")
    story.know()
    story.client(OTHER).associate_vpc_cidr_block(VpcId=story.sides[OTHER]["vpc_id"], CidrBlock="100.64.16.0/20")
    story.plan("a range nobody reviewed", fails=True)


def tainted(story: Story) -> None:
    """What is tainted is made anew: the accepter and what follows from it, options, a route."""
    story.connections.append(story.connection())
    for moment, address in (("tainted options", OPTIONS), ("tainted accepter", ACCEPTER)):
        story.terraform("taint", address)
        story.plan(moment)
        story.terraform("apply", "-no-color", "plan.bin")
        story.connections.append(story.connection())
    story.terraform("taint", story.route())
    story.plan("tainted route")
    story.terraform("untaint", story.route())


def imported(story: Story) -> None:
    """A route that the state has lost is taken over again."""
    address = story.route()
    id = address.split('"')[1].replace("|", "_")
    story.terraform("state", "rm", address)
    story.edited("imported route", f"{STACK}/imports.tf", lambda _: f'import {{\n  to = {address}\n  id = "{id}"\n}}\n')
    story.terraform("apply", "-no-color", "plan.bin")


LIFE = {
    "create": {"create": 14},
    "no-op": {"no-op": 14},
    "another table": {"create": 2, "delete": 2, "no-op": 10, "update": 2},
    "tombstone": {"delete": 14},
    "tainted options": {"no-op": 13, "replace": 1},
    "tainted accepter": {"no-op": 1, "replace": 3, "update": 10},
}


@pytest.mark.parametrize("stack", [STACK, None], ids=["named", "by its marker"])
@pytest.mark.parametrize("moment", LIFE)
def test_the_plans_of_a_pairs_life_are_the_decisions(story: Story, moment: str, stack: str | None) -> None:
    """Made, left alone, given another route table and another DNS flag, taken down."""
    verdict = judged(*story.moments[moment], stack)

    assert (verdict.problems, dict(verdict.changes), verdict.stack) == ((), LIFE[moment], STACK)


EDITED: Mapping[str, set[str]] = {
    "extra file": {"foreign-file", "foreign-object", "wrong-configuration", "wrong-provider"},
    "other role": {"changed-file", "wrong-provider"},
    "other network": {"stale-data", "wrong-value", "wrong-network"},
    "other module": {"changed-file", "unknown-module", "wrong-module", "wrong-configuration", "foreign-object"},
    "tainted route": {"wanted-route"},
    "imported route": {"foreign-file"},
    "destroy": {"no-tombstone", "wanted-route", "missing-object"},
    "another VPC": {"missing-object", "no-tombstone", "stale-data", "wanted-route", "wrong-network", "wrong-route", "wrong-value"},
    "a range nobody reviewed": {"plan-incomplete"},
}


@pytest.mark.parametrize("moment", EDITED)
def test_what_nobody_decided_is_refused(story: Story, moment: str) -> None:
    """The Terraform was really edited, and really planned."""
    verdict = judged(*story.moments[moment])

    assert ids(verdict) == EDITED[moment], "\n".join(map(str, verdict.problems))


def test_what_is_tainted_and_made_anew_touches_no_connection(story: Story) -> None:
    """The provider's delete of an acceptance and of options leaves AWS as it is, and so does making them anew."""
    before, *after = story.connections
    (one, *more), _ = before[0]

    assert (one["Status"]["Code"], more) == ("active", [])
    assert after == [before, before]


def test_a_route_that_led_elsewhere_is_not_taken_over(story: Story) -> None:
    """The real plan, but for where the route led before."""
    files, plan = story.moments["imported route"]
    entry = next(each for each in plan["resource_changes"] if each["change"].get("importing"))
    assert (entry["address"], entry["change"]["actions"]) == (story.route(), ["no-op"])
    elsewhere = changed(plan, lambda plan: led_elsewhere(plan, entry["address"]))

    assert ids(judged(files, elsewhere)) == {"foreign-file", "wrong-import"}


def led_elsewhere(plan: Plan, address: str) -> None:
    """A route that leads to a gateway, and will lead to the connection."""
    said = next(each for each in plan["resource_changes"] if each["address"] == address)["change"]
    said.update(actions=["update"], before={**said["before"], "gateway_id": "igw-0bad", "vpc_peering_connection_id": ""})


@pytest.mark.parametrize("name", TAMPERED)
def test_a_plan_that_was_changed_is_refused(story: Story, name: str) -> None:
    """A real plan but for one thing, refused for that thing."""
    tampering = TAMPERED[name]
    files, plan = story.moments[tampering.of]
    verdict = judged(files, changed(plan, tampering.edit))

    assert tampering.id in ids(verdict), "\n".join(map(str, verdict.problems))


def test_a_decision_that_changed_meanwhile_stops_what_it_had_allowed(story: Story) -> None:
    """The policy of the base denies what this plan makes; what it leaves alone, it may leave."""
    denied = {path: content + DENY.encode() if path == POLICY else content for path, content in story.moments["create"][0].items()}
    made, left = (judged(denied, story.moments[moment][1]) for moment in ("create", "no-op"))

    assert (ids(made), ids(left)) == ({"not-decided"}, set())
    assert "14 to create" in made.problems[0].message and "not-any-more" in made.problems[0].message


def test_a_tombstone_of_an_allowed_pair_is_not_applied(story: Story) -> None:
    """The files of the tombstone, and a policy that allows the pair again."""
    files, plan = story.moments["tombstone"]
    allowed = {**files, POLICY: files[POLICY].replace(DENY.encode(), b"")}

    assert ids(judged(allowed, plan)) == {"not-decided"}


def test_the_command(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file and from standard input, in text and in JSON; status 0, 2 and 1."""
    plan, bad, broken = (tmp_path / name for name in ("plan.json", "bad.json", "broken.json"))
    plan.write_text(json.dumps(story.moments["no-op"][1]), encoding="utf-8")
    bad.write_text(json.dumps(changed(story.moments["no-op"][1], TAMPERED["another role"].edit)), encoding="utf-8")
    broken.write_text("{", encoding="utf-8")

    def run(*arguments: str, status: int) -> cli.Outcome:
        return story.zone.run("peering", "verify-plan", *arguments, status=status)

    assert run(str(plan), status=0).out == f"{STACK}: the plan is the decision's: nothing to change.\n"
    refused = run(str(bad), "--stack", STACK, "--format", "json", status=2)
    assert json.loads(refused.out)["data"] == {"stack": STACK, "changes": {"no-op": 14}, "accepted": False}
    assert {problem["id"] for problem in json.loads(refused.out)["problems"]} == {"wrong-provider"}
    assert "this is no JSON that can be read" in run(str(broken), status=1).err
    assert str(tmp_path / "none.json") in run(str(tmp_path / "none.json"), status=1).err
    with plan.open(encoding="utf-8") as given:
        monkeypatch.setattr("sys.stdin", given)
        assert run("-", "--stack", STACK, status=0).err == ""


def test_the_stored_plan_has_the_form_of_a_real_one(story: Story, update_golden: bool) -> None:
    """The quick tests judge a plan that was stored; what Terraform says now has the same keys."""
    real = tidy(story.moments["create"][1])
    if update_golden:
        STORED.write_text(json.dumps(real, indent=1) + "\n", encoding="utf-8")

    assert set(keys(stored())) == set(keys(real))


def keys(value: object, path: str = "") -> Iterator[str]:
    """The path of everything in a document, positions left out."""
    yield path
    items = value.items() if isinstance(value, dict) else [("*", item) for item in value] if isinstance(value, list) else []
    for key, item in items:
        yield from keys(item, f"{path}.{key}")
