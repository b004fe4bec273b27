"""The push to AFT's repositories: the folder's own history, whole, and only forward."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import cli
from tests.support.workflows import EMITTED, Machine, script, steps

FOLDER, AFT = "aft-account-request", "acme/aft-account-request"
PUSH = script("aft-push", "Push the folder's history")
IDENTITY = {f"GIT_{who}_{what}": "test@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
FIND = script("aft-push", "Find the folder's repository")


def _write(root: Path, path: str, text: str) -> None:
    cli.written(root, {path: text.encode()})
    cli.commit(root, f"change {path}")


@pytest.fixture
def zone(machine: Machine) -> Path:
    """A landing zone with two changes to the requests, one to something else; and an empty AFT repository."""
    (machine.root / "acme").mkdir()
    cli.git(machine.root, "init", "--quiet", "--bare", f"{AFT}.git")
    root = machine.root / "zone"
    root.mkdir()
    for path, text in ((f"{FOLDER}/terraform/a.tf", "a"), ("stacks/x", "x"), (f"{FOLDER}/terraform/b.tf", "b")):
        _write(root, path, text)
    return root


def _push(machine: Machine, at: Path) -> cli.Outcome:
    return machine.run(PUSH, at, env={"FOLDER": FOLDER, "REPOSITORY": AFT, "GH_TOKEN": "app"})


def _aft(machine: Machine, *arguments: str) -> list[str]:
    return cli.git(machine.root / f"{AFT}.git", *arguments).splitlines()


def test_an_empty_repository_gets_the_whole_history(machine: Machine, zone: Path) -> None:
    """Each change to the folder is a commit there, and nothing else is: AFT finds terraform/ at the root."""
    done = _push(machine, zone)

    assert done.status == 0, done.err
    assert _aft(machine, "log", "--format=%s", "main") == [f"change {FOLDER}/terraform/b.tf", f"change {FOLDER}/terraform/a.tf"]
    assert _aft(machine, "ls-tree", "-r", "--name-only", "main") == ["terraform/a.tf", "terraform/b.tf"]


def test_the_next_push_goes_on_from_there(machine: Machine, zone: Path) -> None:
    """What AFT has applied stays an ancestor."""
    _push(machine, zone)
    before = _aft(machine, "rev-parse", "main")
    _write(zone, f"{FOLDER}/terraform/c.tf", "c")

    done = _push(machine, zone)

    assert done.status == 0 and _aft(machine, "rev-parse", "main^") == before


def test_nothing_new_is_nothing_to_push(machine: Machine, zone: Path) -> None:
    """A change elsewhere leaves the folder's history as it is, and AFT's pipeline unstarted."""
    _push(machine, zone)
    before = _aft(machine, "rev-parse", "main")
    _write(zone, "stacks/y", "y")

    done = _push(machine, zone)

    assert done.status == 0 and "has this already" in done.out and _aft(machine, "rev-parse", "main") == before


def _theirs(machine: Machine, file: str, *, clone: bool) -> str:
    """Somebody commits in the AFT repository, on top of what is there or from nothing; the commit."""
    root = machine.root / f"theirs {file}"
    if clone:
        cli.git(machine.root, "clone", "--quiet", f"{AFT}.git", str(root))
    root.mkdir(exist_ok=True)
    _write(root, f"terraform/{file}", file)
    cli.git(root, "push", "--quiet", str(machine.root / f"{AFT}.git"), "HEAD:main")
    return _aft(machine, "rev-parse", "main")[0]


def _refused(machine: Machine, zone: Path, commit: str) -> None:
    done = _push(machine, zone)
    assert done.status == 1 and "README.md says how" in done.out and _aft(machine, "rev-parse", "main") == [commit]


def test_somebody_elses_commit_is_never_overwritten(machine: Machine, zone: Path) -> None:
    """The push is refused, the run fails and says what to do, and the commit is still there."""
    _push(machine, zone)
    commit = _theirs(machine, "theirs.tf", clone=True)
    _write(zone, f"{FOLDER}/terraform/c.tf", "c")

    _refused(machine, zone, commit)


def test_a_repository_with_another_root_is_refused(machine: Machine, zone: Path) -> None:
    """Its history was never brought in: nothing of it may be lost."""
    _refused(machine, zone, _theirs(machine, "old.tf", clone=False))


def _bring_in(machine: Machine, zone: Path, *files: str) -> None:
    """What README.md says, on a branch, merged; then the files that were not pushed yet."""
    (steps,) = re.findall(r"comes in first.*?```sh\n(.*?)```", (EMITTED / "README.md").read_text(), re.DOTALL)
    steps = re.sub(r"git@github.com:.*?\.git", f"{machine.root}/{AFT}.git", steps)
    restored = "".join(f'git checkout "$ours" -- {FOLDER}/{file}\ngit commit --quiet --message {file}\n' for file in files)
    merged = "git switch --quiet main\ngit merge --quiet --no-ff --no-edit bring-in\ngit branch --quiet --delete bring-in\n"
    done = machine.run(f"git switch --quiet --create bring-in\n{steps}{restored}{merged}", zone, env=IDENTITY)
    assert done.status == 0, done.err


def test_what_the_readme_says_brings_it_in(machine: Machine, zone: Path) -> None:
    """And again, the next time: both sides' commits are in one history, and the push goes through."""
    for number in ("1", "2"):
        _push(machine, zone)
        commit = _theirs(machine, f"theirs{number}.tf", clone=True)
        _write(zone, f"{FOLDER}/terraform/c{number}.tf", "c")
        _refused(machine, zone, commit)
        _bring_in(machine, zone, f"terraform/c{number}.tf")

        assert _push(machine, zone).status == 0 and commit in _aft(machine, "log", "--format=%H", "main")
    files = [f"terraform/{name}.tf" for name in ("a", "b", "c1", "c2", "theirs1", "theirs2")]
    assert _aft(machine, "ls-tree", "-r", "--name-only", "main") == files


