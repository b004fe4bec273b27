"""The files that differ between two trees, and the projects that Atlantis plans for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.atlantis import region
from generator.atlantis.patterns import Changed
from generator.files import Tree, join
from generator.landing_zone.model import LandingZone
from generator.landing_zone.projects import projects

_FOLDERS = (".github", ".scaffold", "atlantis", "bootstrap", "modules", "peering", "providers", "stacks")
"""Beside AFT's own. What else lies in a work tree, ignored by git perhaps, is not a landing zone's."""
_AFT = "aft-"
_CACHE = ".terraform"


def changed(before: Tree, after: Tree) -> list[str]:
    """Every path of a landing zone that is not the same in both trees, in order; deleted ones too."""
    found: list[str] = []
    pending = list(_folders(before, after))
    found += _here(before, after, "")
    while pending:
        directory = pending.pop()
        found += _here(before, after, directory)
        names = {*before.list(directory).directories, *after.list(directory).directories} - {_CACHE}
        pending += [join(directory, name) for name in names]
    return sorted(found)


def _folders(before: Tree, after: Tree) -> Iterator[str]:
    names = {*before.list("").directories, *after.list("").directories}
    return (name for name in names if name in _FOLDERS or name.startswith(_AFT))


def _here(before: Tree, after: Tree, directory: str) -> list[str]:
    paths = {join(directory, name) for name in (*before.list(directory).files, *after.list(directory).files)}
    return [path for path in paths if before.read(path) != after.read(path)]


def planned(zone: LandingZone, paths: Sequence[str]) -> Mapping[str, list[str]]:
    """The directories of our listed projects that Atlantis plans when these paths change, each with those that it is planned for."""
    files = Changed(paths)
    listed = set(region.listed(zone.tree.read(region.FILE) or b""))
    ours = (project for project in projects(zone) if project.directory in listed)
    found = {project.directory: files.planning(project.directory, project.when_modified) for project in ours}
    return {directory: matching for directory, matching in found.items() if matching}
