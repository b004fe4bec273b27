"""The example landing zone: the commands below make `examples/acme`, and it is committed byte for byte.

People's records are its inputs; everything else there, the plan included, is output. So a change of one emitted byte,
one decision or one sentence of an explanation shows in the review of the change that makes it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator import inventory
from generator.audit.baseline import FILE as BASELINE
from generator.cli import workspace
from generator.landing_zone.load import load
from generator.landing_zone.members import members
from generator.peering import lint
from generator.peering.model import Member
from generator.problems import Severity
from generator.snapshot.write import write
from tests.support import acme, cli

ACME = cli.REPOSITORY / "examples/acme"
EXPLAIN = Path(__file__).parent / "explain"
DAY = ("--date", "2026-11-24")
POLICY = "peering/policy.yaml"
PLAN = "plan.md"
CHANGE = "change.md"
AUDITS = {"clean": 0, "rogue": 3}
"""The snapshots that it carries, and the status of an audit of each."""
METADATA = "vpn/okta.xml"
RECORDS = ("README.md", "scaffold.yaml", POLICY, "inventory.json", "accounts.yaml", BASELINE, METADATA)
ROGUE = {
    "rogue-denied", "pending-from-unknown", "route-missing-requester", "route-too-wide", "tag-drift-decision", "tag-value-differs",
}  # fmt: skip
MOST_FILES = 425
"""They are a part of the package."""
HUB, PAYMENTS, WEB, ML = (
    ("--owner", owner, "--tag", f"domain={domain}")
    for owner, domain in (("platform", "platform"), ("payments", "payments"), ("web", "storefront"), ("ml-platform", "ml"))
)
ACCOUNTS = (
    ("prod-vpn", *HUB, "--tag", "tier=vpn", "--tag", "pci=connected", "--with", "vpn"),
    ("staging-vpn", *HUB, "--tag", "tier=vpn", "--with", "vpn"),
    ("dev-vpn", *HUB, "--tag", "tier=vpn", "--with", "vpn"),
    ("shared-vpn", *HUB, "--tag", "tier=vpn", "--with", "vpn"),
    ("shared-tools", *HUB, "--tag", "tier=shared", "--tag", "pci=out"),
    ("prod-pay", *PAYMENTS, "--tag", "pci=connected"),
    ("prod-ledger", *PAYMENTS, "--tag", "tier=data", "--tag", "pci=cde"),
    ("staging-pay", *PAYMENTS),
    ("dev-pay", *PAYMENTS),
    ("prod-shop", *WEB, "--network", "eu-west-1", "--with", "rds:orders"),
    ("staging-shop", *WEB),
    ("dev-shop", *WEB, "--with", "rds:orders"),
    ("prod-ml", *ML, "--tag", "pci=out"),
    ("staging-ml", *ML),
    ("dev-ml", *ML, "--region", "eu-west-1"),
)
EXPLAINED = {
    "allowed": ("prod-vpn", "prod-pay"),
    "denied": ("prod-ledger", "shared-tools"),
    "no-rule": ("prod-ml", "prod-pay"),
    "infeasible": ("prod-erp", "prod-vpn"),
    "undetermined": ("prod-erp", "prod-ledger"),
    "excepted": ("prod-pay", "staging-pay"),
    "proposed": ("prod-ml", "prod-shop"),
    "waiting": ("shared-tools", "staging-ml"),
}


def _copy(root: Path, *records: str) -> None:
    for record in records:
        (root / record).parent.mkdir(exist_ok=True)
        (root / record).write_bytes((ACME / record).read_bytes())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story of the example: conventions, accounts, what AWS has, and last the accounts that somebody made by hand."""
    root = tmp_path_factory.mktemp("acme")
    cli.must(root, "init", "--organization", "acme", "--domain", "acme.example")
    _copy(root, "README.md", "scaffold.yaml", METADATA)
    for account in ACCOUNTS:
        cli.must(root, "account", *account, *DAY)
    _copy(root, POLICY)  # it names accounts, so it comes after them
    for record in ("inventory.json", "accounts.yaml"):
        _copy(root, record)
        cli.must(root, "sync", *DAY)
    _copy(root, BASELINE)
    _snapshots(root)
    (root / PLAN).write_text(cli.must(root, "peering", "plan", "--format", "markdown", *DAY).out)
    (root / CHANGE).write_text(_change(Path(shutil.copytree(root, tmp_path_factory.mktemp("change") / "acme"))))
    return root


def _snapshots(root: Path) -> None:
    """What AWS would show, and what the audit says of it."""
    zone = load(workspace.tree_of(root), workspace.bundled(), DAY[1])
    (root / "snapshots").mkdir()
    for name, made in (("clean", acme.clean(zone)), ("rogue", acme.rogue(zone))):
        (root / f"snapshots/{name}.json").write_bytes(write(made))
        done = cli.run(root, "peering", "audit", "--snapshot", f"snapshots/{name}.json", "--format", "markdown", *DAY)
        (root / f"snapshots/{name}.md").write_text(done.out)


def _change(root: Path) -> str:
    """The summary of a pull request: an account moves to another environment, one gets another owner, and one is new."""
    cli.commit(root)
    for arguments in (
        ("dev-shop", "--tag", "environment=staging"),
        ("dev-pay", "--owner", "storefront"),
        ("dev-search", *ML),
    ):
        cli.must(root, "account", *arguments, *DAY)
    return cli.must(root, "atlantis", "summary", "--base", "HEAD", *DAY).out


