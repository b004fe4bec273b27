"""What is deleted is what was compared, below the root, and nothing else."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.files import File, FileSet, Kind
from generator.hcl import managed
from generator.hcl.quoting import digest
from generator.problems import ScaffoldError
from generator.repository import write
from generator.repository.changes import Verb, compare
from generator.repository.worktree import WorkTree
from tests.unit.repository import disk

GONE = [path for path, content in disk.WANTED.items() if content is None]
OURS = managed.text_file("# ours\n")


def _delete(root: Path, *paths: str, kind: Kind = Kind.RECORD, rename: write.Rename = os.replace) -> list[Verb]:
    tree = WorkTree(root)
    changes = compare(FileSet.of({path: File(None, kind) for path in paths}), tree)
    write.apply(tree, changes, rename)
    return [change.verb for change in changes]


def _refused(work: Callable[[], object]) -> list[str]:
    with pytest.raises(ScaffoldError) as refused:
        work()
    return [problem.id for problem in refused.value.problems]


def test_only_what_is_ours_is_deleted(tmp_path: Path) -> None:
    """An edited file and one without a header stay; others go all the same."""
    kept = {"s/edited.tf": OURS + b"# mine\n", "s/theirs.tf": b"# mine\n"}
    root = disk.make(tmp_path, {"s/ours.tf": OURS, **kept})

    verbs = _delete(root, "s/edited.tf", "s/none.tf", "s/ours.tf", "s/theirs.tf", kind=Kind.MANAGED)

    assert verbs == [Verb.CONFLICT, Verb.IDENTICAL, Verb.DELETE, Verb.KEPT]
    assert {path: (root / path).read_bytes() for path in kept} == kept
    assert not (root / "s/ours.tf").exists()


def test_a_deletion_of_nothing_touches_nothing(tmp_path: Path) -> None:
    """Not even the lock, and no empty directory that was there before."""
    (tmp_path / "empty").mkdir()

    assert _delete(tmp_path, "empty/a", "none/b") == [Verb.IDENTICAL, Verb.IDENTICAL]
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_a_root_is_never_removed(tmp_path: Path) -> None:
    """Nor is the root of a sibling checkout, when its last file goes."""
    root, sibling = disk.make(tmp_path / "main", {"a/b": b"1"}), disk.make(tmp_path / "requests", {"c/d": b"2", "e": b"3"})
    tree = WorkTree(root, {"aft-account-request": sibling})
    paths = ("a/b", "aft-account-request/c/d", "aft-account-request/e")

    write.apply(tree, compare(FileSet.of({path: File(None, Kind.RECORD) for path in paths}), tree))

    assert [path.name for path in root.iterdir()] == [path.name for path in sibling.iterdir()] == [".scaffold"]


def test_a_directory_goes_with_its_last_file_wherever_the_files_lie(tmp_path: Path) -> None:
    """The files of an outer directory come before and after those of an inner one."""
    root = disk.make(tmp_path, {"s/a": b"", "s/b/c/d": b"", "s/b/e/f": b"", "s/g": b"", "t/u/v": b"", "t/w": b""})

    _delete(root, "s/a", "s/b/c/d", "s/b/e/f", "s/g", "t/u/v")

    assert sorted(path.name for path in root.iterdir()) == [".scaffold", "t"]
    assert [path.name for path in (root / "t").iterdir()] == ["w"]


def test_a_file_that_is_read_only_goes_and_comes_back_as_it_was(tmp_path: Path) -> None:
    """It is moved, not copied: the same file on the disk, with its mode and its time."""
    root = disk.make(tmp_path, {"s/a": b"1", "s/b": b"2"})
    (root / "s/a").chmod(0o400)
    before = (root / "s/a").stat()
    calls = iter([True, False])

    def rename(source: str, target: str) -> None:
        if not next(calls):
            raise OSError(5, "Input/output error")
        os.replace(source, target)

    with pytest.raises(OSError, match="Input/output"):
        _delete(root, "s/a", "s/b", rename=rename)

    after = (root / "s/a").stat()
    assert (after.st_ino, stat.S_IMODE(after.st_mode), after.st_mtime_ns) == (before.st_ino, 0o400, before.st_mtime_ns)


@pytest.mark.parametrize("failed", ["stacks", "stacks/old", "stacks/old/deep", "stacks/old/deep/er"])
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_an_interrupt_while_directories_are_removed_brings_them_back(
    tmp_path: Path, failed: str, done: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With their modes, and the files in them."""
    root = disk.make(tmp_path, {path: b"1" for path in GONE})
    before, rmdir = disk.everything(root), os.rmdir

    def interrupted(folder: str) -> None:
        if done or folder != f"{root}/{failed}":
            rmdir(folder)
        if folder == f"{root}/{failed}":
            raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "rmdir", interrupted)
        _delete(root, *GONE)

    assert disk.everything(root) == before


