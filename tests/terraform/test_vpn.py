"""The vpn module and the stack that calls it: what it decides, what it plans, and its life from apply to destroy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import databases, module_tests, terraform
from tests.support.aws import Aws
from tests.support.cli import REPOSITORY, replace
from tests.support.databases import NOTICE, WAITING
from tests.support.hubs import CERTIFICATE, METADATA, VPN, ZONES, make_hub, private_subnets
from tests.support.plans import Plan
from tests.support.root_modules import ACCOUNT, NETWORK, Stack

pytestmark = pytest.mark.terraform

VARIANTS: list[dict[str, Any]] = [{"production": "yes"}, {"production": "no"}]
ENDPOINT = "aws_ec2_client_vpn_endpoint"
LOG_GROUP = "/scaffold/client-vpn/prod-ml"

Hub = Callable[..., Path]
"""hub(network, **context) -> the path of a vpn stack that is ready to plan; `settings` replaces what the data file says of the VPN."""


@pytest.fixture(scope="module")
def network(moto_url: str) -> dict[str, str]:
    """A network with a private and a data subnet in three zones."""
    return make_hub(Aws(moto_url))


@pytest.fixture(scope="module")
def hub(stack: Stack) -> Hub:
    """A vpn stack, with the metadata where its data file names it."""

    def build(network: dict[str, str], settings: Mapping[str, Any] = VPN, **context: Any) -> Path:
        root = stack("vpn", network, {"vpn": settings}, **context)
        file = root.parents[3] / "vpn/okta.xml"
        file.parent.mkdir()
        file.write_text(METADATA)
        return root

    return build


@pytest.fixture(scope="module")
def production(hub: Hub, network: dict[str, str], tf_env: dict[str, str]) -> Plan:
    """The plan of the VPN into production."""
    return Plan(terraform.plan_json(hub(network, production="yes"), tf_env))


@pytest.fixture(scope="module")
def development(hub: Hub, network: dict[str, str], tf_env: dict[str, str]) -> Plan:
    """The plan of a VPN elsewhere, into a network that is one of its pools."""
    settings = {**VPN, "pools": [NETWORK["cidr_block"], "10.0.0.0/12"]}
    return Plan(terraform.plan_json(hub(network, settings), tf_env))


@pytest.fixture(scope="module")
def verdicts(initialised: Path, validate_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str, str]]:
    """How each run of the module's test files ended."""
    return module_tests.verdicts("vpn", tmp_path_factory.mktemp("vpn"), initialised, validate_env)


@pytest.mark.parametrize("run", module_tests.runs("vpn"))
def test_the_module_decides(verdicts: Mapping[str, tuple[str, str]], run: str) -> None:
    """Runs of `vpn/*.tftest.hcl`, with mocked AWS."""
    assert verdicts[run] == ("pass", "")


@pytest.mark.parametrize("context", VARIANTS, ids=str)
def test_every_variant_is_valid_and_formatted(
    context: dict[str, Any], hub: Hub, validate_env: dict[str, str], tf_env: dict[str, str]
) -> None:
    """While it waits for its network."""
    databases.is_valid_and_formatted("vpn", hub(WAITING, **context), validate_env, tf_env)


def test_the_stack_of_the_example_is_valid(initialised: Path, validate_env: dict[str, str], tmp_path: Path) -> None:
    """With the data file that the command writes, and the metadata where it names it."""
    for folder in ("modules/vpn", "stacks/prod-vpn/us-east-1/vpn", "vpn"):
        shutil.copytree(REPOSITORY / "examples/acme" / folder, tmp_path / folder)

    root = terraform.prepared(tmp_path / "stacks/prod-vpn/us-east-1/vpn", initialised, validate_env)

    assert terraform.validate_json(root, validate_env) == []


def test_the_stack_shows_every_output_of_its_module() -> None:
    """Each with the module's description."""
    databases.shows_every_output("vpn")


def test_production_survives_a_zone(production: Plan, network: dict[str, str], moto_url: str) -> None:
    """An association in every zone, in the private subnets, whose tables peerings route."""
    found = production.after("aws_ec2_client_vpn_network_association", "this")

    assert {zone: association["subnet_id"] for zone, association in found.items()} == private_subnets(Aws(moto_url), network["vpc_id"])
    assert production.one(ENDPOINT, "this")["session_timeout_hours"] == 8


