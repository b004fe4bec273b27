"""Files as values: a `Tree` is what is there, a `FileSet` is what should be there, and what should not.

Paths are relative POSIX paths below one root. Nothing in here touches a disk.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

from generator.problems import Refused, refuse


class Kind(enum.Enum):
    """Who owns a file, and so what may happen to it."""

    RECORD = "record"
    MANAGED = "managed"
    COPY = "copy"
    REGION = "region"
    SEEDED = "seeded"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class File:
    """The bytes a path should have, or None where nothing should be there; and who owns it."""

    content: bytes | None
    kind: Kind

    @property
    def body(self) -> bytes:
        """The bytes, for whoever knows that the path should be there; ValueError where it should not."""
        if self.content is None:
            raise ValueError("a file that should not be there has no bytes")
        return self.content


@lru_cache(maxsize=1 << 10)
def shared(content: bytes) -> bytes:
    """One object for equal bytes that come often: most files of a stack are the same in every other."""
    return content


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of one directory, sorted. Symbolic links are named and never followed."""

    files: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class Tree(Protocol):
    """A mapping from path to bytes, read lazily: a work tree, a git ref, a package, a dictionary."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file; None where there is none."""
        ...

    def list(self, directory: str) -> Listing:
        """The entries of a directory ("" is the root); empty where there is none."""
        ...


# nearly every path: no part starts with a dot, so none can be one
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\Z")


def safe_path(path: str) -> str:
    """The path itself, or a refusal: relative, no empty part, no `.` or `..`, no backslash, no control character.

    This is the only gate between a computed name and the disk.
    """
    if _PLAIN_PATH.match(path):
        return path
    parts = path.split("/")
    bad = any(part in ("", ".", "..") for part in parts) or "\\" in path or not path.isprintable() or ":" in parts[0]
    if bad:
        raise refuse("unsafe-path", f"the path {path!r} would leave the root", "rename what it was made from")
    return path


def join(*parts: str) -> str:
    """Path parts joined by `/`; empty ones are left out."""
    return "/".join(filter(None, parts))


def walk(tree: Tree, directory: str = "") -> Iterator[str]:
    """All regular files below a directory, in sorted order of each directory."""
    listing = tree.list(directory)
    for name in listing.files:
        yield join(directory, name)
    for name in listing.directories:
        yield from walk(tree, join(directory, name))


def listings(files: Iterable[str], links: Iterable[str] = ()) -> Mapping[str, Listing]:
    """The directories that a flat list of paths implies, each with its entries."""
    found: dict[str, tuple[set[str], set[str], set[str]]] = {}
    for place, paths in ((0, files), (2, links)):
        for path in paths:
            directory, _, name = path.rpartition("/")
            found.setdefault(directory, (set(), set(), set()))[place].add(name)
            while directory:
                directory, _, name = directory.rpartition("/")
                found.setdefault(directory, (set(), set(), set()))[1].add(name)
    return {directory: Listing(*(tuple(sorted(names)) for names in entries)) for directory, entries in found.items()}


class MemoryTree:
    """A tree of a mapping: for tests, and for what does not exist yet."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {safe_path(path): content for path, content in files.items()}

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        return self._files.get(path)

    @cached_property
    def _listings(self) -> Mapping[str, Listing]:
        return listings(self._files)

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        return self._listings.get(directory, Listing())


class Mounted:
    """A tree in which some top folders are the roots of other trees."""

    def __init__(self, tree: Tree, mounts: Mapping[str, Tree]) -> None:
        self._tree = tree
        self._mounts = mounts

    def _place(self, path: str) -> tuple[Tree, str]:
        folder, _, rest = path.partition("/")
        return (self._mounts[folder], rest) if folder in self._mounts else (self._tree, path)

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        tree, rest = self._place(path)
        return tree.read(rest)

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        tree, rest = self._place(directory)
        return tree.list(rest)


class Below:
    """One folder of a tree, as the root of a tree of its own."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self._tree = tree
        self._folder = folder

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        return self._tree.read(join(self._folder, path))

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        return self._tree.list(join(self._folder, directory))


class Overlaid:
    """A tree with some files as they are about to be."""

    def __init__(self, tree: Tree, files: Mapping[str, bytes]) -> None:
        self._tree = tree
        self._files = files
        self._added = MemoryTree(files)

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        return self._files[path] if path in self._files else self._tree.read(path)

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        there, added = self._tree.list(directory), self._added.list(directory)
        files, directories = {*there.files, *added.files}, {*there.directories, *added.directories}
        return Listing(tuple(sorted(files)), tuple(sorted(directories)), tuple(name for name in there.links if name not in files))


class Remembered:
    """A tree that reads each file and each directory once: every decision of a command sees the same bytes."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._contents: dict[str, bytes | None] = {}
        self._entries: dict[str, Listing] = {}

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        if path not in self._contents:
            content = self._tree.read(path)
            self._contents[path] = None if content is None else shared(content)
        return self._contents[path]

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        if directory not in self._entries:
            self._entries[directory] = self._tree.list(directory)
        return self._entries[directory]


@dataclass(frozen=True, slots=True)
class Part:
    """Files that follow from `inputs` and nothing else: one name and equal inputs promise equal files, unmade."""

    name: str
    inputs: object
    build: Callable[[], Mapping[str, File]] = field(compare=False)


def _claimed_twice(path: str, one: File, other: File) -> Refused:
    differ = (one.content is None) is not (other.content is None)
    message = f"{path} would be both written and deleted" if differ else f"two things would be written to {path}"
    return refuse("path-claimed-twice", message, "rename one of them")


class FileSet:
    """What should be there, or should not: parts, made only when somebody looks."""

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        self.parts = tuple(parts)

    @classmethod
    def of(cls, files: Mapping[str, File], name: str = "") -> FileSet:
        """A set of given files."""
        return cls([Part(name, tuple(files.items()), lambda: files)])

    @cached_property
    def files(self) -> Mapping[str, File]:
        """Every path with its file, in sorted order; see `each`."""
        return dict(sorted(self._each()))

    def each(self) -> Iterator[tuple[str, File]]:
        """Every path with its file, part by part, so that nobody has to hold them all; two parts never claim one path.

        What was made already is not made again.
        """
        return iter(self.files.items()) if "files" in self.__dict__ else self._each()

    def _each(self) -> Iterator[tuple[str, File]]:
        claimed: dict[str, int] = {}
        for number, part in enumerate(self.parts):
            for path, file in part.build().items():
                first = claimed.setdefault(safe_path(path), number)
                if first == number:
                    content = None if file.content is None else shared(file.content)
                    yield path, file if content is file.content else File(content, file.kind)
                elif (other := self.parts[first].build()[path]) != file:
                    raise _claimed_twice(path, other, file)

    def _by_name(self) -> Mapping[str, Sequence[Part]]:
        found: dict[str, list[Part]] = {}
        for part in self.parts:
            found.setdefault(part.name, []).append(part)
        return found

    def less(self, other: FileSet) -> FileSet:
        """The files of this set that `other` has not, or has otherwise. Equal parts are not made.

        A path that only `other` names is no difference: whoever wants it gone says so with a file of no content.
        """
        before, after = other._by_name(), self._by_name()
        old = FileSet(part for part in other.parts if after.get(part.name) != before[part.name]).files
        new = FileSet(part for part in self.parts if before.get(part.name) != after[part.name]).files
        return FileSet.of({path: file for path, file in new.items() if old.get(path) != file})

    def __or__(self, other: FileSet) -> FileSet:
        """Both sets together."""
        return FileSet(self.parts + other.parts)
