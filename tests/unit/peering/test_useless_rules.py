"""Rules that decide nothing, over everything the tag schema admits: what is told, what is not, and that both are right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.organization.model import Organization, TagRule
from generator.peering import lint as linting
from generator.peering.lint import lint
from generator.peering.model import Decision, Member
from generator.peering.policy import Effect, Match, Policy, Rule, judge, on
from generator.problems import Severity
from tests.support import policies
from tests.support.rules import (
    ANY,
    CONVENTIONS,
    DEV,
    EXCEPT,
    LATER,
    NEAR,
    NOT_PROD,
    PROD,
    PROPOSED,
    SAME,
    STAGING,
    VPN,
    X_APP,
    X_VPN,
    allow,
    between,
    deny,
    expressions,
    policy_of,
    tags,
    within,
)

DAY = "2026-06-15"
SEVERITIES = {"dead-rule": Severity.WARNING, "allow-covered-by-deny": Severity.ERROR}


def _useless(*rules: str) -> dict[str | None, str]:
    """What is told about rules that decide nothing, by rule."""
    found = lint(policy_of(*rules), CONVENTIONS, (), DAY, 50)
    problems = [problem for problem in found if problem.id in SEVERITIES]
    lines = {name: number for number, name in enumerate("abcdef", 3)}
    assert all(problem.line == lines[problem.value or ""] for problem in problems)
    assert all(problem.severity is SEVERITIES[problem.id] for problem in problems)
    return {problem.value: f"{problem.id}: {problem.message}" for problem in problems}


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        # another rule is wider, or equal: of two equal ones the later is told
        ([allow(within(PROD)), allow(within(ANY))], {"a": "every pair it matches is decided by b already"}),
        ([allow(between(PROD, VPN)), allow(between(VPN, PROD))], {"b": "by a already"}),
        ([allow(within(PROD)), allow(within(ANY), SAME)], {"a": "by b already"}),
        ([allow(within(VPN), NEAR), allow(within(VPN))], {"a": "by b already"}),
        ([allow(within("{accounts: [x]}")), allow(within("{accounts: [x, y]}"))], {"a": "by b already"}),
        ([deny(between(PROD, DEV)), deny(between(PROD, NOT_PROD))], {"a": "the deny a decides nothing"}),
        ([deny(between(PROD, expressions("pci NotIn no"))), deny(between(PROD, expressions("pci DoesNotExist")))], {"b": "by a already"}),
        ([deny(between(PROD, ANY), EXCEPT + "2027-01-01}]")] * 2, {"b": "by a already"}),
        # a match by absence does not take the place of a full one
        (
            [
                *(deny(between(PROD, expressions("environment In dev", f"pci {word}"))) for word in ("DoesNotExist", "Exists")),
                deny(between(PROD, DEV)),
            ],
            {"a": "by c already", "b": "by c already"},
        ),
        ([allow(within(PROD), LATER), allow(within(ANY))], {"a": "by b already"}),
        ([allow(within(PROD), PROPOSED), allow(within(ANY))], {"a": "by b already"}),
        ([allow(within(PROD), PROPOSED), allow(within(ANY), PROPOSED)], {"a": "by b already"}),
        # several together, and no more than it takes
        ([allow(between(VPN, PROD)), allow(between(VPN, NOT_PROD)), allow(between(VPN, ANY))], {"c": "by a, b already"}),
        (
            [allow(between(VPN, side)) for side in (ANY, PROD, STAGING, DEV)],
            {"b": "by a already", "c": "by a already", "d": "by a already"},
        ),
        ([allow(between(VPN, PROD)), deny(between(VPN, NOT_PROD)), allow(between(VPN, ANY))], {"c": "decided by a, b already"}),
        # nothing can match
        ([allow(between(PROD, DEV), SAME)], {"a": "can match no pair: its sides never agree in environment"}),
        ([allow(between(X_VPN, X_APP))], {"a": "can match no pair: no two networks can meet both its sides"}),
        # everything is denied
        ([allow(between(PROD, DEV)), deny(between(PROD, NOT_PROD))], {"a": "allow-covered-by-deny: the allow a allows nothing"}),
        (
            [allow(between(PROD, NOT_PROD), PROPOSED), deny(between(PROD, DEV)), deny(between(PROD, STAGING))],
            {"a": "every pair it matches is denied by b, c"},
        ),
    ],
)
def test_a_rule_that_decides_nothing(rules: list[str], told: dict[str, str]) -> None:
    """Over the schema, and whatever day comes."""
    found = _useless(*rules)

    assert found.keys() == told.keys()
    assert all(part in found[name] for name, part in told.items())


@pytest.mark.parametrize(
    "rules",
    [
        # a little wider than the other
        [allow(within(PROD)), allow(between(PROD, VPN))],
        [allow(within(ANY), SAME), allow(between(PROD, ANY))],
        [allow(within(VPN), NEAR), allow(within(VPN), SAME)],
        [allow(within("{accounts: [x, z]}")), allow(within("{accounts: [x, y]}"))],
        [allow(between(VPN, PROD)), allow(between(VPN, DEV)), allow(between(tags(tier="vpn", owner="ml"), ANY))],
        [allow(between(tags(owner="ml"), ANY)), allow(between(tags(owner="web"), ANY)), allow(between(VPN, ANY))],
        # a deny that nothing allows is a guard; one that matches by absence leaves open what another one denies
        [deny(between(PROD, DEV))],
        [deny(between(PROD, expressions("pci DoesNotExist"))), deny(between(PROD, tags(pci="yes")))],
        [allow(between(VPN, tags(pci="yes"))), deny(between(VPN, tags(pci="no")))],
        # the other one ends first, or is only proposed, or has exceptions
        [allow(within(PROD)), allow(within(ANY), LATER)],
        [allow(within(PROD), "expires: 2028-01-01"), allow(within(ANY), LATER)],
        [allow(within(PROD)), allow(within(ANY), PROPOSED)],
        [allow(within("{accounts: [x, y]}")), deny(within(ANY), EXCEPT + "2027-01-01}]")],
        # two networks of one account have its tags, two accounts have any; and a hub has two networks
        [allow(between(X_VPN, "{accounts: [y], matchTags: {tier: app}}"))],
        [allow(within("{accounts: [x]}"))],
        [allow(within(PROD), SAME)],
    ],
)
def test_a_rule_that_decides_something(rules: list[str]) -> None:
    """Nearly the same rules; nothing is said of them."""
    assert _useless(*rules) == {}


def test_an_exception_only_takes_away_while_it_lives() -> None:
    """A deny that it makes dead today decides tomorrow; the allow that lived by it is told once it has ended."""
    lives, ended = (f"{EXCEPT}{day}}}]" for day in ("2026-06-15", "2026-06-14"))
    sides = between("{accounts: [x]}", "{accounts: [y]}")

    assert _useless(deny(sides, lives)) == _useless(allow(sides), deny(within(ANY), lives)) == {}
    assert "every pair it matches is denied by b" in _useless(allow(sides), deny(within(ANY), ended))["a"]


def test_beyond_its_bound_it_says_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that it says nothing: the rest is as always."""
    monkeypatch.setattr(linting, "BOUND", 0)
    policy = policy_of(allow(within(PROD)), allow(within(ANY)), allow(within(expressions("tier In app", "tier In vpn"))))

    found = {problem.id: problem for problem in lint(policy, CONVENTIONS, (), DAY, 50)}

    assert found.keys() == {"unsatisfiable-selector", "lint-bound"}
    assert found["lint-bound"].severity is Severity.NOTE and found["lint-bound"].message.endswith(": a, b")


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[Policy, Organization, list[Member]]:
    """A policy about two tags and two accounts, a schema, and every network that there may be, as far as that matters."""
    rnd = random.Random(draw(st.integers(0, 2**32)))
    values = {"environment": ("prod", "dev"), "tier": ("app", "vpn"), "pci": ("yes", "no"), "team": ("a", "b")}
    keys = {key: values[key] for key in rnd.sample(sorted(values), 2)}
    policy = policies.expiring(rnd, policies.policy(rnd, rnd.choice((1, 2, 3, 4)), ["x", "y"], keys))
    rules = {
        "environment": TagRule(required=True),
        "tier": TagRule(required=True, values=values["tier"]),
        "pci": TagRule(pattern="yes|no"),
        "team": TagRule(pattern="[a-z]+"),
    }
    environments = {name: CONVENTIONS.environments[name] for name in values["environment"]}
    every = {**values, "pci": ("yes", "no", None), "team": ("a", "b", "c", "d", None)}
    tagged = [dict(zip(keys, each, strict=True)) for each in product(*(every[key] for key in keys))]
    members = [
        Member(f"{account}-{region}-{number}", account, region, {key: value for key, value in found.items() if value is not None})
        for number, found in enumerate(tagged)
        for account in ("x", "y", "else", "another")
        for region in policies.REGIONS
    ]
    return policy, replace(CONVENTIONS, environments=environments, tags=rules), members