def test_elsewhere_it_is_cheaper(development: Plan) -> None:
    """One association, which costs by the hour."""
    assert list(development.after("aws_ec2_client_vpn_network_association", "this")) == [ZONES[0]]
    assert development.one(ENDPOINT, "this")["session_timeout_hours"] == 24


@pytest.mark.parametrize("which", ["production", "development"])
def test_people_sign_in_and_send_only_what_is_ours(which: str, request: pytest.FixtureRequest) -> None:
    """By SAML, at the portal too; the rest of their traffic stays with them."""
    plan: Plan = request.getfixturevalue(which)
    endpoint = plan.one(ENDPOINT, "this")
    (signed,) = plan.says(ENDPOINT, "this", "authentication_options")
    provider = {"references": ["aws_iam_saml_provider.this.arn", "aws_iam_saml_provider.this"]}

    assert (endpoint["split_tunnel"], endpoint["self_service_portal"], endpoint["disconnect_on_session_timeout"]) == (True, "enabled", True)
    assert (endpoint["client_cidr_block"], endpoint["server_certificate_arn"]) == ("10.200.0.0/22", CERTIFICATE)
    assert endpoint["dns_servers"] == ["10.20.0.2"]
    assert signed["type"] == {"constant_value": "federated-authentication"}
    assert signed["saml_provider_arn"] == provider
    assert signed["self_service_saml_provider_arn"]["references"] == ["var.self_service_portal", *provider["references"]]
    assert plan.one("aws_iam_saml_provider", "this")["saml_metadata_document"] == METADATA


def test_a_route_for_each_pool_and_association(production: Plan) -> None:
    """And no other: accounts come and go without a change here."""
    found = production.after("aws_ec2_client_vpn_route", "pool")

    assert {key: route["destination_cidr_block"] for key, route in found.items()} == {
        f"{zone}/{pool}": pool for zone in ZONES for pool in VPN["pools"]
    }


def test_no_route_to_the_network_itself(development: Plan) -> None:
    """AWS adds it with the association, and refuses a second one."""
    assert list(development.after("aws_ec2_client_vpn_route", "pool")) == [f"{ZONES[0]}/10.0.0.0/12"]


def test_each_group_is_authorized_for_each_pool(production: Plan) -> None:
    """Nobody is without a group; the network itself is cut from a pool."""
    found = production.after("aws_ec2_client_vpn_authorization_rule", "group").values()

    assert {(rule["access_group_id"], rule["target_network_cidr"]) for rule in found} == {
        (group, pool) for group in VPN["groups"] for pool in VPN["pools"]
    }
    assert {rule["authorize_all_groups"] for rule in found} == {None}


def test_clients_reach_the_pools_and_nobody_reaches_them(production: Plan) -> None:
    """One group, without a rule for what comes in."""
    rules = production.after("aws_vpc_security_group_egress_rule", "reached")

    assert {rule["cidr_ipv4"] for rule in rules.values()} == set(VPN["pools"])
    assert {kind for kind in production.types() if "security_group" in kind} == {
        "aws_security_group", "aws_vpc_security_group_egress_rule"
    }  # fmt: skip
    assert not any(production.says("aws_security_group", "this", kind) for kind in ("ingress", "egress"))
    assert production.references(ENDPOINT, "this", "security_group_ids") == ["aws_security_group.this.id", "aws_security_group.this"]


def test_who_was_connected_is_kept_encrypted_for_a_year(production: Plan) -> None:
    """In a group of its own, whose key serves this group only."""
    (logged,) = production.one(ENDPOINT, "this")["connection_log_options"]
    group, key = production.one("aws_cloudwatch_log_group", "this"), production.one("aws_kms_key", "this")
    administers, logs = json.loads(key["policy"])["Statement"]

    assert logged == {"enabled": True, "cloudwatch_log_group": LOG_GROUP, "cloudwatch_log_stream": "connections"}
    assert (group["name"], group["retention_in_days"]) == (LOG_GROUP, 365)
    assert "aws_kms_key.this.arn" in production.references("aws_cloudwatch_log_group", "this", "kms_key_id")
    assert (key["enable_key_rotation"], key["deletion_window_in_days"]) == (True, 30)
    assert {*administers["Action"]}.isdisjoint({"kms:*", "kms:Decrypt", "kms:Encrypt", "kms:CreateGrant"})
    assert logs["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT['id']}:log-group:{LOG_GROUP}"
    assert logs["Condition"] == {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arn}}


