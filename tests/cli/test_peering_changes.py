"""What a change does to pairs: against a base, in part, and before an account is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from generator.atlantis import region
from tests.support import cli, peered
from tests.support.cli import written
from tests.support.peered import POLICY_FILE, Account


@pytest.fixture
def zone(company: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The company on the disk, after sync."""
    return written(tmp_path / "zone", company)


def _data(done: cli.Outcome) -> Any:
    return json.loads(done.out)["data"]


def test_check_is_2_where_a_pair_waits_for_sync(tmp_path: Path) -> None:
    """Before sync there is something to connect, after it there is nothing; and nothing was written by looking."""
    files = peered.unsettled()
    root = written(tmp_path, files)

    before = cli.run(root, "peering", "plan", "--check")
    untouched = cli.snapshot(root)
    cli.must(root, "sync")

    assert before.status == 2 and "connect" in before.out
    assert set(untouched) == set(files)
    assert cli.run(root, "peering", "plan", "--check").status == 0


def test_a_change_against_a_base(zone: Path) -> None:
    """What the branch disconnects, connects, makes impossible, lets wait and proposes: nothing else."""
    cli.commit(zone)
    cli.must(zone, "account", "dev-ml", "--tag", "environment=prod")
    policy = zone / POLICY_FILE
    sides = "    between: {accounts: [dev-web]}\n    and: {accounts: [staging-pay]}\n"
    proposed = f"  - id: webs\n    effect: allow\n    proposed: true\n{sides}    reason: later\n\n"
    policy.write_text(policy.read_text().replace("rules:\n", f"rules:\n{proposed}"))
    cli.must(zone, "account", "dev-new", "--owner", "web")

    done = cli.must(zone, "peering", "plan", "--base", "HEAD", "--format", "json")

    changes = {what: [f"{pair['a']}--{pair['b']}" for pair in pairs] for what, pairs in _data(done)["changes"].items()}
    assert changes == {
        "disconnect": ["dev-hub--dev-ml"],
        "connect": ["dev-ml--prod-hub", "dev-ml--prod-ml"],
        "proposed": ["dev-web--staging-pay"],
        "waiting": ["dev-hub--dev-new", "dev-new--dev-web"],
    }
    text = cli.must(zone, "peering", "plan", "--base", "HEAD").out
    assert "This change: 1 to disconnect; 2 to connect; 1 proposed only; 2 waiting." in text
    assert "production-meets-only-production" in text and "dev-hub -- dev-web" not in text


def test_a_base_without_a_policy(zone: Path) -> None:
    """The change that adds the policy can be shown: everything it connects."""
    policy = (zone / POLICY_FILE).read_bytes()
    (zone / POLICY_FILE).unlink()
    for path in [*zone.glob("peering/*--*/*")]:
        path.unlink()
    content = (zone / region.FILE).read_bytes()
    (zone / region.FILE).write_bytes(region.without(content, region.listed(content)))
    cli.commit(zone)
    (zone / POLICY_FILE).write_bytes(policy)
    cli.must(zone, "sync")

    changes = _data(cli.must(zone, "peering", "plan", "--base", "HEAD", "--format", "json"))["changes"]

    assert {what: len(pairs) for what, pairs in changes.items()} == {"connect": 5}
    assert cli.run(zone, "sync", "--check", "--base", "HEAD").status == 0
    assert cli.run(zone, "lint", "--base", "HEAD").status == 0


def test_an_account_shows_its_consequences(zone: Path) -> None:
    """Before anything is written: what the tags will connect, and why; the check shows the same."""
    checked = cli.run(zone, "account", "dev-web", "--tag", "owner=ml", "--check")
    done = cli.must(zone, "account", "dev-web", "--tag", "owner=ml")

    assert checked.status == 2
    for out in (checked.out, done.out):
        assert "Peerings:\n  to connect  dev-ml -- dev-web  same-owner\n" in out


