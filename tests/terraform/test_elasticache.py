"""The elasticache module and the stack that calls it: what it decides, what it plans, and its life from apply to destroy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support import databases, module_tests, terraform
from tests.support.aws import Aws
from tests.support.cli import replace
from tests.support.databases import CRITICAL, NOTICE, WAITING, make_network, subnet_ids
from tests.support.plans import Plan
from tests.support.root_modules import Stack

pytestmark = pytest.mark.terraform

VARIANTS: list[dict[str, Any]] = [{"production": "yes"}, {"production": "no"}, {"engine": "redis", "instance": "search"}]
LOG_GROUPS = ["/aws/elasticache/sessions/engine-log", "/aws/elasticache/sessions/slow-log"]
GROUP = "aws_elasticache_replication_group"


@pytest.fixture(scope="module")
def network(moto_url: str) -> dict[str, str]:
    """A network with two data subnets and two private ones."""
    return make_network(Aws(moto_url))


@pytest.fixture(scope="module")
def production(stack: Stack, network: dict[str, str], tf_env: dict[str, str]) -> Plan:
    """The plan of a production cache."""
    return Plan(terraform.plan_json(stack("elasticache", network, production="yes"), tf_env))


@pytest.fixture(scope="module")
def development(stack: Stack, network: dict[str, str], tf_env: dict[str, str]) -> Plan:
    """The plan of a cache elsewhere, with Redis."""
    return Plan(terraform.plan_json(stack("elasticache", network, engine="redis"), tf_env))


@pytest.fixture(scope="module")
def verdicts(initialised: Any, validate_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str, str]]:
    """How each run of the module's test files ended."""
    return module_tests.verdicts("elasticache", tmp_path_factory.mktemp("elasticache"), initialised, validate_env)


@pytest.mark.parametrize("run", module_tests.runs("elasticache"))
def test_the_module_decides(verdicts: Mapping[str, tuple[str, str]], run: str) -> None:
    """Runs of `elasticache/*.tftest.hcl`, with mocked AWS."""
    assert verdicts[run] == ("pass", "")


@pytest.mark.parametrize("context", VARIANTS, ids=str)
def test_every_variant_is_valid_and_formatted(
    context: dict[str, Any], stack: Stack, validate_env: dict[str, str], tf_env: dict[str, str]
) -> None:
    """While it waits for its network."""
    databases.is_valid_and_formatted("elasticache", stack("elasticache", WAITING, **context), validate_env, tf_env)


def test_the_stack_shows_every_output_of_its_module() -> None:
    """Each with the module's description."""
    databases.shows_every_output("elasticache")


def test_a_production_cache_survives_a_zone(production: Plan) -> None:
    """Two nodes of Valkey in two zones, a failover between them, and a week of snapshots."""
    cache = production.one(GROUP, "this")

    assert (cache["engine"], cache["engine_version"], cache["node_type"]) == ("valkey", "8.0", "cache.m7g.large")
    assert (cache["num_cache_clusters"], cache["multi_az_enabled"], cache["automatic_failover_enabled"]) == (2, True, True)
    assert (cache["snapshot_retention_limit"], "final_snapshot_identifier" in cache) == (7, False)  # its name is known after apply
    assert production.one("aws_elasticache_parameter_group", "this")["family"] == "valkey8"


def test_elsewhere_it_is_cheaper(development: Plan) -> None:
    """One node, here of Redis, and last night's snapshot."""
    cache = development.one(GROUP, "this")

    assert (cache["engine"], cache["engine_version"], cache["node_type"]) == ("redis", "7.1", "cache.t4g.small")
    assert (cache["num_cache_clusters"], cache["multi_az_enabled"], cache["automatic_failover_enabled"]) == (1, False, False)
    assert (cache["snapshot_retention_limit"], cache["final_snapshot_identifier"]) == (1, None)
    assert development.one("aws_elasticache_parameter_group", "this")["family"] == "redis7"


@pytest.mark.parametrize("which", ["production", "development"])
def test_every_cache_is_encrypted(which: str, request: pytest.FixtureRequest) -> None:
    """In transit without exception, at rest with a key of its own."""
    plan: Plan = request.getfixturevalue(which)
    cache = plan.one(GROUP, "this")

    assert (cache["transit_encryption_enabled"], cache["transit_encryption_mode"]) == (True, "required")
    assert cache["at_rest_encryption_enabled"] == "true"
    assert "aws_kms_key.this.arn" in plan.references(GROUP, "this", "kms_key_id")


