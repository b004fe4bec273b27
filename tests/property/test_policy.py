"""What a policy means, rule by rule of the design; and that deciding everything at once is deciding every pair."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.peering.decide import SHOWN, decide
from generator.peering.feasibility import Limits
from generator.peering.model import Decision, Facts, Judgement, Key, Member, key
from generator.peering.plan import plan
from generator.peering.policy import Effect, Match, Operator, Policy, Requirement, Rule, Selector, Where, judge, on
from generator.ranges import parse
from tests.support import policies
from tests.support.policies import KEYS, naive

ANY = (Selector(), Selector())
QUICK = settings(max_examples=60, deadline=None)
RANDOM = st.integers(0, 2**32).map(random.Random)


@st.composite
def organizations(draw: st.DrawFn, most: int = 12) -> tuple[Policy, list[Member]]:
    """A policy of up to eight rules, and networks."""
    rnd = draw(RANDOM)
    members = policies.members(rnd, draw(st.integers(2, most)))
    return policies.policy(rnd, draw(st.integers(1, 8)), [member.name for member in members]), members


ORGANIZATIONS = organizations()
TAGS = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in KEYS.items()})
REQUIREMENTS = st.sampled_from(sorted(KEYS)).flatmap(
    lambda name: st.builds(
        Requirement,
        st.just(name),
        st.sampled_from([Operator.IN, Operator.NOT_IN]),
        st.lists(st.sampled_from(KEYS[name]), min_size=1, unique=True).map(tuple),
    )
)


def _member(name: str, tags: dict[str, str], region: str = "us-east-1") -> Member:
    return Member(name, name, region, tags)


def _decisions(policy: Policy, members: Sequence[Member]) -> dict[Key, Judgement]:
    return {key(one.name, other.name): judge(policy, one, other) for one, other in combinations(members, 2)}


def _of(decision: Decision, found: dict[Key, Judgement]) -> set[Key]:
    return {pair for pair, judgement in found.items() if judgement.decision is decision}


def _rule(rnd: random.Random, effect: Effect, members: Sequence[Member]) -> Rule:
    """One more rule, of an effect."""
    many = policies.policy(rnd, 40, [member.name for member in members]).rules
    return replace(next(rule for rule in many if rule.effect is effect and not rule.proposed), id="one-more")


# S1: what a rule matches


@QUICK
@given(ORGANIZATIONS)
def test_a_pair_has_no_direction(case: tuple[Policy, list[Member]]) -> None:
    """S1: neither for a rule, nor for the decision."""
    policy, members = case
    for one, other in combinations(members, 2):
        assert judge(policy, one, other).decision is judge(policy, other, one).decision
        assert [rule.match(one, other) for rule in policy.rules] == [rule.match(other, one) for rule in policy.rules]


@QUICK
@given(ORGANIZATIONS)
def test_a_rule_matches_what_its_parts_match(case: tuple[Policy, list[Member]]) -> None:
    """S1: sides one way or the other, and where, and no exception; the same as spelled out in the plainest words."""
    policy, members = case
    for one, other in combinations(members, 2):
        decision, rules = naive(policy, one, other)
        found = judge(policy, one, other)
        assert found.decision.value == decision
        assert frozenset(found.rules) == rules or (found.proposed and not rules)


# S2: what the matching rules decide


@QUICK
@given(ORGANIZATIONS, RANDOM, st.integers(-1, 12))
def test_the_order_of_rules_means_nothing(case: tuple[Policy, list[Member]], rnd: random.Random, most: int) -> None:
    """S2: a file means the same after a merge, and so does what is said of a crowd."""
    policy, members = case
    shuffled = replace(policy, rules=tuple(rnd.sample(policy.rules, len(policy.rules))))

    first, second = decide(policy, members, most), decide(shuffled, members, most)

    assert {**first.pairs}.keys() == {**second.pairs}.keys() and first.crowds == second.crowds
    assert (first.allowed, first.undetermined, first.denied) == (second.allowed, second.undetermined, second.denied)
    for pair, judgement in first.pairs.items():
        assert (judgement.decision, set(judgement.rules)) == (second.pairs[pair].decision, set(second.pairs[pair].rules))


@QUICK
@given(ORGANIZATIONS)
def test_any_deny_wins_and_nothing_is_allowed_by_default(case: tuple[Policy, list[Member]]) -> None:
    """S2: all determining rules are named."""
    policy, members = case
    for one, other in combinations([member for member in members if not (member.retiring or member.unclassified)], 2):
        matching = {rule for rule in policy.rules if rule.match(one, other) is Match.YES}
        denies = {rule.id for rule in matching if rule.effect is Effect.DENY}
        allows = {rule.id for rule in matching if rule.effect is Effect.ALLOW and not rule.proposed}
        found = judge(policy, one, other)
        if denies:
            assert found == Judgement(Decision.DENY, tuple(rule.id for rule in policy.rules if rule.id in denies))
        elif not allows:
            assert found.decision is Decision.DENY
        else:
            assert set(found.rules) == allows or found.decision is Decision.UNDETERMINED


# S3: more rules


@QUICK
@given(ORGANIZATIONS, RANDOM)
def test_one_more_deny_never_adds_a_pair(case: tuple[Policy, list[Member]], rnd: random.Random) -> None:
    """S3."""
    policy, members = case
    more = replace(policy, rules=(*policy.rules, _rule(rnd, Effect.DENY, members)))

    assert _of(Decision.ALLOW, _decisions(more, members)) <= _of(Decision.ALLOW, _decisions(policy, members))


@QUICK
@given(ORGANIZATIONS, RANDOM)
def test_one_more_allow_never_removes_a_pair(case: tuple[Policy, list[Member]], rnd: random.Random) -> None:
    """S3: what a deny left open stays open, and nothing that was not denied becomes so."""
    policy, members = case
    more = replace(policy, rules=(*policy.rules, _rule(rnd, Effect.ALLOW, members)))
    before, after = _decisions(policy, members), _decisions(more, members)

    assert _of(Decision.ALLOW, before) <= _of(Decision.ALLOW, after)
    assert _of(Decision.DENY, after) <= _of(Decision.DENY, before)


@QUICK
@given(ORGANIZATIONS)
def test_a_proposed_rule_changes_no_decision(case: tuple[Policy, list[Member]]) -> None:
    """It is shown where it alone would connect."""
    policy, members = case
    without = replace(policy, rules=tuple(rule for rule in policy.rules if not rule.proposed))
    real = replace(policy, rules=tuple(replace(rule, proposed=False) for rule in policy.rules))
    with_, plain, granted = (_decisions(each, members) for each in (policy, without, real))

    assert {pair: found.decision for pair, found in with_.items()} == {pair: found.decision for pair, found in plain.items()}
    shown = {pair for pair, found in with_.items() if found.proposed}
    assert shown == {pair for pair in _of(Decision.DENY, with_) if granted[pair].decision is not Decision.DENY}


# S4, S6: absence


@given(REQUIREMENTS, TAGS)
def test_a_negative_list_means_none_of_it(requirement: Requirement, tags: dict[str, str]) -> None:
    """S4: a value that equals one entry is out, however many others it differs from; absence matches, but not fully."""
    value = tags.get(requirement.key)
    listed = value in requirement.values
    wanted = {
        Operator.IN: Match.YES if listed else Match.NO,
        Operator.NOT_IN: Match.BY_ABSENCE if value is None else Match.NO if listed else Match.YES,
    }

    assert requirement.match(tags) is wanted[requirement.operator]


@given(st.sampled_from(sorted(KEYS)), TAGS)
def test_the_two_operators_without_values_ask_for_the_key(name: str, tags: dict[str, str]) -> None:
    """S4: whatever its value is."""
    there = name in tags

    assert Requirement(name, Operator.EXISTS).match(tags) is (Match.YES if there else Match.NO)
    assert Requirement(name, Operator.DOES_NOT_EXIST).match(tags) is (Match.NO if there else Match.BY_ABSENCE)


@QUICK
@given(ORGANIZATIONS)
def test_absence_never_connects(case: tuple[Policy, list[Member]]) -> None:
    """S4: of an allowed pair, everything that an allow asked about was there on both sides, and so for an exception that let it be."""
    policy, members = case
    for (one, other), found in _judged(policy, members):
        if found.decision is Decision.ALLOW:
            for rule in (rule for rule in policy.rules if rule.id in found.rules):
                keys = [{each.key for each in side.requirements} for side in rule.sides]
                ways = [(one, other), (other, one)]
                assert any(all(names <= set(side.tags) for names, side in zip(keys, way, strict=True)) for way in ways)


def _judged(policy: Policy, members: Sequence[Member]) -> list[tuple[tuple[Member, Member], Judgement]]:
    return [((one, other), judge(policy, one, other)) for one, other in combinations(members, 2)]


@QUICK
@given(ORGANIZATIONS)
def test_a_deny_that_matches_by_absence_leaves_open(case: tuple[Policy, list[Member]]) -> None:
    """S4, S11: it neither connects nor disconnects."""
    policy, members = case
    for (one, other), found in _judged(policy, members):
        if found.decision is Decision.UNDETERMINED and not (one.unclassified or other.unclassified):
            matches = {rule.match(one, other) for rule in policy.rules if rule.id in found.rules}
            assert matches == {Match.BY_ABSENCE} and "tag is absent" in found.why


@given(TAGS, TAGS, st.sampled_from(sorted(KEYS)))
def test_absent_tags_are_not_equal(one: dict[str, str], other: dict[str, str], name: str) -> None:
    """S6: both must have the tag, with one value, case and all."""
    same = name in one and name in other and one[name] == other[name]

    assert Where((name,)).match(_member("a", one), _member("b", other)) is same
    assert not Where((name,)).match(_member("a", {name: "prod"}), _member("b", {name: "Prod"}))


# S5, S11: what is not known


@QUICK
@given(ORGANIZATIONS, st.data())
def test_an_unclassified_network_is_neither_connected_nor_disconnected(case: tuple[Policy, list[Member]], data: st.DataObject) -> None:
    """S5, S11: whatever was decided about its pairs before; only a side that retires is denied."""
    policy, members = case
    lost = data.draw(st.sampled_from(members))
    unread = replace(lost, tags={}, retiring="", unclassified=("the required tag owner is missing",))
    for other in members:
        if other is not lost:
            wanted = Decision.DENY if other.retiring else Decision.UNDETERMINED
            assert judge(policy, unread, other).decision is wanted


@QUICK
@given(ORGANIZATIONS, st.data())
def test_a_lost_tag_never_makes_a_deny_match(case: tuple[Policy, list[Member]], data: st.DataObject) -> None:
    """S11: without exceptions, which need their tags, no rule that did not deny a pair denies it once a tag is gone."""
    policy, members = case
    policy = replace(policy, rules=tuple(replace(rule, unless=()) for rule in policy.rules))
    one, other = data.draw(st.sampled_from(members)), data.draw(st.sampled_from(members))
    lost = data.draw(st.sets(st.sampled_from(sorted(KEYS))))
    less = replace(one, tags={name: value for name, value in one.tags.items() if name not in lost})

    denies = [{rule.id for rule in policy.of(Effect.DENY) if rule.match(each, other) is Match.YES} for each in (one, less)]

    assert denies[1] <= denies[0]


# S8: days


@QUICK
@given(ORGANIZATIONS, RANDOM)
def test_what_has_expired_is_as_if_it_were_not_written(case: tuple[Policy, list[Member]], rnd: random.Random) -> None:
    """S8: the last day itself still counts; a deny never ends, and its exceptions do."""
    policy, members = case
    written = policies.expiring(rnd, policy)
    for day in policies.DAYS:
        rules = [rule for rule in written.rules if rule.effect is Effect.DENY or (rule.expires or "9") >= day]
        living = [replace(rule, unless=tuple(clause for clause in rule.unless if clause.expires >= day), expires=None) for rule in rules]

        assert decide(on(written, day), members) == decide(Policy(tuple(living)), members)


def test_the_last_day_is_a_whole_day() -> None:
    """S8: it ends with the day after it."""
    one, other = _member("a", {}), _member("b", {})
    policy = Policy((Rule("r", Effect.ALLOW, ANY, "why", expires="2026-12-31"),))

    found = {day: judge(on(policy, day), one, other).decision for day in ("2026-12-30", "2026-12-31", "2027-01-01")}

    assert list(found.values()) == [Decision.ALLOW, Decision.ALLOW, Decision.DENY]


# S9, S10: what goes in, and what comes out


@QUICK
@given(ORGANIZATIONS, RANDOM)
def test_nothing_that_a_workload_can_write_decides(case: tuple[Policy, list[Member]], rnd: random.Random) -> None:
    """S9: declared tags, the account and its region do; what AWS says of a network, and where it is written, do not."""
    policy, members = case

    def touched(member: Member) -> Member:
        blocks = (parse(f"10.{rnd.randrange(256)}.0.0/16"),)
        facts = Facts("111122223333", rnd.choice(("ACTIVE", "SUSPENDED")), True, "vpc-1", blocks, ("rtb-1",), True, {"peerings": 1})
        return replace(member, facts=facts, file="elsewhere.tf", line=rnd.randrange(99))

    assert decide(policy, members) == decide(policy, [touched(member) for member in members])


@QUICK
@given(ORGANIZATIONS, RANDOM)
def test_the_order_of_reading_changes_nothing(case: tuple[Policy, list[Member]], rnd: random.Random) -> None:
    """S10: the plan is the same down to its order."""
    policy, members = case
    limits = Limits(3, 500, frozenset(policies.REGIONS))

    first, second = (repr(plan(policy, each, {}, limits)) for each in (members, rnd.sample(members, len(members))))

    assert first == second


# All decisions at once


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


@settings(max_examples=150, deadline=None)
@given(organizations(most=30), st.integers(0, 30))
def test_deciding_everything_is_deciding_every_pair(case: tuple[Policy, list[Member]], most: int) -> None:
    """Classes, joins and counts lead to what the plain evaluator says; `most` is where a crowd begins."""
    _agree(*case, most)


@pytest.mark.parametrize("seed", range(6))
def test_deciding_a_large_organization(seed: int) -> None:
    """The same for three hundred accounts."""
    rnd = random.Random(seed)
    members = policies.members(rnd, 300)
    policy = policies.policy(rnd, rnd.choice((2, 4, 8)), [member.name for member in members])

    _agree(policy, members, rnd.choice((3, 20, 80, 300)))


@pytest.mark.parametrize("seed", range(8))
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
        _member(f"n{number:03}", {name: rnd.choice(values) for name in keys if rnd.random() < 0.9}, rnd.choice(policies.REGIONS))
        for number in range(130)
    ]

    _agree(Policy(tuple(rules)), members, rnd.choice((5, 60, 130)))


@pytest.mark.parametrize("proposed", [False, True])
def test_an_allow_that_denies_mostly_cancel(proposed: bool) -> None:
    """Everybody may meet everybody but those who agree in one of many things: next to no pair is left, and it is found."""
    rnd = random.Random(5)
    keys = [f"k{number}" for number in range(6)]
    members = [_member(f"n{number:03}", {name: rnd.choice("ab") for name in keys}) for number in range(150)]
    members += [_member("x", dict.fromkeys(keys, "other")), _member("y", {})]
    denies = [Rule(name, Effect.DENY, ANY, "why", Where((name,))) for name in keys]
    policy = Policy((Rule("all", Effect.ALLOW, ANY, "why", proposed=proposed), *denies))

    _agree(policy, members, 150)


def test_a_crowd_names_every_rule_that_makes_it() -> None:
    """Not the one that happens to be written first; and none that makes no pair."""
    far = (Selector(), Selector((Requirement("k", Operator.IN, ("far",)),)))
    rules = [Rule("b", Effect.ALLOW, ANY, "why"), Rule("a", Effect.ALLOW, ANY, "why"), Rule("none", Effect.ALLOW, far, "why")]
    members = [_member(f"n{number}", {"k": "near"}) for number in range(9)]

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
    members = [_member(f"n{number}", {}) for number in range(20_000)]

    found = decide(Policy(tuple(rules)), members)

    assert len(found.pairs) == SHOWN and {judgement.decision for judgement in found.pairs.values()} == {decision}
    assert (found.allowed, found.denied + found.undetermined) == (0, 20_000 * 19_999 // 2)


def test_many_different_conditions_are_counted_quickly() -> None:
    """Rules that compare different tags: their combinations are added up, not listed; there would be a million million."""
    names = [f"key{number}" for number in range(6)]
    rnd = random.Random(1)
    members = [_member(f"n{number}", {name: rnd.choice("abc") for name in names}) for number in range(60)]
    twos = [Rule("-".join(each), Effect.ALLOW, ANY, "why", Where(each)) for each in combinations(names, 2)]
    threes = [Rule("-".join(each), Effect.DENY, ANY, "why", Where(each)) for each in combinations(names, 3)]

    _agree(Policy((*twos, *threes)), members, 1000)
