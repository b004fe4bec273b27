"""The audit of what real Terraform made: clean after the apply, and then one thing after the other that happens to organizations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from generator.audit.baseline import FILE
from tests.support import cli, moto_server
from tests.support.aws import Aws
from tests.support.aws_company import only
from tests.support.aws_faults import Faults
from tests.support.peering_company import ABROAD, FAR, HOME, HUB, NEAR, Company, requested, vended

pytestmark = pytest.mark.terraform

ELSEWHERE = "ap-south-1"
"""A region that no file of the landing zone names."""
STRANGER = "999988887777"
PAIR = f"{HUB}--{NEAR}"


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit of AWS as it is now said: its status, and the findings above information by their word."""

    status: int
    findings: Mapping[str, list[dict[str, Any]]]
    gaps: list[dict[str, Any]]
    out: str


@pytest.fixture(scope="module")
def company(tf_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Two accounts and three networks, both pairs applied, and the tags of the requests on the accounts, as AFT sets them."""
    folder = tmp_path_factory.mktemp("audit")
    with moto_server.running() as url, pytest.MonkeyPatch.context() as patch:
        env = {**tf_env, "AWS_ENDPOINT_URL": url}
        for name, value in env.items():
            if name.startswith("AWS_"):
                patch.setenv(name, value)
        aws = Aws(url)
        zone = requested(folder / "zone", env)
        found = Company(aws, zone, vended(aws), env, folder)
        for name in (HUB, NEAR):
            _tag(found, name, environment="prod", owner="platform" if name == HUB else "ml", tier="vpn" if name == HUB else "app")
        zone.run("pull")
        zone.run("sync")
        found.each(lambda name: found.terraform(name, "init", "-no-color").check())
        found.plan()
        found.apply()
        yield found


def _tag(company: Company, name: str, **tags: str) -> None:
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    company.aws.client("organizations").tag_resource(ResourceId=company.networks[name]["id"], Tags=listed)


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Three regions are enabled: reading all that the server knows would only take longer."""
    found = Faults()
    found.install(monkeypatch)
    found.alter("DescribeRegions", only(HOME, ABROAD, ELSEWHERE))
    return found


@pytest.fixture
def audit(company: Company, faults: Faults) -> Callable[[], Audited]:
    """Read AWS now, and judge it."""

    def read() -> Audited:
        done = cli.run(company.zone.root, "peering", "audit", "--live", "--save", str(company.folder / "audit.json"), "--format", "json")
        data = json.loads(done.out)["data"]
        said: dict[str, list[dict[str, Any]]] = {}
        for finding in data["findings"]:
            if finding["severity"] != "info" and finding["accepted"] is None:
                said.setdefault(finding["id"], []).append(finding)
        return Audited(done.status, said, [gap for gap in data["gaps"] if gap["accepted"] is None], done.out)

    return read


def _ec2(company: Company, name: str) -> Any:
    side = company.networks[name]
    return company.aws.client("ec2", side["id"], side["region"])


def _connected(company: Company, requester: tuple[str, str, str], accepter: tuple[str, str, str]) -> tuple[Any, str]:
    """Two VPCs (account, region, id) connected by hand: a client of the requester, and the connection."""
    (account, region, vpc_id), (peer, peer_region, peer_vpc) = requester, accepter
    ec2 = company.aws.client("ec2", account, region)
    made = ec2.create_vpc_peering_connection(VpcId=vpc_id, PeerVpcId=peer_vpc, PeerOwnerId=peer, PeerRegion=peer_region)
    id: str = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    company.aws.client("ec2", peer, peer_region).accept_vpc_peering_connection(VpcPeeringConnectionId=id)
    return ec2, id


def _vpc(company: Company, name: str) -> tuple[str, str, str]:
    side = company.networks[name]
    return side["id"], side["region"], side["vpc_id"]


def test_what_was_applied_is_clean(company: Company, audit: Callable[[], Audited]) -> None:
    """Every connection, route, option and marker of both pairs, every account and every region."""
    done = audit()

    assert (done.status, done.findings, done.gaps) == (0, {}, [])
    assert json.loads(done.out)["data"]["counts"] | {"places": 9, "connections": 2, "declared": 2} == json.loads(done.out)["data"]["counts"]
    assert "Clean." in cli.must(company.zone.root, "peering", "audit", "--snapshot", str(company.folder / "audit.json")).out


def test_a_route_is_deleted(company: Company, audit: Callable[[], Audited]) -> None:
    """Exactly that route is missed; put back, nothing is."""
    table, peer = company.networks[HUB]["route_table_ids"][0], company.networks[NEAR]["cidr_blocks"][0]
    ec2, (id,) = _ec2(company, HUB), _connections(company)
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock=peer)

    done = audit()
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=peer, VpcPeeringConnectionId=id)

    assert done.status == 2 and done.findings.keys() == {"route-missing-requester"}
    (found,) = done.findings["route-missing-requester"]
    assert f"{table} of {HUB} has no route to {peer}" in found["message"] and audit().findings == {}


