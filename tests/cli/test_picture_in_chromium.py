"""The pages in a real browser: they load without a word, a click and a key show the explanation, the filter filters, and it is quick."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.cli import picture
from generator.report.html import page as page_of
from generator.report.text import printable
from tests.support import browser, cli, pictures
from tests.support.browser import Browser
from tests.unit.report.test_html import HOSTILE, graph

pytestmark = pytest.mark.skipif(bool(browser.absent()), reason=browser.absent())
ACME = cli.REPOSITORY / "examples/acme"
DAY = ("--date", "2026-11-28")
SHOWN = "return document.getElementById('shown').textContent"
PANEL = "return document.getElementById('card').innerText"
ROWS = "return [...document.querySelectorAll('#edges tbody tr:not([hidden]) button')].map((each) => each.textContent)"
FIND = "const find = document.getElementById('find'); find.value = arguments[0]; find.dispatchEvent(new Event('input', {bubbles: true}))"
PAPER = "return getComputedStyle(document.body).backgroundColor"
POINT = """
const path = document.getElementById(arguments[0]), middle = path.getPointAtLength(path.getTotalLength() * arguments[1]);
const at = new DOMPoint(middle.x, middle.y).matrixTransform(path.getScreenCTM());
return [at.x, at.y]
"""
CHOSEN = """
const id = document.getElementById('map').getAttribute('aria-activedescendant');
return document.getElementById(id).querySelector('title').textContent
"""
UNNAMED = """
const named = (each) => each.textContent.trim() || each.labels?.length || each.getAttribute('aria-label');
return [...document.querySelectorAll('button, input, select, [role=option], [role=listbox]')].filter((each) => !named(each)).length
"""
GROUP = """
const group = document.getElementById('group');
group.value = [...group.options].find((each) => each.text === arguments[0]).value;
group.dispatchEvent(new Event('input', {bubbles: true}))
"""
LABELS = """
const boxes = [...document.querySelectorAll('#map text')].map((each) => each.getBoundingClientRect());
return boxes.map((box) => [box.left, box.top, box.right, box.bottom])
"""


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """One browser for all."""
    with browser.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example landing zone's plan, its audit with rogues in it, and a plan of 500 networks."""
    folder = tmp_path_factory.mktemp("pages")
    cli.run(ACME, "peering", "plan", *DAY, "--html", str(folder / "plan.html"))
    cli.run(ACME, "peering", "audit", "--snapshot", "snapshots/rogue.json", *DAY, "--html", str(folder / "audit.html"))
    gc.enable()
    zone = pictures.many(500)
    picture.write(folder / "many.html", picture.planned(zone, ["500 networks"]))
    return folder


def opened(window: Browser, pages: Path, name: str) -> Browser:
    """The page, and nothing said by the browser."""
    window.prefer("light")
    window.open((pages / f"{name}.html").as_uri())
    assert window.messages() == []
    return window


@pytest.mark.parametrize("name", ["plan", "audit", "many"])
def test_it_loads_without_a_word(window: Browser, pages: Path, name: str) -> None:
    """No error, no message, nothing that the policy of the page had to refuse, and no request to anywhere."""
    page = opened(window, pages, name)

    assert "of " in page.run(SHOWN) and page.run("return performance.getEntriesByType('resource').length") == 0


def test_a_click_on_a_line_shows_the_explanation(window: Browser, pages: Path) -> None:
    """A line is thin; three pixels beside it will do."""
    page = opened(window, pages, "plan")
    line = page.run("return [...document.querySelectorAll('#map path.edge')].find((each) => each.textContent.startsWith('dev-ml')).id")
    x, y = page.run(POINT, line, 0.5)
    page.click(x, y + 3)

    assert page.run(PANEL).startswith(
        "dev-ml — dev-vpn\n"
    ) and "by        vpn-reaches-its-environment   peering/policy.yaml:10" in page.run(PANEL)
    page.click(x + 200, 400)  # nothing is there
    assert page.run(PANEL).startswith("Nothing is selected")


