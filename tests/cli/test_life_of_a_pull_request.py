"""One landing zone from branch to branch, in real git: what each pull request lists, what its check says, what its summary shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator import inventory
from generator.accounts.model import FOLDER
from generator.atlantis import region
from generator.atlantis.patterns import Matcher
from generator.cli import workspace
from generator.inventory import Inventory, LiveAccount, LiveNetwork
from generator.landing_zone.load import load
from generator.snapshot.model import Side
from generator.snapshot.write import write
from tests.support import cli
from tests.support.snapshots import connections

PAIR = "peering/dev-hub--dev-new"


@pytest.fixture
def zone(company: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The company, committed on main, with a branch of its own to work on."""
    root = cli.written(tmp_path / "zone", company)
    cli.commit(root, "all there is")
    return root


def _branch(root: Path, name: str) -> None:
    cli.git(root, "switch", "--quiet", "--create", name, "main")


def _merge(root: Path, name: str) -> None:
    """Commit what is there and merge it into main."""
    cli.commit(root, name)
    cli.git(root, "switch", "--quiet", "main")
    cli.git(root, "merge", "--quiet", "--no-edit", name)


def _gate(root: Path) -> list[int]:
    """What the gate of a pull request runs, each with its status."""
    cli.commit(root)
    calls = (("lint",), ("atlantis", "check"), ("sync", "--check"))
    return [cli.run(root, *call, "--base", "main").status for call in calls]


def _summary(root: Path) -> Any:
    return json.loads(cli.run(root, "atlantis", "summary", "--base", "main", "--format", "json").out)["data"]


def _next(root: Path) -> list[str]:
    """The next steps of the account, as `status` says them."""
    found: list[str] = json.loads(cli.must(root, "status", "dev-new", "--format", "json").out)["data"]["next"]
    return found


def _listed(root: Path) -> list[str]:
    return region.listed((root / region.FILE).read_bytes())


def _added(root: Path) -> dict[str, bool]:
    """Every project that the branch lists anew: does a file that it changes plan it, by the patterns that the file says?"""
    before = set(region.listed(cli.git(root, "show", f"main:{region.FILE}").encode()))
    changed = [*cli.git(root, "diff", "--name-only", "main").split(), *cli.git(root, "ls-files", "--others").split()]
    text = (root / region.FILE).read_text()
    return {name: any(map(Matcher(name, _patterns(text, name)), changed)) for name in _listed(root) if name not in before}


def _patterns(text: str, name: str) -> list[str]:
    line = text[text.index(f"- name: {name}\n") :].split("when_modified: ")[1].split("\n")[0]
    return [str(pattern) for pattern in json.loads(line)]


def _learn(root: Path, name: str, *, reachable: bool = True, vpc: bool = True) -> None:
    """What `scaffold pull` would write of an account, so far as AWS has made it."""
    zone = load(workspace.tree_of(root), workspace.bundled(), workspace.today())
    account = zone.account(name)
    assert account is not None and isinstance(account.email, str)
    (network,) = account.networks
    number = len(zone.inventory.accounts)
    made = LiveNetwork(network.region, f"vpc-{number:017x}", (str(network.cidr_block),), (), (f"rtb-{number:017x}",), True)
    id = next((each.id for each in zone.inventory.accounts.values() if each.email == account.email), f"{300_000_000_000 + number}")
    live = LiveAccount(id, name, account.email, "ACTIVE", reachable, networks={network.name: made} if vpc else {})
    (root / inventory.FILE).write_bytes(inventory.write(Inventory({**zone.inventory.accounts, id: live})))


def test_an_account_from_its_request_to_its_peering(zone: Path) -> None:
    """Request, id, reachability, VPC: four pull requests, each green, and each project that one lists is planned in it."""
    _branch(zone, "account")
    cli.must(zone, "account", "dev-new", "--owner", "new", "--with", "ecr")
    before = _listed(zone)
    assert _gate(zone) == [0, 0, 0]
    asked = _summary(zone)
    assert [(each["account"], each["what"]) for each in asked["accounts"]] == [("dev-new", "added")]
    assert asked["planned"] == [] and len(asked["waiting"]) == 2 and [pair["b"] for pair in asked["pairs"]["waiting"]] == ["dev-new"]
    assert _next(zone) == [f"merge {FOLDER}/dev-new.tf; AFT vends the account, then scaffold pull"]
    _merge(zone, "account")

    _branch(zone, "id")
    _learn(zone, "dev-new", reachable=False, vpc=False)
    assert _next(zone) == ["scaffold pull, once AFT has made the role acme-reader"]
    cli.must(zone, "sync")
    assert _listed(zone) == before and _added(zone) == {} and _gate(zone) == [0, 0, 0]
    _merge(zone, "id")

    _branch(zone, "reachable")
    _learn(zone, "dev-new", vpc=False)
    apply = "atlantis apply -p stacks/dev-new/us-east-1/network, then scaffold pull"
    assert _next(zone) == ["scaffold sync, and a pull request with what it writes", apply]
    cli.must(zone, "sync")
    assert _next(zone) == [apply]
    stacks = [f"stacks/dev-new/us-east-1/{name}" for name in ("ecr", "network")]
    assert _added(zone) == dict.fromkeys(stacks, True) and _gate(zone) == [0, 0, 0]
    assert _summary(zone)["planned"] == stacks
    _merge(zone, "reachable")

    _branch(zone, "network")
    _learn(zone, "dev-new")
    cli.must(zone, "sync")
    assert _added(zone) == {PAIR: True} and _gate(zone) == [0, 0, 0]
    assert _next(zone) == [] and "requested, vended, 1 of 1 networks, 1 of 1 allowed pairs" in cli.must(zone, "status", "dev-new").out
    found = _summary(zone)
    assert found["planned"] == [PAIR] and [pair["b"] for pair in found["pairs"]["connect"]] == ["dev-new"]


