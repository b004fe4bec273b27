"""The peering stacks that a tree holds: which pair, live or tombstone, and who made its `main.tf`."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.files import Tree
from generator.hcl.managed import Ownership, marked, ownership, text_file
from generator.peering.model import Key, pair_name
from generator.problems import Problem, Severity

ROOT = "peering"
BACKEND, DATA, LOCK, MAIN, OUTPUTS = "backend.tf", "peering.tf.json", ".terraform.lock.hcl", "main.tf", "outputs.tf"
TOMBSTONE = "# Tombstone\n"
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*){0,2}"
_DIRECTORY = re.compile(rf"({_NAME})--({_NAME})\Z")
_VERSION = re.compile(r'^\s*source\s*=\s*"\.\./\.\./modules/peering/([0-9A-Za-z.-]+)"\s*$', re.MULTILINE)


class State(enum.Enum):
    """What a pair has in the repository."""

    NONE = "none"
    LIVE = "live"
    TOMBSTONE = "tombstone"


@dataclass(frozen=True, slots=True)
class Existing:
    """One stack below `peering/`. `ours`: nobody edited the files that call the module, so they may be replaced.

    `requester` is the side that its data file records, `version` that of the module it calls.
    """

    pair: Key
    state: State
    ours: bool
    version: str | None = None
    requester: str | None = None

    @property
    def directory(self) -> str:
        """`peering/A--B`."""
        return directory(self.pair)


@dataclass(frozen=True, slots=True)
class Peerings:
    """All stacks of a tree by pair, and directories that hold Terraform and are none."""

    stacks: Mapping[Key, Existing]
    problems: tuple[Problem, ...] = ()


def directory(pair: Key) -> str:
    """Where a pair's stack is."""
    return f"{ROOT}/{pair_name(pair)}"


def identity(pair: Key) -> str:
    """What line 2 of its `backend.tf` says."""
    return f"peering {pair[0]} -- {pair[1]}"


def read(tree: Tree) -> Peerings:
    """Every directory below `peering/`; symbolic links are not followed."""
    stacks: dict[Key, Existing] = {}
    problems: list[Problem] = []
    for name in tree.list(ROOT).directories:
        path = f"{ROOT}/{name}"
        pair = _pair_of(name)
        if pair is not None and _is_ours(tree, path, pair):
            found = _existing(tree, pair)
            stacks[pair] = found
            problems.extend(_incomplete(tree, found))
        elif any(file.endswith((".tf", ".tf.json")) for file in tree.list(path).files):
            problems.append(_foreign(tree, path, pair))
    return Peerings(stacks, tuple(problems))


def _pair_of(name: str) -> Key | None:
    match = _DIRECTORY.match(name)
    return (match[1], match[2]) if match is not None and match[1] < match[2] else None


def _is_ours(tree: Tree, path: str, pair: Key) -> bool:
    """Does its `backend.tf` say that it is this pair's stack?"""
    content = (tree.read(f"{path}/{BACKEND}") or b"").replace(b"\r\n", b"\n")
    lines = content.decode(errors="replace").split("\n")
    return marked(content) and len(lines) > 1 and lines[1] == f"# {identity(pair)}"


def _existing(tree: Tree, pair: Key) -> Existing:
    main = tree.read(f"{directory(pair)}/{MAIN}")
    state = State.TOMBSTONE if main is not None and is_tombstone(main) else State.LIVE
    calling = (tree.read(f"{directory(pair)}/{file}") for file in (MAIN, OUTPUTS))
    ours = all(content is None or ownership(MAIN, content) is Ownership.INTACT for content in calling)
    version = _VERSION.search((main or b"").decode(errors="replace"))
    requester = data(tree, pair).get("requester", {}).get("name")
    return Existing(pair, state, ours, version[1] if version else None, requester if requester in pair else None)


def is_tombstone(main: bytes) -> bool:
    """Is this the `main.tf` of a pair that is being taken down?"""
    return main.replace(b"\r\n", b"\n") == text_file(TOMBSTONE)


def data(tree: Tree, pair: Key) -> Mapping[str, Any]:
    """What a stack's data file says, each side a mapping; empty where there is none that can be read."""
    try:
        found = json.loads(tree.read(f"{directory(pair)}/{DATA}") or b"{}")["locals"]
        sides = {side: found[side] for side in ("requester", "accepter")}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return found if all(isinstance(side, dict) for side in sides.values()) else {}


def _incomplete(tree: Tree, found: Existing) -> list[Problem]:
    """A live stack without its module call plans the destruction of a peering."""
    if tree.read(f"{found.directory}/{MAIN}") is not None:
        return []
    message = f"{MAIN} is missing: the next plan would destroy this peering"
    return [Problem(id="no-main", file=f"{found.directory}/{MAIN}", message=message, remedy="run scaffold sync, or restore it from git")]


def _foreign(tree: Tree, path: str, pair: Key | None) -> Problem:
    others = [file for file in tree.list(path).files if file.endswith((".tf", ".json")) and file != BACKEND]
    if any(ownership(file, tree.read(f"{path}/{file}") or b"") is not Ownership.THEIRS for file in others):
        message = f"other files here are managed, and line 2 of {BACKEND} does not say which pair this is"
        expected = f'; it would be "# {identity(pair)}"' if pair else ""
        remedy = f"restore it from git{expected}, or take the headers off all of them"
        return Problem(id="lost-identity", file=f"{path}/{BACKEND}", message=message, remedy=remedy)
    message, remedy = "a root module that is no peering of ours", "give it its own project in atlantis.yaml"
    return Problem(id="foreign-root-module", file=path, message=message, remedy=remedy, severity=Severity.WARNING)
