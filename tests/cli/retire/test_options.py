"""`--retire`: options that do not go together, and what every command of ours can do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.retire.steps import BASE, DESTROY, DESTROYED, ECR, NETWORK, PAIRS, changed, merge, retire, told
from tests.support import cli

WRONG = {
    ("--destroy", "ecr"): "only with --retire: --destroy",
    ("--base", "main"): "only with --retire: --base",
    ("--retire", "--owner", "x", "--with", "ecr"): "not with --retire: --owner, --with",
    ("--retire", "--destroy", "ecr", "--destroyed", "ecr"): "--destroy and --destroyed are two steps",
    ("--retire", "--destroyed", "ecr"): "--destroyed needs --base REF",
}


@pytest.mark.parametrize("options", WRONG)
def test_options_that_do_not_go_together_are_wrong_usage(zone: Path, options: tuple[str, ...]) -> None:
    """Nothing is written."""
    done = cli.run(zone, "account", "dev-hub", *options)

    assert done.status == 64 and WRONG[options] in done.err and changed(zone) == []


@pytest.mark.parametrize("step", [(), DESTROY, (*DESTROYED, *BASE)])
def test_check_writes_nothing_and_diff_shows_it(zone: Path, step: tuple[str, ...]) -> None:
    """Each step by itself: status 2 where it would do something, and the diff applies to the same tree."""
    if step:
        retire(zone)
    if step == (*DESTROYED, *BASE):
        retire(zone, *DESTROY)
    merge(zone)
    before = cli.snapshot(zone)

    checked = cli.run(zone, "account", "dev-hub", "--retire", *step, "--check", "--diff")

    assert checked.status == 2 and cli.snapshot(zone) == before and "Nothing written: --check." in checked.out
    (zone.parent / "shown.diff").write_text(checked.out)
    cli.git(zone, "apply", str(zone.parent / "shown.diff"))
    shown = cli.snapshot(zone)
    cli.git(zone, "checkout", "--quiet", ".")
    retire(zone, *step)
    assert cli.snapshot(zone) == shown


def test_each_step_is_one_json_object(zone: Path) -> None:
    """Where it is, what is written, what to look at and what is next."""
    data = told(retire(zone, "--format", "json"))
    assert (data["account"], data["retiring"], data["peerings"]) == ("dev-hub", True, {"live": [], "tombstones": PAIRS})
    assert [(pair["a"], pair["b"]) for pair in data["disconnect"]] == [("dev-hub", "dev-ml"), ("dev-hub", "dev-web")]
    merge(zone)

    checked = cli.run(zone, "account", "dev-hub", "--retire", *DESTROY, *BASE, "--check", "--format", "json")
    data = told(checked)
    assert checked.status == 2 and data["stacks"] == {"live": [], "tombstones": [ECR, NETWORK], "foreign": []}
    assert [command.split("  # ")[1] for command in data["look"]] == [f"s3://acme-terraform-state/{stack}" for stack in (ECR, NETWORK)]
    assert {change["owner"] for change in data["changes"]} == {"record", "region"} and data["next"]
    assert "held" in {problem["id"] for problem in json.loads(checked.out)["problems"]}


def test_a_refusal_is_json_too(zone: Path) -> None:
    """With its id and the value that was wrong."""
    done = cli.run(zone, "account", "dev-hub", "--retire", "--destroy", "nothing", "--format", "json")

    (problem,) = json.loads(done.out)["problems"]
    assert (done.status, problem["id"], problem["value"]) == (1, "unknown-stack", "nothing")
