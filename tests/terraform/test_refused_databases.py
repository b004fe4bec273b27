"""What the rds and elasticache modules refuse, in their own words, and the near twins that they take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.cli.workspace import bundled
from tests.support.refused_inputs import Row, messages, planned_messages, spoiled

pytestmark = pytest.mark.terraform

_TOPICS = {f"{name}_topic_arn": f"arn:aws:sns:us-east-1:333333333333:acme-{name}" for name in ("critical", "notice")}
# Arguments that each module takes; a row below spoils one of them.
GOOD: dict[str, dict[str, Any]] = {
    "rds": {
        "name": "orders",
        "vpc_id": "vpc-0aaaaaaaaaaaaaaaa",
        "postgres_version": "17",
        "instance_class": "db.m7g.large",
        "allocated_storage_gib": 100,
        "max_allocated_storage_gib": 1000,
        "max_connections": 500,
        "multi_az": True,
        "backup_retention_days": 35,
        "deletion_protection": True,
        "final_snapshot": True,
        **_TOPICS,
    },
    "elasticache": {
        "name": "sessions",
        "vpc_id": "vpc-0aaaaaaaaaaaaaaaa",
        "engine": "valkey",
        "engine_version": "8.0",
        "node_type": "cache.m7g.large",
        "nodes": 2,
        "multi_az": True,
        "snapshot_retention_days": 7,
        "final_snapshot": True,
        **_TOPICS,
    },
}
_LONG = "a" * 61
_LONGER = "b" * 33
_LATER = "maintenance_window"

REFUSED: tuple[Row, ...] = (
    ("rds", "name", "Orders", 'name is "Orders"; use at most 60 lower-case letters'),
    ("rds", "name", "order--history", 'name is "order--history"; use at most 60'),
    ("rds", "name", "1st", 'name is "1st"; use at most 60'),
    ("rds", "name", _LONG, f'name is "{_LONG}"; use at most 60'),
    ("rds", "name", "order", 'name is "order", a word that PostgreSQL keeps for itself; choose another, such as order-app.'),
    ("rds", "vpc_id", "prod-ml", 'vpc_id is "prod-ml"; give the id of a VPC'),
    ("rds", "postgres_version", "17.4", 'postgres_version is "17.4"; give a major version from 14 on'),
    ("rds", "postgres_version", "13", 'postgres_version is "13"; give a major version from 14 on'),
    ("rds", "instance_class", "m7g.large", 'instance_class is "m7g.large"; give a class of provisioned instances'),
    ("rds", "instance_class", "db.serverless", 'instance_class is "db.serverless"; give a class of provisioned instances'),
    ("rds", "allocated_storage_gib", 19, "allocated_storage_gib is 19; gp3 takes whole GiB from 20 to 65536."),
    ("rds", "max_connections", 19, "max_connections is 19; give a whole number from 20 to 5000."),
    ("rds", "backup_retention_days", 0, "backup_retention_days is 0; RDS keeps backups for 1 to 35 days"),
    ("rds", "backup_retention_days", 36, "backup_retention_days is 36; RDS keeps backups for 1 to 35 days"),
    ("rds", "critical_topic_arn", "acme-critical", 'critical_topic_arn is "acme-critical"; give the ARN of a topic'),
    ("rds", "notice_topic_arn", "arn:aws:sqs:us-east-1:333333333333:q", 'notice_topic_arn is "arn:aws:sqs:us-east-1:333333333333:q"; give'),
    ("rds", "free_memory_alarm_mib", 63, "free_memory_alarm_mib is 63; give at least 64"),
    ("rds", "slow_query_ms", -2, "slow_query_ms is -2; give whole milliseconds, or -1"),
    ("rds", "log_retention_days", 100, "log_retention_days is 100; CloudWatch Logs takes 1, 3"),
    ("rds", "backup_window", "3:00-4:00", 'backup_window is "3:00-4:00"; write hours and minutes in UTC'),
    ("rds", "snapshot_identifier", "-x", 'snapshot_identifier is "-x"; give the name of a snapshot'),
    ("rds", _LATER, "04:30-05:30", 'maintenance_window is "04:30-05:30"; write days, hours and minutes in UTC'),
    ("elasticache", "name", _LONGER, f'name is "{_LONGER}"; use at most 32 lower-case letters'),
    ("elasticache", "name", "default", 'name is "default", a user that ElastiCache has itself; choose another'),
    ("elasticache", "vpc_id", "vpc-1", 'vpc_id is "vpc-1"; give the id of a VPC'),
    ("elasticache", "engine", "memcached", 'engine is "memcached"; expected "valkey" or "redis".'),
    ("elasticache", "node_type", "db.t4g.small", 'node_type is "db.t4g.small"; give a type of nodes'),
    ("elasticache", "nodes", 7, "nodes is 7; a replication group has a primary and up to five replicas: give 1 to 6."),
    ("elasticache", "maxmemory_policy", "lru", 'maxmemory_policy is "lru"; expected allkeys-lfu'),
    ("elasticache", "snapshot_retention_days", 0, "snapshot_retention_days is 0; ElastiCache keeps snapshots for 1 to 35 days"),
    ("elasticache", "critical_topic_arn", "critical", 'critical_topic_arn is "critical"; give the ARN of a topic'),
    ("elasticache", "notice_topic_arn", "notice", 'notice_topic_arn is "notice"; give the ARN of a topic'),
    ("elasticache", "log_retention_days", 2, "log_retention_days is 2; CloudWatch Logs takes 1, 3"),
    ("elasticache", "snapshot_window", "3-4", 'snapshot_window is "3-4"; write hours and minutes in UTC'),
    ("elasticache", "snapshot_name", "-x", 'snapshot_name is "-x"; give the name of a snapshot'),
    ("elasticache", _LATER, "sunday", 'maintenance_window is "sunday"; write days, hours and minutes in UTC'),
)
# The same, where one argument does not go with another.
CROSSED: tuple[Row, ...] = (
    (
        "rds",
        "max_allocated_storage_gib",
        109,
        "max_allocated_storage_gib is 109; RDS wants at least a tenth above allocated_storage_gib, 110",
    ),
    ("elasticache", "engine_version", "7.1", 'engine_version is "7.1"; for valkey give 7.2, or a later one such as 8.0.'),
    ("elasticache", "engine_version", "8", 'engine_version is "8"; for valkey give 7.2, or a later one such as 8.0.'),
    ("elasticache", "engine", "redis", 'engine_version is "8.0"; for redis give 7.0 or 7.1.'),
    ("elasticache", "nodes", 1, "multi_az is true and nodes is 1; a failover needs a replica: give at least 2 nodes, or multi_az = false."),
)
# module, arguments: what the module takes although it is near to what it refuses
TAKEN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rds", {"name": _LONG[:60]}),
    ("rds", {"name": "order-app", "vpc_id": "vpc-0a1b2c3d", "postgres_version": "14", "instance_class": "db.t4g.micro"}),
    ("rds", {"allocated_storage_gib": 20, "max_allocated_storage_gib": 22, "max_connections": 20, "backup_retention_days": 1}),
    ("rds", {"instance_class": "db.r6id.24xlarge", "slow_query_ms": -1, "free_memory_alarm_mib": 64, "log_retention_days": 3653}),
    (
        "rds",
        {"critical_topic_arn": "arn:aws-us-gov:sns:us-gov-west-1:333333333333:x", "snapshot_identifier": "rds:orders-2030-01-31-03-04"},
    ),
    ("elasticache", {"name": _LONGER[:32], "nodes": 6, "node_type": "cache.r7gd.4xlarge", "snapshot_retention_days": 35}),
    ("elasticache", {"engine_version": "7.2", "nodes": 1, "multi_az": False, "maxmemory_policy": "noeviction"}),
    ("elasticache", {"engine": "redis", "engine_version": "7.0", "snapshot_name": "automatic.sessions-2030-01-31-03-00"}),
    ("elasticache", {"engine_version": "9.0", "snapshot_window": "00:00-01:00", _LATER: "mon:23:00-tue:00:00"}),
)


@pytest.fixture(scope="module")
def refusals(initialised: Path, validate_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the modules say to all rows."""
    return messages(spoiled(GOOD, REFUSED), tmp_path_factory.mktemp("refused"), initialised, validate_env)


