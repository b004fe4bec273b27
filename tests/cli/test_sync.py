"""`scaffold sync`: who owns a file decides what happens to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import cli

STACK = "stacks/prod-ml/us-east-1/ecr"
IDS = {"prod-ml": "111122223333", "dev-ml": "444455556666"}


def _inventory(zone: Path, *names: str) -> None:
    """AWS has these accounts, and they answer."""
    common = {"state": "ACTIVE", "reachable": True, "stale": False, "networks": {}}
    live = {IDS[name]: {"name": name, "email": f"aws+{name}@acme.com", **common} for name in names}
    (zone / "inventory.json").write_text(json.dumps({"version": 1, "accounts": live}))


def _id(zone: Path, account: str) -> str:
    document = json.loads((zone / f"stacks/{account}/us-east-1/ecr/account.tf.json").read_text())
    found: str = document["locals"]["account"]["id"]
    return found


def test_a_managed_file_edited_by_hand_is_a_conflict(zone: Path) -> None:
    """It is left alone, everything else is written, and the status says that something remains to be done."""
    edited = zone / STACK / "providers.tf"
    edited.write_text(edited.read_text() + "# ours\n")
    (zone / STACK / "versions.tf").unlink()
    content = edited.read_text()

    done = cli.run(zone, "sync")

    assert done.status == 2 and f"conflict   {STACK}/providers.tf" in done.out and f"error: {STACK}/providers.tf" in done.err
    assert edited.read_text() == content and (zone / STACK / "versions.tf").exists()


def test_a_file_without_its_header_is_theirs(zone: Path) -> None:
    """Kept, listed, and no failure."""
    theirs = zone / STACK / "providers.tf"
    theirs.write_text("# ours\n")

    done = cli.run(zone, "sync")

    assert done.status == 0 and f"kept       {STACK}/providers.tf" in done.out and theirs.read_text() == "# ours\n"
    assert f"note: {STACK}/providers.tf" in done.err


def test_seeded_files_are_never_looked_at(zone: Path) -> None:
    """main.tf and outputs.tf belong to the team from the first day."""
    (zone / STACK / "main.tf").write_text("# ours\n")
    (zone / STACK / "outputs.tf").unlink()

    assert cli.must(zone, "sync", "--check").out.startswith("Nothing to do")


def test_a_new_id_arrives_where_it_is_waited_for(zone: Path) -> None:
    """After a pull, the data files of the account's stacks change, Atlantis may plan them, and nothing else happens."""
    _inventory(zone, "prod-ml")
    before = cli.snapshot(zone)

    cli.must(zone, "sync")

    changed = {name for name, content in cli.snapshot(zone).items() if before.get(name) != content}
    assert changed == {"atlantis.yaml", *(f"stacks/prod-ml/us-east-1/{stack}/account.tf.json" for stack in ("ecr", "network"))}
    assert (_id(zone, "prod-ml"), _id(zone, "dev-ml")) == (IDS["prod-ml"], "000000000000")


def test_a_lost_id_keeps_its_value_and_is_an_error(zone: Path) -> None:
    """An entry that somebody deleted from the inventory disconnects nothing."""
    _inventory(zone, "prod-ml", "dev-ml")
    cli.must(zone, "sync")
    _inventory(zone, "dev-ml")

    done = cli.run(zone, "sync")

    assert done.status == 2 and "the inventory no longer gives the id of prod-ml" in done.err
    assert _id(zone, "prod-ml") == IDS["prod-ml"]


def test_only_a_part_is_written(zone: Path) -> None:
    """`--only` takes tags and places; what it leaves out stays as it was."""
    _inventory(zone, "prod-ml", "dev-ml")

    done = cli.must(zone, "sync", "--only", "environment=dev,skeleton=ecr")

    assert "2 update" in done.out and (_id(zone, "prod-ml"), _id(zone, "dev-ml")) == ("000000000000", IDS["dev-ml"])
    assert json.loads((zone / "stacks/dev-ml/us-east-1/network/account.tf.json").read_text())["locals"]["account"]["id"] == "000000000000"


