"""Quotas in force, out of Service Quotas, as `pull` keeps them of each network; and the calls that it makes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import MANAGEMENT, Aws
from tests.support.aws_faults import Faults
from tests.support.landing_zones import LandingZone

APPLIED = {"L-7E9ECCDB": 125.0, "L-93826ACB": 1000.0}


@pytest.fixture
def account(aws: Aws, zone: LandingZone) -> str:
    """prod-ml is vended, and its home network is made; its id."""
    id = aws.vend("prod-ml")
    aws.make_vpc(id, "10.0.0.0/20", "prod-ml")
    return id


def home(zone: LandingZone) -> Any:
    """The home network, as the inventory has it."""
    return zone.inventory()["prod-ml"]["networks"]["prod-ml"]


def applied(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer of an account that asked AWS for more."""
    quota = answer["Quota"]
    return {"Quota": {**quota, "Value": APPLIED[quota["QuotaCode"]]}}


def test_what_was_applied_is_in_force(zone: LandingZone, account: str, faults: Faults) -> None:
    """Peerings and routes of the VPC."""
    faults.alter("GetServiceQuota", applied)

    answer = zone.run("pull")

    assert home(zone)["quotas"] == {"peerings": 125, "routes": 1000} and "quotas" not in answer.err


def test_where_nothing_was_applied_the_default_is_in_force(zone: LandingZone, account: str, faults: Faults) -> None:
    """AWS has no such value then, which is no error."""
    faults.deny("GetServiceQuota", "NoSuchResourceException")
    faults.alter("GetAWSDefaultServiceQuota", lambda answer: {"Quota": {**answer["Quota"], "Value": 50.0}})

    answer = zone.run("pull")

    assert home(zone)["quotas"] == {"peerings": 50, "routes": 50} and "quotas" not in answer.err


@pytest.mark.parametrize(
    ("operation", "code", "told"),
    [
        ("GetServiceQuota", "AccessDeniedException", "AccessDeniedException"),
        ("GetServiceQuota", "TooManyRequestsException", "TooManyRequestsException"),
        ("GetServiceQuota", "", "an answer without Value"),
        ("GetAWSDefaultServiceQuota", "AccessDeniedException", "AccessDeniedException"),
        ("GetAWSDefaultServiceQuota", "NoSuchResourceException", "NoSuchResourceException"),
    ],
)
def test_quotas_that_cannot_be_read_are_the_ones_known_before(
    zone: LandingZone, account: str, faults: Faults, operation: str, code: str, told: str
) -> None:
    """A note, status 0: those of scaffold.yaml count where none were known."""
    faults.alter("GetServiceQuota", applied)
    zone.run("pull")
    before = home(zone)
    if operation != "GetServiceQuota":
        faults.deny("GetServiceQuota", "NoSuchResourceException")
    if code:
        faults.deny(operation, code)
    else:
        faults.alter(operation, lambda answer: {"Quota": {"QuotaCode": "L-7E9ECCDB"}})

    answer = zone.run("pull")

    assert home(zone) == before
    assert f"note: the quotas of prod-ml in account {account} could not be read ({told}); those known before are kept" in answer.err


def test_a_quota_that_can_be_read_is_renewed_alone(zone: LandingZone, account: str, faults: Faults) -> None:
    """The other keeps what was known of it."""
    zone.run("pull")
    faults.alter("GetServiceQuota", applied)
    faults.deny("GetServiceQuota", "AccessDeniedException", arguments="L-7E9ECCDB")

    zone.run("pull")

    assert home(zone)["quotas"] == {"peerings": 50, "routes": 1000}


def test_pull_makes_no_call_that_it_does_not_need(zone: LandingZone, account: str, aws: Aws, faults: Faults) -> None:
    """One role for each declared account; four lists for each region declared there, and the rest for networks that were found."""
    aws.vend("prod-web")
    aws.make_vpc(account, "10.99.0.0/20")
    faults.calls.clear()

    zone.run("pull")

    calls = Counter((call.operation, call.region) for call in faults.calls if call.account == account)
    lists = ("DescribeVpcs", "DescribeVpcPeeringConnections", "DescribeRouteTables", "DescribeSubnets")
    expected = Counter({(name, region): 1 for name in lists for region in ("us-east-1", "eu-west-1")})
    assert calls == expected + Counter({("DescribeVpcAttribute", "us-east-1"): 2, ("GetServiceQuota", "us-east-1"): 2})
    entered = [call.arguments["RoleArn"].split(":")[4] for call in faults.calls if "acme-reader" in str(call.arguments)]
    assert entered == [MANAGEMENT, account]
    assert not {"ListTagsForResource", "DescribeRegions"} & {call.operation for call in faults.calls}


# The server


def test_the_server_pages_tags_and_entries_and_knows_what_is_not_there(aws: Aws) -> None:
    """As AWS does, and moto alone does not."""
    organizations, ec2 = aws.client("organizations"), aws.client("ec2")
    tags = [{"Key": f"key-{number}", "Value": ""} for number in range(12)]
    organizations.tag_resource(ResourceId=MANAGEMENT, Tags=tags)
    entries = [{"Cidr": f"10.{number}.0.0/16"} for number in range(3)]
    made = ec2.create_managed_prefix_list(PrefixListName="a", MaxEntries=3, AddressFamily="IPv4", Entries=entries)["PrefixList"]

    first = organizations.list_tags_for_resource(ResourceId=MANAGEMENT)
    rest = organizations.list_tags_for_resource(ResourceId=MANAGEMENT, NextToken=first["NextToken"])
    page = ec2.get_managed_prefix_list_entries(PrefixListId=made["PrefixListId"], MaxResults=2)
    with pytest.raises(ClientError, match=r"InvalidPrefixListID\.NotFound"):
        ec2.get_managed_prefix_list_entries(PrefixListId="pl-0123456789abcdef0")

    assert first["Tags"] + rest["Tags"] == tags and "NextToken" not in rest and rest["Tags"]
    assert len(page["Entries"]) == 2 and page["NextToken"]
