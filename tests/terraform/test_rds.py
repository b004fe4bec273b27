"""The rds module and the stack that calls it: what it decides, what it plans, and its life from apply to destroy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import databases, module_tests, terraform
from tests.support.aws import Aws
from tests.support.cli import replace
from tests.support.databases import CRITICAL, NOTICE, WAITING, make_network, subnet_ids
from tests.support.plans import Plan
from tests.support.root_modules import ACCOUNT, Stack

pytestmark = pytest.mark.terraform

VARIANTS: list[dict[str, Any]] = [{"production": "yes"}, {"production": "no"}, {"instance": "order-history", "production": "yes"}]
LOG_GROUPS = ["/aws/rds/instance/orders/postgresql", "/aws/rds/instance/orders/upgrade"]


@pytest.fixture(scope="module")
def network(moto_url: str) -> dict[str, str]:
    """A network with two data subnets and two private ones."""
    return make_network(Aws(moto_url))


@pytest.fixture(scope="module")
def production(stack: Stack, network: dict[str, str], tf_env: dict[str, str]) -> Plan:
    """The plan of a production database."""
    return Plan(terraform.plan_json(stack("rds", network, production="yes"), tf_env))


@pytest.fixture(scope="module")
def development(stack: Stack, network: dict[str, str], tf_env: dict[str, str]) -> Plan:
    """The plan of a database elsewhere."""
    return Plan(terraform.plan_json(stack("rds", network, instance="order-history"), tf_env))


@pytest.fixture(scope="module")
def verdicts(initialised: Path, validate_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str, str]]:
    """How each run of the module's test files ended."""
    return module_tests.verdicts("rds", tmp_path_factory.mktemp("rds"), initialised, validate_env)


@pytest.mark.parametrize("run", module_tests.runs("rds"))
def test_the_module_decides(verdicts: Mapping[str, tuple[str, str]], run: str) -> None:
    """Runs of `rds/*.tftest.hcl`, with mocked AWS."""
    assert verdicts[run] == ("pass", "")


@pytest.mark.parametrize("context", VARIANTS, ids=str)
def test_every_variant_is_valid_and_formatted(
    context: dict[str, Any], stack: Stack, validate_env: dict[str, str], tf_env: dict[str, str]
) -> None:
    """While it waits for its network."""
    databases.is_valid_and_formatted("rds", stack("rds", WAITING, **context), validate_env, tf_env)


def test_the_stack_shows_every_output_of_its_module() -> None:
    """Each with the module's description."""
    databases.shows_every_output("rds")


def test_a_production_database_is_not_lost(production: Plan) -> None:
    """Neither with its zone, nor by a mistake, nor for want of a backup."""
    database = production.one("aws_db_instance", "this")

    assert (database["deletion_protection"], database["skip_final_snapshot"], database["delete_automated_backups"]) == (True, False, False)
    assert (database["multi_az"], database["backup_retention_period"], database["copy_tags_to_snapshot"]) == (True, 35, True)
    assert (database["instance_class"], database["allocated_storage"], database["max_allocated_storage"]) == ("db.m7g.large", 100, 1000)


def test_elsewhere_it_is_cheaper(development: Plan) -> None:
    """One zone, a week, and it can be thrown away."""
    database = development.one("aws_db_instance", "this")

    assert (database["deletion_protection"], database["skip_final_snapshot"], database["delete_automated_backups"]) == (False, True, True)
    assert (database["multi_az"], database["backup_retention_period"]) == (False, 7)
    assert (database["instance_class"], database["allocated_storage"], database["max_allocated_storage"]) == ("db.t4g.small", 20, 100)


@pytest.mark.parametrize("which", ["production", "development"])
def test_every_database_is_encrypted_private_and_watched(which: str, request: pytest.FixtureRequest) -> None:
    """What no environment goes without."""
    plan: Plan = request.getfixturevalue(which)
    database = plan.one("aws_db_instance", "this")

    assert (database["engine"], database["engine_version"], database["storage_type"]) == ("postgres", "17", "gp3")
    assert (database["storage_encrypted"], database["publicly_accessible"], database["auto_minor_version_upgrade"]) == (True, False, True)
    assert (database["allow_major_version_upgrade"], database["apply_immediately"]) == (False, False)
    assert (database["performance_insights_enabled"], database["monitoring_interval"]) == (True, 60)
    assert database["enabled_cloudwatch_logs_exports"] == ["postgresql", "upgrade"]
    for argument in ("kms_key_id", "master_user_secret_kms_key_id", "performance_insights_kms_key_id"):
        assert "aws_kms_key.this.arn" in plan.references("aws_db_instance", "this", argument)


def test_no_password_is_in_the_plan(production: Plan) -> None:
    """RDS makes it, keeps it and rotates it; the application signs in with IAM."""
    database = production.one("aws_db_instance", "this")

    assert (database["manage_master_user_password"], database["iam_database_authentication_enabled"]) == (True, True)
    assert (database["username"], database["password"], database["db_name"]) == ("dbadmin", None, "orders")


def test_a_hyphen_becomes_an_underscore_in_the_database(development: Plan) -> None:
    """PostgreSQL admits no hyphen in an unquoted name, RDS no underscore in an identifier."""
    database = development.one("aws_db_instance", "this")

    assert (database["identifier"], database["db_name"]) == ("order-history", "order_history")


def test_it_stands_in_the_data_subnets(production: Plan, network: dict[str, str], moto_url: str) -> None:
    """Found by their tag; the private ones, which reach the internet, are not among them."""
    group = production.one("aws_db_subnet_group", "this")

    assert set(group["subnet_ids"]) == subnet_ids(Aws(moto_url), network["vpc_id"], "data")


