"""What Atlantis would not say of a pull request: it plans what is listed and there, and reports success for the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from generator.atlantis import region
from generator.atlantis.permissions import UNKNOWN
from generator.atlantis.server import permissions
from generator.atlantis.server_rules import validate_server
from generator.atlantis.validate import validate
from generator.landing_zone import projects
from generator.landing_zone.backends import Backend, moved
from generator.landing_zone.changed_paths import changed, planned
from generator.landing_zone.dangers import look
from generator.landing_zone.lint import caused
from generator.landing_zone.lost_stacks import lost
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of
from generator.peering.existing import State
from generator.peering.model import Decision
from generator.peering.plan import explained
from generator.problems import Problem, Severity

MOST_PROJECTS, MOST_FILES = 200, 2500
"""Of one pull request: GitHub lists 3,000 of its files, and Atlantis plans what it is told; 200 plans are 400 statuses."""
SERVER = "atlantis/repos.yaml"
_Difference = tuple[str, str, str]


def check(zone: LandingZone, base: LandingZone | None, files: int = 0) -> list[Problem]:
    """All that is wrong; with a base, what the change did not cause is a warning. `files` are those that git says it has."""
    whole, states = _whole(zone)
    if base is None:
        return [*whole, *_stale(_differences(zone), "")]
    before, states_before = _whole(base)
    found, known = _differences(zone), _differences(base) if base.policy is not None else frozenset()
    stale = [*_stale(found - known, ""), *(problem.softened() for problem in _stale(found & known, "on the base already, "))]
    gone = [*lost(zone, base), *moved(states_before, states), *_undecided(zone, base)]
    return [*caused(whole, before), *stale, *gone, *_large(zone, base, files)]


def _whole(zone: LandingZone) -> tuple[list[Problem], Mapping[str, Sequence[Backend]]]:
    found, states = look(zone)
    return [*projects.problems(zone), *_files(zone), *found], states


def _files(zone: LandingZone) -> list[Problem]:
    """What Atlantis refuses or passes over in its two files; of the server's only what it refuses, the rest is its owner's to ask for."""
    content, server = (zone.tree.read(path) for path in (region.FILE, SERVER))
    allowed = permissions(server, SERVER, f"github.com/{zone.organization.repository}") if server is not None else UNKNOWN
    found = validate(content, region.FILE, server=allowed, tree=zone.tree) if content is not None else []
    refused = validate_server(server, SERVER) if server is not None else []
    return [*found, *(problem for problem in refused if problem.severity is Severity.ERROR)]


def _differences(zone: LandingZone) -> frozenset[_Difference]:
    """The projects that our region lacks, has too many, or has otherwise; none where it is somebody's file without a region."""
    content = zone.tree.read(region.FILE)
    wanted = [file for part in projects.part(zone) for file in part.build().values()]
    return region.differences(content or b"", wanted[0].body) if wanted else frozenset()


def _stale(found: Collection[_Difference], where: str) -> Iterator[Problem]:
    """The region against what sync would write."""
    if found:
        named = [f"{name} ({_word(there, wanted)})" for name, there, wanted in sorted(found)]
        message = f"{where}the region is not what sync writes: {projects.shown(named)}"
        yield Problem(id="stale-region", file=region.FILE, message=message, remedy="run scaffold sync")


def _word(there: str, wanted: str) -> str:
    if not there:
        return "not listed, so nobody plans it"
    return "listed otherwise" if wanted else "listed, and not there"


def _undecided(zone: LandingZone, base: LandingZone) -> Iterator[Problem]:
    """Pairs that this change takes down, and that nothing denies: a tombstone made by hand, or whose reason is gone again."""
    before = base.peerings().stacks
    for pair in plan_of(zone).pairs.values():
        was_live = pair.names in before and before[pair.names].state is State.LIVE
        if was_live and pair.state is State.TOMBSTONE and pair.decision is not Decision.DENY:
            message = f"this change destroys the peering, and the policy does not deny it ({explained(pair.judgement)})"
            remedy = "restore it from git; or deny the pair, so that everybody sees why it goes"
            yield Problem(id="undecided-tombstone", file=f"peering/{pair.name}", message=message, remedy=remedy)


def _large(zone: LandingZone, base: LandingZone, files: int) -> Iterator[Problem]:
    """A change that Atlantis or GitHub cannot take at once, and the waves to split it into."""
    paths = changed(base.tree, zone.tree)
    number, files = len(planned(zone, paths)), max(files, len(paths))
    if number > MOST_PROJECTS or files > MOST_FILES:
        message = f"this change has {files} files and plans {number} stacks; GitHub lists 3,000 files, and Atlantis plans what it lists"
        remedy = f"split it into {_waves(number, files)} waves, each its own pull request: {_selectors(zone)}"
        yield Problem(id="large-change", message=message, remedy=remedy, severity=Severity.WARNING)


def _waves(projects_planned: int, files: int) -> int:
    return max(-(-projects_planned // MOST_PROJECTS), -(-files // MOST_FILES))


def _selectors(zone: LandingZone) -> str:
    """One sync per environment, then per account."""
    environments = list(zone.organization.environments)
    return f"scaffold sync --only {zone.organization.environment_tag}={environments[0]}, then the others; or --only account=NAME"
