"""`scaffold peering audit`."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from generator.audit import baseline as accepting
from generator.audit.baseline import Baseline, Judged
from generator.audit.catalogue import KINDS
from generator.audit.findings import Bench, bench
from generator.audit.judge import judged as judge
from generator.audit.model import Severity
from generator.cli import output, picture, workspace
from generator.cli.audit_picture import audited
from generator.cli.audit_report import data, lines, shown, summed
from generator.cli.snapshots import snapshot
from generator.landing_zone.auditing import question
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of
from generator.problems import Problem, Status, expected, refuse, status_of
from generator.report.text import counted
from generator.snapshot.model import Snapshot

_WORDS = [severity.word for severity in sorted(Severity, reverse=True)]
_SNAPSHOT = "Judge a snapshot that was taken before."
_LIVE = "Read AWS now: every active account, every enabled region."
_SAVE = "With --live: where the snapshot goes. An interrupted reading goes on there."
_BASELINE = f"What is accepted.  [default: {accepting.FILE}, where it is there]"
_FAIL_ON = "From which severity on a finding makes the status 2."
_SETTLING = "A git ref before merges that AFT may still be working on: live tags as they were there are no drift of decisions yet."
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option("--snapshot", "file", type=_FILE, metavar="FILE", help=_SNAPSHOT)
@click.option("--live", is_flag=True, help=_LIVE)
@click.option("--save", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_SAVE)
@click.option("--baseline", "accepted", type=_FILE, metavar="FILE", help=_BASELINE)
@click.option("--fail-on", type=click.Choice(_WORDS), default=Severity.LOW.word, show_default=True, help=_FAIL_ON)
@click.option("--settling", "bases", multiple=True, metavar="[requests=]REF", help=_SETTLING)
@click.option("--explain", "id", metavar="ID", help="Say what a finding means, and what to do.")
@picture.option
@workspace.dated
@workspace.reading_as("text", "json", "markdown", "sarif")
def audit(
    file: Path | None,
    live: bool,
    save: Path | None,
    accepted: Path | None,
    fail_on: str,
    bases: tuple[str, ...],
    id: str | None,
    page: Path | None,
    day: str,
    root: Path,
    form: str,
) -> int:
    """Compare what the policy allows, what the repository declares and what AWS has, from both sides of every peering.

    Status 3 where a place could not be looked into and nobody accepted that: what is there is not known.

    Examples: scaffold peering audit --live --save audit.json; scaffold peering audit --snapshot audit.json --html audit.html
    """
    output.begin("peering audit", form)
    if id is not None:
        return _explain(id)
    if (file is None) is (not live) or (save is not None and not live):
        raise click.UsageError("name what is judged: either --snapshot FILE, or --live (with --save FILE)")
    _, zone, notes = workspace.open_zone(root, day=day)
    entries = _baseline(root, accepted)
    gc.disable()  # hundreds of thousands of values that refer to nothing: looking for cycles takes longer than judging
    found = _bench(root, zone, snapshot(zone, file, save), bases)
    judged = accepting.apply(judge(found), entries, zone.day)
    doubts = [doubt for doubt in plan_of(zone).doubts if doubt not in zone.problems]
    problems = [*notes, *zone.problems, *zone.peerings().problems, *doubts, *judged.problems, *_gaps(judged)]
    is_sure = status_of(problems) is Status.DONE
    if page is not None:
        picture.write(page, audited(zone, found, judged, summed(judged, entries.file, is_sure)))
    failing = any(each.severity.word in _WORDS[: _WORDS.index(fail_on) + 1] for each in judged.open_findings)
    return output.show(output.Result(shown(judged, entries.file, form, is_sure), lambda: data(judged), problems, failing))


def _bench(root: Path, zone: LandingZone, seen: Snapshot, bases: tuple[str, ...]) -> Bench:
    """What is compared, arranged."""
    if not bases:
        return bench(question(zone, seen))
    with workspace.base_zone(root, zone, bases) as before:
        return bench(question(zone, seen, before))


def _baseline(root: Path, file: Path | None) -> Baseline:
    path = file if file is not None else root / accepting.FILE
    if file is None and not path.is_file():
        return Baseline(accepting.FILE)
    return accepting.read(path.read_bytes(), str(file) if file is not None else accepting.FILE)


def _gaps(judged: Judged) -> list[Problem]:
    """What raises the status to 3; the places themselves are part of the result."""
    unseen = judged.open_gaps
    if not unseen:
        return []
    message = f"{counted(len(unseen), 'place')} could not be looked into, so what is there is not known"
    remedy = f"give the reader role there, or accept them in {accepting.FILE} with a reason"
    return [Problem(id="side-unreadable", message=message, remedy=remedy, incomplete=True)]


def _explain(id: str) -> int:
    if id not in KINDS:
        raise refuse("unknown-finding", f'there is no finding "{id}"', expected(id, KINDS), value=id)
    kind = KINDS[id]
    plain = {"id": id, "severity": kind.severity.word, "title": kind.title, "why": kind.why, "remedy": kind.remedy}
    return output.show(output.Result("\n".join(lines(id)), plain))
