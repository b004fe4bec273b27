"""A directory as a `Tree`. Folders that live in sibling checkouts (`paths:`) are mounted at their usual place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from generator.files import Listing


class WorkTree:
    """Regular files below a root; symbolic links are listed and never followed."""

    def __init__(self, root: Path, mounts: Mapping[str, Path] | None = None) -> None:
        self.root = root
        self.mounts = dict(mounts or {})

    def resolve(self, path: str) -> tuple[Path, str]:
        """The root that a path belongs to, and the rest of the path below it."""
        for prefix, root in self.mounts.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                return root, path[len(prefix) + 1 :]
        return self.root, path

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        root, rest = self.resolve(path)
        try:
            descriptor = os.open(f"{root}/{rest}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == 40:  # ELOOP: a symbolic link
                return None
            raise
        try:
            with os.fdopen(descriptor, "rb") as file:
                return file.read()
        except IsADirectoryError:
            return None

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        root, rest = self.resolve(directory)
        files, directories, links = [], [], []
        try:
            with os.scandir(f"{root}/{rest}") as entries:
                for entry in entries:
                    if entry.is_symlink():
                        links.append(entry.name)
                    elif entry.is_dir(follow_symlinks=False):
                        directories.append(entry.name)
                    else:
                        files.append(entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return Listing()
        return Listing(tuple(sorted(files)), tuple(sorted(directories)), tuple(sorted(links)))
