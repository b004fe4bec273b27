"""`--html FILE`: the networks and pairs of a landing zone as a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import limits, plan_of, policy_of
from generator.peering.describe import Standing
from generator.peering.model import Key
from generator.peering.picture import Fact, View, drawn, explained, of_network, of_pair, view
from generator.peering.plan import Pair
from generator.report.graph import Card, Edge, Graph, Node, Tone, Words
from generator.report.text import counted

Command = TypeVar("Command", bound=Callable[..., Any])
MOST = 10_000
"""So many pairs are drawn, those that matter most; a browser takes seconds for more."""
WORDS = Words(
    "network",
    "pair",
    "environment",
    of_node=("account", "region", "ranges", "peerings"),
    of_edge=("why", "what to do"),
    of_finding=("finding", "what to do"),
)
UNTOLD, UNREAD = "no environment", "not read"
_HELP = "Write a picture of it: one page for a browser, which loads nothing from anywhere."
TONES: Mapping[Standing, Tone] = {
    Standing.LOST: Tone.ALARM,
    Standing.DISCONNECT: Tone.GOING,
    Standing.CONNECT: Tone.NEW,
    Standing.CHANGED: Tone.CHANGED,
    Standing.IN_DOUBT: Tone.DOUBT,
    Standing.REFUSED: Tone.REFUSED,
    Standing.UNDETERMINED: Tone.OPEN,
    Standing.PROPOSED: Tone.PROPOSED,
    Standing.WAITING: Tone.WAITING,
    Standing.WITHDRAWN: Tone.FADED,
    Standing.CONNECTED: Tone.PLAIN,
    Standing.GONE: Tone.FADED,
}
Group = tuple[str, Sequence[Fact]]
"""Where a node that is no network is drawn, and what is known of it."""


def option(command: Command) -> Command:
    """The option of commands that can draw what they judge: `--html`."""
    file = click.Path(path_type=Path, dir_okay=False)
    return click.option("--html", "page", type=file, metavar="FILE", callback=_place, help=_HELP)(command)


def _place(context: click.Context, parameter: click.Parameter, given: Path | None) -> Path | None:
    """Found out at once: an audit may take an hour."""
    if given is not None and not given.parent.is_dir():
        raise click.BadParameter(f'"{given.parent}" is no directory', context, parameter)
    if given is not None and given.exists() and not given.is_file():
        raise click.BadParameter(f'"{given}" is no file: a device would be replaced by one', context, parameter)
    return given


def write(file: Path, graph: Graph) -> None:
    """The page, whole or not at all."""
    from generator.report.html import page
    from generator.repository.outputs import put

    put(file, page(graph).encode())


def viewed(zone: LandingZone) -> View:
    """The plan of a zone with its policy."""
    return view(plan_of(zone), policy_of(zone), limits(zone))


def planned(zone: LandingZone, summary: Sequence[str], changed: Mapping[Standing, Collection[Pair]] | None = None) -> Graph:
    """The plan; pairs that a change changes stand as the change leaves them."""
    seen = viewed(zone)
    pairs = drawn(seen.plan, changed)
    edges = [edge(names, standing.title, of_pair(pair, seen), seen) for names, (standing, pair) in islice(pairs.items(), MOST)]
    named = nodes(zone, seen, {name: (UNREAD, ()) for names in pairs for name in names})
    states = [(standing.title, tone) for standing, tone in TONES.items()]
    return Graph("Peering plan", WORDS, summary, groups(zone, named), states, named, edges, notes=left_out(len(pairs)))


def edge(names: Key, state: str, facts: Iterable[Fact], seen: View) -> Edge:
    """A pair with everything that can be said of it."""
    return Edge(Card(" — ".join(names), state, tuple(facts), explained(names, seen)), names)


def nodes(zone: LandingZone, seen: View, further: Mapping[str, Group], alarms: Collection[str] = ()) -> list[Node]:
    """The networks, and what else pairs end at, by group."""
    tag = zone.organization.environment_tag
    found = {name: (member.tags.get(tag) or UNTOLD, tuple(of_network(member, seen))) for name, member in seen.plan.members.items()}
    return [Node(Card(name, group, facts), group, name in alarms) for name, (group, facts) in sorted({**further, **found}.items())]


def groups(zone: LandingZone, named: Iterable[Node]) -> list[str]:
    """The groups that have nodes: environments in the order of `scaffold.yaml`, then whatever else there is."""
    there = {node.group for node in named}
    known = [name for name in zone.organization.environments if name in there]
    return [*known, *sorted(there.difference(known))]


def left_out(pairs: int) -> list[str]:
    """What is missing is always said."""
    return [f"{counted(pairs - MOST, 'pair')} of {pairs} left out, those that matter least."] if pairs > MOST else []
