"""Every rule that an account must keep, on both of its sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from generator.accounts import rules
from generator.accounts.model import Account, Request, account_of
from generator.accounts.others import OtherNetwork
from generator.accounts.read import read_canonical
from generator.accounts.write import write
from generator.hcl.evaluate import Unknown
from generator.inventory import Inventory, LiveAccount
from generator.problems import Severity
from generator.ranges import parse
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


# What AWS has of the accounts


def _known(**more: str) -> Inventory:
    said = {"id": "444455556666", "name": "prod-ml", "email": "aws+prod-ml@acme.com", "state": "ACTIVE", **more}
    live = LiveAccount(said["id"], said["name"], said["email"], said["state"])
    return Inventory({live.id: live})


def _beside(inventory: Inventory, account: Account) -> list[tuple[str, str]]:
    return [(problem.id, problem.value or "") for problem in rules.check([account], CONVENTIONS, inventory)]


def test_an_address_is_written_as_aws_spells_it() -> None:
    """Capitals too: who wrote it in lower case then would have AFT look for a row that is not there."""
    capitals = _with("control_tower", {"AccountEmail": "AWS+prod-ml@acme.com"})
    there = _known(email="AWS+prod-ml@acme.com")

    assert _beside(there, capitals) == _beside(_known(), _account(REQUEST)) == []
    assert _beside(there, _account(REQUEST)) == [("email-spelling", "aws+prod-ml@acme.com")]
    assert ("illegal-email", "AWS+prod-ml@acme.com") in _beside(_known(), capitals)


@pytest.mark.parametrize(
    ("name", "email", "state", "expected"),
    [
        ("prod-ml", "other@acme.com", "ACTIVE", ["name-in-use"]),
        ("prod-ml", "other@acme.com", "SUSPENDED", []),
        ("Prod-ML", "other@acme.com", "ACTIVE", []),
        ("prod-ml", "aws+prod-ml@acme.com", "ACTIVE", []),
    ],
)
def test_a_new_account_takes_no_name_that_is_in_use(name: str, email: str, state: str, expected: list[str]) -> None:
    """AFT compares it exactly; an account that is there already is the one that has it."""
    assert [id for id, _ in _beside(_known(name=name, email=email, state=state), _account(REQUEST))] == expected


@pytest.mark.parametrize(("id", "expected"), [("111111111111", []), ("444455556666", [("illegal-ou", "Root")])])
def test_only_the_management_account_is_in_the_root(id: str, expected: list[tuple[str, str]]) -> None:
    """AFT's own form for it."""
    assert _beside(_known(id=id), _with("control_tower", {"ManagedOrganizationalUnit": "Root"})) == expected


def test_a_nested_unit_is_written_with_its_id() -> None:
    """`scaffold.yaml` says which ones are nested; one of the same name is meant, not one whose letters are near."""
    conventions = organization(("production: {name: Production}", "production: {name: Production, id: ou-ab12-cdef3456}"))
    nested = _with("control_tower", {"ManagedOrganizationalUnit": "Production (ou-ab12-cdef3456)"})

    (problem,) = rules.check([_account(REQUEST)], conventions)

    assert rules.check([nested], conventions) == []
    (other,) = rules.check([nested], CONVENTIONS)
    assert problem.id == other.id == "unknown-ou"
    assert problem.remedy.startswith('write "Production (ou-ab12-cdef3456)"') and other.remedy.startswith('write "Production";')


# What the line reader cannot hold


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"app"', "0123", "account_tags.tier is 123 without quotes"),
        ('"app"', "true", "account_tags.tier is true without quotes"),
        ('"app"', "null", "account_tags.tier is null"),
        ('"app"', '["app"]', "account_tags.tier is a list or an object"),
        ('account_customizations_name = ""', "account_customizations_name = null", "account_customizations_name is null"),
        ('account_customizations_name = ""', 'account_customizations_name = ["a"]', "account_customizations_name is a list or an object"),
        ('"prod-ml"\n    "environment"', '1.10\n    "environment"', "custom_fields.account_name is 1.1 without quotes"),
        ('"app"', '"app" # 0123', None),
        ('"app"', "var.tier", None),
    ],
)
def test_only_text_in_quotes_reaches_aft_as_it_is_written(old: str, new: str, expected: str | None) -> None:
    """A number passes the plan and arrives as another value; what is computed may be text."""
    source = "# by hand\n" + write(REQUEST)
    assert source.count(old) == 1

    found = rules.check([account_of(record(source.replace(old, new)), "environment", "us-east-1")], CONVENTIONS)

    said = [problem.message.removeprefix("prod-ml: ") for problem in found if problem.id == "unquoted-value"]
    assert said == ([expected] if expected else [])


