"""Every rule that an account must keep, on both of its sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from generator.accounts import rules
from generator.accounts.model import Account, Request, account_of
from generator.accounts.read import read_canonical
from generator.accounts.write import write
from generator.hcl.evaluate import Unknown
from generator.problems import Severity
from tests.support.zones import REQUEST, organization, record

CONVENTIONS = organization()
UNKNOWN = Unknown("a.tf", 1, "var.x")


def _request(**changes: Any) -> Request:
    return replace(REQUEST, **changes)


def _account(request: Request) -> Account:
    found = read_canonical(write(request), "a.tf")
    assert found is not None
    return account_of(found, "environment", "us-east-1")


def _with(attribute: str, changes: Mapping[str, str | None]) -> Account:
    values = {**getattr(REQUEST, attribute), **changes}
    return _account(_request(**{attribute: {key: value for key, value in values.items() if value is not None}}))


def _found(*accounts: Account) -> list[tuple[str, str]]:
    return [(problem.id, problem.value or "") for problem in rules.check(accounts, CONVENTIONS)]


def test_a_request_that_keeps_every_rule_has_no_problem() -> None:
    """It is what `scaffold account` writes."""
    assert _found(_account(REQUEST)) == []


@pytest.mark.parametrize(
    ("attribute", "key", "value", "expected"),
    [
        ("control_tower", "AccountNmae", "x", [("unknown-key", "AccountNmae")]),
        ("control_tower", "SSOUserEmail", None, [("missing-key", "SSOUserEmail")]),
        ("change", "change_reason", None, [("missing-key", "change_reason")]),
        ("change", "reason", "x", [("unknown-key", "reason")]),
        ("control_tower", "AccountName", "prod+ml", [("illegal-name", "prod+ml")]),
        ("control_tower", "AccountName", "x" * 50, []),
        ("control_tower", "AccountName", "x" * 51, [("illegal-name", "x" * 51)]),
        ("control_tower", "AccountName", "dev-ml", [("name-differs", "dev")]),
        ("control_tower", "AccountName", "something", []),
        ("control_tower", "AccountEmail", "AWS@acme.com", [("illegal-email", "AWS@acme.com")]),
        ("control_tower", "AccountEmail", "nobody", [("illegal-email", "nobody")]),
        ("control_tower", "SSOUserEmail", "Platform@acme.com", []),
        ("control_tower", "SSOUserEmail", "platform", [("illegal-sso-email", "platform")]),
        ("control_tower", "SSOUserEmail", "", [("illegal-sso-email", "")]),
        ("control_tower", "SSOUserFirstName", " ", []),
        ("control_tower", "SSOUserFirstName", "", [("empty-sso-name", "SSOUserFirstName")]),
        ("control_tower", "SSOUserLastName", "", [("empty-sso-name", "SSOUserLastName")]),
        ("control_tower", "ManagedOrganizationalUnit", "NonProduction", []),
        ("control_tower", "ManagedOrganizationalUnit", "Prodction", [("unknown-ou", "Prodction")]),
        ("control_tower", "ManagedOrganizationalUnit", "production", [("unknown-ou", "production")]),
        ("control_tower", "ManagedOrganizationalUnit", "Workloads/Production", [("unknown-ou", "Workloads/Production")]),
        ("control_tower", "ManagedOrganizationalUnit", "Production(ou-ab12-cdef3456)", [("illegal-ou", "Production(ou-ab12-cdef3456)")]),
        ("control_tower", "ManagedOrganizationalUnit", "Root", [("illegal-ou", "Root")]),
        ("tags", "owner", None, [("missing-tag", "owner")]),
        ("tags", "owner", "X", [("wrong-tag-value", "X")]),
        ("tags", "ownr", "x", [("unknown-tag", "x")]),
        ("custom_fields", "environment", "dev", [("environment-copy", "dev")]),
        ("custom_fields", "environment", None, []),
        ("custom_fields", "note", "", [("empty-field", "note")]),
        ("custom_fields", "note", "x" * 4096, []),
        ("custom_fields", "note", "x" * 4097, [("long-field", "note")]),
        ("custom_fields", "note", "é" * 2049, [("long-field", "note")]),
        ("custom_fields", "note", "a {{ b", [("field-reference", "note")]),
        ("custom_fields", "note", "a { b", []),
        ("custom_fields", "a/b_c.d-1", "x", []),
        ("custom_fields", "a b", "x", [("illegal-field-key", "a b")]),
        ("custom_fields", "a//b", "x", [("illegal-field-key", "a//b")]),
        ("custom_fields", "/a", "x", [("illegal-field-key", "/a")]),
        ("custom_fields", "a:b", "x", [("illegal-field-key", "a:b")]),
        ("custom_fields", "é", "x", [("illegal-field-key", "é")]),
        ("custom_fields", "/".join("abcdefghijkl"), "x", []),
        ("custom_fields", "/".join("abcdefghijklm"), "x", [("illegal-field-key", "/".join("abcdefghijklm"))]),
        ("custom_fields", "k" * 976, "x", []),
        ("custom_fields", "k" * 977, "x", [("illegal-field-key", "k" * 977)]),
        ("custom_fields", "vpc_cidr", "10.0.0.0/16", []),
        ("custom_fields", "vpc_cidr", "10.0.0.0/22", []),
        ("custom_fields", "vpc_cidr", "10.0.0.0/15", [("illegal-range", "10.0.0.0/15")]),
        ("custom_fields", "vpc_cidr", "10.0.0.0/23", [("illegal-range", "10.0.0.0/23")]),
        ("custom_fields", "vpc_cidr", "10.0.1.0/20", [("illegal-range", "10.0.1.0/20")]),
        ("custom_fields", "vpc_cidr", "ten", [("illegal-range", "ten")]),
        ("custom_fields", "vpc_cidr", "10.16.0.0/20", [("outside-pool", "10.16.0.0/20")]),
        ("custom_fields", "vpc_cidr", "172.20.0.0/20", [("outside-pool", "172.20.0.0/20")]),
        ("custom_fields", "networks/eu-west-1", "10.32.0.0/20", []),  # reserved there
        ("custom_fields", "networks/eu-west-1", "10.33.0.0/20", []),
        ("custom_fields", "networks/eu-west-9", "10.33.0.0/20", [("unknown-region", "eu-west-9")]),
        ("custom_fields", "networks/eu-west-1/batch-2", "10.33.0.0/20", []),
        ("custom_fields", "networks/eu-west-1/Batch", "10.33.0.0/20", [("illegal-network-name", "Batch")]),
        ("custom_fields", "networks/eu-west-1/../x", "10.33.0.0/20", [("illegal-network-name", "../x")]),
        ("custom_fields", "networks/us-east-1", "10.2.0.0/20", [("network-twice", "prod-ml")]),
        ("custom_fields", "networks/us-east-1/a", "10.1.0.0/20", [("overlapping-range", "10.1.0.0/20")]),
        ("custom_fields", "networks/us-east-1/a", "10.1.0.0/22", [("overlapping-range", "10.1.0.0/22")]),
        ("custom_fields", "networks/us-east-1/a", "10.1.16.0/20", []),
    ],
)  # fmt: skip
def test_a_rule_speaks_where_it_is_broken_and_is_silent_where_it_is_kept(
    attribute: str, key: str, value: str | None, expected: list[tuple[str, str]]
) -> None:
    """One value differs from a good request."""
    assert _found(_with(attribute, {key: value})) == expected


@pytest.mark.parametrize("number", [50, 51])
def test_aws_allows_fifty_tags(number: int) -> None:
    """Forty-seven unknown keys are legal where the schema is open."""
    found = _with("tags", {f"k{n}": "v" for n in range(number - 3)})
    conventions = organization(("owner_tag: owner", "owner_tag: owner\nother_tags: allow"))

    assert [problem.id for problem in rules.check([found], conventions)] == ["too-many-tags"] * (number - 50)


def test_another_source_is_a_note_and_a_slash_at_its_end_is_none() -> None:
    """Copies of the module may live elsewhere."""
    other, same = (_account(_request(source=source)) for source in ("./modules/other", "./modules/aft-account-request/"))

    assert [(problem.id, problem.severity) for problem in rules.check([other], CONVENTIONS)] == [("request-source", Severity.NOTE)]
    assert rules.check([same], CONVENTIONS) == []


def test_two_accounts_of_one_slug_are_an_error_at_the_second() -> None:
    """A slug is the key everywhere."""
    second = _with("control_tower", {"AccountName": "Prod ML", "AccountEmail": "other@acme.com"})

    assert ("same-slug", "prod-ml") in _found(_account(REQUEST), second)


@pytest.mark.parametrize(("address", "expected"), [("aws+prod-ml@acme.com", 1), ("AWS+prod-ml@acme.com", 1), ("aws+prod-mm@acme.com", 0)])
def test_two_accounts_of_one_address_are_an_error_whatever_its_case(address: str, expected: int) -> None:
    """AFT keys requests by address, AWS compares without case."""
    second = _with("control_tower", {"AccountName": "prod-mm", "AccountEmail": address})

    assert [id for id, _ in _found(_account(REQUEST), second)].count("same-email") == expected


def test_problems_point_at_the_line_of_the_value() -> None:
    """In a canonical file and in any other."""
    source = "# by hand\n" + write(REQUEST).replace('"ml-platform"', '"X"')
    found = account_of(record(source), "environment", "us-east-1")

    (problem,) = rules.check([found], CONVENTIONS)

    assert problem.line == source[: source.index('"X"')].count("\n") + 1


@pytest.mark.parametrize("attribute", ["control_tower", "tags", "change", "custom_fields"])
def test_an_unknown_value_breaks_no_rule(attribute: str) -> None:
    """That it is unknown is reported elsewhere; whether it is wrong cannot be told."""
    good = _account(REQUEST)
    unknown = dict.fromkeys(getattr(REQUEST, attribute), UNKNOWN)
    request = _request(**{attribute: unknown})

    assert rules.check([account_of(replace(good.record, request=request), "environment", "us-east-1")], CONVENTIONS) == []


@pytest.mark.parametrize("attribute", ["control_tower", "tags", "change", "custom_fields"])
def test_a_map_that_is_unknown_as_a_whole_breaks_no_rule(attribute: str) -> None:
    """Its keys cannot be told either, so none is missing."""
    good = _account(REQUEST)
    request = _request(**{attribute: {"*": UNKNOWN}})

    found = account_of(replace(good.record, request=request), "environment", "us-east-1")

    assert rules.check([found], CONVENTIONS) == []
    assert found.slug == "prod-ml"


def test_what_an_unknown_map_says_is_unknown_and_not_absent() -> None:
    """An account without a name would be a wrong reading; its slug is that of its label."""
    unknown = {"control_tower": {"*": UNKNOWN}, "tags": {"*": UNKNOWN}}

    found = account_of(replace(_account(REQUEST).record, request=_request(**unknown)), "environment", "us-east-1")

    assert (found.slug, found.name, found.email, found.environment) == ("prod-ml", UNKNOWN, UNKNOWN, UNKNOWN)


def test_problems_come_in_order_of_file_and_line() -> None:
    """Whatever order the accounts were read in."""
    one, two = _with("tags", {"owner": "X"}), _with("control_tower", {"AccountName": "prod+mm", "AccountEmail": "NO"})

    assert rules.check([one, two], CONVENTIONS)[0].file == "a.tf"
    lines = [problem.line or 0 for problem in rules.check([two, one], CONVENTIONS)]
    assert lines == sorted(lines)
