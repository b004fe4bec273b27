"""S11: taking any input away never disconnects anything. A stack is turned into a tombstone by knowledge only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import inventory
from generator.accounts.model import FOLDER
from generator.problems import Refused
from tests.support import cli, peered, zones
from tests.support.peered import POLICY_FILE

Files = dict[str, bytes]
BEFORE = peered.landing_zone()
REQUEST = f"{FOLDER}/prod-ml.tf"


def _replaced(file: str, old: str, new: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        content = files[file].decode()
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {file}"
        return {**files, file: content.replace(old, new).encode()}

    return change


def _without(file: str) -> Callable[[Files], Files]:
    return lambda files: {path: content for path, content in files.items() if path != file}


def _inventory(change: Callable[[dict[str, dict[str, Any]]], object]) -> Callable[[Files], Files]:
    def changed(files: Files) -> Files:
        document = json.loads(files[inventory.FILE])
        change(document["accounts"])
        return {**files, inventory.FILE: json.dumps(document).encode()}

    return changed


def _of(accounts: dict[str, dict[str, Any]], name: str) -> str:
    return next(id for id, account in accounts.items() if account["name"] == name)


def _network(accounts: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    found: dict[str, Any] = accounts[_of(accounts, name)]["networks"][name]
    return found


def _left(accounts: dict[str, dict[str, Any]], name: str) -> None:
    """What `pull` writes of an account that is listed no more."""
    _network(accounts, name)["stale"] = accounts[_of(accounts, name)]["stale"] = True


LOSSES: Mapping[str, tuple[Callable[[Files], Files], int]] = {
    "a syntax error in a request": (_replaced(REQUEST, "account_tags = {", "account_tags = {{{"), 3),
    "a request file that is gone": (_without(REQUEST), 2),
    "a request file that is empty": (lambda files: {**files, REQUEST: b""}, 2),
    "a tag that became a variable": (_replaced(REQUEST, '"environment" = "prod"', '"environment" = var.x'), 3),
    "a required tag that is deleted": (_replaced(REQUEST, '    "owner"       = "ml"\n', ""), 2),
    "a tag key in another case": (_replaced(REQUEST, '"owner"       = "ml"', '"Owner"       = "ml"'), 2),
    "a value outside the schema": (_replaced(REQUEST, '"tier"        = "app"', '"tier"        = "App"'), 2),
    "all tags by a variable": (_replaced(REQUEST, "account_tags = {", "account_tags = var.tags\n  others = {"), 3),
    "an account missing from the inventory": (_inventory(lambda accounts: accounts.pop(_of(accounts, "prod-ml"))), 2),
    "a network missing from the inventory": (_inventory(lambda accounts: accounts[_of(accounts, "prod-ml")].update(networks={})), 2),
    "a network that does not say whether names resolve": (_inventory(lambda accounts: _network(accounts, "prod-ml").pop("dns")), 3),
    "a network without its route tables": (_inventory(lambda accounts: _network(accounts, "prod-ml").pop("route_table_ids")), 3),
    "a network without its IPv6 ranges": (_inventory(lambda accounts: _network(accounts, "prod-ml").pop("ipv6_cidr_blocks")), 3),
    "a range that is none": (_inventory(lambda accounts: _network(accounts, "prod-ml").update(cidr_blocks=["10.0.0.0/33"])), 3),
    "an account that left the organization": (_inventory(lambda accounts: _left(accounts, "prod-ml")), 0),
    "an inventory that is gone": (_without(inventory.FILE), 2),
    "an inventory that cannot be read": (lambda files: {**files, inventory.FILE: b"{"}, 3),
    "a new required tag": (_replaced("scaffold.yaml", "\ntags:\n", "\ntags:\n  cost: {required: true}\n"), 2),
    "another address pool": (_replaced("scaffold.yaml", "prod: [10.0.0.0/12]", "prod: [10.64.0.0/12]"), 0),
    "an accounts.yaml that cannot be read": (lambda files: {**files, "accounts.yaml": b"version: 1\naccounts: ["}, 3),
    "no request folder": (lambda files: {path: content for path, content in files.items() if not path.startswith(FOLDER)}, 3),
    "a missing policy": (_without(POLICY_FILE), 1),
    "a policy that cannot be read": (lambda files: {**files, POLICY_FILE: b"rules: ["}, 1),
    "a policy with an unknown key": (_replaced(POLICY_FILE, "within:", "wihtin:"), 1),
    "a scaffold.yaml that cannot be read": (lambda files: {**files, "scaffold.yaml": b": ["}, 1),
}


def _peering(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.glob("peering/*--*/*")}


def test_the_company_is_peered() -> None:
    """Without this, the tests below would keep nothing."""
    assert peered.live_pairs(BEFORE) == {
        "dev-hub--dev-ml", "dev-hub--dev-web", "prod-hub--prod-ml", "prod-hub--prod-pay", "prod-pay--staging-pay",
    }  # fmt: skip


@pytest.mark.parametrize("loss", LOSSES)
def test_ignorance_never_disconnects(loss: str, tmp_path: Path) -> None:
    """Every file of every stack keeps its bytes, and the command says that something is wrong."""
    change, status = LOSSES[loss]
    root = cli.written(tmp_path, change(dict(BEFORE)))
    before = _peering(root)

    done = cli.run(root, "sync")

    assert _peering(root) == before
    assert done.status == status, done


@pytest.mark.parametrize("loss", [loss for loss, (_, status) in LOSSES.items() if status])
def test_a_plan_says_that_it_is_in_doubt(loss: str, tmp_path: Path) -> None:
    """The same status from the plan, and no pair to disconnect."""
    change, status = LOSSES[loss]

    done = cli.run(cli.written(tmp_path, change(dict(BEFORE))), "peering", "plan", "--format", "json")

    document = json.loads(done.out)
    assert done.status == document["status"] == status
    assert all(pair["action"] != "tombstone" for pair in (document["data"] or {"pairs": []})["pairs"])


def test_knowledge_disconnects(tmp_path: Path) -> None:
    """The near twin: a tag that says another legal value does it."""
    root = cli.written(
        tmp_path, _replaced(REQUEST, '"environment" = "prod"\n    "owner"', '"environment" = "dev"\n    "owner"')(dict(BEFORE))
    )

    assert cli.run(root, "sync").status == 0
    assert (root / "peering/prod-hub--prod-ml/main.tf").read_text().endswith("# Tombstone\n")
    assert not (root / "peering/prod-hub--prod-ml/outputs.tf").exists()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_to_a_request_keeps_its_peerings(data: st.DataObject) -> None:
    """A stretch of a request is deleted: whatever is left of it, no pair of it is disconnected by what is now absent."""
    content = BEFORE[REQUEST]
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start + 1, len(content)))
    files = {**BEFORE, REQUEST: content[:start] + content[end:]}

    try:
        after = peered.synced(files)
    except Refused:
        return  # nothing is written then

    assert peered.live_pairs(after) >= {"prod-hub--prod-ml"} or _says_otherwise(files)


def _says_otherwise(files: Mapping[str, bytes]) -> bool:
    """Is the account still read and classified? Then what it says now is said, and decides."""
    account = zones.zone(files).account("prod-ml")
    return (
        account is not None and account.environment in ("prod", "staging", "dev") and set(account.tags) == {"environment", "owner", "tier"}
    )
