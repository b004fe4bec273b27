"""What a picture is made of: nodes in groups, edges in states, and findings about them, each with a card that says everything."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass


class Tone(enum.Enum):
    """How an edge looks: `page.css` has a colour and dashes for each, since a colour alone says nothing to many."""

    PLAIN = "plain"
    NEW = "new"
    CHANGED = "changed"
    GOING = "going"
    ALARM = "alarm"
    DOUBT = "doubt"
    REFUSED = "refused"
    OPEN = "open"
    WAITING = "waiting"
    PROPOSED = "proposed"
    FADED = "faded"
    PARTLY = "partly"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Card:
    """What is said of one thing: a title, a word or two, facts by their name, and lines of text in columns."""

    title: str
    badge: str
    facts: Sequence[tuple[str, str]] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A node; its card's title is its name, and no other node has it. `alarm`: it is marked."""

    card: Card
    group: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two nodes, by their names. Its card's badge is the title of its state."""

    card: Card
    ends: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is to be said of nodes (by name) and edges (by both names); of the first of them above all."""

    card: Card
    nodes: Sequence[str] = ()
    edges: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What a node, an edge and a group are called, in the singular, and the facts that have a column in the tables."""

    node: str
    edge: str
    group: str
    of_node: Sequence[str] = ()
    of_edge: Sequence[str] = ()
    of_finding: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A picture. `groups` are in the order in which they are drawn, `states` (title and tone) in that of their importance.

    `summary` and `notes` are lines above and below.
    """

    title: str
    words: Words
    summary: Sequence[str]
    groups: Sequence[str]
    states: Sequence[tuple[str, Tone]]
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    findings: Sequence[Finding] = ()
    notes: Sequence[str] = ()
