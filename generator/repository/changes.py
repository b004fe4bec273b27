"""Changes: what a `FileSet` would do to a `Tree`. The owner of each file decides."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.files import File, FileSet, Kind, Tree
from generator.hcl.managed import Ownership, ownership
from generator.problems import Problem, Severity


class Verb(enum.Enum):
    """What happens to a path."""

    CREATE = "create"
    UPDATE = "update"
    IDENTICAL = "identical"
    CONFLICT = "conflict"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """One path: what is there, what should be, and what happens."""

    path: str
    verb: Verb
    kind: Kind
    old: bytes | None
    new: bytes

    @property
    def written(self) -> bool:
        """Will this path be written?"""
        return self.verb in (Verb.CREATE, Verb.UPDATE)

    @property
    def lags(self) -> bool:
        """A copy, or a `versions.tf`, that is merely older than its source: brought in waves, never a failure."""
        constant = self.kind is Kind.COPY or self.path.endswith("/versions.tf")
        return constant and self.verb is Verb.UPDATE and self.path.startswith("stacks/")


def compare(wanted: FileSet, tree: Tree) -> list[Change]:
    """One change per path of the set, in order of path."""
    return [_change(path, file, tree.read(path)) for path, file in wanted.files.items()]


def _change(path: str, file: File, old: bytes | None) -> Change:
    return Change(path, _verb(path, file, old), file.kind, old, file.content)


def _verb(path: str, file: File, old: bytes | None) -> Verb:
    if old is None:
        return Verb.CREATE
    if old == file.content:
        return Verb.IDENTICAL
    if file.kind is Kind.MANAGED:
        return _of_managed(path, file, old)
    if file.kind in (Kind.SEEDED, Kind.RELEASE):
        return Verb.KEPT
    return Verb.UPDATE


def _of_managed(path: str, file: File, old: bytes) -> Verb:
    if old.replace(b"\r\n", b"\n") == file.content:
        return Verb.IDENTICAL
    whose = ownership(path, old)
    return {Ownership.INTACT: Verb.UPDATE, Ownership.EDITED: Verb.CONFLICT, Ownership.THEIRS: Verb.KEPT}[whose]


def problems(changes: Iterable[Change]) -> Iterator[Problem]:
    """What a person should know of files that are left alone."""
    for change in changes:
        if change.verb is Verb.CONFLICT:
            remedy = "restore the header line and the body from git and run scaffold sync, or delete the header line to keep the edit"
            yield Problem(id="conflict", file=change.path, message="a managed file was edited by hand; left alone", remedy=remedy)
        elif change.verb is Verb.KEPT and change.kind is Kind.MANAGED:
            message = "the header is gone, so this file is yours; it is not kept current"
            remedy = "nothing, or delete the file and run scaffold sync to have it managed again"
            yield Problem(id="kept", file=change.path, message=message, remedy=remedy, severity=Severity.NOTE)


def diff(change: Change) -> str:
    """The unified diff of a change."""
    old = [] if change.old is None else _lines(change.old)
    before = "/dev/null" if change.old is None else f"a/{change.path}"
    return "".join(difflib.unified_diff(old, _lines(change.new), before, f"b/{change.path}"))


def _lines(content: bytes) -> list[str]:
    *lines, last = content.decode(errors="replace").split("\n")  # splitlines would also split at U+2028
    return [*(f"{line}\n" for line in lines), *([f"{last}\n\\ No newline at end of file\n"] if last else [])]
