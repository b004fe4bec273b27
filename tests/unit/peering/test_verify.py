"""Is a plan the decision's? A stored real plan, changed in one thing after another, and the decisions around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from generator import inventory
from generator.hcl import managed
from generator.problems import Refused, Severity, Status, status_of
from tests.support.peered import synced
from tests.support.tampering import CREATE, STANDING, TAMPERED, Edit, check, in_state, replaced, route_id, unknown, was
from tests.support.tampering import TOMBSTONE as DYING
from tests.support.verified import CONNECTION, NAME, STACK, Plan, change, changed, ids, judged
from tests.unit.peering.decided import BURIED, DATA, FILES, FIRST, MAIN, PLANS, POLICY, TREES, VERSIONS

# What is accepted


def _turned(plan: Plan) -> None:
    """The pair's own route was led elsewhere by hand; Terraform leads it back."""
    said = change(plan, "aws_route.requester")["change"]
    said.update(actions=["update"], before={**said["before"], "gateway_id": "igw-0bad", "vpc_peering_connection_id": ""})


def _only_routes(plan: Plan) -> None:
    """The connection was deleted by hand: nobody can tell any more which one the routes led to."""
    plan["resource_changes"] = [each for each in plan["resource_changes"] if each["type"] in ("aws_route", "aws_vpc")]


@pytest.mark.parametrize("stack", [STACK, f"{STACK}/", None])
@pytest.mark.parametrize("of", PLANS)
def test_the_plans_of_a_decision_are_accepted(of: str, stack: str | None) -> None:
    """Made, left alone, taken down; its stack named or told by the marker."""
    verdict = judged(TREES[of], PLANS[of], stack)

    assert (verdict.problems, verdict.accepted, verdict.stack) == ((), True, STACK)


def test_taking_over_what_stands_is_accepted() -> None:
    """The connection from both sides, by its one id, and a route: what is taken over is judged as everything else, and as it was."""
    plan = changed(PLANS[STANDING], _import)

    assert judged(FILES, plan).problems == ()


def _import(plan: Plan) -> None:
    """The connection has tags and DNS options of whoever made it; the route leads where it will."""
    for place in ("aws_vpc_peering_connection.this", "aws_vpc_peering_connection_accepter.this"):
        said = change(plan, place)["change"]
        said.update(actions=["update"], importing={"id": CONNECTION})
        said["before"] = {**said["before"], "tags": {}, "tags_all": {}, "auto_accept": None}
    for place in ("aws_route.requester", "aws_route.accepter"):
        change(plan, place)["change"].update(importing={"id": route_id(plan, place)})


