"""`scaffold peering plan` and `explain`, and what `account`, `sync` and `lint` say of peerings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from tests.support import cli, peered
from tests.support.peered import POLICY, POLICY_FILE


def written(root: Path, files: Mapping[str, bytes]) -> Path:
    """These files on the disk."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


@pytest.fixture(scope="session")
def company() -> dict[str, bytes]:
    """The company, after sync."""
    return peered.landing_zone()


@pytest.fixture
def zone(company: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The same on the disk."""
    return written(tmp_path / "zone", company)


def _data(done: cli.Outcome) -> Any:
    return json.loads(done.out)["data"]


def test_the_plan_as_data(zone: Path) -> None:
    """The documented form: every network, the pairs worth naming in order, and how many are denied."""
    data = _data(cli.must(zone, "peering", "plan", "--format", "json"))

    assert data["networks"] == ["dev-hub", "dev-ml", "dev-web", "prod-hub", "prod-ml", "prod-pay", "staging-pay"]
    assert [(pair["a"], pair["b"]) for pair in data["pairs"]] == [
        ("dev-hub", "dev-ml"), ("dev-hub", "dev-web"), ("prod-hub", "prod-ml"), ("prod-hub", "prod-pay"), ("prod-pay", "staging-pay"),
    ]  # fmt: skip
    assert data["denied"] == 16 and data["undetermined"] == 0
    first = data["pairs"][0]
    assert {key: first[key] for key in ("decision", "rules", "proposed", "feasible", "refusals", "action", "stack")} == {
        "decision": "allow", "rules": ["vpn-reaches-its-environment"], "proposed": False, "feasible": True, "refusals": [],
        "action": "keep", "stack": "live",
    }  # fmt: skip


def test_all_lists_every_pair(zone: Path) -> None:
    """Denied ones too, each once, in order."""
    data = _data(cli.must(zone, "peering", "plan", "--all", "--format", "json"))
    names = [(pair["a"], pair["b"]) for pair in data["pairs"]]

    assert len(names) == 21 == len(set(names)) and names == sorted(names) and all(a < b for a, b in names)
    assert sum(pair["decision"] == "deny" for pair in data["pairs"]) == data["denied"]


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
    cli.commit(zone)
    (zone / POLICY_FILE).write_bytes(policy)
    cli.must(zone, "sync")

    changes = _data(cli.must(zone, "peering", "plan", "--base", "HEAD", "--format", "json"))["changes"]

    assert {what: len(pairs) for what, pairs in changes.items()} == {"connect": 5}
    assert cli.run(zone, "sync", "--check", "--base", "HEAD").status == 0
    assert cli.run(zone, "lint", "--base", "HEAD").status == 0


EXPLAINED = """\
prod-ml -- dev-ml   DENY
  by        production-meets-only-production   peering/policy.yaml:16   customer data stays in production
    between   environment In prod     prod-ml  prod  true
    and       environment NotIn prod  dev-ml   dev   true
    unless    1 exception, about another pair
  overrides allow same-owner                   peering/policy.yaml:10
"""


def test_a_denied_pair_is_explained(zone: Path) -> None:
    """Rule, place and reason; each requirement with the value seen; what it overrides; and what would flip it."""
    out = cli.must(zone, "peering", "explain", "prod-ml", "dev-ml").out

    assert out.startswith(EXPLAINED)
    rest = out[len(EXPLAINED) :].splitlines()
    assert rest[0].startswith("  would flip an exception for this pair; or ")
    assert "dev-ml environment=prod, which also connects 1 more network and disconnects 1 network" in rest[0]
    assert rest[1:] == [
        "  feasible  yes: ranges disjoint, 1 and 1 of 50 peerings",
        "  not judged transit gateways, PrivateLink, security groups",
    ]


def test_what_would_flip_a_pair_does_flip_it(zone: Path) -> None:
    """Every change that an explanation offers is tried, and connects as many more as it said."""
    data = _data(cli.must(zone, "peering", "explain", "prod-ml", "dev-ml", "--format", "json"))

    assert data["would_flip"]
    for flip in data["would_flip"]:
        cli.commit(zone)
        cli.must(zone, "account", flip["network"], "--tag", f"{flip['tag']}={flip['value']}")
        explained = _data(cli.must(zone, "peering", "explain", "prod-ml", "dev-ml", "--format", "json"))
        changes = _data(cli.must(zone, "peering", "plan", "--base", "HEAD", "--format", "json"))["changes"]
        assert explained["decision"] == "allow"
        assert len(changes["connect"]) - 1 == flip["connects"] and len(changes.get("disconnect", [])) == flip["disconnects"]
        cli.git(zone, "reset", "--quiet", "--hard")
        cli.git(zone, "clean", "--quiet", "-fd")


def test_an_exception_ends_on_its_day(zone: Path) -> None:
    """Its last day is valid; the day after the pair is taken down."""
    last = _data(cli.must(zone, "peering", "plan", "--date", "2026-12-31", "--format", "json"))
    after = _data(cli.must(zone, "peering", "plan", "--date", "2027-01-01", "--format", "json"))

    assert {f"{pair['a']}--{pair['b']}": pair["action"] for pair in last["pairs"]}["prod-pay--staging-pay"] == "keep"
    assert {f"{pair['a']}--{pair['b']}": pair["action"] for pair in after["pairs"]}["prod-pay--staging-pay"] == "tombstone"


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "tomorrow", "2026-1-1"])
def test_a_day_that_is_none(day: str, zone: Path) -> None:
    """A wrong date is wrong usage: it must not decide what has expired."""
    done = cli.run(zone, "peering", "plan", "--date", day)

    assert done.status == 64 and day in done.err


def test_names_that_are_none(zone: Path) -> None:
    """An unknown network gets the nearest; both are told at once; one network is no pair."""
    wrong, same = cli.run(zone, "peering", "explain", "prod-mll", "nobody"), cli.run(zone, "peering", "explain", "prod-ml", "prod-ml")

    assert wrong.status == same.status == 1
    assert 'there is no network "prod-mll"; did you mean "prod-ml"?' in wrong.err and 'there is no network "nobody"' in wrong.err
    assert "prod-ml is given twice" in same.err


def test_markdown_names_everything(zone: Path) -> None:
    """Both accounts, ranges, the deciding rule and tags, for a comment on the pull request."""
    out = cli.must(zone, "peering", "plan", "--format", "markdown").out
    (row,) = [line for line in out.splitlines() if line.startswith("| prod-hub -- prod-ml |")]

    for word in ("vpn-reaches-its-environment", "10.0.0.0/20", "10.0.16.0/20", "environment=prod", "tier=vpn", "tier=app", "us-east-1"):
        assert word in row
    assert "security groups still decide" in out


def test_an_account_shows_its_consequences(zone: Path) -> None:
    """Before anything is written: what the tags will connect, and why; the check shows the same."""
    checked = cli.run(zone, "account", "dev-web", "--tag", "owner=ml", "--check")
    done = cli.must(zone, "account", "dev-web", "--tag", "owner=ml")

    assert checked.status == 2
    for out in (checked.out, done.out):
        assert "Peerings:\n  to connect  dev-ml -- dev-web  same-owner\n" in out


def test_a_new_account_shows_what_it_waits_for(zone: Path) -> None:
    """Nothing is peered before the account is there; which pairs will be is said."""
    out = cli.must(zone, "account", "prod-new", "--owner", "new").out

    assert "waiting  prod-hub -- prod-new  vpn-reaches-its-environment; the account prod-new is not in the inventory" in out


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


def test_only_a_part_of_the_peerings(tmp_path: Path) -> None:
    """`--only` takes the pairs with a side that matches, and the module they call."""
    root = written(tmp_path, peered.unsettled())

    cli.must(root, "sync", "--only", "environment=dev")

    assert peered.live_pairs({str(path.relative_to(root)): path.read_bytes() for path in root.glob("peering/*/main.tf")}) == {
        "dev-hub--dev-ml", "dev-hub--dev-web",
    }  # fmt: skip
    assert (root / "modules/peering/1.0.0/connection.tf").is_file()
    assert cli.run(root, "sync", "--only", "skeleton=peering", "--check").status == 2


def test_a_stack_that_lost_its_main_is_said(zone: Path) -> None:
    """The next plan would destroy the peering: lint says so, and sync does not guess which release of the module it called."""
    main = zone / "peering/prod-hub--prod-ml/main.tf"
    main.unlink()

    lint, sync = cli.run(zone, "lint"), cli.run(zone, "sync")

    assert lint.status == 2 and "this peering is not declared any more" in lint.err
    assert sync.status == 2 and "which one it called cannot be told" in sync.err
    assert not main.exists()


def test_a_stack_that_lost_its_data_keeps_its_sides(zone: Path) -> None:
    """Which side requested is known from the data file alone: written anew, the sides could be exchanged, and all be replaced."""
    data = zone / "peering/prod-hub--prod-ml/peering.tf.json"
    data.unlink()

    sync = cli.run(zone, "sync")

    assert sync.status == 2 and "restore the files of peering/prod-hub--prod-ml from git" in sync.err
    assert not data.exists()


def test_half_a_tombstone_is_completed(zone: Path) -> None:
    """Outputs that came back, by a merge say, name a module that is not called any more: Terraform fails there."""
    outputs = zone / "peering/prod-hub--prod-ml/outputs.tf"
    content = outputs.read_bytes()
    request = zone / "aft-account-request/terraform/prod-ml.tf"
    request.write_text(request.read_text().replace('"environment" = "prod"', '"environment" = "dev"'))
    assert cli.run(zone, "sync").status == 0 and not outputs.exists()
    outputs.write_bytes(content)

    again = cli.run(zone, "sync")

    assert again.status == 0 and not outputs.exists()


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


@pytest.mark.parametrize("call", [("pull",), ("accounts",), ("status", "prod-ml"), ("skeletons",)])
def test_what_judges_no_pair_needs_no_policy(call: tuple[str, ...], zone: Path) -> None:
    """A broken policy does not keep anybody from looking, nor from learning what AWS has."""
    (zone / POLICY_FILE).write_text("rules: [")

    assert "peering/policy.yaml" not in cli.run(zone, *call).err


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


@pytest.mark.parametrize(
    ("old", "new", "file", "said"),
    [
        ('"region"       = "us-east-1"', '"region"       = "eu-west-1"', f"{FOLDER}/prod-ml.tf", "is declared in eu-west-1, and its VPC"),
        ('"vpc-00000000000000001"', '"vpc-0000000000000000f"', "inventory.json", "when the pair was reviewed, and is"),
        ('"100000000001": {', '"100000000009": {', "inventory.json", "when the pair was reviewed, and is"),
        ("aws+prod-ml@acme.com", "aws+prod-hub@acme.com", f"{FOLDER}/prod-ml.tf", "are one AWS account, 100000000000"),
    ],
    ids=["region", "vpc", "account", "address"],
)
def test_a_live_pair_never_moves_to_other_ends(old: str, new: str, file: str, said: str, zone: Path) -> None:
    """Another account, region or VPC would replace the connection: the stack keeps its bytes, as an error."""
    cli.replace(zone / file, old, new)
    before = {path: content for path, content in cli.snapshot(zone).items() if path.startswith("peering/prod-hub--prod-ml")}

    done = cli.run(zone, "sync")

    assert done.status == 2 and said in done.err
    assert {path: content for path, content in cli.snapshot(zone).items() if path.startswith("peering/prod-hub--prod-ml")} == before


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

    assert done.status == 3 and "peering/dev-hub--dev-ml holds something else" in done.err
    assert [path.name for path in (root / "peering/dev-hub--dev-ml").iterdir()] == ["other.tf"]
    assert not list((tmp_path / "outside").iterdir()) and (root / "peering/prod-hub--prod-ml/main.tf").is_file()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("main.tf", "", "calls no module"),
        ("peering.tf.json", '{"locals": {}}', "says which networks are connected, and it is not what scaffold wrote"),
    ],
)
def test_an_emptied_stack_is_an_error(file: str, content: str, said: str, zone: Path) -> None:
    """A file without its header is somebody's; but a peering without its module or its data is not declared any more."""
    (zone / "peering/prod-hub--prod-ml" / file).write_text(content)

    done, lint = cli.run(zone, "sync"), cli.run(zone, "lint")

    assert done.status == lint.status == 2 and said in done.err and said in lint.err


def test_no_tombstone_without_data(zone: Path) -> None:
    """Its providers take the accounts from the data file: without it nothing could be destroyed."""
    (zone / "peering/prod-hub--prod-ml/peering.tf.json").unlink()
    cli.replace(zone / FOLDER / "prod-ml.tf", '"environment" = "prod"\n    "owner"', '"environment" = "dev"\n    "owner"')

    done = cli.run(zone, "sync")

    assert done.status == 2 and "its data cannot be read, so it is not taken down" in done.err
    assert "Tombstone" not in (zone / "peering/prod-hub--prod-ml/main.tf").read_text()


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
        "route_table_ids": ["rtb-0000000000000000e"],
        "dns": True,
    }
    document["accounts"]["999999999999"] = {
        "name": "old", "email": "old@acme.com", "state": "ACTIVE", "reachable": True, "stale": False, "networks": {"prod-old": network},
    }  # fmt: skip
    (root / "inventory.json").write_text(json.dumps(document))

    cli.must(root, "sync", "--only", "account=prod-old")

    assert [path.name for path in (root / "peering").glob("*--*")] == ["prod-hub--prod-old"]


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
        "route_table_ids": tables,
        "dns": True,
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
