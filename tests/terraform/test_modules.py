"""The network and ecr modules and the stacks that call them, read by the real Terraform and AWS provider."""

from __future__ import annotations

import json
import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support import terraform
from tests.support.plans import Plan
from tests.support.root_modules import ACCOUNT, NETWORK, SKELETONS, Stack, render

pytestmark = pytest.mark.terraform

THREE_ZONES = ["use1-az1", "use1-az2", "use1-az4"]
POOL = "ipv4pool-ec2-0123456789abcdef0"
NETWORK_VARIANTS: list[dict[str, Any]] = [
    {"production": production, "zones": {"ids": zones}, "public_ipv4_pool": pool}
    for production, zones, pool in product(["yes", "no"], [THREE_ZONES[:2], THREE_ZONES], ["", POOL])
]
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *(("network", variant) for variant in NETWORK_VARIANTS),
    ("ecr", {"repository": "ml-api"}),
]

# Subnets of 10.20.0.0/20, by kind and zone.
SUBNETS = {
    "private": {"use1-az1": "10.20.0.0/22", "use1-az2": "10.20.4.0/22", "use1-az4": "10.20.8.0/22"},
    "public": {"use1-az1": "10.20.12.0/25", "use1-az2": "10.20.12.128/25", "use1-az4": "10.20.13.0/25"},
    "data": {"use1-az1": "10.20.13.128/25", "use1-az2": "10.20.14.0/25", "use1-az4": "10.20.14.128/25"},
}


@pytest.fixture(scope="module")
def production(stack: Stack, tf_env: dict[str, str]) -> Plan:
    """The plan of a network in three zones with a NAT gateway in each."""
    return Plan(terraform.plan_json(stack("network", NETWORK, production="yes", public_ipv4_pool=POOL), tf_env))


@pytest.fixture(scope="module")
def development(stack: Stack, tf_env: dict[str, str]) -> Plan:
    """The plan of a network in two zones with a single NAT gateway, in a second region's name."""
    network = {"name": "dev-ml.eu-west-1", "cidr_block": "10.30.0.0/16"}
    return Plan(terraform.plan_json(stack("network", network, zones={"ids": THREE_ZONES[:2]}), tf_env))


@pytest.fixture(scope="module")
def registry(stack: Stack, tf_env: dict[str, str]) -> Plan:
    """The plan of an ECR stack with one image and one chart."""
    return Plan(terraform.plan_json(stack("ecr"), tf_env))


# Stacks as rendered


