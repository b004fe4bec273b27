"""`scaffold peering prune` in a repository: what is on the base and gone from AWS goes, everything else stays and is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.atlantis import region
from generator.cli import workspace
from generator.peering import prune
from generator.snapshot.model import Account, Connection, Gap, Place, Side, Snapshot
from generator.snapshot.write import write
from tests.support import cli, peered
from tests.support.snapshots import connections

DEAD = peered.synced({**peered.landing_zone(), peered.POLICY_FILE: b"version: 1\nrules: []\n"})
PAIRS = sorted(peered.stacks(DEAD))
PAIR = "prod-hub--prod-ml"
OTHERS = [pair for pair in PAIRS if pair != PAIR]
HERE = f"peering/{PAIR}"
REQUESTS = "aft-account-request"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A landing zone whose pairs are all tombstones, and committed."""
    made = cli.written(tmp_path / "zone", DEAD)
    cli.commit(made)
    return made


def _sides(pair: str) -> tuple[Side, Side]:
    said = json.loads(DEAD[f"peering/{pair}/peering.tf.json"])["locals"]
    one, other = (Side(side["id"], side["region"], side["vpc_id"]) for side in (said["requester"], said["accepter"]))
    return one, other


ONE, OTHER = _sides(PAIR)
NOWHERE: dict[Place, tuple[Connection, ...]] = {side.place: () for pair in PAIRS for side in _sides(pair)}
EMPTY = connections(f"{workspace.today()}T00:00:00Z", NOWHERE)
LEFT = connections(EMPTY.taken, {**NOWHERE, ONE.place: (Connection("pcx-1", "active", ONE, OTHER),)})
BLIND = connections(EMPTY.taken, {place: () for place in NOWHERE if place != ONE.place}, {ONE.place: "AccessDenied"})


def _prune(root: Path, *options: str, seen: Snapshot = EMPTY, base: str = "HEAD") -> cli.Outcome:
    """Prune by a snapshot that lies beside the repository."""
    file = root.parent / "audit.json"
    file.write_bytes(write(seen))
    return cli.run(root, "peering", "prune", "--base", base, "--snapshot", str(file), *options)


def _standing(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "peering").iterdir() if path.is_dir())


def _data(done: cli.Outcome) -> dict[str, Any]:
    document = json.loads(done.out)
    assert document["schema"] == "scaffold.peering.prune/1" and document["status"] == done.status and not done.err
    found: dict[str, Any] = document["data"]
    return found


def test_a_snapshot_of_another_organization_deletes_nothing(root: Path) -> None:
    """In that one no connection of ours stands, whatever stands in AWS."""
    elsewhere = {ONE.account: Account(ONE.account, "x", "x@example.com", "ACTIVE", {}, "o-zzzzzzzzzz/r-zz99/")}
    before = cli.snapshot(root)

    done = _prune(root, seen=replace(EMPTY, accounts=elsewhere))
    assert done.status == 1 and "it shows the organization o-zzzzzzzzzz, and scaffold.yaml says" in done.err
    assert cli.snapshot(root) == before


# What goes


def test_what_is_gone_is_deleted_and_nothing_else(root: Path) -> None:
    """Directories and all, of every pair at once, and their projects; what people wrote stands as it did."""
    before = cli.snapshot(root)

    done = _prune(root)

    assert done.status == 0 and "5 tombstones: 5 pruned, 0 kept." in done.out and not done.err
    assert _standing(root) == [] and (root / peered.POLICY_FILE).exists()
    assert cli.snapshot(root) == {
        **{path: content for path, content in before.items() if not path.startswith("peering/") or path == peered.POLICY_FILE},
        ".scaffold/.gitignore": cli.snapshot(root)[".scaffold/.gitignore"],
        region.FILE: region.new_file(parallel=True),
    }


def test_what_was_pruned_does_not_come_back(root: Path) -> None:
    """Neither the next prune nor sync has anything to do."""
    _prune(root)

    assert "Nothing to do" in _prune(root).out and "0 tombstones: 0 pruned, 0 kept." in _prune(root).out
    assert cli.must(root, "sync", "--check").out.startswith("Nothing to do")


def test_check_deletes_nothing_and_is_2_where_something_would_go(root: Path) -> None:
    """And 0 where nothing would."""
    before = cli.snapshot(root)

    some, none = _prune(root, "--check"), _prune(root, "--check", base=_earlier(root))

    assert (some.status, none.status) == (2, 0) and cli.snapshot(root) == before
    assert "5 can go, 0 kept." in some.out and f"delete     {HERE}/main.tf" in some.out


def test_the_diff_applies_to_the_same_tree(root: Path) -> None:
    """What `--diff` shows is what `git apply` makes of it."""
    shown = _prune(root, "--check", "--diff").out
    (root.parent / "shown.diff").write_text(shown)
    cli.git(root, "apply", str(root.parent / "shown.diff"))

    assert _standing(root) == []


