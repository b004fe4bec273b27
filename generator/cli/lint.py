"""`scaffold lint`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import output, workspace
from generator.landing_zone.lint import caused
from generator.landing_zone.lint import lint as check
from generator.landing_zone.lost_stacks import lost
from generator.report.text import counted, severities


@click.command()
@click.option(
    "--base", "bases", multiple=True, metavar="[requests=]REF", help="Fail only for what this change causes, compared with a git ref."
)
@workspace.dated
@workspace.reading
def lint(bases: tuple[str, ...], day: str, root: Path, form: str) -> int:
    """Check everything offline: the pull-request gate.

    Example: scaffold lint --base origin/main
    """
    output.begin("lint", form)
    _, zone, notes = workspace.open_zone(root, day=day)
    problems = [*notes, *check(zone)]
    if bases:
        with workspace.base_zone(root, zone, bases) as base:
            problems = caused(problems, check(base) if base and base.policy else [])
            blind = workspace.blind_base(bases, "look yourself for stacks that are deleted")
            problems += lost(zone, base) if base else [blind]
    accounts = len({*(account.slug for account in zone.accounts), *zone.others.accounts})
    text = f"{counted(accounts, 'account')} checked: {severities(problems)}."
    return output.show(output.Result(text, {"accounts": accounts}, problems))
