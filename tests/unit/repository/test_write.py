"""All files of a run are written, or none is: after an exception at once, after a kill by the next run."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.files import File, FileSet, Kind
from generator.hcl.quoting import digest
from generator.problems import ScaffoldError
from generator.repository import write
from generator.repository.changes import compare
from generator.repository.lock import locked
from generator.repository.worktree import WorkTree
from tests.support import cli
from tests.unit.repository import disk

STEPS = range(len(disk.WANTED))
JOURNAL = ".scaffold/journal.json"
DELETIONS = (("a", "remove"), ("a", None), ("a", ["delete"]), ("a", "delete", 1), ("../a", "delete"), ("a/.GIT/b", "delete"))
OLD_README = digest(disk.BEFORE["README"])


def _write(tree: WorkTree, wanted: FileSet, rename: write.Rename = os.replace) -> None:
    write.apply(tree, compare(wanted, tree), rename)


def _refused(work: Callable[[], object]) -> list[str]:
    with pytest.raises(ScaffoldError) as refused:
        work()
    return [problem.id for problem in refused.value.problems]


def test_a_run_writes_everything_and_leaves_nothing_else(tmp_path: Path) -> None:
    """Modes of old files are kept, and no staging is left."""
    tree = WorkTree(disk.make(tmp_path))

    _write(tree, disk.wanted())

    assert disk.found(tmp_path) == disk.WANTED
    assert stat.S_IMODE((tmp_path / "stacks/a/x.tf").stat().st_mode) == 0o700
    assert sorted(path.name for path in (tmp_path / ".scaffold").iterdir()) == [".gitignore", "lock"]


def test_a_run_with_nothing_to_write_touches_nothing(tmp_path: Path) -> None:
    """Not even the lock."""
    tree = WorkTree(disk.make(tmp_path))

    _write(tree, disk.wanted(disk.BEFORE))

    assert not (tmp_path / ".scaffold").exists()


def test_files_go_after_others_have_come_and_requests_are_renamed_last(tmp_path: Path) -> None:
    """A stack without its request is completed by hand; a request without its stacks is an account nobody watches."""
    tree, order = WorkTree(disk.make(tmp_path)), list[str]()

    def rename(source: str, target: str) -> None:
        order.extend(name.removeprefix(f"{tmp_path}/") for name in (source, target) if "/.scaffold/" not in name)
        os.replace(source, target)

    _write(tree, disk.wanted(), rename)

    assert order == [
        "README", "stacks/a/x.tf", "stacks/b/c/d.tf", "stacks/b/e.tf",
        "stacks/a/y.tf", "stacks/old/deep/er/z.tf", "stacks/old/z.tf",
        "aft-account-request/terraform/a.tf", "aft-account-request/terraform/b.tf", "aft-account-request/terraform/c.tf",
    ]  # fmt: skip


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_an_exception_at_any_rename_leaves_the_old_tree(tmp_path: Path, step: int, done: bool, error: type[BaseException]) -> None:
    """Bytes, modes and directories; whether the rename had happened or not."""
    tree, calls = WorkTree(disk.make(tmp_path)), iter(range(step))
    before = disk.everything(tmp_path)

    def rename(source: str, target: str) -> None:
        last = next(calls, None) is None
        if done or not last:
            os.replace(source, target)
        if last:
            raise error

    with pytest.raises(error):
        _write(tree, disk.wanted(), rename)

    assert disk.everything(tmp_path) == before


def test_an_exception_while_staging_leaves_the_old_tree_in_every_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk shows itself there."""
    root, sibling = disk.make(tmp_path / "main"), disk.make(tmp_path / "requests", {"terraform/a.tf": b"old\n"})
    tree = WorkTree(root, {"aft-account-request": sibling})
    before = disk.everything(tmp_path)
    monkeypatch.setattr(write, "_write_journal", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))

    with pytest.raises(OSError, match="No space"):
        _write(tree, disk.wanted())

    assert {path for path in disk.everything(tmp_path) if "/stage" in path} == set()
    assert disk.everything(tmp_path).items() >= before.items()


