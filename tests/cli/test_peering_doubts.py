"""What cannot be told of a pair, its stack or its policy: nothing is connected, nothing disconnected, and all is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from tests.support import cli, peered
from tests.support.cli import written
from tests.support.peered import POLICY, POLICY_FILE


@pytest.fixture
def zone(company: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The company on the disk, after sync."""
    return written(tmp_path / "zone", company)


def _data(done: cli.Outcome) -> Any:
    return json.loads(done.out)["data"]


def test_foreign_directories_below_peering_are_named(zone: Path) -> None:
    """Somebody's own root module is a warning, a stack that lost its identity an error; neither is touched."""
    (zone / "peering/mine").mkdir()
    (zone / "peering/mine/main.tf").write_text("# mine\n")
    backend = zone / "peering/prod-hub--prod-ml/backend.tf"
    backend.write_text(backend.read_text().replace("# peering prod-hub -- prod-ml\n", ""))
    before = cli.snapshot(zone)

    done = cli.run(zone, "sync")
    lint = cli.run(zone, "lint")

    assert done.status == lint.status == 2
    assert "peering/mine: a root module that is no peering of ours" in lint.err
    assert "peering/prod-hub--prod-ml/backend.tf: " in done.err and '"# peering prod-hub -- prod-ml"' in done.err
    assert cli.snapshot(zone) == before


def test_an_invalid_policy_stops_with_every_reason(zone: Path) -> None:
    """All problems at once, each with its line; nothing is written."""
    policy = (
        POLICY.replace("tier: vpn", "tier: vnp").replace("sameTags: [owner]", "sameTags: [onwer]").replace("effect: deny", "efect: deny")
    )
    (zone / POLICY_FILE).write_text(policy)
    before = cli.snapshot(zone)

    done = cli.run(zone, "sync")

    assert done.status == 1 and cli.snapshot(zone) == before
    assert 'peering/policy.yaml:17: the key "rules[2].efect" is unknown' in done.err


def test_pairs_of_a_network_that_cannot_be_judged_are_counted(zone: Path) -> None:
    """They are too many to list; a plan that names none of them must not look like one without them."""
    cli.replace(zone / FOLDER / "prod-ml.tf", '"owner"', '"onwer"')

    planned, data = cli.run(zone, "peering", "plan"), _data(cli.run(zone, "peering", "plan", "--format", "json"))
    listed = sum(pair["decision"] == "undetermined" for pair in data["pairs"])
    number = data["undetermined"] - listed
    assert number > 0 and f"; {number} undetermined of networks that cannot be judged, not connected and not listed" in planned.out
    everything = cli.run(zone, "peering", "plan", "--all").out
    assert "1 kept in doubt; 5 undetermined, not connected" in everything and "denied in all" not in everything
    assert data["undetermined"] == 6 and listed == 1


def test_two_requests_of_one_name_are_kept_in_doubt(zone: Path) -> None:
    """Which of the two decides cannot be told, so neither does."""
    request = (zone / FOLDER / "prod-ml.tf").read_text()
    other = request.replace('module "prod-ml"', 'module "other"').replace("aws+prod-ml@", "aws+other@").replace('= "prod"', '= "dev"')
    (zone / FOLDER / "other.tf").write_text(other)

    done = cli.run(zone, "sync")

    assert done.status == 2 and "the network prod-ml is declared twice, in " in done.err
    assert "Tombstone" not in (zone / "peering/prod-hub--prod-ml/main.tf").read_text()


def test_a_misspelt_account_makes_the_policy_doubtful(zone: Path) -> None:
    """A name that nobody has could take a pair out of a deny, or an exception away: until it is right, nothing follows."""
    policy = zone / POLICY_FILE
    policy.write_text(policy.read_text().replace("accounts: [prod-pay]", "accounts: [prod-paz]"))
    before = cli.snapshot(zone)

    done, lint = cli.run(zone, "sync"), cli.run(zone, "lint")
    changed = cli.run(zone, "account", "dev-web", "--tag", "owner=ml")
    explained = _data(cli.run(zone, "peering", "explain", "dev-web", "dev-ml", "--format", "json"))

    assert [each["id"] for each in explained["refusals"]] == ["policy-in-doubt"]
    assert done.status == lint.status == changed.status == 2
    assert 'names the account "prod-paz", and no request and no accounts.yaml has it; did you mean "prod-pay"?' in done.err
    assert {path: content for path, content in cli.snapshot(zone).items() if path.startswith("peering/")} == {
        path: content for path, content in before.items() if path.startswith("peering/")
    }
    assert "what it is decided from is in doubt" in changed.out


