"""Networks of accounts.yaml, and what AWS says of networks: who describes an account, and where it is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from generator.landing_zone.members import members
from generator.landing_zone.peerings import policy_of
from generator.peering.model import Facts, Member
from generator.ranges import parse_any
from tests.support import peered, zones
from tests.support.peered import Account
from tests.support.records import described, known, replaced

Files = dict[str, bytes]
FILES = peered.unsettled((Account("prod-hub", tier="vpn"), Account("prod-ml", "ml")), peered.ALONE)
REQUEST = f"{FOLDER}/prod-ml.tf"
ID = "100000000001"
TAGS = "tags: {environment: prod, owner: platform, tier: vpn}, "


def _all(files: Files) -> dict[str, Member]:
    zone = zones.zone(files)
    return {member.name: member for member in members(zone, policy_of(zone))}


def _hub(network: str = "network-hub", tags: str = TAGS, vpc_id: str = "") -> str:
    """An account without a request, in one line."""
    more = f", vpc_id: {vpc_id}" if vpc_id else ""
    where = f"{{region: us-east-1, cidr_blocks: [172.16.0.0/16]{more}}}"
    return f'network-hub: {{id: "444455556666", {tags}networks: {{{network}: {where}}}}}'


# an account without a request


def test_an_account_without_a_request_says_its_own_tags() -> None:
    """It is judged like any other; its range is what is declared until AWS shows it."""
    found = _all(described(FILES, _hub()))["network-hub"]

    assert found == Member(
        "network-hub",
        "network-hub",
        "us-east-1",
        {"environment": "prod", "owner": "platform", "tier": "vpn"},
        file="accounts.yaml",
        line=3,
        facts=Facts(blocks=(parse_any("172.16.0.0/16"),)),
    )


@pytest.mark.parametrize(
    ("tags", "unclassified", "unclear"),
    [
        pytest.param("", ("no request of network-hub was read, and accounts.yaml has no tags for it",), {"*"}, id="none"),
        pytest.param(
            "tags: {}, ",
            tuple(f"the required tag {key} is missing" for key in ("environment", "owner", "tier")),
            {"environment", "owner", "tier"},
            id="an empty list of them",
        ),
        pytest.param("tags: {environment: prod, owner: ml}, ", ("the required tag tier is missing",), {"tier"}, id="one too few"),
    ],
)
def test_without_its_tags_it_is_not_judged(tags: str, unclassified: tuple[str, ...], unclear: set[str]) -> None:
    """Not to have a tag is no tag: no rule is asked about it."""
    found = _all(described(FILES, _hub(tags=tags)))["network-hub"]

    assert (found.unclassified, set(found.unclear)) == (unclassified, unclear)


@pytest.mark.parametrize(
    ("files", "line"),
    [
        pytest.param({**FILES, f"{FOLDER}/broken.tf": b"module {{{"}, _hub(), id="a request that cannot be read"),
        pytest.param(FILES, f"{_hub()}\n  other: {{networks: 7}}", id="a part of the file that cannot be read"),
    ],
)
def test_a_request_that_nobody_could_read_may_be_its_own(files: Files, line: str) -> None:
    """Then its tags would be that one's; the accounts whose requests were read are judged as always."""
    found = _all(described(files, line))

    assert found["network-hub"].unclassified == ("not every request, or not all of accounts.yaml, could be read",)
    assert found["network-hub"].unclear == {"*"}
    assert (found["prod-hub"].unclassified, found["prod-ml"].unclassified) == ((), ())


# a further network of an account with a request

OLD = "prod-ml: {%snetworks: {prod-ml.us-east-1.old: {region: us-east-1, cidr_blocks: [172.20.0.0/16, 172.21.0.0/16]}}}"


@pytest.mark.parametrize("tags", ["", TAGS])
def test_the_request_is_the_record_of_an_account_that_has_one(tags: str) -> None:
    """Its tags count for each of its networks; what accounts.yaml says of them does not."""
    found = _all(described(FILES, OLD % tags))["prod-ml.us-east-1.old"]

    assert (found.account, found.tags, found.unclassified) == ("prod-ml", {"environment": "prod", "owner": "ml", "tier": "app"}, ())
    assert (found.file, found.line) == ("accounts.yaml", 3)
    assert found.facts == Facts(ID, "ACTIVE", True, blocks=(parse_any("172.20.0.0/16"), parse_any("172.21.0.0/16")))


def test_what_is_unclear_of_a_request_is_unclear_of_each_network() -> None:
    """A tag that is missing; a word about retiring that says nothing."""
    files = replaced(FILES, REQUEST, ('    "owner"       = "ml"\n', ""), ('    "region" ', '    "retiring" = "soon"\n    "region" '))
    found = _all(described(files, OLD % ""))

    assert found["prod-ml"].unclassified == found["prod-ml.us-east-1.old"].unclassified
    assert found["prod-ml"].unclear == {"owner", "custom_fields.retiring"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("network-hub.us-east-1.old", ()),
        ("prod-ml.us-east-1.old", ("prod-ml.us-east-1.old is no name for a network of network-hub",)),
        ("network", ("network is no name for a network of network-hub",)),
        ("network-hub-2", ("network-hub-2 is no name for a network of network-hub",)),
    ],
)
def test_a_network_bears_the_name_of_its_account(name: str, said: tuple[str, ...]) -> None:
    """A rule or a reader would take it for another account's."""
    found = _all(described(FILES, _hub(name)))[name]

    assert (found.account, found.unclassified) == ("network-hub", said)