def test_a_pair_that_was_only_waiting_does_not_go_without_a_word(zone: Path) -> None:
    """Nobody sees it in a plan of Terraform: it had no stack yet."""
    cli.must(zone, "account", "dev-new", "--owner", "web")
    cli.commit(zone)

    done = cli.run(zone, "account", "dev-new", "--tag", "environment=prod", "--check")
    assert "allowed no more, and never made  dev-hub -- dev-new" in done.out and "  dev-new -- prod-hub" in done.out
    cli.must(zone, "account", "dev-new", "--tag", "environment=prod")
    planned = cli.must(zone, "peering", "plan", "--base", "HEAD")
    assert "Allowed no more" in cli.must(zone, "atlantis", "summary", "--base", "HEAD").out
    assert "2 allowed no more, and never made" in planned.out and "give up" in planned.out


UNREAD: Mapping[str, Callable[[Path], object]] = {
    "a request that is broken": lambda zone: (zone / FOLDER / "dev-new.tf").write_text("oops {"),
    "a tag by a variable": lambda zone: cli.replace(zone / FOLDER / "dev-new.tf", '"environment" = "dev"', '"environment" = var.x'),
    "accounts.yaml that is broken": lambda zone: (zone / "accounts.yaml").write_text("version: {"),
}


@pytest.mark.parametrize("case", UNREAD)
def test_what_could_not_be_read_gives_up_nothing(case: str, zone: Path) -> None:
    """A pair that was waiting is one that cannot be told now, not one that is allowed no more."""
    (zone / "accounts.yaml").write_text("version: 1\naccounts: {}\n")
    cli.must(zone, "account", "dev-new", "--owner", "web")
    cli.commit(zone)
    UNREAD[case](zone)

    out = cli.run(zone, "peering", "plan", "--base", "HEAD").out
    assert "give up" not in out and "not declared any more" not in out
    if case != "accounts.yaml that is broken":
        assert "dev-hub -- dev-new" in out and "2 undetermined, not connected" in out


def test_a_pair_whose_account_goes_is_given_up(zone: Path) -> None:
    """Everything was read, and nothing declares it any more."""
    cli.must(zone, "account", "dev-new", "--owner", "web")
    cli.commit(zone)
    (zone / FOLDER / "dev-new.tf").unlink()

    assert "2 allowed no more, and never made" in cli.run(zone, "peering", "plan", "--base", "HEAD").out


def test_a_new_account_shows_what_it_waits_for(zone: Path) -> None:
    """Nothing is peered before the account is there; which pairs will be is said."""
    out = cli.must(zone, "account", "prod-new", "--owner", "new").out

    assert "waiting  prod-hub -- prod-new  vpn-reaches-its-environment; the account prod-new is not in the inventory" in out


def test_only_a_part_of_the_peerings(tmp_path: Path) -> None:
    """`--only` takes the pairs with a side that matches, and the module they call."""
    root = written(tmp_path, peered.unsettled())

    cli.must(root, "sync", "--only", "environment=dev")

    assert peered.live_pairs({str(path.relative_to(root)): path.read_bytes() for path in root.glob("peering/*/main.tf")}) == {
        "dev-hub--dev-ml", "dev-hub--dev-web",
    }  # fmt: skip
    assert (root / "modules/peering/1.0.0/connection.tf").is_file()
    assert cli.run(root, "sync", "--only", "skeleton=peering", "--check").status == 2


def test_a_stack_that_is_deleted_by_hand_is_said(zone: Path) -> None:
    """Atlantis plans nothing for it, and the connection stays: the gate and the plan say so, decided or not."""
    cli.commit(zone)
    for path in (zone / "peering/dev-hub--dev-ml").iterdir():
        path.unlink()

    lint = cli.run(zone, "lint", "--base", "HEAD")
    changes = _data(cli.run(zone, "peering", "plan", "--base", "HEAD", "--format", "json"))["changes"]

    assert lint.status == 2 and "peering/dev-hub--dev-ml: this directory is deleted, and was no tombstone" in lint.err
    assert [pair["a"] for pair in changes["lost"]] == ["dev-hub"]


def test_a_scheduled_tombstone_is_shown(zone: Path) -> None:
    """Nothing but the day has changed: the pull request that sync opens still says what it disconnects."""
    cli.commit(zone)
    cli.must(zone, "sync", "--date", "2027-01-01")

    out = cli.must(zone, "peering", "plan", "--base", "HEAD", "--date", "2027-01-01").out

    assert "prod-pay -- staging-pay  deny      disconnect" in out and "This change: 1 to disconnect." in out


