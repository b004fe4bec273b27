"""Deciding everything at once is deciding every pair, however large the organization and whatever its rules compare."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.peering.decide import SHOWN, decide
from generator.peering.model import Decision, Judgement, Key, Member, key
from generator.peering.policy import Effect, Operator, Policy, Requirement, Rule, Selector, Where, judge
from tests.property.organizations import organizations, tagged
from tests.support import policies
from tests.support.policies import naive

ANY = (Selector(), Selector())


def _agree(policy: Policy, members: Sequence[Member], most: int) -> None:
    """`decide` says of an organization what the plain evaluator says of every pair."""
    found = decide(policy, members, most)
    pairs = {key(one.name, other.name): (naive(policy, one, other), (one, other)) for one, other in combinations(members, 2)}
    counts = Counter(decision for (decision, _), _ in pairs.values())
    wanted = Counter(name for pair, ((decision, _), _) in pairs.items() if decision == "allow" for name in pair)
    crowds = {name: number for name, number in wanted.items() if number > most}

    assert (found.allowed, found.undetermined, found.denied) == (counts["allow"], counts["undetermined"], counts["deny"])
    assert {name: crowd.wanted for name, crowd in found.crowds.items()} == crowds
    unclear = {member.name for member in members if member.unclassified}
    told: dict[str, dict[Key, Judgement]] = {"allow": {}, "undetermined": {}, "deny": {}}
    for pair, ((decision, _), sides) in pairs.items():
        judgement = judge(policy, *sides) if not {*pair} & ({*crowds} | unclear) else None
        if judgement is not None and (decision != "deny" or judgement.proposed):
            told[decision][pair] = judgement
    for decision, expected in told.items():
        made = {pair: judgement for pair, judgement in found.pairs.items() if judgement.decision.value == decision}
        assert made == expected or (decision != "allow" and len(made) == SHOWN and made.items() <= expected.items())


def some(seeds: Iterable[int]) -> list[Any]:
    """Two of them in every run, the others with those that only wait."""
    return [seed if seed < 2 else pytest.param(seed, marks=pytest.mark.slow) for seed in seeds]


@settings(max_examples=150, deadline=None)
@given(organizations(most=30), st.integers(0, 30))
def test_deciding_everything_is_deciding_every_pair(case: tuple[Policy, list[Member]], most: int) -> None:
    """Classes, joins and counts lead to what the plain evaluator says; `most` is where a crowd begins."""
    _agree(*case, most)


@pytest.mark.parametrize("seed", some(range(6)))
def test_deciding_a_large_organization(seed: int) -> None:
    """The same for three hundred accounts."""
    rnd = random.Random(seed)
    members = policies.members(rnd, 300)
    policy = policies.policy(rnd, rnd.choice((2, 4, 8)), [member.name for member in members])

    _agree(policy, members, rnd.choice((3, 20, 80, 300)))


@pytest.mark.parametrize("seed", some(range(8)))
def test_deciding_where_many_rules_compare_tags_of_few_values(seed: int) -> None:
    """Large joins: each rule compares something, tags are absent here and there, and many networks are alike."""
    rnd = random.Random(seed)
    values = ("a", "b", "c", "d")[: rnd.choice((2, 4))]
    keys = {name: values for name in ("k1", "k2", "k3", "k4")}
    rules = []
    for rule in policies.policy(rnd, 20, [], keys).rules:
        where = Where(tuple(sorted(rnd.sample(sorted(keys), rnd.choice((1, 1, 2))))), rnd.random() < 0.3)
        wide = rule.effect is Effect.ALLOW and rnd.random() < 0.4
        rules.append(replace(rule, where=where, sides=ANY if wide else rule.sides))
    members = [
        tagged(f"n{number:03}", {name: rnd.choice(values) for name in keys if rnd.random() < 0.9}, rnd.choice(policies.REGIONS))
        for number in range(130)
    ]

    _agree(Policy(tuple(rules)), members, rnd.choice((5, 60, 130)))


@pytest.mark.parametrize("proposed", [False, True])
def test_an_allow_that_denies_mostly_cancel(proposed: bool) -> None:
    """Everybody may meet everybody but those who agree in one of many things: next to no pair is left, and it is found."""
    rnd = random.Random(5)
    keys = [f"k{number}" for number in range(6)]
    members = [tagged(f"n{number:03}", {name: rnd.choice("ab") for name in keys}) for number in range(150)]
    members += [tagged("x", dict.fromkeys(keys, "other")), tagged("y", {})]
    denies = [Rule(name, Effect.DENY, ANY, "why", Where((name,))) for name in keys]
    policy = Policy((Rule("all", Effect.ALLOW, ANY, "why", proposed=proposed), *denies))

    _agree(policy, members, 150)


def test_a_crowd_names_every_rule_that_makes_it() -> None:
    """Not the one that happens to be written first; and none that makes no pair."""
    far = (Selector(), Selector((Requirement("k", Operator.IN, ("far",)),)))
    rules = [Rule("b", Effect.ALLOW, ANY, "why"), Rule("a", Effect.ALLOW, ANY, "why"), Rule("none", Effect.ALLOW, far, "why")]
    members = [tagged(f"n{number}", {"k": "near"}) for number in range(9)]

    found = [decide(Policy(tuple(each)), members, 5).crowds for each in (rules, rules[::-1])]

    assert found[0] == found[1] and {crowd.rules for crowd in found[0].values()} == {("a", "b")} and len(found[0]) == 9


@pytest.mark.parametrize(
    ("effect", "proposed", "decision"), [(Effect.ALLOW, True, Decision.DENY), (Effect.DENY, False, Decision.UNDETERMINED)]
)
def test_what_is_only_shown_is_counted_and_not_all_made(effect: Effect, proposed: bool, decision: Decision) -> None:
    """A proposed rule, or a deny that leaves everything open, may be about a thousand million pairs."""
    absent = (Selector(), Selector((Requirement("pci", Operator.NOT_IN, ("yes",)),)))
    rules = [Rule("wide", effect, ANY if effect is Effect.ALLOW else absent, "why", proposed=proposed)]
    rules += [Rule("base", Effect.ALLOW, ANY, "why")] if effect is Effect.DENY else []
    members = [tagged(f"n{number}", {}) for number in range(20_000)]

    found = decide(Policy(tuple(rules)), members)

    assert len(found.pairs) == SHOWN and {judgement.decision for judgement in found.pairs.values()} == {decision}
    assert (found.allowed, found.denied + found.undetermined) == (0, 20_000 * 19_999 // 2)


def test_many_different_conditions_are_counted_quickly() -> None:
    """Rules that compare different tags: their combinations are added up, not listed; there would be a million million."""
    names = [f"key{number}" for number in range(6)]
    rnd = random.Random(1)
    members = [tagged(f"n{number}", {name: rnd.choice("abc") for name in names}) for number in range(60)]
    twos = [Rule("-".join(each), Effect.ALLOW, ANY, "why", Where(each)) for each in combinations(names, 2)]
    threes = [Rule("-".join(each), Effect.DENY, ANY, "why", Where(each)) for each in combinations(names, 3)]

    _agree(Policy((*twos, *threes)), members, 1000)