def test_a_repository_with_a_history_comes_in_first(machine: Machine, zone: Path) -> None:
    """Afterwards what is here is pushed on top of that history."""
    commit = _theirs(machine, "old.tf", clone=False)
    _bring_in(machine, zone, "terraform/a.tf")

    assert _push(machine, zone).status == 0 and commit in _aft(machine, "log", "--format=%H", "main")
    assert _aft(machine, "ls-tree", "-r", "--name-only", "main") == ["terraform/a.tf", "terraform/old.tf"]


def test_a_shallow_checkout_is_refused(machine: Machine, zone: Path) -> None:
    """Split from a part of the history, the folder has another root; in an empty repository that would even be pushed."""
    shallow = machine.root / "shallow"
    cli.git(machine.root, "clone", "--quiet", "--depth=1", f"file://{zone}", str(shallow))

    done = _push(machine, shallow)

    assert done.status == 1 and "fetch-depth: 0" in done.out and _aft(machine, "for-each-ref") == []


def test_the_repository_is_split_into_owner_and_name(machine: Machine) -> None:
    """The token is for that one repository."""
    done = machine.run(FIND, machine.root, env={"FOLDER": FOLDER, "VARIABLE": "AFT_ACCOUNT_REQUEST", "REPOSITORY": AFT})

    assert done.status == 0 and machine.outputs() == {"owner": "acme", "name": "aft-account-request"}


def test_an_unset_variable_is_said(machine: Machine) -> None:
    """The later steps are skipped by their condition: there is no name."""
    done = machine.run(FIND, machine.root, env={"FOLDER": FOLDER, "VARIABLE": "AFT_ACCOUNT_REQUEST", "REPOSITORY": ""})

    assert done.status == 0 and "AFT_ACCOUNT_REQUEST is not set" in done.out and machine.outputs() == {}


def test_nothing_forces() -> None:
    """No push of any workflow overwrites a branch."""
    pushes = [line for _, _, step in steps() for line in step.get("run", "").splitlines() if "git push" in line]

    assert len(pushes) == 2 and not any(word in line for line in pushes for word in ("--force", " -f", '"+', "--mirror", "--delete"))
