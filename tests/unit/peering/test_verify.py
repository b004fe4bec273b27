"""Is a plan the decision's? A stored real plan, changed in one thing after another, and the decisions around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from generator import inventory
from generator.accounts.model import FOLDER
from generator.hcl import managed
from generator.problems import Refused
from tests.support.peered import synced
from tests.support.tampering import STANDING, TAMPERED
from tests.support.tampering import TOMBSTONE as DYING
from tests.support.verified import CONNECTION, NAME, STACK, Plan, change, changed, ids, judged
from tests.unit.peering.decided import BURIED, DATA, DENIED, FILES, FIRST, MAIN, PLANS, POLICY, TREES

# What is accepted


@pytest.mark.parametrize("stack", [STACK, f"{STACK}/", None])
@pytest.mark.parametrize("of", PLANS)
def test_the_plans_of_a_decision_are_accepted(of: str, stack: str | None) -> None:
    """Made, left alone, taken down; its stack named or told by the marker."""
    verdict = judged(TREES[of], PLANS[of], stack)

    assert (verdict.problems, verdict.accepted, verdict.stack) == ((), True, STACK)


def test_taking_over_the_connection_that_stands_is_accepted() -> None:
    """Both sides of it, by the one id: what is taken over is judged as everything else."""
    plan = changed(PLANS[STANDING], _import)

    assert judged(FILES, plan).problems == ()


def _import(plan: Plan) -> None:
    for place in ("aws_vpc_peering_connection.this", "aws_vpc_peering_connection_accepter.this"):
        change(plan, place)["change"].update(actions=["update"], importing={"id": CONNECTION})


def test_a_route_that_is_not_wanted_any_more_may_go() -> None:
    """A table that the inventory no longer has, in a plan that keeps all the others."""
    gone = change(FIRST, "aws_route.requester")["change"]["after"]["route_table_id"]
    less = _resynced(lambda text: text.replace(f'"{gone}",', "").replace(f'"{gone}"', ""))
    plan = changed(PLANS[STANDING], lambda plan: [each["change"].update(actions=["delete"], after=None) for each in _routes(plan, gone)])

    assert judged(less, plan).problems == ()
    assert ids(judged(FILES, plan)) == {"wanted-route", "missing-object"}


def _routes(plan: Plan, table: str) -> Iterator[dict[str, Any]]:
    return (each for each in plan["resource_changes"] if each.get("index", "").startswith(table))


def _resynced(edit: Callable[[str], str]) -> dict[str, bytes]:
    """The landing zone with an inventory that says something else, after sync."""
    return synced({**FILES, inventory.FILE: re.sub(r",(\s*])", r"\1", edit(FILES[inventory.FILE].decode())).encode()})


def test_a_plan_that_has_nothing_left_to_take_down_is_accepted() -> None:
    """The tombstone is applied. Which pair it was, nothing in it says."""
    plan = changed(PLANS[DYING], lambda plan: [plan.pop("resource_changes"), plan.pop("prior_state")])

    assert judged(BURIED, plan).problems == ()
    assert ids(judged(BURIED, plan, None)) == {"which-pair"}


def test_lines_that_end_as_in_windows_are_the_same() -> None:
    """A checkout may turn them."""
    files = {path: content.replace(b"\n", b"\r\n") if path.startswith((STACK, "modules/")) else content for path, content in FILES.items()}

    assert judged(files, FIRST).problems == ()


# What is refused


@pytest.mark.parametrize("name", TAMPERED)
def test_a_plan_that_was_changed_is_refused_for_that(name: str) -> None:
    """One thing, one reason; the reason says what to do."""
    tampering = TAMPERED[name]
    verdict = judged(TREES[tampering.of], changed(PLANS[tampering.of], tampering.edit))

    assert tampering.id in ids(verdict), "\n".join(map(str, verdict.problems))
    assert all(problem.remedy for problem in verdict.problems)


def test_a_plan_of_another_pair_is_refused() -> None:
    """By its stack, and where two pairs are in one plan."""
    other = judged(FILES, FIRST, "peering/prod-ml--prod-pay")

    assert ids(other) == {"other-pair"}
    assert str(other.problems[0]).startswith(f"peering/prod-ml--prod-pay: this plan holds objects of {NAME}")


def test_a_directory_that_is_no_stack_is_refused() -> None:
    """Nothing there, or a stack that has lost what it is."""
    empty = changed(PLANS[DYING], lambda plan: [plan.pop("resource_changes"), plan.pop("prior_state")])
    lost = {path: content for path, content in FILES.items() if path != f"{STACK}/backend.tf"}

    assert ids(judged(FILES, empty, "peering/a--b")) == {"no-stack"}
    assert ids(judged(lost, FIRST)) == {"lost-identity"}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_json_cannot_be_judged(content: bytes) -> None:
    """Status 1: it is not refused, there is nothing to refuse."""
    with pytest.raises(Refused) as stopped:
        judged(FILES, content)

    assert [problem.id for problem in stopped.value.problems] == ["unreadable-plan"]


@pytest.mark.parametrize("content", [b"[]", b"1", b"null", b"{}", b'{"format_version": 1}'])
def test_what_is_no_plan_is_refused(content: bytes) -> None:
    """A document without what a plan says."""
    assert ids(judged(FILES, content)) == {"plan-shape"}


def test_without_a_policy_nothing_is_judged() -> None:
    """Status 1."""
    with pytest.raises(Refused) as stopped:
        judged({path: content for path, content in FILES.items() if path != POLICY}, FIRST)

    assert [problem.id for problem in stopped.value.problems] == ["no-policy"]


FILE_EDITS: Mapping[str, tuple[dict[str, bytes | None], set[str]]] = {
    "one more file": ({f"{STACK}/extra.tf": b""}, {"foreign-file"}),
    "an override": ({f"{STACK}/providers_override.tf.json": b"{}"}, {"foreign-file"}),
    "values of variables": ({f"{STACK}/x.auto.tfvars": b""}, {"foreign-file"}),
    "one more file in the module": ({"modules/peering/1.0.0/extra.tf": b""}, {"foreign-file"}),
    "a note": ({f"{STACK}/README.md": b"why"}, set()),
    "another provider file": ({f"{STACK}/providers.tf": b'provider "aws" {}\n'}, {"changed-file"}),
    "no versions": ({f"{STACK}/versions.tf": None}, {"changed-file"}),
    "another main file": ({MAIN: managed.text_file('resource "x" "y" {}\n')}, {"changed-file", "not-decided"}),
    "no outputs": ({f"{STACK}/outputs.tf": None}, {"changed-file"}),
    "another module": ({MAIN: FILES[MAIN].replace(b"1.0.0", b"0.9.0")}, {"changed-file", "unknown-module"}),
    "a changed release": ({"modules/peering/1.0.0/routes.tf": b""}, {"module-changed"}),
    "a release that is not there": ({"modules/peering/1.0.0/guards.tf": None}, {"module-changed"}),
    "edited data": ({DATA: FILES[DATA].replace(b'"dns": true', b'"dns": false')}, {"stale-data"}),
    "no data": ({DATA: None}, {"no-data"}),
}


@pytest.mark.parametrize("name", FILE_EDITS)
def test_the_directory_is_what_scaffold_writes(name: str) -> None:
    """Whatever Terraform would read beside it, or in another form."""
    edits, wanted = FILE_EDITS[name]
    files = {path: content for path, content in {**FILES, **edits}.items() if content is not None}

    assert ids(judged(files, FIRST)) == wanted


# What was decided


def test_a_denied_pair_may_be_left_alone_and_nothing_else() -> None:
    """Until sync writes its tombstone."""
    made, left = judged(DENIED, FIRST), judged(DENIED, PLANS[STANDING])

    assert (ids(made), ids(left)) == ({"not-decided"}, set())
    assert "(14 to create), and the policy says deny (not-any-more)" in made.problems[0].message


def test_a_tombstone_whose_pair_is_allowed_again_is_not_applied() -> None:
    """Sync writes the stack again."""
    buried = {**BURIED, POLICY: FILES[POLICY]}

    assert ids(judged(buried, PLANS[DYING])) == {"not-decided"}


def _unread() -> dict[str, bytes]:
    """One request cannot be read: the pair is kept, in doubt, and so is its data."""
    request = f"{FOLDER}/prod-ml.tf"
    assert request in FILES
    return {**FILES, request: FILES[request] + b"{{{"}


def test_a_pair_in_doubt_may_be_left_alone_and_nothing_else() -> None:
    """Its data stays as it is, so it is what the values are compared with."""
    made, left = judged(_unread(), FIRST), judged(_unread(), PLANS[STANDING])
    edited = judged({**_unread(), DATA: FILES[DATA].replace(b'"dns": true', b'"dns": false')}, PLANS[STANDING])

    assert (ids(made), ids(left)) == ({"not-decided"}, set())
    assert "edited-data" in ids(edited)


UNREADABLE = [b"{}", b'{"locals": {"requester": {}}}', b"[" * 100_000, FILES[DATA].replace(b"prod-vpn", b"prod-pay")]


@pytest.mark.parametrize("content", UNREADABLE)
def test_data_that_cannot_be_read_is_compared_with_nothing(content: bytes) -> None:
    """In doubt the file itself is all there is."""
    assert ids(judged({**_unread(), DATA: content}, PLANS[STANDING])) == {"no-data"}


def test_a_tombstone_needs_no_decision_of_today() -> None:
    """Ignorance never disconnects; what was decided before, it does not stop either."""
    unread = {**_unread(), MAIN: BURIED[MAIN]}
    del unread[f"{STACK}/outputs.tf"]

    assert judged(unread, PLANS[DYING]).accepted


def test_a_live_pair_is_not_destroyed_by_the_plan_of_a_tombstone() -> None:
    """The plan was made elsewhere: its configuration says so, and so does every object."""
    assert {"no-tombstone", "wanted-route", "wrong-configuration"} <= ids(judged(FILES, PLANS[DYING]))


def test_many_objects_are_one_reason() -> None:
    """A network of twenty route tables would fill the comment on the pull request."""
    plan = changed(PLANS[STANDING], lambda plan: [each["change"].update(actions=["delete"]) for each in plan["resource_changes"]])
    verdict = judged(FILES, plan)

    assert [problem.id for problem in verdict.problems] == ["wanted-route", "no-tombstone"]
    assert "and 5 more, which the decision wants" in verdict.problems[0].message
