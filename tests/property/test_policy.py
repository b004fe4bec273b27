"""What a policy means, rule by rule of the design."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from generator.peering.decide import decide
from generator.peering.feasibility import Limits
from generator.peering.model import Decision, Facts, Judgement, Key, Member, key
from generator.peering.plan import plan
from generator.peering.policy import Effect, Match, Operator, Policy, Requirement, Rule, Selector, Where, judge, on
from generator.ranges import parse
from tests.property.organizations import ORGANIZATIONS, QUICK, RANDOM, tagged
from tests.support import policies
from tests.support.policies import KEYS, naive

ANY = (Selector(), Selector())
TAGS = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in KEYS.items()})
REQUIREMENTS = st.sampled_from(sorted(KEYS)).flatmap(
    lambda name: st.builds(
        Requirement,
        st.just(name),
        st.sampled_from([Operator.IN, Operator.NOT_IN]),
        st.lists(st.sampled_from(KEYS[name]), min_size=1, unique=True).map(tuple),
    )
)


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

    assert Where((name,)).match(tagged("a", one), tagged("b", other)) is same
    assert not Where((name,)).match(tagged("a", {name: "prod"}), tagged("b", {name: "Prod"}))


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
    one, other = tagged("a", {}), tagged("b", {})
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
