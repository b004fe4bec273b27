"""From accounts to networks that can be judged: what is told of tags, and everything that makes an account unclear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from generator.landing_zone.members import members
from generator.landing_zone.peerings import policy_of
from generator.peering.model import Facts, Member
from generator.peering.policy import Effect, Policy, Rule, Selector, Where
from generator.ranges import parse_any
from tests.support import peered, zones
from tests.support.peered import Account
from tests.support.records import described, known, replaced
from tests.support.rules import allow, tags, within
from tests.support.rules import policy_of as policy_of_rules

Files = dict[str, bytes]
ACCOUNTS = (Account("prod-hub", tier="vpn"), Account("prod-ml", "ml"))
FILES = peered.unsettled(ACCOUNTS, peered.ALONE)
REQUEST = f"{FOLDER}/prod-ml.tf"
OWNER, TIER = '    "owner"       = "ml"\n', '    "tier"        = "app"\n'
FIELD = '    "account_name" = "prod-ml"\n'
ID = "100000000001"
VARIABLE = "var.x is known to Terraform only"


def _replaced(*changes: tuple[str, str], path: str = REQUEST, files: Files = FILES) -> Files:
    return replaced(files, path, *changes)


def _live(network: Mapping[str, Any], name: str = "prod-ml") -> Files:
    """The files with an inventory that says something else of a network of prod-ml, or has one more."""

    def change(accounts: dict[str, Any]) -> None:
        networks = accounts[ID]["networks"]
        networks[name] = {**networks["prod-ml"], **network}

    return known(FILES, change)


def _all(files: Files, day: str = zones.DAY, policy: Policy | None = None) -> dict[str, Member]:
    zone = zones.zone(files, day)
    return {member.name: member for member in members(zone, policy or policy_of(zone))}


def _ml(files: Files, day: str = zones.DAY, policy: Policy | None = None) -> Member:
    return _all(files, day, policy)["prod-ml"]


def test_a_network_that_is_known_says_everything() -> None:
    """Declared tags, where it is declared, and what AWS says of it."""
    found = _ml(FILES)

    assert found == Member(
        "prod-ml",
        "prod-ml",
        "us-east-1",
        {"environment": "prod", "owner": "ml", "tier": "app"},
        file=REQUEST,
        line=1,
        facts=Facts(
            ID, "ACTIVE", True, "vpc-00000000000000001", (parse_any("10.0.16.0/20"),), ("rtb-00000000000000001",), True, stale=False
        ),
    )
    assert list(_all(FILES)) == ["prod-hub", "prod-ml"]


# S5: tags that cannot be judged


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        pytest.param((OWNER, ""), "owner", "the required tag owner is missing", id="missing"),
        pytest.param((OWNER, '"Owner" = "ml"\n'), "owner", 'the required tag owner is missing (there is "Owner")', id="in another case"),
        pytest.param(
            (TIER, '"tier" = "App"\n'),
            "tier",
            'the tag tier is "App", did you mean "app"? expected one of app, data, shared, vpn',
            id="a value outside the schema",
        ),
        pytest.param(
            (OWNER, '"owner" = "ML"\n'),
            "owner",
            'the tag owner is "ML", write a value that matches [a-z][a-z0-9-]{1,30}',
            id="a value of another form",
        ),
        pytest.param(
            (OWNER, '"owner" = "m{l"\n'),
            "owner",
            'AWS refuses the value "m{l" of the tag owner, use up to 256 letters, digits, spaces and _ . : / = + - @',
            id="a value that AWS refuses",
        ),
        pytest.param((OWNER, '"owner" = var.x\n'), "owner", f"the tag owner cannot be told ({REQUEST}:15: {VARIABLE})", id="a variable"),
        pytest.param(
            ("account_tags = {", "account_tags = var.x\n  others = {"),
            "*",
            f"its tags cannot be told ({REQUEST}:13: {VARIABLE})",
            id="all of them a variable",
        ),
    ],
)
def test_tags_that_cannot_be_judged(change: tuple[str, str], key: str, said: str) -> None:
    """The account is unclassified, in words, and they point to its tags."""
    found = _ml(_replaced(change))

    assert (found.unclassified, found.unclear) == ((said,), frozenset({key}))
    assert found.line == 13
    assert _all(_replaced(change))["prod-hub"].unclassified == ()


def test_everything_that_is_unclear_is_said() -> None:
    """One tag missing, one wrong."""
    found = _ml(_replaced((OWNER, ""), (TIER, '"tier" = "x"\n')))

    assert len(found.unclassified) == 2 and found.unclear == {"owner", "tier"}


@pytest.mark.parametrize("value", ['"x"', '""', "var.x"])
def test_a_tag_that_decides_nothing_may_say_anything(value: str) -> None:
    """Neither required, nor in a rule: it may also be known to Terraform only."""
    assert _ml(_replaced((TIER, f'{TIER}    "note" = {value}\n'))).unclassified == ()


COST = 'cost: {pattern: "[0-9]+"}'
SELECTED = policy_of_rules(allow(within(tags(cost="7"))))
COMPARED = Policy((Rule("a", Effect.ALLOW, (Selector(), Selector()), "why", Where(("cost",))),))


@pytest.mark.parametrize(
    ("policy", "value", "unclear"),
    [
        pytest.param(Policy(), "var.x", False, id="in no rule"),
        pytest.param(SELECTED, "var.x", True, id="asked for by a rule"),
        pytest.param(COMPARED, "var.x", True, id="compared by a rule"),
        pytest.param(SELECTED, '"8"', False, id="asked for, and told"),
        pytest.param(Policy(), '"x"', True, id="outside the schema, in no rule"),
    ],
)
def test_an_optional_tag_that_cannot_be_told(policy: Policy, value: str, unclear: bool) -> None:
    """It matters once a rule looks at it; what is outside the schema always does."""
    files = _replaced(("\ntags:\n", f"\ntags:\n  {COST}\n"), path="scaffold.yaml")

    found = _ml(_replaced((TIER, f'{TIER}    "cost" = {value}\n'), files=files), policy=policy)

    assert found.unclear == (frozenset({"cost"}) if unclear else frozenset())


def test_a_required_tag_decides_without_any_rule() -> None:
    """Who does not say it cannot be classified, whatever the policy asks."""
    assert _ml(_replaced((OWNER, '"owner" = var.x\n')), policy=Policy()).unclear == {"owner"}


# an account that is being taken down


@pytest.mark.parametrize(
    ("value", "retiring"),
    [
        ("true", True),
        ("false", False),
        ("", False),
        ("2026-11-23", True),
        ("2026-11-24", True),
        ("2026-11-25", False),
    ],
)
def test_a_field_says_whether_an_account_is_retiring(value: str, retiring: bool) -> None:
    """The day itself counts; and the account is classified either way."""
    found = _ml(_replaced((FIELD, f'{FIELD}    "retiring" = "{value}"\n')), "2026-11-24")

    assert (found.retiring, found.unclassified) == (value if retiring else "", ())


@pytest.mark.parametrize("value", ["yes", "True", "TRUE", "no", "2026-02-30", "24.11.2026", "2026-11-24T00:00:00Z", " true"])
def test_a_word_that_says_nothing_is_not_taken_for_retiring(value: str) -> None:
    """Nothing is disconnected by it, and nothing new connected."""
    found = _ml(_replaced((FIELD, f'{FIELD}    "retiring" = "{value}"\n')))

    assert found.retiring == ""
    assert found.unclassified == (f'custom_fields.retiring is "{value}", write "true", "false" or a day such as "2027-01-31"',)
    assert found.unclear == {"custom_fields.retiring"}


def test_a_value_that_cannot_be_told_is_not_taken_for_retiring() -> None:
    """S11: it may say `false`."""
    found = _ml(_replaced((FIELD, f'{FIELD}    "retiring" = var.x\n')))

    assert found.retiring == ""
    assert found.unclassified == (f"whether it is retiring cannot be told ({REQUEST}:26: {VARIABLE})",)


def test_a_retiring_account_retires_whatever_its_tags_are() -> None:
    """And with it every network of it, also those of accounts.yaml."""
    files = _replaced((FIELD, f'{FIELD}    "retiring" = "true"\n'), (OWNER, ""))
    found = _all(described(files, "prod-ml: {networks: {prod-ml.us-east-1.old: {region: us-east-1, cidr_blocks: [172.20.0.0/16]}}}"))

    assert {name: member.retiring for name, member in found.items()} == {
        "prod-hub": "",
        "prod-ml": "true",
        "prod-ml.us-east-1.old": "true",
    }
    assert found["prod-ml"].unclassified


# which of two is meant


def test_a_network_that_is_declared_twice_is_neither_one() -> None:
    """Of two declarations neither decides, not even to disconnect."""
    files = _replaced((FIELD, f'{FIELD}    "retiring" = "true"\n'))

    found = _ml(described(files, "prod-ml: {networks: {prod-ml: {region: us-east-1, cidr_blocks: [172.20.0.0/16]}}}"))

    assert found.unclassified == (f"the network prod-ml is declared twice, in {REQUEST} and in accounts.yaml",)
    assert found.retiring == ""


def test_two_requests_of_one_name_are_no_account() -> None:
    """`accounts:` of a rule would take one for the other; so neither retires."""
    second = peered.request_file(replace(ACCOUNTS[1], name="prod-ML", fields={"retiring": "true"}), 7)

    found = _ml({**FILES, f"{FOLDER}/other.tf": second})

    assert found.unclassified == (
        "which account prod-ml is cannot be told",
        f"the network prod-ml is declared twice, in {FOLDER}/other.tf and in {REQUEST}",
    )
    assert found.retiring == ""


def test_an_account_whose_name_cannot_be_told_is_none() -> None:
    """Its label may be the name of another one; nor does it retire."""
    name = ('AccountName               = "prod-ml"', "AccountName = var.x")

    found = _ml(_replaced(name, (FIELD, f'{FIELD}    "retiring" = "true"\n')))

    assert (found.unclassified, found.retiring) == (("which account prod-ml is cannot be told",), "")


def _old(id: str) -> str:
    """An account without a request, in one line of accounts.yaml."""
    network = "{region: us-east-1, cidr_blocks: [172.20.0.0/16]}"
    return f'old: {{id: "{id}", tags: {{environment: prod, owner: ml, tier: app}}, networks: {{old: {network}}}}}'


def test_one_aws_account_under_two_names_is_neither() -> None:
    """Two descriptions of one account could say different tags. It retires where it says so: that is not in doubt."""
    files = _replaced((FIELD, f'{FIELD}    "retiring" = "true"\n'))

    found = _all(described(files, _old(ID)))

    assert {member.unclassified for name, member in found.items() if name != "prod-hub"} == {
        (f"old and prod-ml are one AWS account, {ID}",)
    }
    assert (found["prod-ml"].retiring, found["old"].retiring, found["prod-hub"].unclassified) == ("true", "", ())


def test_accounts_with_ids_of_their_own_are_two() -> None:
    """Two networks of one account have one id, and that is no doubt."""
    found = _all(described(_replaced((FIELD, f'{FIELD}    "networks/eu-west-1" = "10.32.16.0/20"\n')), _old("100000000009")))

    assert set(found) == {"old", "prod-hub", "prod-ml", "prod-ml.eu-west-1"}
    assert {member.unclassified for member in found.values()} == {()}


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ({"region": "eu-west-1"}, ("prod-ml is declared in us-east-1, and its VPC vpc-00000000000000001 is in eu-west-1",)),
        ({"region": "us-east-1"}, ()),
    ],
)
def test_a_network_that_aws_has_in_another_region(network: dict[str, str], said: tuple[str, ...]) -> None:
    """Which of the two is meant cannot be told."""
    assert _ml(_live(network)).unclassified == said


@pytest.mark.parametrize(
    ("vpc_id", "said"),
    [
        (", vpc_id: vpc-0000000a", ("prod-ml.us-east-1.old is described as vpc-0000000a, and the inventory has vpc-0000000b",)),
        (", vpc_id: vpc-0000000b", ()),
        ("", ()),
    ],
)
def test_a_vpc_that_aws_has_not(vpc_id: str, said: tuple[str, ...]) -> None:
    """A network of accounts.yaml that names another VPC than the inventory has; one that names none says nothing of it."""
    network = f"{{region: us-east-1, cidr_blocks: [172.20.0.0/16]{vpc_id}}}"
    live = _live({"vpc_id": "vpc-0000000b", "cidr_blocks": ["172.20.0.0/16"]}, "prod-ml.us-east-1.old")

    found = _all(described(live, f"prod-ml: {{networks: {{prod-ml.us-east-1.old: {network}}}}}"))

    assert found["prod-ml.us-east-1.old"].unclassified == said
    assert found["prod-ml"].unclassified == ()
