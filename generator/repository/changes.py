"""Changes: what a `FileSet` would do to a `Tree`. The owner of each file decides."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import attrgetter

from generator.files import File, FileSet, Kind, Tree
from generator.hcl.managed import Ownership, ownership
from generator.problems import Problem, Severity


class Verb(enum.Enum):
    """What happens to a path."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    IDENTICAL = "identical"
    CONFLICT = "conflict"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """One path: what is there, what should be (None: nothing), and what happens."""

    path: str
    verb: Verb
    kind: Kind
    old: bytes | None
    new: bytes | None

    @property
    def written(self) -> bool:
        """Will this path be written, or deleted?"""
        return self.verb in (Verb.CREATE, Verb.UPDATE, Verb.DELETE)

    @property
    def lags(self) -> bool:
        """A copy, or a `versions.tf`, that is merely older than its source: brought in waves, never a failure."""
        if self.verb is not Verb.UPDATE:
            return False
        constant = self.kind is Kind.COPY or self.path.endswith("/versions.tf")
        return constant and self.path.startswith(("bootstrap/", "stacks/", "peering/"))


_REWRITTEN = {Ownership.INTACT: Verb.UPDATE, Ownership.EDITED: Verb.CONFLICT, Ownership.THEIRS: Verb.KEPT}
_DELETED = {**_REWRITTEN, Ownership.INTACT: Verb.DELETE}


def compare(wanted: FileSet, tree: Tree) -> list[Change]:
    """One change per path of the set, in order of path."""
    return sorted((_change(path, file, tree) for path, file in wanted.each()), key=attrgetter("path"))


def _change(path: str, file: File, tree: Tree) -> Change:
    old = tree.read(path)
    new = old if old == file.content else file.content  # what is current is held once
    verb = _unwanted(path, file.kind, old, tree) if new is None else _wanted(path, file.kind, old, new)
    return Change(path, verb, file.kind, old, new)


def _wanted(path: str, kind: Kind, old: bytes | None, new: bytes) -> Verb:
    if old is None:
        return Verb.CREATE
    if old == new:
        return Verb.IDENTICAL
    if kind is Kind.MANAGED:
        return Verb.IDENTICAL if old.replace(b"\r\n", b"\n") == new else _REWRITTEN[ownership(path, old)]
    return Verb.KEPT if kind in (Kind.SEEDED, Kind.RELEASE) else Verb.UPDATE


def _unwanted(path: str, kind: Kind, old: bytes | None, tree: Tree) -> Verb:
    """Only a managed file says by itself whose it is; whoever wants another one gone was asked for it by name."""
    if old is None:
        return Verb.KEPT if _is_no_file(path, tree) else Verb.IDENTICAL
    return _DELETED[ownership(path, old)] if kind is Kind.MANAGED else Verb.DELETE


def _is_no_file(path: str, tree: Tree) -> bool:
    """Is there something that is no regular file? A link is never followed and never deleted."""
    directory, _, name = path.rpartition("/")
    listing = tree.list(directory)
    return name in listing.links or name in listing.directories


_LEFT = {
    Verb.CONFLICT: Problem(
        id="conflict",
        message="a managed file was edited by hand; left alone",
        remedy="restore the header line and the body from git and run scaffold sync, or delete the header line to keep the edit",
    ),
    Verb.KEPT: Problem(
        id="kept",
        message="the header is gone, so this file is yours; it is not kept current",
        remedy="nothing, or delete the file and run scaffold sync to have it managed again",
        severity=Severity.NOTE,
    ),
}
_STAYS = {
    Verb.CONFLICT: Problem(
        id="conflict",
        message="a managed file that should go was edited by hand; left alone",
        remedy="delete it yourself, or restore it from git and run the command again",
    ),
    Verb.KEPT: Problem(
        id="kept",
        message="this file should go, but its header is gone, so it is yours; left alone",
        remedy="delete it yourself, unless what it says still holds",
        severity=Severity.WARNING,
    ),
}
_IS_NO_FILE = Problem(
    id="kept",
    message="this should go, but it is no regular file; left alone",
    remedy="delete it yourself; a symbolic link is never followed",
    severity=Severity.WARNING,
)


def problems(changes: Iterable[Change]) -> Iterator[Problem]:
    """What a person should know of files that are left alone."""
    for change in changes:
        found = _left_alone(change)
        if found is not None:
            yield replace(found, file=change.path)


def _left_alone(change: Change) -> Problem | None:
    if change.new is not None:
        return _LEFT.get(change.verb) if change.kind is Kind.MANAGED else None
    return _IS_NO_FILE if change.verb is Verb.KEPT and change.old is None else _STAYS.get(change.verb)


def diff(change: Change) -> str:
    """The unified diff of a change; what is not there before or after is `/dev/null`."""
    before = "/dev/null" if change.old is None else f"a/{change.path}"
    after = "/dev/null" if change.new is None else f"b/{change.path}"
    return unified(before, change.old, after, change.new)


def unified(before: str, old: bytes | None, after: str, new: bytes | None) -> str:
    """The unified diff of two texts under their names; None is an empty one."""
    return "".join(difflib.unified_diff(_lines(old or b""), _lines(new or b""), before, after))


def _lines(content: bytes) -> list[str]:
    *lines, last = content.decode(errors="replace").split("\n")  # splitlines would also split at U+2028
    return [*(f"{line}\n" for line in lines), *([f"{last}\n\\ No newline at end of file\n"] if last else [])]