def test_a_network_without_data_subnets_is_said(stack: Stack, moto_url: str, tf_env: dict[str, str]) -> None:
    """Rather than a subnet group that AWS refuses."""
    bare = make_network(Aws(moto_url), {"private": ("10.20.0.0/22", "10.20.4.0/22"), "data": ("10.20.13.128/25",)})

    planned = terraform.run(["plan", "-no-color"], stack("rds", bare), tf_env)

    assert planned.status == 1
    assert f"{bare['vpc_id']} has 1 subnet(s) tagged scaffold:subnet = data" in " ".join(planned.stderr.replace("│", "").split())


def test_only_the_client_group_gets_in(production: Plan) -> None:
    """By its number, on the port of PostgreSQL."""
    databases.admits_its_clients_only(production, ("aws_db_instance", "this", "vpc_security_group_ids"), "database", 5432)


def test_parameters_are_these(production: Plan) -> None:
    """TLS for everybody, changes of the schema and slow statements in the log, and as many connections as said."""
    group = production.one("aws_db_parameter_group", "this")

    assert (group["family"], group["name_prefix"]) == ("postgres17", "orders-postgres17-")
    assert {(found["name"], found["value"], found["apply_method"]) for found in group["parameter"]} == {
        ("rds.force_ssl", "1", "immediate"),
        ("log_statement", "ddl", "immediate"),
        ("log_min_duration_statement", "1000", "immediate"),
        ("max_connections", "500", "pending-reboot"),
    }


def test_logs_are_kept_encrypted_for_a_year(production: Plan) -> None:
    """In groups that are there before RDS would make its own."""
    databases.keeps_its_logs(production, LOG_GROUPS)


def test_the_key_rotates_and_serves_these_services_only(production: Plan) -> None:
    """The secret's key is this one too."""
    databases.has_a_key_for(production, ["rds", "secretsmanager"], LOG_GROUPS)

    assert production.one("aws_kms_alias", "this")["name"] == "alias/rds/orders"


def test_the_monitoring_role_serves_this_database_only(production: Plan) -> None:
    """Nobody else's database can be monitored with it, and its name fits what IAM admits."""
    role = production.one("aws_iam_role", "monitoring")
    (trust,) = json.loads(role["assume_role_policy"])["Statement"]

    assert trust["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT["id"]},
        "ArnLike": {"aws:SourceArn": f"arn:aws:rds:us-east-1:{ACCOUNT['id']}:db:orders"},
    }
    assert role["name"].startswith("rds-monitoring-us-east-1-") and len(role["name"]) <= 64
    assert production.one("aws_iam_role_policy_attachment", "monitoring")["policy_arn"] == (
        "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    )


def test_alarms_wake_somebody_for_what_stops_the_application(production: Plan) -> None:
    """Storage and connections are critical, memory and CPU are notices."""
    assert databases.alarms(production) == {
        "storage": ("FreeStorageSpace", 5 * 1024**3, CRITICAL),
        "connections": ("DatabaseConnections", 450, CRITICAL),
        "memory": ("FreeableMemory", 256 * 1024**2, NOTICE),
        "cpu": ("CPUUtilization", 90, NOTICE),
    }
    for alarm in production.after("aws_cloudwatch_metric_alarm", "this").values():
        assert (alarm["namespace"], alarm["dimensions"]) == ("AWS/RDS", {"DBInstanceIdentifier": "orders"})


def test_nobody_is_woken_elsewhere(development: Plan) -> None:
    """The same four alarms, as notices."""
    found = databases.alarms(development)

    assert {key: topic for key, (_, _, topic) in found.items()} == dict.fromkeys(("storage", "connections", "memory", "cpu"), NOTICE)


def test_every_resource_carries_the_accounts_tags(production: Plan, development: Plan) -> None:
    """All but the key's alias and the attachment of a policy can have tags."""
    databases.carries_the_accounts_tags(production, 15)
    databases.carries_the_accounts_tags(development, 15)


# Applied


@pytest.mark.slow
def test_its_life(stack: Stack, network: dict[str, str], tf_env: dict[str, str], moto_url: str) -> None:
    """A second plan is empty, also with a snapshot to start from, which only a replacement takes; a destroy is refused until
    protection is taken off, and leaves a last snapshot."""
    root = stack("rds", network, production="yes")
    database, snapshot = "module.rds.aws_db_instance.this", '  snapshot_identifier   = "orders-restore"\n'

    def run(*arguments: str) -> terraform.Completed:
        return terraform.run([*arguments, "-no-color"], root, tf_env, timeout=400)

    run("apply", "-auto-approve").check()
    second = run("plan", "-detailed-exitcode")
    replace(root / "main.tf", "  deletion_protection ", f"{snapshot}  deletion_protection ")
    named = run("plan", "-detailed-exitcode")
    run("plan", f"-replace={database}", "-out=restore.bin").check()
    restored = Plan(json.loads(terraform.run(["show", "-json", "restore.bin"], root, tf_env).check().stdout))
    refused = run("destroy", "-auto-approve", f"-target={database}")
    replace(root / "main.tf", "deletion_protection   = true", "deletion_protection   = false")
    run("apply", "-auto-approve").check()
    run("destroy", "-auto-approve").check()

    assert [(plan.status, "No changes." in plan.stdout) for plan in (second, named)] == [(0, True)] * 2
    assert restored.one("aws_db_instance", "this")["snapshot_identifier"] == "orders-restore"
    assert refused.status == 1 and "disable deletion protection" in " ".join(refused.stderr.replace("│", "").split())
    assert [name for name in snapshots(moto_url) if name.startswith("orders-final-")]


def snapshots(url: str) -> list[str]:
    """The names of the account's snapshots of databases."""
    found = Aws(url).client("rds", ACCOUNT["id"]).describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    return [snapshot["DBSnapshotIdentifier"] for snapshot in found]
