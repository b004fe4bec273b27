"""Where AWS does not answer, `scaffold pull` keeps what it knew and says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.aws import MANAGEMENT, Aws
from tests.support.aws_faults import Faults
from tests.support.landing_zones import LandingZone

READER = "acme-reader"
DISABLED_REGION = ("UnrecognizedClientException", "AuthFailure")


@pytest.fixture
def account(aws: Aws, zone: LandingZone) -> str:
    """prod-ml is vended and has a VPC in each region; its id."""
    id = aws.vend("prod-ml")
    aws.make_vpc(id, "10.0.0.0/20", "prod-ml")
    aws.make_vpc(id, "10.32.0.0/20", "prod-ml.eu-west-1", "eu-west-1")
    return id


@pytest.fixture
def known(zone: LandingZone, account: str) -> dict[str, Any]:
    """The inventory after everything was read once."""
    zone.run("pull")
    return zone.inventory()


def test_a_role_that_never_answered_is_waited_for(zone: LandingZone, account: str, faults: Faults) -> None:
    """AFT makes the reader role some time after the account: a note, and status 0."""
    faults.deny("AssumeRole", arguments=f"{account}:role/{READER}")

    answer = zone.run("pull")

    prod_ml = zone.inventory()["prod-ml"]
    assert (prod_ml["id"], prod_ml["reachable"], prod_ml["stale"], prod_ml["networks"]) == (account, False, False, {})
    assert f"account {account} does not answer yet (AccessDenied)" in answer.err


def test_a_role_that_answers_no_more_is_a_gap(zone: LandingZone, known: dict[str, Any], faults: Faults) -> None:
    """Everything is kept, marked stale, and the reading is incomplete."""
    id = known["prod-ml"]["id"]
    faults.deny("AssumeRole", arguments=f"{id}:role/{READER}")

    answer = zone.run("pull", status=3)

    prod_ml = zone.inventory()["prod-ml"]
    assert prod_ml == stale(known["prod-ml"])
    assert f"account {id} could not be read (AccessDenied); what was known of it is kept and marked stale" in answer.err


def test_what_answers_again_is_stale_no_more(zone: LandingZone, known: dict[str, Any], faults: Faults) -> None:
    """The next good reading restores the file to the byte."""
    good = (zone.root / "inventory.json").read_bytes()
    faults.deny("AssumeRole", arguments=f"{known['prod-ml']['id']}:role/{READER}")
    zone.run("pull", status=3)
    faults.listed.clear()

    zone.run("pull")

    assert (zone.root / "inventory.json").read_bytes() == good


def test_without_organizations_everything_is_kept(zone: LandingZone, known: dict[str, Any], faults: Faults) -> None:
    """An empty list of accounts would have emptied the landing zone."""
    faults.deny("ListAccounts", "AccessDeniedException")

    answer = zone.run("pull", status=3)

    assert zone.inventory() == {name: stale(account) for name, account in known.items()}
    assert f"account {MANAGEMENT} could not be read (Organizations: AccessDeniedException)" in answer.err


def test_a_reader_that_is_a_member_account_learns_nothing(aws: Aws, zone: LandingZone, known: dict[str, Any]) -> None:
    """A wrong management account in scaffold.yaml empties nothing."""
    zone.replace(MANAGEMENT, known["prod-ml"]["id"])

    zone.run("pull", status=3)

    assert zone.inventory() == {name: stale(account) for name, account in known.items()}


def test_an_account_that_is_listed_no_more_is_kept_and_stale(zone: LandingZone, known: dict[str, Any], faults: Faults) -> None:
    """A closed account leaves the list after ninety days."""
    only = [MANAGEMENT]
    faults.alter("ListAccounts", lambda answer: {"Accounts": [each for each in answer["Accounts"] if each["Id"] in only]})

    zone.run("pull")

    assert zone.inventory()["prod-ml"] == stale(known["prod-ml"])


def test_a_suspended_account_keeps_its_networks(aws: Aws, zone: LandingZone, known: dict[str, Any]) -> None:
    """Nobody can look into it; its state says why."""
    aws.client("organizations").close_account(AccountId=known["prod-ml"]["id"])

    answer = zone.run("pull", status=3)

    assert zone.inventory()["prod-ml"] == {**stale(known["prod-ml"]), "state": "SUSPENDED"}
    assert "SUSPENDED" in answer.err


@pytest.mark.parametrize("code", DISABLED_REGION)
def test_a_disabled_region_is_a_gap_of_its_own(aws: Aws, zone: LandingZone, known: dict[str, Any], faults: Faults, code: str) -> None:
    """The other region's news arrive, this region's knowledge stays."""
    id = known["prod-ml"]["id"]
    home = known["prod-ml"]["networks"]["prod-ml"]["vpc_id"]
    aws.client("ec2", id).modify_vpc_attribute(VpcId=home, EnableDnsHostnames={"Value": True})
    faults.deny("*", code, region="eu-west-1")

    answer = zone.run("pull", status=3)

    networks, before = zone.inventory()["prod-ml"]["networks"], known["prod-ml"]["networks"]
    assert networks["prod-ml"] == {**before["prod-ml"], "dns": True}
    assert networks["prod-ml.eu-west-1"] == {**before["prod-ml.eu-west-1"], "stale": True}
    assert f"account {id} in eu-west-1 could not be read ({code})" in answer.err


def test_candidates_of_a_region_that_does_not_answer_are_kept(aws: Aws, zone: LandingZone, faults: Faults) -> None:
    """Their ranges are taken: a new network must not be given one of them."""
    aws.make_vpc(aws.vend("prod-ml"), "10.32.16.0/20", None, "eu-west-1")
    zone.run("pull")
    before = zone.inventory()["prod-ml"]["candidates"]
    faults.deny("*", "AuthFailure", region="eu-west-1")

    zone.run("pull", status=3)

    assert zone.inventory()["prod-ml"]["candidates"] == before


def test_without_credentials_the_command_says_what_to_do(
    aws: Aws, zone: LandingZone, known: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 1, and nothing is written."""
    before = (zone.root / "inventory.json").read_bytes()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(zone.root))  # no shared credentials file
    monkeypatch.setattr("botocore.credentials.ContainerProvider.load", lambda self: None)

    answer = zone.run("pull", status=1)

    assert "there are no AWS credentials; log in (aws sso login), or set AWS_PROFILE" in answer.err
    assert (zone.root / "inventory.json").read_bytes() == before