@settings(max_examples=15, deadline=None)
@given(_worlds())
def test_what_is_told_is_true_of_all_networks_and_nothing_is_left_out(case: tuple[Policy, Organization, list[Member]]) -> None:
    """Without all rules that are told every decision is the same, on every day; and each other rule decides something, on some day."""
    policy, organization, members = case
    first, days = policies.DAYS[0], (*policies.DAYS, "2027-01-02")
    found = lint(policy, organization, [], first, 50)
    told = {problem.value for problem in found if problem.id in SEVERITIES}
    both = combinations_with_replacement(members, 2)
    pairs = [(one, other) for one, other in both if one.account != other.account or one.tags == other.tags]
    impossible = {side for side in policy.sides() if not any(side.match(member) for member in members)}
    assert any(problem.id == "unsatisfiable-selector" for problem in found) == bool(impossible)

    less = replace(policy, rules=tuple(rule for rule in policy.rules if rule.id not in told))
    for day in days:
        before, after = on(policy, day), on(less, day)
        assert all(_decided(before, pair) == _decided(after, pair) for pair in pairs)
    for rule in on(less, first).rules:
        if not impossible & {*rule.sides}:
            assert any(_decides(rule.id, on(less, day), pairs) for day in days)


def _decided(policy: Policy, pair: tuple[Member, Member]) -> tuple[Decision, bool]:
    found = judge(policy, *pair)
    return found.decision, found.proposed


def _decides(id: str, policy: Policy, pairs: Sequence[tuple[Member, Member]]) -> bool:
    """Does a rule match a pair that no other rule decides as it does? A deny counts where nothing is allowed, too."""
    rule = policy.rule(id)
    others = [other for other in policy.rules if other is not rule]
    return rule is not None and any(
        not any(_replaces(other, other.match(*pair), rule, found) for other in others)
        for pair in pairs
        if (found := rule.match(*pair)) is Match.YES or (found is Match.BY_ABSENCE and rule.effect is Effect.DENY)
    )


def _replaces(other: Rule, match: Match, rule: Rule, found: Match) -> bool:
    """Is a pair decided as well without the rule?"""
    if rule.effect is Effect.DENY:
        return other.effect is Effect.DENY and match >= found
    return match is Match.YES and (other.effect is Effect.DENY or rule.proposed or not other.proposed)
