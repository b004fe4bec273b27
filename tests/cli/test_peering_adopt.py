"""`scaffold peering adopt`: what is legal and seen from both sides is taken over in its own direction; all else is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.hcl import managed
from generator.peering.existing import IMPORTS
from generator.snapshot.model import RouteTable, Snapshot
from generator.snapshot.write import write
from tests.support import cli, peered
from tests.support.audited import accounts, between, blind, connection_id, connections, tables, vpcs, with_connection
from tests.unit.audit.company import FILES, SEEN, UNSYNCED, data, place, side

DAY = ("--date", "2026-11-24")
PAIR = ("prod-hub", "prod-pay")
NAME = "prod-hub--prod-pay"
HERE = f"peering/{NAME}"
ID = connection_id(data(PAIR))


def _zone(tmp_path: Path, *without: str) -> Path:
    """The company, and pairs of it that nobody ever declared."""
    gone = tuple(f"peering/{name}/" for name in without)
    files = {path: content for path, content in FILES.items() if not path.startswith(gone or ("?",))}
    listed = files["atlantis.yaml"].decode()
    for name in without:
        listed = "".join(part for part in _blocks(listed) if f"- name: peering/{name}\n" not in part)
    return cli.written(tmp_path / "zone", {**files, "atlantis.yaml": listed.encode()})


def _blocks(text: str) -> list[str]:
    """The file, cut before each project."""
    parts = text.split("  - name: ")
    return [parts[0], *(f"  - name: {part}" for part in parts[1:])]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A pair is connected that nobody declares."""
    return _zone(tmp_path, NAME)


def _adopt(root: Path, *arguments: str, seen: Snapshot = SEEN) -> cli.Outcome:
    (root.parent / "seen.json").write_bytes(write(seen))
    return cli.run(root, "peering", "adopt", *arguments, "--snapshot", "../seen.json", *DAY)


def _imports(root: Path, name: str = NAME) -> dict[str, str]:
    document = json.loads((root / "peering" / name / IMPORTS).read_text())
    return {block["to"]: block["id"] for block in document["import"]}


def test_a_connection_becomes_a_stack_that_imports_it(root: Path) -> None:
    """Connection, acceptance, both options, and each route that is there; nothing is left to sync, and the audit is clean."""
    done = _adopt(root, *PAIR)

    routes = {f"{table}_{block}" for name in ("requester", "accepter") for table, block in data(PAIR).routes(name).values()}
    found = _imports(root)
    assert done.status == 0 and [id for id in found.values() if id == ID] == [ID] * 4
    assert set(found.values()) - {ID} == routes and len(routes) == 4
    assert all(to.startswith("module.peering.aws_") for to in found)
    cli.must(root, "sync", "--check", *DAY)
    cli.must(root, "lint", *DAY)
    cli.must(root, "atlantis", "check")
    assert cli.must(root, "peering", "audit", "--snapshot", "../seen.json", *DAY).out.splitlines()[-2].endswith("Clean.")


def test_what_is_left_to_do_is_said(root: Path) -> None:
    """The old state must forget it: the patch is printed, and is in the data."""
    assert "removed {" in _adopt(root, *PAIR, "--check").out
    document = json.loads(_adopt(root, *PAIR, "--format", "json").out)

    assert document["data"]["adopted"] == [{"pair": NAME, "connection": ID, "requester": "prod-hub", "routes": 4, "missing_routes": 0}]
    assert "removed {" in document["data"]["forget"]


def test_a_direction_is_kept(root: Path) -> None:
    """The side that asked AWS is the requester, whatever the names say, and sync never turns it round."""
    turned = connections(SEEN, ID, lambda each: each._replace(requester=each.accepter, accepter=each.requester))
    _adopt(root, *PAIR, seen=turned)

    said = json.loads((root / HERE / "peering.tf.json").read_text())["locals"]
    assert (said["requester"]["name"], said["accepter"]["name"]) == ("prod-pay", "prod-hub")
    cli.must(root, "sync", "--check", *DAY)


def test_a_stack_that_has_the_wrong_direction_is_turned_round(tmp_path: Path) -> None:
    """Synced before anybody knew of the connection; one that has the right direction is left alone."""
    root = _zone(tmp_path)
    turned = connections(SEEN, ID, lambda each: each._replace(requester=each.accepter, accepter=each.requester))

    assert _adopt(root, *PAIR).status == 1 and not (root / HERE / IMPORTS).exists()
    assert _adopt(root, *PAIR, seen=turned).status == 0
    assert json.loads((root / HERE / "peering.tf.json").read_text())["locals"]["requester"]["name"] == "prod-pay"
    assert _imports(root)["module.peering.aws_vpc_peering_connection.this"] == ID
    cli.must(root, "sync", "--check", *DAY)


