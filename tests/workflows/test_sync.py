"""The scheduled job: what AWS has becomes a pull request; what a person has to decide, an issue and a red run."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import cli
from tests.support.workflows import Machine, script

BRANCH, REWRITE, OPEN, ISSUE, FAIL = (
    script("sync", name)
    for name in (
        "Continue the open pull request, or begin a branch",
        "Read AWS and rewrite what follows from it",
        "Open the pull request",
        "Say in an issue what is left to do",
        "Fail where something is left to do",
    )
)
SCAFFOLD = """\
printf '%s\\n' "$@" >> "$RUNNER_TEMP/ran"
case $1 in
  pull) cp "$RUNNER_TEMP/aws" inventory.json; echo "pulled"; exit "${PULL:-0}" ;;
  sync) cat inventory.json accounts > generated; echo "synced"; exit "${SYNC:-0}" ;;
esac"""


@dataclass(frozen=True, slots=True)
class Job:
    """A runner, the repository it clones, and what its runs have left on GitHub."""

    machine: Machine

    @property
    def github(self) -> dict[str, Any]:
        """What GitHub holds."""
        found: dict[str, Any] = json.loads((self.machine.temp / "github.json").read_text())
        return found

    def origin(self, *arguments: str) -> list[str]:
        """What git says in the repository itself."""
        return cli.git(self.machine.root / "origin.git", *arguments).splitlines()

    def run(self, aws: str, run: int = 77, **env: str) -> int:
        """The whole job, from a fresh checkout, step after step as their conditions have it; the status of the run."""
        for name in ("output", "report.txt", "ran", "conflicts"):
            (self.machine.temp / name).unlink(missing_ok=True)
        at = self.machine.root / f"clone{run}"
        cli.git(self.machine.root, "clone", "--quiet", "origin.git", str(at))
        (self.machine.temp / "aws").write_text(aws)
        said = {"GITHUB_RUN_ID": str(run), "GH_TOKEN": "own", "ONLY": "", "REMOVALS": "", **env}
        status = self.machine.run(BRANCH, at, env=said).status or self.machine.run(REWRITE, at, env=said).status
        outputs = self.machine.outputs()
        said |= {"GH_TOKEN": "app", "BRANCH": outputs.get("name", ""), "STATUS": outputs.get("status", ""), "APP": "acme-scaffold"}
        if status == 0:
            opened = self.machine.run(OPEN, at, env=said)
            assert opened.status == 0, opened.err
        done = "true" if status == 0 and said["STATUS"] == "0" else "false"
        issue = self.machine.run(ISSUE, at, env={**said, "DONE": done})
        assert issue.status == 0, issue.err
        return status or self.machine.run(FAIL, at, env=said).status

    def push(self, path: str, text: str | None, branch: str = "main") -> None:
        """Somebody else's change, on a branch: a file's text, or None to delete it."""
        at = Path(tempfile.mkdtemp(dir=self.machine.root))
        cli.git(self.machine.root, "clone", "--quiet", f"--branch={branch}", "origin.git", str(at))
        if text is None:
            (at / path).unlink()
        else:
            cli.written(at, {path: text.encode()})
        cli.commit(at, "theirs")
        cli.git(at, "push", "--quiet", "origin", branch)


@pytest.fixture
def job(machine: Machine) -> Job:
    """A repository in order: main holds what AWS has."""
    cli.git(machine.root, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    main = machine.root / "main"
    main.mkdir()
    cli.written(main, {"inventory.json": b"one\n", "accounts": b"a\n", "generated": b"one\na\n"})
    cli.commit(main)
    cli.git(main, "remote", "add", "origin", "../origin.git")
    cli.git(main, "push", "--quiet", "origin", "main")
    machine.tool("scaffold", SCAFFOLD)
    return Job(machine)


def test_nothing_new_is_no_pull_request(job: Job) -> None:
    """A quiet night leaves nothing behind."""
    assert job.run("one\n") == 0
    assert job.github["pulls"] == [] == job.github["issues"] and job.origin("branch", "--format=%(refname:short)") == ["main"]


def test_what_arrived_is_a_pull_request(job: Job) -> None:
    """On a branch of its own, pushed and opened as the app, with what the commands said as plain text."""
    assert job.run("one\ntwo\n") == 0

    (pull,) = job.github["pulls"]
    assert pull["headRefName"] == "scaffold/sync-77" and pull["body"] == "    pulled\n    synced\n"
    assert job.origin("show", "scaffold/sync-77:generated") == ["one", "two", "a"] and job.origin("show", "main:generated") == ["one", "a"]
    asked = list(zip(job.github["tokens"], (" ".join(call[:2]) for call in job.github["calls"]), strict=True))
    assert ("app", "pr create") in asked and ("app", "auth setup-git") in asked and ("own", "pr create") not in asked


def test_the_next_night_continues_it(job: Job) -> None:
    """One pull request, however long nobody merges it."""
    job.run("one\ntwo\n")
    assert job.run("one\ntwo\nthree\n", run=78) == 0

    (pull,) = job.github["pulls"]
    assert pull["headRefName"] == "scaffold/sync-77" and job.origin("show", "scaffold/sync-77:generated") == ["one", "two", "three", "a"]


def test_what_conflicts_with_main_is_written_again(job: Job) -> None:
    """main moved in the same files: theirs, whole, and what follows from it; no night without a pull request."""
    job.run("one\ntwo\n")
    job.push("accounts", "c\n", "scaffold/sync-77")
    job.push("accounts", "b\n")
    job.push("generated", "one\nb\n")

    assert job.run("one\ntwo\n", run=78) == 0

    assert job.origin("show", "scaffold/sync-77:generated") == ["one", "two", "b"]
    assert "In conflict, taken from main:\n    accounts\n    generated\n" in job.github["pulls"][0]["body"]
    job.origin("merge-base", "--is-ancestor", "main", "scaffold/sync-77")


@pytest.mark.parametrize("path", ["peering/a--b/main.tf", "with spaces/a file", ":(glob)**", "-f\nä"])
@pytest.mark.parametrize("main", [None, "main's\n"], ids=["deleted on main", "deleted on the branch"])
def test_what_one_side_deleted_is_as_main_has_it(job: Job, path: str, main: str | None) -> None:
    """main's version where it has one, no file where it has none; a name is never a pattern, so that no other file is taken."""
    job.push(path, "begun\n")
    job.run("one\ntwo\n")
    job.push(path, "the branch's\n" if main is None else None, "scaffold/sync-77")
    job.push(path, main)

    assert job.run("one\ntwo\n", run=78) == 0

    names = "\n".join(job.origin("ls-tree", "-r", "-z", "--name-only", "scaffold/sync-77")).split("\0")
    assert (path in names) is (main is not None) and {"accounts", "generated", "inventory.json"} <= {*names}
    assert main is None or job.origin("show", f"scaffold/sync-77:{path}") == main.splitlines()
    assert job.origin("show", "scaffold/sync-77:generated") == ["one", "two", "a"]
    assert "In conflict, taken from main:" in job.github["pulls"][0]["body"]
    job.origin("merge-base", "--is-ancestor", "main", "scaffold/sync-77")