def test_what_waits_for_sync_on_both_sides_is_nobodys_change(zone: Path) -> None:
    """An unrelated pull request does not claim what the scheduled job will do."""
    cli.commit(zone)

    out = cli.must(zone, "peering", "plan", "--base", "HEAD", "--date", "2027-01-01").out

    assert "This change connects and disconnects nothing." in out


def test_a_part_by_an_account_without_a_request(tmp_path: Path) -> None:
    """`--only` knows the accounts of accounts.yaml, whose pairs are generated too."""
    others = (
        'version: 1\naccounts:\n  prod-old:\n    id: "999999999999"\n    tags: {environment: prod, owner: old, tier: app}\n'
        "    networks:\n      prod-old: {region: us-east-1, vpc_id: vpc-0000000000000000e, cidr_blocks: [10.9.0.0/16]}\n"
    )
    root = written(tmp_path, {**peered.unsettled(), "accounts.yaml": others.encode()})
    document = json.loads((root / "inventory.json").read_text())
    network = {
        "region": "us-east-1",
        "vpc_id": "vpc-0000000000000000e",
        "cidr_blocks": ["10.9.0.0/16"],
        "ipv6_cidr_blocks": [],
        "route_table_ids": ["rtb-0000000000000000e"],
        "dns": True,
        "stale": False,
    }
    document["accounts"]["999999999999"] = {
        "name": "old", "email": "old@acme.com", "state": "ACTIVE", "reachable": True, "stale": False, "networks": {"prod-old": network},
    }  # fmt: skip
    (root / "inventory.json").write_text(json.dumps(document))

    cli.must(root, "sync", "--only", "account=prod-old")

    assert [path.name for path in (root / "peering").glob("*--*")] == ["prod-hub--prod-old"]


def _listed(root: Path) -> list[str]:
    return region.listed((root / region.FILE).read_bytes())


def _pending(root: Path) -> Path:
    """The company before sync, committed: every pair waits for it."""
    cli.commit(written(root, peered.unsettled()))
    return root


def test_an_account_brings_the_module_that_its_pairs_call(tmp_path: Path) -> None:
    """Also where pairs of others wait for sync, and want the same module; their stacks and projects stay sync's to write."""
    root = _pending(tmp_path)

    cli.must(root, "account", "dev-ml", "--tag", "environment=prod")

    assert {path.name for path in root.glob("peering/*--*")} == {"dev-ml--prod-hub", "dev-ml--prod-ml"}
    assert (root / "modules/peering/1.0.0/routes.tf").is_file()
    assert _listed(root) == ["peering/dev-ml--prod-hub", "peering/dev-ml--prod-ml"]
    assert all((root / directory).is_dir() for directory in _listed(root))


def test_a_part_is_listed_for_atlantis_and_nothing_else(tmp_path: Path) -> None:
    """What `--only` writes is planned; what it leaves out is neither written nor listed."""
    root = _pending(tmp_path)

    cli.must(root, "sync", "--only", "account=dev-ml")
    first = _listed(root)
    cli.must(root, "sync", "--only", "account=prod-ml")

    assert first == ["peering/dev-hub--dev-ml"]
    assert _listed(root) == ["peering/dev-hub--dev-ml", "peering/prod-hub--prod-ml"]


def test_what_is_ready_and_not_listed_is_an_error(zone: Path) -> None:
    """Atlantis plans nothing for it, and says nothing."""
    before = cli.run(zone, "lint")
    content = (zone / region.FILE).read_bytes()
    (zone / region.FILE).write_bytes(region.without(content, ["peering/dev-hub--dev-ml"]))

    after = cli.run(zone, "lint")

    assert before.status == 0
    assert after.status == 2 and "atlantis.yaml: ready and not listed, so nobody plans them: peering/dev-hub--dev-ml" in after.err


def _crowded(root: Path) -> Path:
    """A hub of six networks after sync, committed."""
    accounts = [Account("prod-hub", tier="vpn"), *(Account(f"prod-app{number}", f"team{number}") for number in range(6))]
    cli.commit(written(root, peered.landing_zone(accounts, peered.ALONE)))
    return root


