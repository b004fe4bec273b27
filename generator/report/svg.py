"""The map of a graph as SVG. Each node and edge is an option of one list box, so a screen reader counts and names them."""

from __future__ import annotations

import math
from collections import Counter

from generator.report.cards import Ids
from generator.report.circle import Band, Circle, Spot, circle, number, short
from generator.report.graph import Edge, Graph, Node, Tone
from generator.report.markup import Markup, element, join
from generator.report.text import counted

_LARGEST = 11.0


def drawing(graph: Graph, named: Ids, described_by: str) -> Markup:
    """The map; what matters more is drawn later, over the rest."""
    placed = circle({group: [node.card.title for node in graph.nodes if node.group == group] for group in graph.groups})
    degrees = Counter(name for edge in graph.edges for name in edge.ends)
    groups = {node.card.title: node.group for node in graph.nodes}
    rank = {title: place for place, (title, _) in enumerate(graph.states)}
    tones = dict(graph.states)
    ordered = sorted(graph.edges, key=lambda edge: -rank[edge.card.badge])
    edges = [_edge(edge, named, tones[edge.card.badge], placed, (groups[edge.ends[0]], groups[edge.ends[1]])) for edge in ordered]
    nodes = [_node(node, named, placed.spots[node.card.title], degrees[node.card.title], graph.words.edge) for node in graph.nodes]
    layers = (element("g", join(map(_band, placed.bands), "\n"), aria_hidden="true"), _layer(edges), _layer(nodes))
    box = " ".join(map(number, (-placed.width, -placed.height, 2 * placed.width, 2 * placed.height)))
    size = "upright" if placed.upright else "radial"
    words = {"aria_label": f"Map: {graph.title}", "aria_describedby": described_by}
    return element("svg", *layers, id="map", class_=size, viewBox=box, role="listbox", tabindex="0", **words)


def sample(tone: Tone) -> Markup:
    """A short line as the edges of a state are drawn."""
    return element(
        "svg", element("path", d="M1 6H43", class_=f"edge {tone.value}"), viewBox="0 0 44 12", class_="sample", aria_hidden="true"
    )


def ring() -> Markup:
    """How a node is marked."""
    marked = (element("circle", cx="8", cy="8", r="6.5", class_="ring"), element("circle", cx="8", cy="8", r="3"))
    return element("svg", element("g", *marked, class_="node"), viewBox="0 0 16 16", class_="sample short", aria_hidden="true")


def _layer(elements: list[Markup]) -> Markup:
    return element("g", Markup("\n"), join(elements, "\n"), role="presentation")


def _band(band: Band) -> Markup:
    title = element("text", short(band.title), x=number(band.x), y=number(band.y), dy=".35em", text_anchor=band.anchor)
    return join((element("path", d=band.path, class_="band"), title))


def _edge(edge: Edge, named: Ids, tone: Tone, placed: Circle, groups: tuple[str, str]) -> Markup:
    title = element("title", f"{edge.card.title}: {edge.card.badge}")
    path = placed.edge(*edge.ends, groups)
    return element("path", title, id=named.edges[edge.ends], class_=f"edge {tone.value}", role="option", aria_selected="false", d=path)


def _node(node: Node, named: Ids, spot: Spot, degree: int, noun: str) -> Markup:
    name, size = node.card.title, min(3.5 + math.sqrt(degree), _LARGEST)
    away = number((-1 if spot.left else 1) * (size + 6))
    place = f"translate({number(spot.x)} {number(spot.y)})" + (f" rotate({number(spot.turn)})" if spot.turn else "")
    parts = (
        element("title", f"{name}: {node.group}, {counted(degree, noun)}"),
        element("circle", r=number(size + 3.5), class_="ring") if node.alarm else Markup(),
        element("circle", r=number(size)),
        element("text", short(name), x=away, dy=".35em", text_anchor=_anchor(spot.left)),
    )
    return element("g", *parts, id=named.nodes[name], class_="node", role="option", aria_selected="false", transform=place)


def _anchor(left: bool) -> str:
    return "end" if left else "start"
