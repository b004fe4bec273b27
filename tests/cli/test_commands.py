"""What every command has in common: help, streams, statuses, JSON, `--check` and `--diff`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import click
import pytest

from generator.cli.atlantis import COMMANDS as ATLANTIS
from generator.cli.main import COMMANDS, scaffold
from generator.cli.peering import COMMANDS as PEERING
from tests.support import cli, terminal

GROUPS = {"peering": PEERING, "atlantis": ATLANTIS}
PROGRAMS = {"completion"}
"""What they print is a program, and nothing else."""
WITHIN = ["skeletons add"]
"""Commands of a group that is a command itself."""
_GROUPED = [f"{group} {name}" for group, table in GROUPS.items() for name in table]
ALL = sorted([*(name for name in COMMANDS if name not in {*GROUPS, *PROGRAMS}), *WITHIN, *_GROUPED])
ELSEWHERE = {
    "pull",
    "peering adopt",
    "peering audit",
    "peering prune",
    "peering verify-plan",
    "atlantis summary",
    "skeletons add",
    "upgrade",
}
CALLS = {
    "init": ["init", "."],
    "demo": ["demo", "lz"],
    "account": ["account", "prod-ml"],
    "accounts": ["accounts"],
    "status": ["status", "prod-ml"],
    "skeletons": ["skeletons"],
    "outdated": ["outdated"],
    "sync": ["sync"],
    "lint": ["lint"],
    "peering plan": ["peering", "plan"],
    "peering explain": ["peering", "explain", "prod-ml", "dev-ml"],
    "atlantis generate": ["atlantis", "generate"],
    "atlantis check": ["atlantis", "check"],
}
FAILURES = {
    "init": ["init", "--home-region", "mars-1"],
    "demo": ["demo", "."],
    "account": ["account", "prod-web"],
    "accounts": ["accounts", "-C", "providers"],
    "status": ["status", "prod-mll"],
    "skeletons": ["skeletons", "netwrk"],
    "skeletons add": ["skeletons", "add", "nowhere.zip"],
    "outdated": ["outdated", "-C", "providers"],
    "upgrade": ["upgrade", "rsd", "--to", "1.0.0", "--all"],
    "sync": ["sync", "--only", "teir=app"],
    "lint": ["lint", "-C", "providers"],
    "pull": ["pull", "-C", "providers"],
    "peering plan": ["peering", "plan", "-C", "providers"],
    "peering explain": ["peering", "explain", "prod-ml", "dev-mll"],
    "peering adopt": ["peering", "adopt", "prod-ml", "dev-mll", "--live"],
    "peering audit": ["peering", "audit", "--explain", "rogue"],
    "peering prune": ["peering", "prune", "--base", "HEAD", "-C", "providers"],
    "peering verify-plan": ["peering", "verify-plan", "nowhere.json"],
    "atlantis generate": ["atlantis", "generate", "-C", "providers"],
    "atlantis check": ["atlantis", "check", "-C", "providers"],
    "atlantis summary": ["atlantis", "summary", "--base", "nowhere"],
}
PROBLEM_KEYS = {"id", "severity", "file", "line", "value", "message", "remedy"}


def _envelope(done: cli.Outcome, command: str) -> dict[str, object]:
    """The one object a command printed, checked against the documented form."""
    document: dict[str, object] = json.loads(done.out)
    assert list(document) == ["schema", "status", "data", "problems"]
    assert document["schema"] == f"scaffold.{command.replace(' ', '.')}/1" and document["status"] == done.status
    problems = document["problems"]
    assert isinstance(problems, list) and all(set(found) == PROBLEM_KEYS for found in problems)
    assert not done.err
    return document


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_help_with_an_example(name: str, tmp_path: Path) -> None:
    """Help works outside a landing zone, says what each option does and shows a call that works."""
    done = cli.run(tmp_path, *name.split(), "--help")
    command: click.Command | None = scaffold
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)

    assert done.status == 0 and not done.err and "Example" in done.out and f"scaffold {name}" in done.out
    assert command is not None and command.help and all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_list_of_commands_is_complete(tmp_path: Path) -> None:
    """`scaffold --help` and `scaffold` alone list every command; only the former was asked for."""
    asked, alone = cli.run(tmp_path, "--help"), cli.run(tmp_path)

    assert asked.status == 0 and alone.status == 64
    shown = " ".join(asked.out.split())
    assert all(f"  {name} " in asked.out and text in shown for name, (_, text) in COMMANDS.items())


def test_every_command_is_tried_here() -> None:
    """A new command needs its line in the tables above; what needs AWS or Terraform is tried elsewhere."""
    assert set(CALLS) | ELSEWHERE == set(ALL) == set(FAILURES)


def test_a_group_lists_its_commands(tmp_path: Path) -> None:
    """`scaffold peering --help` names every one, and a misspelt one gets the nearest."""
    asked, wrong = cli.run(tmp_path, "peering", "--help"), cli.run(tmp_path, "peering", "pln")

    assert asked.status == 0 and all(f"  {name} " in asked.out and text in asked.out for name, (_, text) in PEERING.items())
    assert wrong.status == 64 and 'did you mean "plan"?' in wrong.err


@pytest.mark.parametrize("name", sorted(CALLS))
def test_results_are_on_stdout_and_nothing_else_is(name: str, zone: Path) -> None:
    """A script reads stdout; warnings go past it."""
    root = zone if name != "init" else zone.parent / "new"
    root.mkdir(exist_ok=True)

    done = cli.run(root, *CALLS[name])

    assert done.status == 0 and done.out and not any(line.startswith(("error:", "warning:", "note:")) for line in done.out.splitlines())
    assert all(line.startswith(("warning: ", "note: ")) for line in done.err.splitlines())


@pytest.mark.parametrize("name", sorted(CALLS))
def test_success_is_one_json_object(name: str, zone: Path) -> None:
    """`--format json` prints the documented envelope on stdout, and nothing on stderr."""
    root = zone if name != "init" else zone.parent / "new"
    root.mkdir(exist_ok=True)

    done = cli.run(root, *CALLS[name], "--format", "json")

    assert _envelope(done, name)["status"] == 0


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_failure_is_one_json_object_too(name: str, zone: Path) -> None:
    """A failure has the same form, no data, and every problem; as text it is on stderr alone."""
    text, document = cli.run(zone, *FAILURES[name]), cli.run(zone, *FAILURES[name], "--format", "json")

    assert text.status == document.status == 1 and not text.out and text.err.startswith("error: ")
    found = _envelope(document, name)
    assert found["data"] is None and found["problems"]


def test_what_was_found_and_what_is_missing_are_in_the_object(zone: Path) -> None:
    """Status 2 comes with the conflict and the file's fate, status 3 with what could not be read."""
    edited = zone / "stacks/prod-ml/us-east-1/ecr/providers.tf"
    edited.write_text(edited.read_text() + "# ours\n")
    conflict = _envelope(cli.run(zone, "sync", "--format", "json"), "sync")
    (zone / "aft-account-request/terraform/broken.tf").write_text('module "broken" {\n')
    incomplete = _envelope(cli.run(zone, "accounts", "--format", "json"), "accounts")

    assert (conflict["status"], incomplete["status"]) == (2, 3)
    assert '"action": "conflict"' in json.dumps(conflict["data"]) and "broken.tf" in json.dumps(incomplete["problems"])


