"""`scaffold pull` against a server that answers as AWS does, and what it keeps where AWS does not answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.aws import Aws
from tests.support.aws_faults import Faults
from tests.support.landing_zones import LandingZone


@pytest.fixture
def account(aws: Aws, zone: LandingZone) -> str:
    """prod-ml is vended, and both of its networks are made; its id."""
    id = aws.vend("prod-ml")
    aws.make_vpc(id, "10.0.0.0/20", "prod-ml")
    aws.make_vpc(id, "10.32.0.0/20", "prod-ml.eu-west-1", "eu-west-1")
    return id


def found(zone: LandingZone, name: str = "prod-ml") -> Any:
    """What the inventory says of an account."""
    return zone.inventory()[name]


# What is read


def test_an_account_and_its_networks_are_found(zone: LandingZone, account: str) -> None:
    """Accounts join by e-mail, networks by their tag and range."""
    answer = zone.run("pull")

    prod_ml = found(zone)
    assert (prod_ml["id"], prod_ml["state"], prod_ml["reachable"], prod_ml["stale"]) == (account, "ACTIVE", True, False)
    assert {name: (network["region"], network["cidr_blocks"]) for name, network in prod_ml["networks"].items()} == {
        "prod-ml": ("us-east-1", ["10.0.0.0/20"]),
        "prod-ml.eu-west-1": ("eu-west-1", ["10.32.0.0/20"]),
    }
    assert "2 accounts listed, 1 of 1 requested ones vended, 2 networks known." in answer.out


def test_a_second_pull_writes_nothing(zone: LandingZone, account: str) -> None:
    """The file depends on what AWS has, and on nothing else."""
    zone.run("pull")
    before = (zone.root / "inventory.json").stat()

    answer = zone.run("pull", "--check")
    zone.run("pull")

    assert "Nothing to do" in answer.out
    assert (zone.root / "inventory.json").stat() == before


def test_accounts_of_every_page_are_found(aws: Aws, zone: LandingZone) -> None:
    """AWS lists twenty accounts a page."""
    ids = {f"sandbox-{number}": aws.vend(f"sandbox-{number}") for number in range(45)}

    zone.run("pull")

    inventory = zone.inventory()
    assert {name: inventory[name]["id"] for name in ids} == ids


def test_an_account_that_nobody_requested_is_listed_and_not_entered(aws: Aws, zone: LandingZone) -> None:
    """Roles are assumed only where a request declares something to look for."""
    aws.vend("audit", "audit@acme.com")

    zone.run("pull")

    assert (found(zone, "audit")["reachable"], found(zone, "audit")["networks"]) == (False, {})


def test_an_address_in_other_letters_is_the_same(aws: Aws, zone: LandingZone) -> None:
    """AWS keeps an address as it was typed."""
    id = aws.vend("prod-ml", "AWS+Prod-ML@acme.com")

    zone.run("pull")

    assert (found(zone)["id"], found(zone)["reachable"]) == (id, True)


def test_the_state_is_read_from_the_older_field_where_the_newer_is_missing(zone: LandingZone, account: str, faults: Faults) -> None:
    """`State` replaces `Status`; a server may send either."""
    faults.alter("ListAccounts", lambda answer: {**answer, "Accounts": [without_state(each) for each in answer["Accounts"]]})

    zone.run("pull")

    assert (found(zone)["state"], found(zone)["reachable"]) == ("ACTIVE", True)


def without_state(account: dict[str, Any]) -> dict[str, Any]:
    """An account as AWS described it before `State` came."""
    return {"Status": "ACTIVE", **{key: value for key, value in account.items() if key != "State"}}


# Which VPC is a network


def test_two_vpcs_with_one_tag_are_candidates_and_no_network(aws: Aws, zone: LandingZone, account: str) -> None:
    """A guess could connect the wrong one."""
    second = aws.make_vpc(account, "10.0.0.0/20", "prod-ml")

    answer = zone.run("pull")

    candidates = found(zone)["candidates"]["prod-ml"]
    assert list(found(zone)["networks"]) == ["prod-ml.eu-west-1"]
    assert second in {candidate["vpc_id"] for candidate in candidates}
    assert len(candidates) == 2
    assert "tag the right one, or correct the declared range" in answer.err


def test_a_vpc_with_another_range_is_a_candidate(aws: Aws, zone: LandingZone) -> None:
    """Tag and primary range must both agree."""
    vpc = aws.make_vpc(aws.vend("prod-ml"), "10.0.16.0/20", "prod-ml")

    zone.run("pull")

    assert found(zone)["networks"] == {}
    assert found(zone)["candidates"] == {"prod-ml": [{"vpc_id": vpc, "cidr_blocks": ["10.0.16.0/20"]}]}


def test_an_untagged_vpc_is_a_candidate_even_with_the_declared_range(aws: Aws, zone: LandingZone) -> None:
    """Equal ranges are everywhere; the default VPC is none."""
    vpc = aws.make_vpc(aws.vend("prod-ml"), "10.0.0.0/20")

    zone.run("pull")

    assert found(zone)["candidates"] == {"prod-ml": [{"vpc_id": vpc, "cidr_blocks": ["10.0.0.0/20"]}]}


def test_a_network_that_lost_its_tag_is_kept_and_stale(aws: Aws, zone: LandingZone, account: str) -> None:
    """What stands on it must not be re-planned because a tag is gone."""
    zone.run("pull")
    vpc = found(zone)["networks"]["prod-ml"]["vpc_id"]
    aws.client("ec2", account).delete_tags(Resources=[vpc], Tags=[{"Key": "scaffold:network"}])

    zone.run("pull")

    network = found(zone)["networks"]["prod-ml"]
    assert (network["vpc_id"], network["stale"]) == (vpc, True)
    assert [candidate["vpc_id"] for candidate in found(zone)["candidates"]["prod-ml"]] == [vpc]


# What is known of a network


def test_secondary_ranges_follow_the_primary_one(aws: Aws, zone: LandingZone, account: str) -> None:
    """A peering routes all of them; a range that is taken away is not one of them."""
    ec2 = aws.client("ec2", account)
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/20"]}])["Vpcs"]
    for block in ("100.65.0.0/16", "100.64.0.0/16", "100.66.0.0/16"):
        made = ec2.associate_vpc_cidr_block(VpcId=vpc["VpcId"], CidrBlock=block)
    ec2.disassociate_vpc_cidr_block(AssociationId=made["CidrBlockAssociation"]["AssociationId"])
    ec2.associate_vpc_cidr_block(VpcId=vpc["VpcId"], AmazonProvidedIpv6CidrBlock=True)

    zone.run("pull")

    network = found(zone)["networks"]["prod-ml"]
    assert network["cidr_blocks"] == ["10.0.0.0/20", "100.64.0.0/16", "100.65.0.0/16"]
    assert len(network["ipv6_cidr_blocks"]) == 1


def test_without_tagged_tables_none_of_our_networks_is_routed(aws: Aws, zone: LandingZone, account: str) -> None:
    """Its public table is used as well, and nobody asked for routes in it."""
    ec2 = aws.client("ec2", account)
    vpc = vpc_of(ec2)
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")

    answer = zone.run("pull")

    assert found(zone)["networks"]["prod-ml"]["route_table_ids"] == []
    assert f"prod-ml: no route table of {vpc} is tagged scaffold:peering = routed, so none is known" in answer.err
    assert "apply its network stack, or tag the tables that peers are to be routed in" in answer.err


def test_our_tables_that_lost_their_tags_are_kept_and_told(aws: Aws, zone: LandingZone, account: str) -> None:
    """What is live is re-planned by nobody's mistake; the tag brings the network back to the byte."""
    ec2 = aws.client("ec2", account)
    vpc = vpc_of(ec2)
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    tag = {"Key": "scaffold:peering", "Value": "routed"}
    ec2.create_tags(Resources=[table], Tags=[tag])
    zone.run("pull")
    good = (zone.root / "inventory.json").read_bytes()
    ec2.delete_tags(Resources=[table], Tags=[tag])

    answer = zone.run("pull")

    network = found(zone)["networks"]["prod-ml"]
    assert (network["route_table_ids"], network["stale"]) == ([table], True)
    assert f"no route table of {vpc} is tagged scaffold:peering = routed; the last known ones are kept: {table}" in answer.err
    ec2.create_tags(Resources=[table], Tags=[tag])
    assert vpc not in zone.run("pull").err
    assert (zone.root / "inventory.json").read_bytes() == good