def test_expired_credentials_are_named(zone: LandingZone, known: dict[str, Any], faults: Faults) -> None:
    """AWS's own word for it helps more than a guess."""
    faults.deny("GetCallerIdentity", "ExpiredToken")

    answer = zone.run("pull", status=1)

    assert "AWS does not answer: ExpiredToken" in answer.err


def test_an_unreadable_inventory_is_not_overwritten(zone: LandingZone, account: str) -> None:
    """What stood in it is not known, so it must not be forgotten."""
    broken = b'{"version": 1, "accounts": <<<<<<< HEAD'
    (zone.root / "inventory.json").write_bytes(broken)

    answer = zone.run("pull", status=1)

    assert (zone.root / "inventory.json").read_bytes() == broken
    assert 'restore it from git, or delete it and run "scaffold pull"' in answer.err


def test_an_unreadable_inventory_changes_no_stack(zone: LandingZone, known: dict[str, Any]) -> None:
    """`sync` keeps the id that the stacks have, and is incomplete."""
    zone.run("sync")
    data = "stacks/prod-ml/us-east-1/network/account.tf.json"
    before = zone.data(data)
    (zone.root / "inventory.json").write_bytes(b"[]")

    zone.run("sync", status=3)

    assert zone.data(data) == before
    assert before["locals"]["account"]["id"] == known["prod-ml"]["id"]


def stale(account: dict[str, Any]) -> dict[str, Any]:
    """An account that was known and could not be read: once reached it is stale, and its networks always are."""
    networks = {name: {**network, "stale": True} for name, network in account["networks"].items()}
    return {**account, "stale": True, "networks": networks}
