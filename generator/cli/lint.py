"""`scaffold lint`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import output, workspace
from generator.landing_zone.lint import caused
from generator.landing_zone.lint import lint as check
from generator.problems import Problem, Severity
from generator.report.text import counted


@click.command()
@click.option(
    "--base", "bases", multiple=True, metavar="[requests=]REF", help="Fail only for what this change causes, compared with a git ref."
)
@workspace.reading
def lint(bases: tuple[str, ...], root: Path, form: str) -> int:
    """Check everything offline: the pull-request gate.

    Example: scaffold lint --base origin/main
    """
    output.begin("lint", form)
    _, zone, notes = workspace.open_zone(root)
    problems = [*notes, *check(zone)]
    if bases:
        with workspace.base_zone(root, zone, bases) as base:
            problems = caused(problems, check(base) if base else [])
    text = f"{counted(len(zone.accounts), 'account')} checked: {_counts(problems)}."
    return output.show(output.Result(text, {"accounts": len(zone.accounts)}, problems))


def _counts(problems: list[Problem]) -> str:
    numbers = [(severity, sum(problem.severity is severity for problem in problems)) for severity in Severity]
    return ", ".join(counted(number, severity.value) for severity, number in numbers)
