"""`scaffold peering audit` of a snapshot: statuses, forms, baselines; a clean word only where everything was looked at."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from generator.audit.baseline import FILE
from generator.snapshot.model import Snapshot
from generator.snapshot.write import write
from tests.support import cli
from tests.support.audited import between, blind, with_connection
from tests.unit.audit.company import FILES, SEEN, place, side
from tests.unit.report.test_sarif import SCHEMA

DAY = ("--date", "2026-11-24")
ROGUE = with_connection(SEEN, between(side("prod-ml"), side("dev-ml")))
BLIND = blind(SEEN, place("dev-web"), cause="AccessDenied")
_WORDS = "id severity fingerprint subject connection sides rules evidence file line message remedy accepted"
KEYS = set(_WORDS.split(" "))
HOSTILE = 'x\x1b[2J](http://evil.example) | @everyone <img src=x> "'


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """The command leaves the collector of cycles off, since it ends there; this process goes on."""
    yield
    gc.enable()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The company, synced."""
    return cli.written(tmp_path / "zone", FILES)


def _audit(root: Path, seen: Snapshot, *options: str) -> cli.Outcome:
    (root.parent / "seen.json").write_bytes(write(seen))
    return cli.run(root, "peering", "audit", "--snapshot", "../seen.json", *DAY, *options)


def _data(root: Path, seen: Snapshot, *options: str) -> dict[str, Any]:
    done = _audit(root, seen, "--format", "json", *options)
    document: dict[str, Any] = json.loads(done.out)
    assert document["schema"] == "scaffold.peering.audit/1" and document["status"] == done.status and not done.err
    return document


def _moved(seen: Snapshot, organization: str) -> Snapshot:
    """The same accounts, in another organization."""
    return replace(seen, accounts={id: found._replace(path=f"{organization}/r-zz99/") for id, found in seen.accounts.items()})


@pytest.mark.parametrize("command", [("audit",), ("adopt", "--all")])
def test_a_snapshot_of_another_organization_is_refused(root: Path, command: tuple[str, ...]) -> None:
    """Every account of it would be a stranger's, and every peering of ours missing."""
    (root / "other.json").write_bytes(write(_moved(SEEN, "o-zzzzzzzzzz")))

    done = cli.run(root, "peering", *command, "--snapshot", "other.json", *DAY)
    assert (done.status, done.out) == (
        1,
        "",
    ) and "other.json: it shows the organization o-zzzzzzzzzz, and scaffold.yaml says o-a1b2c3d4e5" in done.err


def test_a_snapshot_that_does_not_say_its_organization_is_judged(root: Path) -> None:
    """AWS gives no path of an account to everybody."""
    assert _audit(root, replace(SEEN, accounts={id: found._replace(path="") for id, found in SEEN.accounts.items()})).status == 0


def test_a_clean_organization(root: Path) -> None:
    """The one case in which the word stands."""
    done = _audit(root, SEEN)

    assert done.status == 0 and not done.err and done.out.splitlines()[1].endswith(" Clean.")
    assert done.out.startswith("Snapshot of 2026-11-24T09:30:00Z: 8 accounts, 16 places looked into, 5 connections live, 5 declared.\n")


def test_many_gaps_of_one_kind_are_one_line(root: Path) -> None:
    """A denied region is denied to all accounts."""
    out = _audit(root, blind(SEEN, *(at for at in SEEN.places if at.region == "eu-west-1"), cause="denied by policy")).out

    assert "unread    8 accounts in eu-west-1: denied by policy\n" in out and "8 places not looked into" in out


def test_a_rogue(root: Path) -> None:
    """With place, fingerprint and the command that deletes it."""
    done = _audit(root, ROGUE)

    lines = done.out.splitlines()
    assert done.status == 2 and lines[0].startswith("critical  rogue-denied  aft-account-request/terraform/dev-ml.tf:1  [")
    assert "production-meets-only-production" in lines[1] and "delete-vpc-peering-connection" in lines[2]
    assert "1 critical, 0 high" in done.out and "Clean" not in done.out


def test_a_place_that_could_not_be_looked_into(root: Path) -> None:
    """Incomplete outranks whatever was found; the places are named."""
    done = _audit(root, BLIND)
    both = _audit(root, with_connection(BLIND, between(side("prod-ml"), side("dev-ml"))))

    assert done.status == both.status == 3 and "Clean" not in done.out
    assert f"unread    {place('dev-web')}: AccessDenied" in done.out and "unknown   dev-hub--dev-web: the routes of dev-web" in done.out
    assert "1 place could not be looked into" in done.err and "rogue-denied" in both.out


@pytest.mark.parametrize(("severity", "status"), [("critical", 2), ("high", 2), ("medium", 2), ("low", 2), ("info", 2)])
def test_fail_on_of_a_critical_finding(root: Path, severity: str, status: int) -> None:
    """It is above all of them."""
    assert _audit(root, ROGUE, "--fail-on", severity).status == status


def test_fail_on_above_what_was_found(root: Path) -> None:
    """Shown, and no failure; not clean either."""
    unkept = {path: content for path, content in FILES.items() if not path.startswith("peering/prod-hub--prod-pay/")}
    other = cli.written(root.parent / "other", unkept)

    assert _audit(other, SEEN, "--fail-on", "high").status == 0 and _audit(other, SEEN).status == 2
    assert "Clean" not in _audit(other, SEEN, "--fail-on", "high").out