def _rewrite(files: Mapping[str, bytes]) -> None:
    for name in cli.snapshot(ACME).keys() - files.keys():
        (ACME / name).unlink()
    for name in files.keys() - set(RECORDS):
        (ACME / name).parent.mkdir(parents=True, exist_ok=True)
        (ACME / name).write_bytes(files[name])


def test_the_commands_make_the_example(made: Path, update_golden: bool) -> None:
    """No byte differs, none is missing, and none is there that should not be."""
    files = cli.snapshot(made)
    if update_golden:
        _rewrite(files)
    committed = cli.snapshot(ACME)

    assert sorted(committed) == sorted(files)
    assert {name: content.decode() for name, content in files.items() if committed[name] != content} == {}
    assert 200 < len(committed) < MOST_FILES


def test_it_is_in_order(made: Path) -> None:
    """Nothing is left to do, and no problem is an error."""
    for arguments in (("sync", "--check"), ("lint",), ("peering", "plan", "--check")):
        cli.must(made, *arguments, *DAY)


def test_its_policy_is_tested_and_its_tests_hold() -> None:
    """The rules say what their authors expect, none is dead, and none is too wide."""
    zone = load(workspace.tree_of(ACME), workspace.bundled(), DAY[1])
    assert zone.policy is not None and zone.policy.tests

    found = lint.lint(zone.policy, zone.organization, members(zone, zone.policy), zone.day, 50)

    assert [problem for problem in found if problem.severity is not Severity.NOTE] == []


def test_its_inventory_is_as_pull_writes_it() -> None:
    """One spelling for one content: a later `scaffold pull` changes only what AWS changed."""
    content = (ACME / inventory.FILE).read_bytes()
    known, problems = inventory.read(content)

    assert problems == [] and inventory.write(known) == content


@pytest.mark.parametrize("name", EXPLAINED)
def test_each_kind_of_pair_is_explained(name: str, update_golden: bool) -> None:
    """One of each: a person must understand from these lines why two networks meet, or do not."""
    said = cli.must(ACME, "peering", "explain", *EXPLAINED[name], *DAY).out
    if update_golden:
        EXPLAIN.mkdir(exist_ok=True)
        (EXPLAIN / f"{name}.txt").write_text(said)

    assert (EXPLAIN / f"{name}.txt").read_text() == said


def _plan() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cli.must(ACME, "peering", "plan", "--format", "json", *DAY).out)["data"]
    return found


def _networks() -> dict[str, Member]:
    zone = load(workspace.tree_of(ACME), workspace.bundled(), DAY[1])
    assert zone.policy is not None
    return {member.name: member for member in members(zone, zone.policy)}


def test_the_plan_shows_all_that_a_reviewer_needs() -> None:
    """Of each pair both accounts, their ranges and deciding tags, and the rule; of each refusal what to do."""
    networks, pairs = _networks(), _plan()["pairs"]
    text = (ACME / PLAN).read_text().replace("<span>:</span>", ":")
    for pair in pairs:
        (row,) = re.findall(rf"^\| {pair['a']} -- {pair['b']} \|.*$", text, re.MULTILINE)
        sides = [networks[pair[side]] for side in ("a", "b")]
        facts = [fact for side in sides for fact in (side.facts.account_id or "no account id yet", *map(str, side.facts.blocks))]
        tags = [f"{key}={side.tags[key]}" for side in sides for key in ("domain", "environment", "pci", "tier") if key in side.tags]
        remedies = [refusal["remedy"] for refusal in pair["refusals"]]
        assert [each for each in (*facts, *tags, *pair["rules"], *remedies) if not each or each not in row] == []


def test_it_shows_every_case() -> None:
    """What the example is for: pairs that are connected, refused, undetermined, proposed and waiting, and one that is excepted."""
    text = (ACME / PLAN).read_text()

    assert len(_networks()) >= 14
    for title in ("Allowed, and cannot be made", "Undetermined, not connected", "Proposed only", "Waiting", "Kept as they are"):
        assert f"### {title} (" in text
    for words in ("which overlap", "excepted from production-stays-apart until", "between regions", "lacks DNS support", "2001"):
        assert words in text


@pytest.mark.parametrize("name", AUDITS)
def test_the_audit_of_each_snapshot(name: str) -> None:
    """One is clean, but for what is accepted; the other has one finding of each thing that happened, and a place nobody could look into."""
    done = cli.run(ACME, "peering", "audit", "--snapshot", f"snapshots/{name}.json", *DAY)

    assert done.status == AUDITS[name] and ("Clean, but for what is accepted." in done.out) is (name == "clean")
    worst = {line.split()[1] for line in done.out.splitlines() if line.startswith(("critical", "high", "medium", "low"))}
    assert worst == (set() if name == "clean" else ROGUE)


def test_the_summary_of_a_change_begins_with_what_it_disconnects() -> None:
    """A reviewer reads from the top; all of it is less than sixty lines."""
    text = (ACME / CHANGE).read_text()
    titles = re.findall(r"^### ([A-Za-z ]+[a-z])", text, re.MULTILINE)

    assert text.count("\n") < 60
    assert titles == ["To disconnect", "To connect", "Accounts", "Stacks", "Proposed only", "Waiting", "Order"]
    for words in ("disconnects ", "Planned again for tags only", "<code>atlantis apply -p peering/", "security groups still decide"):
        assert words in text