def _lagging_lock(zone: Path) -> None:
    """Every stack has a copy of an older lock."""
    (zone / "providers/.terraform.lock.hcl").write_text("# one\n")
    cli.must(zone, "sync")
    (zone / "providers/.terraform.lock.hcl").write_text("# two\n")


def test_copies_that_lag_behind_are_a_warning_with_their_number(zone: Path) -> None:
    """A new lock reaches the stacks in waves: the wave that is left is no failure."""
    _lagging_lock(zone)

    checked = cli.run(zone, "sync", "--check")
    wave = cli.run(zone, "sync", "--only", "account=dev-ml")
    rest = cli.run(zone, "sync", "--check")

    assert checked.status == wave.status == rest.status == 0
    assert "warning: 6 copies" in checked.err and "warning: 4 copies" in rest.err


def test_a_copy_that_is_missing_is_no_lag(zone: Path) -> None:
    """Without its lock a stack takes whatever provider is newest: `--check` fails."""
    _lagging_lock(zone)
    cli.must(zone, "sync")
    (zone / STACK / ".terraform.lock.hcl").unlink()

    assert cli.run(zone, "sync", "--check").status == 2


@pytest.mark.parametrize("call", [("lint",), ("sync", "--check")])
def test_a_base_needs_a_commit(zone: Path, call: tuple[str, ...]) -> None:
    """A ref that there is not is said by name."""
    cli.commit(zone)

    done = cli.run(zone, *call, "--base", "nowhere")

    assert done.status == 1 and '"nowhere"' in done.err


def test_what_is_stale_on_the_base_already_is_a_warning(zone: Path) -> None:
    """New ids wait for a change of their own; this pull request did not cause them."""
    _inventory(zone, "prod-ml")
    cli.commit(zone)
    cli.must(zone, "account", "dev-web", "--owner", "web")

    done = cli.run(zone, "sync", "--check", "--base", "HEAD")

    assert done.status == 0 and "warning: 3 files stale on HEAD already" in done.err


def test_what_this_change_makes_stale_is_status_2(zone: Path) -> None:
    """The inventory changed here, and the files that follow from it did not."""
    cli.commit(zone)
    _inventory(zone, "prod-ml")

    assert cli.run(zone, "sync", "--check", "--base", "HEAD").status == 2


def test_a_conflict_on_the_base_is_a_warning_and_a_new_one_an_error(zone: Path) -> None:
    """The same file, edited before or in this change."""
    edited = zone / STACK / "providers.tf"
    edited.write_text(edited.read_text() + "# ours\n")

    cli.commit(zone)
    old = cli.run(zone, "sync", "--check", "--base", "HEAD")
    (zone / STACK / "backend.tf").write_text((zone / STACK / "backend.tf").read_text() + "# ours too\n")
    new = cli.run(zone, "sync", "--check", "--base", "HEAD")

    assert (old.status, new.status) == (0, 2) and f"warning: {STACK}/providers.tf" in old.err


def test_lint_fails_only_for_what_this_change_causes(zone: Path) -> None:
    """An illegal tag on the base is a warning; the next one is an error."""
    for name, status in (("prod-ml", 0), ("dev-ml", 2)):
        cli.replace(zone / f"aft-account-request/terraform/{name}.tf", '"app"', '"ap"')
        if name == "prod-ml":
            cli.commit(zone)

        done = cli.run(zone, "lint", "--base", "HEAD")

        assert done.status == status and "warning: aft-account-request/terraform/prod-ml.tf:16:" in done.err
    assert cli.run(zone, "lint").status == 2


def test_a_base_is_for_checks(zone: Path) -> None:
    """A base decides what fails, never what is written."""
    assert cli.run(zone, "sync", "--base", "HEAD").status == 64
