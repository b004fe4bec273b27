"""`scaffold account NAME --retire`, the whole of it in real git, and its first step: each is a pull request that the gate lets pass."""

from __future__ import annotations

import json
from pathlib import Path

from generator.accounts.model import FOLDER
from generator.atlantis import region
from tests.cli.retire.steps import (
    BASE,
    DESTROY,
    DESTROYED,
    ECR,
    HERE,
    NETWORK,
    PAIRS,
    REQUEST,
    changed,
    is_dead,
    listed,
    merge,
    next_steps,
    refused,
    retire,
    see_nothing,
)
from tests.support import cli, peered

# The whole of it


def test_the_summary_of_a_pull_request_says_which_stacks_are_destroyed(retiring: Path) -> None:
    """As loudly as of a peering: a reviewer must not read "Planned" where a database goes."""
    retire(retiring, *DESTROY, *BASE)

    said = cli.run(retiring, "atlantis", "summary", *BASE).out

    assert "This change plans the destruction of 2 stacks; Atlantis plans 2 stacks." in said
    assert f"To destroy (2): <code>{ECR}</code>, <code>{NETWORK}</code>" in said and "Planned" not in said
    assert f"apply what is destroyed first: <code>atlantis apply -p {ECR}</code>" in said and "prune" not in said
    assert "<code>scaffold account dev-hub --retire --destroyed us-east-1/ecr --base main</code>" in said


def test_the_summary_of_a_pull_request_says_what_its_merge_forgets(dead: Path) -> None:
    """Atlantis plans nothing there: a state that is not empty would be found by nobody."""
    retire(dead, *DESTROYED, *BASE)
    cli.commit(dead)

    out = cli.must(dead, "atlantis", "summary", *BASE).out
    assert f"Deleted, tombstones until now (2): <code>{ECR}</code>, <code>{NETWORK}</code>" in out
    look = f"<code>terraform -chdir={ECR} state list</code>, <code>terraform -chdir={NETWORK} state list</code>"
    assert f"On the base, where the tombstones are still, see that each prints nothing: {look}" in out
    assert json.loads(cli.must(dead, "atlantis", "summary", "--format", "json", *BASE).out)["data"]["deleted"] == [ECR, NETWORK]
    assert "Deleted, tombstones" not in cli.must(dead, "atlantis", "summary", "--base", "work").out


def test_an_account_from_its_peerings_to_its_closing(zone: Path) -> None:
    """Denied, destroyed, pruned, deleted, removed, closed: five pull requests, each green, and what is next is always said."""
    done = retire(zone)
    assert "retiring = true" in done.out and 'to disconnect  dev-hub -- dev-ml   dev-hub is retiring ("true")' in done.out
    assert changed(zone) == sorted([REQUEST, *(f"{pair}/{name}" for pair in PAIRS for name in ("main.tf", "outputs.tf"))])
    first = next_steps(zone)
    assert first[0] == f"apply and merge the tombstones {', '.join(PAIRS)}; then scaffold peering prune --base origin/main"
    assert "scaffold account dev-hub --retire --destroy us-east-1/ecr --destroy us-east-1/network --base origin/main" in first[1]
    assert all(step in done.out for step in first)
    assert "retiring, requested, vended, 1 of 1 networks" in cli.must(zone, "status", "dev-hub").out
    merge(zone)

    done = retire(zone, *DESTROY, *BASE)
    assert changed(zone) == sorted([region.FILE, *(f"{stack}/{name}" for stack in (ECR, NETWORK) for name in ("main.tf", "outputs.tf"))])
    assert listed(zone) == [*PAIRS, ECR, NETWORK] and all(is_dead(zone, stack) for stack in (ECR, NETWORK))
    look = f"terraform -chdir={ECR} init -input=false && terraform -chdir={ECR} state list  # s3://acme-terraform-state/{ECR}"
    second = next_steps(zone)
    assert f"atlantis apply -p {ECR}; atlantis apply -p {NETWORK}; merge the tombstones" in second
    assert f"see that state list prints nothing, or no state file if it was never applied: {look}" in second and all(
        step in done.out for step in second
    )
    assert f"warning: {ECR}: its image repositories are not deleted while they hold images" in done.err
    merge(zone)

    see_nothing(zone)
    cli.must(zone, "peering", "prune", *BASE, "--snapshot", str(zone.parent / "seen.json"))
    merge(zone)

    done = retire(zone, *DESTROYED, *BASE)
    assert look in done.out and listed(zone) == [] and not (zone / HERE).exists()
    said = f"git rm {REQUEST}, and a pull request: AFT deletes its pipeline and metadata, and keeps the account"
    assert next_steps(zone)[0].startswith(said)
    merge(zone)

    cli.git(zone, "rm", "--quiet", REQUEST)
    merge(zone)
    done = retire(zone)
    assert "its request is gone, and the inventory has the account 100000000004 (ACTIVE)" in done.out
    assert "aws organizations close-account --account-id 100000000004" in done.out and cli.run(zone, "lint").status == 0


