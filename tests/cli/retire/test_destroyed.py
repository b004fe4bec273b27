"""`--retire --destroy STACK`: the stacks that are named become tombstones, and what holds one is named first."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.atlantis import region
from generator.hcl import managed
from tests.cli.retire.steps import BASE, DESTROY, ECR, HERE, NETWORK, PAIRS, STRANGERS, changed, is_dead, refused, retire
from tests.support import cli, peered


@pytest.mark.parametrize("name", ["us-east-1/ecr", "ecr", ECR])
def test_a_stack_is_named_as_status_shows_it(retiring: Path, name: str) -> None:
    """By its directory, the end of that, or its name alone."""
    retire(retiring, "--destroy", name)

    assert is_dead(retiring, ECR) and not is_dead(retiring, NETWORK)
    assert changed(retiring) == [region.FILE, f"{ECR}/main.tf", f"{ECR}/outputs.tf"]


def test_an_edited_main_is_replaced_because_it_was_named(retiring: Path) -> None:
    """It is theirs, and so is the decision."""
    with (retiring / ECR / "main.tf").open("a") as file:
        file.write('\nresource "aws_s3_bucket" "own" {}\n')

    done = retire(retiring, "--destroy", "ecr", *BASE)

    assert is_dead(retiring, ECR) and "its buckets are not deleted while they hold objects" in done.err


def test_before_it_retires_nothing_is_destroyed(zone: Path) -> None:
    """Neither in the tree nor on the base."""
    said = "dev-hub is not retiring, so nothing of it is destroyed; scaffold account dev-hub --retire, merge that, and come back"
    assert said in refused(zone, "--destroy", "ecr")

    retire(zone)

    assert "dev-hub is not retiring on the base yet" in refused(zone, "--destroy", "ecr", *BASE)
    retire(zone, "--destroy", "ecr")


def _database(root: Path) -> None:
    """A database on the network, whose production keeps it from being deleted."""
    backend = managed.text_file("# skeleton rds, instance orders, network dev-hub\n")
    main = b'module "rds" {\n  source = "../../../../modules/ecr/1.0.0"\n  deletion_protection = true\n}\n'
    files = {"backend.tf": backend, "main.tf": main, "outputs.tf": b"# none\n"}
    cli.written(root, {f"{HERE}/rds-orders/{name}": content for name, content in files.items()})


def test_a_network_stays_while_others_stand_on_it(retiring: Path) -> None:
    """Also as a tombstone, and also where both are named at once; once its directory is gone, it is free."""
    _database(retiring)

    said = refused(retiring, *DESTROY, "--destroy", "rds-orders")
    assert f"{NETWORK}: {HERE}/rds-orders stands on the network dev-hub; stacks are to be deleted first" in said
    done = retire(retiring, "--destroy", "rds-orders")
    assert f"warning: {HERE}/rds-orders: it has deletion protection, so AWS refuses to delete it; set deletion_" in done.err
    assert f"later {NETWORK}: {HERE}/rds-orders stands on the network dev-hub" in done.out
    assert done.out.index("later stacks/") > done.out.index("merge the tombstones")
    assert "stands on the network" in refused(retiring, "--destroy", "network")
    cli.commit(retiring)
    retire(retiring, "--destroyed", "rds-orders", "--base", "work")
    retire(retiring, "--destroy", "network")


def test_a_network_stays_while_its_peerings_are_live(retiring: Path) -> None:
    """In the tree, or still on the base."""
    live = peered.landing_zone()
    cli.written(retiring, {path: content for path, content in live.items() if path.startswith(f"{PAIRS[0]}/")})

    assert f"{NETWORK}: {PAIRS[0]} stands on the network dev-hub" in refused(retiring, "--destroy", "network")
    cli.commit(retiring)
    cli.git(retiring, "branch", "--force", "other")
    cli.must(retiring, "sync")
    assert f"{PAIRS[0]} stands on" in refused(retiring, "--destroy", "network", "--base", "other")
    assert f"cannot be told of {', '.join(PAIRS)}" in retire(retiring, "--destroy", "network", *BASE).err


@pytest.mark.parametrize("case", STRANGERS)
def test_somebody_elses_terraform_keeps_a_stack(retiring: Path, case: str) -> None:
    """It would go on being read; text that Terraform does not read is in nobody's way."""
    change, named = STRANGERS[case]
    change(retiring / ECR)

    assert f"{ECR}: Terraform would go on reading what scaffold did not write: {named}" in refused(retiring, "--destroy", "ecr")
    (retiring / NETWORK / "README.md").write_text("ours\n")
    retire(retiring, "--destroy", "network")


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
        assert NAMES[name] in refused(retiring, step, name, step, "ecr", *BASE)


def test_a_name_that_two_regions_have_is_refused(zone: Path) -> None:
    """With both."""
    cli.must(zone, "account", "dev-hub", "--with", "ecr@eu-west-1")
    retire(zone)

    assert 'dev-hub has 2 stacks "ecr"; name one of eu-west-1/ecr, us-east-1/ecr' in refused(zone, "--destroy", "ecr")


def test_every_reason_is_said_at_once(zone: Path) -> None:
    """Also of several stacks."""
    (zone / ECR / "extra.tf").write_text("# ours\n")

    said = refused(zone, *DESTROY)

    assert "is not retiring" in said and "extra.tf" in said and f"{', '.join(PAIRS)} stand on the network dev-hub" in said