def test_quotas_survive_a_pull_that_does_not_read_them(zone: LandingZone, account: str, faults: Faults) -> None:
    """They were asked for once, and nothing says that they are gone; what is in use is counted anew."""
    zone.run("pull")
    known = zone.data("inventory.json")
    known["accounts"][account]["networks"]["prod-ml"] |= {"quotas": {"peerings": 125}, "used_elsewhere": {"routes": 2}}
    (zone.root / "inventory.json").write_text(json.dumps(known))
    faults.deny("GetServiceQuota", "AccessDeniedException", region="us-east-1")

    answer = zone.run("pull")

    home, abroad = found(zone)["networks"]["prod-ml"], found(zone)["networks"]["prod-ml.eu-west-1"]
    assert (home["quotas"], home["used_elsewhere"]) == ({"peerings": 125}, {"peerings": 0, "routes": 0})
    assert (
        f"the quotas of prod-ml in account {account} could not be read (AccessDeniedException); those known before are kept" in answer.err
    )
    assert abroad["quotas"] == {"peerings": 50, "routes": 50} and "the quotas of prod-ml.eu-west-1" not in answer.err


def test_tagged_tables_are_the_only_ones(aws: Aws, zone: LandingZone, account: str) -> None:
    """Our own networks say which tables peers are routed in."""
    ec2 = aws.client("ec2", account)
    vpc = vpc_of(ec2)
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_tags(Resources=[table], Tags=[{"Key": "scaffold:peering", "Value": "routed"}])

    zone.run("pull")

    assert found(zone)["networks"]["prod-ml"]["route_table_ids"] == [table]


def test_names_resolve_only_with_both_settings(aws: Aws, zone: LandingZone, account: str) -> None:
    """Peers resolve private names where support and host names are both on."""
    ec2 = aws.client("ec2", account)
    zone.run("pull")
    before = found(zone)["networks"]["prod-ml"]["dns"]
    ec2.modify_vpc_attribute(VpcId=vpc_of(ec2), EnableDnsHostnames={"Value": True})

    zone.run("pull")

    assert (before, found(zone)["networks"]["prod-ml"]["dns"]) == (False, True)


def vpc_of(ec2: Any) -> str:
    """The id of the home network's VPC."""
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/20"]}])["Vpcs"]
    return str(vpc["VpcId"])
