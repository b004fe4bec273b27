"""`scaffold outdated`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from generator.cli import output, workspace
from generator.landing_zone.outdated import Row, Standing
from generator.landing_zone.outdated import outdated as rows_of
from generator.report.text import counted, table


@click.command()
@click.option("--all", "everything", is_flag=True, help="List the stacks that are current, too.")
@workspace.reading
def outdated(everything: bool, root: Path, form: str) -> int:
    """List the stacks whose module has a newer version, and those with a source of their own.

    A version is known if the program has it, a skeleton of the landing zone's own, or modules/. The status is 0 whatever is listed.

    Examples: scaffold outdated; scaffold outdated --all --format json
    """
    output.begin("outdated", form)
    _, zone, notes = workspace.open_zone(root)
    rows = rows_of(zone)
    shown = [row for row in rows if everything or row.standing is not Standing.CURRENT]
    data = [
        {"stack": row.directory, "skeleton": row.skeleton, "version": row.version or None, "newest": row.newest or None}
        | {"standing": row.standing.name.lower(), "why": row.why or None}
        for row in rows
    ]
    return output.show(output.Result(_text(shown, rows), data, notes))


def _text(shown: Sequence[Row], rows: Sequence[Row]) -> str:
    counts = Counter(row.standing for row in rows)
    numbers = ", ".join(f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing])
    closing = f"{counted(len(rows), 'stack')}: {numbers}." if rows else "There is no stack that calls a module."
    if not shown:
        return closing
    lines = [(row.directory, row.version, row.newest, row.standing.value + (f": {row.why}" if row.why else "")) for row in shown]
    return f"{table(('stack', 'version', 'newest', ''), lines)}\n\n{closing}"
