"""Whatever call to the system fails, or is the last one before a kill: the old tree or the new one, nothing between."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.repository import write
from generator.repository.changes import compare
from generator.repository.worktree import WorkTree
from tests.unit.repository import disk

MANY = 1000


class Stop(BaseException):
    """What stops a run; nothing catches it."""


def _stop() -> None:
    raise Stop


def _die() -> None:
    os._exit(9)


def _run(root: Path, rename: write.Rename = disk.late) -> None:
    tree = WorkTree(root)
    write.apply(tree, compare(disk.wanted(), tree), rename)


def _again(root: Path) -> None:
    """As the next command does: what was interrupted is completed, then it does its own."""
    write.complete(WorkTree(root))
    _run(root)


def _calls(folder: Path) -> int:
    """How many calls to the system a run makes."""
    root = disk.make(folder / "counted")
    with disk.failing(MANY, _stop) as made:
        _run(root)
    return len(made)


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, tuple[int, bytes]]:
    """The tree after a run that nothing disturbed."""
    root = disk.make(tmp_path / "undisturbed")
    _run(root)
    return disk.everything(root)


def test_a_run_deletes_files_and_the_directories_that_they_leave_empty(tmp_path: Path) -> None:
    """A directory that holds anything else stays, also one that holds but an empty directory."""
    root = disk.make(tmp_path)
    (root / "stacks/a/empty").mkdir()

    _run(root)

    assert disk.found(root) == disk.WANTED
    assert not any((root / folder).exists() for folder in disk.EMPTIED)
    assert (root / "stacks/a/empty").is_dir()


def test_an_exception_at_any_call_leaves_the_old_tree_or_one_that_the_next_run_completes(
    tmp_path: Path, expected: dict[str, tuple[int, bytes]]
) -> None:
    """Modes and directories too. The second is only for the last moment: all is in place, and the stage is being cleared."""
    calls, completed = _calls(tmp_path), 0
    for step in range(calls):
        root = disk.make(tmp_path / str(step))
        before = disk.everything(root)
        with pytest.raises(Stop), disk.failing(step, _stop):
            _run(root)
        if not write.interrupted(root) and not (root / ".scaffold/stage").exists():
            assert disk.everything(root) in (before, expected), f"stopped at call {step}"
        else:
            completed += 1
        _again(root)
        assert disk.everything(root) == expected, f"stopped at call {step}"

    assert 0 < completed < calls / 4


def test_after_a_kill_at_any_call_the_same_run_ends_as_an_undisturbed_one(tmp_path: Path, expected: dict[str, tuple[int, bytes]]) -> None:
    """Between any two calls, those that remove directories included."""
    for step in range(_calls(tmp_path)):
        root = disk.make(tmp_path / str(step))
        with disk.failing(step, _die):
            assert disk.killed(lambda root=root: _run(root)) == 9  # type: ignore[misc]

        _again(root)

        assert disk.everything(root) == expected, f"killed at call {step}"


@pytest.mark.parametrize("failed", [2, len(disk.WANTED) - 2, len(disk.WANTED) - 1])
@pytest.mark.parametrize("end", [_stop, _die])
def test_a_way_back_that_is_cut_short_is_completed_too(
    tmp_path: Path, expected: dict[str, tuple[int, bytes]], failed: int, end: Callable[[], None]
) -> None:
    """Ctrl-C twice, or Ctrl-C and a kill: the tree is mixed for a moment, and the next run makes it whole."""
    for step in range(MANY):
        root = disk.make(tmp_path / str(step))
        before = disk.everything(root)
        status = disk.killed(lambda root=root, step=step: _fail_twice(root, failed, step, end))  # type: ignore[misc]
        if status == 0:
            assert disk.everything(root) == before
            break
        write.complete(WorkTree(root))
        assert disk.everything(root) in (before, expected), f"cut short at call {step}"
        _again(root)
        assert disk.everything(root) == expected, f"cut short at call {step}"

    assert step > failed


def _fail_twice(root: Path, failed: int, step: int, end: Callable[[], None]) -> None:
    """The rename of that number fails; `end` comes at that call of the way back. Status 0: the way back was shorter."""
    renames, way_back = iter(range(failed)), disk.failing(step, end)

    def rename(source: str, target: str) -> None:
        if next(renames, None) is None:
            way_back.__enter__()
            raise KeyboardInterrupt
        os.replace(source, target)

    try:
        _run(root, rename)
    except KeyboardInterrupt:
        os._exit(0)
    except Stop:
        os._exit(9)