def test_a_pair_from_its_tag_to_its_pruning(zone: Path) -> None:
    """A tag changes, the tombstone is planned, and only a later pull request deletes it; by hand, it may not go."""
    _branch(zone, "tag")
    cli.must(zone, "account", "dev-web", "--tag", "environment=staging")
    assert _gate(zone) == [0, 0, 0]
    gone = _summary(zone)
    assert gone["destroying"] == ["peering/dev-hub--dev-web"] and [pair["b"] for pair in gone["pairs"]["disconnect"]] == ["dev-web"]
    assert "peering/dev-hub--dev-web" in _listed(zone)
    _merge(zone, "tag")

    _branch(zone, "by-hand")
    for path in (zone / "peering/dev-hub--dev-ml").iterdir():
        path.unlink()
    assert _gate(zone) == [2, 2, 2]
    assert _summary(zone)["lost"] == ["peering/dev-hub--dev-ml"]
    said = cli.run(zone, "atlantis", "summary", "--base", "main")
    assert said.status == 2 and "Deleted stacks that nobody destroys (1)" in said.out
    cli.git(zone, "switch", "--quiet", "main")

    _branch(zone, "prune")
    _see_nothing(zone, "dev-hub--dev-web")
    cli.must(zone, "peering", "prune", "--base", "main", "--snapshot", str(zone.parent / "seen.json"))
    assert not (zone / "peering/dev-hub--dev-web").exists() and "peering/dev-hub--dev-web" not in _listed(zone)
    assert _gate(zone) == [0, 0, 0] and _summary(zone)["lost"] == []


def _see_nothing(root: Path, pair: str) -> None:
    """A snapshot of today in which AWS shows no connection of a pair."""
    said = json.loads((root / "peering" / pair / "peering.tf.json").read_bytes())["locals"]
    places = {Side(said[side]["id"], said[side]["region"], said[side]["vpc_id"]).place: () for side in ("requester", "accepter")}
    (root.parent / "seen.json").write_bytes(write(connections(f"{workspace.today()}T00:00:00Z", places)))


def test_two_branches_that_each_add_an_account(zone: Path) -> None:
    """They merge, their ranges differ, and the scheduled job connects the two once AWS has both."""
    for name in ("dev-one", "dev-two"):
        _branch(zone, name)
        cli.must(zone, "account", name, "--owner", "both")
        assert _gate(zone) == [0, 0, 0]
        cli.git(zone, "switch", "--quiet", "main")
    for name in ("dev-one", "dev-two"):
        cli.git(zone, "merge", "--quiet", "--no-edit", name)
    assert cli.run(zone, "lint").status == 0

    _branch(zone, "scheduled")
    for name in ("dev-one", "dev-two"):
        _learn(zone, name)
    cli.must(zone, "sync")

    assert "peering/dev-one--dev-two" in _listed(zone) and _gate(zone) == [0, 0, 0]
    assert [f"{pair['a']}--{pair['b']}" for pair in _summary(zone)["pairs"]["connect"]] == [
        "dev-hub--dev-one", "dev-hub--dev-two", "dev-one--dev-two",
    ]  # fmt: skip
    assert all(_added(zone).values()) and len(_added(zone)) == 7
    ranges = {(zone / FOLDER / f"{name}.tf").read_text().split('"vpc_cidr"')[1].split('"')[1] for name in ("dev-one", "dev-two")}
    assert len(ranges) == 2


def test_an_exception_that_expired_stops_nobody_else(zone: Path) -> None:
    """The day after, an unrelated pull request is green and says so; the scheduled sync takes the pair down."""
    day = ("--date", "2027-01-01")
    _branch(zone, "unrelated")
    cli.must(zone, "account", "dev-new", "--owner", "new", *day)
    cli.commit(zone)

    done = [cli.run(zone, *call, "--base", "main", *day) for call in (("lint",), ("atlantis", "check"), ("sync", "--check"))]

    assert [each.status for each in done] == [0, 0, 0]
    assert "warning" in done[0].err and "expired" in done[0].err and "stale on main already" in done[2].err
    summary = cli.must(zone, "atlantis", "summary", "--base", "main", *day).out
    assert "connects and disconnects nothing; 1 account added" in summary and "prod-pay" not in summary
    cli.must(zone, "sync", *day)
    assert (zone / "peering/prod-pay--staging-pay/main.tf").read_text().endswith("# Tombstone\n")


def test_two_branches_that_each_list_a_stack(zone: Path) -> None:
    """A block of its own for each project: branches that list others merge without a conflict, wherever they stand."""
    for name, tag in (("dev-ml", "owner=web"), ("prod-pay", "owner=ml")):
        _branch(zone, name)
        cli.must(zone, "account", name, "--tag", tag)
        cli.commit(zone)
        cli.git(zone, "switch", "--quiet", "main")

    for name in ("dev-ml", "prod-pay"):
        cli.git(zone, "merge", "--quiet", "--no-edit", name)

    assert {"peering/dev-ml--dev-web", "peering/prod-ml--prod-pay"} <= set(_listed(zone))
    assert cli.must(zone, "sync", "--check").out.startswith("Nothing to do")
