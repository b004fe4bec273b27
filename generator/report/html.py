"""A graph as one HTML page that needs nothing else: a map, tables of the same, and a card for each thing. Knows no domain.

Any text may come from somebody who means harm. It reaches the page in two ways: as text or attribute (`markup.escape`), and in a block
of JSON (`markup.data`) that the script writes as text. The policy of the page admits its own style and script by their hashes, nothing
from or to a network, and no markup out of a string. The same graph gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources

from generator.report.cards import Ids, cards, ids
from generator.report.graph import Card, Graph
from generator.report.markup import Markup, data, element, join
from generator.report.svg import drawing, ring, sample

_HINT = (
    "Click a {node} or a line, or move with the keyboard: left and right arrow for the {node}s, down and up for the {edge}s of one, "
    "Enter for the other end, Escape to let go; + and - zoom."
)
_UNFOLDED = 200
"""Longer tables are folded at first: to lay them out takes longer than everything else."""


def page(graph: Graph) -> str:
    """The document."""
    style, script = (resources.files(__package__).joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    head = join(
        (
            Markup('<meta charset="utf-8">'),
            _meta("Content-Security-Policy", _policy(style, script)),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            element("title", graph.title),
            element("style", Markup(style)),
        ),
        "\n",
    )
    content = {"cards": list(cards(graph)), "nouns": [graph.words.node, graph.words.edge]}
    block = element("script", data(content), id="data", type="application/json")
    body = element("body", join((*_body(graph), block, element("script", Markup(script))), "\n"))
    return f"<!doctype html>\n{element('html', element('head', head), Markup(chr(10)), body, lang='en')}\n"


def _meta(name: str, content: str) -> Markup:
    return Markup(f'<meta http-equiv="{name}" content="{content}">')


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded and nothing sent; what runs is known by its hash."""
    styled, scripted = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script))
    allowed = f"default-src 'none'; style-src 'sha256-{styled}'; script-src 'sha256-{scripted}'"
    return f"{allowed}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"


def _body(graph: Graph) -> Iterator[Markup]:
    named = ids(graph)
    yield _skips(graph)
    yield element(
        "header",
        element("h1", graph.title),
        element("button", "Dark", type="button", id="theme", aria_pressed="false"),
        *(element("p", line) for line in graph.summary),
    )
    yield _filters(graph)
    hint = _HINT.format(node=graph.words.node, edge=graph.words.edge)
    yield element("main", element("div", _map(graph, named, hint), _panel(hint), class_="stage"), *_tables(graph, named))
    if graph.notes:
        yield element("footer", *(element("p", line) for line in graph.notes))


def _skips(graph: Graph) -> Markup:
    places = [("map", "map"), ("findings", "findings"), ("nodes", f"{graph.words.node}s"), ("edges", f"{graph.words.edge}s")]
    shown = [(id, word) for id, word in places if id != "findings" or graph.findings]
    return element("nav", *(element("a", f"Skip to the {word}", href=f"#{id}") for id, word in shown), class_="skips", aria_label="Skip")


def _filters(graph: Graph) -> Markup:
    """The legend is the filter by state."""
    used = {edge.card.badge for edge in graph.edges}
    numbers = {title: sum(edge.card.badge == title for edge in graph.edges) for title in used}
    states = [
        element(
            "label",
            Markup(f'<input type="checkbox" checked data-state="{place}">'),
            sample(tone),
            f"{title} ({numbers[title]})",
        )
        for place, (title, tone) in enumerate(graph.states)
        if title in used
    ]
    if any(node.alarm for node in graph.nodes):
        states.append(element("label", ring(), f"{graph.words.node} with open findings"))
    groups = [element("option", "all", value="")]
    groups += [element("option", group, value=str(place)) for place, group in enumerate(graph.groups)]
    return element(
        "form",
        element("label", "Find ", Markup('<input type="search" id="find" autocomplete="off" spellcheck="false">')),
        element("label", f"{graph.words.group.capitalize()} ", element("select", *groups, id="group")),
        element("output", id="shown", role="status", for_="find group"),
        element("fieldset", element("legend", "Lines"), *states, id="states"),
        id="filters",
        role="search",
    )


def _map(graph: Graph, named: Ids, hint: str) -> Markup:
    zooms = (("out", "−", "Zoom out"), ("in", "+", "Zoom in"), ("fit", "Fit", "Fit the map into its frame"))
    buttons = [element("button", sign, type="button", id=f"zoom-{id}", aria_label=word) for id, sign, word in zooms]
    frame = element("div", drawing(graph, named, "hint"), id="frame")
    help = element("p", hint, id="hint", class_="said")
    return element("section", frame, help, element("div", *buttons, class_="zoom"), class_="map", aria_label="Map")


def _panel(hint: str) -> Markup:
    return element(
        "aside",
        element("div", element("h2", "Nothing is selected", tabindex="-1", id="title"), element("p", hint), id="card"),
        element("output", id="said", class_="said", role="status"),
        aria_label="What is selected",
    )


def _tables(graph: Graph, named: Ids) -> Iterator[Markup]:
    if graph.findings:
        rows = [_row(f"f{place}", each.card, [each.card.badge], graph.words.of_finding) for place, each in enumerate(graph.findings)]
        yield _table("findings", "Findings", ("what", "severity", *graph.words.of_finding), rows)
    words = graph.words
    rows = [_row(named.nodes[each.card.title], each.card, [each.group], words.of_node) for each in graph.nodes]
    yield _table("nodes", f"{words.node.capitalize()}s", (words.node, words.group, *words.of_node), rows)
    rows = [_row(named.edges[each.ends], each.card, [each.card.badge], words.of_edge) for each in graph.edges]
    yield _table("edges", f"{words.edge.capitalize()}s", (words.edge, "state", *words.of_edge), rows)


def _row(id: str, card: Card, cells: Iterable[str], columns: Sequence[str]) -> Markup:
    facts = dict(card.facts)
    button = element("button", card.title, type="button")
    shown = [element("td", cell) for cell in (*cells, *(facts.get(column, "") for column in columns))]
    return element("tr", element("th", button, scope="row"), *shown, data_of=id)


def _table(id: str, title: str, head: Sequence[str], rows: Sequence[Markup]) -> Markup:
    cells = element("tr", *(element("th", word, scope="col") for word in head))
    table = element("table", element("thead", cells), element("tbody", join(rows, "\n")), aria_labelledby=f"{id}-title")
    heading = element("summary", element("h2", f"{title} ({len(rows)})", id=f"{id}-title"))
    folded = element("details", heading, element("div", table, class_="wide"), open=len(rows) <= _UNFOLDED)
    return element("section", folded, id=id, tabindex="-1")