@pytest.mark.parametrize("message", [row[3] for row in REFUSED])
def test_a_module_says_what_it_refuses_and_what_to_write(refusals: list[str], message: str) -> None:
    """One message, the module's own: a second one would send the reader after a second mistake."""
    assert len([detail for detail in refusals if detail.startswith(message)]) == 1


def test_nothing_else_is_refused(refusals: list[str]) -> None:
    """Every message belongs to a row."""
    assert len(refusals) == len(REFUSED)


@pytest.fixture(scope="module")
def crossed(initialised: Path, tf_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the modules say to all rows in which one argument does not go with another."""
    return planned_messages(spoiled(GOOD, CROSSED), tmp_path_factory.mktemp("crossed"), initialised, tf_env)


@pytest.mark.parametrize("message", [row[3] for row in CROSSED])
def test_a_module_says_what_does_not_go_together(crossed: list[str], message: str) -> None:
    """Before anything is planned."""
    assert len([detail for detail in crossed if detail.startswith(message)]) == 1


def test_the_near_twins_are_taken(initialised: Path, validate_env: dict[str, str], tmp_path: Path) -> None:
    """Without so much as a warning."""
    calls = [(module, {**GOOD[module], **changes}) for module, changes in TAKEN]

    assert messages(calls, tmp_path, initialised, validate_env) == []


def test_the_command_and_the_module_keep_the_same_words() -> None:
    """What `scaffold account --with rds:NAME` refuses as a word of PostgreSQL is what the module would refuse later."""
    module = bundled().module("rds")["variables.tf"].decode()
    listed = module[module.index("reserved_words = [") :].partition("[")[2].partition("]")[0]
    wanted = bundled().get("rds").input("instance")

    assert wanted is not None and sorted(json.loads(f"[{listed.strip().rstrip(',')}]")) == sorted(wanted.reserved)