def test_findings_as_data(root: Path) -> None:
    """Everything a program needs to ask further."""
    (found,) = _data(root, ROGUE)["data"]["findings"]

    assert found.keys() == KEYS
    assert [each["network"] for each in found["sides"]] == ["prod-ml", "dev-ml"] and found["accepted"] is None
    gap = {"account": place("dev-web").account, "region": "us-east-1", "part": "all", "cause": "AccessDenied", "accepted": None}
    assert _data(root, BLIND)["data"]["gaps"] == [gap]


def test_sarif(root: Path) -> None:
    """By the standard's schema; a run that could not look everywhere is no success."""
    for seen, results, success in ((SEEN, 0, True), (ROGUE, 1, True), (BLIND, 0, False)):
        document = json.loads(_audit(root, seen, "--format", "sarif").out)
        jsonschema.validate(document, SCHEMA)
        (run,) = document["runs"]
        assert len(run["results"]) == results and run["invocations"][0]["executionSuccessful"] is success


def test_markdown(root: Path) -> None:
    """A table of findings, and one of gaps."""
    out = _audit(root, with_connection(BLIND, between(side("prod-ml"), side("dev-ml"))), "--format", "markdown").out

    assert out.startswith("## Peering audit\n\n") and "| critical | <code>rogue-denied</code> |" in out and "### Not looked into" in out


@pytest.mark.parametrize("form", ["text", "markdown", "sarif"])
def test_what_aws_says_is_hostile(root: Path, form: str) -> None:
    """A tag, a status or an id speaks neither to the terminal nor to GitHub."""
    wrong = between(side("prod-ml"), side("dev-ml"))._replace(status=HOSTILE, tags={"peering": HOSTILE})
    out = _audit(root, with_connection(SEEN, wrong), "--format", form).out

    assert "\x1b" not in out and (form != "markdown" or ("<img" not in out and "](http" not in out and " @everyone" not in out))


def _accept(root: Path, *entries: str) -> None:
    (root / FILE).write_text("version: 1\n" + "".join(entries))


def test_a_baseline(root: Path) -> None:
    """It is taken from its place, or by name; what it accepts is said, and the rest is clean."""
    (found,) = _data(root, ROGUE)["data"]["findings"]
    _accept(root, f'findings:\n  - {{fingerprint: "{found["fingerprint"]}", id: rogue-denied, reason: CHG-7, expires: 2026-12-31}}\n')

    done = _audit(root, ROGUE)
    assert done.status == 0 and f"1 accepted by {FILE}. Clean, but for what is accepted." in done.out
    assert _data(root, ROGUE)["data"]["findings"][0]["accepted"] == {"reason": "CHG-7", "expires": "2026-12-31"}
    (root / FILE).rename(root / "other.yaml")
    assert _audit(root, ROGUE).status == 2 and _audit(root, ROGUE, "--baseline", "other.yaml").status == 0


def test_an_accepted_gap(root: Path) -> None:
    """Listed, and no 3."""
    _accept(root, f'gaps:\n  - {{account: "{place("dev-web").account}", reason: being moved, expires: 2026-12-31}}\n')
    done = _audit(root, BLIND)

    assert done.status == 0 and "accepted  account" in done.out and not done.err


def test_a_baseline_that_cannot_be_read_stops_the_audit(root: Path) -> None:
    """All that is wrong with it at once."""
    _accept(root, "gaps:\n  - {reason: all}\n", "findigs: []\n")
    done = _audit(root, ROGUE)

    assert done.status == 1 and not done.out and 'did you mean "findings"' in done.err and "accepts every gap" in done.err


def test_a_request_that_cannot_be_read(root: Path) -> None:
    """What is not known is not clean."""
    (root / "aft-account-request/terraform/broken.tf").write_text('module "x" {\n')
    done = _audit(root, SEEN)

    assert done.status == 3 and "Clean" not in done.out and "broken.tf" in done.err


def test_a_change_that_was_merged_just_now(root: Path) -> None:
    """Against a ref before it, live tags are drift that decides nothing yet."""
    cli.commit(root)
    cli.must(root, "account", "dev-web", "--tag", "tier=vpn")

    assert "critical  tag-drift-decision" in _audit(root, SEEN).out
    assert "medium    tag-drift-decision" in _audit(root, SEEN, "--settling", "HEAD").out


def test_what_a_finding_means(root: Path) -> None:
    """Without a snapshot; a wrong word gets the nearest."""
    done = cli.must(root, "peering", "audit", "--explain", "one-sided-routes")
    wrong = cli.run(root, "peering", "audit", "--explain", "one-sided-route")

    assert done.out.startswith("one-sided-routes (high): ") and "What to do: " in done.out
    assert wrong.status == 1 and 'did you mean "one-sided-routes"?' in wrong.err


@pytest.mark.parametrize("options", [(), ("--live", "--snapshot", "../seen.json"), ("--snapshot", "../seen.json", "--save", "x.json")])
def test_what_is_judged_must_be_said(root: Path, options: tuple[str, ...]) -> None:
    """Either a snapshot or AWS."""
    (root.parent / "seen.json").write_bytes(write(SEEN))

    assert cli.run(root, "peering", "audit", *options).status == 64


def test_a_snapshot_that_cannot_be_read(root: Path) -> None:
    """By its place in it."""
    (root.parent / "seen.json").write_text('{"version": 1, "taken": "2026-11-24T09:30:00Z", "accounts": [], "places": []}')
    done = cli.run(root, "peering", "audit", "--snapshot", "../seen.json", *DAY)

    assert done.status == 1 and "gaps is missing" in done.err


def test_nothing_is_written(root: Path) -> None:
    """The audit reads."""
    before = cli.snapshot(root)
    _audit(root, ROGUE)

    assert cli.snapshot(root) == before