def test_only_routes_that_are_there_are_imported(root: Path) -> None:
    """A missing one is made by the plan; one that leads elsewhere is not taken."""
    table = data(PAIR).requester.route_table_ids[0]
    less = tables(SEEN, table, lambda each: each._replace(routes=tuple(route for route in each.routes if route.target != ID)))
    _adopt(root, *PAIR, seen=less)

    assert len(_imports(root)) == 4 + 3 and not any(table in id for id in _imports(root).values())


def test_a_route_that_is_not_wanted_any_more_is_not_imported_any_more(root: Path) -> None:
    """Terraform refuses an import whose target is not declared: sync keeps the file current."""
    _adopt(root, *PAIR)
    table = data(PAIR).requester.route_table_ids[0]
    inventory = (root / "inventory.json").read_text()
    (root / "inventory.json").write_text(inventory.replace(f'"{table}",', "", 1).replace(f'          "{table}"', "", 1))

    done = cli.must(root, "sync", *DAY)

    assert f"update     {HERE}/{IMPORTS}" in done.out
    assert len(_imports(root)) == 4 + 3 and not any(table in id for id in _imports(root).values())
    cli.must(root, "sync", "--check", *DAY)


def test_a_tombstone_imports_nothing(root: Path) -> None:
    """And the pair can be adopted again only by name, once it is allowed."""
    _adopt(root, *PAIR)
    policy = root / peered.POLICY_FILE
    policy.write_text(policy.read_text().replace("tier: vpn", "tier: data"))

    cli.must(root, "sync", "--removals", "4", *DAY)

    assert not (root / HERE / IMPORTS).exists() and "# Tombstone" in (root / HERE / "main.tf").read_text()


def test_all(tmp_path: Path) -> None:
    """Every legal connection that nobody declares; a rogue is not legalized by being there."""
    root = _zone(tmp_path, NAME, "dev-hub--dev-web")
    done = _adopt(root, "--all", seen=with_connection(SEEN, between(side("prod-ml"), side("dev-ml"))))

    assert done.status == 2 and (root / HERE / IMPORTS).exists() and (root / "peering/dev-hub--dev-web" / IMPORTS).exists()
    assert "dev-ml -- prod-ml is not adopted: the policy does not allow it (production-meets-only-production)" in done.err
    assert not (root / "peering/dev-ml--prod-ml").exists()


def test_all_where_there_is_nothing(tmp_path: Path) -> None:
    """Nothing is written and nothing is printed that would have to be done."""
    done = _adopt(_zone(tmp_path), "--all")

    assert done.status == 0 and done.out == "Nothing to do.\n"


def _elsewhere(table: RouteTable) -> RouteTable:
    return table._replace(routes=tuple(route._replace(target="tgw-1") if route.target == ID else route for route in table.routes))


NOT_WHOLE: dict[str, tuple[Snapshot, str]] = {
    "no connection": (connections(SEEN, ID, lambda each: None), "there is no connection between the two"),
    "pending": (connections(SEEN, ID, lambda each: each._replace(status="pending-acceptance")), f"{ID} is pending-acceptance"),
    "over": (connections(SEEN, ID, lambda each: each._replace(status="deleted")), "there is no connection between the two"),
    "one side unseen": (blind(SEEN, place("prod-pay")), "could be looked into (AccessDenied)"),
    "another status on one side": (
        connections(SEEN, ID, lambda each: each._replace(status="deleting"), place("prod-pay")),
        "one says active and the other deleting",
    ),
    "not shown by one side": (connections(SEEN, ID, lambda each: None, place("prod-pay")), "does not show it"),
    "a VPC of other ranges": (
        vpcs(SEEN, side("prod-pay").vpc_id, lambda vpc: vpc._replace(cidr_blocks=("10.77.0.0/20",))),
        "the ranges of prod-pay are not those of inventory.json",
    ),
    "a table that is gone": (
        tables(SEEN, data(PAIR).accepter.route_table_ids[0], lambda table: None),
        f"prod-pay has no route table {data(PAIR).accepter.route_table_ids[0]}",
    ),
    "a route to somewhere else": (
        tables(SEEN, data(PAIR).accepter.route_table_ids[0], _elsewhere),
        "by tgw-1",
    ),
    "a closed account": (
        accounts(SEEN, place("prod-pay").account, lambda account: account._replace(state="SUSPENDED")),
        "is SUSPENDED",
    ),
    "an old snapshot": (replace(SEEN, taken="2020-01-01T00:00:00Z"), "the snapshot was taken at 2020-01-01T00:00:00Z"),
    "two of them": (with_connection(SEEN, between(side("prod-pay"), side("prod-hub"), "pcx-2")), "more than one connection"),
}


