"""Which tombstones may go: the second step of taking a pair down.

A directory is deleted once its tombstone is on the base branch, so that Atlantis was asked to destroy what it made, and once
AWS shows from both sides that nothing is left. Every doubt keeps it: after its directory is gone, nobody plans a pair again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.files import File, FileSet, Kind, Tree
from generator.hcl.managed import Ownership, ownership
from generator.peering.data import read
from generator.peering.existing import DATA, LOCK, Existing, State, directory
from generator.peering.model import Key, pair_name
from generator.problems import Problem, Severity
from generator.snapshot.model import Connection, Place, Side, Snapshot

MARKER = "peering"
"""The tag that a pair's stack writes on both sides of its connection; its value is the pair's name."""
_LOCAL = ".terraform"  # what a run of Terraform leaves; git does not see it, and it holds nothing of anybody


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The directory of a pair that is being taken down.

    `files` are ours; `strangers` is everything else in it, in words. `sides` are the two VPCs that were connected, None where
    its data file does not say that.
    """

    pair: Key
    files: tuple[str, ...]
    strangers: tuple[str, ...]
    sides: tuple[Side, Side] | None


@dataclass(frozen=True, slots=True)
class Pruning:
    """What goes, what stays, and what a person should know of that."""

    gone: tuple[Key, ...]
    kept: tuple[Key, ...]
    files: FileSet
    problems: tuple[Problem, ...]


Tombstones = Mapping[Key, Tombstone]


def tombstones(stacks: Mapping[Key, Existing], tree: Tree) -> Tombstones:
    """The tombstones among the stacks of a tree; a live stack is never looked at."""
    return {pair: _tombstone(tree, pair) for pair, stack in sorted(stacks.items()) if stack.state is State.TOMBSTONE}


def _tombstone(tree: Tree, pair: Key) -> Tombstone:
    place = directory(pair)
    return Tombstone(pair, *contents(tree, place), _sides(tree.read(f"{place}/{DATA}"), pair))


