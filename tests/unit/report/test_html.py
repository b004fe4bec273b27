"""The page of a graph: no text gets out of its place, nothing is loaded, the same graph gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.report.graph import Card, Edge, Finding, Graph, Node, Tone, Words
from generator.report.html import page
from generator.report.markup import data, element, escape
from generator.report.text import printable

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!--<script>",
    "]]>&lt;b&gt;&amp;",
    "\u2028\u2029\u202e\ufeff\x00\x1b[2J\ud800",
    "{{constructor.constructor('x')()}} ${x} `x`",
)
STYLE = resources.files("generator.report").joinpath("page.css").read_text(encoding="utf-8")


def graph(text: str = "x", group: str = "prod") -> Graph:
    """Two nodes, an edge in each tone, a finding; a text wherever one can stand."""
    facts = ((f"{text} word", text), ("account", text))
    names = [f"{text}{place}" for place in range(len(Tone) + 1)]
    nodes = [Node(Card(name, text, facts, (text, text)), group, alarm=True) for name in names]
    states = [(f"{text} {tone.value}", tone) for tone in Tone]
    edges = [Edge(Card(text, title, facts), (names[0], name)) for name, (title, _) in zip(names[1:], states, strict=True)]
    findings = [Finding(Card(text, text, facts), [names[0]], [edges[0].ends])]
    words = Words("network", "pair", "environment", ("account",), ("account",), ("account",))
    return Graph(text, words, [text], [group], states, nodes, edges, findings, [text])


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and the text of its scripts."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, ...]] = []
        self.scripts: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, *(name for name, _ in attributes)))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append((f"/{tag}",))

    def handle_comment(self, found: str) -> None:
        self.seen.append(("comment", found))

    def handle_data(self, found: str) -> None:
        if self.cdata_elem == "script":
            self.scripts.append(found)


PLAIN = Skeleton(page(graph()))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40))
@example(HOSTILE[0])
@example(HOSTILE[1])
@example(HOSTILE[2])
@example(HOSTILE[3])
@example(HOSTILE[4])
@example(HOSTILE[5])
@example(HOSTILE[6])
def test_a_text_stays_a_text(text: str) -> None:
    """Whatever it is, the page has the elements and attributes that it has with a plain one, and the same script."""
    source = page(graph(text, group=text))
    found = Skeleton(source)

    assert found.seen == PLAIN.seen and found.scripts[1:] == PLAIN.scripts[1:]
    assert printable(text) in set(_strings(json.loads(found.scripts[0])))
    source.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_the_data_is_ascii_without_markup(text: str) -> None:
    """Neither HTML nor a script can take it for anything else, and it says what it said."""
    block = data({"text": text})

    assert block.isascii() and not set("<>&") & set(block) and json.loads(block) == {"text": text}


def test_markup_is_taken_as_it_is_and_text_is_not() -> None:
    """Once, not twice; what is not printable is spelled out, also within quotes."""
    inner = element("b", "<i>")

    assert element("p", inner, title='"\u202e', hidden=True, open=False) == '<p title="&quot;\\u202e" hidden><b>&lt;i&gt;</b></p>'
    assert escape(inner) is inner


def test_the_policy_names_what_is_there() -> None:
    """Style and script by their hashes; nothing else runs, loads, or is sent anywhere."""
    source = page(graph())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', source)
    (style,) = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    script = PLAIN.scripts[1]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))

    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    nothing = ("default-src", "base-uri", "form-action", "trusted-types")
    hashes = {"style-src": hashed(style), "script-src": hashed(script)}
    assert rules == {**dict.fromkeys(nothing, "'none'"), **hashes, "require-trusted-types-for": "'script'"}
    assert source.index("Content-Security-Policy") < source.index("<style>") and len(PLAIN.scripts) == 2


def test_nothing_is_loaded() -> None:
    """No element names an address, but for those that lead to another part of the page; the style and the script fetch nothing."""
    source = page(graph())

    assert not [found for found in re.findall(r'\b(?:src|href|action|srcset|data)="([^"]*)"', source) if not found.startswith("#")]
    assert not re.search(
        r"url\(|@import|fetch\(|XMLHttpRequest|WebSocket|innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b", source
    )
    assert not any({"style", "onclick", "onload", "onerror"} & set(tag[1:]) for tag in PLAIN.seen)


def test_the_same_graph_gives_the_same_bytes() -> None:
    """No clock, no chance, no order of a set."""
    assert page(graph()) == page(graph())


def test_every_tone_is_told_apart_without_colour() -> None:
    """By its dashes or its width, both of which the legend shows; and by its colour."""
    rules = {tone: re.findall(rf"\.edge\.{tone.value} {{ (.*?) }}", STYLE) for tone in Tone if tone is not Tone.PLAIN}
    looks = {tone: tuple(re.findall(r"(?:--width|stroke-dasharray): [^;]*", *found)) for tone, found in rules.items()}

    assert len(set(looks.values())) == len(Tone) - 1 and all(looks.values())
    assert {f"edge {tone.value}" for tone in Tone} <= set(re.findall(r'class="(edge \w+)"', page(graph())))


def test_the_legend_counts_the_states_that_are_there() -> None:
    """One filter for each of them, with its number; a state without an edge has none."""
    few = graph()
    source = page(replace(few, edges=few.edges[:2]))

    assert re.findall(r'data-state="(\d+)"', source) == ["0", "1"] and source.count(" (1)</label>") == 2


def test_everything_on_the_map_is_in_a_table_too() -> None:
    """A row with a button for each node, edge and finding; a map is not for everybody."""
    full = graph()
    source = page(full)

    shapes = set(re.findall(r'<(?:g|path)[^>]* id="([ne]\d+)"', source))
    rows = set(re.findall(r'<tr data-of="(\w+)"', source))
    assert len(shapes) == len(full.nodes) + len(full.edges) and rows == shapes | {"f0"}


def test_many_rows_are_folded_at_first() -> None:
    """To lay out thousands of rows takes longer than everything else; two hundred do not."""
    few = graph()
    many = replace(few, nodes=[Node(Card(f"n{place}", "x"), "prod") for place in range(201)], edges=[], findings=[])

    assert "<details open>" in page(few) and "<details open>" not in page(many).partition('id="nodes"')[2].partition('id="edges"')[0]


def test_a_graph_of_nothing() -> None:
    """An organization without networks has a page, too."""
    assert "0 0" not in page(replace(graph(), groups=[], nodes=[], edges=[], findings=[])).partition("viewBox=")[2][:40]
