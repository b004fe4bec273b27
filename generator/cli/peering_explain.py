"""`scaffold peering explain`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import output, workspace
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import limits, plan_of, policy_of
from generator.peering import explain as reasons
from generator.peering.policy import FILE
from generator.problems import Problem, Refused, nearest
from generator.report.text import printable


@click.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@workspace.dated
@workspace.reading
def explain(one: str, other: str, day: str, root: Path, form: str) -> int:
    """Say why the networks A and B meet, or do not: rules, tag values seen, and what would change it.

    Example: scaffold peering explain prod-ml dev-ml
    """
    output.begin("peering explain", form)
    _, zone, notes = workspace.open_zone(root, day=day)
    found = plan_of(zone)
    unknown = [name for name in (one, other) if name not in found.members]
    if unknown and (zone.reading.unreadable or zone.others.unreadable):
        text = f"No network {' and '.join(unknown)} was read, and not everything could be."
        return output.show(output.Result(text, None, [*notes, *zone.problems]))
    _refuse(zone, one, other, unknown)
    explained = reasons.explain((one, other), found, policy_of(zone), zone.organization, limits(zone))
    text = "\n".join(map(printable, reasons.lines(explained, FILE)))
    return output.show(output.Result(text, lambda: reasons.plain(explained, FILE), [*notes, *zone.problems]))


def _refuse(zone: LandingZone, one: str, other: str, unknown: list[str]) -> None:
    networks = plan_of(zone).members
    found = [
        Problem(id="unknown-network", message=f'there is no network "{name}"', remedy=_nearest(name, zone), value=name) for name in unknown
    ]
    if one == other and one in networks:
        found.append(Problem(id="same-network", message=f"{one} is given twice", remedy="name two networks", value=one))
    if found:
        raise Refused(found)


def _nearest(name: str, zone: LandingZone) -> str:
    guess = nearest(name, plan_of(zone).members)
    return f'did you mean "{guess}"?' if guess else 'see "scaffold peering plan --format json" for all of them'
