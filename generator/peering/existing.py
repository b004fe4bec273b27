"""The peering stacks that a tree holds: which pair, live or tombstone, and who made its `main.tf`."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.files import Tree
from generator.hcl.managed import Ownership, marked, ownership, text_file
from generator.peering import data
from generator.peering.data import Data
from generator.peering.model import Key, pair_name
from generator.problems import Problem, Severity
from generator.ranges import Range

ROOT = "peering"
BACKEND, DATA, LOCK, MAIN, OUTPUTS = "backend.tf", "peering.tf.json", ".terraform.lock.hcl", "main.tf", "outputs.tf"
IMPORTS = "imports.tf.json"
"""What an adopted pair takes over; the others have none."""
TOMBSTONE = "# Tombstone\n"
_FILES = frozenset({BACKEND, DATA, MAIN, OUTPUTS, "providers.tf", "versions.tf"})
_READ = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json")
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*){0,2}"
_DIRECTORY = re.compile(rf"({_NAME})--({_NAME})\Z")
_VERSION = re.compile(r'^\s*source\s*=\s*"\.\./\.\./modules/peering/([0-9A-Za-z.-]+)"\s*$', re.MULTILINE)


_CALL = re.compile(r'^\s*module\s+"', re.MULTILINE)


class State(enum.Enum):
    """What a pair has in the repository."""

    NONE = "none"
    LIVE = "live"
    TOMBSTONE = "tombstone"


@dataclass(frozen=True, slots=True)
class Existing:
    """One stack below `peering/`. `ours`: nobody edited the files that call the module, and its data can be read, so it may be taken down.

    `requester` is the side that its data file records, `version` that of the module it calls; `ends` says of each network which account,
    region and VPC that file names, unless somebody edited it. `blocks` are the ranges that it gives each network. `doubt` says in words
    why the stack cannot be told: what it declares must then stay as it is. `data` is what its data file says, if it can be read.
    """

    pair: Key
    state: State
    ours: bool
    version: str | None = None
    requester: str | None = None
    ends: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    blocks: Mapping[str, tuple[Range, ...]] = field(default_factory=dict)
    doubt: str = ""
    data: Data | None = None

    @property
    def directory(self) -> str:
        """`peering/A--B`."""
        return directory(self.pair)


@dataclass(frozen=True, slots=True)
class Peerings:
    """All stacks of a tree by pair, and directories that hold Terraform and are none; `occupied` are the pairs they are named for."""

    stacks: Mapping[Key, Existing]
    problems: tuple[Problem, ...] = ()
    occupied: frozenset[Key] = frozenset()


def directory(pair: Key) -> str:
    """Where a pair's stack is."""
    return f"{ROOT}/{pair_name(pair)}"


def identity(pair: Key) -> str:
    """What line 2 of its `backend.tf` says."""
    return f"peering {pair[0]} -- {pair[1]}"


def read(tree: Tree) -> Peerings:
    """Every directory below `peering/`; symbolic links are not followed."""
    stacks: dict[Key, Existing] = {}
    problems: list[Problem] = [_link(name) for name in tree.list(ROOT).links]
    occupied = {pair for name in tree.list(ROOT).links if (pair := pair_of(name)) is not None}
    for name in tree.list(ROOT).directories:
        path = f"{ROOT}/{name}"
        pair = pair_of(name)
        if pair is not None and _is_ours(tree, path, pair):
            found = _existing(tree, pair)
            stacks[pair] = found
            problems.extend((*_incomplete(tree, found), *_strangers(tree, found)))
        elif any(file.endswith((".tf", ".tf.json")) for file in tree.list(path).files):
            problems.append(_foreign(tree, path, pair))
            occupied |= {pair} if pair is not None else set()
    return Peerings(stacks, tuple(problems), frozenset(occupied))


def _link(name: str) -> Problem:
    message, remedy = "a symbolic link, which is not followed: nobody looks at what it points to", "replace it by the directory itself"
    return Problem(id="symlink", file=f"{ROOT}/{name}", message=message, remedy=remedy, incomplete=True)


def pair_of(name: str) -> Key | None:
    """The pair whose directory below `peering/` has a name; None where none can have it."""
    match = _DIRECTORY.match(name)
    return (match[1], match[2]) if match is not None and match[1] < match[2] else None


def _is_ours(tree: Tree, path: str, pair: Key) -> bool:
    """Does its `backend.tf` say that it is this pair's stack?"""
    content = (tree.read(f"{path}/{BACKEND}") or b"").replace(b"\r\n", b"\n")
    lines = content.decode(errors="replace").split("\n")
    return marked(content) and len(lines) > 1 and lines[1] == f"# {identity(pair)}"


