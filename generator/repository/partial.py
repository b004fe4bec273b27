"""The lines of an unfinished reading, beside the file that it ends in: appended one by one, gone once that file is there.

    with partial.of(Path("audit.json")) as lines:       # audit.json.partial, locked; what a run before left is kept
        found = reading(lines)                          # lines.read(), then lines.append(line) as often as wanted
        lines.finish(content)                           # audit.json holds `content`, and audit.json.partial is gone

Both hold addresses of accounts, so new ones are for their owner's eyes only. A file that was there keeps its mode.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from generator.problems import refuse
from generator.repository.outputs import put

_APPENDED = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


class Partial:
    """`FILE.partial`, open and locked. One thread at a time appends."""

    def __init__(self, file: Path, name: str, descriptor: int) -> None:
        self._file, self._descriptor = file, descriptor
        self.name = name

    def read(self) -> tuple[str, ...]:
        """The lines that are there. The last one is dropped, from the file too, if a kill tore it."""
        with open(self._descriptor, "rb", closefd=False) as stream:
            stream.seek(0)
            content = stream.read()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            os.ftruncate(self._descriptor, len(whole))
        try:
            return tuple(whole.decode().split("\n")[:-1])
        except UnicodeDecodeError:
            raise refuse("bad-partial", "this unfinished reading is no text", "delete it, and read again", file=self.name) from None

    def append(self, line: str) -> None:
        """Write one more line, at once: a killed process loses nothing that was appended."""
        content = memoryview(f"{line}\n".encode())
        while content:  # a nearly full disk takes a part of it without a word
            content = content[os.write(self._descriptor, content) :]

    def finish(self, content: bytes) -> None:
        """Put `content` in FILE's place, whole or not at all, and delete `FILE.partial`."""
        put(self._file, content)  # on the disk, too: hours of reading are in it, and the lines go
        os.unlink(self.name)


@contextlib.contextmanager
def of(file: Path) -> Iterator[Partial]:
    """`FILE.partial`, for this process alone. Refused while another one reads into FILE; OSError where FILE cannot be written.

    Left without `finish` it stays for the next run, unless nothing is in it.
    """
    if file.is_dir():  # else it would be found out at the end
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    name = f"{file}.partial"
    descriptor = os.open(name, _APPENDED, 0o600)
    try:
        _lock(name, descriptor)
        try:
            yield Partial(file, name, descriptor)
        finally:
            if not os.fstat(descriptor).st_size and _is_there(name, descriptor):
                os.unlink(name)
    finally:
        os.close(descriptor)


def _lock(name: str, descriptor: int) -> None:
    """The kernel gives it back when the process ends. Between opening and locking another run may have finished with the file."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_there(name, descriptor):
            return
    raise refuse("locked", "another scaffold is reading into this file", "wait until it has ended", file=name)


def _is_there(name: str, descriptor: int) -> bool:
    """Is the open file still the one of that name?"""
    try:
        return os.path.samestat(os.lstat(name), os.fstat(descriptor))
    except FileNotFoundError:
        return False