def test_a_policy_may_come_before_its_accounts(tmp_path: Path) -> None:
    """The accounts that it names can be made one by one, and then it is a policy like any other."""
    cli.must(tmp_path, "init")
    (tmp_path / POLICY_FILE).write_text(POLICY)

    first = cli.run(tmp_path, "account", "prod-pay", "--owner", "pay")
    last = cli.run(tmp_path, "account", "staging-pay", "--owner", "pay")

    assert (first.status, last.status) == (2, 0)
    assert (tmp_path / FOLDER / "prod-pay.tf").is_file()


@pytest.mark.parametrize(
    ("old", "new", "file", "said"),
    [
        ('"region"       = "us-east-1"', '"region"       = "eu-west-1"', f"{FOLDER}/prod-ml.tf", "is declared in eu-west-1, and its VPC"),
        ('"vpc-00000000000000001"', '"vpc-0000000000000000f"', "inventory.json", "when the pair was reviewed, and is"),
        ('"100000000001": {', '"100000000009": {', "inventory.json", "and 100000000009 is called so now"),
        ("aws+prod-ml@acme.com", "aws+prod-hub@acme.com", f"{FOLDER}/prod-ml.tf", "are one AWS account, 100000000000"),
    ],
    ids=["region", "vpc", "account", "address"],
)
def test_a_live_pair_never_moves_to_other_ends(old: str, new: str, file: str, said: str, zone: Path) -> None:
    """Another account, region or VPC would replace the connection: the stack keeps its bytes, as an error."""
    cli.replace(zone / file, old, new)
    before = {path: content for path, content in cli.snapshot(zone).items() if path.startswith("peering/prod-hub--prod-ml")}

    done = cli.run(zone, "sync")

    explained = _data(cli.run(zone, "peering", "explain", "prod-hub", "prod-ml", "--format", "json"))

    assert done.status == 2 and said in done.err
    assert {path: content for path, content in cli.snapshot(zone).items() if path.startswith("peering/prod-hub--prod-ml")} == before
    assert not explained["feasible"] or explained["decision"] != "allow"


@pytest.mark.parametrize(
    ("value", "retires"),
    [
        ("true", True),
        ("2026-11-24", True),
        ("2020-01-01", True),
        ("false", False),
        ("no", False),
        ("False", False),
        ("0", False),
        ("2999-01-01", False),
    ],
)
def test_only_a_clear_word_retires_an_account(value: str, retires: bool, zone: Path) -> None:
    """`true`, or the day from which on; what is neither is in doubt, and nothing is disconnected."""
    cli.replace(zone / FOLDER / "prod-ml.tf", "  custom_fields = {\n", f'  custom_fields = {{\n    "retiring" = "{value}"\n')

    done = cli.run(zone, "sync", "--date", "2026-11-24")

    assert ("Tombstone" in (zone / "peering/prod-hub--prod-ml/main.tf").read_text()) is retires
    assert done.status == (0 if retires or value in ("false", "2999-01-01") else 2)


