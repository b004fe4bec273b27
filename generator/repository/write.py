"""The only writer of files: all of them or none.

Everything is staged first, in a folder that Terraform does not read; then a journal names every rename, and
only then are files renamed, account requests last. An exception puts the old files back. After a kill the
journal is there, and the next writing command completes the run. Nothing is flushed file by file: the journal
protects against a killed process, not against a power cut (git does).
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from generator.accounts.model import FOLDER as REQUESTS
from generator.files import safe_path
from generator.hcl.quoting import digest
from generator.problems import Problem, ScaffoldError, refuse
from generator.repository.changes import Change
from generator.repository.lock import FOLDER, locked
from generator.repository.worktree import WorkTree

Rename = Callable[[str, str], None]
_JOURNAL, _STAGE = "journal.json", "stage"


@dataclass(frozen=True, slots=True)
class Step:
    """One file to put in place: absolute paths of the staged file, the target, and the old file's copy."""

    path: str
    target: str
    staged: str
    backup: str
    old: str | None


def apply(tree: WorkTree, changes: Iterable[Change], rename: Rename = os.replace) -> None:
    """Write the changes that are to be written; `rename` is a parameter for tests of its failure."""
    wanted = sorted((change for change in changes if change.written), key=lambda change: (change.path.startswith(REQUESTS), change.path))
    if not wanted:
        return
    with locked(tree.root):
        complete(tree, rename)
        _check_targets(tree, wanted)
        made: list[str] = []
        try:
            steps = _stage(tree, wanted, made)
            _write_journal(tree, steps)
        except BaseException:
            _clean(tree, made, [])
            raise
        _run(tree, steps, made, rename)


def interrupted(root: Path) -> bool:
    """Did a run end between its first and its last rename?"""
    return (root / FOLDER / _JOURNAL).exists()


def complete(tree: WorkTree, rename: Rename = os.replace) -> int:
    """Finish a run that was killed; how many files were put in place. Without a journal, staged files are dropped."""
    journal = tree.root / FOLDER / _JOURNAL
    if not journal.exists():
        _clean(tree, [], [])
        return 0
    steps = [Step(**step) for step in json.loads(journal.read_text())]
    for step in steps:
        _refuse_outside(tree, step)
    done = sum(_finish(step, rename) for step in steps)
    _clean(tree, [], steps)
    return done


def _refuse_outside(tree: WorkTree, step: Step) -> None:
    """A journal is a file like any other: it may only name paths that this run could have named."""
    root, rest = tree.resolve(safe_path(step.path))
    if step.target != f"{root}/{rest}" or Path(step.staged).parent != root / FOLDER / _STAGE:
        raise refuse(
            "bad-journal", f"the journal names {step.target}", f"delete {FOLDER}/{_JOURNAL} and run again", file=f"{FOLDER}/{_JOURNAL}"
        )


def _finish(step: Step, rename: Rename) -> int:
    if not os.path.exists(step.staged):
        return 0
    if _digest(step.target) != step.old:
        return 0  # somebody changed the file since: their edit stands, and sync shows the difference
    os.makedirs(os.path.dirname(step.target), exist_ok=True)
    rename(step.staged, step.target)
    return 1


def _digest(path: str) -> str | None:
    try:
        return digest(Path(path).read_bytes())
    except FileNotFoundError:
        return None


def _check_targets(tree: WorkTree, wanted: Sequence[Change]) -> None:
    """No target leaves its root: no symbolic link on the way, and no directory where a file should be."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for change in wanted:
        root, rest = tree.resolve(safe_path(change.path))
        parts = rest.split("/")
        for depth in range(1, len(parts) + 1):
            place = f"{root}/{'/'.join(parts[:depth])}"
            if place in seen:
                continue
            seen.add(place)
            if os.path.islink(place):
                message = f"{place} is a symbolic link, which is not followed"
                problems.append(Problem(id="symlink", file=change.path, message=message, remedy="replace it by what it points to"))
            elif (depth == len(parts)) == os.path.isdir(place) and os.path.lexists(place):
                problems.append(Problem(id="in-the-way", file=change.path, message=f"{place} is in the way", remedy="move it"))
    if problems:
        raise ScaffoldError(problems)


def _stage(tree: WorkTree, wanted: Sequence[Change], made: list[str]) -> list[Step]:
    steps = []
    ready: set[Path] = set()
    for number, change in enumerate(wanted):
        root, rest = tree.resolve(change.path)
        stage = root / FOLDER / _STAGE
        if stage not in ready:
            os.makedirs(stage, exist_ok=True)
            _ignore(root / FOLDER)
            ready.add(stage)
        staged, target = f"{stage}/{number}", f"{root}/{rest}"
        _put(staged, change.new, target if change.old is not None else None)
        old = None if change.old is None else digest(change.old)
        steps.append(Step(change.path, target, staged, f"{stage}/{number}.old", old))
    return steps


def _ignore(folder: Path) -> None:
    """Git sees nothing of a run but the schema."""
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(f"/{_STAGE}/\n/{_JOURNAL}\n/{_JOURNAL}.new\n/lock\n")


def _put(path: str, content: bytes, like: str | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o666)
    try:
        os.write(descriptor, content) if len(content) < 1 << 16 else _write_all(descriptor, content)
        if like is not None:
            os.fchmod(descriptor, os.stat(like).st_mode & 0o777)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def _write_journal(tree: WorkTree, steps: Sequence[Step]) -> None:
    folder = tree.root / FOLDER
    _put(f"{folder}/{_JOURNAL}.new", json.dumps([asdict(step) for step in steps]).encode(), None)
    os.replace(f"{folder}/{_JOURNAL}.new", folder / _JOURNAL)


def _run(tree: WorkTree, steps: Sequence[Step], made: list[str], rename: Rename) -> None:
    done: list[Step] = []
    try:
        for step in steps:
            made.extend(_directories(os.path.dirname(step.target)))
            done.append(step)
            if step.old is not None:
                os.link(step.target, step.backup)
            rename(step.staged, step.target)
    except BaseException:
        _restore(done)
        _clean(tree, made, steps)
        raise
    _clean(tree, [], steps)


def _directories(path: str) -> Iterator[str]:
    """Make the directories of a path; the new ones, outermost first."""
    missing = []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        os.mkdir(folder)
        yield folder


def _restore(done: Sequence[Step]) -> None:
    for step in reversed(done):
        if step.old is not None:
            if os.path.exists(step.backup):
                os.replace(step.backup, step.target)
        elif not os.path.exists(step.staged):
            os.unlink(step.target)


def _clean(tree: WorkTree, made: Sequence[str], steps: Sequence[Step]) -> None:
    """Drop the journal first: from here on there is nothing to complete."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(tree.root / FOLDER / _JOURNAL)
    for root in {tree.root, *(Path(step.staged).parents[2] for step in steps)}:
        stage = root / FOLDER / _STAGE
        if stage.is_dir() and not stage.is_symlink():
            for entry in os.scandir(stage):
                os.unlink(entry.path)
            os.rmdir(stage)
    for folder in reversed(made):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
