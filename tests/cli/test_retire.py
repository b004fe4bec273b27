"""`scaffold account NAME --retire` in real git: each step is a pull request that the gate lets pass, and each one says the next."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from generator.atlantis import region
from generator.cli import workspace
from generator.hcl import managed
from generator.peering.existing import is_tombstone
from generator.snapshot.model import Side
from generator.snapshot.write import write
from tests.support import cli, peered
from tests.support.snapshots import connections

REQUEST = f"{FOLDER}/dev-hub.tf"
PAIRS = ["peering/dev-hub--dev-ml", "peering/dev-hub--dev-web"]
HERE = "stacks/dev-hub/us-east-1"
ECR, NETWORK = f"{HERE}/ecr", f"{HERE}/network"
BASE = ("--base", "main")
DESTROY = ("--destroy", "us-east-1/ecr", "--destroy", "us-east-1/network")
DESTROYED = ("--destroyed", "us-east-1/ecr", "--destroyed", "us-east-1/network")


@pytest.fixture(scope="session")
def grown(company: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The company, in which dev-hub has a network, a registry and two peerings."""
    root = cli.written(tmp_path_factory.mktemp("grown") / "zone", company)
    cli.must(root, "account", "dev-hub", "--with", "ecr", "--with", "network")
    return cli.snapshot(root)


