"""`scaffold peering explain`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import complete, output, workspace
from generator.cli.pair_names import meant, refuse_wrong, unknown
from generator.landing_zone.peerings import limits, plan_of, policy_of
from generator.peering import explain as reasons
from generator.peering.policy import FILE
from generator.report.text import printable


@click.command()
@click.argument("one", metavar="A", shell_complete=complete.networks)
@click.argument("other", metavar="B", shell_complete=complete.networks)
@workspace.dated
@workspace.reading
def explain(one: str, other: str, day: str, root: Path, form: str) -> int:
    """Say why the networks A and B meet, or do not: rules, tag values seen, and what would change it.

    Example: scaffold peering explain prod-ml dev-ml
    """
    output.begin("peering explain", form)
    _, zone, notes = workspace.open_zone(root, day=day)
    found = plan_of(zone)
    unread = unknown(zone, one, other)
    if unread and not zone.complete:
        said = [f"No network {' and '.join(unread)} was read, and not everything could be.", *(meant(zone, name) for name in unread)]
        return output.show(output.Result(" ".join(filter(None, said)), None, [*notes, *zone.problems]))
    refuse_wrong(zone, one, other)
    explained = reasons.explain((one, other), found, policy_of(zone), zone.organization, limits(zone))
    text = "\n".join(map(printable, reasons.lines(explained, FILE)))
    return output.show(output.Result(text, lambda: reasons.plain(explained, FILE), [*notes, *zone.problems]))