HARMLESS: Mapping[str, tuple[str, Edit]] = {
    "a tainted accepter": (STANDING, replaced("aws_vpc_peering_connection_accepter.this")),
    "tainted options": (STANDING, replaced("aws_vpc_peering_connection_options.requester")),
    "options that follow a tainted accepter": (
        STANDING,
        lambda plan: [
            replaced("aws_vpc_peering_connection_accepter.this")(plan),
            replaced("aws_vpc_peering_connection_options.accepter")(plan),
            change(plan, "aws_vpc_peering_connection_options.accepter").update(action_reason="replace_because_cannot_update"),
            change(plan, "aws_vpc_peering_connection_options.accepter")["change"]["after"].pop("vpc_peering_connection_id"),
            unknown("aws_vpc_peering_connection_options.accepter", vpc_peering_connection_id=True)(plan),
        ],
    ),
    "an object that was moved within the module": (
        STANDING,
        lambda plan: change(plan, "aws_vpc_peering_connection.this").update(
            previous_address="module.peering.aws_vpc_peering_connection.main"
        ),
    ),
    "a route that somebody turned": (STANDING, _turned),
    "the state says what the plan says": (STANDING, lambda plan: in_state(plan, "aws_vpc_peering_connection.this")),
    "a tombstone's state says what the plan says": (DYING, lambda plan: in_state(plan, "aws_vpc_peering_connection.this")),
    "a tombstone whose connection lost its marker": (DYING, was("aws_vpc_peering_connection.this", tags_all={})),
    "a tombstone whose VPC was made anew": (DYING, was("aws_vpc_peering_connection.this", vpc_id="vpc-0bad")),
    "a tombstone of what is left": (DYING, lambda plan: _only_routes(plan)),
    "a condition that nobody knows yet": (CREATE, check("unknown")),
    "no conditions": (CREATE, lambda plan: plan.pop("checks")),
    "nothing is put off or invoked": (CREATE, lambda plan: plan.update(deferred_changes=[], action_invocations=[])),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_accepted(name: str) -> None:
    """Near twins of plans that are refused."""
    of, edit = HARMLESS[name]

    assert judged(TREES[of], changed(PLANS[of], edit)).problems == ()


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


def test_an_external_id_changes_no_verdict() -> None:
    """Where the role of an account asks for one, both providers say it, in a file that is compared byte by byte."""
    yaml = FILES["scaffold.yaml"].replace(b"  ci: acme-scaffold-ci\n", b"  ci: acme-scaffold-ci\n  external_id: acme/1\n")
    files = synced({**FILES, "scaffold.yaml": yaml})

    def says(plan: Plan) -> None:
        for provider in plan["configuration"]["provider_config"].values():
            for role in provider.get("expressions", {}).get("assume_role", ()):
                role["external_id"] = {"constant_value": "acme/1"}

    assert files[f"{STACK}/providers.tf"].count(b'external_id  = "acme/1"') == 2
    assert judged(files, changed(FIRST, says)).problems == ()
    assert ids(judged({**files, f"{STACK}/providers.tf": FILES[f"{STACK}/providers.tf"]}, changed(FIRST, says))) == {"changed-file"}


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
    "a resource in the versions": (
        {VERSIONS: managed.text_file(FILES[VERSIONS].decode().partition("\n")[2] + 'resource "x" "y" {}\n')},
        {"changed-file"},
    ),
    "another source of the provider": (
        {VERSIONS: managed.text_file(FILES[VERSIONS].decode().partition("\n")[2].replace("hashicorp/aws", "evil/aws"))},
        {"changed-file"},
    ),
    "edited versions": ({VERSIONS: FILES[VERSIONS].replace(b">= 1.10", b">= 1.9")}, {"changed-file"}),
    "versions of theirs": ({VERSIONS: FILES[VERSIONS].partition(b"\n")[2]}, {"changed-file"}),
    "an older providers.tf": ({f"{STACK}/providers.tf": managed.text_file("# once\n")}, {"changed-file"}),
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


OLDER = {
    "other versions": '  required_version = ">= 1.9"\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n'
    '      version = "~> 5.90, != 5.95.0"\n    }\n  }\n',
    "only Terraform's": '  # once\n  required_version = ">= 1.9, < 2.0.0-beta1"\n',
    "nothing": "",
}


@pytest.mark.parametrize("older", OLDER)
@pytest.mark.parametrize("of", PLANS)
def test_versions_that_lag_are_a_warning(of: str, older: str) -> None:
    """As for `sync --check`: they are brought in waves, and say nothing but which versions may be used."""
    verdict = judged({**TREES[of], VERSIONS: managed.text_file(f"terraform {{\n{OLDER[older]}}}\n")}, PLANS[of])

    assert (ids(verdict), verdict.accepted) == ({"lagging-file"}, True)
    assert verdict.problems[0].severity is Severity.WARNING and verdict.problems[0].file == VERSIONS
    assert status_of(verdict.problems) is Status.DONE


@pytest.mark.parametrize("name", FILE_EDITS)
def test_the_directory_is_what_scaffold_writes(name: str) -> None:
    """Whatever Terraform would read beside it, or in another form."""
    edits, wanted = FILE_EDITS[name]
    files = {path: content for path, content in {**FILES, **edits}.items() if content is not None}

    assert ids(judged(files, FIRST)) == wanted


# What was decided


def test_a_live_pair_is_not_destroyed_by_the_plan_of_a_tombstone() -> None:
    """The plan was made elsewhere: its configuration says so, and so does every object."""
    assert {"no-tombstone", "wanted-route", "wrong-configuration"} <= ids(judged(FILES, PLANS[DYING]))


@pytest.mark.parametrize("name", ["a tainted route", "a tainted connection"])
def test_what_is_tainted_is_named_for_untaint(name: str) -> None:
    """Made anew, a route is away for a moment, and a connection is another one."""
    found = judged(FILES, changed(PLANS[STANDING], TAMPERED[name].edit)).problems
    (problem,) = (problem for problem in found if problem.id == TAMPERED[name].id)

    assert f"terraform untaint '{problem.value}'" in problem.remedy and str(problem.value).startswith("module.peering.aws_")


def test_many_objects_are_one_reason() -> None:
    """A network of twenty route tables would fill the comment on the pull request."""
    plan = changed(PLANS[STANDING], lambda plan: [each["change"].update(actions=["delete"]) for each in plan["resource_changes"]])
    verdict = judged(FILES, plan)

    assert [problem.id for problem in verdict.problems] == ["wanted-route", "no-tombstone"]
    assert "and 5 more, which the decision wants" in verdict.problems[0].message