def test_a_network_without_a_name_that_can_be_one_is_none() -> None:
    """A custom field may say any region."""
    files = replaced(FILES, REQUEST, ('    "region" ', '    "networks/somewhere" = "10.9.0.0/20"\n    "region" '))

    assert set(_all(files)) == {"prod-hub", "prod-ml"}


# what AWS says


def _known(change: Callable[[dict[str, Any]], object], files: Files = FILES) -> Facts:
    """What is known of prod-ml once the inventory has changed."""
    return _all(known(files, change))["prod-ml"].facts


def test_until_it_is_built_a_network_has_its_declared_range() -> None:
    """And after that what AWS shows of it, of either family, tables in order."""
    declared = (parse_any("10.0.16.0/20"),)
    more = {
        "cidr_blocks": ["10.0.16.0/20", "10.8.0.0/20"],
        "ipv6_cidr_blocks": ["2001:db8::/56"],
        "route_table_ids": ["rtb-0000000b", "rtb-0000000a"],
    }

    assert _known(lambda accounts: accounts.pop(ID)) == Facts(blocks=declared)
    assert _known(lambda accounts: accounts[ID].update(networks={})) == Facts(ID, "ACTIVE", True, blocks=declared)
    built = _known(lambda accounts: accounts[ID]["networks"]["prod-ml"].update(more))
    assert (built.cidr_blocks, built.ipv6_cidr_blocks) == (("10.0.16.0/20", "10.8.0.0/20"), ("2001:db8::/56",))
    assert built.route_table_ids == ("rtb-0000000a", "rtb-0000000b")


def test_what_is_no_range_is_left_out() -> None:
    """Declared or in the inventory; a network without a range is never peered."""
    bare = replaced(FILES, REQUEST, ('"10.0.16.0/20"', '"10.0.16.1/20"'))

    assert _known(lambda accounts: accounts.pop(ID), bare).blocks == ()
    assert _known(lambda accounts: accounts[ID]["networks"]["prod-ml"].update(cidr_blocks=["x", "10.0.16.0/20"])).blocks == (
        parse_any("10.0.16.0/20"),
    )


def test_quotas_and_what_others_use_of_them_are_those_of_the_network() -> None:
    """They come from the inventory, by their words."""
    numbers = {"quotas": {"peerings": 60, "routes": 700}, "used_elsewhere": {"peerings": 3, "routes": 5}}

    found = _known(lambda accounts: accounts[ID]["networks"]["prod-ml"].update(numbers))

    assert (found.limits, found.used) == ({"peerings": 60, "routes": 700}, {"peerings": 3, "routes": 5})


@pytest.mark.parametrize(
    ("account", "network", "stale"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_what_was_not_seen_lately_is_stale(account: bool, network: bool, stale: bool) -> None:
    """The account as a whole, or this network of it; what was known of it stays known."""

    def change(accounts: dict[str, Any]) -> None:
        accounts[ID]["stale"], accounts[ID]["networks"]["prod-ml"]["stale"] = account, network

    found = _known(change)

    assert (found.stale, found.account_id, found.vpc_id) == (stale, ID, "vpc-00000000000000001")


def test_a_stale_account_is_stale_before_it_has_a_network() -> None:
    """Nothing new is built in an account that was not seen."""
    assert _known(lambda accounts: accounts[ID].update(stale=True, networks={})).stale


def test_accounts_join_by_e_mail_in_any_case() -> None:
    """Names are not unique in AWS."""
    assert _known(lambda accounts: accounts[ID].update(email="AWS+Prod-ML@acme.com", name="x")).account_id == ID
    assert _known(lambda accounts: accounts[ID].update(email="aws+prod-m1@acme.com")).account_id is None


def test_an_account_without_a_request_joins_by_its_id() -> None:
    """Its e-mail is nowhere in the repository."""

    def change(accounts: dict[str, Any]) -> None:
        network = {**accounts[ID]["networks"]["prod-ml"], "vpc_id": "vpc-0000000a"}
        accounts["444455556666"] = {**accounts[ID], "email": "x@acme.com", "networks": {"network-hub": network}}

    found = _all(known(described(FILES, _hub(vpc_id="vpc-0000000a")), change))["network-hub"]

    assert (found.facts.account_id, found.facts.vpc_id, found.unclassified) == ("444455556666", "vpc-0000000a", ())


SECOND = (
    FILES[f"{FOLDER}/prod-ml.tf"]
    .replace(b'module "prod-ml"', b'module "second"')
    .replace(b'AccountName               = "prod-ml"', b'AccountName               = "prod-ML"')
    .replace(b'"owner"       = "ml"', b'"owner"       = "web"')
    .replace(b"  custom_fields = {\n", b'  custom_fields = {\n    "retiring"     = "true"\n')
)


@pytest.mark.parametrize("name", ["a-first", "z-last"])
def test_of_two_requests_neither_speaks_for_a_described_network(name: str) -> None:
    """Neither its tags nor its end: a live pair of it would go by whichever file sorts first."""
    found = _all(described({**FILES, f"{FOLDER}/{name}.tf": SECOND}, OLD % ""))["prod-ml.us-east-1.old"]

    assert found.retiring == "" and found.unclassified == ("which account prod-ml is cannot be told",)