@pytest.mark.parametrize("step", STEPS)
def test_after_a_kill_the_same_run_ends_as_an_undisturbed_one(tmp_path: Path, step: int) -> None:
    """The journal names what is left to do."""
    undisturbed, root = disk.make(tmp_path / "one"), disk.make(tmp_path / "two")
    _write(WorkTree(undisturbed), disk.wanted())

    assert disk.killed(lambda: _write(WorkTree(root), disk.wanted(), disk.dying_at(step))) == 9
    assert write.interrupted(root)
    _write(WorkTree(root), disk.wanted())

    assert disk.everything(root) == disk.everything(undisturbed)


def test_a_kill_during_completion_is_completed_too(tmp_path: Path) -> None:
    """Dying twice is no worse than dying once."""
    root = disk.make(tmp_path)
    disk.killed(lambda: _write(WorkTree(root), disk.wanted(), disk.dying_at(1)))
    disk.killed(lambda: write.complete(WorkTree(root), disk.dying_at(2)))

    _write(WorkTree(root), disk.wanted())

    assert disk.found(root) == disk.WANTED
    assert not (root / JOURNAL).exists() and not (root / ".scaffold/stage").exists()


def test_a_run_is_completed_from_another_directory_and_after_a_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal names paths of the landing zone, not of the machine."""
    root = disk.make(tmp_path / "old")
    monkeypatch.chdir(tmp_path)
    disk.killed(lambda: _write(WorkTree(Path("old")), disk.wanted(), disk.dying_at(2)))
    moved = root.rename(tmp_path / "new")
    monkeypatch.chdir(moved)

    assert write.complete(WorkTree(Path())) == len(disk.WANTED) - 2
    assert disk.found(moved) == disk.WANTED


def test_a_file_changed_by_hand_after_the_kill_is_left_alone(tmp_path: Path) -> None:
    """The edit stands, and whoever runs the command next sees the difference."""
    root = disk.make(tmp_path)
    disk.killed(lambda: _write(WorkTree(root), disk.wanted(), disk.dying_at(0)))
    (root / "README").write_bytes(b"by hand\n")
    (root / "stacks/b").mkdir()
    (root / "stacks/b/e.tf").write_bytes(b"by hand too\n")

    assert write.complete(WorkTree(root)) == len(disk.WANTED) - 2
    assert (root / "README").read_bytes() == b"by hand\n"
    assert (root / "stacks/b/e.tf").read_bytes() == b"by hand too\n"


@pytest.mark.parametrize("by_hand", [b"by hand\n", None])
def test_a_file_changed_since_it_was_compared_is_not_overwritten(tmp_path: Path, by_hand: bytes | None) -> None:
    """Between the decision and the lock somebody else may have written."""
    tree = WorkTree(disk.make(tmp_path))
    changes = compare(disk.wanted(), tree)
    (tmp_path / "README").unlink() if by_hand is None else (tmp_path / "README").write_bytes(by_hand)
    before = disk.everything(tmp_path)

    assert _refused(lambda: write.apply(tree, changes)) == ["changed-meanwhile"]
    assert disk.everything(tmp_path) == before


def test_the_second_of_two_writers_is_refused(tmp_path: Path) -> None:
    """At once, with the old tree untouched."""
    tree = WorkTree(disk.make(tmp_path))
    with locked(tmp_path):
        pass
    before = disk.everything(tmp_path)

    with _somebody_else(tmp_path):
        assert _refused(lambda: _write(tree, disk.wanted())) == ["locked"]

    assert disk.everything(tmp_path) == before


def test_a_command_holds_the_lock_while_it_decides(tmp_path: Path) -> None:
    """Two runs must not find the same range free: the second is refused before it reads."""
    cli.must(tmp_path, "init", str(tmp_path / "zone"))
    zone = tmp_path / "zone"

    with _somebody_else(zone):
        done = cli.run(zone, "account", "prod-ml", "--owner", "ml-platform")
        looked = cli.run(zone, "account", "prod-ml", "--owner", "ml-platform", "--check")

    assert (done.status, looked.status) == (1, 2)
    assert "another scaffold is writing" in done.err


@contextlib.contextmanager
def _somebody_else(root: Path) -> Iterator[None]:
    """Another open file with the lock, as another process would have it."""
    with (root / ".scaffold/lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("link", ["README", "stacks", "stacks/a", "aft-account-request/terraform", ".scaffold", ".scaffold/stage"])
def test_a_symbolic_link_on_the_way_is_refused(tmp_path: Path, link: str) -> None:
    """Whatever it points to, nothing is written through it."""
    root, elsewhere = disk.make(tmp_path / "root"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = root / link
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(elsewhere / "moved")
    place.symlink_to(elsewhere / "moved" if (elsewhere / "moved").exists() else elsewhere)
    before = disk.everything(root), disk.everything(elsewhere)

    assert set(_refused(lambda: _write(WorkTree(root), disk.wanted()))) == {"symlink"}
    assert (disk.everything(root), disk.everything(elsewhere)) == before


@pytest.mark.parametrize(("path", "directory"), [("stacks/b/c/d.tf", True), ("stacks/b", False), ("stacks/b/c", False)])
def test_what_stands_in_the_way_is_refused(tmp_path: Path, path: str, directory: bool) -> None:
    """A directory where a file should be, a file where a directory should be."""
    root = disk.make(tmp_path)
    if directory:
        (root / path).mkdir(parents=True)
    else:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"")
    before = disk.everything(root)

    assert set(_refused(lambda: _write(WorkTree(root), disk.wanted()))) == {"in-the-way"}
    assert disk.everything(root) == before


@pytest.mark.parametrize(
    "journal",
    [
        "{", "null", "[1]", '{"a": 1}', "[[]]", '[["a"]]', '[["a", null, 1]]', '[[1, null]]', '[["a", "sha256:x"]]', '[["a", 5]]',
        '[["../outside", null]]', '[["/etc/x", null]]', '[["a//b", null]]', '[["", null]]', '[["a\\nb", null]]', "[" * 100_000,
        '[["a", null, "delete"]]', '[[".git/config", null]]', *(json.dumps([[path, OLD_README, *what]]) for path, *what in DELETIONS),
        json.dumps([{"path": "README", "target": "/etc/x", "staged": "/etc/y", "backup": "/etc/z", "old": None}]),
    ],
)  # fmt: skip
def test_a_journal_that_no_run_can_have_written_is_refused(tmp_path: Path, journal: str) -> None:
    """It is a file like any other, and may have come with a pull request."""
    root = disk.make(tmp_path)
    (root / ".scaffold/stage").mkdir(parents=True)
    (root / ".scaffold/stage/0").write_bytes(b"evil")
    (root / JOURNAL).write_text(journal)
    before = disk.everything(tmp_path)

    assert _refused(lambda: _write(WorkTree(root), disk.wanted())) == ["bad-journal"]
    assert disk.everything(tmp_path) == before


@pytest.mark.parametrize("link", ["target", "folder", "stage", "staged"])
def test_a_completion_follows_no_symbolic_link(tmp_path: Path, link: str) -> None:
    """A journal and a link together must not reach what lies outside."""
    root, outside = disk.make(tmp_path / "root"), tmp_path / "outside"
    (outside / "stage").mkdir(parents=True)
    (outside / "stage/0").write_bytes(b"secret")
    stage = root / ".scaffold/stage"
    stage.parent.mkdir()
    if link == "stage":
        stage.symlink_to(outside / "stage")
    else:
        stage.mkdir()
        (stage / "0").symlink_to(outside / "stage/0") if link == "staged" else (stage / "0").write_bytes(b"evil")
    path = {"target": "link", "folder": "link/new"}.get(link, "new")
    if path != "new":
        (root / "link").symlink_to(outside)
    (root / JOURNAL).write_text(json.dumps([[path, None]]))
    before = disk.everything(tmp_path)

    assert set(_refused(lambda: write.complete(WorkTree(root)))) == {"symlink"}
    assert disk.everything(tmp_path) == before


def test_a_mounted_folder_is_written_in_its_own_checkout(tmp_path: Path) -> None:
    """Staged there too, since a rename cannot cross file systems."""
    root, sibling = disk.make(tmp_path / "main", {"README": b"old\n"}), disk.make(tmp_path / "requests", {"terraform/a.tf": b"old a\n"})
    tree, used = WorkTree(root, {"aft-account-request": sibling}), []

    def rename(source: str, target: str) -> None:
        used.append((source, target))
        os.replace(source, target)

    _write(tree, disk.wanted(), rename)

    assert (sibling / "terraform/b.tf").read_bytes() == b"b\n"
    assert not (root / "aft-account-request").exists()
    assert all(source.startswith(f"{sibling}/") is target.startswith(f"{sibling}/") for source, target in used)
    assert not list(tmp_path.rglob("stage"))


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_between_two_checkouts_is_completed(tmp_path: Path, step: int) -> None:
    """One journal, in the landing zone, for both."""
    root, sibling = disk.make(tmp_path / "main", {"README": b"old\n"}), disk.make(tmp_path / "requests", {"terraform/a.tf": b"old a\n"})
    tree = WorkTree(root, {"aft-account-request": sibling})
    disk.killed(lambda: _write(tree, disk.wanted(), disk.dying_at(step)))

    _write(tree, disk.wanted())

    assert {path: tree.read(path) for path in disk.WANTED} == disk.WANTED
    assert not list(tmp_path.rglob("stage")) and not list(tmp_path.rglob("journal*"))


def test_staged_files_of_a_run_that_died_before_its_first_rename_are_dropped(tmp_path: Path) -> None:
    """Without a journal there is nothing to complete."""
    root = disk.make(tmp_path)
    (root / ".scaffold/stage").mkdir(parents=True)
    (root / ".scaffold/stage/0").write_bytes(b"half")

    assert write.complete(WorkTree(root)) == 0
    assert not (root / ".scaffold/stage").exists()


def test_an_empty_old_file_is_replaced_and_put_back(tmp_path: Path) -> None:
    """Empty is not absent."""
    tree = WorkTree(disk.make(tmp_path, {"a": b""}))

    _write(tree, FileSet.of({"a": File(b"new", Kind.RECORD)}))

    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A landing zone, and beside it the same with an account that was added without disturbance."""
    folder = tmp_path_factory.mktemp("undisturbed")
    for name in ("fresh", "done"):
        (folder / name).mkdir()
        cli.must(folder / name, "init")
    cli.accounts(folder / "done", ["prod-ml"])
    return folder


def _killed_at(root: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> int:
    with monkeypatch.context() as patched:
        patched.setattr(write, "apply", functools.partial(write.apply, rename=disk.dying_at(step)))
        return disk.killed(lambda: cli.accounts(root, ["prod-ml"]))


def test_a_killed_command_is_completed_by_running_it_again(undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every rename of `scaffold account`, until there are no more."""
    expected, step, status = cli.snapshot(undisturbed / "done"), 0, 9
    while status == 9:
        root = tmp_path / str(step)
        root.mkdir()
        disk.make(root, cli.snapshot(undisturbed / "fresh"))
        status = _killed_at(root, step, monkeypatch)
        cli.accounts(root, ["prod-ml"])
        assert cli.snapshot(root) == expected, f"killed at rename {step}"
        step += 1

    assert step > len(expected) - len(cli.snapshot(undisturbed / "fresh"))
