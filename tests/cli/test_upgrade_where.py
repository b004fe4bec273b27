"""`scaffold upgrade --where`: which stacks are chosen, and what is no selector."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import cli
from tests.support.upgrades import DEV, NEW_SOURCE, OLD_SOURCE, PROD, upgrade

SELECTORS = {
    "account=dev-ml": {"dev-ml"},
    "environment=dev,region=us-east-1": {"dev-ml"},
    "owner=ml-platform": {"dev-ml", "prod-ml"},
    "{matchTags: {environment: dev}}": {"dev-ml"},
    "{matchExpressions: [{key: environment, operator: NotIn, values: [prod]}]}": {"dev-ml"},
    "{accounts: [prod-ml]}": {"prod-ml"},
    '{matchExpressions: [{key: "environment", operator: In, values: ["dev", "prod"]}]}': {"dev-ml", "prod-ml"},
    '{accounts: ["dev-ml", "prod-ml"]}': {"dev-ml", "prod-ml"},
    "{any: true}": {"dev-ml", "prod-ml"},
    "developers": {"dev-ml"},
}


@pytest.mark.parametrize("selector", SELECTORS)
def test_where_is_a_selector(selector: str, databases: Path) -> None:
    """That of `--only`, that of the policy, or the name of one in it."""
    policy = "version: 1\nselectors: {developers: {matchTags: {environment: dev}}}\nrules: []\n"
    (databases / "peering/policy.yaml").write_text(policy)

    data = json.loads(upgrade(databases, "--where", selector, "--check", "--format", "json").out)["data"]

    assert {moved["stack"].split("/")[1] for moved in data["moved"]} == SELECTORS[selector]


REFUSED: dict[tuple[str, ...], str] = {
    ("--where", "environmnt=dev"): '--where names "environmnt"; did you mean "environment"?',
    ("--where", "environment=staging"): "no stack of rds matches environment=staging",
    ("--where", "region=mars-1"): '--where has region "mars-1"',
    ("--where", "nobody"): '--where is "nobody", and peering/policy.yaml describes no such selector',
    ("--where", "{matchTags: {environment: dve}}"): 'did you mean "dev"?',
    ("--where", "{matchTag: {environment: dev}}"): "matchTags",
    ("--where", "{matchTags: "): "error: ",
    ("--where", "{selector: nobody}"): "write --where nobody",
    ("--where", "environment=dev,environment=prod"): (
        "--where has environment twice, and a stack must match every term; "
        'write {matchExpressions: [{key: "environment", operator: In, values: ["dev", "prod"]}]}\n'
    ),
    ("--where", "account=dev-ml,account=prod-ml"): '; write {accounts: ["dev-ml", "prod-ml"]}\n',
    ("--where", "environment=dev,region=us-east-1,environment=prod"): "has environment twice, and a stack must match every term; run",
    ("--where", "region=us-east-1,region=us-east-1"): "has region twice, and a stack must match every term; write it once\n",
    ("--where", "skeleton=ecr"): "no stack of rds matches skeleton=ecr",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_a_wrong_selector_says_what_it_could_be(arguments: tuple[str, ...], databases: Path) -> None:
    """Nothing is written, and nothing is chosen instead."""
    before = cli.snapshot(databases)

    assert REFUSED[arguments] in upgrade(databases, *arguments, status=1).err and cli.snapshot(databases) == before


def test_all_is_said_by_name(databases: Path) -> None:
    """Without it and without --where, nobody meant everything; both at once are a mistake."""
    assert cli.run(databases, "upgrade", "rds", "--to", "1.1.0").status == 64
    assert cli.run(databases, "upgrade", "rds", "--to", "1.1.0", "--all", "--where", "environment=dev").status == 64
    upgrade(databases, "--all")

    assert NEW_SOURCE in (databases / PROD).read_text() and NEW_SOURCE in (databases / DEV).read_text()


def test_a_tag_that_cannot_be_told_chooses_nothing(databases: Path) -> None:
    """Neither does one that is absent: both are told."""
    request = databases / "aft-account-request/terraform/dev-ml.tf"
    cli.replace(request, '    "environment" = "dev"\n    "owner"', '    "environment" = var.environment\n    "owner"')

    done = upgrade(databases, "--where", "environment=dev", status=3)
    assert "not chosen: its environment cannot be told" in done.err and OLD_SOURCE in (databases / DEV).read_text()
    cli.replace(request, '    "environment" = var.environment\n    "owner"', '    "owner"')
    absent = "{matchExpressions: [{key: environment, operator: NotIn, values: [prod]}]}"
    assert "absence chooses nothing" in upgrade(databases, "--where", absent, status=0).err


def test_a_request_that_cannot_be_read_moves_nothing(databases: Path) -> None:
    """Its stacks are listed, and the status says that something was not seen; so it is with a request that is gone."""
    request = databases / "aft-account-request/terraform/dev-ml.tf"
    request.write_text('module "dev-ml" {\n')
    done = upgrade(databases, "--all", status=3)
    assert f"{DEV}: not chosen: no request of dev-ml was read" in done.err
    assert OLD_SOURCE in (databases / DEV).read_text() and NEW_SOURCE in (databases / PROD).read_text()

    rows = json.loads(cli.must(databases, "outdated", "--format", "json").out)["data"]

    assert DEV.rpartition("/")[0] in [row["stack"] for row in rows if row["standing"] == "outdated"]
