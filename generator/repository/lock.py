"""One writer at a time in a landing zone: `flock` on a file, released by the kernel when the process ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from generator.problems import refuse

FOLDER = ".scaffold"


_held: set[Path] = set()


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of a landing zone; refused at once where somebody else holds it. Free inside itself."""
    place = root.resolve()
    if place in _held:
        yield
        return
    with _flock(root):
        _held.add(place)
        try:
            yield
        finally:
            _held.discard(place)


@contextlib.contextmanager
def _flock(root: Path) -> Iterator[None]:
    folder = root / FOLDER
    if folder.is_symlink():
        raise refuse("symlink", f"{FOLDER} is a symbolic link, which is not followed", "replace it by a directory", file=FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refuse("locked", f"another scaffold is writing in {root}", "wait until it has ended", file=FOLDER) from None
        yield
    finally:
        os.close(descriptor)
