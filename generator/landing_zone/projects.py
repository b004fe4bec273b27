"""Which stacks Atlantis may plan: those that are ready. It plans every project of a change before it applies any."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from generator.atlantis import abridged, region
from generator.atlantis.model import projects_of
from generator.atlantis.region import Project
from generator.files import File, FileSet, Kind, Part, Tree
from generator.landing_zone.local_modules import LocalModules, seen_from
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of
from generator.landing_zone.readiness import waits_for
from generator.peering import existing
from generator.peering.plan import Action
from generator.problems import Problem
from generator.stacks.model import Stack
from generator.stacks.render import MODULES
from generator.stacks.skeletons import PEERING

_SHOWN = 5
_OWN = ("**",)
"""All of its directory: Terraform reads what a stack's files name, whatever it is called."""


def part(zone: LandingZone) -> list[Part]:
    """`atlantis.yaml` with our region rewritten; nothing where somebody's file has no region of ours."""
    return _rewritten(zone, projects(zone))


def there(zone: LandingZone) -> list[Part]:
    """The same with the projects whose directory holds something: all that can be listed before anything else is written."""
    return _rewritten(zone, [project for project in projects(zone) if zone.tree.list(project.directory).files])


def _rewritten(zone: LandingZone, found: Sequence[Project]) -> list[Part]:
    content = _content(zone)
    after = region.with_projects(content, found)
    return [] if after is None else [Part(region.FILE, (content, tuple(found)), lambda: {region.FILE: File(after, Kind.REGION)})]


def _content(zone: LandingZone) -> bytes:
    there = zone.tree.read(region.FILE)
    return there if there is not None else region.new_file(parallel=zone.organization.atlantis.get("parallel", True))


def some(zone: LandingZone, directories: Collection[str]) -> list[Part]:
    """`atlantis.yaml` with the projects of some directories, all else in it as it is: for a command that writes no others."""
    content = _content(zone)
    chosen = [project for project in projects(zone) if project.directory in directories]
    after = region.with_some(content, chosen)
    if after is None or not chosen:
        return []
    return [Part(region.FILE, (content, tuple(chosen)), lambda: {region.FILE: File(after, Kind.REGION)})]


def emptied(tree: Tree, directories: Collection[str]) -> FileSet:
    """`atlantis.yaml` where some of the listed directories call no module any more; all else in it stays."""
    content = tree.read(region.FILE) or b""
    after = region.with_some(content, [Project(each, _OWN) for each in region.listed(content) if each in directories])
    return FileSet() if after in (None, content) else FileSet.of({region.FILE: File(after, Kind.REGION)})


def without(tree: Tree, gone: Collection[str]) -> FileSet:
    """`atlantis.yaml` without the projects of directories that a command is about to delete; all else in it stays."""
    content = tree.read(region.FILE) or b""
    after = region.without(content, gone)
    return FileSet() if after == content else FileSet.of({region.FILE: File(after, Kind.REGION)})


def unlisted(zone: LandingZone) -> Iterator[Problem]:
    """Stacks that are there and ready, and that Atlantis plans for nobody, because our region does not list them."""
    content = zone.tree.read(region.FILE)
    listed = set(region.listed(content or b""))
    ready = [project.directory for project in projects(zone) if zone.tree.list(project.directory).files]
    missing = [directory for directory in ready if directory not in listed]
    if missing and (content is None or region.bounds(content.decode("utf-8", "surrogateescape")) is not None):
        message = f"ready and not listed, so nobody plans them: {shown(missing)}"
        yield Problem(id="unlisted-stack", file=region.FILE, message=message, remedy="run scaffold sync")


def problems(zone: LandingZone) -> list[Problem]:
    """What is wrong with somebody's `atlantis.yaml`, so far as it keeps our projects from being planned."""
    content = zone.tree.read(region.FILE)
    return [] if content is None else [*region.problems(content, lambda: projects(zone)), *_unread(content)]


def _unread(content: bytes) -> Iterator[Problem]:
    """What our region lists and Atlantis does not read: it stands in a text or behind the first document, or the file is broken."""
    listed = region.listed(content)
    if not listed or abridged.reads_all(content):
        return
    read = {project.dir for project in projects_of(content)}
    missing = [name for name in listed if name not in read]
    if missing:
        message = f"Atlantis reads no such projects, though the region lists them: {shown(missing)}"
        remedy = 'see "scaffold atlantis check atlantis.yaml"; the region belongs below projects:, in the first document'
        yield Problem(id="unread-region", file=region.FILE, message=message, remedy=remedy)


def gone(zone: LandingZone) -> list[Problem]:
    """Stacks that are listed and whose directory holds nothing any more: they leave the list, and what they managed may still be there."""
    listed = region.listed(zone.tree.read(region.FILE) or b"")
    return [
        Problem(
            id="listed-and-gone",
            file=directory,
            message="it was listed, and is gone; what it managed stays unless it was destroyed",
            remedy=_RESTORE,
        )
        for directory in listed
        if not zone.tree.list(directory).files
    ]


_RESTORE = "restore it from git, unless it was a tombstone that has been applied"


def shown(names: Sequence[str]) -> str:
    """The first few of many, and how many more there are."""
    more = len(names) - _SHOWN
    return f"{', '.join(names[:_SHOWN])} and {more} more" if more > 0 else ", ".join(names)


def projects(zone: LandingZone) -> list[Project]:
    """A project for each ready stack, in order of directory. One that is listed stays listed while its directory exists."""
    modules = LocalModules(zone.tree)
    found = {project.directory: project for project in (*_stacks(zone, modules), *_peerings(zone, modules))}
    for directory in region.listed(zone.tree.read(region.FILE) or b""):
        if directory not in found and zone.tree.list(directory).files:
            found[directory] = Project(directory, (*_OWN, *_patterns(modules, directory)))
    return sorted(found.values())


def _stacks(zone: LandingZone, modules: LocalModules) -> Iterator[Project]:
    for account in zone.accounts:
        for stack in zone.stacks(account.slug):
            if not waits_for(zone, account, stack):
                called = _patterns(modules, stack.directory) or _newest(zone, stack)
                read = [seen_from(stack.directory, path) for path in zone.renderer.files(stack)]
                yield Project(stack.directory, (*_OWN, *called, *read))


def _patterns(modules: LocalModules, directory: str) -> list[str]:
    """The local modules that a stack calls, as it would name them."""
    return [seen_from(directory, module) for module in modules.of(directory)]


def _newest(zone: LandingZone, stack: Stack) -> list[str]:
    """What a stack that is about to be made calls."""
    skeleton = zone.renderer.skeletons.stacks.get(stack.skeleton)
    is_new = stack in zone.added.get(stack.account, ())
    return [f"{MODULES}/{skeleton.module}/{skeleton.version}"] if is_new and skeleton is not None and skeleton.module else []


def _peerings(zone: LandingZone, modules: LocalModules) -> Iterator[Project]:
    """Every pair that has a stack, a tombstone too, and every pair that gets one."""
    stacks = zone.peerings().stacks
    for names in {*stacks, *(pair.names for pair in plan_of(zone).of(Action.CREATE))}:
        directory, stack = existing.directory(names), stacks.get(names)
        version = (stack.version if stack is not None else None) or zone.renderer.skeletons.all[PEERING].version
        release = f"../../modules/{PEERING}/{version}"
        yield Project(directory, (*_OWN, release, *(module for module in _patterns(modules, directory) if module != release)))
