"""Where AWS does not answer, or not all of it, the reading says so: a place is read, or it is a gap with its cause, and never empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    UnauthorizedSSOTokenError,
)

from generator.aws import places
from generator.problems import Refused
from generator.snapshot.model import Doors, Gap, Part, Place, Snapshot
from tests.support.aws import MANAGEMENT
from tests.support.aws_company import ABROAD, HOME, Answer, Company, Peered
from tests.support.aws_faults import SCP, Faults

LISTS = ("DescribeVpcs", "DescribeVpcPeeringConnections", "DescribeRouteTables", "DescribeSubnets")
CAUSES = {
    "UnauthorizedOperation": "UnauthorizedOperation: denied",
    "RequestLimitExceeded": "RequestLimitExceeded: throttled",
    "AuthFailure": "AuthFailure: credentials not accepted",
    "UnrecognizedClientException": "UnrecognizedClientException: credentials not accepted",
    "OptInRequired": "OptInRequired: region not enabled",
    "Blocked": "Blocked: account closed",
    "InternalError": "InternalError: AWS failed",
    "ExpiredToken": "ExpiredToken: session expired",
    "SomethingNew": "SomethingNew",
}


@pytest.fixture
def pair(standing: Peered) -> Peered:
    """Three accounts, two of which are connected."""
    return standing


@pytest.fixture
def acme(pair: Peered) -> Company:
    """The company of it."""
    return pair.company


def unread(found: Snapshot, account: str, region: str, why: str) -> None:
    """This one place is a gap, every other one was read."""
    assert (found.gaps, found.gap(Place(account, region))) == ((Gap(account, region, why),), why)
    assert len(found.places) == 5 and Place(account, region) not in found.places


# Accounts


def test_without_organizations_nothing_is_concluded(acme: Company, faults: Faults) -> None:
    """No account, no place, and one gap: there is no shorter list of accounts."""
    faults.deny("ListAccounts", "AccessDeniedException")

    found = acme.read()

    gap = Gap(MANAGEMENT, None, "Organizations: AccessDeniedException: denied", Part.ACCOUNTS)
    assert (found.accounts, found.places, found.gaps) == ({}, {}, (gap,))


def test_a_management_account_without_the_role_is_the_same(acme: Company, faults: Faults) -> None:
    """It is asked for the list."""
    faults.deny("AssumeRole", arguments=f"{MANAGEMENT}:role")

    found = acme.read()

    assert (found.accounts, found.gaps) == ({}, (Gap(MANAGEMENT, None, "Organizations: AccessDenied: denied", Part.ACCOUNTS),))


@pytest.mark.parametrize("listed", [lambda each: [], lambda each: [found for found in each if found["Id"] != MANAGEMENT]])
def test_a_list_without_the_management_account_is_none(acme: Company, faults: Faults, listed: Callable[[Any], Any]) -> None:
    """It is not this organization's, or it was cut."""
    faults.alter("ListAccounts", lambda answer: {**answer, "Accounts": listed(answer["Accounts"])})

    (gap,) = acme.read().gaps

    assert gap.cause == f"Organizations: an answer without the management account {MANAGEMENT}"


def test_an_account_that_lacks_its_id_is_no_account(acme: Company, faults: Faults) -> None:
    """Nor is a list that lacks the list."""
    faults.alter("ListAccounts", lambda answer: {"Accounts": [{**each, "Id": ""} for each in answer["Accounts"]]})
    without_id = acme.read().gaps
    faults.alter("ListAccounts", lambda answer: {})

    assert [gap.cause for gap in (*without_id, *acme.read().gaps)] == [
        "Organizations: an answer without Id",
        "Organizations: an answer without Accounts",
    ]


def test_a_denied_account_is_a_gap_as_a_whole(acme: Company, faults: Faults) -> None:
    """The others are read; its tags are, since the management account has them."""
    faults.deny("AssumeRole", arguments=f"{acme.pay}:role")

    found = acme.read()

    assert found.gaps == (Gap(acme.pay, None, "AccessDenied: denied"),)
    assert {place.account for place in found.places} == {MANAGEMENT, acme.ml} and found.accounts[acme.pay].tags == {}
    assert found.gap(Place(acme.pay, ABROAD)) == "AccessDenied: denied" and not found.gap(Place(acme.ml, ABROAD))


def test_a_closed_account_is_not_looked_into(acme: Company) -> None:
    """Its state says why."""
    acme.suspend(acme.pay)

    found = acme.read()

    assert found.gaps == (Gap(acme.pay, None, "account is SUSPENDED"),) and found.accounts[acme.pay].state == "SUSPENDED"
    assert not [call for call in acme.faults.calls if acme.pay in str(call.arguments) and call.operation == "AssumeRole"]


