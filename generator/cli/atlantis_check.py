"""`scaffold atlantis check`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.atlantis.region import FILE, listed
from generator.cli import output, workspace
from generator.landing_zone import gate
from generator.report.text import counted


@click.command()
@workspace.based
@workspace.dated
@workspace.reading
def check(bases: tuple[str, ...], day: str, root: Path, form: str) -> int:
    """Check what Atlantis would pass over: stacks that are not listed, or deleted, and what a plan must not run.

    Example: scaffold atlantis check --base origin/main
    """
    output.begin("atlantis check", form)
    _, zone, notes = workspace.open_zone(root, day=day)
    if bases:
        with workspace.base_zone(root, zone, bases) as base:
            problems = gate.check(zone, base)
    else:
        problems = gate.check(zone, None)
    projects = listed(zone.tree.read(FILE) or b"")
    text = f"{counted(len(projects), 'project')} checked: {counted(len(problems), 'problem')}."
    return output.show(output.Result(text, {"projects": projects}, [*notes, *zone.problems, *problems]))
