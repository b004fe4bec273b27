"""One value changes: exactly the files that depend on it change, and exactly the pairs whose decision flips."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from generator.accounts.model import FOLDER
from generator.hcl import managed
from generator.landing_zone.peerings import plan_of
from generator.organization.schema import FILE
from generator.peering.plan import Action
from tests.support import cli, peered, zones
from tests.support.peered import COMPANY, POLICY, Account

Files = Mapping[str, bytes]
_STACKS = ("ecr", "network")


def _with_stacks(root: Path, accounts: Sequence[Account]) -> Path:
    """A landing zone on the disk, in which every account has its standard stacks."""
    cli.written(root, peered.unsettled(accounts))
    for account in accounts:
        cli.must(root, "account", account.name)
    cli.must(root, "sync")
    return root


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the company, with stacks."""
    return _read(_with_stacks(tmp_path_factory.mktemp("company"), COMPANY))


def _read(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != "lock"}


def _changed(before: Files, root: Path, *arguments: str) -> set[str]:
    """Write the files, run a command, and name every path that differs."""
    cli.written(root, before)
    cli.must(root, *arguments)
    after = _read(root)
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


def _data_files(name: str) -> set[str]:
    return {f"stacks/{name}/us-east-1/{stack}/account.tf.json" for stack in _STACKS}


def _new(pair: str) -> set[str]:
    names = ("backend.tf", "main.tf", "outputs.tf", "peering.tf.json", "providers.tf", "versions.tf")
    return {f"peering/{pair}/{name}" for name in names}


def _down(pair: str) -> set[str]:
    return {f"peering/{pair}/{name}" for name in ("main.tf", "outputs.tf")}


def test_an_owner_changes_the_request_and_its_data_files(company: Files, tmp_path: Path) -> None:
    """An owner that no rule looks at touches nothing of anybody else, and no peering."""
    policy = {**company, peered.POLICY_FILE: POLICY.replace("sameTags: [owner]", "sameTags: [tier, owner]").encode()}

    changed = _changed(policy, tmp_path, "account", "prod-pay", "--tag", "owner=billing")

    assert changed == {f"{FOLDER}/prod-pay.tf", *_data_files("prod-pay"), *_down("prod-pay--staging-pay")}


def test_an_owner_of_a_hub_does_not_touch_its_peerings(company: Files, tmp_path: Path) -> None:
    """The marker tags on a connection are not the account's tags: an owner's change re-plans no peering."""
    changed = _changed(company, tmp_path, "account", "prod-hub", "--tag", "owner=network")

    assert changed == {f"{FOLDER}/prod-hub.tf", *_data_files("prod-hub")}


def test_an_environment_flips_exactly_its_pairs(company: Files, tmp_path: Path) -> None:
    """dev-ml becomes production: its two new pairs are made, its old one is taken down, nothing else is touched."""
    changed = _changed(company, tmp_path, "account", "dev-ml", "--tag", "environment=prod")

    assert changed == {
        f"{FOLDER}/dev-ml.tf",
        *_data_files("dev-ml"),
        *_down("dev-hub--dev-ml"),
        *_new("dev-ml--prod-hub"),
        *_new("dev-ml--prod-ml"),
        "atlantis.yaml",
    }


def test_a_tag_that_does_not_propagate_touches_no_data_file(company: Files, tmp_path: Path) -> None:
    """`tier` says propagate: false. It decides about peerings all the same."""
    changed = _changed(company, tmp_path, "account", "dev-web", "--tag", "tier=vpn")

    assert changed == {f"{FOLDER}/dev-web.tf", *_new("dev-ml--dev-web"), "atlantis.yaml"}


def test_a_tag_that_decides_nothing_touches_the_request_only(company: Files, tmp_path: Path) -> None:
    """A key without propagation that no rule mentions."""
    files = {**company, FILE: company[FILE].replace(b"\ntags:\n", b"\ntags:\n  note: {propagate: false}\n")}

    assert _changed(files, tmp_path, "account", "dev-web", "--tag", "note=x") - {".scaffold/x"} == {f"{FOLDER}/dev-web.tf"}


def _hub(spokes: int, policy: str = peered.ALONE) -> dict[str, bytes]:
    """A hub and so many spokes of one environment."""
    accounts = [Account("prod-hub", tier="vpn"), *(Account(f"prod-app{number:03}", f"team{number}") for number in range(spokes))]
    return peered.unsettled(accounts, policy)


def test_a_full_hub_keeps_what_it_has_and_takes_no_more() -> None:
    """Fifty spokes keep their bytes; the fifty-first is refused by one refusal that names it and says what to do."""
    fifty = peered.synced(_hub(50))
    files = {**fifty, **_hub(51)}

    after = peered.synced(files)
    found = plan_of(zones.zone(files))

    assert _pairs(after) == _pairs(fifty)
    assert len(peered.live_pairs(after)) == 50
    (refused,) = [pair for pair in found.pairs.values() if pair.refusals]
    assert refused.name == "prod-app050--prod-hub" and refused.action is Action.NONE
    (refusal,) = refused.refusals
    assert refusal.id == "peering-quota"
    assert refusal.message == "prod-hub would have 51 peerings, and its limit is 50: 50 exist and stay, new are prod-app050"
    assert "L-7E9ECCDB" in refusal.remedy and "transit gateway" in refusal.remedy


def test_of_too_many_new_pairs_none_is_picked() -> None:
    """Fifty-one at once: all are refused, by one refusal."""
    found = plan_of(zones.zone(_hub(51)))

    assert {pair.action for pair in found.pairs.values()} == {Action.NONE}
    assert len({refusal for pair in found.pairs.values() for refusal in pair.refusals}) == 1
    assert not found.of(Action.CREATE)