def test_somebody_elses_directory_is_not_completed(tmp_path: Path) -> None:
    """A pair whose directory holds other Terraform is not made; and a link is not followed."""
    root = written(tmp_path / "zone", peered.unsettled())
    (root / "peering/dev-hub--dev-ml").mkdir(parents=True)
    (root / "peering/dev-hub--dev-ml/other.tf").write_text("# mine\n")
    (tmp_path / "outside").mkdir()
    (root / "peering/dev-hub--dev-web").symlink_to(tmp_path / "outside")

    done = cli.run(root, "sync")
    explained = _data(cli.run(root, "peering", "explain", "dev-hub", "dev-ml", "--format", "json"))

    assert done.status == 3 and "peering/dev-hub--dev-ml holds something else" in done.err
    assert not explained["feasible"] and [each["id"] for each in explained["refusals"]] == ["occupied"]
    assert [path.name for path in (root / "peering/dev-hub--dev-ml").iterdir()] == ["other.tf"]
    assert not list((tmp_path / "outside").iterdir()) and (root / "peering/prod-hub--prod-ml/main.tf").is_file()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("prod-ml_override.tf", 'module "prod-ml" {\n  account_tags = { environment = "dev" }\n}\n'),
        ("prod-ml_override.tf.json", '{"module": {"prod-ml": {"account_tags": {"environment": "dev"}}}}'),
    ],
)
def test_an_override_of_requests_connects_nothing(name: str, text: str, tmp_path: Path) -> None:
    """Terraform lays it over any account's tags, so no tag is known: what exists stays, and nothing is made."""
    root = written(tmp_path, peered.unsettled())
    (root / FOLDER / name).write_text(text)

    done = cli.run(root, "sync")

    assert done.status == 3 and not list((root / "peering").glob("*--*"))


def _with_others(root: Path, tags: str) -> Path:
    """The company before sync, and an account without a request."""
    others = (
        f'version: 1\naccounts:\n  prod-old:\n    id: "999999999999"\n    tags: {tags}\n'
        "    networks:\n      prod-old: {region: us-east-1, vpc_id: vpc-0000000000000000e, cidr_blocks: [10.9.0.0/16]}\n"
    )
    written(root, {**peered.unsettled(), "accounts.yaml": others.encode()})
    document = json.loads((root / "inventory.json").read_text())
    tables = ["rtb-0000000000000000e"]
    network = {
        "region": "us-east-1",
        "vpc_id": "vpc-0000000000000000e",
        "cidr_blocks": ["10.9.0.0/16"],
        "ipv6_cidr_blocks": [],
        "route_table_ids": tables,
        "dns": True,
        "stale": False,
    }
    live = {"name": "old", "email": "old@acme.com", "state": "ACTIVE", "reachable": True, "stale": False}
    document["accounts"]["999999999999"] = {**live, "networks": {"prod-old": network}}
    (root / "inventory.json").write_text(json.dumps(document))
    return root


@pytest.mark.parametrize(
    "tags", ["{environment: prod, owner: old, tier: app, owner: x}", "{environment: prod, owner: old, tier: app, pci: true}"]
)
def test_a_tag_of_accounts_yaml_that_cannot_be_read_connects_nothing(tags: str, tmp_path: Path) -> None:
    """A key twice, or a value that is no text: it is not absent, it is not known."""
    root = _with_others(tmp_path, tags)

    assert cli.run(root, "sync").status == 3
    assert not list((root / "peering").glob("*prod-old*"))


def test_a_request_that_cannot_be_read_may_be_that_of_an_account_without_one(tmp_path: Path) -> None:
    """What accounts.yaml says of it must not decide then; what exists stays."""
    root = _with_others(tmp_path, "{environment: prod, owner: old, tier: app}")
    cli.run(root, "sync")
    cli.replace(root / "accounts.yaml", "environment: prod", "environment: dev")
    (root / FOLDER / "prod-old.tf").write_text("module {{{")

    assert cli.run(root, "sync").status == 3
    assert "Tombstone" not in (root / "peering/prod-hub--prod-old/main.tf").read_text()
    assert not (root / "peering/dev-hub--prod-old").exists()


@pytest.mark.parametrize("name", ["a-first", "z-last"])
def test_of_two_requests_neither_retires_the_account(name: str, zone: Path) -> None:
    """Whichever file comes first."""
    request = (
        (zone / FOLDER / "prod-ml.tf").read_text().replace('module "prod-ml"', f'module "{name}"').replace("aws+prod-ml@", "aws+other@")
    )
    (zone / FOLDER / f"{name}.tf").write_text(request.replace("  custom_fields = {\n", '  custom_fields = {\n    "retiring" = "true"\n'))

    assert cli.run(zone, "sync").status == 2
    assert "Tombstone" not in (zone / "peering/prod-hub--prod-ml/main.tf").read_text()


