"""The only writer of files, and the only one that deletes any: all of them or none.

Everything is staged first, in a folder that Terraform does not read; then a journal names every rename, and
only then are files renamed: first those that are new or changed, then those that go (into the stage, so they can
come back), account requests last. Directories that are empty for want of a deleted file go after that. An
exception puts the old files back. After a kill the journal is there, and the next writing command completes the
run. Nothing is flushed file by file: the journal protects against a killed process, not against a power cut (git
does).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.accounts.model import FOLDER as REQUESTS
from generator.files import safe_path
from generator.hcl.quoting import digest
from generator.problems import Problem, Refused, ScaffoldError, refuse
from generator.repository.changes import Change
from generator.repository.lock import FOLDER, locked
from generator.repository.worktree import WorkTree

Rename = Callable[[str, str], None]
_JOURNAL, _STAGE = "journal.json", "stage"
_DELETE = "delete"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Step:
    """One file to put in place or to delete: where, its place in the order, the digest of what is there now (None: nothing).

    The journal holds `path`, `old` and the word of a deletion only: where files lie follows from the tree, so a moved
    checkout completes too.
    """

    path: str
    old: str | None
    deletes: bool
    root: str
    rest: str
    number: int

    @property
    def target(self) -> str:
        """Where the file goes."""
        return f"{self.root}/{self.rest}"

    @property
    def stage(self) -> str:
        """The folder it is staged in, on the target's file system."""
        return f"{self.root}/{FOLDER}/{_STAGE}"

    @property
    def staged(self) -> str:
        """The new file until it is renamed."""
        return f"{self.stage}/{self.number}"

    @property
    def backup(self) -> str:
        """The old file until all is done: a second name of what is replaced, the only one of what is deleted."""
        return f"{self.staged}.old"

    @property
    def pending(self) -> bool:
        """Is its rename still to come, as far as the stage tells? Without a stage nothing is deleted."""
        if self.deletes:
            return os.path.isdir(self.stage) and not os.path.lexists(self.backup)
        return os.path.lexists(self.staged)

    def do(self, rename: Rename) -> None:
        """The one rename of the step."""
        rename(*((self.target, self.backup) if self.deletes else (self.staged, self.target)))


def _step(tree: WorkTree, number: int, path: str, old: str | None, *, deletes: bool) -> Step:
    root, rest = tree.resolve(safe_path(path))
    return Step(path, old, deletes, str(root), rest, number)


def apply(tree: WorkTree, changes: Iterable[Change], rename: Rename = os.replace) -> None:
    """Write and delete what the changes say; `rename` is a parameter for tests of its failure."""
    wanted = sorted((change for change in changes if change.written), key=_order)
    if not wanted:
        return
    with locked(tree.root):
        complete(tree, rename)
        wanted = [change for change in wanted if not _is_done(tree, change)]
        steps = [_step_of(tree, number, change) for number, change in enumerate(wanted)]
        _check_places(steps)
        try:
            _stage(wanted, steps)
            _write_journal(tree, steps)
        except BaseException:
            _clean(tree)
            raise
        _run(tree, steps, rename)


def _order(change: Change) -> tuple[bool, bool, str]:
    return change.path.startswith(REQUESTS), change.new is None, change.path


def _step_of(tree: WorkTree, number: int, change: Change) -> Step:
    old = None if change.old is None else digest(change.old)
    return _step(tree, number, change.path, old, deletes=change.new is None)


def _is_done(tree: WorkTree, change: Change) -> bool:
    """Is the file as wanted by now? Refused where it is neither that nor what the change was decided from."""
    found = tree.read(change.path)
    if found not in (change.old, change.new) or (found is None and change.new is None and _is_there(tree, change.path)):
        raise refuse("changed-meanwhile", "somebody changed this file just now; nothing was written", "run it again", file=change.path)
    return found == change.new


def _is_there(tree: WorkTree, path: str) -> bool:
    """Is there anything? A symbolic link reads as nothing, and is not gone."""
    root, rest = tree.resolve(path)
    return os.path.lexists(root / rest)


def interrupted(root: Path) -> bool:
    """Did a run end between its first and its last rename?"""
    return (root / FOLDER / _JOURNAL).exists()


def complete(tree: WorkTree, rename: Rename = os.replace) -> int:
    """Finish a run that was killed; how many files were put in place or deleted. Without a journal, staged files are dropped."""
    journal = tree.root / FOLDER / _JOURNAL
    steps = _read_journal(tree, journal.read_bytes()) if journal.exists() else []
    pending = [step for step in steps if step.pending]
    _check_places(pending)
    done = sum(_finish(step, rename) for step in pending)
    list(_emptied(steps))
    _clean(tree)
    return done


def _read_journal(tree: WorkTree, content: bytes) -> list[Step]:
    """The steps of a journal. It is a file like any other: it may only say what this program could have written."""
    try:
        entries = [(path, old, what) for path, old, *what in json.loads(content)]
        steps = [_step(tree, number, path, old, deletes=what == [_DELETE]) for number, (path, old, what) in enumerate(entries)]
        if all(what in ([], [_DELETE]) for *_, what in entries) and all(map(_is_sound, steps)):
            return steps
    except (ValueError, TypeError, AttributeError, RecursionError, Refused):
        pass
    file = f"{FOLDER}/{_JOURNAL}"
    raise refuse("bad-journal", "no run of this program wrote this journal", f"delete {file} and run again", file=file)


def _is_sound(step: Step) -> bool:
    if ".git" in step.path.lower().split("/"):
        return False
    return not step.deletes if step.old is None else bool(_DIGEST.match(step.old))