def test_a_map_is_no_null() -> None:
    """`account_tags = null` ends the Lambda."""
    head, _, tail = write(REQUEST).partition("account_tags = {")
    source = f"{head}account_tags = null\n{tail.partition('}')[2]}"

    found = rules.check([account_of(record(source), "environment", "us-east-1")], CONVENTIONS)

    assert [problem.message for problem in found if problem.id == "unquoted-value"] == ["prod-ml: account_tags is no map"]


@pytest.mark.parametrize(("removed", "expected"), [(False, []), (True, ["no-customizations-name"])])
def test_the_customizations_name_is_always_written(removed: bool, expected: list[str]) -> None:
    """Old copies of the module default to null."""
    line = '  account_customizations_name = ""\n'
    source = "# by hand\n" + write(REQUEST).replace(line, "" if removed else line)

    assert [problem.id for problem in rules.check([account_of(record(source), "environment", "us-east-1")], CONVENTIONS)] == expected


@pytest.mark.parametrize(("removed", "expected"), [(False, []), (True, ["no-customizations-name"])])
def test_the_customizations_name_of_one_of_several_is_looked_for_in_its_module(removed: bool, expected: list[str]) -> None:
    """An instance stands where what makes it stands; its arguments are those of the module all the same."""
    line = '  account_customizations_name = ""\n'
    source = write(REQUEST).replace(line, "" if removed else line).replace("  source", '  for_each = toset(["a"])\n  source', 1)
    found = record(source)

    assert found.repeated and found.line_of("account_tags", "owner") == found.line
    assert [problem.id for problem in rules.check([account_of(found, "environment", "us-east-1")], CONVENTIONS)] == expected


@pytest.mark.parametrize("name", ["/ml", "../ml", "ml/", "a//b", "a/../b", ".", "a\\b"])
def test_a_customizations_name_stays_in_its_folder(name: str) -> None:
    """A name with a slash is a path, and AFT takes it."""
    assert _found(_account(_request(customizations=name))) == [("illegal-customizations-name", name)]
    assert _found(_account(_request(customizations="accounts/prod-ml"))) == []


@pytest.mark.parametrize(
    ("label", "expected"), [("prod-ml", 0), ("_3m", 0), ("Ünï", 0), ("3m", 1), ("prod ml", 1), ("", 1), ("a.b", 1), ('accounts["a b"]', 0)]
)
def test_a_label_is_one_that_terraform_takes(label: str, expected: int) -> None:
    """Letters of any script; an instance has its key behind the label."""
    found = replace(_account(REQUEST).record, request=_request(label=label))

    assert _found(account_of(found, "environment", "us-east-1")) == [("illegal-label", label)] * expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [({"account-request-table": "aft-request"}, 0), ({"account-request-table": "mine"}, 1), ({"account-request-table-hash": "email"}, 1)],
)
def test_requests_go_to_the_table_that_aft_reads(others: dict[str, str], expected: int) -> None:
    """Its defaults."""
    found = replace(_account(REQUEST).record, request=_request(others=others))

    assert len(_found(account_of(found, "environment", "us-east-1"))) == expected


# Overlaps


def _range(name: str, block: str) -> Account:
    fields = {**REQUEST.custom_fields, "vpc_cidr": block}
    control = {**REQUEST.control_tower, "AccountName": name, "AccountEmail": f"aws+{name}@acme.com"}
    return _account(_request(label=name, control_tower=control, custom_fields=fields))


def _overlaps(*accounts: Account, described: Sequence[OtherNetwork] = ()) -> list[str]:
    found = rules.check(accounts, CONVENTIONS, described=described)
    return [problem.message for problem in found if problem.id == "overlapping-range"]


def test_equal_ranges_are_one_note_however_many_there_are() -> None:
    """A thousand accounts with AWS's own default range are no half a million problems."""
    (message,) = _overlaps(*(_range(f"prod-n{number}", "10.1.0.0/20") for number in range(5)))

    assert message == "prod-n0, prod-n1, prod-n2 and 2 more have the range 10.1.0.0/20: no two of them that share addresses can ever meet"


def test_a_range_in_another_is_a_note_and_neighbours_are_none() -> None:
    """Also beside what accounts.yaml describes; the ranges of one network are its own matter."""
    one, other = _range("prod-a", "10.1.0.0/20"), _range("prod-b", "10.1.16.0/20")
    wide = OtherNetwork("hub", "hub", "us-east-1", None, (parse("10.1.0.0/16"), parse("10.1.32.0/20")), 3)

    assert _overlaps(one, other) == _overlaps(described=[wide]) == []
    assert [message.partition(" have ")[0] for message in _overlaps(one, other, described=[wide])] == ["hub and prod-a", "hub and prod-b"]
