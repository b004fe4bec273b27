"""A small tree on disk, what it should become, and what is really there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from generator.files import File, FileSet, Kind

BEFORE = {"README": b"old\n", "stacks/a/x.tf": b"old x\n", "aft-account-request/terraform/a.tf": b"old a\n"}
WANTED = {
    "README": b"new\n",
    "stacks/a/x.tf": b"new x\n",
    "stacks/b/c/d.tf": b"d" * 100_000,
    "stacks/b/e.tf": b"",
    "aft-account-request/terraform/a.tf": b"new a\n",
    "aft-account-request/terraform/b.tf": b"b\n",
}
_OURS = (".scaffold", ".scaffold/lock", ".scaffold/.gitignore")


def make(root: Path, files: Mapping[str, bytes] = BEFORE) -> Path:
    """The tree; one of its files may only be read by its owner and may be run."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    if "stacks/a/x.tf" in files:
        (root / "stacks/a/x.tf").chmod(0o700)
    return root


def wanted(files: Mapping[str, bytes] = WANTED) -> FileSet:
    """Records: they are written whatever is there."""
    return FileSet.of({path: File(content, Kind.RECORD) for path, content in files.items()})


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