def test_a_live_pair_is_never_touched(root: Path) -> None:
    """Somebody connects one of them again, in the same work tree."""
    live = peered.landing_zone()
    again = {path: content for path, content in live.items() if path.startswith(f"{HERE}/")}

    done = _prune(cli.written(root, again))

    assert done.status == 0 and _standing(root) == [PAIR] and "4 pruned, 0 kept." in done.out
    assert all((root / path).read_bytes() == content for path, content in again.items())


# The base


def _earlier(root: Path) -> str:
    """A commit before which the pairs were live."""
    cli.git(root, "checkout", "--quiet", "--orphan", "earlier")
    cli.written(root, {path: content for path, content in peered.landing_zone().items() if path.startswith("peering/")})
    cli.commit(root, "live")
    cli.git(root, "checkout", "--quiet", "main")
    return "earlier"


def test_what_is_not_on_the_base_stays_and_is_said(root: Path) -> None:
    """The pull request that makes the tombstones must not delete them too: status 0, since it only waits."""
    done = _prune(root, base=_earlier(root))

    assert done.status == 0 and _standing(root) == PAIRS and "5 tombstones: 0 pruned, 5 kept." in done.out
    for pair in PAIRS:
        assert f"note: peering/{pair}: this tombstone is not on the base yet, so it stays; apply it with Atlantis, and merge it" in done.err


def test_a_base_is_needed(root: Path) -> None:
    """Nobody guesses which branch Atlantis applies."""
    done = cli.run(root, "peering", "prune")

    assert done.status == 64 and "--base" in done.err and _standing(root) == PAIRS


def test_a_base_that_is_not_there_is_refused(root: Path) -> None:
    """By its name."""
    done = _prune(root, base="nowhere")

    assert done.status == 1 and '"nowhere" names no commit here' in done.err and _standing(root) == PAIRS


def test_a_base_that_cannot_be_read_is_refused(root: Path) -> None:
    """It is no base that holds no tombstone."""
    valid = (root / "scaffold.yaml").read_bytes()
    (root / "scaffold.yaml").write_bytes(b"version: [")
    cli.commit(root)
    (root / "scaffold.yaml").write_bytes(valid)

    done = _prune(root)

    assert done.status == 1 and "HEAD has no scaffold.yaml that can be read" in done.err and _standing(root) == PAIRS


def test_requests_in_a_checkout_of_their_own_have_a_base_of_their_own(root: Path) -> None:
    """Both refs are needed, as in every command with a base."""
    (root / REQUESTS).rename(root.parent / "requests")
    (root / "scaffold.yaml").write_text((root / "scaffold.yaml").read_text() + "\npaths: {requests: ../requests}\n")
    for checkout in (root, root.parent / "requests"):
        cli.commit(checkout)

    without, with_it = _prune(root, "--check"), _prune(root, "--base", "requests=HEAD")

    assert without.status == 1 and "add --base requests=REF" in without.err
    assert with_it.status == 0 and _standing(root) == []


# What stays


def test_a_connection_that_is_left_keeps_its_tombstone(root: Path) -> None:
    """The others go in the same run; it is a warning, since Atlantis may be about to apply it."""
    done = _prune(root, seen=LEFT)

    assert done.status == 0 and _standing(root) == [PAIR] and "4 pruned, 1 kept." in done.out
    assert f"warning: {HERE}: this tombstone stays, since its connection is still there: pcx-1 (active)" in done.err


def test_a_place_that_was_not_read_is_incomplete(root: Path) -> None:
    """Its pairs stay, the others go, and the status says that not everything was seen."""
    hub = [pair for pair in PAIRS if ONE.place in {side.place for side in _sides(pair)}]

    checked, done = _prune(root, "--check", seen=BLIND), _prune(root, seen=BLIND)

    assert (checked.status, done.status) == (3, 3) and _standing(root) == hub
    assert f"account {ONE.account} in {ONE.region} could not be read (AccessDenied)" in done.err


def test_a_snapshot_that_does_not_hold_a_place_is_incomplete(root: Path) -> None:
    """Nobody looked there, so nothing is known of it."""
    done = _prune(root, seen=connections(EMPTY.taken))

    assert done.status == 3 and _standing(root) == PAIRS and "it was not looked into" in done.err


CHANGES: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "a foreign file": (lambda here: (here / "extra.tf").write_text("# ours\n"), "extra.tf"),
    "an edited file": (
        lambda here: (here / "providers.tf").write_text((here / "providers.tf").read_text() + "# ours\n"),
        "providers.tf (edited)",
    ),
    "a link": (lambda here: (here / "shared.tf").symlink_to("../policy.yaml"), "shared.tf (a symbolic link)"),
    "a link in place of a file": (lambda here: _link(here / "versions.tf"), "versions.tf (a symbolic link)"),
    "a folder": (lambda here: (here / "notes").mkdir(), "notes/"),
    "no data": (lambda here: (here / "peering.tf.json").unlink(), "does not say which two VPCs were connected"),
}


def _link(file: Path) -> None:
    file.rename(file.parents[2] / file.name)
    file.symlink_to(f"../../{file.name}")