def test_a_merge_that_cannot_begin_stops(job: Job) -> None:
    """No conflict, and no merge: nothing is taken for main's, and the run fails."""
    job.run("one\ntwo\n")
    job.machine.tool("git", f'[ "$1" = merge ] && exit 128; PATH={os.environ["PATH"]} exec git "$@"')

    assert job.run("one\ntwo\nthree\n", run=78) == 1
    assert job.origin("show", "scaffold/sync-77:generated") == ["one", "two", "a"]


def test_a_forks_branch_of_that_name_is_not_continued(job: Job) -> None:
    """Anybody can name a branch; it is not even here."""
    fork = {"headRefName": "scaffold/sync-1", "isCrossRepository": True, "number": 1}
    (job.machine.temp / "github.json").write_text(json.dumps({"comments": [], "pulls": [fork], "issues": [], "calls": [], "tokens": []}))

    assert job.run("one\ntwo\n") == 0 and [pull["headRefName"] for pull in job.github["pulls"]] == ["scaffold/sync-1", "scaffold/sync-77"]


@pytest.mark.parametrize(("pull", "sync", "status"), [("3", "0", 3), ("0", "2", 2), ("3", "2", 3)])
def test_what_is_incomplete_is_proposed_and_said(job: Job, pull: str, sync: str, status: int) -> None:
    """What could be done is a pull request; what could not, an issue and a red run. When all is well, the issue closes."""
    assert job.run("one\ntwo\n", PULL=pull, SYNC=sync) == status
    assert len(job.github["pulls"]) == 1 and [issue["open"] for issue in job.github["issues"]] == [True]

    assert job.run("one\ntwo\n", run=78) == 0
    assert [issue["open"] for issue in job.github["issues"]] == [False]


@pytest.mark.parametrize(("pull", "sync", "ran"), [("1", "0", ["pull"]), ("0", "1", ["pull", "sync"])])
def test_what_stops_is_an_issue_and_no_pull_request(job: Job, pull: str, sync: str, ran: list[str]) -> None:
    """No credentials, or more than five pairs to disconnect: nothing is pushed, and one issue says why, however many nights."""
    for run in (77, 78):
        assert job.run("one\ntwo\n", run=run, PULL=pull, SYNC=sync) == 1
        assert (job.machine.temp / "ran").read_text().splitlines() == ran

    (issue,) = job.github["issues"]
    assert issue["title"] == "scaffold sync needs a person" and "/actions/runs/78" in issue["body"] and "    pulled" in issue["body"]
    assert job.github["pulls"] == [] and job.origin("branch", "--format=%(refname:short)") == ["main"]


def test_a_wave_and_a_number_are_passed_on(job: Job) -> None:
    """Only to sync, as one word each: a selector is text from a form."""
    job.run("one\ntwo\n", ONLY="environment=dev,owner=a b;$(touch owned)", REMOVALS="7")

    expected = ["pull", "sync", "--only=environment=dev,owner=a b;$(touch owned)", "--removals=7"]
    assert (job.machine.temp / "ran").read_text().splitlines() == expected and list(job.machine.root.rglob("owned")) == []


def test_a_report_is_never_markdown(job: Job) -> None:
    """A tag value with a fence in it stays a line of code."""
    job.machine.tool("scaffold", SCAFFOLD.replace('echo "synced"', "printf '```\\n@acme/everybody\\n'"))
    job.run("one\ntwo\n")

    assert job.github["pulls"][0]["body"] == "    pulled\n    ```\n    @acme/everybody\n"
