"""What is wrong with a valid policy: each problem, a near twin that has none, and that nothing is said wrongly."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.documents.dates import ordinal
from generator.peering.lint import lint, unknown_accounts
from generator.peering.model import Facts, Member
from generator.peering.policy import Policy
from generator.problems import Problem, Severity
from tests.support.rules import (
    ANY,
    CONVENTIONS,
    DEV,
    NOT_PROD,
    PROD,
    PROPOSED,
    SAME,
    STAGING,
    VPN,
    allow,
    between,
    deny,
    expressions,
    policy_of,
    tags,
    within,
)

DAY = "2026-06-15"


def _lint(policy: Policy, members: Sequence[Member] = (), limit: int = 50, complete: bool = True) -> list[Problem]:
    return lint(policy, CONVENTIONS, members, DAY, limit, complete)


def _told(problems: Sequence[Problem]) -> list[tuple[str, int | None, str | None]]:
    return [(problem.id, problem.line, problem.value) for problem in problems]


def _members(number: int, prefix: str = "n", **tags: str) -> list[Member]:
    return [Member(f"{prefix}{index}", f"{prefix}{index}", "us-east-1", tags) for index in range(number)]


# Selectors that nothing can meet


@pytest.mark.parametrize(
    ("side", "key"),
    [
        (expressions("tier In app", "tier In vpn"), "tier"),
        (expressions("tier Exists", "tier NotIn app data shared vpn"), "tier"),
        (expressions("environment NotIn prod staging dev"), "environment"),
        (expressions("pci Exists", "pci DoesNotExist"), "pci"),
        (expressions("pci In yes", "pci NotIn yes"), "pci"),
        (expressions("pci Exists", "pci NotIn yes no"), "pci"),
        (expressions("owner DoesNotExist"), "owner"),
        (expressions("cost In 1", "cost In 2"), "cost"),
        (expressions("zone Exists", "zone NotIn a b"), "zone"),
    ],
)
def test_a_selector_that_no_account_can_meet(side: str, key: str) -> None:
    """Over the tag schema: whatever account comes next."""
    (problem,) = _lint(policy_of(deny(between(side, ANY))))

    assert (problem.id, problem.line, problem.value, problem.severity) == ("unsatisfiable-selector", 3, key, Severity.ERROR)
    assert "the deny a can select nothing: no account that scaffold.yaml admits has" in problem.message


@pytest.mark.parametrize(
    "side",
    [
        expressions("tier In app vpn", "tier In vpn data"),
        expressions("environment NotIn prod staging"),
        expressions("pci NotIn yes no"),  # a deny may match an account without the tag
        expressions("pci DoesNotExist"),
        expressions("owner NotIn ml web"),
        expressions("cost Exists", "cost NotIn 1 2"),
        expressions("zone NotIn a"),
        "{accounts: [x]}",
        ANY,
    ],
)
def test_a_selector_that_some_account_can_meet(side: str) -> None:
    """An open tag always has one more value."""
    assert _lint(policy_of(deny(between(side, ANY)))) == []


def test_a_named_selector_is_told_once_and_where_it_is_written() -> None:
    """However often it is used; one in an exception is told too."""
    wrong = expressions("tier In app", "tier In vpn")
    more = f"selectors:\n  nobody: {wrong}\n"
    unless = f"unless: [{{within: {wrong}, expires: 2027-01-01, reason: r}}]"
    policy = policy_of(allow(within("{selector: nobody}")), deny(between("{selector: nobody}", ANY)), more=more)

    assert _told(_lint(policy)) == [("unsatisfiable-selector", 6, "tier")]
    assert _told(_lint(policy_of(deny(within(ANY), unless)))) == [("unsatisfiable-selector", 3, "tier")]


# Days


@pytest.mark.parametrize(
    ("expires", "told"),
    [
        ("2026-06-14", ("expired", "expired on 2026-06-14 and allows nothing any more")),
        ("2026-06-15", ("expires-soon", "expires today, after 2026-06-15")),
        ("2026-06-16", ("expires-soon", "expires tomorrow, after 2026-06-16")),
        ("2026-07-15", ("expires-soon", "expires in 30 days, after 2026-07-15")),
        ("2026-07-16", None),
    ],
)
def test_days_that_pass(expires: str, told: tuple[str, str] | None) -> None:
    """An allow, and an exception: with its line, and what to do about it."""
    clause = f"{{within: {{accounts: [x]}}, expires: {expires}, reason: r}}"
    policy = policy_of(allow(within(PROD), f"expires: {expires}"), deny(within(DEV), f"unless: [{clause}]"))

    found = _lint(policy)

    assert [(problem.id, problem.line) for problem in found] == ([(told[0], 3), (told[0], 4)] if told else [])
    names = ["the allow a", "the exception of b for account In x and account In x"]
    assert all(problem.message == f"{name} {told[1]}" for problem, name in zip(found, names, strict=False) if told)
    assert all("renew it with a later day" in problem.remedy for problem in found)
    assert {problem.severity for problem in found} <= {Severity.WARNING if expires < DAY else Severity.NOTE}


@given(st.dates(), st.dates())
def test_days_are_counted_as_the_calendar_counts_them(one: datetime.date, other: datetime.date) -> None:
    """Leap years and all."""
    assert ordinal(other.isoformat()) - ordinal(one.isoformat()) == (other - one).days


# Rules that are too wide


def _hub(spokes: int) -> list[Member]:
    return [*_members(1, "hub", tier="vpn", environment="prod"), *_members(spokes, tier="app", environment="prod")]


def test_a_rule_that_alone_exceeds_the_quota() -> None:
    """By the networks there are: how many get too many, the worst of them, and the limit."""
    policy = policy_of(allow(between(VPN, ANY)), allow(between(DEV, STAGING)))

    (problem,) = _lint(policy, _hub(51))

    assert (problem.id, problem.line, problem.value, problem.severity) == ("rule-over-quota", 3, "a", Severity.WARNING)
    assert "gives 1 network more peerings than they can have: hub0 would have 51, and its limit is 50" in problem.message
    assert "transit gateway" in problem.remedy


@pytest.mark.parametrize(
    ("rules", "members", "limit"),
    [
        ([allow(between(VPN, ANY))], _hub(50), 50),
        ([allow(between(VPN, ANY))], _hub(51), 51),
        ([allow(between(VPN, tags(tier="app"))), deny(between(tags(environment="prod"), ANY))], _hub(60), 50),
        ([allow(between(VPN, ANY))], [replace(each, facts=Facts(limits={"peerings": 100})) for each in _hub(90)], 50),
        ([allow(between(VPN, ANY))], [replace(each, unclassified=("no owner",)) for each in _hub(90)], 50),
        ([allow(between(VPN, ANY))], [replace(each, retiring="yes") for each in _hub(90)], 50),
    ],
)
def test_a_rule_within_the_quota(rules: list[str], members: list[Member], limit: int) -> None:
    """As many as it takes; what is denied, or cannot be judged, does not count."""
    assert [problem for problem in _lint(policy_of(*rules), members, limit) if problem.id == "rule-over-quota"] == []


def test_no_quota_is_above_what_aws_can_raise_it_to() -> None:
    """125, whatever is written; and a proposed rule is told before it is real."""
    (problem,) = _lint(policy_of(allow(between(VPN, ANY), PROPOSED)), _hub(126), 500)

    assert "hub0 would have 126, and its limit is 125" in problem.message


@pytest.mark.parametrize(
    ("rule", "members", "size"),
    [
        (allow(within(PROD)), _members(10, environment="prod"), 10),
        (allow(within(PROD)), _members(9, environment="prod"), None),
        (allow(between(PROD, ANY)), _members(12, environment="prod") + _members(5, "d", environment="dev"), 12),
        (allow(within(ANY), SAME), _members(11, environment="prod") + _members(10, "d", environment="dev"), 11),
        (allow(within(ANY), SAME), _members(9, environment="prod") + _members(9, "d", environment="dev"), None),
        (allow(between(PROD, DEV)), _members(30, environment="prod") + _members(30, "d", environment="dev"), None),
        (allow(within(ANY)), _members(9, environment="prod") + _members(9, "d", environment="dev"), None),
    ],
)
def test_a_mesh_is_shaped_like_a_segment(rule: str, members: list[Member], size: int | None) -> None:
    """Ten networks, each of which meets the nine others."""
    notes = [problem for problem in _lint(policy_of(rule, deny(between(PROD, NOT_PROD))), members) if problem.id == "mesh"]

    assert [(problem.line, problem.severity) for problem in notes] == ([(3, Severity.NOTE)] if size else [])
    if size:
        assert f"connects {size} networks to each other, which takes up to {size * (size - 1) // 2} peerings" in notes[0].message


# Tests, and names

TESTED = [
    *_members(1, "vpn", tier="vpn", environment="prod"),
    *_members(2, "app", tier="app", environment="prod"),
    *_members(1, "dev", tier="app", environment="dev"),
    replace(_members(1, "torn")[0], unclassified=("the required tag owner is missing",)),
]
RULES = [
    allow(between(VPN, PROD)),
    deny(between(PROD, DEV)),
    allow(within(DEV), "expires: 2026-06-01"),
    allow(within(tags(tier="app")), PROPOSED),
]


def _test(pair: str, expect: str) -> list[Problem]:
    policy = policy_of(*RULES, more=f"tests:\n  - {{pair: [{pair}], expect: {expect}}}\n")
    return [problem for problem in _lint(policy, TESTED) if problem.line == 8]


@pytest.mark.parametrize(
    ("pair", "expect"),
    [
        ("vpn0, app0", "allow"),
        ("app0, vpn0", "allow, by: a"),
        ("dev0, app0", "deny"),
        ("vpn0, dev0", "deny, by: b"),
        ("app0, app1", "deny"),
    ],
)
def test_a_test_that_holds(pair: str, expect: str) -> None:
    """The decision, and the rule that determines it."""
    assert _test(pair, expect) == []


@pytest.mark.parametrize(
    ("pair", "expect", "said"),
    [
        ("vpn0, app0", "deny", "expects deny for vpn0 and app0, and the policy says allow (a)"),
        ("vpn0, app0", "allow, by: c", "expects allow by c for vpn0 and app0, and the policy says allow (a); c expired on 2026-06-01"),
        ("vpn0, dev0", "allow", "and the policy says deny (b)"),
        ("vpn0, dev0", "deny, by: a", "expects deny by a for vpn0 and dev0, and the policy says deny (b)"),
        ("app0, app1", "deny, by: d", "and the policy says deny (no rule; proposed by d)"),
        ("app0, app1", "allow", "and the policy says deny (no rule; proposed by d)"),
    ],
)
def test_a_test_that_fails(pair: str, expect: str, said: str) -> None:
    """What was expected, what is decided, and by which rules."""
    (problem,) = _test(pair, expect)

    assert (problem.id, problem.severity, problem.incomplete) == ("failing-test", Severity.ERROR, False)
    assert said in problem.message


@pytest.mark.parametrize("expect", ["allow", "deny", "deny, by: b"])
def test_a_pair_that_cannot_be_decided_is_no_failure_of_the_policy(expect: str) -> None:
    """Something is to be repaired first."""
    (problem,) = _test("vpn0, torn0", expect)

    assert (problem.id, problem.incomplete) == ("failing-test", True)
    assert "it cannot be decided: torn0: the required tag owner is missing" in problem.message


def test_a_test_of_a_network_that_nobody_declares() -> None:
    """With the nearest name; while some request cannot be read it may well exist."""
    policy = policy_of(*RULES, more="tests:\n  - {pair: [vpn0, nobody], expect: deny}\n  - {pair: [ap0, vpn-0], expect: deny}\n")

    found = [problem for problem in _lint(policy, TESTED) if problem.id == "unknown-network"]
    unsure = [problem for problem in _lint(policy, TESTED, complete=False) if problem.id == "unknown-network"]

    assert [(problem.line, problem.value, problem.incomplete) for problem in found] == [
        (8, "nobody", False),
        (9, "ap0", False),
        (9, "vpn-0", False),
    ]
    assert [problem.remedy for problem in found] == [
        "correct the name, or remove it",
        'did you mean "app0"?',
        'did you mean "vpn0"?',
    ]
    assert [problem.incomplete for problem in unsure] == [True] * 3
    assert all(problem.remedy.startswith("some request could not be read, repair that first") for problem in unsure)


def test_accounts_that_nobody_declares() -> None:
    """In sides, exceptions and named selectors, each told once, with the nearest slug."""
    named = "selectors:\n  some: {accounts: [prod-pay, prod-pya]}\n"
    unless = "unless: [{within: {accounts: [gone]}, expires: 2027-01-01, reason: r}]"
    policy = policy_of(
        allow(within("{selector: some}")),
        allow(between("{selector: some}", "{accounts: [x]}")),
        deny(within(ANY), unless),
        more=named,
    )

    found = unknown_accounts(policy, {"prod-pay", "staging-pay"})

    assert _told(found) == [("unknown-account", 4, "x"), ("unknown-account", 5, "gone"), ("unknown-account", 7, "prod-pya")]
    assert 'the selector some names the account "prod-pya", and no request and no accounts.yaml has it' in found[2].message
    assert [problem.remedy for problem in found[1:]] == ["correct the name, or remove it", 'did you mean "prod-pay"?']
    assert [problem.incomplete for problem in unknown_accounts(policy, {"prod-pay"}, complete=False)] == [True] * 3
    assert unknown_accounts(policy, {"prod-pay", "prod-pya", "x", "gone"}) == []


def test_problems_come_in_order_of_line() -> None:
    """Whatever they are about, and the same each time."""
    policy = policy_of(allow(within(PROD), "expires: 2026-06-01"), allow(between(PROD, DEV), SAME), allow(within(ANY)))

    found = _lint(policy, _members(60, environment="prod"))

    assert [(problem.line, problem.id) for problem in found] == [(3, "expired"), (4, "dead-rule"), (5, "mesh"), (5, "rule-over-quota")]
    assert found == _lint(policy, _members(60, environment="prod")[::-1])
