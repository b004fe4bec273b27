"""A small tree on disk, what it should become, and what is really there."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.files import File, FileSet, Kind

BEFORE = {
    "README": b"old\n",
    "stacks/a/x.tf": b"old x\n",
    "stacks/a/y.tf": b"old y\n",
    "stacks/old/z.tf": b"old z\n",
    "stacks/old/deep/er/z.tf": b"",
    "aft-account-request/terraform/a.tf": b"old a\n",
    "aft-account-request/terraform/c.tf": b"old c\n",
}
WANTED: Mapping[str, bytes | None] = {
    "README": b"new\n",
    "stacks/a/x.tf": b"new x\n",
    "stacks/b/c/d.tf": b"d" * 100_000,
    "stacks/b/e.tf": b"",
    "stacks/a/y.tf": None,
    "stacks/old/z.tf": None,
    "stacks/old/deep/er/z.tf": None,
    "aft-account-request/terraform/a.tf": b"new a\n",
    "aft-account-request/terraform/b.tf": b"b\n",
    "aft-account-request/terraform/c.tf": None,
}
EMPTIED = ("stacks/old", "stacks/old/deep", "stacks/old/deep/er")
_MODES = {"stacks/a/x.tf": 0o700, "stacks/old/z.tf": 0o440, "stacks/old/deep": 0o1775, "stacks/old/deep/er": 0o700}
_CHANGING = ("chmod", "fchmod", "link", "mkdir", "open", "replace", "rmdir", "unlink", "write")
_OURS = (".scaffold", ".scaffold/lock", ".scaffold/.gitignore")


def make(root: Path, files: Mapping[str, bytes] = BEFORE) -> Path:
    """The tree; some of its files and directories have modes that no new ones would get."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    for path, mode in _MODES.items():
        if (root / path).exists():
            (root / path).chmod(mode)
    return root


def wanted(files: Mapping[str, bytes | None] = WANTED) -> FileSet:
    """Records: they are written, or deleted, whatever is there."""
    return FileSet.of({path: File(content, Kind.RECORD) for path, content in files.items()})


def found(root: Path) -> dict[str, bytes | None]:
    """What is there of the paths that are wanted, or wanted gone."""
    return {path: (root / path).read_bytes() if (root / path).exists() else None for path in WANTED}


def everything(root: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and bytes of everything below a directory, the lock and its ignore file left out; nothing follows a link."""
    found: dict[str, tuple[int, bytes]] = {}
    for path in sorted(root.rglob("*")):
        mode = path.lstat().st_mode
        body = os.fsencode(path.readlink()) if stat.S_ISLNK(mode) else path.read_bytes() if stat.S_ISREG(mode) else b""
        name = path.relative_to(root).as_posix()
        if name not in _OURS:
            found[name] = (mode, body)
    return found


@contextlib.contextmanager
def failing(step: int, fail: Callable[[], None]) -> Iterator[list[str]]:
    """Instead of the `step`-th call that changes a disk, `fail` is called; the calls that were made."""
    made: list[str] = []

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*arguments: Any, **options: Any) -> Any:
            made.append(name)
            if len(made) == step + 1:
                fail()
            return call(*arguments, **options)

        return instead

    with pytest.MonkeyPatch.context() as patched:
        for name in _CHANGING:
            patched.setattr(os, name, counted(name, getattr(os, name)))
        yield made


def late(source: str, target: str) -> None:
    """`os.replace` as it is when it is called."""
    os.replace(source, target)


def killed(work: Callable[[], object]) -> int:
    """Run something in a process of its own that dies on the way, without a farewell; its exit status."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dying_at(step: int) -> Callable[[str, str], None]:
    """A rename that ends the process instead of its `step`-th call."""
    calls = iter(range(step))

    def rename(source: str, target: str) -> None:
        if next(calls, None) is None:
            os._exit(9)
        os.replace(source, target)

    return rename
