"""`--retire --destroyed STACK`, the request, and the account: what is deleted was seen empty, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.accounts.model import FOLDER
from tests.cli.retire.steps import (
    BASE,
    DESTROY,
    DESTROYED,
    ECR,
    HERE,
    NETWORK,
    PAIRS,
    REQUEST,
    STRANGERS,
    next_steps,
    refused,
    retire,
    see_nothing,
)
from tests.support import cli, peered

# (3)


def test_only_a_tombstone_of_the_base_is_deleted(retiring: Path) -> None:
    """A live stack stays, and so does a tombstone that nobody has merged."""
    said = "this stack is live, so it stays; scaffold account dev-hub --retire --destroy us-east-1/ecr, apply and merge that first"
    assert said in refused(retiring, "--destroyed", "ecr", *BASE)
    retire(retiring, "--destroy", "ecr")
    cli.commit(retiring)

    assert "this tombstone is not on the base yet, so it stays" in refused(retiring, "--destroyed", "ecr", *BASE)
    retire(retiring, "--destroyed", "ecr", "--base", "work")
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

    assert f"{ECR}: this tombstone stays, since it holds what scaffold did not write: {named}" in refused(dead, *DESTROYED, *BASE)
    (dead / NETWORK / ".terraform").mkdir()
    retire(dead, "--destroyed", "network", *BASE)


def test_a_base_that_cannot_be_read_is_refused(dead: Path) -> None:
    """By both steps: it is none that holds nothing."""
    valid = (dead / "scaffold.yaml").read_bytes()
    (dead / "scaffold.yaml").write_bytes(b"version: [")
    cli.commit(dead)
    (dead / "scaffold.yaml").write_bytes(valid)

    for step in (DESTROY, DESTROYED):
        assert "work has no scaffold.yaml that can be read" in refused(dead, *step, "--base", "work")
        assert '"nowhere" names no commit here' in refused(dead, *step, "--base", "nowhere")


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

    said = retire(retiring).out

    assert f"atlantis plan -d '{HERE}/$(id)\\x1b[2J' -- -destroy" in said and "\x1b" not in said


# (4) and (5)


def test_a_request_beside_others_is_taken_out_by_hand(dead: Path) -> None:
    """Its file holds more than this account; and the policy may name it, too."""
    see_nothing(dead)
    cli.must(dead, "peering", "prune", *BASE, "--snapshot", str(dead.parent / "seen.json"))
    retire(dead, *DESTROYED, *BASE)
    both = (dead / REQUEST).read_text() + (dead / FOLDER / "dev-ml.tf").read_text()
    for name in ("dev-hub", "dev-ml"):
        (dead / FOLDER / f"{name}.tf").unlink()
    (dead / FOLDER / "all.tf").write_text(both)
    policy = dead / peered.POLICY_FILE
    policy.write_text(policy.read_text() + "tests:\n  - {pair: [dev-hub, dev-ml], expect: deny}\n")

    (first, *_) = next_steps(dead)

    line = len(policy.read_text().splitlines())
    assert first.startswith(f'take module "dev-hub" out of {FOLDER}/all.tf:1 (and its name out of {peered.POLICY_FILE}:{line}, ')


def test_a_request_that_went_too_early_is_asked_back(dead: Path) -> None:
    """What it left behind is named."""
    (dead / REQUEST).unlink()

    said = refused(dead)

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

    said = refused(zone, name="prod-old")
    assert "accounts.yaml:3: prod-old has no request, so there is nothing to retire; deny its pairs in peering/policy.yaml" in said
    (zone / REQUEST).unlink()
    assert 'the request of "dev-hub" is gone' in refused(zone)


def test_an_account_that_nobody_has_is_refused(zone: Path) -> None:
    """Without another one's name; where something could not be read, with that."""
    said = refused(zone, name="dev-hubb")
    assert 'no request of "dev-hubb" is here, and nothing else of it; it is taken down already, or' in said and "dev-hub;" not in said
    (zone / FOLDER / "broken.tf").write_text('module "x" {')

    assert f'no account "dev-hubb" was read, and {FOLDER}/broken.tf could not be' in refused(zone, name="dev-hubb")
