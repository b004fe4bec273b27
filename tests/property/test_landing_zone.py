"""Everything generated follows from what people wrote, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.accounts.add import NetworkSpec, Spec
from generator.accounts.model import FOLDER, slug
from generator.files import MemoryTree, safe_path
from generator.landing_zone.add import Outcome
from generator.landing_zone.desired import desired
from generator.landing_zone.lint import lint
from generator.problems import Severity
from generator.repository.changes import compare
from tests.support import zones

WORD = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
OWNER = st.from_regex(r"[a-z][a-z0-9-]{1,10}", fullmatch=True)
TIER = st.sampled_from(["app", "data", "shared", "vpn"])
ENVIRONMENT = st.sampled_from(["prod", "staging", "dev"])
NAMES = st.builds("{}-{}".format, ENVIRONMENT, WORD)
SPECS = st.builds(
    lambda name, free, environment, tier, further: Spec(
        free or name,
        {"environment": environment, "tier": tier} if free else {"tier": tier},
        networks=(NetworkSpec("eu-west-1"), NetworkSpec("us-east-1", "batch")) if further else (),
    ),
    NAMES,
    st.none() | st.sampled_from(["Prod Big", "3M.prod", "override", "a_b"]),
    ENVIRONMENT,
    TIER,
    st.booleans(),
)
FEW = settings(max_examples=30, deadline=None)


def _written(content: Mapping[str, bytes], outcome: Outcome) -> set[str]:
    return {change.path for change in compare(outcome.files, MemoryTree(content)) if change.written}


def _data_files(content: Mapping[str, bytes], name: str) -> set[str]:
    return {path for path in content if path.startswith(f"stacks/{slug(name)}/") and path.endswith("/account.tf.json")}


def _two_accounts() -> dict[str, bytes]:
    content = zones.with_account(zones.files(), Spec("prod-ml", networks=(NetworkSpec("eu-west-1"),)))
    return zones.with_account(content, Spec("dev-web"))


TWO = _two_accounts()


@FEW
@given(SPECS, OWNER)
def test_the_same_tree_gives_the_same_files(spec: Spec, owner: str) -> None:
    """Two readings of equal trees; asking twice; and nothing in the tree is touched."""
    content = zones.with_account(TWO, spec, owner)
    zone, copy = zones.zone(content), dict(content)

    first, second, other = desired(zone).files, desired(zone).files, desired(zones.zone(copy)).files

    assert dict(first) == dict(second) == dict(other)
    assert content == copy
    assert {path: content[path] for path in first} == {path: file.content for path, file in first.items()}


@given(st.permutations(zones.zone(zones.with_account(TWO, Spec("staging-x"))).accounts))
def test_the_order_of_the_accounts_is_irrelevant(accounts: list[object]) -> None:
    """Every file and every problem is the same."""
    zone = zones.zone(zones.with_account(TWO, Spec("staging-x")))
    shuffled = replace(zone, accounts=tuple(accounts))  # type: ignore[arg-type]

    assert dict(desired(shuffled).files) == dict(desired(zone).files)
    assert lint(shuffled) == lint(zone)


@FEW
@given(SPECS, OWNER)
def test_asking_twice_changes_nothing_the_second_time(spec: Spec, owner: str) -> None:
    """Whatever the name and the tags are."""
    content = zones.with_account(TWO, spec, owner)

    again = zones.ask(content, spec, owner)

    assert _written(content, again) == set()
    assert not again.created and again.changes == {}


@FEW
@given(SPECS, OWNER)
def test_a_new_account_is_one_request_and_its_stacks_and_keeps_every_rule(spec: Spec, owner: str) -> None:
    """No other file changes, every path is safe, and lint finds no error."""
    outcome = zones.ask(TWO, spec, owner)
    written = _written(TWO, outcome)

    requests = {path for path in written if path.startswith(FOLDER)}
    assert len(requests) == 1
    assert all(path.startswith((f"stacks/{slug(spec.name)}/", "modules/")) for path in written - requests)
    assert all(safe_path(path) for path in written)
    errors = [problem for problem in lint(zones.zone(zones.settled(TWO, outcome.files))) if problem.severity is Severity.ERROR]
    assert errors == []


@FEW
@given(SPECS, TIER)
def test_a_tag_that_is_not_propagated_changes_the_request_only(spec: Spec, tier: str) -> None:
    """So no stack is planned for it."""
    content = zones.with_account(TWO, spec)

    outcome = zones.ask(content, Spec(spec.name, {"tier": tier}), None)

    assert _written(content, outcome) == (set() if spec.tags["tier"] == tier else {outcome.account.record.file})


@FEW
@given(SPECS, OWNER)
def test_another_owner_changes_the_request_and_the_data_files_of_that_account(spec: Spec, owner: str) -> None:
    """Exactly these: whoever reviews it sees what it touches."""
    content = zones.with_account(TWO, spec, "nobody-yet")

    outcome = zones.ask(content, Spec(spec.name), owner)

    assert _written(content, outcome) == {outcome.account.record.file} | _data_files(content, spec.name)


@FEW
@given(OWNER)
def test_a_stale_stack_of_another_account_is_not_touched(owner: str) -> None:
    """It is counted elsewhere; this command writes what its own change changes."""
    request = f"{FOLDER}/dev-web.tf"
    stale = {**TWO, request: TWO[request].replace(b'"ml-platform"', b'"somebody-else"')}
    assert {change.path for change in compare(desired(zones.zone(stale)), MemoryTree(stale)) if change.written} == _data_files(
        stale, "dev-web"
    )

    for outcome in (zones.ask(stale, Spec("prod-ml"), owner), zones.ask(stale, Spec("prod-new"), owner)):
        assert not any("dev-web" in path for path in _written(stale, outcome))