def _connections(company: Company) -> list[str]:
    """The connection of the pair in one region."""
    wanted = {company.networks[HUB]["vpc_id"], company.networks[NEAR]["vpc_id"]}
    listed = _ec2(company, HUB).describe_vpc_peering_connections()["VpcPeeringConnections"]
    ends = {each["VpcPeeringConnectionId"]: {each[side]["VpcId"] for side in ("RequesterVpcInfo", "AccepterVpcInfo")} for each in listed}
    return [id for id, vpcs in ends.items() if vpcs == wanted]


def test_a_connection_is_made_by_hand(company: Company, audit: Callable[[], Audited]) -> None:
    """Between two networks that no rule connects; deleted by the command that is printed, it is gone."""
    ec2, id = _connected(company, _vpc(company, NEAR), _vpc(company, FAR))

    done = audit()
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=id)

    assert done.status == 2 and done.findings.keys() == {"rogue-denied"}
    (found,) = done.findings["rogue-denied"]
    assert found["connection"] == id and {side["network"] for side in found["sides"]} == {NEAR, FAR}
    assert audit().findings == {}


def test_a_connection_in_a_region_that_no_file_names(company: Company, audit: Callable[[], Audited]) -> None:
    """Every enabled region of every account is looked into."""
    sides = []
    for number, name in enumerate((HUB, NEAR)):
        account = company.networks[name]["id"]
        made = company.aws.client("ec2", account, ELSEWHERE).create_vpc(CidrBlock=f"10.{200 + number}.0.0/16")
        sides.append((account, ELSEWHERE, made["Vpc"]["VpcId"]))
    ec2, id = _connected(company, sides[0], sides[1])

    done = audit()
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=id)

    assert done.status == 2 and done.findings.keys() == {"rogue-denied"}
    assert ELSEWHERE in done.findings["rogue-denied"][0]["message"] and audit().findings == {}


def test_a_connection_with_a_stranger(company: Company, audit: Callable[[], Audited]) -> None:
    """An account that is not in the organization."""
    theirs = company.aws.client("ec2", STRANGER, HOME).create_vpc(CidrBlock="10.210.0.0/16")["Vpc"]["VpcId"]
    ec2, id = _connected(company, _vpc(company, NEAR), (STRANGER, HOME, theirs))

    done = audit()
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=id)

    assert done.status == 2 and done.findings.keys() == {"outside-organization"}
    assert STRANGER in done.findings["outside-organization"][0]["message"] and audit().findings == {}


def test_a_tag_is_changed_in_aws(company: Company, audit: Callable[[], Audited]) -> None:
    """By the live tags the hub's pairs would not be allowed any more."""
    _tag(company, HUB, tier="app")

    done = audit()
    _tag(company, HUB, tier="vpn")

    assert done.status == 2 and done.findings.keys() == {"tag-value-differs", "tag-drift-decision"}
    assert {found["subject"] for found in done.findings["tag-drift-decision"]} == {PAIR, f"{HUB}--{FAR}"} and audit().findings == {}


def test_a_role_that_does_not_answer(company: Company, audit: Callable[[], Audited], faults: Faults) -> None:
    """Nothing of that account is known: 3, and no finding is invented."""
    faults.deny("AssumeRole", arguments=company.networks[NEAR]["id"])

    done = audit()

    assert (done.status, done.findings) == (3, {})
    assert [(gap["account"], gap["region"], gap["cause"]) for gap in done.gaps] == [
        (company.networks[NEAR]["id"], None, "AccessDenied: denied"),
    ]  # fmt: skip


def test_a_region_that_is_denied_and_accepted(company: Company, audit: Callable[[], Audited], faults: Faults) -> None:
    """Where nothing is declared the region alone accepts it; where a network is, its account has to be named."""
    file = company.zone.root / FILE
    faults.deny("DescribeVpcs", "UnauthorizedOperation", region=ELSEWHERE)
    denied = audit()
    file.write_text(f"version: 1\ngaps:\n  - {{region: {ELSEWHERE}, reason: denied by Control Tower, expires: 2099-12-31}}\n")
    accepted = audit()
    file.unlink()

    assert (denied.status, len(denied.gaps), denied.findings) == (3, 3, {})
    assert (accepted.status, accepted.gaps, accepted.findings) == (0, [], {})


def test_an_account_is_closed(company: Company, audit: Callable[[], Audited]) -> None:
    """Last, since nothing opens it again: its pairs are told, and nobody looks into it."""
    company.aws.client("organizations").close_account(AccountId=company.networks[NEAR]["id"])

    done = audit()

    assert done.status == 3 and done.findings.keys() == {"account-closed"} and len(done.findings["account-closed"]) == 2
    assert [gap["account"] for gap in done.gaps] == [company.networks[NEAR]["id"]]