@pytest.mark.parametrize("case", CHANGES)
def test_what_is_not_ours_stays_with_its_directory(root: Path, case: str) -> None:
    """Nothing of it is deleted, also not the files that are ours; an error names what is in the way."""
    change, named = CHANGES[case]
    change(root / HERE)
    before = sorted((root / HERE).iterdir())

    done = _prune(root)

    assert done.status == 2 and _standing(root) == [PAIR] and sorted((root / HERE).iterdir()) == before
    assert f"error: {HERE}" in done.err and named in done.err


def test_a_tombstone_that_lost_its_identity_is_an_error(root: Path) -> None:
    """Nobody can tell any more which pair it was."""
    (root / HERE / "backend.tf").write_text("terraform {}\n")

    done = _prune(root)

    assert done.status == 2 and _standing(root) == [PAIR] and f"error: {HERE}/backend.tf" in done.err


def test_what_changes_meanwhile_is_not_deleted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading AWS takes time: somebody may edit a file in between."""
    judge = prune.prunable

    def slowly(*given: Any) -> prune.Pruning:
        (root / HERE / "main.tf").write_text("# live\n")
        return judge(*given)

    monkeypatch.setattr("generator.cli.peering_prune.prunable", slowly)

    done = _prune(root)

    assert done.status == 1 and "changed this file just now; nothing was written" in done.err and _standing(root) == PAIRS


# The snapshot


def test_a_snapshot_is_of_the_caller_and_not_of_the_repository(root: Path) -> None:
    """A path means what it means in the shell, also with -C."""
    (root.parent / "audit.json").write_bytes(write(EMPTY))

    done = cli.run(root.parent, "peering", "prune", "--base", "HEAD", "--snapshot", "audit.json", "-C", "zone")

    assert done.status == 0 and _standing(root) == []


def test_a_snapshot_that_is_not_there_is_wrong_usage(root: Path) -> None:
    """AWS is not asked in its place."""
    done = cli.run(root, "peering", "prune", "--base", "HEAD", "--snapshot", "none.json")

    assert done.status == 64 and "none.json" in done.err and _standing(root) == PAIRS


def test_a_snapshot_that_cannot_be_read_is_refused(root: Path) -> None:
    """With the file, and what is missing in it; also where no tombstone could go."""
    (root.parent / "audit.json").write_text(
        '{"version": 1, "taken": "2026-11-24T00:00:00Z", "accounts": [], "places": [{"account": "111111111111"}], "gaps": []}'
    )

    for base in ("HEAD", _earlier(root)):
        done = cli.run(root, "peering", "prune", "--base", base, "--snapshot", "../audit.json")

        assert done.status == 1 and _standing(root) == PAIRS
        assert "error: ../audit.json: this is no snapshot that can be read: places[0].region is missing" in done.err


def test_an_old_snapshot_decides_nothing(root: Path) -> None:
    """A connection made since would be left without a plan; where nothing goes by it, its age says nothing."""
    before = cli.snapshot(root)
    old = replace(EMPTY, taken="2020-01-01T00:00:00Z")
    kept, done = _prune(root, seen=old, base=_earlier(root)), _prune(root, seen=old)

    assert "2020" not in kept.err
    assert done.status == 1 and "error: the snapshot was taken at 2020-01-01T00:00:00Z" in done.err
    assert cli.snapshot(root) == before


# JSON


def test_success_is_one_json_object(root: Path) -> None:
    """What goes, what stays, how old the reading is, and every file."""
    data = _data(_prune(root, "--check", "--format", "json", seen=LEFT))

    assert (data["pruned"], data["kept"], data["taken"], data["gaps"]) == (OTHERS, [PAIR], EMPTY.taken, [])
    assert {change["action"] for change in data["changes"] if change["path"] != region.FILE} == {"delete"}
    assert {change["path"].split("/")[1] for change in data["changes"] if "/" in change["path"]} == set(OTHERS)


def test_a_gap_is_in_the_json_object(root: Path) -> None:
    """As data, and among the problems; gaps that no tombstone needs are not."""
    seen = replace(BLIND, gaps=(*BLIND.gaps, Gap("999999999999", "us-east-1", "AuthFailure")))

    done = _prune(root, "--format", "json", seen=seen)

    assert done.status == 3 and _data(done)["gaps"] == [{"account": ONE.account, "region": ONE.region, "cause": "AccessDenied"}]
    assert "unread-place" in {problem["id"] for problem in json.loads(done.out)["problems"]}


def test_nothing_to_look_at_needs_no_aws(root: Path) -> None:
    """Without a snapshot, and without credentials: nothing is on the base."""
    done = cli.run(root, "peering", "prune", "--base", _earlier(root), "--format", "json")

    assert done.status == 0 and _data(done) == {"pruned": [], "kept": PAIRS, "taken": None, "gaps": [], "changes": []}


def test_help_shows_a_call_that_works(tmp_path: Path) -> None:
    """Also outside a landing zone."""
    done = cli.run(tmp_path, "peering", "prune", "--help")

    assert done.status == 0 and "scaffold peering prune --base origin/main" in done.out and "--snapshot FILE" in done.out
