"""Stacks that a change deletes: Atlantis never plans a directory that is gone, and the pull request is green."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.atlantis import globs
from generator.atlantis.model import projects_of
from generator.atlantis.patterns import clean
from generator.atlantis.region import FILE
from generator.files import Tree, join
from generator.landing_zone.model import LandingZone
from generator.peering import existing
from generator.peering.existing import is_tombstone
from generator.problems import Problem
from generator.stacks.model import MAIN, ROOT

_ROOTS = (ROOT, existing.ROOT)
_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
_MANAGES = re.compile(rb'(^|[{;\s"])(resource|module|import|moved)"?\s*["{:]', re.MULTILINE)
"""What declares an object, or looks as if it did."""


def lost(zone: LandingZone, base: LandingZone) -> list[Problem]:
    """The stacks of a base that are gone without having been tombstones there: what they manage stays, and nobody plans it."""
    roots = dict.fromkeys((*directories(base.tree), *_foreign(base.tree)))
    return [_problem(path) for path in roots if not holds_terraform(zone.tree, path) and not _is_tombstone(base.tree, path)]


def _problem(path: str) -> Problem:
    message = "this directory is deleted, and was no tombstone: Atlantis plans nothing, reports success, and what it manages stays"
    first = f"atlantis plan -d {path} -- -destroy, then apply"
    if path.startswith(f"{existing.ROOT}/"):
        first = 'deny the pair, run scaffold sync, apply its tombstone, and then "scaffold peering prune"'
    remedy = f"restore it; destroy first ({first}), and delete it in a later change"
    return Problem(id="lost-stack", file=path, message=message, remedy=remedy)


def _is_tombstone(tree: Tree, path: str) -> bool:
    """Was there nothing left to destroy? A tombstone of ours, or a root module that somebody emptied and kept for one change."""
    return is_tombstone(tree.read(f"{path}/{MAIN}") or b"") or not manages(tree, path)


def manages(tree: Tree, path: str) -> bool:
    """Does a root module declare anything, or look as if it did?"""
    return any(_MANAGES.search(tree.read(join(path, name)) or b"") for name in terraform_files(tree, path))


def terraform_files(tree: Tree, path: str) -> list[str]:
    """The names of a directory's files that Terraform or OpenTofu would read."""
    return [name for name in tree.list(path).files if name.endswith(_TERRAFORM)]


def _foreign(tree: Tree) -> Iterator[str]:
    """The directories of everybody's projects in `atlantis.yaml` that hold Terraform; one with a pattern stands for several."""
    for project in projects_of(tree.read(FILE) or b""):
        directory = clean(project.dir or ".").lstrip("/")
        found = globs.directories(tree, directory) if globs.is_glob(directory) else [directory]
        yield from (path for path in found if path != "." and holds_terraform(tree, path))


def holds_terraform(tree: Tree, directory: str) -> bool:
    """Is there a file that Terraform or OpenTofu would read?"""
    return bool(terraform_files(tree, directory))


def directories(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """Every directory below `stacks/` and `peering/` that holds Terraform, with its files."""
    found: dict[str, tuple[str, ...]] = {}
    pending = list(_ROOTS)
    while pending:
        directory = pending.pop()
        listing = tree.list(directory)
        if holds_terraform(tree, directory):
            found[directory] = listing.files
        pending.extend(join(directory, name) for name in listing.directories if name != ".terraform")
    return dict(sorted(found.items()))
