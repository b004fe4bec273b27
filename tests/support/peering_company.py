"""The company of the life of a peering: what is planned and applied of its pairs, and what AWS then shows of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.support import cli, terraform
from tests.support.aws import MANAGEMENT, Aws
from tests.support.landing_zones import LandingZone, landing_zone
from tests.support.peering import Side, seed

Found = TypeVar("Found")
HOME, ABROAD = "us-east-1", "eu-west-1"
HUB, NEAR, FAR = "prod-hub", "prod-ml", "prod-ml.eu-west-1"
PAIRS = {f"{HUB}--{NEAR}": (HUB, NEAR), f"{HUB}--{FAR}": (HUB, FAR)}
BUCKET = "acme-terraform-state"
REQUEST = f"aft-account-request/terraform/{NEAR}.tf"
CALLING = {"main.tf", "outputs.tf"}
STACK = {*CALLING, ".terraform.lock.hcl", "backend.tf", "peering.tf.json", "providers.tf", "versions.tf"}


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan of one stack: what `-detailed-exitcode` says of it, its JSON, and how `scaffold` judges that."""

    status: int
    document: Mapping[str, Any]
    verdict: cli.Outcome

    def actions(self) -> dict[str, list[str]]:
        """Address of each managed object -> what happens to it."""
        changes = self.document.get("resource_changes", [])
        return {change["address"]: change["change"]["actions"] for change in changes if change["mode"] == "managed"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one side shows of its connection with the other; `routes` are `TABLE|RANGE` to state."""

    status: str
    routes: Mapping[str, str]
    dns: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is of one pair: each side as its own account shows it, and the state in the bucket."""

    requester: Seen
    accepter: Seen
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A decision: what the command printed, the paths it changed, the plan of each pair, and what there is once it is applied."""

    said: str
    changed: frozenset[str]
    plans: Mapping[str, Planned]
    shown: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Pruned:
    """A clone of the landing zone, in which nobody has run Terraform, and what `prune` said in it."""

    root: Path
    too_early: Mapping[str, Any]
    in_time: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Doubt:
    """How `sync` ended on a landing zone that has lost something, and the bytes of both pairs before and after it."""

    done: cli.Outcome
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Company:
    """The landing zone, its networks in AWS, and Terraform in the directories of both pairs at once."""

    aws: Aws
    zone: LandingZone
    networks: Mapping[str, Side]
    env: Mapping[str, str]
    folder: Path

    def each(self, function: Callable[[str], Found]) -> dict[str, Found]:
        """The answer for each pair; both are asked at the same time."""
        with ThreadPoolExecutor(len(PAIRS)) as pool:
            return dict(zip(PAIRS, pool.map(function, PAIRS), strict=True))

    def terraform(self, name: str, *arguments: str) -> terraform.Completed:
        """Run Terraform in the directory of a pair."""
        return terraform.run(arguments, self.zone.root / "peering" / name, self.env)

    def merge(self) -> frozenset[str]:
        """Commit everything; the paths that git saw a change of."""
        listed = cli.git(self.zone.root, "status", "--porcelain", "--untracked-files=all").splitlines()
        cli.commit(self.zone.root)
        return frozenset(line[3:] for line in listed)

    def plan(self) -> dict[str, Planned]:
        """A plan of each pair, kept for `apply` and `verify`."""
        plans = self.each(self._plan)
        return {name: Planned(*plan, self.verify(name)) for name, plan in plans.items()}

    def _plan(self, name: str) -> tuple[int, Mapping[str, Any]]:
        kept = self.folder / f"{name}.bin"  # not in the landing zone, where it would be a file that nobody knows
        done = self.terraform(name, "plan", "-no-color", "-detailed-exitcode", f"-out={kept}")
        assert done.status in (0, 2), done.stderr
        shown = self.terraform(name, "show", "-json", str(kept)).check().stdout
        (self.folder / f"{name}.json").write_text(shown)
        return done.status, json.loads(shown)

    def verify(self, name: str) -> cli.Outcome:
        """What `scaffold` says of the last plan of a pair."""
        return cli.run(self.zone.root, "peering", "verify-plan", str(self.folder / f"{name}.json"), "--stack", f"peering/{name}")

    def apply(self) -> dict[str, Shown]:
        """Apply the plan of each pair; what there is then."""
        self.each(lambda name: self.terraform(name, "apply", "-no-color", str(self.folder / f"{name}.bin")).check())
        return {name: self._shown(name) for name in PAIRS}

    def _shown(self, name: str) -> Shown:
        requester, accepter = (self.networks[side] for side in PAIRS[name])
        state = self.aws.client("s3").get_object(Bucket=BUCKET, Key=f"peering/{name}")["Body"].read()
        return Shown(see(self.aws, requester, accepter), see(self.aws, accepter, requester), json.loads(state))


def see(aws: Aws, own: Side, peer: Side) -> Seen:
    """What one side shows of its connection with the other: of the hub's two connections, and of those that are deleted, this one."""
    ec2 = aws.client("ec2", own["id"], own["region"])
    vpc_ids = {own["vpc_id"], peer["vpc_id"]}
    listed = ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    between = [each for each in listed if {each["RequesterVpcInfo"]["VpcId"], each["AccepterVpcInfo"]["VpcId"]} == vpc_ids]
    alive = [each for each in between if each["Status"]["Code"] != "deleted"]
    routes = routes_to(ec2, own["vpc_id"], {each["VpcPeeringConnectionId"] for each in between})
    if not alive:
        return Seen("", routes)
    (found,) = alive
    (side,) = (info for info in (found["RequesterVpcInfo"], found["AccepterVpcInfo"]) if info["VpcId"] == own["vpc_id"])
    tags = {tag["Key"]: tag["Value"] for tag in found["Tags"]}
    dns = side["PeeringOptions"]["AllowDnsResolutionFromRemoteVpc"]
    return Seen(found["Status"]["Code"], routes, dns, tags, found["VpcPeeringConnectionId"])


def routes_to(ec2: Any, vpc_id: str, connections: set[str]) -> dict[str, str]:
    """`TABLE|RANGE` to state, of the routes of a VPC that lead to some connections, live or not."""
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
    return {
        f"{table['RouteTableId']}|{route.get('DestinationCidrBlock') or route['DestinationIpv6CidrBlock']}": route["State"]
        for table in tables
        for route in table["Routes"]
        if route.get("VpcPeeringConnectionId") in connections
    }


def requested(root: Path, env: Mapping[str, str]) -> LandingZone:
    """A landing zone in git, with its dependency lock and the requests of both accounts."""
    zone = landing_zone(root, "--management", MANAGEMENT)
    terraform.run(["init", "-backend=false", "-no-color"], root / "providers", env).check()
    zone.run("sync")
    zone.run("account", HUB, "--owner", "platform", "--tag", "tier=vpn", "--network", f"{HOME}=10.0.0.0/20")
    zone.run("account", NEAR, "--owner", "ml", "--network", f"{HOME}=10.0.16.0/20", "--network", f"{ABROAD}=10.32.0.0/20")
    cli.commit(root)
    return zone


def vended(aws: Aws) -> dict[str, Side]:
    """The networks of both accounts; the bucket keeps versions, so that a lock is seen which is gone again."""
    aws.found_organization()
    aws.client("s3").create_bucket(Bucket=BUCKET)
    aws.client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    hub, ml = aws.vend(HUB), aws.vend(NEAR)
    return {
        HUB: network(aws, HUB, hub, HOME, "10.0.0.0/20", "100.64.0.0/20", ipv6=True),
        NEAR: network(aws, NEAR, ml, HOME, "10.0.16.0/20"),
        FAR: network(aws, FAR, ml, ABROAD, "10.32.0.0/20", ipv6=True),
    }


def network(aws: Aws, name: str, account: str, region: str, *cidr_blocks: str, ipv6: bool = False) -> Side:
    """A network with the tags that `pull` looks for; its main route table has none."""
    made = seed(aws.url, name, account, region, cidr_blocks=cidr_blocks, ipv6=ipv6)
    ec2 = aws.client("ec2", account, region)
    ec2.create_tags(Resources=[made["vpc_id"]], Tags=[{"Key": "scaffold:network", "Value": name}])
    ec2.create_tags(Resources=made["route_table_ids"], Tags=[{"Key": "scaffold:peering", "Value": "routed"}])
    return made
