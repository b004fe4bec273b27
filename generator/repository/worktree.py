"""A directory as a `Tree`. Folders that live in sibling checkouts (`paths:`) are mounted at their usual place."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from generator.files import Listing

_NO_LINK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class WorkTree:
    """Regular files below a root; symbolic links are listed and never followed."""

    def __init__(self, root: Path, mounts: Mapping[str, Path] | None = None) -> None:
        self.root = root
        self._prefix = f"{root}/"
        self.mounts = dict(mounts or {})
        self._plain: set[str] = set()

    def resolve(self, path: str) -> tuple[Path, str]:
        """The root that a path belongs to, and the rest of the path below it."""
        for prefix, root in self.mounts.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                return root, path[len(prefix) + 1 :]
        return self.root, path

    def _place(self, path: str) -> str:
        """Where a path is on this machine."""
        if not self.mounts:
            return self._prefix + path
        root, rest = self.resolve(path)
        return f"{root}/{rest}"

    def _linked(self, directory: str) -> bool:
        """Is a directory, or one above it up to its root, a symbolic link? A plain one is looked at once."""
        if directory in self._plain:
            return False
        root, rest = self.resolve(directory)
        if not rest:
            return False
        if self._linked(directory.rpartition("/")[0]):
            return True
        try:
            mode = os.lstat(f"{root}/{rest}").st_mode
        except (OSError, ValueError):
            return False
        if stat.S_ISDIR(mode):
            self._plain.add(directory)
        return stat.S_ISLNK(mode)

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        directory = path.rpartition("/")[0]
        if directory not in self._plain and self._linked(directory):
            return None
        try:
            descriptor = os.open(self._place(path), _NO_LINK)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):  # a symbolic link, a socket
                return None
            raise
        try:
            found = os.fstat(descriptor)
            return _all(descriptor, found.st_size) if stat.S_ISREG(found.st_mode) else None
        finally:
            os.close(descriptor)

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        files, directories, links = [], [], []
        if directory not in self._plain and self._linked(directory):
            return Listing()
        try:
            with os.scandir(self._place(directory)) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        files.append(entry.name)
                    elif entry.is_dir(follow_symlinks=False):
                        directories.append(entry.name)
                    elif entry.is_symlink():
                        links.append(entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return Listing()
        return Listing(tuple(sorted(files)), tuple(sorted(directories)), tuple(sorted(links)))


def _all(descriptor: int, size: int) -> bytes:
    """The bytes of an open file: one call where the size holds, which a file object does not manage."""
    content = os.read(descriptor, size + 1)
    if len(content) == size:
        return content
    parts = [content]
    while more := os.read(descriptor, 1 << 20):
        parts.append(more)
    return b"".join(parts)