def test_a_crowd_is_counted_and_never_made() -> None:
    """A hub of four hundred spokes: one refusal, not four hundred pairs (what that costs is a benchmark)."""
    found = plan_of(zones.zone(_hub(400)))

    assert not found.pairs and list(found.crowds) == ["prod-hub"]
    assert "400 peerings" in found.crowds["prod-hub"].message
    assert found.allowed == 400


HOSTILE = {
    "a quote": 'ml"',
    "a template": "${path.module}",
    "a directive": "%{ if true }",
    "a line end": "ml\nowner",
    "a look-alike letter": "m" + "\u04cf",
    "an accent apart": "cafe\u0301",
    "another case": "ML",
    "a space": "ml ",
    "256 characters": "m" * 256,
    "a right-to-left mark": "ml\u202e",
}


@pytest.mark.parametrize("schema", ["closed", "open"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_connects_nothing(name: str, schema: str) -> None:
    """Only the same characters are the same owner; and no value of a tag ever reaches the Terraform of a pair."""
    owners = {"staging-pay": HOSTILE[name], "prod-pay": "ml"}
    hostile, plain = (_owned({**owners, "staging-pay": value}, schema) for value in (HOSTILE[name], "somebody"))

    assert "prod-pay--staging-pay" not in peered.stacks(hostile)
    assert _pairs(hostile) == _pairs(plain)


def _owned(owners: Mapping[str, str], schema: str) -> dict[str, bytes]:
    """The company after sync, with other owners; `open`: any value of the tag is legal."""
    files = peered.unsettled([replace(account, owner=owners.get(account.name, account.owner)) for account in COMPANY])
    if schema == "open":
        files[FILE] = files[FILE].replace(b', pattern: "[a-z][a-z0-9-]{1,30}"', b"")
        assert b"{required: true}" in files[FILE]
    return peered.synced(files)


def _pairs(files: Files) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path.startswith("peering/")}


def test_the_twin_of_a_hostile_value_connects() -> None:
    """The exception and the same owner, spelled alike, do."""
    accounts = [replace(account, owner="ml") if account.name in ("prod-pay", "staging-pay") else account for account in COMPANY]

    assert "prod-pay--staging-pay" in peered.live_pairs(peered.landing_zone(accounts))


def test_more_than_five_removals_want_their_number(tmp_path: Path) -> None:
    """Six pairs at once stop the command before anything is written, until the number is stated."""
    accounts = [Account("prod-hub", tier="vpn"), *(Account(f"prod-app{number}", f"team{number}") for number in range(6))]
    files = peered.landing_zone(accounts, peered.ALONE)
    cli.written(tmp_path, files)

    refused = cli.run(tmp_path, "account", "prod-hub", "--tag", "environment=dev")
    wrong = cli.run(tmp_path, "account", "prod-hub", "--tag", "environment=dev", "--removals", "5")

    assert (refused.status, wrong.status) == (1, 1)
    assert "6 pairs would be disconnected" in refused.err and "--removals 6" in refused.err
    assert _read(tmp_path) == files
    assert cli.run(tmp_path, "account", "prod-hub", "--tag", "environment=dev", "--removals", "6").status == 0
    assert set(peered.stacks(_read(tmp_path)).values()) == {"tombstone"}


def test_a_tombstone_comes_to_life_again() -> None:
    """The tag goes back before the destroy was applied, or after: the pair is made again with the same bytes."""
    before = peered.landing_zone()
    there = {**before, f"{FOLDER}/prod-ml.tf": before[f"{FOLDER}/prod-ml.tf"].replace(b'"environment" = "prod"', b'"environment" = "dev"')}
    away = peered.synced(there)

    back = peered.synced({**away, f"{FOLDER}/prod-ml.tf": before[f"{FOLDER}/prod-ml.tf"]})

    assert peered.stacks(away)["prod-hub--prod-ml"] == "tombstone"
    assert {path: content for path, content in back.items() if path.startswith("peering/prod-hub--prod-ml/")} == {
        path: content for path, content in before.items() if path.startswith("peering/prod-hub--prod-ml/")
    }


def test_a_retiring_account_is_disconnected() -> None:
    """The custom field says it, whatever the tags allow."""
    accounts = [replace(account, fields={"retiring": "2026-11-24"}) if account.name == "prod-ml" else account for account in COMPANY]

    after = peered.synced({**peered.landing_zone(), **peered.unsettled(accounts)})

    assert {pair for pair, state in peered.stacks(after).items() if state == "tombstone"} == {"prod-hub--prod-ml"}


def test_what_somebody_edited_is_not_taken_down(tmp_path: Path) -> None:
    """An edited module call stays, with status 2 and the steps."""
    before = peered.landing_zone()
    main = "peering/prod-hub--prod-ml/main.tf"
    files = {
        **before,
        main: before[main] + b"# mine\n",
        f"{FOLDER}/prod-ml.tf": before[f"{FOLDER}/prod-ml.tf"].replace(b'"prod"', b'"dev"'),
    }
    cli.written(tmp_path, files)

    done = cli.run(tmp_path, "sync")

    assert done.status == 2
    assert "was edited or is yours" in done.err and "restore both from git" in done.err
    assert (tmp_path / main).read_bytes() == files[main]
    assert (tmp_path / "peering/prod-hub--prod-ml/outputs.tf").exists()


def test_the_requester_never_flips() -> None:
    """A connection that was made the other way round stays as it is."""
    before = peered.landing_zone()
    data = "peering/prod-hub--prod-ml/peering.tf.json"
    document = json.loads(before[data])
    sides = document["locals"]
    sides["requester"], sides["accepter"] = sides["accepter"], sides["requester"]
    turned = managed.json_file({"locals": sides})

    assert peered.synced({**before, data: turned})[data] == turned