# (1)


def test_only_that_field_changes_in_a_request(zone: Path) -> None:
    """In place, comments and all."""
    text = (zone / REQUEST).read_text().replace("custom_fields", "# ours\n  custom_fields")
    (zone / REQUEST).write_text(text)

    retire(zone)

    lines = (zone / REQUEST).read_text().splitlines()
    assert [line for line in lines if line not in text.splitlines()] == [line for line in lines if "retiring" in line]
    assert set(text.splitlines()) <= set(lines) and sum("retiring" in line for line in lines) == 1


def test_retiring_again_says_where_it_is(retiring: Path) -> None:
    """And writes nothing."""
    done = retire(retiring)

    assert done.out.startswith("Nothing to do.") and changed(retiring) == []
    assert "dev-hub: retiring; peerings: 2 disconnected and not pruned; stacks: 2 live." in done.out


def test_a_day_to_come_is_replaced(zone: Path) -> None:
    """Until then the account is not retiring; now it is."""
    cli.replace(zone / REQUEST, '"region"', '"retiring" = "2999-01-01"\n    "region"')

    retire(zone)

    assert "2999-01-01" not in (zone / REQUEST).read_text() and all(is_dead(zone, pair) for pair in PAIRS)


def test_a_computed_field_is_edited_by_hand(zone: Path) -> None:
    """With the line to edit."""
    cli.replace(zone / REQUEST, '"region"', '"retiring" = var.retiring\n    "region"')

    assert "custom_fields.retiring is computed, and only a literal value can be replaced" in refused(zone)


def test_more_than_five_pairs_need_their_number(tmp_path: Path) -> None:
    """Exactly as for a tag."""
    many = [peered.Account("dev-hub", tier="vpn"), *(peered.Account(f"dev-n{number}", f"o{number}") for number in range(6))]
    root = cli.written(tmp_path / "zone", peered.landing_zone(many, peered.ALONE))

    assert "6 pairs would be disconnected" in refused(root) and "--removals is 5" in refused(root, "--removals", "5")
    assert "to disconnect  dev-hub -- dev-n0" in retire(root, "--removals", "6").out
    assert "0 pairs would be disconnected, and --removals is 6" in refused(root, "--removals", "6", "--destroy", "us-east-1/network")


def test_of_two_requests_none_is_changed(zone: Path) -> None:
    """Which one decides cannot be told."""
    copy = (zone / REQUEST).read_text().replace('module "dev-hub"', 'module "dev-hub-2"')
    (zone / FOLDER / "copy.tf").write_text(copy)

    assert f"2 requests are of dev-hub ({FOLDER}/copy.tf:1 and {REQUEST}:1)" in refused(zone)


def test_a_retiring_account_gets_no_new_stack(dead: Path) -> None:
    """Its outputs would name a module that is gone; what changes no stack still works."""
    done = cli.run(dead, "account", "dev-hub")
    assert done.status == 1 and f"dev-hub is retiring, and this would add {ECR}, {NETWORK}" in done.err
    assert cli.run(dead, "account", "dev-hub", "--with", "ecr@eu-west-1").status == 1 and changed(dead) == []

    assert cli.must(dead, "account", "dev-hub", "--tag", "owner=ml").out and REQUEST in changed(dead)