def test_an_account_without_a_state_is_not_taken_for_an_active_one(acme: Company, faults: Faults) -> None:
    """Nor for a closed one: nothing is known."""

    def change(answer: Answer) -> Answer:
        for found in answer["Accounts"]:
            if found["Id"] == acme.pay:
                del found["Status"]
                found.pop("State", None)
        return answer

    faults.alter("ListAccounts", change)

    assert acme.read().gaps == (Gap(acme.pay, None, "account is UNKNOWN"),)


@pytest.mark.parametrize("change", [None, lambda answer: {}], ids=["denied", "missing"])
def test_tags_that_cannot_be_read_are_not_none_at_all(acme: Company, faults: Faults, change: Any) -> None:
    """The places are read."""
    if change is None:
        faults.deny("ListTagsForResource", "AccessDeniedException", arguments=acme.pay)
    else:
        faults.alter("ListTagsForResource", change, arguments=acme.pay)

    found = acme.read()

    why = "an answer without Tags" if change else "AccessDeniedException: denied"
    assert found.gaps == (Gap(acme.pay, None, why, Part.TAGS),) and found.accounts[acme.pay].tags is None
    assert len(found.places) == 6 and not found.gap(Place(acme.pay, HOME))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (None, "UnauthorizedOperation: denied by policy"),
        (lambda answer: {}, "an answer without Regions"),
        (lambda answer: {"Regions": []}, "an answer without an enabled region"),
        (lambda answer: {"Regions": [{"OptInStatus": "opted-in"}]}, "an answer without RegionName"),
    ],
)
def test_an_account_whose_regions_are_not_known_is_a_gap(acme: Company, faults: Faults, change: Any, why: str) -> None:
    """It has some."""
    if change is None:
        faults.deny("DescribeRegions", "UnauthorizedOperation", account=acme.pay, message=SCP)
    else:
        faults.alter("DescribeRegions", change, account=acme.pay)

    found = acme.read()

    assert found.gaps == (Gap(acme.pay, None, why),) and len(found.places) == 4


# Places


@pytest.mark.parametrize("code", CAUSES)
def test_a_region_that_does_not_answer_is_a_gap(acme: Company, faults: Faults, code: str) -> None:
    """With AWS's own code, and a word where we know one."""
    faults.deny("*", code, region=ABROAD, account=acme.ml)

    unread(acme.read(), acme.ml, ABROAD, CAUSES[code])


@pytest.mark.parametrize("message", [SCP, "no service control policy allows the ec2:DescribeVpcs action"])
def test_a_region_that_a_policy_denies_says_so(acme: Company, faults: Faults, message: str) -> None:
    """Control Tower denies regions that way: somebody may accept that gap."""
    faults.deny("*", "UnauthorizedOperation", region=ABROAD, account=acme.ml, message=f"You are not authorized: {message}")

    unread(acme.read(), acme.ml, ABROAD, "UnauthorizedOperation: denied by policy")


NETWORK = (EndpointConnectionError, ConnectTimeoutError, ReadTimeoutError, ConnectionClosedError, ProxyConnectionError, SSLError)


@pytest.mark.parametrize("error", NETWORK)
def test_a_network_that_fails_is_a_gap(acme: Company, faults: Faults, error: type[BotoCoreError]) -> None:
    """No answer came at all, in any of the ways that boto3 tells apart."""

    def fail(answer: Answer) -> Answer:
        raise error(endpoint_url="https://ec2.eu-west-1.amazonaws.com", proxy_url="http://proxy", error="no")

    faults.alter("DescribeVpcs", fail, region=ABROAD, account=acme.ml)

    unread(acme.read(), acme.ml, ABROAD, f"{error.__name__}: network")


@pytest.mark.parametrize("operation", LISTS)
def test_every_list_decides(acme: Company, faults: Faults, operation: str) -> None:
    """A place with half of its lists would be judged as if the other half were empty."""
    faults.deny(operation, "UnauthorizedOperation", region=ABROAD, account=acme.pay)

    unread(acme.read(), acme.pay, ABROAD, "UnauthorizedOperation: denied")


