"""Will Atlantis plan what it should? Above all: it never plans a directory that is deleted, and the pull request is green."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.atlantis import region
from generator.files import Tree, join
from generator.landing_zone import projects
from generator.landing_zone.model import LandingZone
from generator.peering import existing
from generator.peering.existing import is_tombstone
from generator.problems import Problem, Severity
from generator.stacks.model import MAIN, ROOT

_ROOTS = (ROOT, existing.ROOT)
_TERRAFORM = (".tf", ".tf.json")
_KEY = re.compile(r'^\s*key\s*=\s*"([^"]*)"', re.MULTILINE)
_BACKEND = re.compile(r'^\s*backend\s+"s3"', re.MULTILINE)
_ROLE = re.compile(r'"arn:[a-z-]+:iam::([0-9]{12}):role/')
_PROGRAMS = {
    'data "external"': re.compile(r'^\s*data\s+"external"', re.MULTILINE),
    "a provisioner": re.compile(r'^\s*provisioner\s+"', re.MULTILINE),
}
MOST_PROJECTS, MOST_FILES = 200, 2_500
"""Above these a pull request floods Atlantis; GitHub itself lists 3,000 files of one, and what it does not list is not planned."""


def check(zone: LandingZone, base: LandingZone | None = None) -> list[Problem]:
    """Everything that Atlantis would not say; with a base, also what a change deletes, and whether it is too large."""
    here = directories(zone.tree)
    found = [*_region(zone), *_listed(zone, here), *(problem for path in here for problem in _contents(zone, path, here[path]))]
    if base is not None:
        there = directories(base.tree)
        found += [*_lost(base, here, there), *_large(zone.tree, base.tree, here, there)]
    return sorted(found, key=lambda problem: (problem.file or "", problem.line or 0, problem.id, problem.message))


def lost(zone: LandingZone, base: LandingZone) -> list[Problem]:
    """The stacks that a change deletes without having taken them down."""
    return list(_lost(base, directories(zone.tree), directories(base.tree)))


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


def _region(zone: LandingZone) -> Iterator[Problem]:
    """Is our region there, and current?"""
    content = zone.tree.read(region.FILE)
    if content is None:
        yield Problem(id="no-atlantis-yaml", file=region.FILE, message="it is not there, so nothing is planned", remedy="run scaffold sync")
        return
    yield from projects.problems(zone)
    wanted, there = {project.directory for project in projects.projects(zone)}, set(region.listed(content))
    for directory in sorted(wanted - there):
        yield _stale(f"{directory} is ready and not listed, so it is not planned")
    for directory in sorted(there - wanted):
        yield _stale(f"{directory} is listed and is no stack")
    after = region.with_projects(content, projects.projects(zone))
    if wanted == there and after is not None and after != content:
        yield _stale("its projects are not what sync writes")


def _stale(message: str) -> Problem:
    return Problem(id="stale-region", file=region.FILE, message=message, remedy="run scaffold sync")


def _listed(zone: LandingZone, here: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    for directory in region.listed(zone.tree.read(region.FILE) or b""):
        if directory not in here:
            message = f"the project {directory} has no directory with Terraform: Atlantis leaves it out without a word"
            yield Problem(id="no-directory", file=region.FILE, message=message, remedy="restore it from git, or run scaffold sync")


def _contents(zone: LandingZone, path: str, files: tuple[str, ...]) -> Iterator[Problem]:
    """What no stack may hold: another stack's state, another account's role, a program that a plan would run."""
    own = _accounts(zone, path)
    for name in files:
        text = (zone.tree.read(f"{path}/{name}") or b"").decode(errors="replace") if name.endswith(".tf") else ""
        key = _KEY.search(text, _BACKEND.search(text).end()) if _BACKEND.search(text) else None  # type: ignore[union-attr]
        if key is not None and key[1] != path:
            message = f'the state\'s key is "{key[1]}", which is not this directory'
            yield _wrong(
                "backend-key", path, name, text, key.start(), message, "write the path: two stacks with one key destroy each other"
            )
        for role in _ROLE.finditer(text):
            if own and role[1] not in own:
                message = f"a role of account {role[1]} is assumed here"
                yield _wrong("foreign-role", path, name, text, role.start(), message, "a stack works in its own account only")
        for what, pattern in _PROGRAMS.items():
            if (found := pattern.search(text)) is not None:
                message = f"{what} runs a program with Atlantis' credentials"
                yield _wrong("runs-a-program", path, name, text, found.start(), message, "take it out: planning must only read")


def _accounts(zone: LandingZone, path: str) -> set[str]:
    """The ids of the accounts that a stack may work in; empty where none is known."""
    parts = path.split("/")
    account = zone.account(parts[1]) if parts[0] == ROOT and len(parts) > 1 else None
    live = zone.live_account(account) if account is not None else None
    return {live.id} if live is not None else set()


def _wrong(id: str, path: str, name: str, text: str, at: int, message: str, remedy: str) -> Problem:
    return Problem(id=id, file=f"{path}/{name}", line=text.count("\n", 0, at + 1) + 1, message=message, remedy=remedy)


def _lost(base: LandingZone, here: Mapping[str, tuple[str, ...]], there: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Directories that a change deletes although they were no tombstones: whatever they manage would be orphaned, silently."""
    for path in there:
        if path not in here and not is_tombstone(base.tree.read(f"{path}/{MAIN}") or b""):
            message = (
                "this directory is deleted, and was no tombstone: Atlantis plans nothing and reports success, and what it manages stays"
            )
            remedy = f"restore it; destroy first (atlantis plan -d {path} -- -destroy, then apply), and delete it in a later change"
            yield Problem(id="lost-stack", file=path, message=message, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Change:
    """What a change touches: files below the stacks' roots, and the directories that are planned for it."""

    files: int
    directories: tuple[str, ...]


def changed(tree: Tree, base: Tree, here: Mapping[str, tuple[str, ...]], there: Mapping[str, tuple[str, ...]]) -> Change:
    """Compare the stacks of two trees."""
    files, planned = 0, []
    for path in sorted({*here, *there}):
        names = {*here.get(path, ()), *there.get(path, ())}
        different = sum(tree.read(f"{path}/{name}") != base.read(f"{path}/{name}") for name in names)
        files += different
        planned += [path] if different and path in here else []
    return Change(files, tuple(planned))


def _large(tree: Tree, base: Tree, here: Mapping[str, tuple[str, ...]], there: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    found = changed(tree, base, here, there)
    if len(found.directories) > MOST_PROJECTS or found.files > MOST_FILES:
        waves = -(-len(found.directories) // 50)
        message = f"this change plans {len(found.directories)} stacks and touches {found.files} of their files"
        remedy = f"split it: about {waves} waves of fifty, such as scaffold sync --only environment=dev, one pull request each"
        yield Problem(id="large-change", message=message, remedy=remedy, severity=Severity.WARNING)