def _existing(tree: Tree, pair: Key) -> Existing:
    main, content = (tree.read(f"{directory(pair)}/{file}") for file in (MAIN, DATA))
    state = State.TOMBSTONE if main is not None and is_tombstone(main) else State.LIVE
    said, unreadable = _data(content, pair)
    calling = (tree.read(f"{directory(pair)}/{file}") for file in (MAIN, OUTPUTS))
    ours = all(each is None or ownership(MAIN, each) is Ownership.INTACT for each in calling) and said is not None
    version = _VERSION.search((main or b"").decode(errors="replace"))
    sides = said.sides if said is not None else ()
    reviewed = ownership(DATA, content or b"") is Ownership.INTACT
    return Existing(
        pair,
        state,
        ours,
        version[1] if version else None,
        sides[0].name if sides else None,
        {side.name: (side.id, side.region, side.vpc_id) for side in sides if reviewed},
        {side.name: side.blocks for side in sides},
        unreadable or _untold(main, state, bool(version)),
        said,
    )


def _data(content: bytes | None, pair: Key) -> tuple[Data | None, str]:
    """What a stack's data file says; or None, and why it cannot be told which side requested and what was reviewed."""
    try:
        return data.read(content, pair), ""
    except ValueError as error:
        return None, f"its {DATA} cannot be read ({error}), so which side requested, and what was reviewed, cannot be told"


def _untold(main: bytes | None, state: State, has_version: bool) -> str:
    """Why nobody can tell which release of the module a stack calls."""
    if main is None or (state is State.LIVE and not has_version and marked(main)):
        return f"its {MAIN} is missing or calls no release of the module, so which one it called cannot be told"
    return ""


def is_tombstone(main: bytes) -> bool:
    """Is this the `main.tf` of a pair that is being taken down?"""
    return main.replace(b"\r\n", b"\n") == text_file(TOMBSTONE)


def _incomplete(tree: Tree, found: Existing) -> list[Problem]:
    """A live stack without its module call plans the destruction of a peering, and one with other data connects other networks."""
    file, content = f"{found.directory}/{MAIN}", tree.read(f"{found.directory}/{MAIN}")
    if content is None or (found.state is State.LIVE and not _CALL.search(content.decode(errors="replace"))):
        what = "is missing" if content is None else "calls no module"
        message = f"{MAIN} {what}: this peering is not declared any more, and the next plan fails or destroys it"
        return [
            Problem(id="no-main", file=file, message=message, remedy="restore it from git; to take the pair down, deny it in the policy")
        ]
    path = f"{found.directory}/{DATA}"
    there = tree.read(path)
    if there is not None and ownership(path, there) is not Ownership.INTACT:
        message = "this file says which networks are connected, and it is not what scaffold wrote"
        return [Problem(id="edited-data", file=path, message=message, remedy="restore it from git and run scaffold sync")]
    unreadable = _data(there, found.pair)[1]
    if unreadable:
        return [Problem(id="no-data", file=path, message=f"nothing can be planned here: {unreadable}", remedy="restore it from git")]
    return []


def _strangers(tree: Tree, found: Existing) -> Iterator[Problem]:
    """Files of a pair's stack that Terraform reads and scaffold did not write: an override, say, changes what is connected."""
    for name in tree.list(found.directory).files:
        path = f"{found.directory}/{name}"
        adopting = name == IMPORTS and ownership(name, tree.read(path) or b"") is Ownership.INTACT
        if name.endswith(_READ) and name not in _FILES and not adopting:
            message = "Terraform reads this file, and it is none of a peering's: it can change what is connected"
            yield Problem(id="foreign-file", file=path, message=message, remedy="move it to a stack of its own")
    main = tree.read(f"{found.directory}/{MAIN}")
    if main is not None and ownership(MAIN, main) is not Ownership.INTACT and _CALL.search(main.decode(errors="replace")):
        message = "this file decides what is connected, and it is not what scaffold wrote"
        yield Problem(id="edited-call", file=f"{found.directory}/{MAIN}", message=message, remedy="restore it from git")


def _foreign(tree: Tree, path: str, pair: Key | None) -> Problem:
    others = [file for file in tree.list(path).files if file.endswith((".tf", ".json")) and file != BACKEND]
    if any(ownership(file, tree.read(f"{path}/{file}") or b"") is not Ownership.THEIRS for file in others):
        message = f"other files here are managed, and line 2 of {BACKEND} does not say which pair this is"
        expected = f'; it would be "# {identity(pair)}"' if pair else ""
        remedy = f"restore it from git{expected}, or take the headers off all of them"
        return Problem(id="lost-identity", file=f"{path}/{BACKEND}", message=message, remedy=remedy)
    message, remedy = "a root module that is no peering of ours", "give it its own project in atlantis.yaml"
    return Problem(id="foreign-root-module", file=path, message=message, remedy=remedy, severity=Severity.WARNING)