@pytest.mark.parametrize(("skeleton", "context"), VARIANTS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_variant_validates_without_a_warning(
    skeleton: str, context: dict[str, Any], stack: Stack, validate_env: dict[str, str]
) -> None:
    """An operator's first plan shows the plan, not diagnostics."""
    root = stack(skeleton, NETWORK if skeleton == "network" else None, **context)

    assert terraform.validate_json(root, validate_env) == []


def test_every_variant_is_formatted(tf_env: dict[str, str], tmp_path: Path) -> None:
    """A first `terraform fmt` in a new landing zone changes nothing, in stacks and in modules."""
    for number, (skeleton, context) in enumerate(VARIANTS):
        render(skeleton, tmp_path / str(number) / "stacks", context)
    for skeleton in ("network", "ecr"):
        shutil.copytree(SKELETONS / skeleton / "module", tmp_path / "modules" / skeleton)

    result = terraform.run(["fmt", "-check", "-diff", "-recursive"], tmp_path, tf_env)

    assert (result.status, result.stdout) == (0, "")


@pytest.mark.parametrize("skeleton", ["network", "ecr"])
def test_the_stack_shows_every_output_of_its_module(skeleton: str) -> None:
    """What a module gives, the stack passes on."""
    folder = SKELETONS / skeleton
    names = [
        [line for line in (folder / part / "outputs.tf").read_text().splitlines() if line.startswith("output ")]
        for part in ("module", "{{cookiecutter.stack}}")
    ]

    assert names[0] == names[1]


# The network


@pytest.mark.parametrize("kind", SUBNETS)
def test_a_slash_20_is_cut_as_documented(production: Plan, kind: str) -> None:
    """Ranges follow from the zone's position; an allow list somewhere relies on them."""
    subnets = production.after("aws_subnet", kind)

    assert {zone: subnet["cidr_block"] for zone, subnet in subnets.items()} == SUBNETS[kind]
    assert {zone: subnet["availability_zone_id"] for zone, subnet in subnets.items()} == {z: z for z in THREE_ZONES}
    assert {subnet["tags"]["scaffold:subnet"] for subnet in subnets.values()} == {kind}
    assert not any(subnet["map_public_ip_on_launch"] for subnet in subnets.values())


def test_two_zones_leave_the_third_ones_ranges_free(development: Plan) -> None:
    """A third zone can be appended without moving a subnet."""
    cidrs = {kind: [s["cidr_block"] for s in development.after("aws_subnet", kind).values()] for kind in SUBNETS}

    assert cidrs == {
        "private": ["10.30.0.0/18", "10.30.64.0/18"],
        "public": ["10.30.192.0/21", "10.30.200.0/21"],
        "data": ["10.30.216.0/21", "10.30.224.0/21"],
    }


def test_the_vpc_carries_its_network_and_the_accounts_tags(development: Plan) -> None:
    """`scaffold pull` finds a declared network by this tag."""
    vpc = development.one("aws_vpc", "this")

    assert vpc["tags_all"] == ACCOUNT["tags"] | {"Name": "dev-ml.eu-west-1", "scaffold:network": "dev-ml.eu-west-1"}
    assert (vpc["enable_dns_support"], vpc["enable_dns_hostnames"]) == (True, True)


def test_production_has_a_nat_gateway_in_every_zone(production: Plan) -> None:
    """Each gateway has an address from the pool, and each private table leaves through its own zone's."""
    addresses = production.after("aws_eip", "nat")

    assert list(production.after("aws_nat_gateway", "this")) == THREE_ZONES
    assert {zone: address["public_ipv4_pool"] for zone, address in addresses.items()} == dict.fromkeys(THREE_ZONES, POOL)
    assert list(production.after("aws_route", "private_internet")) == THREE_ZONES


def test_elsewhere_one_nat_gateway_in_the_first_zone_serves_all(development: Plan) -> None:
    """Both private tables have a default route; Amazon chooses the address."""
    assert list(development.after("aws_nat_gateway", "this")) == THREE_ZONES[:1]
    assert "public_ipv4_pool" not in development.one("aws_eip", "nat")  # known after apply
    assert list(development.after("aws_route", "private_internet")) == THREE_ZONES[:2]


@pytest.mark.parametrize("kind", SUBNETS)
def test_every_subnet_is_associated_with_a_table_of_its_kind(production: Plan, kind: str) -> None:
    """A subnet without an association falls back to the main table, which no peering reaches."""
    assert list(production.after("aws_route_table_association", kind)) == THREE_ZONES
    assert f"aws_route_table.{kind}" in production.references("aws_route_table_association", kind, "route_table_id")


def test_only_private_and_data_tables_are_routed_to_peers(production: Plan) -> None:
    """A peer never routes into a subnet that faces the internet."""
    tables = {kind: production.after("aws_route_table", kind) for kind in SUBNETS}
    routed = {kind: {t["tags"].get("scaffold:peering") for t in by_key.values()} for kind, by_key in tables.items()}

    assert {kind: list(by_key) for kind, by_key in tables.items()} == {
        "private": THREE_ZONES,
        "public": [""],
        "data": [""],
    }
    assert routed == {"private": {"routed"}, "public": {None}, "data": {"routed"}}


def test_routes_are_resources_and_the_data_table_has_none(production: Plan) -> None:
    """In-line routes, or a default table taken over, would delete what peerings add."""
    routes = [change for change in production.json["resource_changes"] if change["type"] == "aws_route"]

    assert {change["name"] for change in routes} == {"public_internet", "private_internet"}
    assert {change["change"]["after"]["destination_cidr_block"] for change in routes} == {"0.0.0.0/0"}
    assert not any(production.says("aws_route_table", kind, "route") for kind in SUBNETS)
    assert not production.types() & {"aws_default_route_table", "aws_main_route_table_association", "aws_network_acl"}


def test_the_default_security_group_admits_nothing(production: Plan) -> None:
    """What is started without a group reaches nothing; unset rules would be kept as AWS made them."""
    group = production.after("aws_default_security_group", "this")[""]

    assert (group.get("ingress", []), group.get("egress", [])) == ([], [])


def test_gateway_endpoints_stand_on_private_and_data_tables(production: Plan) -> None:
    """S3 and DynamoDB are reached without the NAT gateways."""
    endpoints = production.after("aws_vpc_endpoint", "gateway")
    references = production.references("aws_vpc_endpoint", "gateway", "route_table_ids")

    assert {key: endpoint["service_name"] for key, endpoint in endpoints.items()} == {
        "dynamodb": "com.amazonaws.us-east-1.dynamodb",
        "s3": "com.amazonaws.us-east-1.s3",
    }
    assert {"aws_route_table.private", "aws_route_table.data"} <= set(references)
    assert "aws_route_table.public" not in references


def test_flow_logs_are_kept_encrypted_for_a_year(production: Plan) -> None:
    """The key serves CloudWatch Logs for this one group only, and the role serves flow logs of this account only."""
    group = production.one("aws_cloudwatch_log_group", "flow_logs")
    key = production.one("aws_kms_key", "flow_logs")
    _, logs = json.loads(key["policy"])["Statement"]
    (trust,) = json.loads(production.one("aws_iam_role", "flow_logs")["assume_role_policy"])["Statement"]
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT['id']}:log-group:/scaffold/flow-logs/prod-ml"

    assert (group["name"], group["retention_in_days"]) == ("/scaffold/flow-logs/prod-ml", 365)
    assert key["enable_key_rotation"] is True
    assert logs["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert logs["Condition"] == {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arn}}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT["id"]},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:us-east-1:{ACCOUNT['id']}:vpc-flow-log/*"},
    }