def contents(tree: Tree, place: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the directory of a tombstone holds: the files that are ours, and everything else in it, in words."""
    listing = tree.list(place)
    strange = {name: words for name in listing.files if (words := _strange(tree, place, name))}
    others = *(f"{name}/" for name in listing.directories if name != _LOCAL), *(f"{name} (a symbolic link)" for name in listing.links)
    files = tuple(name for name in listing.files if name not in strange)
    return files, tuple(map(_printable, (*strange.values(), *others)))


_STRANGE = {Ownership.INTACT: "", Ownership.EDITED: "{} (edited)", Ownership.THEIRS: "{}"}


def _strange(tree: Tree, place: str, name: str) -> str:
    """What to say of a file that is not ours, and "" of one that is. The copy of the dependency lock has no header, and is ours."""
    owner = Ownership.INTACT if name == LOCK else ownership(name, tree.read(f"{place}/{name}") or b"")
    return _STRANGE[owner].format(name)


def _printable(name: str) -> str:
    """A name that came from a disk may hold anything."""
    return name if name.isprintable() else ascii(name)


def _sides(content: bytes | None, pair: Key) -> tuple[Side, Side] | None:
    """The two VPCs of a data file; None where it cannot be read, or is another pair's."""
    try:
        one, other = (Side(side.id, side.region, side.vpc_id) for side in read(content, pair).sides)
    except ValueError:
        return None
    return one, other


def places(here: Tombstones, base: Tombstones) -> tuple[Place, ...]:
    """Where AWS has to be asked: both sides of every tombstone that nothing else keeps."""
    asked = (each for each in here.values() if not list(_kept(each, base)))
    return tuple(sorted({side.place for each in asked for side in each.sides or ()}))


def prunable(here: Tombstones, base: Tombstones, seen: Snapshot) -> Pruning:
    """What of the tombstones of a tree may go: those that are on the base as well, and whose connection is gone from AWS."""
    reasons = {pair: list(_kept(each, base)) or list(_in_aws(each, seen)) for pair, each in here.items()}
    gone, kept = (tuple(pair for pair, problems in reasons.items() if bool(problems) is stays) for stays in (False, True))
    files = {path: file for pair in gone for path, file in _deleted(here[pair])}
    return Pruning(gone, kept, FileSet.of(files), tuple(problem for problems in reasons.values() for problem in problems))


def _deleted(each: Tombstone) -> Iterator[tuple[str, File]]:
    for name in each.files:
        yield f"{directory(each.pair)}/{name}", File(None, Kind.COPY if name == LOCK else Kind.MANAGED)


def _kept(each: Tombstone, base: Tombstones) -> Iterator[Problem]:
    """Why a tombstone stays, whatever AWS shows."""
    place = directory(each.pair)
    if each.strangers:
        message = f"this tombstone stays, since it holds what scaffold did not write: {', '.join(each.strangers)}"
        remedy = "restore edited files from git, move or delete the others, and run it again"
        yield Problem(id="foreign-in-tombstone", file=place, message=message, remedy=remedy)
    if each.sides is None:
        message = "this tombstone stays, since its data file does not say which two VPCs were connected"
        yield Problem(id="tombstone-unreadable", file=f"{place}/{DATA}", message=message, remedy="restore it from git")
    if each.pair not in base:
        message, remedy = "this tombstone is not on the base yet, so it stays", "apply it with Atlantis, and merge it, first"
        yield Problem(id="not-on-base", file=place, message=message, remedy=remedy, severity=Severity.NOTE)
    elif each.sides is not None and each.sides != base[each.pair].sides:
        message = "this tombstone stays, since its data file names other VPCs than the one on the base"
        yield Problem(id="tombstone-differs", file=f"{place}/{DATA}", message=message, remedy="restore it from the base")


def _in_aws(each: Tombstone, seen: Snapshot) -> Iterator[Problem]:
    """Why a tombstone stays by what AWS shows. Both places count, also where one of them has answered the question."""
    sides = each.sides or ()
    for place in dict.fromkeys(side.place for side in sides):
        if cause := seen.gap(place):
            yield _gap(each, place, cause)
    shown = (seen.places[side.place].connections for side in sides if side.place in seen.places)
    left = {found.id: found for connections in shown for found in connections if _is_left(found, each)}
    if left:
        listed = ", ".join(f"{found.id} ({found.status})" for _, found in sorted(left.items()))
        message = f"this tombstone stays, since its connection is still there: {listed}"
        remedy = "apply the tombstone with Atlantis; what its state does not hold has to be deleted by hand"
        yield Problem(id="still-connected", file=directory(each.pair), message=message, remedy=remedy, severity=Severity.WARNING)


def _is_left(found: Connection, each: Tombstone) -> bool:
    """Is this connection the pair's, by its VPCs or by its marker, and not over? Whoever asked for it."""
    vpc_ids = {side.vpc_id for side in each.sides or ()}
    return not found.gone and (found.vpc_ids == vpc_ids or found.tags.get(MARKER) == pair_name(each.pair))


def _gap(each: Tombstone, place: Place, cause: str) -> Problem:
    message = f"this tombstone stays, since {place} could not be read ({cause})"
    remedy = "run it again once that answers; if the account is closed, nothing is left there: delete the directory yourself"
    return Problem(id="unread-place", file=directory(each.pair), message=message, remedy=remedy, value=place.account, incomplete=True)


def outdated(seen: Snapshot, day: str) -> Iterator[Problem]:
    """Why a reading of another day (`YYYY-MM-DD`, UTC) decides nothing: it cannot show what was made since."""
    if seen.taken[: len(day)] != day:
        message = f"the snapshot was taken at {seen.taken}, which is not today: a connection made since is not in it"
        yield Problem(id="old-snapshot", message=message, remedy="take a new one, or leave --snapshot out")
