"""The planner's goals: 20 rules, 8 tag keys; the naive evaluator of the tests is the measure."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from itertools import combinations, islice
from pathlib import Path

import pytest

from generator.cli.workspace import bundled, today
from generator.files import FileSet, MemoryTree, Part, Remembered
from generator.landing_zone.load import load
from generator.peering.decide import decide
from generator.peering.existing import directory
from generator.peering.feasibility import Limits
from generator.peering.model import Key
from generator.peering.plan import plan
from generator.peering.stack_files import PeeringFiles, copy_of_lock
from generator.repository.changes import Verb, compare
from generator.repository.worktree import WorkTree
from tests.benchmarks import organizations
from tests.benchmarks.conftest import Memory, Ratio, fastest
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
    policy = {
        "environment": organizations.few_values("environment"),
        "domain": organizations.few_values("domain"),
        "mostly-cancelled": organizations.mostly_cancelled(),
        "drawn-1": organizations.drawn(1),
        "drawn-2": organizations.drawn(2),
    }[name]
    few, many = organizations.members(500), organizations.members(10_000)

    def naively() -> list[object]:
        return [naive(policy, *pair) for pair in combinations(few, 2)]

    assert len(policy.rules) == 20
    what = f"deciding 10,000 accounts ({name}), against the naive evaluator at 500"
    ratio(what, fastest(lambda: decide(policy, many), 2), fastest(naively, 1), most=0.5)


def test_growth_of_deciding(ratio: Ratio) -> None:
    """Five times the networks may take eight times as long."""
    ratio("deciding 50,000 accounts, against 10,000", fastest(_deciding(50_000), 2), fastest(_deciding(10_000), 3), most=8)


@pytest.mark.usefixtures("as_in_a_command")
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


class _Written(MemoryTree):
    """A tree whose files are read from a disk: every time others that are equal."""

    def read(self, path: str) -> bytes | None:
        found = super().read(path)
        return None if found is None else bytes(bytearray(found))


@pytest.mark.parametrize("current", [True, False])
def test_peak_memory_of_ninety_five_thousand_pairs(zones: Callable[[int], Path], current: bool, memory: Memory) -> None:
    """In process, on five thousand pairs: comparing the files of all pairs with a tree that holds them, or none of them yet."""
    zone = load(WorkTree(zones(10)), bundled(), today())
    members = {member.name: member for member in organizations.members(200)}
    render, lock = PeeringFiles(zone.renderer), b"# lock\n" * 200

    def part(pair: Key) -> Part:
        build = lambda: {**render.constant(pair), **copy_of_lock(pair, lock), **render.deciding(pair, members, None)}  # noqa: E731
        return Part(directory(pair), pair, build)

    wanted = [part(pair) for pair in islice(combinations(sorted(members), 2), 5000)]
    there = {path: file.body for path, file in FileSet(wanted).files.items()} if current else {}
    tree = Remembered(_Written(there))
    tracemalloc.start()
    try:
        found = compare(FileSet(wanted), tree)
        peak = tracemalloc.get_traced_memory()[1] / 5000 * 95_000 / 2**20
    finally:
        tracemalloc.stop()

    assert {change.verb for change in found} == {Verb.IDENTICAL if current else Verb.CREATE}
    memory(f"peak memory of comparing 95,000 pairs ({'current' if current else 'new'})", peak, 400)