def test_wrong_usage_is_64_and_names_the_nearest(zone: Path) -> None:
    """A misspelt command or option names what was probably meant, on stderr."""
    command, option = cli.run(zone, "acounts"), cli.run(zone, "lint", "--bse", "main")

    assert (command.status, option.status) == (64, 64) and not command.out + option.out
    assert 'did you mean "accounts"?' in command.err and "--base" in option.err


def test_a_directory_that_is_not_there_is_wrong_usage(zone: Path) -> None:
    """The message names the directory, not a missing file in it."""
    done = cli.run(zone, "lint", "-C", "nowhere")

    assert done.status == 64 and "nowhere" in done.err


def test_an_interruption_is_130(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C says that nothing is half-written."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.cli.sync.select", interrupt)
    before = cli.snapshot(zone)

    done = cli.run(zone, "sync")

    assert done.status == 130 and "interrupted" in done.err and cli.snapshot(zone) == before


def test_a_defect_is_one_line_and_status_1(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception nobody foresaw is no traceback, unless somebody asks for it."""
    monkeypatch.delenv("SCAFFOLD_DEBUG", raising=False)
    monkeypatch.setattr("generator.cli.sync.select", lambda *_: 1 // 0)

    done = cli.run(zone, "sync")

    assert done.status == 1 and "defect" in done.err and "Traceback" not in done.err


CHANGES = {
    "an account that is new": ["account", "dev-web", "--owner", "web"],
    "a tag that changes": ["account", "prod-ml", "--tag", "tier=data"],
    "a tag that stays": ["account", "prod-ml", "--tag", "tier=app"],
    "nothing to do": ["sync"],
}


@pytest.mark.parametrize("call", CHANGES.values(), ids=[name.replace(" ", "-") for name in CHANGES])
def test_check_writes_nothing_and_tells_whether_the_run_would(call: list[str], zone: Path) -> None:
    """`--check` is 2 exactly where the real run changes a file, and touches none itself."""
    before = cli.snapshot(zone)

    checked = cli.run(zone, *call, "--check")
    untouched = cli.snapshot(zone)
    done = cli.run(zone, *call)

    assert untouched == before and done.status == 0
    assert checked.status == (2 if cli.snapshot(zone) != before else 0)


def test_check_of_init_writes_nothing(tmp_path: Path) -> None:
    """Not even the directory."""
    done = cli.run(tmp_path, "init", "new", "--check")

    assert done.status == 2 and not (tmp_path / "new").exists()


@pytest.mark.parametrize("call", [CHANGES["an account that is new"], CHANGES["a tag that changes"]], ids=["new", "changed"])
def test_the_diff_applies_to_the_same_tree(call: list[str], zone: Path) -> None:
    """What `--diff` shows is what `git apply` makes of it: byte for byte what the command writes."""
    cli.commit(zone)
    shown = cli.run(zone, *call, "--check", "--diff").out
    (zone.parent / "shown.diff").write_text(shown)
    cli.git(zone, "apply", str(zone.parent / "shown.diff"))
    applied = cli.snapshot(zone)
    cli.git(zone, "reset", "--quiet", "--hard")
    cli.git(zone, "clean", "--quiet", "-fd")

    cli.must(zone, *call)

    assert cli.snapshot(zone) == applied


def test_colours_are_for_terminals_and_no_color_is_obeyed(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe, a file and NO_COLOR get plain text."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    (zone / "stacks/prod-ml/us-east-1/ecr/versions.tf").unlink()
    call = ("sync", "--check")

    piped = cli.spawn(zone, *call)

    assert "\x1b[" in terminal.at(zone, *call, TERM="xterm")[1]
    assert "\x1b[" not in terminal.at(zone, *call, TERM="xterm", NO_COLOR="1")[1]
    assert "\x1b[" not in piped.out + piped.err


def test_a_reader_that_goes_away_ends_it_quietly(zone: Path) -> None:
    """As in `scaffold account … | head -1`: no traceback, no complaint at exit."""
    script = 'exec "$@" | head -1'
    call = ["sh", "-c", script, "sh", *cli.command("account", "dev-web", "--owner", "web", "--check", "--diff")]

    done = subprocess.run(call, cwd=zone, env=cli.environment(), capture_output=True, text=True, check=False)

    assert done.returncode == 0 and len(done.stdout.splitlines()) == 1 and not done.stderr


@pytest.mark.parametrize("call", [("--help",), ("accounts",), ("sync", "--check"), ("status", "nobody", "--format", "json"), ("lint",)])
def test_a_closed_stdout_ends_it_quietly(call: tuple[str, ...], zone: Path) -> None:
    """A pipe that nobody reads from the start: no traceback, and no failure."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(cli.command(*call), cwd=zone, env=cli.environment(), stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)

    assert done.returncode == 0 and not done.stderr


def test_a_plan_that_cannot_be_read_is_refused_without_a_word_about_its_changes(zone: Path) -> None:
    """ "Nothing to change" would say that somebody looked."""
    (zone / "plan.json").write_text("{}")

    done = cli.run(zone, "peering", "verify-plan", "plan.json", "--stack", "peering/dev-ml--prod-ml")

    assert done.status == 2 and done.out == "peering/dev-ml--prod-ml: the plan is refused.\n"