def test_a_click_on_a_name_shows_tags_and_ranges(window: Browser, pages: Path) -> None:
    """And the pairs of the network, each a button that leads on."""
    page = opened(window, pages, "plan")
    box = page.run(
        "return [...document.querySelectorAll('.node')].find((each) => each.textContent.includes('prod-pay:')).getBoundingClientRect()"
    )
    page.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    facts = page.run("return [...document.querySelectorAll('#card dt')].map((each) => [each.textContent, each.nextSibling.textContent])")
    assert page.run(PANEL).startswith("prod-pay\n") and ["tag pci", "connected"] in facts and ["region", "us-east-1"] in facts
    assert [text for word, text in facts if word == "ranges"] == ["10.8.64.0/20"]
    page.run("[...document.querySelectorAll('#card li button')].find((each) => each.textContent === 'prod-ledger — prod-pay').click()")
    assert page.run(PANEL).startswith("prod-ledger — prod-pay\n") and "a-domain-meets-itself" in page.run(PANEL)
    assert page.run("return document.activeElement.id") == "title"


def test_the_keyboard_does_all_that(window: Browser, pages: Path) -> None:
    """The map is one stop of the Tab key; arrows walk, Enter crosses a pair, Escape lets go; the map says what is chosen."""
    page = opened(window, pages, "plan")
    page.run("document.querySelector('#states input:last-of-type').focus(); document.getElementById('map').focus()")

    page.type("Right", "Right")
    assert page.run(CHOSEN) == "dev-pay: dev, 2 pairs" and page.run(PANEL).startswith("dev-pay\n")
    page.type("Down")
    assert page.run(CHOSEN) == "dev-pay — dev-vpn: Kept as they are" and "ALLOW" in page.run(PANEL)
    page.type("Enter")
    assert page.run(PANEL).startswith("dev-vpn\n")
    assert page.run("return document.getElementById('said').textContent").startswith("dev-vpn; dev;")
    page.type("Escape")
    assert page.run(PANEL).startswith("Nothing is selected")


def test_every_stop_of_the_tab_key_has_a_name(window: Browser, pages: Path) -> None:
    """Links that skip come first, then the theme, the filters, the map, its buttons, and the lists."""
    page = opened(window, pages, "audit")
    stops = []
    for _ in range(20):
        page.type("Tab")
        stops.append(
            page.run("const at = document.activeElement; return at.id || at.getAttribute('href') || at.dataset.state || at.textContent")
        )

    assert stops[:7] == ["#map", "#findings", "#nodes", "#edges", "theme", "find", "group"] and stops[15] == "map"
    assert page.run(UNNAMED) == 0


def test_the_filter_filters(window: Browser, pages: Path) -> None:
    """By words, by environment and by state, on the map and in the tables alike."""
    page = opened(window, pages, "plan")
    assert page.run(SHOWN) == "17 of 17 networks, 29 of 29 pairs"

    page.run(FIND, "prod-erp LEDGER")
    assert page.run(ROWS) == ["prod-erp — prod-ledger"] and page.run(SHOWN) == "2 of 17 networks, 1 of 29 pairs"
    assert page.run("return document.querySelectorAll('#map path.edge:not(.off)').length") == 1
    page.run(FIND, "")
    page.run(GROUP, "dev")
    assert page.run(SHOWN) == "5 of 17 networks, 5 of 29 pairs" and all("dev-" in each for each in page.run(ROWS))
    page.run("document.querySelectorAll('#states input').forEach((each) => each.click())")
    assert page.run(ROWS) == []


