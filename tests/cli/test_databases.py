"""Databases and caches as somebody adds them: what they start with, and where a second one of a name is none.

What is refused has its words in `cases/account`; here are the near twins that are taken.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import cli

REGION = """  eu-west-1:
    zones: [euw1-az1, euw1-az2, euw1-az3]
    pools: {default: [10.64.0.0/12]}

# What a new account gets.
"""
STACKS = "stacks/prod-ml/us-east-1"


def _arguments(zone: Path, stack: str) -> dict[str, str]:
    """The arguments of the module call in a stack's `main.tf`."""
    lines = (zone / "stacks" / stack / "main.tf").read_text().splitlines()
    pairs = (line.strip().partition("=") for line in lines if line.startswith("  ") and "=" in line)
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def _data(zone: Path, stack: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((zone / "stacks" / stack / "account.tf.json").read_text())["locals"]["account"]
    return found


def test_production_gets_what_production_needs(zone: Path) -> None:
    """Plain arguments of a call, which a reviewer sees and a team may change."""
    for account in ("prod-ml", "dev-ml"):
        cli.must(zone, "account", account, "--with", "rds:orders", "--with", "elasticache:sessions")
    production, other = (_arguments(zone, f"{account}/us-east-1/rds-orders") for account in ("prod-ml", "dev-ml"))
    cache, small = (_arguments(zone, f"{account}/us-east-1/elasticache-sessions") for account in ("prod-ml", "dev-ml"))
    kept = "multi_az", "backup_retention_days", "deletion_protection", "final_snapshot"

    assert [production[name] for name in kept] == ["true", "35", "true", "true"]
    assert [other[name] for name in kept] == ["false", "7", "false", "false"]
    assert [(found["engine"], found["nodes"], found["multi_az"]) for found in (cache, small)] == [
        ("valkey", "2", "true"),
        ("valkey", "1", "false"),
    ]


def test_alarms_go_to_the_topics_of_the_platform_account(zone: Path) -> None:
    """Of the stack's region and partition; in production one of them wakes somebody, elsewhere neither does."""
    cli.replace(zone / "scaffold.yaml", "\n# What a new account gets.\n", REGION)
    cli.must(zone, "account", "prod-ml", "--network", "eu-west-1", "--with", "rds:orders@eu-west-1")
    cli.must(zone, "account", "dev-ml", "--with", "elasticache:sessions")
    abroad, home = _arguments(zone, "prod-ml/eu-west-1/rds-orders"), _arguments(zone, "dev-ml/us-east-1/elasticache-sessions")

    assert abroad["critical_topic_arn"] == "arn:aws:sns:eu-west-1:333333333333:acme-critical"
    assert abroad["notice_topic_arn"] == "arn:aws:sns:eu-west-1:333333333333:acme-notice"
    assert {home["critical_topic_arn"], home["notice_topic_arn"]} == {"arn:aws:sns:us-east-1:333333333333:acme-notice"}


def test_it_waits_for_its_network(zone: Path) -> None:
    """The data file names the network, and no VPC of anybody until one is known."""
    done = cli.must(zone, "account", "prod-ml", "--with", "rds:orders")

    assert _data(zone, "prod-ml/us-east-1/rds-orders")["network"]["vpc_id"] == "vpc-00000000000000000"
    assert f"{STACKS}/rds-orders" in done.out.partition("Waiting:")[2]
    assert "# skeleton rds, instance orders, network prod-ml\n" in (zone / STACKS / "rds-orders/backend.tf").read_text()


def test_the_same_database_again_is_nothing_to_do(zone: Path) -> None:
    """The stack that is asked for is the one that is there."""
    cli.must(zone, "account", "prod-ml", "--with", "rds:orders")
    before = cli.snapshot(zone)

    assert cli.must(zone, "account", "prod-ml", "--with", "rds:orders").out.startswith("Nothing to do")
    assert cli.snapshot(zone) == before


def test_an_application_has_one_database_in_all_regions(zone: Path) -> None:
    """A second one under its name is refused; another application's is not, and a cache in each region is usual."""
    cli.replace(zone / "scaffold.yaml", "\n# What a new account gets.\n", REGION)
    cli.must(zone, "account", "prod-ml", "--network", "eu-west-1", "--with", "rds:orders", "--with", "elasticache:sessions")
    before = cli.snapshot(zone)

    refused = cli.run(zone, "account", "prod-ml", "--with", "rds:orders@eu-west-1")
    kept = cli.snapshot(zone)
    cli.must(zone, "account", "prod-ml", "--with", "rds:billing@eu-west-1", "--with", "elasticache:sessions@eu-west-1")

    assert (refused.status, kept) == (1, before)
    assert f"{STACKS}/rds-orders: prod-ml has rds:orders on the network prod-ml, and can have no second one; use that one" in refused.err
    assert (zone / "stacks/prod-ml/eu-west-1/rds-billing/main.tf").exists()
    assert (zone / "stacks/prod-ml/eu-west-1/elasticache-sessions/main.tf").exists()


@pytest.mark.parametrize("described", [True, False])
def test_a_network_that_no_stack_makes_may_be_known_otherwise(zone: Path, described: bool) -> None:
    """Described in accounts.yaml, or seen by `pull`."""
    cli.must(zone, "account", "prod-web", "--owner", "web", "--without", "network")
    if described:
        networks = "networks: {prod-web: {region: us-east-1, vpc_id: vpc-0abc1234, cidr_blocks: [172.20.0.0/16]}}"
        (zone / "accounts.yaml").write_text(f"version: 1\naccounts:\n  prod-web:\n    {networks}\n")
    else:
        _know(zone)

    cli.must(zone, "account", "prod-web", "--with", "rds:orders")

    assert (zone / "stacks/prod-web/us-east-1/rds-orders/main.tf").exists()


def _know(zone: Path) -> None:
    """An inventory in which the network of prod-web is there."""
    network: dict[str, Any] = {
        "region": "us-east-1",
        "vpc_id": "vpc-0abc1234",
        "cidr_blocks": ["10.0.0.0/20"],
        "ipv6_cidr_blocks": [],
        "route_table_ids": [],
    }
    network |= {"dns": True, "quotas": {"peerings": 50, "routes": 500}, "used_elsewhere": {"peerings": 0, "routes": 0}, "stale": False}
    account = {"name": "prod-web", "email": "aws+prod-web@acme.com", "state": "ACTIVE", "reachable": True, "stale": False}
    known = {"444455556666": {**account, "networks": {"prod-web": network}}}
    (zone / "inventory.json").write_text(json.dumps({"version": 1, "accounts": known}))


def test_a_change_of_environment_names_the_arguments_that_stay(zone: Path) -> None:
    """What production would have otherwise is said, and nothing of it is changed."""
    cli.must(zone, "account", "dev-ml", "--with", "rds:orders")
    before = (zone / "stacks/dev-ml/us-east-1/rds-orders/main.tf").read_bytes()

    done = cli.run(zone, "account", "dev-ml", "--tag", "environment=prod")

    assert "multi_az = true; backup_retention_days = 35; deletion_protection = true; final_snapshot = true; critical_topic_arn" in done.err
    assert "Nobody gets up" not in done.err
    assert (zone / "stacks/dev-ml/us-east-1/rds-orders/main.tf").read_bytes() == before


@pytest.mark.parametrize("name", ["rds", "elasticache"])
def test_the_command_explains_them(zone: Path, name: str) -> None:
    """How it is asked for, and what may be said."""
    done = cli.must(zone, "skeletons", name)

    assert f"Needs: network. Use: scaffold account NAME --with {name}:INSTANCE" in done.out
    assert "the application that owns" in done.out and "topic for what somebody must get up for" in done.out