def _finish(step: Step, rename: Rename) -> int:
    if _digest(step.target) != step.old:
        return 0  # somebody changed the file since: their edit stands, and sync shows the difference
    os.makedirs(os.path.dirname(step.target), exist_ok=True)
    step.do(rename)
    return 1


def _digest(path: str) -> str | None:
    try:
        return digest(Path(path).read_bytes())
    except FileNotFoundError:
        return None


def _check_places(steps: Iterable[Step]) -> None:
    """No file leaves its root: no symbolic link on the way, and no directory where a file should be."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for step in steps:
        for rest in (step.rest, f"{FOLDER}/{_STAGE}/{step.number}"):
            parts = rest.split("/")
            for depth in range(1, len(parts) + 1):
                place = f"{step.root}/{'/'.join(parts[:depth])}"
                if place not in seen:
                    seen.add(place)
                    problems.extend(_in_the_way(step.path, place, is_file=depth == len(parts)))
    if problems:
        raise ScaffoldError(problems)


def _in_the_way(path: str, place: str, *, is_file: bool) -> Iterator[Problem]:
    try:
        mode = os.lstat(place).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISLNK(mode):
        message = f"{place} is a symbolic link, which is not followed"
        yield Problem(id="symlink", file=path, message=message, remedy="replace it by what it points to")
    elif is_file == stat.S_ISDIR(mode):
        yield Problem(id="in-the-way", file=path, message=f"{place} is in the way", remedy="move it")


def _stage(wanted: Sequence[Change], steps: Sequence[Step]) -> None:
    for stage in dict.fromkeys(step.stage for step in steps):
        os.makedirs(stage, exist_ok=True)
        _ignore(Path(stage).parent)
    for change, step in zip(wanted, steps, strict=True):
        if change.new is not None:
            _put(step.staged, change.new, step.target if step.old is not None else None)


def _ignore(folder: Path) -> None:
    """Git sees nothing of a run but the schema."""
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(f"/{_STAGE}/\n/{_JOURNAL}\n/{_JOURNAL}.new\n/lock\n")


def _put(path: str, content: bytes, like: str | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o666)
    try:
        _write_all(descriptor, content)
        if like is not None:
            os.fchmod(descriptor, os.stat(like).st_mode & 0o777)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, content: bytes) -> None:
    """Every byte: a nearly full disk takes a part of them without a word."""
    written = os.write(descriptor, content)
    while written < len(content):
        written += os.write(descriptor, content[written:])


def _write_journal(tree: WorkTree, steps: Sequence[Step]) -> None:
    folder = tree.root / FOLDER
    entries = [(step.path, step.old, _DELETE) if step.deletes else (step.path, step.old) for step in steps]
    _put(f"{folder}/{_JOURNAL}.new", json.dumps(entries).encode(), None)
    os.replace(f"{folder}/{_JOURNAL}.new", folder / _JOURNAL)


def _run(tree: WorkTree, steps: Sequence[Step], rename: Rename) -> None:
    done: list[Step] = []
    made: list[str] = []
    emptied: list[tuple[str, int]] = []
    try:
        for step in steps:
            made.extend(_directories(os.path.dirname(step.target)))
            done.append(step)
            if step.old is not None and not step.deletes:
                os.link(step.target, step.backup)
            step.do(rename)
        emptied.extend(_emptied(steps))
    except BaseException:
        _restore(done, made, emptied)
        _clean(tree)
        raise
    _clean(tree)


def _directories(path: str) -> Iterator[str]:
    """Make the directories of a path; the new ones, outermost first."""
    missing = []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        os.mkdir(folder)
        yield folder


def _emptied(steps: Iterable[Step]) -> Iterator[tuple[str, int]]:
    """Remove the directories that deletions emptied, up to the root; each with its mode, and named before it goes."""
    for step in steps:
        for folder in _folders(step) if step.deletes else ():
            try:
                yield folder, stat.S_IMODE(os.stat(folder).st_mode)
                os.rmdir(folder)
            except FileNotFoundError:
                continue  # gone before: with another file, or in the run that was killed
            except OSError:
                break  # it holds something else


def _folders(step: Step) -> list[str]:
    """The directories that a file lies in below its root, innermost first; none where one of them is a symbolic link."""
    parts = step.rest.split("/")
    folders = [f"{step.root}/{'/'.join(parts[:depth])}" for depth in range(len(parts) - 1, 0, -1)]
    return [] if any(map(os.path.islink, folders)) else folders


def _restore(done: Sequence[Step], made: Sequence[str], emptied: Sequence[tuple[str, int]]) -> None:
    """The old tree. At every moment the journal still completes the run: a second Ctrl-C or a kill may come here too."""
    for folder, mode in reversed(emptied):
        if not os.path.isdir(folder):
            os.mkdir(folder)
            os.chmod(folder, mode)
    for step in reversed(done):
        if step.old is None:
            if not os.path.exists(step.staged):
                os.replace(step.target, step.staged)
        elif os.path.exists(step.backup):
            _stage_again(step)
            os.replace(step.backup, step.target)
    for folder in reversed(made):
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def _stage_again(step: Step) -> None:
    if not step.deletes and not os.path.exists(step.staged):
        with contextlib.suppress(OSError):  # a full disk: then an interrupted way back is not completed, but this one goes on
            os.link(step.target, step.staged)


def _clean(tree: WorkTree) -> None:
    """Drop the journal first: from here on there is nothing to complete."""
    for journal in (_JOURNAL, f"{_JOURNAL}.new"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(tree.root / FOLDER / journal)
    for root in (tree.root, *tree.mounts.values()):
        stage = root / FOLDER / _STAGE
        if stage.is_dir() and not any(path.is_symlink() for path in (stage.parent, stage)):
            for entry in os.scandir(stage):
                os.unlink(entry.path)
            os.rmdir(stage)
