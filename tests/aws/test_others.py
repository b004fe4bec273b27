"""`scaffold pull` and `accounts.yaml`: accounts by their id, older VPCs by theirs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.aws import Aws
from tests.support.aws_faults import Faults
from tests.support.landing_zones import LandingZone

NOWHERE = "vpc-0123456789abcdef0"


def describe(zone: LandingZone, *lines: str) -> None:
    """Write `accounts.yaml`, its accounts given line by line."""
    text = "version: 1\naccounts:\n" + "".join(f"  {line}\n" for line in lines)
    (zone.root / "accounts.yaml").write_text(text, encoding="utf-8")


def hub(id: str, network: str) -> tuple[str, ...]:
    """The account `network-hub`, which has no request."""
    tags = "tags: {environment: prod, owner: platform, tier: vpn}"
    return "network-hub:", f'  id: "{id}"', f"  {tags}", f"  networks: {{network-hub: {network}}}"


def by_id(vpc: str, cidr_block: str = "10.40.0.0/16", region: str = "us-east-1") -> str:
    """A network that names its VPC."""
    return f"{{region: {region}, vpc_id: {vpc}, cidr_blocks: [{cidr_block}]}}"


def networks(zone: LandingZone, account: str) -> dict[str, Any]:
    """What the inventory says of the networks of an account."""
    found: dict[str, Any] = zone.inventory()[account]["networks"]
    return found


def test_an_account_without_a_request_is_found_by_its_id_and_its_vpc_by_its_own(aws: Aws, zone: LandingZone) -> None:
    """Whatever the account is called, and whether or not the VPC carries a tag of ours."""
    id = aws.vend("Hub made by hand", "hub@acme.com")
    vpc = aws.make_vpc(id, "10.40.0.0/16")
    aws.make_vpc(id, "10.41.0.0/16")
    describe(zone, *hub(id, by_id(vpc)))

    answer = zone.run("pull")

    live = zone.inventory()["Hub made by hand"]
    assert (live["reachable"], {name: found["vpc_id"] for name, found in live["networks"].items()}) == (True, {"network-hub": vpc})
    assert "candidates" not in live and "warning" not in answer.err


def test_without_an_id_of_its_own_a_network_is_found_by_tag_and_range(aws: Aws, zone: LandingZone) -> None:
    """As one that a request declares; its first range is the primary one."""
    id = aws.vend("hub")
    vpc = aws.make_vpc(id, "10.40.0.0/16", "network-hub")
    aws.make_vpc(id, "10.44.0.0/16", "network-hub")
    describe(zone, *hub(id, "{region: us-east-1, cidr_blocks: [10.40.0.0/16, 10.44.0.0/16]}"))

    zone.run("pull")

    assert [network["vpc_id"] for network in networks(zone, "hub").values()] == [vpc]


def test_an_older_vpc_of_a_requested_account_joins_by_the_address(aws: Aws, zone: LandingZone) -> None:
    """It lies beside the networks that the request declares, in a region of its own too."""
    id = aws.vend("prod-ml", "AWS+prod-ml@acme.com")
    home = aws.make_vpc(id, "10.0.0.0/20", "prod-ml")
    old = aws.make_vpc(id, "172.20.0.0/16")
    older = aws.make_vpc(id, "172.21.0.0/16", region="eu-west-1")
    describe(
        zone,
        "prod-ml:",
        "  networks:",
        f"    prod-ml.us-east-1.legacy: {by_id(old, '172.20.0.0/16')}",
        f"    prod-ml.eu-west-1.legacy: {by_id(older, '172.21.0.0/16', 'eu-west-1')}",
    )

    zone.run("pull")

    found = {name: network["vpc_id"] for name, network in networks(zone, "prod-ml").items()}
    assert found == {"prod-ml": home, "prod-ml.us-east-1.legacy": old, "prod-ml.eu-west-1.legacy": older}


def test_a_vpc_that_is_described_is_no_candidate_for_another_network(aws: Aws, zone: LandingZone) -> None:
    """Everybody knows which one it is."""
    old = aws.make_vpc(aws.vend("prod-ml"), "172.20.0.0/16")
    describe(zone, "prod-ml:", "  networks:", f"    prod-ml.us-east-1.legacy: {by_id(old, '172.20.0.0/16')}")

    zone.run("pull")

    assert "candidates" not in zone.inventory()["prod-ml"]


@pytest.mark.parametrize(("there", "shown"), [(True, "there are {vpc} (10.41.0.0/16)"), (False, "there are no others")])
def test_a_vpc_that_is_not_there_is_reported_with_the_candidates(aws: Aws, zone: LandingZone, there: bool, shown: str) -> None:
    """With the line to correct; also where the region holds nothing at all."""
    id = aws.vend("hub")
    vpc = aws.make_vpc(id, "10.41.0.0/16") if there else ""
    describe(zone, *hub(id, by_id(NOWHERE)))

    answer = zone.run("pull")

    listed = {"network-hub": [{"vpc_id": vpc, "cidr_blocks": ["10.41.0.0/16"]}]} if there else None
    assert (networks(zone, "hub"), zone.inventory()["hub"].get("candidates")) == ({}, listed)
    assert f"accounts.yaml:6: network-hub: hub has no VPC {NOWHERE} in us-east-1; {shown.format(vpc=vpc)}" in answer.err
    assert "tagged scaffold:network" not in answer.err


def test_where_nobody_could_look_nothing_is_said_to_be_missing(aws: Aws, zone: LandingZone, faults: Faults) -> None:
    """The region does not answer: what was known is kept and stale."""
    id = aws.vend("hub")
    vpc = aws.make_vpc(id, "10.40.0.0/16")
    describe(zone, *hub(id, by_id(vpc)))
    zone.run("pull")
    faults.deny("DescribeVpcs", "AuthFailure")

    answer = zone.run("pull", status=3)

    assert (networks(zone, "hub")["network-hub"]["vpc_id"], networks(zone, "hub")["network-hub"]["stale"]) == (vpc, True)
    assert "has no VPC" not in answer.err


def test_an_id_that_the_organization_does_not_have_is_reported(zone: LandingZone, aws: Aws) -> None:
    """A digit too many is seen nowhere else."""
    describe(zone, *hub("999999999999", by_id(NOWHERE)))

    answer = zone.run("pull")

    assert "accounts.yaml:3: network-hub: the organization has no account 999999999999; correct the id" in answer.err


def test_an_account_without_the_reader_role_is_told_who_makes_it(aws: Aws, zone: LandingZone, faults: Faults) -> None:
    """AFT does not: there is no request."""
    id = aws.vend("hub")
    describe(zone, *hub(id, by_id(NOWHERE)))
    faults.deny("AssumeRole", arguments=f"{id}:role/acme-reader")

    answer = zone.run("pull")

    assert "it has no request, so AFT makes no reader role there; make the role acme-reader there" in answer.err


def test_a_closed_account_is_to_be_removed_from_the_file(aws: Aws, zone: LandingZone) -> None:
    """It has no request to remove."""
    id = aws.vend("hub")
    describe(zone, *hub(id, by_id(NOWHERE)))
    aws.client("organizations").close_account(AccountId=id)

    answer = zone.run("pull", status=3)

    assert f"account {id} could not be read (account is SUSPENDED)" in answer.err
    assert "remove it from accounts.yaml" in answer.err


def test_an_unreadable_file_forgets_nothing(aws: Aws, zone: LandingZone) -> None:
    """What stood in it is kept, marked stale, and the reading is incomplete."""
    id = aws.vend("hub")
    vpc = aws.make_vpc(id, "10.40.0.0/16")
    describe(zone, *hub(id, by_id(vpc)))
    zone.run("pull")
    describe(zone, "<<<<<<< HEAD", *hub(id, by_id(vpc)))

    answer = zone.run("pull", status=3)

    assert (networks(zone, "hub")["network-hub"]["vpc_id"], networks(zone, "hub")["network-hub"]["stale"]) == (vpc, True)
    assert "accounts.yaml:" in answer.err


# The tables of a VPC that we did not make


def test_without_tagged_tables_every_table_that_a_subnet_uses_is_routed(aws: Aws, zone: LandingZone) -> None:
    """Also one that has our tag so that it is found. A subnet without an association uses the main table; an unused one is none."""
    id = aws.vend("hub")
    ec2, vpc = aws.client("ec2", id), aws.make_vpc(id, "10.40.0.0/16", "network-hub")
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.40.{n}.0/24")["Subnet"]["SubnetId"] for n in (0, 1)]
    own, _unused = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    ec2.associate_route_table(RouteTableId=own, SubnetId=subnets[0])
    for network in (by_id(vpc), "{region: us-east-1, cidr_blocks: [10.40.0.0/16]}"):
        describe(zone, *hub(id, network))

        answer = zone.run("pull")

        assert networks(zone, "hub")["network-hub"]["route_table_ids"] == sorted([own, main_table(ec2, vpc)])
        assert "scaffold:peering" not in answer.err


def test_without_subnets_there_is_no_table(aws: Aws, zone: LandingZone) -> None:
    """The main table of an empty VPC serves nobody."""
    id = aws.vend("hub")
    describe(zone, *hub(id, by_id(aws.make_vpc(id, "10.40.0.0/16"))))

    zone.run("pull")

    assert networks(zone, "hub")["network-hub"]["route_table_ids"] == []


def main_table(ec2: Any, vpc: str) -> str:
    """The id of a VPC's main route table."""
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    (table,) = ec2.describe_route_tables(Filters=filters)["RouteTables"]
    return str(table["RouteTableId"])
