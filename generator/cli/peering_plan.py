"""`scaffold peering plan`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click

from generator.cli import output, picture, workspace
from generator.cli.pair_markdown import NOT_JUDGED, pair_sections
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import before, plan_of, policy_of
from generator.peering.describe import Standing, difference, grouped, plain, why
from generator.peering.model import Decision
from generator.peering.plan import Pair, Plan, every_pair, problems
from generator.peering.policy import Policy
from generator.problems import Problem
from generator.report import markdown
from generator.report.text import counted, table

_LIMIT = 56_000


@click.command()
@click.option("--all", "everything", is_flag=True, help="List every pair, denied ones too.")
@click.option("--check", is_flag=True, help="Status 2 if sync would connect or disconnect a pair; with --base, if the change does.")
@picture.option
@workspace.based
@workspace.dated
@workspace.reading_as("text", "json", "markdown")
def plan(everything: bool, check: bool, page: Path | None, bases: tuple[str, ...], day: str, root: Path, form: str) -> int:
    """Decide about every pair of networks, from their accounts' tags.

    Nothing of the landing zone is written: "scaffold sync" writes what is decided here. With --base, only what this change does is
    shown; the picture shows it among all other pairs. Denied pairs are not drawn.

    Examples: scaffold peering plan; scaffold peering plan --html plan.html; scaffold peering plan --base origin/main --format markdown
    """
    output.begin("peering plan", form)
    _, zone, notes = workspace.open_zone(root, day=day)
    found = plan_of(zone)
    listed = every_pair(policy_of(zone), found) if everything else found
    said = [*notes, *zone.problems, *zone.peerings().problems, *problems(found)]
    changed: Groups = grouped(listed.pairs.values())
    if bases:
        changed, unsaid = _changed(root, zone, bases)
        said += unsaid
    if page is not None:
        picture.write(page, picture.planned(zone, [_summary(changed, found, bool(bases)), NOT_JUDGED], changed if bases else None))
    pending = check and any(changed.get(standing) for standing in (Standing.LOST, Standing.DISCONNECT, Standing.CONNECT, Standing.CHANGED))
    return output.show(
        output.Result(_shown(changed, zone, listed, form, bool(bases)), lambda: _data(listed, changed, bases), said, pending)
    )


Groups = Mapping[Standing, Collection[Pair]]


def _changed(root: Path, zone: LandingZone, bases: tuple[str, ...]) -> tuple[dict[Standing, list[Pair]], list[Problem]]:
    """What the change does to pairs; and a warning where nobody can tell what the base decided."""
    with workspace.base_zone(root, zone, bases) as base:
        found = difference(before(base), plan_of(zone), policy_of(zone), zone.complete).changed
        blind = base is None or base.policy is None
    unsaid = [workspace.blind_base(bases, "read the stacks that appear as new with care")]
    return {standing: list(listed) for standing, listed in found.items()}, unsaid if blind else []


def _data(found: Plan, changed: Groups, bases: tuple[str, ...]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "networks": list(found.members),
        "pairs": [plain(pair) for pair in found.pairs.values()],
        "denied": found.denied,
        "undetermined": found.undetermined,
    }
    if bases:
        data["changes"] = {standing.name.lower(): [plain(pair) for pair in listed] for standing, listed in changed.items()}
    return data


def _shown(changed: Groups, zone: LandingZone, found: Plan, form: str, is_change: bool) -> str:
    policy = policy_of(zone)
    if form == "markdown":
        return _markdown(changed, found, policy, is_change)
    head = ("pair", "decision", "action", "why")
    cells = [
        (" -- ".join(pair.names), pair.decision.value, _WORDS.get(standing, "-"), why(pair, found.members, policy))
        for standing, listed in changed.items()
        for pair in listed
    ]
    return "\n".join([*([table(head, cells), ""] if cells else []), _summary(changed, found, is_change)])


_WORDS = {
    Standing.LOST: "deleted",
    Standing.DISCONNECT: "disconnect",
    Standing.CONNECT: "connect",
    Standing.CHANGED: "keep, otherwise",
    Standing.IN_DOUBT: "keep, in doubt",
    Standing.REFUSED: "refused",
    Standing.PROPOSED: "proposed",
    Standing.WAITING: "wait",
    Standing.WITHDRAWN: "give up",
    Standing.CONNECTED: "keep",
    Standing.GONE: "tombstone left",
}


def _summary(changed: Groups, found: Plan, is_change: bool) -> str:
    counts = [f"{len(listed)} {standing.title.lower()}" for standing, listed in changed.items()]
    if is_change:
        return f"This change: {'; '.join(counts)}." if counts else "This change connects and disconnects nothing."
    decided = Counter(pair.decision for pair in found.pairs.values())
    unlisted, unclear = found.allowed - decided[Decision.ALLOW], found.undetermined - decided[Decision.UNDETERMINED]
    more = [f"{unlisted} allowed of {counted(len(found.crowds), 'network')} over quota, not listed"] if unlisted > 0 else []
    more += [f"{unclear} undetermined of networks that cannot be judged, not connected and not listed"] if unclear > 0 else []
    more += [f"{found.denied} denied in all"] if Standing.DENIED not in changed else []
    return f"{counted(len(found.members), 'network')}: {'; '.join([*counts, *more])}."


def _markdown(changed: Groups, found: Plan, policy: Policy, is_change: bool) -> str:
    """A section per standing, each clipped: a comment on a pull request ends at 65,536 characters."""
    head = markdown.section("Peerings", markdown.escape(_summary(changed, found, is_change)))
    return markdown.blocks(head, *pair_sections(changed, found.members, policy, _LIMIT), markdown.escape(NOT_JUDGED))
