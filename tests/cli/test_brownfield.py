"""A repository whose requests other people made, by `for_each` over a file: read, listed, and never edited as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import cli

FOLDER = "aft-account-request/terraform"
MODULE = """module "team" {
  source   = "./modules/aft-account-request"
  for_each = yamldecode(file("${path.module}/teams.yaml"))

  control_tower_parameters = {
    AccountEmail              = "aws+${each.key}@acme.com"
    AccountName               = each.key
    ManagedOrganizationalUnit = "Sandbox"
    SSOUserEmail              = "platform@acme.com"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }
  account_tags                 = merge({ environment = "dev", tier = "app" }, each.value)
  change_management_parameters = { change_requested_by = "platform", change_reason = "teams" }
  custom_fields                = { account_name = each.key, environment = "dev", region = "us-east-1" }
}
"""
TEAMS = "dev-web:\n  owner: web\ndev-data:\n  owner: data\n"


@pytest.fixture
def grown(fresh: Path) -> Path:
    """A landing zone with the requests of two teams in one module."""
    (fresh / FOLDER / "teams.tf").write_text(MODULE)
    (fresh / FOLDER / "teams.yaml").write_text(TEAMS)
    return fresh


def test_every_account_of_a_file_is_listed_and_has_nothing_wrong(grown: Path) -> None:
    """As if each had a module of its own; its place is the line of the file that makes it."""
    assert "dev-web" in cli.must(grown, "accounts").out and "dev-data" in cli.must(grown, "accounts").out
    assert f"{FOLDER}/teams.yaml:3" in cli.must(grown, "status", "dev-data").out
    assert "2 accounts checked: 0 errors" in cli.run(grown, "lint").out + cli.run(grown, "lint").err


def test_stacks_are_added_to_one_of_several(grown: Path) -> None:
    """That changes no request."""
    before = (grown / FOLDER / "teams.tf").read_bytes(), (grown / FOLDER / "teams.yaml").read_bytes()

    cli.must(grown, "account", "dev-web", "--with", "ecr")

    assert (grown / "stacks/dev-web/us-east-1/ecr/main.tf").is_file()
    assert before == ((grown / FOLDER / "teams.tf").read_bytes(), (grown / FOLDER / "teams.yaml").read_bytes())


@pytest.mark.parametrize("change", [["--tag", "tier=data"], ["--owner", "other"]])
def test_a_value_of_one_of_several_is_refused_with_the_line_to_edit(grown: Path, change: list[str]) -> None:
    """Whatever would be written would be another account's too; nothing is."""
    before = cli.snapshot(grown)

    done = cli.run(grown, "account", "dev-data", *change)

    assert done.status == 1
    assert f'{FOLDER}/teams.yaml:3: team["dev-data"] is one of the requests that the module at {FOLDER}/teams.tf:1 makes' in done.err
    assert cli.snapshot(grown) == before


def test_a_file_that_cannot_be_told_leaves_the_whole_incomplete(grown: Path) -> None:
    """Status 3, the cause and its line; the other accounts stay."""
    cli.replace(grown / FOLDER / "teams.yaml", "owner: data", "owner: off")

    done = cli.run(grown, "lint")

    assert done.status == 3
    assert f"{FOLDER}/teams.yaml:4" in done.err and "the YAML word off without quotes" in done.err
    assert "dev-web" in cli.run(grown, "accounts").out