def _closed(root: Path) -> None:
    """The rule that connects them with their hub is gone."""
    policy = (root / POLICY_FILE).read_text()
    (root / POLICY_FILE).write_text(policy[: policy.index("  - id: vpn")] + policy[policy.index("  - id: same-owner") :])


def test_removals_of_the_base_are_not_this_changes(tmp_path: Path) -> None:
    """What waits to be disconnected on the base already stops nobody's pull request; what this change adds does."""
    root = _crowded(tmp_path)
    _closed(root)
    own = cli.run(root, "sync", "--check", "--base", "HEAD")
    cli.commit(root)

    later = cli.run(root, "sync", "--check", "--base", "HEAD")

    assert own.status == 1 and "6 pairs would be disconnected" in own.err
    assert later.status == 0 and "stale on HEAD already" in later.err


def test_a_file_that_is_to_become_something_else_is_this_changes(zone: Path) -> None:
    """Stale on the base and stale here, by other reasons: the base wants the old address, the change another one."""
    known = (zone / "inventory.json").read_text()
    (zone / "inventory.json").write_text(known.replace("rtb-00000000000000001", "rtb-0000000000000000a"))
    cli.commit(zone)
    before = cli.run(zone, "sync", "--check", "--base", "HEAD")
    (zone / "inventory.json").write_text(known.replace("rtb-00000000000000001", "rtb-0000000000000000b"))

    after = cli.run(zone, "sync", "--check", "--base", "HEAD")

    assert (before.status, after.status) == (0, 2)


def test_a_change_that_lists_its_own_is_not_blamed_for_what_the_base_lacks(tmp_path: Path) -> None:
    """Of atlantis.yaml each project counts for itself: the account's are listed, the pending pairs were missing before."""
    root = _pending(tmp_path)
    cli.must(root, "account", "dev-ml", "--tag", "environment=prod")

    done = cli.run(root, "sync", "--check", "--base", "HEAD")

    assert done.status == 0, done


def test_check_against_a_base_answers_for_the_change(tmp_path: Path) -> None:
    """What waits for sync since before is nobody's change; a stack that appears is, written or not."""
    root = _pending(tmp_path)

    unrelated = cli.run(root, "peering", "plan", "--check", "--base", "HEAD")
    cli.must(root, "sync")
    written_now = cli.run(root, "peering", "plan", "--check", "--base", "HEAD")

    assert (unrelated.status, cli.run(root, "peering", "plan", "--check").status) == (0, 0)
    assert written_now.status == 2 and "5 to connect" in written_now.out


def test_what_a_kept_pair_connects_is_shown_when_it_changes(zone: Path) -> None:
    """Ranges, tables and sides of a live pair are what reaches what: nobody calls that nothing."""
    cli.commit(zone)
    known = (zone / "inventory.json").read_text()
    known = known.replace('"10.0.16.0/20"', '"10.0.16.0/20", "10.77.0.0/16"').replace('"rtb-00000000000000001"', '"rtb-0000000000000000a"')
    (zone / "inventory.json").write_text(known)
    cli.must(zone, "sync")

    done = cli.run(zone, "peering", "plan", "--base", "HEAD", "--check")

    assert done.status == 2 and "This change: 1 connected otherwise than before." in done.out
    assert "prod-ml: ranges +10.77.0.0/16; prod-ml: route tables +rtb-0000000000000000a -rtb-00000000000000001" in done.out


def test_a_stack_that_is_copied_in_is_shown(zone: Path) -> None:
    """The policy denies it, and Atlantis would plan it: what the tree holds comes first."""
    cli.commit(zone)
    shutil.copytree(zone / "peering/dev-hub--dev-ml", zone / "peering/dev-hub--prod-hub")
    for path in (zone / "peering/dev-hub--prod-hub").iterdir():
        path.write_text(path.read_text().replace("dev-hub -- dev-ml", "dev-hub -- prod-hub"))

    done = cli.run(zone, "peering", "plan", "--base", "HEAD", "--check")

    assert done.status == 2 and "This change: 1 to connect." in done.out