def test_a_directory_that_cannot_be_removed_stays_and_undoes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty directory means nothing, to git as to Terraform."""
    root = disk.make(tmp_path, {"s/t/a": b"1"})
    rmdir = os.rmdir

    def denied(folder: str | Path) -> None:
        if str(folder) == f"{root}/s/t":
            raise PermissionError(13, "Permission denied")
        rmdir(folder)

    with monkeypatch.context() as patched:
        patched.setattr(os, "rmdir", denied)
        _delete(root, "s/t/a")

    assert list((root / "s/t").iterdir()) == []


@pytest.mark.parametrize("by_hand", [b"by hand\n", "link", "directory"])
def test_a_file_changed_since_it_was_compared_is_not_deleted(tmp_path: Path, by_hand: bytes | str) -> None:
    """A link or a directory reads as nothing, and it is not the file that was to go."""
    tree = WorkTree(disk.make(tmp_path))
    changes = compare(disk.wanted(), tree)
    _instead(tmp_path / "stacks/a/y.tf", by_hand)
    before = disk.everything(tmp_path)

    assert _refused(lambda: write.apply(tree, changes)) == ["changed-meanwhile"]
    assert disk.everything(tmp_path) == before


def _instead(place: Path, what: bytes | str) -> None:
    place.unlink()
    if isinstance(what, bytes):
        place.write_bytes(what)
    elif what == "link":
        place.symlink_to("x.tf")
    else:
        place.mkdir()


def test_a_file_that_went_since_it_was_compared_is_gone(tmp_path: Path) -> None:
    """Somebody did the same: nothing to do about it, and everything else is done."""
    tree = WorkTree(disk.make(tmp_path))
    changes = compare(disk.wanted(), tree)
    (tmp_path / "stacks/a/y.tf").unlink()

    write.apply(tree, changes)

    assert disk.found(tmp_path) == disk.WANTED


def test_nothing_is_deleted_through_a_symbolic_link(tmp_path: Path) -> None:
    """A link is named and stays; what lies behind one is not even seen."""
    root, outside = disk.make(tmp_path / "root", {"s/a": b"1"}), disk.make(tmp_path / "outside", {"b": b"2"})
    (root / "s/b").symlink_to(outside / "b")
    (root / "t").symlink_to(outside)
    before = disk.everything(tmp_path)

    assert _delete(root, "s/b", "t/b") == [Verb.KEPT, Verb.IDENTICAL]
    assert disk.everything(tmp_path) == before


def test_a_file_edited_after_the_kill_is_not_deleted(tmp_path: Path) -> None:
    """Nor is one that somebody put where a file has gone already; both directories stay."""
    root = disk.make(tmp_path)
    first = list(disk.WANTED).index("stacks/a/y.tf")
    disk.killed(lambda: write.apply(WorkTree(root), compare(disk.wanted(), WorkTree(root)), disk.dying_at(first + 1)))
    assert not (root / "stacks/a/y.tf").exists() and (root / "stacks/old/z.tf").exists()
    (root / "stacks/old/z.tf").chmod(0o600)
    for path in ("stacks/a/y.tf", "stacks/old/z.tf"):
        (root / path).write_bytes(disk.BEFORE[path] + b"by hand\n")

    write.complete(WorkTree(root))

    left = {path: (root / path).read_bytes() for path in ("stacks/a/y.tf", "stacks/old/z.tf")}
    assert left == {path: disk.BEFORE[path] + b"by hand\n" for path in left}
    assert not (root / "stacks/old/deep").exists()


def test_a_file_put_back_after_the_kill_is_not_deleted_again(tmp_path: Path) -> None:
    """The stage tells that its turn is over, whatever bytes it has."""
    root = disk.make(tmp_path, {"s/a": b"1", "s/b": b"2"})
    disk.killed(lambda: _delete(root, "s/a", "s/b", rename=disk.dying_at(1)))
    (root / "s/a").write_bytes(b"1")

    assert write.complete(WorkTree(root)) == 1
    assert [path.name for path in (root / "s").iterdir()] == ["a"]


def test_a_completion_removes_no_directory_behind_a_symbolic_link(tmp_path: Path) -> None:
    """An empty directory outside is none of ours."""
    root, outside = disk.make(tmp_path / "root", {"s/t/a": b"1", "s/t/b": b"2"}), tmp_path / "outside"
    disk.killed(lambda: _delete(root, "s/t/a", rename=_dying_afterwards))
    (outside / "t").mkdir(parents=True)
    (root / "s").rename(tmp_path / "moved")
    (root / "s").symlink_to(outside)

    write.complete(WorkTree(root))

    assert (outside / "t").is_dir() and not write.interrupted(root)


def _dying_afterwards(source: str, target: str) -> None:
    os.replace(source, target)
    os._exit(9)


@pytest.mark.parametrize("stage", [False, True])
def test_a_journal_alone_deletes_nothing(tmp_path: Path, stage: bool) -> None:
    """It may have come with a pull request: without a stage there was no run here, and with one only what has the digest goes."""
    root = disk.make(tmp_path, {"s/a": b"1"})
    (root / ".scaffold").mkdir()
    wrong, right = (digest(content) for content in (b"2", b"1"))
    (root / ".scaffold/journal.json").write_text(json.dumps([["s/a", wrong if stage else right, "delete"]]))
    if stage:
        (root / ".scaffold/stage").mkdir()

    assert write.complete(WorkTree(root)) == 0
    assert (root / "s/a").read_bytes() == b"1"


def test_a_journal_without_deletions_reads_as_ever(tmp_path: Path) -> None:
    """Its entries are a path and a digest; one of an earlier release is completed."""
    root = disk.make(tmp_path, {"README": b"old\n"})
    (root / ".scaffold/stage").mkdir(parents=True)
    (root / ".scaffold/stage/0").write_bytes(b"new\n")
    (root / ".scaffold/stage/1").write_bytes(b"x\n")
    (root / ".scaffold/journal.json").write_text(json.dumps([["README", digest(b"old\n")], ["s/x", None]]))

    assert write.complete(WorkTree(root)) == 2
    assert ((root / "README").read_bytes(), (root / "s/x").read_bytes()) == (b"new\n", b"x\n")
