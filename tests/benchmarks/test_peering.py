"""The planner's goals: 20 rules, 8 tag keys; the naive evaluator of the tests is the measure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations

import pytest

from generator.peering.decide import decide
from generator.peering.feasibility import Limits
from generator.peering.plan import plan
from tests.benchmarks import organizations
from tests.benchmarks.conftest import Ratio, fastest
from tests.support.policies import naive

LIMITS = Limits(50, 500, frozenset({"us-east-1", "eu-west-1"}))
POLICY = organizations.policy()


def _deciding(number: int) -> Callable[[], object]:
    members = organizations.members(number)
    return lambda: decide(POLICY, members)


def test_deciding_ten_thousand_accounts(ratio: Ratio) -> None:
    """All pairs of ten thousand networks, against the naive evaluator on those of five hundred."""
    few = organizations.members(500)

    def naively() -> list[object]:
        return [naive(POLICY, *pair) for pair in combinations(few, 2)]

    assert len(POLICY.rules) == 20
    ratio("deciding 10,000 accounts, against the naive evaluator at 500", fastest(_deciding(10_000), 3), fastest(naively, 1), most=1)


@pytest.mark.parametrize("name", ["environment", "domain", "mostly-cancelled", "drawn-1", "drawn-2"])
def test_deciding_ten_thousand_accounts_of_few_values(ratio: Ratio, name: str) -> None:
    """The same where a rule compares a tag of few values, where conditions take nearly everything away, and for rules drawn at random."""
    policies = {"mostly-cancelled": organizations.mostly_cancelled, **{f"drawn-{n}": partial(organizations.drawn, n) for n in (1, 2)}}
    policy = policies.get(name, partial(organizations.few_values, name))()
    few, many = organizations.members(500), organizations.members(10_000)

    def naively() -> list[object]:
        return [naive(policy, *pair) for pair in combinations(few, 2)]

    assert len(policy.rules) == 20
    what = f"deciding 10,000 accounts ({name}), against the naive evaluator at 500"
    ratio(what, fastest(lambda: decide(policy, many), 2), fastest(naively, 1), most=0.5)


def test_growth_of_deciding(ratio: Ratio) -> None:
    """Five times the networks may take eight times as long."""
    ratio("deciding 50,000 accounts, against 10,000", fastest(_deciding(50_000), 2), fastest(_deciding(10_000), 3), most=8)


def test_growth_of_the_whole_plan(ratio: Ratio) -> None:
    """The same with feasibility: ranges, quotas, routes."""

    def planning(number: int) -> Callable[[], object]:
        members = organizations.members(number)
        return lambda: plan(POLICY, members, {}, LIMITS)

    ratio("planning 20,000 accounts, against 4,000", fastest(planning(20_000), 2), fastest(planning(4_000), 3), most=8)


def test_a_hub_over_its_quota(ratio: Ratio) -> None:
    """A rule that connects one network with thousands costs little: its pairs are counted and not made."""
    crowded, plain = (organizations.hub(5_000, rule=rule) for rule in (True, False))

    def planning(case: tuple[object, object]) -> Callable[[], object]:
        return lambda: plan(case[0], case[1], {}, LIMITS)  # type: ignore[arg-type]

    assert list(plan(*crowded, {}, LIMITS).crowds) == ["n000000"]
    ratio(
        "a plan with a hub over its quota, against one without its rule", fastest(planning(crowded), 3), fastest(planning(plain), 3), most=2
    )