@pytest.mark.parametrize("name", NOT_WHOLE)
def test_what_is_not_whole_is_not_adopted(root: Path, name: str) -> None:
    """Nothing is written; the reason is said."""
    seen, words = NOT_WHOLE[name]
    before = cli.snapshot(root)
    done = _adopt(root, *PAIR, seen=seen)

    assert done.status == 1 and words in done.err and cli.snapshot(root) == before


@pytest.mark.parametrize(("arguments", "words"), [
    (("prod-ml", "dev-ml"), "the policy does not allow it (production-meets-only-production)"),
    (("prod-ml", "prod-hub"), "peering/prod-hub--prod-ml is there already"),
    (("prod-hub", "prod-pai"), 'did you mean "prod-pay"?'),
    (("prod-hub", "prod-hub"), "prod-hub is given twice"),
])  # fmt: skip
def test_wrong_pairs(root: Path, arguments: tuple[str, str], words: str) -> None:
    """Each by its reason."""
    done = _adopt(root, *arguments, seen=with_connection(SEEN, between(side("prod-ml"), side("dev-ml"))))

    assert done.status == 1 and words in done.err


@pytest.mark.parametrize("arguments", [("prod-hub",), (*PAIR, "--all"), (*PAIR, "--live"), ()])
def test_wrong_usage(root: Path, arguments: tuple[str, ...]) -> None:
    """Two names or all; a snapshot or AWS."""
    assert _adopt(root, *arguments).status == 64


def test_a_policy_in_doubt_adopts_nothing(root: Path) -> None:
    """It may mean something else than it says."""
    policy = root / peered.POLICY_FILE
    policy.write_text(policy.read_text().replace("accounts: [prod-pay]}, and", "accounts: [prod-pya]}, and"))

    assert "is in doubt" in _adopt(root, *PAIR).err and not (root / HERE).exists()


def test_a_connection_of_the_vpc_that_a_network_had_before_is_not_its_own(tmp_path: Path) -> None:
    """To take it over would replace it by one with the new VPC."""
    root = _zone(tmp_path, NAME)
    inventory = root / "inventory.json"
    inventory.write_text(inventory.read_text().replace(side("prod-pay").vpc_id, "vpc-0000000000000beef"))

    assert "there is no connection between the two" in _adopt(root, *PAIR).err and not (root / HERE).exists()


def test_the_module_of_a_stack_that_is_turned_round_stays(tmp_path: Path) -> None:
    """Only an upgrade moves it."""
    root = _zone(tmp_path)
    for file in ("main.tf", "outputs.tf"):
        body = FILES[f"{HERE}/{file}"].decode().split("\n", 1)[1].replace("/1.0.0", "/0.9.0")
        (root / HERE / file).write_bytes(managed.text_file(body))
    before = (root / HERE / "main.tf").read_bytes()
    turned = connections(SEEN, ID, lambda each: each._replace(requester=each.accepter, accepter=each.requester))

    assert _adopt(root, *PAIR, seen=turned).status == 0 and (root / HERE / "main.tf").read_bytes() == before


def test_check_writes_nothing(root: Path) -> None:
    """And says that something would change."""
    before = cli.snapshot(root)
    done = _adopt(root, *PAIR, "--check")

    assert done.status == 2 and cli.snapshot(root) == before and f"create     {HERE}/{IMPORTS}" in done.out


def test_an_edited_import_is_told(root: Path) -> None:
    """It could take over anything."""
    _adopt(root, *PAIR)
    file = root / HERE / IMPORTS
    file.write_text(file.read_text().replace(ID, "pcx-0123456789abcdef0"))

    assert f"{HERE}/{IMPORTS}: Terraform reads this file" in cli.run(root, "lint", *DAY).err


def test_a_peer_that_could_be_made_does_not_stand_in_the_way(tmp_path: Path) -> None:
    """Of two that overlap and could be made neither is; the one that is connected already stays."""
    text = UNSYNCED["inventory.json"].decode()
    web, ml = side("dev-web").cidr_blocks[0], side("dev-ml").cidr_blocks[0]
    files = peered.synced({**UNSYNCED, "inventory.json": text.replace(web, ml).encode()})
    assert "dev-hub--dev-ml" not in peered.stacks(files)

    root = cli.written(tmp_path / "zone", files)
    _adopt(root, "dev-hub", "dev-ml")

    assert _imports(root, "dev-hub--dev-ml")


def test_documents_of_the_adopted_pair_are_data(root: Path) -> None:
    """Every block names its target and its id, and nothing else."""
    _adopt(root, *PAIR)
    document: dict[str, Any] = json.loads((root / HERE / IMPORTS).read_text())

    assert document.keys() == {"//", "import"} and all(block.keys() == {"to", "id"} for block in document["import"])
