"""Names, slugs and addresses of accounts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.accounts import names
from generator.accounts.model import FOLDER, label, network_name, slug
from generator.accounts.write import path
from tests.support.zones import organization

CONVENTIONS = organization()
LONGER = organization(("    dev: {ou: sandbox}", "    dev: {ou: sandbox}\n    prod-eu: {ou: production}"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prod-ml", "prod-ml"),
        ("Prod ML", "prod-ml"),
        ("--a__b..c--", "a-b-c"),
        ("Ünïcode", "n-code"),
        ("...", ""),
        ("", ""),
        ("A1", "a1"),
        ("İ", "i"),
    ],
)
def test_a_slug_is_lower_case_letters_digits_and_single_hyphens(name: str, expected: str) -> None:
    """It is a directory, a file and a key everywhere."""
    assert slug(name) == expected


@given(st.text(max_size=30))
def test_a_slug_is_its_own_slug(name: str) -> None:
    """Whatever was typed."""
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(name))
    assert slug(slug(name)) == slug(name)


@pytest.mark.parametrize(("of", "expected"), [("prod-ml", "prod-ml"), ("3m-prod", "_3m-prod"), ("7", "_7")])
def test_a_module_label_starts_with_a_letter_or_an_underscore(of: str, expected: str) -> None:
    """Terraform refuses a digit in front, and account names may start with one."""
    assert label(of) == expected


def test_no_request_is_written_where_terraform_looks_for_overrides() -> None:
    """`override.tf` is laid over all other files."""
    assert path("prod-ml") == f"{FOLDER}/prod-ml.tf"
    assert not re.search(r"(^|[/_])override\.tf$", path("override"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prod-ml", {"environment": "prod", "workload": "ml"}),
        ("prod-ml-batch", {"environment": "prod", "workload": "ml-batch"}),
        ("qa-ml", None),
        ("prod-", None),
        ("prod", None),
        ("Prod-ML", None),
        ("prod-ml\n", None),
        ("prod--ml", None),
    ],
)
def test_a_name_is_read_by_the_pattern(name: str, expected: dict[str, str] | None) -> None:
    """The environment is one of the legal ones, or the name does not fit."""
    assert names.parse(name, CONVENTIONS) == expected


def test_the_longest_legal_value_wins() -> None:
    """`prod-eu` is an environment of its own, not the workload `eu-…` of prod."""
    assert names.parse("prod-eu-ml", LONGER) == {"environment": "prod-eu", "workload": "ml"}


@pytest.mark.parametrize("name", ["a", "a" * 50, "prod-ml", "Prod ML", "a.b_c-d", "9lives"])
def test_a_legal_name_passes(name: str) -> None:
    """Letters, digits, spaces and . _ -."""
    assert list(names.wrong_name(name)) == []


@pytest.mark.parametrize(
    "name", ["", "a" * 51, "-a", ".a", "a+b", "é", "a/b", "a\n", "\ta", "a\tb", "\u00a0a", "a\u2028", " ", 'a"b', "a${b}"]
)
def test_an_illegal_name_is_refused_with_a_remedy(name: str) -> None:
    """What Organizations, Service Catalog or AFT would refuse after the merge."""
    found = list(names.wrong_name(name))

    assert found and all(what and remedy for what, remedy in found)


@pytest.mark.parametrize("address", ["a@b.co", "aws+prod-ml@acme.com", "a" * 58 + "@bb.co", "a.b=c/d#e@x-y.example.com"])
def test_a_legal_address_passes(address: str) -> None:
    """Six to 64 characters of ASCII."""
    assert list(names.wrong_email(address)) == []


@pytest.mark.parametrize(
    "address",
    [
        "a@b.c", "a" * 59 + "@bb.co", "ab.example.com", "a@localhost", "a b@acme.com", ".a@acme.com", "a@-acme.com", "a@acme.com.",
        "a@@acme.com", "a,b@acme.com", "a&b@acme.com", "Aws@acme.com", "é@acme.com", "a@acme.com\n", "a@ac_me.com", "@acme.com",
    ],
)  # fmt: skip
def test_an_illegal_address_is_refused_with_a_remedy(address: str) -> None:
    """An address is permanent, so it is checked before the merge."""
    found = list(names.wrong_email(address))

    assert found and all(what and remedy for what, remedy in found)


def test_the_address_of_a_name_follows_the_pattern_in_lower_case() -> None:
    """AFT later looks it up as AWS spells it."""
    assert names.email("Prod ML", CONVENTIONS) == "aws+prod-ml@acme.com"


@pytest.mark.parametrize(
    ("region", "name", "expected"),
    [("us-east-1", "", "prod-ml"), ("eu-west-1", "", "prod-ml.eu-west-1"), ("us-east-1", "batch", "prod-ml.us-east-1.batch"),
     ("eu-west-1", "b", "prod-ml.eu-west-1.b")],
)  # fmt: skip
def test_a_network_is_named_after_its_account_and_place(region: str, name: str, expected: str) -> None:
    """The home network has the account's name."""
    assert network_name("prod-ml", region, "us-east-1", name) == expected
