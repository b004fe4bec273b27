"""`scaffold lint`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from generator.cli import lint_rules, output, workspace
from generator.documents import dates
from generator.files import File, FileSet, Kind, safe_path
from generator.landing_zone import baseline as baselines
from generator.landing_zone import request_changes
from generator.landing_zone.baseline import Baseline, Entry
from generator.landing_zone.lint import caused, selected
from generator.landing_zone.lint import lint as check_zone
from generator.landing_zone.lost_stacks import lost
from generator.landing_zone.model import LandingZone
from generator.problems import Problem, Refused
from generator.report.text import counted, severities


@click.command()
@click.option(
    "--base",
    "bases",
    multiple=True,
    metavar="[requests=]REF",
    help=f"Fail only for what this change causes, compared with a git ref. {workspace.EACH_CHECKOUT}",
)
@click.option("--rules", is_flag=True, help="List every rule, and check nothing.")
@click.option("--explain", metavar="ID", help="Explain one rule, and check nothing.")
@click.option("--baseline", "file", metavar="FILE", default=baselines.FILE, show_default=True, help="The findings that are accepted.")
@click.option("--write-baseline", "writes", is_flag=True, help="Accept what is found now: write it into the baseline.")
@click.option("--reason", metavar="TEXT", help="With --write-baseline: why.")
@click.option("--expires", metavar="YYYY-MM-DD", help="With --write-baseline: the last day.")
@click.option("--rule", "only", multiple=True, metavar="ID", help="With --write-baseline: accept only what this rule finds.")
@workspace.dated
@workspace.writing
def lint(
    bases: tuple[str, ...],
    rules: bool,
    explain: str | None,
    file: str,
    writes: bool,
    reason: str | None,
    expires: str | None,
    only: tuple[str, ...],
    day: str,
    check: bool,
    diff: bool,
    root: Path,
    form: str,
) -> int:
    """Check everything offline: the pull-request gate.

    Examples: scaffold lint --base origin/main; scaffold lint --explain same-email;
    scaffold lint --write-baseline --reason "older than the rules" --expires 2027-03-31
    """
    output.begin("lint", form)
    if rules or explain is not None:
        return output.show(lint_rules.every() if rules else lint_rules.one(explain or ""))
    if writes:
        if bases:
            raise click.UsageError("a baseline is that of the whole landing zone: leave --base out")
        return output.show(_accept(root, file, day, _acceptance(reason, expires, only, day), check=check, diff=diff))
    if reason or expires or only or check or diff:
        raise click.UsageError("--reason, --expires, --rule, --check and --diff are about --write-baseline: add it")
    return output.show(_judge(root, file, day, bases))


def _judge(root: Path, file: str, day: str, bases: tuple[str, ...]) -> output.Result:
    """What is wrong, less what is accepted; with a base, what the change did not cause is a warning."""
    _, zone, notes = workspace.open_zone(root, day=day)
    judged = baselines.judge(_found(zone), _baseline(zone, file), day)
    problems = judged.problems
    if bases:
        with workspace.base_zone(root, zone, bases) as base:
            known = _found(base) if base and base.policy else []
            problems = [*caused(problems, known), *selected(_changes(zone, base, bases), zone.organization.lint.rules)]
    return _result(zone, [*notes, *problems], judged.accepted)


def _found(zone: LandingZone) -> list[Problem]:
    return selected(check_zone(zone), zone.organization.lint.rules)


def _changes(zone: LandingZone, base: LandingZone | None, bases: Sequence[str]) -> list[Problem]:
    """What is a matter of the change itself, and so never softened."""
    if base is None:
        return [workspace.blind_base(bases, "look yourself for stacks that are deleted, and for values that can never change")]
    return [*lost(zone, base), *request_changes.problems(zone, base)]


def _baseline(zone: LandingZone, file: str) -> Baseline:
    return baselines.read(zone.tree.read(safe_path(file)), file)


@dataclass(frozen=True, slots=True)
class _Acceptance:
    """Why findings are accepted, until when, and of which rules: of all where none is named."""

    reason: str
    expires: str
    rules: tuple[str, ...]


def _acceptance(reason: str | None, expires: str | None, only: tuple[str, ...], day: str) -> _Acceptance:
    if not (reason or "").strip() or not expires:
        raise click.UsageError("--write-baseline needs --reason TEXT and --expires YYYY-MM-DD: nothing is accepted without an end")
    try:
        last = dates.parse(expires)
    except ValueError as error:
        raise click.UsageError(f'--expires is "{expires}": {error}') from None
    if last < day:
        raise click.UsageError(f"--expires is {last}, which has passed: name a day from {day} on")
    for id in only:
        lint_rules.acceptable(id)
    return _Acceptance(" ".join(str(reason).split()), last, only)


def _accept(root: Path, file: str, day: str, why: _Acceptance, *, check: bool, diff: bool) -> output.Result:
    """Write the baseline, and judge by it."""
    tree, zone, notes = workspace.open_zone(root, will_write=not check, day=day)
    before, found = _baseline(zone, file), _found(zone)
    if before.problems:
        raise Refused(before.problems)
    entries = baselines.accept(found, before, day, why.reason, why.expires, why.rules)
    changes = workspace.settle(tree, FileSet.of({file: File(baselines.write(entries, file), Kind.RECORD)}), check=check)
    judged = baselines.judge(found, Baseline(file, entries), day)
    result = _result(zone, [*notes, *judged.problems], judged.accepted)
    result.text = f"{workspace.report(changes, check=check, diff=diff)}\n{result.text}"
    result.data["changes"] = workspace.plain(changes)
    result.found = check and any(change.written for change in changes)
    return result


def _result(zone: LandingZone, problems: Sequence[Problem], accepted: Sequence[tuple[Problem, Entry]]) -> output.Result:
    number = len({*(account.slug for account in zone.accounts), *zone.others.accounts})
    also = f"; {len(accepted)} accepted" if accepted else ""
    text = f"{counted(number, 'account')} checked: {severities(problems)}{also}."
    return output.Result(text, {"accounts": number, "accepted": [_plain(problem, entry) for problem, entry in accepted]}, problems)


def _plain(problem: Problem, entry: Entry) -> dict[str, Any]:
    return {
        "id": problem.id,
        "severity": problem.severity.value,
        "file": problem.file,
        "line": problem.line,
        "message": problem.message,
        "fingerprint": entry.fingerprint,
        "reason": entry.reason,
        "expires": entry.expires,
    }