def test_a_second_page_that_fails_is_no_end(acme: Company, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one is not all there is."""
    monkeypatch.setitem(places.PAGES, "describe_vpcs", 5)
    faults.deny("DescribeVpcs", "RequestLimitExceeded", region=HOME, account=acme.pay, arguments="NextToken")

    unread(acme.read(), acme.pay, HOME, "RequestLimitExceeded: throttled")


def test_an_answer_that_lacks_something_makes_its_place_a_gap(acme: Company, faults: Faults) -> None:
    """That place and no other; what else may be missing stands in `test_answers`."""
    faults.alter("DescribeVpcs", lambda answer: {"Vpcs": [{}]}, region=HOME, account=acme.ml)

    unread(acme.read(), acme.ml, HOME, "an answer without OwnerId")


def test_what_does_not_decide_may_be_missing(pair: Peered, faults: Faults) -> None:
    """The near twin: such fields are kept as they are, which is not there."""

    def change(answer: Answer) -> Answer:
        for found in answer["VpcPeeringConnections"]:
            found["Status"].pop("Message")
            found.pop("Tags", None)
            for side in ("RequesterVpcInfo", "AccepterVpcInfo"):
                del found[side]["PeeringOptions"]
        return answer

    acme = pair.company
    faults.alter(LISTS[1], change, region=HOME, account=acme.ml)

    found = acme.read()

    (connection,) = found.places[Place(acme.ml, HOME)].connections
    assert not found.gaps and (connection.message, connection.tags) == ("", {}) and {side.dns for side in connection.sides} == {None}


# Parts of a place


def partly(found: Snapshot, gap: Gap) -> None:
    """Every place was read, one of them without a part."""
    assert found.gaps == (gap,) and len(found.places) == 6 and not found.gap(Place(gap.account, str(gap.region)))


@pytest.mark.parametrize("name", ["enableDnsSupport", "enableDnsHostnames"])
def test_dns_that_cannot_be_asked_is_not_off(pair: Peered, faults: Faults, name: str) -> None:
    """Whichever of the two: the other one alone says nothing."""
    acme = pair.company
    faults.deny("DescribeVpcAttribute", "UnauthorizedOperation", arguments=name, region=HOME)

    found = acme.read()

    partly(found, Gap(acme.ml, HOME, "UnauthorizedOperation: denied", Part.DNS))
    assert {vpc.dns for vpc in found.places[Place(acme.ml, HOME)].vpcs} == {None}


def test_an_attribute_without_a_value_is_not_off(pair: Peered, faults: Faults) -> None:
    """An answer of another shape."""
    faults.alter("DescribeVpcAttribute", lambda answer: {"VpcId": pair.requester}, region=HOME)

    partly(pair.company.read(), Gap(pair.company.ml, HOME, "an answer without EnableDnsSupport", Part.DNS))


def test_a_prefix_list_that_cannot_be_read_is_not_empty(pair: Peered, faults: Faults) -> None:
    """It may hold everything."""
    acme = pair.company
    faults.deny("GetManagedPrefixListEntries", "UnauthorizedOperation")

    found = acme.read()

    partly(found, Gap(acme.ml, HOME, "UnauthorizedOperation: denied", Part.PREFIX_LISTS))
    assert found.places[Place(acme.ml, HOME)].prefix_lists == {pair.prefix_list: None}


@pytest.mark.parametrize("answer", [{}, {"Entries": [{"Description": "everything"}]}])
def test_entries_that_are_missing_are_not_none(pair: Peered, faults: Faults, answer: Answer) -> None:
    """Nor is an entry without its range."""
    faults.alter("GetManagedPrefixListEntries", lambda _: answer)

    found = pair.company.read()

    why = "an answer without Cidr" if answer else "an answer without Entries"
    partly(found, Gap(pair.company.ml, HOME, why, Part.PREFIX_LISTS))


DOORS = {
    "DescribeTransitGatewayAttachments": Doors(None, 0, 0),
    "DescribeVpcEndpointServiceConfigurations": Doors(0, None, 0),
}


@pytest.mark.parametrize("operation", DOORS)
def test_doors_that_cannot_be_counted_are_not_shut(acme: Company, faults: Faults, operation: str) -> None:
    """The rest of the place is judged."""
    faults.deny(operation, "UnauthorizedOperation", region=HOME, account=acme.ml)

    found = acme.read()

    partly(found, Gap(acme.ml, HOME, "UnauthorizedOperation: denied", Part.DOORS))
    assert found.places[Place(acme.ml, HOME)].doors == DOORS[operation]


def test_both_doors_are_one_gap(acme: Company, faults: Faults) -> None:
    """There is one thing to do about it."""
    for operation in DOORS:
        faults.alter(operation, lambda answer: {}, region=HOME, account=acme.ml)

    partly(acme.read(), Gap(acme.ml, HOME, "an answer without TransitGatewayAttachments", Part.DOORS))


# Our own credentials


def sso(answer: Answer) -> Answer:
    """A login that is over: there is no answer of AWS, for want of anything to ask with."""
    raise UnauthorizedSSOTokenError


@pytest.mark.parametrize("name", ["ExpiredToken", "UnauthorizedSSOTokenError"])
def test_credentials_that_expire_stop_the_reading(acme: Company, faults: Faults, name: str) -> None:
    """Every account from there on would look like one that is closed to us."""
    if name == "ExpiredToken":
        faults.deny("AssumeRole", name, arguments=f"{acme.pay}:role")
    else:
        faults.alter("AssumeRole", sso, arguments=f"{acme.pay}:role")

    with pytest.raises(Refused, match=rf"the AWS credentials expired while reading \({name}\); log in again"):
        acme.read()