def test_alarms_are_read_in_working_hours(production: Plan) -> None:
    """No metric says that nobody can connect; these say what leads to it."""
    assert databases.alarms(production) == {
        "certificate": ("DaysToExpiry", 30, NOTICE),
        "sign_ins": ("AuthenticationFailures", 50, NOTICE),
        "addresses": ("ActiveConnectionsCount", 409, NOTICE),
    }
    found = production.after("aws_cloudwatch_metric_alarm", "this")
    assert found["certificate"]["dimensions"] == {"CertificateArn": CERTIFICATE}


def test_every_resource_carries_the_accounts_tags(production: Plan, development: Plan) -> None:
    """All but associations, routes, rules, the log stream and the key's alias can have tags."""
    databases.carries_the_accounts_tags(production, 10)
    databases.carries_the_accounts_tags(development, 10)


# Refused by what AWS has


def _said(root: Path, env: dict[str, str]) -> str:
    """What a plan that is refused says, on one line."""
    planned = terraform.run(["plan", "-no-color"], root, env)
    assert planned.status == 1
    return " ".join(planned.stderr.replace("│", "").split())


@pytest.mark.slow
def test_a_zone_without_a_private_subnet_is_said(hub: Hub, moto_url: str, tf_env: dict[str, str]) -> None:
    """Of three zones the network has two; the message says which to take out."""
    network = make_hub(Aws(moto_url), ZONES[:2])

    said = _said(hub(network, production="yes"), tf_env)

    assert f"{network['vpc_id']} has 0 subnets tagged scaffold:subnet = private in use1-az4" in said
    assert "in use1-az1" not in said


@pytest.mark.slow
def test_a_table_that_peerings_do_not_route_is_said(hub: Hub, moto_url: str, tf_env: dict[str, str]) -> None:
    """Rather than a VPN that leads nowhere."""
    network = make_hub(Aws(moto_url), ZONES[:1], routed=False)

    said = _said(hub(network), tf_env)

    assert f"The private subnet of {network['vpc_id']} in use1-az1 uses no route table tagged scaffold:peering = routed" in said


def test_metadata_that_is_not_there_is_said(hub: Hub, network: dict[str, str], tf_env: dict[str, str]) -> None:
    """With the file to put it into, rather than with a function of Terraform."""
    root = hub(network)
    (root.parents[3] / "vpn/okta.xml").unlink()

    assert "into the file that vpn.saml_metadata of scaffold.yaml names" in _said(root, tf_env)


# Applied


@pytest.mark.slow
def test_its_life(hub: Hub, network: dict[str, str], tf_env: dict[str, str], moto_url: str) -> None:
    """A second plan is empty; a group that comes is one rule for each pool and nothing else; then it is taken down."""
    root = hub(network, production="yes")

    def run(*arguments: str) -> terraform.Completed:
        return terraform.run([*arguments, "-no-color"], root, tf_env, timeout=400)

    run("apply", "-auto-approve").check()
    second = run("plan", "-detailed-exitcode")
    routes = _routes(Aws(moto_url), network["vpc_id"])
    replace(root / "account.tf.json", '"okta-prod-operators"', '"okta-prod-operators", "okta-prod-guests"')
    grown = run("plan")
    run("destroy", "-auto-approve").check()

    assert (second.status, "No changes." in second.stdout) == (0, True)
    assert routes == {(destination, zone) for destination in (*VPN["pools"], NETWORK["cidr_block"]) for zone in ZONES}
    assert "Plan: 2 to add, 0 to change, 0 to destroy." in grown.stdout


def _routes(aws: Aws, vpc_id: str) -> set[tuple[str, str]]:
    """Destination and zone of every route of the one endpoint, those that came with the associations included."""
    ec2, zones = aws.client("ec2", ACCOUNT["id"]), {subnet: zone for zone, subnet in private_subnets(aws, vpc_id).items()}
    (endpoint,) = ec2.describe_client_vpn_endpoints()["ClientVpnEndpoints"]
    found = ec2.describe_client_vpn_routes(ClientVpnEndpointId=endpoint["ClientVpnEndpointId"])["Routes"]
    return {(route["DestinationCidr"], zones[route["TargetSubnet"]]) for route in found}
