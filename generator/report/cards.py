"""The cards of a graph as data: what the script of the page shows, finds and links, by the ids that the elements of the page have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.report.graph import Card, Finding, Graph
from generator.report.text import printable


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of nodes by name and of edges by both names, in the order of the graph: `n0`, `e0`."""

    nodes: Mapping[str, str]
    edges: Mapping[tuple[str, str], str]

    def of(self, finding: Finding) -> list[str]:
        """What a finding is about."""
        return [*(self.edges[ends] for ends in finding.edges), *(self.nodes[name] for name in finding.nodes)]


def ids(graph: Graph) -> Ids:
    """The ids of a graph's nodes and edges."""
    nodes = {node.card.title: f"n{place}" for place, node in enumerate(graph.nodes)}
    return Ids(nodes, {edge.ends: f"e{place}" for place, edge in enumerate(graph.edges)})


def cards(graph: Graph) -> Iterator[dict[str, Any]]:
    """A card for each node, edge and finding (`f0`): with its groups and state, by their place in the graph, and what it leads to."""
    named = ids(graph)
    links = _links(graph, named)
    groups = {node.card.title: graph.groups.index(node.group) for node in graph.nodes}
    states = {title: place for place, (title, _) in enumerate(graph.states)}
    for node in graph.nodes:
        yield _plain(node.card, named.nodes[node.card.title], links, [groups[node.card.title]])
    for edge in graph.edges:
        both = sorted({groups[name] for name in edge.ends})
        yield {**_plain(edge.card, named.edges[edge.ends], links, both), "state": states[edge.card.badge]}
    for place, finding in enumerate(graph.findings):
        names = {*finding.nodes, *(name for ends in finding.edges for name in ends)}
        yield _plain(finding.card, f"f{place}", links, sorted({groups[name] for name in names}))


def _links(graph: Graph, named: Ids) -> Mapping[str, list[str]]:
    """From an edge to its nodes, from a node to its edges, from a finding to what it is about, and from there to the finding."""
    about = {f"f{place}": named.of(finding) for place, finding in enumerate(graph.findings)}
    links: dict[str, list[str]] = {id: [] for id in (*named.nodes.values(), *named.edges.values())}
    for ends, id in named.edges.items():
        links[id] += [named.nodes[name] for name in ends]
        for name in ends:
            links[named.nodes[name]].append(id)
    for finding, listed in about.items():
        for id in listed:
            links[id].append(finding)
    return {**links, **about}


def _plain(card: Card, id: str, links: Mapping[str, list[str]], groups: list[int]) -> dict[str, Any]:
    facts = [[word, printable(text)] for word, text in card.facts if text]
    lines = "\n".join(map(printable, card.lines))
    title, badge = printable(card.title), printable(card.badge)
    return {"id": id, "title": title, "badge": badge, "facts": facts, "lines": lines, "links": links[id], "groups": groups}
