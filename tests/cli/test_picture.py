"""`--html FILE` of `peering plan` and `peering audit`: what is in the page, and what it leaves as it is."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from generator.cli import picture
from generator.snapshot.model import Snapshot
from generator.snapshot.write import write
from tests.support import cli, peered
from tests.support.audited import between, blind, with_connection
from tests.unit.audit.company import FILES, SEEN, place, side
from tests.unit.report.test_html import HOSTILE, PLAIN, Skeleton

DAY = ("--date", "2026-11-24")
SEEN_ALL = with_connection(blind(SEEN, place("dev-web")), between(side("prod-ml"), side("dev-ml")))


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """The audit leaves the collector of cycles off, since the process ends there; this one goes on."""
    yield
    gc.enable()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The company, synced."""
    return cli.written(tmp_path / "zone", FILES)


def plan(root: Path, *options: str) -> tuple[cli.Outcome, str]:
    """What a plan says, and its page."""
    done = cli.run(root, "peering", "plan", *DAY, *options, "--html", "../plan.html")
    return done, (root.parent / "plan.html").read_text(encoding="utf-8")


def audit(root: Path, seen: Snapshot, *options: str) -> tuple[cli.Outcome, str]:
    """What an audit says, and its page."""
    (root.parent / "seen.json").write_bytes(write(seen))
    done = cli.run(root, "peering", "audit", "--snapshot", "../seen.json", *DAY, *options, "--html", "../audit.html")
    return done, (root.parent / "audit.html").read_text(encoding="utf-8")


def cards(page: str) -> dict[str, dict[str, Any]]:
    """The cards of a page by their titles."""
    return {card["title"]: card for card in json.loads(Skeleton(page).scripts[0])["cards"]}


def states(page: str) -> dict[str, int]:
    """The states that the legend names, with their numbers."""
    found = re.findall(r"</svg>([^<]*) \((\d+)\)</label>", page)
    return {unescape(title): int(number) for title, number in found}


def test_a_plan_and_its_picture(root: Path) -> None:
    """The picture is beside everything that the command says and does otherwise; nothing else is written."""
    before = cli.snapshot(root)
    done, page = plan(root)

    assert done == cli.run(root, "peering", "plan", *DAY) and cli.snapshot(root) == before
    assert states(page) == {"Kept as they are": 5} and done.out.strip().splitlines()[-1] in page


def test_what_is_said_of_networks_and_pairs(root: Path) -> None:
    """Tags, ranges, rule and explanation, as `explain` gives them."""
    found = cards(plan(root)[1])
    pair, network = found["prod-hub — prod-ml"], found["prod-ml"]
    words = cli.must(root, "peering", "explain", "prod-hub", "prod-ml", *DAY).out

    assert pair["lines"] == words.rstrip("\n") and pair["badge"] == "Kept as they are"
    rule = "vpn-reaches-its-environment (peering/policy.yaml:3): engineers reach the networks of one environment through its VPN"
    assert ["rule", rule] in pair["facts"]
    assert ["tag owner", "ml"] in network["facts"] and pair["id"] in network["links"] and network["id"] in pair["links"]


def test_the_same_page_twice(root: Path) -> None:
    """Byte for byte: it can be compared, or kept in git."""
    assert plan(root)[1] == plan(root)[1] and audit(root, SEEN_ALL)[1] == audit(root, SEEN_ALL)[1]


def test_a_change_stands_out(root: Path) -> None:
    """With `--base`, the pairs that the change disconnects are drawn as such among all others."""
    cli.commit(root)
    cli.replace(root / peered.POLICY_FILE, "  - id: same-owner\n    effect: allow", "  - id: same-owner\n    effect: deny")
    cli.git(root, "add", "--all")
    done, page = plan(root, "--base", "HEAD")

    assert states(page) == {"To disconnect": 1, "Kept as they are": 4} and "This change: 1 to disconnect." in done.out


@pytest.mark.parametrize("file", ["nowhere/plan.html", ".", "/dev/null"])
def test_a_place_that_is_none(root: Path, file: str) -> None:
    """Wrong usage, and said before anything is read: an audit may take an hour."""
    done = cli.run(root, "peering", "audit", "--live", "--html", file)

    assert done.status == 64 and "--html" in done.err and not done.out


def test_an_audit_and_its_picture(root: Path) -> None:
    """What is found raises the status as ever; every finding is listed and leads to its pair; what nobody saw is said."""
    done, page = audit(root, SEEN_ALL, "--format", "json")
    findings = json.loads(done.out)["data"]["findings"]
    found = cards(page)
    rogue = found["dev-ml — prod-ml"]

    assert done.status == 3 and len(findings) == page.count('data-of="f')
    assert states(page) == {"Rogue: live or asked for, and not allowed": 1, "Live, not wholly looked into": 1, "Live, as declared": 4}
    assert "AccessDenied" in page.partition("<footer>")[2] and "production-meets-only-production" in rogue["lines"]
    assert [link for link in rogue["links"] if link.startswith("f")] == ["f0"]


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_a_tag_stays_a_tag(tmp_path: Path, text: str) -> None:
    """The value of a tag, whatever it is, adds no element, no attribute and no script to the page."""
    plain, hostile = (_tagged(tmp_path / name, value) for name, value in (("plain", "harmless"), ("hostile", text)))

    assert hostile.seen == plain.seen and hostile.scripts[1:] == plain.scripts[1:] == PLAIN.scripts[1:]
    assert json.loads(hostile.scripts[0]) != json.loads(plain.scripts[0])


def _tagged(root: Path, value: str) -> Skeleton:
    """The page of a company one of whose accounts has a tag of this value."""
    accounts = [peered.Account("dev-ml", "ml", tags={"note": value.encode("utf-8", "replace").decode()}), peered.Account("dev-web", "web")]
    return Skeleton(plan(cli.written(root, peered.unsettled(accounts, peered.ALONE)))[1])


def test_more_pairs_than_a_browser_shows(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that matter most are drawn, and how many are not is said."""
    monkeypatch.setattr(picture, "MOST", 2)

    assert states(plan(root)[1]) == {"Kept as they are": 2} and "3 pairs of 5 left out" in plan(root)[1]
    assert "Rogue: live or asked for, and not allowed" in states(audit(root, SEEN_ALL)[1])
