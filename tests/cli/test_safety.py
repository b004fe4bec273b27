"""What must never look clean: each case was found by somebody trying to break a landing zone by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support import cli

REQUESTS = "aft-account-request/terraform"
STACK = "stacks/prod-ml/us-east-1/network"


def _rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def _range(zone: Path) -> str:
    document = json.loads((zone / STACK / "account.tf.json").read_text())
    return str(document["locals"]["account"]["network"]["cidr_block"])


def _vend(zone: Path) -> None:
    """The inventory, as pull would write it: the account answers and its network exists."""
    lists = {"cidr_blocks": [_range(zone)], "ipv6_cidr_blocks": [], "route_table_ids": []}
    network = {"region": "us-east-1", "vpc_id": "vpc-0123456789abcdef0", **lists, "dns": True, "stale": False}
    account = {"name": "prod-ml", "email": "aws+prod-ml@acme.com", "state": "ACTIVE", "reachable": True, "stale": False}
    inventory = {"version": 1, "accounts": {"111122223333": {**account, "networks": {"prod-ml": network}}}}
    (zone / "inventory.json").write_text(json.dumps(inventory))
    cli.must(zone, "sync")


def test_the_range_of_a_live_network_is_never_followed(zone: Path) -> None:
    """Another range would replace the VPC and all that is in it: the stack keeps the live one, and both commands say so."""
    _vend(zone)
    before = _range(zone)
    _rewrite(zone / REQUESTS / "prod-ml.tf", before, "10.15.0.0/20")

    checked, synced = cli.run(zone, "lint"), cli.run(zone, "sync")

    assert (checked.status, synced.status, _range(zone)) == (2, 2, before)
    assert "a VPC keeps its own for life" in checked.err


def test_a_range_that_is_none_never_reaches_a_stack(zone: Path) -> None:
    """The data file keeps what it says until the request can be understood."""
    before = _range(zone)
    _rewrite(zone / REQUESTS / "prod-ml.tf", before, "banana")

    assert cli.run(zone, "sync").status == 2
    assert _range(zone) == before


@pytest.mark.parametrize("call", [("lint",), ("accounts",), ("sync", "--check"), ("status", "prod-ml")])
def test_a_lost_request_folder_is_no_empty_organization(zone: Path, call: tuple[str, ...]) -> None:
    """Nobody is told to destroy what is only not there to read."""
    (zone / "aft-account-request").rename(zone / "elsewhere")

    done = cli.run(zone, *call)

    assert done.status == 3 and "there is no request folder here" in done.err
    assert "destroy" not in done.err


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"{STACK}/main.tf", "the next plan would destroy everything"),
        ("modules/network/1.0.0", "which is not there"),
        (f"{REQUESTS}/modules", "the module that every request calls is not there"),
    ],
)
def test_what_a_plan_needs_is_missed(zone: Path, path: str, said: str) -> None:
    """A deleted file that turns the next plan into a disaster is an error of lint."""
    target = zone / path
    shutil.rmtree(target) if target.is_dir() else target.unlink()

    done = cli.run(zone, "lint")

    assert done.status == 2 and said in done.err


def test_a_released_module_never_changes(zone: Path) -> None:
    """Every stack that calls this version would be re-planned by it."""
    with (zone / "modules/network/1.0.0/vpc.tf").open("a") as file:
        file.write("# a quick fix\n")

    done = cli.run(zone, "lint")

    assert done.status == 2 and "a version never changes" in done.err


@pytest.mark.parametrize("head", ['  source = "./other"', '  source   = "./modules/aft-account-request"\n  for_each = toset(["x"])'])
def test_a_module_name_is_taken_once(zone: Path, head: str) -> None:
    """Terraform would refuse the folder, and with it every request."""
    (zone / REQUESTS / "others.tf").write_text(f'module "dev-web" {{\n{head}\n}}\n')

    done = cli.run(zone, "account", "dev-web", "--owner", "web")

    assert done.status == 1 and "others.tf:1" in done.err
    assert not (zone / REQUESTS / "dev-web.tf").exists()


def test_ranges_of_one_account_may_not_meet_and_others_are_said(zone: Path) -> None:
    """Equal ranges are everywhere in grown organizations; within one account they are a mistake."""
    own = cli.run(zone, "account", "prod-ml", "--network", f"us-east-1/batch={_range(zone)}")
    other = cli.run(zone, "account", "prod-web", "--owner", "web", "--network", f"us-east-1={_range(zone)}")

    assert own.status == 1 and "a network of the same account" in own.err
    assert other.status == 0 and "the two can never be peered" in other.err


@pytest.mark.parametrize(("value", "noted"), [("timestamp()", True), ("jsonencode({ a = 1 })", False)])
def test_a_field_of_the_teams_own_is_only_a_note(zone: Path, value: str, noted: bool) -> None:
    """It decides nothing here; nested data, for which AFT advises jsonencode, is read."""
    _rewrite(zone / REQUESTS / "prod-ml.tf", '    "region"', f'    "contacts"     = {value}\n    "region"')

    done = cli.run(zone, "accounts")

    assert done.status == 0
    assert ("note:" in done.err and "is for your own customizations" in done.err) is noted


@pytest.mark.parametrize("name", ["backend", "aft-providers", "override"])
def test_a_request_is_never_in_a_file_that_somebody_else_owns(zone: Path, name: str) -> None:
    """AFT appends to two names, Terraform overrides with one."""
    assert cli.run(zone, "account", name, "--owner", "web", "--tag", "environment=dev").status == 0
    assert not (zone / REQUESTS / f"{name}.tf").exists()


def test_a_missing_map_is_said_to_be_missing(zone: Path) -> None:
    """AFT's module lets account_tags out; then there is nothing to change a value in."""
    control = '{ AccountName = "dev-lab", AccountEmail = "aws+dev-lab@acme.com" }'
    text = f'module "dev-lab" {{\n  source = "./modules/aft-account-request"\n  control_tower_parameters = {control}\n}}\n'
    (zone / REQUESTS / "lab.tf").write_text(text)

    done = cli.run(zone, "account", "dev-lab", "--owner", "lab")

    assert done.status == 1 and 'module "dev-lab" has no account_tags' in done.err


def test_a_selector_names_what_there_is(zone: Path) -> None:
    """A typo selects nothing, which must not look like nothing to do."""
    assert cli.run(zone, "sync", "--only", "skeleton=netwrk").status == 1
    assert cli.run(zone, "sync", "--only", "region=us-esat-1").status == 1


def test_a_key_is_selected_by_once(zone: Path) -> None:
    """Terms are joined by AND: the last of two values, alone, is not what was asked for."""
    done = cli.run(zone, "sync", "--only", "account=prod-ml,account=dev-ml")

    assert done.status == 1
    assert "--only has account twice, and a stack must match every term; run this once for each value: prod-ml, dev-ml\n" in done.err


@pytest.mark.parametrize("call", [("sync",), ("sync", "--check"), ("lint",)])
def test_a_stack_that_lost_its_identity_is_not_up_to_date(zone: Path, call: tuple[str, ...]) -> None:
    """Without its backend.tf nobody can tell what the directory is, so it cannot be said to be current."""
    (zone / STACK / "backend.tf").unlink()

    done = cli.run(zone, *call)

    assert done.status == 2 and "restore it from git" in done.err
    assert not (zone / STACK / "backend.tf").exists()
