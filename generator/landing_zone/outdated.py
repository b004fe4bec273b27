"""`scaffold outdated`: which version each stack and pair calls, and the newest that is known."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from generator.landing_zone.model import LandingZone
from generator.landing_zone.module_calls import Called, called, known, stacks_of
from generator.peering.existing import State
from generator.stacks import versions
from generator.stacks.skeletons import PEERING


class Standing(enum.Enum):
    """How a stack stands to the newest version."""

    CURRENT = "current"
    OUTDATED = "outdated"
    OWN = "own source"
    UNTOLD = "not told"


@dataclass(frozen=True, slots=True)
class Row:
    """One stack or pair. `version` is what it calls, or the source of its own; `newest` is empty where none is known."""

    directory: str
    skeleton: str
    version: str
    newest: str
    standing: Standing
    why: str = ""


def outdated(zone: LandingZone) -> list[Row]:
    """A row for each stack and pair, in order of directory; tombstones, and skeletons without a module, are left out."""
    return sorted([*_stacks(zone), *_pairs(zone)], key=lambda row: row.directory)


def _stacks(zone: LandingZone) -> Iterator[Row]:
    skeletons, newest = zone.renderer.skeletons, dict[str, str]()
    for stack in stacks_of(zone):
        name, directory = stack.skeleton, stack.directory
        skeleton = skeletons.stacks.get(name)
        if skeleton is None:
            why = "its skeleton is broken" if name in skeletons.broken else "there is no such skeleton any more"
            yield Row(directory, name, "", "", Standing.UNTOLD, why)
        elif skeleton.module:
            if name not in newest:
                newest[name] = next(reversed(known(zone, skeleton)), "")
            found = called(zone.tree, directory, skeleton.module)
            if found is not None:
                yield _row(found, name, newest[name])


def _row(found: Called, skeleton: str, newest: str) -> Row:
    old = [each for each in found.further if each.version and versions.key(each.version) < versions.key(newest)]
    untold = [f"{each.name} is not understood: {each.untold}" for each in found.further if each.untold]
    further = [f"{each.name}:{each.line} calls {each.version}, too: edit it by hand" for each in old]
    why = "; ".join([*filter(None, [found.untold]), *further, *untold])
    if found.untold or found.source:
        return Row(found.directory, skeleton, found.source, newest, Standing.UNTOLD if found.untold else Standing.OWN, why)
    is_old = bool(old) or versions.key(found.version) < versions.key(newest)
    standing = Standing.OUTDATED if is_old else Standing.UNTOLD if untold else Standing.CURRENT
    return Row(found.directory, skeleton, found.version, newest, standing, why)


def _pairs(zone: LandingZone) -> Iterator[Row]:
    skeleton = zone.renderer.skeletons.all[PEERING]
    newest = next(reversed(known(zone, skeleton)), "")
    for stack in zone.peerings().stacks.values():
        if stack.state is State.LIVE:
            found = called(zone.tree, stack.directory, skeleton.module)
            if found is not None:
                yield _row(found, PEERING, newest)