def test_a_finding_leads_to_the_map(window: Browser, pages: Path) -> None:
    """Findings are listed until something is chosen; one marks its pair and both networks, and the pair leads back to it."""
    page = opened(window, pages, "audit")
    first = page.run("return document.querySelector('#card li').innerText")
    page.run("document.querySelector('#card li button').click()")

    assert first.startswith("critical") and "rogue-denied" in page.run(PANEL) and "delete-vpc-peering-connection" in page.run(PANEL)
    marked = page.run("return [...document.querySelectorAll('#map .near')].map((each) => each.querySelector('title').textContent)")
    assert sorted(marked)[0].startswith("dev-pay — prod-ml: Rogue") and len(marked) == 3
    page.run("[...document.querySelectorAll('#card li button')].find((each) => each.textContent === 'dev-pay — prod-ml').click()")
    assert "connection\npcx-0bad0000000000001 is active" in page.run(PANEL)
    assert page.run("return [...document.querySelectorAll('#card h3')].map((each) => each.textContent)") == ["Findings (1)", "networks (2)"]


def test_what_means_harm_is_read_as_text(window: Browser, tmp_path: Path) -> None:
    """By the parser of a browser too: nothing runs, no element comes of it, and the card shows it."""
    text, file = "".join(HOSTILE), tmp_path / "page.html"
    file.write_text(page_of(graph(text, group=text)), encoding="utf-8")
    window.open(file.as_uri())
    window.run("document.querySelector('tr[data-of=e0] button').click()")

    assert window.messages() == [] and window.run("return document.querySelectorAll('img, b').length + document.scripts.length") == 2
    assert window.run("return document.getElementById('title').textContent") == printable(text)


def test_the_policy_is_in_force(window: Browser, pages: Path) -> None:
    """Even a script of the page could neither make markup of a string nor send anything."""
    page = opened(window, pages, "plan")

    assert page.run("try { document.body.innerHTML = '<b>x</b>'; return ''; } catch (error) { return error.name; }") == "TypeError"
    assert page.run("return fetch('http://127.0.0.1:9/').then(() => '', (error) => error.name)") == "TypeError"
    assert all("Content Security Policy" in each or "TrustedHTML" in each for each in page.messages())


def test_light_and_dark(window: Browser, pages: Path) -> None:
    """As the user prefers, until the button says otherwise."""
    page = opened(window, pages, "audit")
    light, pressed = page.run(PAPER), "return document.getElementById('theme').getAttribute('aria-pressed')"
    page.prefer("dark")
    dark = page.run(PAPER)

    assert light != dark and page.run(pressed) == "true"
    page.run("document.getElementById('theme').click()")
    assert page.run(PAPER) == light and page.run(pressed) == "false"


def test_no_name_covers_another(window: Browser, pages: Path) -> None:
    """As the browser draws them, with its fonts."""
    for name in ("plan", "audit"):
        boxes = opened(window, pages, name).run(LABELS)
        clashes = [
            (a, b)
            for place, a in enumerate(boxes)
            for b in boxes[place + 1 :]
            if a[0] < b[2] and b[0] < a[2] and a[1] + 1 < b[3] and b[1] + 1 < a[3]
        ]
        frame = window.run("const box = document.getElementById('frame').getBoundingClientRect(); return [box.left, box.right]")
        assert not clashes and all(frame[0] <= box[0] and box[2] <= frame[1] for box in boxes)


def test_five_hundred_networks(window: Browser, pages: Path) -> None:
    """Two thousand pairs load in two seconds, and the filter answers at once; a table unfolds, and a zoomed map shows what is chosen."""
    page = opened(window, pages, "many")
    loaded = page.busy()
    page.run(f"{FIND}; document.body.offsetHeight", "app123")

    assert page.run("return document.querySelectorAll('#map path.edge').length") > 2000
    assert 0.01 < loaded < 2 and page.busy() - loaded < 0.5
    assert "prod-app123 — prod-hub" in page.run(ROWS) and len(page.run(ROWS)) < 10
    page.run(FIND, "")
    page.run("for (let step = 0; step < 6; step++) document.getElementById('zoom-in').click()")
    page.run("document.querySelector('#nodes details').open = true; document.querySelector('tr[data-of=n330] button').click()")
    inside: Any = page.run(
        "const [a, b] = ['n330', 'frame'].map((id) => document.getElementById(id).getBoundingClientRect());"
        "return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom"
    )
    assert inside and page.messages() == []
