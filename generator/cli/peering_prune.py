"""`scaffold peering prune`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from generator.cli import output, workspace
from generator.cli.snapshots import of_file
from generator.landing_zone import projects
from generator.landing_zone.model import LandingZone
from generator.peering.existing import directory
from generator.peering.model import pair_name
from generator.peering.prune import Pruning, Tombstones, outdated, places, prunable, tombstones
from generator.problems import Problem, Refused, Severity, refuse
from generator.report.text import counted
from generator.repository import changes as repository_changes
from generator.repository import write
from generator.repository.changes import Change
from generator.snapshot.model import Place, Snapshot

_BASE = "The git ref that Atlantis' applies are merged into, such as origin/main."
_SNAPSHOT = "Judge by a snapshot of today instead of reading AWS now."


@click.command()
@click.option("--base", "bases", multiple=True, required=True, metavar="[requests=]REF", help=_BASE)
@click.option("--snapshot", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE", help=_SNAPSHOT)
@workspace.writing
def prune(bases: tuple[str, ...], file: Path | None, root: Path, check: bool, diff: bool, form: str) -> int:
    """Delete the directories of peerings that are gone: their tombstone is on the base, and AWS shows no connection any more.

    Both sides have to be seen. What could not be looked into stays, and so does a directory that holds anything of yours.

    Examples: scaffold peering prune --base origin/main --check; scaffold peering prune --base origin/main --snapshot audit.json
    """
    output.begin("peering prune", form)
    tree, zone, notes = workspace.open_zone(root, will_write=not check)
    here, before = tombstones(zone.peerings().stacks, zone.tree), _on_base(root, zone, bases)
    wanted = places(here, before)
    seen = _look(zone, wanted, file)
    pruning = prunable(here, before, seen)
    stale = list(outdated(seen, zone.day)) if pruning.gone else []
    if stale:  # a directory that goes too early leaves a connection that no plan knows
        raise Refused(stale)
    unlisted = projects.without(zone.tree, {directory(pair) for pair in pruning.gone})
    found = repository_changes.compare(pruning.files | unlisted, zone.tree)
    if not check:
        write.apply(tree, found)
    problems = [*notes, *_lost(zone), *repository_changes.problems(found), *pruning.problems]
    text = workspace.report(found, check=check, diff=diff) + f"\n{_summary(pruning, check)}"
    pending = check and any(change.written for change in found)
    return output.show(output.Result(text, lambda: _data(pruning, wanted, seen, found), problems, pending))


def _on_base(root: Path, zone: LandingZone, bases: tuple[str, ...]) -> Tombstones:
    """The tombstones of the base. A base that cannot be read is none that holds no tombstone."""
    with workspace.base_zone(root, zone, bases) as base:
        if base is None:
            message = f"{', '.join(bases)} has no scaffold.yaml that can be read, so nothing is known of its tombstones"
            raise refuse("wrong-base", message, "name a base whose landing zone is valid")
        return tombstones(base.peerings().stacks, base.tree)


def _look(zone: LandingZone, wanted: tuple[Place, ...], file: Path | None) -> Snapshot:
    """What AWS has in some places: of a snapshot, else of now. Nobody is asked where nothing is wanted."""
    if file is not None:
        return of_file(file, zone.organization.id)
    if not wanted:
        return Snapshot("")
    from generator.aws import peerings as aws  # boto3 takes a quarter of a second: only here

    return aws.read(zone.organization, wanted, output.progress("accounts read"))


def _lost(zone: LandingZone) -> Iterable[Problem]:
    """Directories that do not say any more which pair they are: a tombstone may be among them."""
    return (found for found in zone.peerings().problems if found.severity is Severity.ERROR)


def _summary(pruning: Pruning, check: bool) -> str:
    gone, kept = len(pruning.gone), len(pruning.kept)
    return f"{counted(gone + kept, 'tombstone')}: {gone} {'can go' if check else 'pruned'}, {kept} kept."


def _data(pruning: Pruning, wanted: tuple[Place, ...], seen: Snapshot, found: list[Change]) -> dict[str, Any]:
    gaps = [(place, cause) for place in wanted if (cause := seen.gap(place))]
    return {
        "pruned": [pair_name(pair) for pair in pruning.gone],
        "kept": [pair_name(pair) for pair in pruning.kept],
        "taken": seen.taken or None,
        "gaps": [{"account": place.account, "region": place.region, "cause": cause} for place, cause in gaps],
        "changes": workspace.plain(found),
    }
