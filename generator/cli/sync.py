"""`scaffold sync`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from generator.accounts.model import Account
from generator.atlantis.region import differences
from generator.cli import invocation, output, workspace
from generator.files import FileSet, Kind
from generator.landing_zone import projects
from generator.landing_zone.desired import desired
from generator.landing_zone.global_customizations import Invocation
from generator.landing_zone.lint import caused
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of, refuse_removals
from generator.landing_zone.readiness import kept
from generator.landing_zone.selection import select, selected
from generator.peering.existing import directory
from generator.peering.model import Key
from generator.peering.plan import Action, Pair
from generator.peering.plan import problems as pair_problems
from generator.problems import Problem, Severity
from generator.report.text import counted
from generator.repository import changes as repository_changes
from generator.repository import write
from generator.repository.changes import Change


@click.command()
@click.option("--only", metavar="KEY=VALUE[,…]", help="Only accounts with these tags (or account=NAME, region=R, skeleton=S).")
@click.option(
    "--base",
    "bases",
    multiple=True,
    metavar="[requests=]REF",
    help=f"With --check: fail only for what this change causes, compared with a git ref. {workspace.EACH_CHECKOUT}",
)
@workspace.removals
@workspace.dated
@workspace.writing
def sync(only: str | None, bases: tuple[str, ...], removals: int | None, day: str, root: Path, check: bool, diff: bool, form: str) -> int:
    """Rewrite everything generated from its inputs.

    A file edited by hand is left alone and reported; one whose header was deleted is yours.

    Examples: scaffold sync --check; scaffold sync --only environment=dev
    """
    if bases and not check:
        raise click.UsageError("--base needs --check: a base decides what fails, not what is written")
    output.begin("sync", form)
    tree, zone, notes = workspace.open_zone(root, will_write=not check, day=day)
    wanted = select(desired(zone), zone, only)
    removed = _disconnected(zone, wanted)
    if not bases:
        refuse_removals(removed, removals)
    found = repository_changes.compare(wanted, zone.tree)
    if not check:
        write.apply(tree, found)
    lagging = [change for change in found if check and change.lags]
    stale = [change for change in found if change.written and change not in lagging]
    problems = [*notes, *zone.problems, *repository_changes.problems(found)]
    problems += _left(zone, selected(zone, only))
    if bases:
        stale, problems, pending_there = _against(root, bases, zone, stale, problems)
        refuse_removals([pair for pair in removed if pair.names not in pending_there], removals)
    problems += _lagging(lagging)
    pending = check and bool(stale)
    run, roots = invocation.after(zone, found), invocation.by_hand(found)
    later = [] if check else [*invocation.lines(zone, run), *invocation.reminder(roots)]
    text = "\n".join([workspace.report(found, check=check, diff=diff), *later])
    return output.show(output.Result(text, lambda: _data(found, run, roots), problems, pending))


def _data(changes: list[Change], run: Invocation | None, roots: list[str]) -> dict[str, object]:
    return {"changes": workspace.plain(changes), "invoke": invocation.plain(run), "apply_by_hand": roots}


def _disconnected(zone: LandingZone, wanted: FileSet) -> list[Pair]:
    """The pairs that these files would disconnect."""
    names = {part.name for part in wanted.parts}
    return [pair for pair in plan_of(zone).of(Action.TOMBSTONE) if directory(pair.names) in names]


def _left(zone: LandingZone, accounts: Iterable[Account]) -> list[Problem]:
    """What sync could not bring up to date: values that nothing says any more, pairs that are kept in doubt, lost directories."""
    problems = [
        *pair_problems(plan_of(zone)),
        *projects.problems(zone),
        *projects.gone(zone),
        *(found for found in zone.peerings().problems if found.severity is Severity.ERROR),
    ]
    for account in accounts:
        problems += kept(zone, account)
        lost = [directory.problem for directory in zone.directories(account.slug) if directory.problem is not None]
        problems += [problem for problem in lost if problem.severity is Severity.ERROR]
    return problems


def _lagging(lagging: list[Change]) -> list[Problem]:
    if not lagging:
        return []
    message = f"{counted(len(lagging), 'copy', 'copies')} of versions.tf and of the dependency lock lag behind"
    return [Problem(id="lagging-copies", message=message, remedy="run scaffold sync, with --only in waves", severity=Severity.WARNING)]


def _against(
    root: Path, bases: tuple[str, ...], zone: LandingZone, stale: list[Change], problems: list[Problem]
) -> tuple[list[Change], list[Problem], set[Key]]:
    """What this change makes stale, what it is to blame for, and the pairs that the base would disconnect already."""
    with workspace.base_zone(root, zone, bases) as base:
        if base is None:
            return stale, problems, set()
        wanted = _wanted(base)
        before = {change.path: change for change in repository_changes.compare(wanted, base.tree)}
        old = [change for change in stale if change.path in before and _is_old(change, before[change.path])]
        known = [*base.problems, *repository_changes.problems(before.values())]
        known += _left(base, base.accounts) if base.policy is not None else []
        there = {pair.names for pair in _disconnected(base, wanted)} if base.policy is not None else set()
    notes = []
    if old:
        message = f"{counted(len(old), 'file')} stale on {', '.join(bases)} already: {', '.join(change.path for change in old[:5])}"
        notes = [Problem(id="stale-on-base", message=message, remedy="run scaffold sync in a change of its own", severity=Severity.WARNING)]
    return [change for change in stale if change not in old], [*caused(problems, known), *notes], there


def _is_old(change: Change, before: Change) -> bool:
    """Was it stale on the base already, in the same way? Of atlantis.yaml that is asked of each project."""
    if change.kind is Kind.REGION and change.old is not None and before.old is not None:
        return differences(change.old, change.new or b"") <= differences(before.old, before.new or b"")
    return before.written and (before.old, before.new) == (change.old, change.new)


def _wanted(base: LandingZone) -> FileSet:
    """What the base wants; without a policy there, nothing: the change that adds or repairs it must be able to pass."""
    return desired(base) if base.policy is not None else FileSet()