def test_a_network_under_another_accounts_name_connects_nothing(tmp_path: Path) -> None:
    """accounts.yaml may only describe networks of the account that it is about."""
    root = _with_others(tmp_path, "{environment: prod, owner: old, tier: app}")
    for file in ("accounts.yaml", "inventory.json"):
        text = (root / file).read_text()
        (root / file).write_text(text.replace("      prod-old:", "      prod-vault:").replace('{"prod-old": {', '{"prod-vault": {'))

    assert "prod-vault is no name for a network of prod-old" in cli.run(root, "sync").err
    assert not list((root / "peering").glob("*prod-vault*"))


def test_a_range_that_the_inventory_gives_otherwise(zone: Path) -> None:
    """A VPC keeps its first range for life: neither its pairs nor its stacks follow, and all is said."""
    cli.must(zone, "account", "prod-ml")
    before = {path: content for path, content in cli.snapshot(zone).items() if path.startswith(("peering/", "stacks/"))}
    inventory = zone / "inventory.json"
    inventory.write_text(inventory.read_text().replace('"10.0.16.0/20"', '"10.0.0.0/16"'))

    done = cli.run(zone, "sync")

    assert done.status == 2 and "prod-ml had the range 10.0.16.0/20 when the pair was reviewed, and has it no more" in done.err
    assert {path: content for path, content in cli.snapshot(zone).items() if path.startswith(("peering/", "stacks/"))} == before


def test_a_second_range_is_taken_over(zone: Path) -> None:
    """The near twin: AWS has one more, and the first is what it was."""
    inventory = zone / "inventory.json"
    inventory.write_text(inventory.read_text().replace('"10.0.16.0/20"', '"10.0.16.0/20", "10.99.0.0/20"'))

    cli.must(zone, "sync")

    assert "10.99.0.0/20" in (zone / "peering/prod-hub--prod-ml/peering.tf.json").read_text()


def test_an_account_keeps_its_id(zone: Path) -> None:
    """Another id in the inventory would plan all of its stacks anew, in another account."""
    cli.must(zone, "account", "prod-ml")
    inventory = zone / "inventory.json"
    inventory.write_text(inventory.read_text().replace('"100000000001": {', '"100000000009": {'))

    done = cli.run(zone, "sync")

    data = (zone / "stacks/prod-ml/us-east-1/network/account.tf.json").read_text()
    assert done.status == 2 and "the inventory gives 100000000009 for prod-ml; this file keeps 100000000001" in done.err
    assert '"100000000001"' in data and '"100000000009"' not in data


def test_a_policy_in_doubt_says_what_to_repair(zone: Path) -> None:
    """A pair that it would take down is kept, and its files are not the cause."""
    policy = zone / POLICY_FILE
    policy.write_text(policy.read_text().replace("accounts: [prod-pay]", "accounts: [prod-paz]"))

    err = cli.run(zone, "sync").err

    (line,) = (line for line in err.splitlines() if "peering/prod-pay--staging-pay" in line)
    assert line.endswith("correct the policy, or the override of requests, first")


def _renamed(zone: Path, old: str, new: str) -> None:
    request = zone / FOLDER / f"{old}.tf"
    text = request.read_text()
    assert text.count(f'"{old}"') == 3, text
    request.write_text(text.replace(f'AccountName               = "{old}"', f'AccountName               = "{new}"'))


def test_names_that_were_exchanged_take_nothing_down(zone: Path) -> None:
    """The tags of each AWS account are what they were: the policy denies another pair than the one that is connected."""
    _renamed(zone, "prod-ml", "dev-web")
    _renamed(zone, "dev-web", "prod-ml")

    done = cli.run(zone, "sync")

    assert done.status == 2 and "is the account 100000000001 in this stack, and 100000000006 is called so now" in done.err
    assert peered.live_pairs(_tree(zone)) >= {"prod-hub--prod-ml", "dev-hub--dev-web"}


def _tree(zone: Path) -> dict[str, bytes]:
    return {path: content for path, content in cli.snapshot(zone).items() if path.startswith("peering/")}
