"""`scaffold atlantis generate`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import output, workspace
from generator.files import FileSet
from generator.landing_zone import projects


@click.command()
@workspace.dated
@workspace.writing
def generate(day: str, root: Path, check: bool, diff: bool, form: str) -> int:
    """Rewrite our region of atlantis.yaml, and nothing else: "scaffold sync" limited to this file.

    One project per stack that can be planned and is there. A pair that sync has not written yet is left to sync.

    Example: scaffold atlantis generate --diff
    """
    output.begin("atlantis generate", form)
    tree, zone, notes = workspace.open_zone(root, will_write=not check, day=day)
    found = workspace.settle(tree, FileSet(projects.there(zone)), check=check)
    problems = [*notes, *zone.problems, *projects.problems(zone)]
    pending = check and any(change.written for change in found)
    text = workspace.report(found, check=check, diff=diff)
    return output.show(output.Result(text, lambda: {"changes": workspace.plain(found)}, problems, pending))