def test_names_fit_what_aws_admits(development: Plan) -> None:
    """IAM roles are global to an account and end at 64 characters; an alias has no dot."""
    role = development.one("aws_iam_role", "flow_logs")["name"]

    assert role.startswith("network-flow-logs-us-east-1-")
    assert len(role) <= 64
    assert development.one("aws_kms_alias", "flow_logs")["name"] == "alias/flow-logs/dev-ml/eu-west-1"


# The registry


def test_repositories_are_immutable_scanned_and_encrypted(registry: Plan) -> None:
    """A tag means one image for ever; deleting a repository that holds images fails."""
    repositories = registry.after("aws_ecr_repository", "this")

    assert list(repositories) == ["charts/ml", "ml"]
    for repository in repositories.values():
        assert repository["image_tag_mutability"] == "IMMUTABLE"
        assert repository["image_scanning_configuration"] == [{"scan_on_push": True}]
        assert repository["encryption_configuration"][0]["encryption_type"] == "KMS"
        assert repository["force_delete"] is False
    (encryption,) = registry.says("aws_ecr_repository", "this", "encryption_configuration")
    assert "aws_kms_key.this.arn" in encryption["kms_key"]["references"]


def test_the_organization_pulls_and_does_no_more(registry: Plan) -> None:
    """Everybody is the principal, so the condition and the three actions are the whole protection."""
    for policy in registry.after("aws_ecr_repository_policy", "this").values():
        (statement,) = json.loads(policy["policy"])["Statement"]

        assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
        assert statement["Action"] == [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ]


def test_old_images_expire_and_charts_do_not(registry: Plan) -> None:
    """Charts are small and a rollback asks for an old one."""
    rules = {
        name: [(rule["selection"]["tagStatus"], rule["selection"]["countNumber"]) for rule in json.loads(p["policy"])["rules"]]
        for name, p in registry.after("aws_ecr_lifecycle_policy", "this").items()
    }

    assert rules == {"ml": [("untagged", 14), ("tagged", 50)], "charts/ml": [("untagged", 14)]}


def test_the_registrys_key_rotates_and_serves_ecr_only(registry: Plan) -> None:
    """The account administers the key, and uses it through ECR alone."""
    key = registry.one("aws_kms_key", "this")
    administers, uses = json.loads(key["policy"])["Statement"]

    assert key["enable_key_rotation"] is True
    assert registry.one("aws_kms_alias", "this")["name"] == "alias/ecr"
    assert "kms:Decrypt" not in administers["Action"]
    assert uses["Condition"] == {"StringEquals": {"kms:ViaService": "ecr.us-east-1.amazonaws.com"}}


# Applied


@pytest.mark.slow
@pytest.mark.parametrize("skeleton", ["network", "ecr"])
def test_a_second_plan_after_apply_is_empty(skeleton: str, stack: Stack, tf_env: dict[str, str]) -> None:
    """What is applied stays applied, and can be taken down again."""
    root = stack(skeleton, NETWORK if skeleton == "network" else None)

    terraform.run(["apply", "-auto-approve", "-no-color"], root, tf_env, timeout=300).check()
    second = terraform.run(["plan", "-detailed-exitcode", "-no-color"], root, tf_env)
    terraform.run(["destroy", "-auto-approve", "-no-color"], root, tf_env, timeout=300).check()

    assert (second.status, "No changes." in second.stdout) == (0, True)