@pytest.mark.parametrize("which", ["production", "development"])
def test_who_signs_in_does_so_with_iam(which: str, request: pytest.FixtureRequest) -> None:
    """No token and no password anywhere; who does not sign in is a user that is off."""
    plan: Plan = request.getfixturevalue(which)
    users = [plan.one("aws_elasticache_user", name) for name in ("application", "default")]
    group, cache = plan.one("aws_elasticache_user_group", "this"), plan.one(GROUP, "this")

    assert [(user["user_id"], user["user_name"], user["access_string"]) for user in users] == [
        ("sessions", "sessions", "on ~* +@all"),
        ("sessions-default", "default", "off ~* -@all"),
    ]
    assert [user["authentication_mode"][0]["type"] for user in users] == ["iam", "no-password-required"]
    assert [(user["passwords"], user["authentication_mode"][0]["passwords"]) for user in users] == [(None, None)] * 2
    assert (cache["auth_token"], cache["user_group_ids"]) == (None, ["sessions"])
    assert sorted(group["user_ids"]) == ["sessions", "sessions-default"]


def test_it_stands_in_the_data_subnets(production: Plan, network: dict[str, str], moto_url: str) -> None:
    """Found by their tag; the private ones, which reach the internet, are not among them."""
    group = production.one("aws_elasticache_subnet_group", "this")

    assert set(group["subnet_ids"]) == subnet_ids(Aws(moto_url), network["vpc_id"], "data")


def test_only_the_client_group_gets_in(production: Plan) -> None:
    """By its number, on the port of Valkey."""
    databases.admits_its_clients_only(production, (GROUP, "this", "security_group_ids"), "cache", 6379)


def test_logs_are_kept_encrypted_for_a_year(production: Plan) -> None:
    """The slow log and the engine's, as JSON."""
    delivered = production.one(GROUP, "this")["log_delivery_configuration"]

    databases.keeps_its_logs(production, LOG_GROUPS)
    assert sorted(log["destination"] for log in delivered) == LOG_GROUPS
    assert {(log["destination"].endswith(log["log_type"]), log["destination_type"], log["log_format"]) for log in delivered} == {
        (True, "cloudwatch-logs", "json")
    }


def test_the_key_rotates_and_serves_these_services_only(production: Plan) -> None:
    """ElastiCache, and nobody beside it."""
    databases.has_a_key_for(production, ["elasticache"], LOG_GROUPS)

    assert production.one("aws_kms_alias", "this")["name"] == "alias/elasticache/sessions"


def test_alarms_wake_somebody_for_what_stops_the_application(production: Plan) -> None:
    """For each node: memory is critical, evictions and CPU are notices."""
    wanted = {
        "memory": ("DatabaseMemoryUsagePercentage", 90, CRITICAL),
        "evictions": ("Evictions", 100, NOTICE),
        "cpu": ("EngineCPUUtilization", 90, NOTICE),
    }

    assert databases.alarms(production) == {f"sessions-00{node}/{name}": alarm for node in (1, 2) for name, alarm in wanted.items()}
    for key, alarm in production.after("aws_cloudwatch_metric_alarm", "this").items():
        assert (alarm["namespace"], alarm["dimensions"]) == ("AWS/ElastiCache", {"CacheClusterId": key.partition("/")[0]})


def test_nobody_is_woken_elsewhere(development: Plan) -> None:
    """The same alarms, as notices."""
    found = {key: topic for key, (_, _, topic) in databases.alarms(development).items()}

    assert found == {f"sessions-001/{name}": NOTICE for name in ("memory", "evictions", "cpu")}


def test_every_resource_carries_the_accounts_tags(production: Plan, development: Plan) -> None:
    """All but the key's alias can have tags."""
    databases.carries_the_accounts_tags(production, 19)
    databases.carries_the_accounts_tags(development, 16)


# Applied


@pytest.mark.slow
def test_its_life(stack: Stack, network: dict[str, str], tf_env: dict[str, str]) -> None:
    """A second plan is empty, also with a snapshot to start from, which only a replacement takes; then it is taken down."""
    root = stack("elasticache", network, production="yes")
    snapshot = '  snapshot_name           = "sessions-restore"\n'

    def run(*arguments: str) -> terraform.Completed:
        return terraform.run([*arguments, "-no-color"], root, tf_env, timeout=400)

    run("apply", "-auto-approve").check()
    second = run("plan", "-detailed-exitcode")
    replace(root / "main.tf", "  final_snapshot ", f"{snapshot}  final_snapshot ")
    named = run("plan", "-detailed-exitcode")
    run("plan", f"-replace=module.elasticache.{GROUP}.this", "-out=restore.bin").check()
    restored = Plan(json.loads(terraform.run(["show", "-json", "restore.bin"], root, tf_env).check().stdout))
    run("destroy", "-auto-approve").check()

    assert [(plan.status, "No changes." in plan.stdout) for plan in (second, named)] == [(0, True)] * 2
    assert restored.one(GROUP, "this")["snapshot_name"] == "sessions-restore"
