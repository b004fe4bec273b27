"""The gate: one comment, kept current, whatever the summary says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.workflows import Machine, script

COMMENT = script("gate", "Write the summary into the one comment")
SUMMARY = script("gate", "Summarize the change")
HOSTILE = 'Tag `$(touch owned)` "; exit 1; # \\n %s\n\nEOF\nsummary<<EOF\nlast line'
EVE = {"id": 99, "user": {"login": "eve"}, "body": "<!-- scaffold:summary -->\n\nall is well"}


def _github(machine: Machine) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((machine.temp / "github.json").read_text())
    return found


def _comment(machine: Machine, summary: str) -> None:
    done = machine.run(COMMENT, machine.root, env={"NUMBER": "7", "SUMMARY": summary, "GH_TOKEN": "own"})
    assert done.status == 0, done.err


def test_the_first_run_creates_and_the_next_updates(machine: Machine) -> None:
    """A reviewer finds one comment, and it says what the last push does."""
    for words in ("first", "second", "third"):
        _comment(machine, words)

    (comment,) = _github(machine)["comments"]
    assert comment["body"] == "<!-- scaffold:summary -->\n\nthird\n"
    assert comment["at"] == "repos/acme/landing-zone/issues/7/comments"


def test_somebody_elses_comment_stays(machine: Machine) -> None:
    """Anybody can write the marker; what counts is who wrote it."""
    (machine.temp / "github.json").write_text(json.dumps({"comments": [EVE], "calls": [], "tokens": []}))

    _comment(machine, "ours")

    theirs, ours = _github(machine)["comments"]
    assert theirs == EVE and ours["body"].endswith("ours\n")


def test_a_summary_is_text(machine: Machine) -> None:
    """Tag values are in it: nothing of it is run, and nothing ends it early, from scaffold to the comment."""
    (machine.root / "said.md").write_text(HOSTILE)
    machine.tool("scaffold", f'cat "{machine.root}/said.md"')

    assert machine.run(SUMMARY, machine.root, env={"BASE": "HEAD^1"}).status == 0
    _comment(machine, machine.outputs()["summary"])

    assert _github(machine)["comments"][0]["body"] == f"<!-- scaffold:summary -->\n\n{HOSTILE}\n"
    assert (machine.temp / "summary").read_text() == HOSTILE and not (machine.root / "owned").exists()


@pytest.mark.parametrize(("status", "passes"), [(0, True), (2, True), (3, True), (1, False), (64, False)])
def test_only_a_summary_that_could_not_be_made_fails(machine: Machine, status: int, passes: bool) -> None:
    """The checks before it judge what there is to judge."""
    machine.tool("scaffold", f'echo "$*"; exit {status}')

    done = machine.run(SUMMARY, machine.root, env={"BASE": "HEAD^1"})

    assert (done.status == 0) == passes
    assert machine.outputs() == ({"summary": "atlantis summary --base HEAD^1\n"} if passes else {})
