"""Stacks that a change deletes: Atlantis never plans a directory that is gone, and the pull request is green."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.files import Tree, join
from generator.landing_zone.model import LandingZone
from generator.peering import existing
from generator.peering.existing import is_tombstone
from generator.problems import Problem
from generator.stacks.model import MAIN, ROOT

_ROOTS = (ROOT, existing.ROOT)
_TERRAFORM = (".tf", ".tf.json")


def lost(zone: LandingZone, base: LandingZone) -> list[Problem]:
    """The stacks of a base that are gone without having been tombstones there: what they manage stays, and nobody plans it."""
    return list(_lost(base, directories(zone.tree)))


def _lost(base: LandingZone, here: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    for path in directories(base.tree):
        if path not in here and not is_tombstone(base.tree.read(f"{path}/{MAIN}") or b""):
            message = "this directory is deleted, and was no tombstone: Atlantis plans nothing, reports success, and what it manages stays"
            remedy = f"restore it; destroy first (atlantis plan -d {path} -- -destroy, then apply), and delete it in a later change"
            yield Problem(id="lost-stack", file=path, message=message, remedy=remedy)


def directories(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """Every directory below `stacks/` and `peering/` that holds Terraform, with its files."""
    found: dict[str, tuple[str, ...]] = {}
    pending = list(_ROOTS)
    while pending:
        directory = pending.pop()
        listing = tree.list(directory)
        if any(name.endswith(_TERRAFORM) for name in listing.files):
            found[directory] = listing.files
        pending.extend(join(directory, name) for name in listing.directories if name != ".terraform")
    return dict(sorted(found.items()))