@pytest.fixture(scope="session")
def live_on_main(grown: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, committed on main, with a branch of its own to work on."""
    root = cli.written(tmp_path_factory.mktemp("live") / "zone", grown)
    cli.commit(root, "all there is")
    cli.git(root, "switch", "--quiet", "--create", "work")
    return root


@pytest.fixture(scope="session")
def retiring_on_main(live_on_main: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, retiring on main."""
    root = Path(shutil.copytree(live_on_main, tmp_path_factory.mktemp("retiring") / "zone"))
    _retire(root)
    return _merge(root)


@pytest.fixture(scope="session")
def dead_on_main(retiring_on_main: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, whose stacks are tombstones on main."""
    root = Path(shutil.copytree(retiring_on_main, tmp_path_factory.mktemp("dead") / "zone"))
    _retire(root, *DESTROY, *BASE)
    return _merge(root)


@pytest.fixture
def zone(live_on_main: Path, tmp_path: Path) -> Path:
    """A landing zone of the test's own, of which nothing is retiring."""
    return Path(shutil.copytree(live_on_main, tmp_path / "zone"))


@pytest.fixture
def retiring(retiring_on_main: Path, tmp_path: Path) -> Path:
    """A landing zone of the test's own, whose dev-hub is retiring."""
    return Path(shutil.copytree(retiring_on_main, tmp_path / "zone"))


@pytest.fixture
def dead(dead_on_main: Path, tmp_path: Path) -> Path:
    """A landing zone of the test's own, in which nothing of dev-hub is live."""
    return Path(shutil.copytree(dead_on_main, tmp_path / "zone"))


def _retire(root: Path, *options: str) -> cli.Outcome:
    return cli.must(root, "account", "dev-hub", "--retire", *options)


def _refused(root: Path, *options: str, name: str = "dev-hub") -> str:
    """The words of a refusal: one that wrote nothing."""
    before = cli.snapshot(root)
    done = cli.run(root, "account", name, "--retire", *options)
    assert done.status == 1 and cli.snapshot(root) == before, done
    return done.err


def _merge(root: Path) -> Path:
    """Let the gate judge what is there, merge it into main, and go on from there."""
    assert _gate(root) == [(0, ""), (0, ""), (0, "")]
    cli.git(root, "switch", "--quiet", "main")
    cli.git(root, "merge", "--quiet", "--no-edit", "work")
    cli.git(root, "switch", "--quiet", "work")
    return root


def _gate(root: Path) -> list[tuple[int, str]]:
    """What the gate of a pull request runs, each with its status and, where it is not 0, its words."""
    cli.commit(root)
    done = [cli.run(root, *call, *BASE) for call in (("lint",), ("atlantis", "check"), ("sync", "--check"))]
    return [(each.status, each.err if each.status else "") for each in done]


def _listed(root: Path) -> list[str]:
    return [name for name in region.listed((root / region.FILE).read_bytes()) if "dev-hub" in name]


def _next(root: Path) -> list[str]:
    """The next steps, as `status` says them."""
    found: list[str] = json.loads(cli.must(root, "status", "dev-hub", "--format", "json").out)["data"]["next"]
    return found


def _data(done: cli.Outcome) -> dict[str, Any]:
    document = json.loads(done.out)
    assert document["schema"] == "scaffold.account.retire/1" and document["status"] == done.status and not done.err
    found: dict[str, Any] = document["data"]
    return found


def _is_dead(root: Path, directory: str) -> bool:
    return is_tombstone((root / directory / "main.tf").read_bytes())


def _changed(root: Path) -> list[str]:
    return sorted(line[3:] for line in cli.git(root, "status", "--porcelain", "--untracked-files=all").splitlines())


# The whole of it


def test_the_summary_of_a_pull_request_says_which_stacks_are_destroyed(retiring: Path) -> None:
    """As loudly as of a peering: a reviewer must not read "Planned" where a database goes."""
    _retire(retiring, *DESTROY, *BASE)

    said = cli.run(retiring, "atlantis", "summary", *BASE).out

    assert "This change plans the destruction of 2 stacks; Atlantis plans 2 stacks." in said
    assert f"To destroy (2): <code>{ECR}</code>, <code>{NETWORK}</code>" in said and "Planned" not in said
    assert f"apply what is destroyed first: <code>atlantis apply -p {ECR}</code>" in said and "prune" not in said
    assert "<code>scaffold account dev-hub --retire --destroyed us-east-1/ecr --base main</code>" in said


def test_an_account_from_its_peerings_to_its_closing(zone: Path) -> None:
    """Denied, destroyed, pruned, deleted, removed, closed: five pull requests, each green, and what is next is always said."""
    done = _retire(zone)
    assert "retiring = true" in done.out and 'to disconnect  dev-hub -- dev-ml   dev-hub is retiring ("true")' in done.out
    assert _changed(zone) == sorted([REQUEST, *(f"{pair}/{name}" for pair in PAIRS for name in ("main.tf", "outputs.tf"))])
    first = _next(zone)
    assert first[0] == f"apply and merge the tombstones {', '.join(PAIRS)}; then scaffold peering prune --base origin/main"
    assert "scaffold account dev-hub --retire --destroy us-east-1/ecr --destroy us-east-1/network --base origin/main" in first[1]
    assert all(step in done.out for step in first)
    assert "retiring, requested, vended, 1 of 1 networks" in cli.must(zone, "status", "dev-hub").out
    _merge(zone)

    done = _retire(zone, *DESTROY, *BASE)
    assert _changed(zone) == sorted([region.FILE, *(f"{stack}/{name}" for stack in (ECR, NETWORK) for name in ("main.tf", "outputs.tf"))])
    assert _listed(zone) == [*PAIRS, ECR, NETWORK] and all(_is_dead(zone, stack) for stack in (ECR, NETWORK))
    look = f"terraform -chdir={ECR} init -input=false && terraform -chdir={ECR} state list  # s3://acme-terraform-state/{ECR}"
    second = _next(zone)
    assert f"atlantis apply -p {ECR}; atlantis apply -p {NETWORK}; merge the tombstones" in second
    assert f"see that state list prints nothing, or no state file if it was never applied: {look}" in second and all(
        step in done.out for step in second
    )
    assert f"warning: {ECR}: its image repositories are not deleted while they hold images" in done.err
    _merge(zone)

    _see_nothing(zone)
    cli.must(zone, "peering", "prune", *BASE, "--snapshot", str(zone.parent / "seen.json"))
    _merge(zone)

    done = _retire(zone, *DESTROYED, *BASE)
    assert look in done.out and _listed(zone) == [] and not (zone / HERE).exists()
    assert _next(zone)[0].startswith(f"git rm {REQUEST}, and a pull request: AFT deletes its pipeline and metadata, and keeps the account")
    _merge(zone)

    cli.git(zone, "rm", "--quiet", REQUEST)
    _merge(zone)
    done = _retire(zone)
    assert "its request is gone, and the inventory has the account 100000000004 (ACTIVE)" in done.out
    assert "aws organizations close-account --account-id 100000000004" in done.out and cli.run(zone, "lint").status == 0


def _see_nothing(root: Path) -> None:
    """A snapshot of today in which AWS shows no connection of the account."""
    said = [json.loads((root / pair / "peering.tf.json").read_bytes())["locals"] for pair in PAIRS]
    sides = [each[side] for each in said for side in ("requester", "accepter")]
    places = {Side(side["id"], side["region"], side["vpc_id"]).place: () for side in sides}
    (root.parent / "seen.json").write_bytes(write(connections(f"{workspace.today()}T00:00:00Z", places)))


# (1)


def test_only_that_field_changes_in_a_request(zone: Path) -> None:
    """In place, comments and all."""
    text = (zone / REQUEST).read_text().replace("custom_fields", "# ours\n  custom_fields")
    (zone / REQUEST).write_text(text)

    _retire(zone)

    lines = (zone / REQUEST).read_text().splitlines()
    assert [line for line in lines if line not in text.splitlines()] == [line for line in lines if "retiring" in line]
    assert set(text.splitlines()) <= set(lines) and sum("retiring" in line for line in lines) == 1


def test_retiring_again_says_where_it_is(retiring: Path) -> None:
    """And writes nothing."""
    done = _retire(retiring)

    assert done.out.startswith("Nothing to do.") and _changed(retiring) == []
    assert "dev-hub: retiring; peerings: 2 disconnected and not pruned; stacks: 2 live." in done.out


def test_a_day_to_come_is_replaced(zone: Path) -> None:
    """Until then the account is not retiring; now it is."""
    cli.replace(zone / REQUEST, '"region"', '"retiring" = "2999-01-01"\n    "region"')

    _retire(zone)

    assert "2999-01-01" not in (zone / REQUEST).read_text() and all(_is_dead(zone, pair) for pair in PAIRS)


def test_a_computed_field_is_edited_by_hand(zone: Path) -> None:
    """With the line to edit."""
    cli.replace(zone / REQUEST, '"region"', '"retiring" = var.retiring\n    "region"')

    assert "custom_fields.retiring is computed, and only a literal value can be replaced" in _refused(zone)


def test_more_than_five_pairs_need_their_number(tmp_path: Path) -> None:
    """Exactly as for a tag."""
    many = [peered.Account("dev-hub", tier="vpn"), *(peered.Account(f"dev-n{number}", f"o{number}") for number in range(6))]
    root = cli.written(tmp_path / "zone", peered.landing_zone(many, peered.ALONE))

    assert "6 pairs would be disconnected" in _refused(root) and "--removals is 5" in _refused(root, "--removals", "5")
    assert "to disconnect  dev-hub -- dev-n0" in _retire(root, "--removals", "6").out
    assert "0 pairs would be disconnected, and --removals is 6" in _refused(root, "--removals", "6", "--destroy", "us-east-1/network")


def test_of_two_requests_none_is_changed(zone: Path) -> None:
    """Which one decides cannot be told."""
    copy = (zone / REQUEST).read_text().replace('module "dev-hub"', 'module "dev-hub-2"')
    (zone / FOLDER / "copy.tf").write_text(copy)

    assert f"2 requests are of dev-hub ({FOLDER}/copy.tf:1 and {REQUEST}:1)" in _refused(zone)


def test_a_retiring_account_gets_no_new_stack(dead: Path) -> None:
    """Its outputs would name a module that is gone; what changes no stack still works."""
    done = cli.run(dead, "account", "dev-hub")
    assert done.status == 1 and f"dev-hub is retiring, and this would add {ECR}, {NETWORK}" in done.err
    assert cli.run(dead, "account", "dev-hub", "--with", "ecr@eu-west-1").status == 1 and _changed(dead) == []

    assert cli.must(dead, "account", "dev-hub", "--tag", "owner=ml").out and REQUEST in _changed(dead)


# (2)


@pytest.mark.parametrize("name", ["us-east-1/ecr", "ecr", ECR])
def test_a_stack_is_named_as_status_shows_it(retiring: Path, name: str) -> None:
    """By its directory, the end of that, or its name alone."""
    _retire(retiring, "--destroy", name)

    assert _is_dead(retiring, ECR) and not _is_dead(retiring, NETWORK)
    assert _changed(retiring) == [region.FILE, f"{ECR}/main.tf", f"{ECR}/outputs.tf"]


def test_an_edited_main_is_replaced_because_it_was_named(retiring: Path) -> None:
    """It is theirs, and so is the decision."""
    with (retiring / ECR / "main.tf").open("a") as file:
        file.write('\nresource "aws_s3_bucket" "own" {}\n')

    done = _retire(retiring, "--destroy", "ecr", *BASE)

    assert _is_dead(retiring, ECR) and "its buckets are not deleted while they hold objects" in done.err


def test_before_it_retires_nothing_is_destroyed(zone: Path) -> None:
    """Neither in the tree nor on the base."""
    said = "dev-hub is not retiring, so nothing of it is destroyed; scaffold account dev-hub --retire, merge that, and come back"
    assert said in _refused(zone, "--destroy", "ecr")

    _retire(zone)

    assert "dev-hub is not retiring on the base yet" in _refused(zone, "--destroy", "ecr", *BASE)
    _retire(zone, "--destroy", "ecr")


def _database(root: Path) -> None:
    """A database on the network, whose production keeps it from being deleted."""
    backend = managed.text_file("# skeleton rds, instance orders, network dev-hub\n")
    main = b'module "rds" {\n  source = "../../../../modules/ecr/1.0.0"\n  deletion_protection = true\n}\n'
    files = {"backend.tf": backend, "main.tf": main, "outputs.tf": b"# none\n"}
    cli.written(root, {f"{HERE}/rds-orders/{name}": content for name, content in files.items()})


def test_a_network_stays_while_others_stand_on_it(retiring: Path) -> None:
    """Also as a tombstone, and also where both are named at once; once its directory is gone, it is free."""
    _database(retiring)

    said = _refused(retiring, *DESTROY, "--destroy", "rds-orders")
    assert f"{NETWORK}: {HERE}/rds-orders stands on the network dev-hub; stacks are to be deleted first" in said
    done = _retire(retiring, "--destroy", "rds-orders")
    assert f"warning: {HERE}/rds-orders: it has deletion protection, so AWS refuses to delete it; set deletion_" in done.err
    assert f"later {NETWORK}: {HERE}/rds-orders stands on the network dev-hub" in done.out
    assert "stands on the network" in _refused(retiring, "--destroy", "network")
    cli.commit(retiring)
    _retire(retiring, "--destroyed", "rds-orders", "--base", "work")
    _retire(retiring, "--destroy", "network")


def test_a_network_stays_while_its_peerings_are_live(retiring: Path) -> None:
    """In the tree, or still on the base."""
    live = peered.landing_zone()
    cli.written(retiring, {path: content for path, content in live.items() if path.startswith(f"{PAIRS[0]}/")})

    assert f"{NETWORK}: {PAIRS[0]} stands on the network dev-hub" in _refused(retiring, "--destroy", "network")
    cli.commit(retiring)
    cli.git(retiring, "branch", "--force", "other")
    cli.must(retiring, "sync")
    assert f"{PAIRS[0]} stands on" in _refused(retiring, "--destroy", "network", "--base", "other")
    assert f"cannot be told of {', '.join(PAIRS)}" in _retire(retiring, "--destroy", "network", *BASE).err


STRANGERS: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "a file": (lambda here: (here / "extra.tf").write_text("# ours\n"), "extra.tf"),
    "an override": (lambda here: (here / "override.tf.json").write_text("{}\n"), "override.tf.json"),
    "a link": (lambda here: (here / "shared.tf").symlink_to("../network/main.tf"), "shared.tf"),
}


@pytest.mark.parametrize("case", STRANGERS)
def test_somebody_elses_terraform_keeps_a_stack(retiring: Path, case: str) -> None:
    """It would go on being read; text that Terraform does not read is in nobody's way."""
    change, named = STRANGERS[case]
    change(retiring / ECR)

    assert f"{ECR}: Terraform would go on reading what scaffold did not write: {named}" in _refused(retiring, "--destroy", "ecr")
    (retiring / NETWORK / "README.md").write_text("ours\n")
    _retire(retiring, "--destroy", "network")


NAMES = {
    "ecrr": 'dev-hub has no stack "ecrr"; did you mean "ecr"? expected one of ecr, network',
    "us-east-2/ecr": 'dev-hub has no stack "us-east-2/ecr"; did you mean "us-east-1/ecr"?',
    PAIRS[0]: f'"{PAIRS[0]}" is a peering, and none is named here',
    "dev-hub--dev-ml": '"dev-hub--dev-ml" is a peering, and none is named here',
    "us-east-1/own": f'"us-east-1/own" is no stack of scaffold\'s, so it is neither destroyed nor deleted by it; atlantis plan -d {HERE}/',
}


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_name_is_refused(retiring: Path, name: str) -> None:
    """By both steps, with the nearest right one, or with what to do instead."""
    cli.written(retiring, {f"{HERE}/own/main.tf": b"# ours\n"})

    for step in ("--destroy", "--destroyed"):
        assert NAMES[name] in _refused(retiring, step, name, step, "ecr", *BASE)


def test_a_name_that_two_regions_have_is_refused(zone: Path) -> None:
    """With both."""
    cli.must(zone, "account", "dev-hub", "--with", "ecr@eu-west-1")
    _retire(zone)

    assert 'dev-hub has 2 stacks "ecr"; name one of eu-west-1/ecr, us-east-1/ecr' in _refused(zone, "--destroy", "ecr")


def test_every_reason_is_said_at_once(zone: Path) -> None:
    """Also of several stacks."""
    (zone / ECR / "extra.tf").write_text("# ours\n")

    said = _refused(zone, *DESTROY)

    assert "is not retiring" in said and "extra.tf" in said and f"{', '.join(PAIRS)} stand on the network dev-hub" in said


# (3)


def test_only_a_tombstone_of_the_base_is_deleted(retiring: Path) -> None:
    """A live stack stays, and so does a tombstone that nobody has merged."""
    said = "this stack is live, so it stays; scaffold account dev-hub --retire --destroy us-east-1/ecr, apply and merge that first"
    assert said in _refused(retiring, "--destroyed", "ecr", *BASE)
    _retire(retiring, "--destroy", "ecr")
    cli.commit(retiring)

    assert "this tombstone is not on the base yet, so it stays" in _refused(retiring, "--destroyed", "ecr", *BASE)
    _retire(retiring, "--destroyed", "ecr", "--base", "work")
    assert not (retiring / ECR).exists() and (retiring / NETWORK).exists()


KEPT: Mapping[str, tuple[Callable[[Path], object], str]] = {
    **STRANGERS,
    "a text": (lambda here: (here / "README.md").write_text("ours\n"), "README.md"),
    "an edited file": (
        lambda here: cli.replace(here / "providers.tf", "session_name", "external_id"),
        "providers.tf (edited)",
    ),
    "a folder": (lambda here: (here / "notes").mkdir(), "notes/"),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_scaffold_did_not_write_is_not_deleted(dead: Path, case: str) -> None:
    """Nothing of its directory is, nor of the others that are named; what a run of Terraform left is in nobody's way."""
    change, named = KEPT[case]
    change(dead / ECR)

    assert f"{ECR}: this tombstone stays, since it holds what scaffold did not write: {named}" in _refused(dead, *DESTROYED, *BASE)
    (dead / NETWORK / ".terraform").mkdir()
    _retire(dead, "--destroyed", "network", *BASE)


def test_a_base_that_cannot_be_read_is_refused(dead: Path) -> None:
    """By both steps: it is none that holds nothing."""
    valid = (dead / "scaffold.yaml").read_bytes()
    (dead / "scaffold.yaml").write_bytes(b"version: [")
    cli.commit(dead)
    (dead / "scaffold.yaml").write_bytes(valid)

    for step in (DESTROY, DESTROYED):
        assert "work has no scaffold.yaml that can be read" in _refused(dead, *step, "--base", "work")
        assert '"nowhere" names no commit here' in _refused(dead, *step, "--base", "nowhere")


def test_what_atlantis_never_planned_it_does_not_apply(tmp_path: Path) -> None:
    """An account that AFT has not made yet: its stacks are in no project, and go the same way."""
    root = cli.written(tmp_path / "zone", peered.landing_zone([peered.Account("dev-new", vended=False)], peered.ALONE))
    cli.must(root, "account", "dev-new", "--with", "ecr")
    cli.must(root, "account", "dev-new", "--retire")

    done = cli.must(root, "account", "dev-new", "--retire", "--destroy", "ecr")

    assert "  1. merge the tombstones\n" in done.out and "state list prints nothing" in done.out
    cli.commit(root)
    cli.must(root, "account", "dev-new", "--retire", "--destroyed", "ecr", "--base", "HEAD")
    assert (
        not (root / "stacks/dev-new").exists() and "close-account --account-id ID;" in cli.must(root, "account", "dev-new", "--retire").out
    )


def test_a_name_from_the_disk_says_nothing_to_a_shell_or_a_terminal(retiring: Path) -> None:
    """Commands are there to be copied."""
    cli.written(retiring, {f"{HERE}/$(id)\x1b[2J/main.tf": b"# ours\n"})

    said = _retire(retiring).out

    assert f"atlantis plan -d '{HERE}/$(id)\\x1b[2J' -- -destroy" in said and "\x1b" not in said


# (4) and (5)


def test_a_request_beside_others_is_taken_out_by_hand(dead: Path) -> None:
    """Its file holds more than this account; and the policy may name it, too."""
    _see_nothing(dead)
    cli.must(dead, "peering", "prune", *BASE, "--snapshot", str(dead.parent / "seen.json"))
    _retire(dead, *DESTROYED, *BASE)
    both = (dead / REQUEST).read_text() + (dead / FOLDER / "dev-ml.tf").read_text()
    for name in ("dev-hub", "dev-ml"):
        (dead / FOLDER / f"{name}.tf").unlink()
    (dead / FOLDER / "all.tf").write_text(both)
    policy = dead / peered.POLICY_FILE
    policy.write_text(policy.read_text() + "tests:\n  - {pair: [dev-hub, dev-ml], expect: deny}\n")

    (first, *_) = _next(dead)

    line = len(policy.read_text().splitlines())
    assert first.startswith(f'take module "dev-hub" out of {FOLDER}/all.tf:1 (and its name out of {peered.POLICY_FILE}:{line}, ')


def test_a_request_that_went_too_early_is_asked_back(dead: Path) -> None:
    """What it left behind is named."""
    (dead / REQUEST).unlink()

    said = _refused(dead)

    assert f'the request of "dev-hub" is gone, and {ECR}, {NETWORK}, {", ".join(PAIRS)} are there; restore the request' in said


def test_status_judges_a_day_of_retiring_on_the_day_that_is_named(retiring: Path) -> None:
    """As every command that judges pairs."""
    request = retiring / REQUEST
    request.write_text(request.read_text().replace('"true"', '"2099-01-31"'))

    before, after = (cli.must(retiring, "status", "dev-hub", "--date", day).out for day in ("2099-01-30", "2099-01-31"))

    assert "dev-hub is retiring" not in before and 'dev-hub is retiring ("2099-01-31")' in after


def test_an_account_that_only_accounts_yaml_describes_has_nothing_to_retire(zone: Path) -> None:
    """Its request is not "gone": there never was one. Networks that the file adds to an account with a request change nothing."""
    network = "networks: {NAME: {region: us-east-1, vpc_id: vpc-0aa, cidr_blocks: [10.99.0.0/16]}}".replace(
        "vpc-0aa", "vpc-0123456789abcdef0"
    )
    old = f'prod-old: {{id: "100000000099", {network.replace("NAME", "prod-old")}}}'
    more = f"dev-hub: {{{network.replace('NAME', 'dev-hub.us-east-1.old')}}}"
    (zone / "accounts.yaml").write_text(f"version: 1\naccounts:\n  {old}\n  {more}\n")

    said = _refused(zone, name="prod-old")
    assert "accounts.yaml:3: prod-old has no request, so there is nothing to retire; deny its pairs in peering/policy.yaml" in said
    (zone / REQUEST).unlink()
    assert 'the request of "dev-hub" is gone' in _refused(zone)


def test_an_account_that_nobody_has_is_refused(zone: Path) -> None:
    """With the nearest one; where something could not be read, with that instead."""
    assert 'there is no account "dev-hubb"; did you mean "dev-hub"?' in _refused(zone, name="dev-hubb")
    (zone / FOLDER / "broken.tf").write_text('module "x" {')

    assert f'no account "dev-hubb" was read, and {FOLDER}/broken.tf could not be' in _refused(zone, name="dev-hubb")


# Options


WRONG = {
    ("--destroy", "ecr"): "only with --retire: --destroy",
    ("--base", "main"): "only with --retire: --base",
    ("--retire", "--owner", "x", "--with", "ecr"): "not with --retire: --owner, --with",
    ("--retire", "--destroy", "ecr", "--destroyed", "ecr"): "--destroy and --destroyed are two steps",
    ("--retire", "--destroyed", "ecr"): "--destroyed needs --base REF",
}


@pytest.mark.parametrize("options", WRONG)
def test_options_that_do_not_go_together_are_wrong_usage(zone: Path, options: tuple[str, ...]) -> None:
    """Nothing is written."""
    done = cli.run(zone, "account", "dev-hub", *options)

    assert done.status == 64 and WRONG[options] in done.err and _changed(zone) == []


@pytest.mark.parametrize("step", [(), DESTROY, (*DESTROYED, *BASE)])
def test_check_writes_nothing_and_diff_shows_it(zone: Path, step: tuple[str, ...]) -> None:
    """Each step by itself: status 2 where it would do something, and the diff applies to the same tree."""
    if step:
        _retire(zone)
    if step == (*DESTROYED, *BASE):
        _retire(zone, *DESTROY)
    _merge(zone)
    before = cli.snapshot(zone)

    checked = cli.run(zone, "account", "dev-hub", "--retire", *step, "--check", "--diff")

    assert checked.status == 2 and cli.snapshot(zone) == before and "Nothing written: --check." in checked.out
    (zone.parent / "shown.diff").write_text(checked.out)
    cli.git(zone, "apply", str(zone.parent / "shown.diff"))
    shown = cli.snapshot(zone)
    cli.git(zone, "checkout", "--quiet", ".")
    _retire(zone, *step)
    assert cli.snapshot(zone) == shown


def test_each_step_is_one_json_object(zone: Path) -> None:
    """Where it is, what is written, what to look at and what is next."""
    data = _data(_retire(zone, "--format", "json"))
    assert (data["account"], data["retiring"], data["peerings"]) == ("dev-hub", True, {"live": [], "tombstones": PAIRS})
    assert [(pair["a"], pair["b"]) for pair in data["disconnect"]] == [("dev-hub", "dev-ml"), ("dev-hub", "dev-web")]
    _merge(zone)

    checked = cli.run(zone, "account", "dev-hub", "--retire", *DESTROY, *BASE, "--check", "--format", "json")
    data = _data(checked)
    assert checked.status == 2 and data["stacks"] == {"live": [], "tombstones": [ECR, NETWORK], "foreign": []}
    assert [command.split("  # ")[1] for command in data["look"]] == [f"s3://acme-terraform-state/{stack}" for stack in (ECR, NETWORK)]
    assert {change["owner"] for change in data["changes"]} == {"record", "region"} and data["next"]
    assert "held" in {problem["id"] for problem in json.loads(checked.out)["problems"]}


def test_a_refusal_is_json_too(zone: Path) -> None:
    """With its id and the value that was wrong."""
    done = cli.run(zone, "account", "dev-hub", "--retire", "--destroy", "nothing", "--format", "json")

    (problem,) = json.loads(done.out)["problems"]
    assert (done.status, problem["id"], problem["value"]) == (1, "unknown-stack", "nothing")
