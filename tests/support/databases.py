"""What databases and caches have in common: the network that they find by tag, and what their plans must say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support import terraform
from tests.support.aws import Aws
from tests.support.plans import Plan
from tests.support.root_modules import ACCOUNT, NETWORK, SKELETONS

WAITING = {**NETWORK, "vpc_id": "vpc-00000000000000000"}
"""The network of a stack that waits for it."""
CRITICAL, NOTICE = (f"arn:aws:sns:us-east-1:333333333333:acme-{name}" for name in ("critical", "notice"))

SUBNETS = {"private": ("10.20.0.0/22", "10.20.4.0/22"), "data": ("10.20.13.128/25", "10.20.14.0/25")}
"""Kind -> the ranges of its subnets, in two zones of us-east-1."""


def make_network(aws: Aws, subnets: Mapping[str, tuple[str, ...]] = SUBNETS) -> dict[str, str]:
    """A VPC of the account with tagged subnets; the stack's network, as its data file gives it."""
    vpc_id = aws.make_vpc(ACCOUNT["id"], NETWORK["cidr_block"], NETWORK["name"])
    ec2 = aws.client("ec2", ACCOUNT["id"])
    for kind, ranges in subnets.items():
        for zone, cidr_block in zip("ab", ranges, strict=False):
            _subnet(ec2, vpc_id, f"us-east-1{zone}", cidr_block, kind)
    return {**NETWORK, "vpc_id": vpc_id}


def _subnet(ec2: Any, vpc_id: str, zone: str, cidr_block: str, kind: str) -> None:
    tags = [{"ResourceType": "subnet", "Tags": [{"Key": "scaffold:subnet", "Value": kind}]}]
    ec2.create_subnet(VpcId=vpc_id, AvailabilityZone=zone, CidrBlock=cidr_block, TagSpecifications=tags)


def subnet_ids(aws: Aws, vpc_id: str, kind: str) -> set[str]:
    """The ids of a VPC's subnets of one kind."""
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "tag:scaffold:subnet", "Values": [kind]}]
    found = aws.client("ec2", ACCOUNT["id"]).describe_subnets(Filters=filters)["Subnets"]
    return {subnet["SubnetId"] for subnet in found}


def shows_every_output(skeleton: str) -> None:
    """What a module gives, the stack passes on, in the same words."""
    files = [(SKELETONS / skeleton / part / "outputs.tf").read_text() for part in ("module", "{{cookiecutter.stack}}")]
    module, stack = ([line for line in text.splitlines() if line.startswith(("output ", "  description"))] for text in files)

    assert module == stack and module


def is_valid_and_formatted(skeleton: str, root: Path, validate_env: Mapping[str, str], tf_env: Mapping[str, str]) -> None:
    """A stack as rendered, and its module: no diagnostic of Terraform, and nothing for `terraform fmt` to change."""
    module = root.parents[3] / "modules" / skeleton
    formatted = [terraform.run(["fmt", "-check", "-diff", "-recursive"], folder, tf_env) for folder in (root, module)]

    assert [(done.status, done.stdout) for done in formatted] == [(0, "")] * 2
    assert terraform.validate_json(root, validate_env) == []


def admits_its_clients_only(plan: Plan, server: tuple[str, str, str], group: str, port: int) -> None:
    """One rule in and one rule out, between two groups; no range, in the rules or in the groups.

    `server` is the type, the name and the argument of the resource that carries the group named `group`.
    """
    rules = {kind: f"aws_vpc_security_group_{kind}_rule" for kind in ("ingress", "egress")}
    names = {"ingress": f"{group}_client", "egress": f"client_{group}"}

    for kind, name in names.items():
        rule = plan.one(rules[kind], name)
        assert (rule["ip_protocol"], rule["from_port"], rule["to_port"]) == ("tcp", port, port)
        assert (rule["cidr_ipv4"], rule["cidr_ipv6"], rule["prefix_list_id"]) == (None, None, None)
    ends = [plan.references(rules["ingress"], names["ingress"], f"{end}security_group_id")[0] for end in ("", "referenced_")]
    assert ends == [f"aws_security_group.{group}.id", "aws_security_group.client.id"]
    assert plan.references(*server) == [f"aws_security_group.{group}.id", f"aws_security_group.{group}"]
    assert not any(plan.says("aws_security_group", name, kind) for name in ("client", group) for kind in rules)
    assert {kind for kind in plan.types() if "security_group" in kind} == {"aws_security_group", *rules.values()}


def carries_the_accounts_tags(plan: Plan, number: int) -> None:
    """Each of the `number` resources that can have tags has those of the account, known in the plan, and a name."""
    tags = plan.tags()

    assert len(tags) == number
    for address, found in tags.items():
        assert found is not None and found.items() >= ACCOUNT["tags"].items() and found["Name"], address


def has_a_key_for(plan: Plan, services: list[str], log_groups: list[str]) -> None:
    """It rotates; the account administers it, and uses it through these services; CloudWatch Logs, for these groups."""
    key = plan.one("aws_kms_key", "this")
    administers, uses, logs = json.loads(key["policy"])["Statement"]
    prefix = f"arn:aws:logs:us-east-1:{ACCOUNT['id']}:log-group:"
    via = uses["Condition"]["StringEquals"]["kms:ViaService"]

    assert (key["enable_key_rotation"], key["deletion_window_in_days"]) == (True, 30)
    assert {*administers["Action"]}.isdisjoint({"kms:*", "kms:Decrypt", "kms:Encrypt", "kms:CreateGrant"})
    assert ([via] if isinstance(via, str) else via) == [f"{service}.us-east-1.amazonaws.com" for service in services]
    assert logs["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert logs["Condition"] == {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": [f"{prefix}{group}" for group in log_groups]}}


def keeps_its_logs(plan: Plan, log_groups: list[str]) -> None:
    """For a year, encrypted."""
    groups = plan.after("aws_cloudwatch_log_group", "this").values()

    assert [(group["name"], group["retention_in_days"]) for group in groups] == [(name, 365) for name in log_groups]
    assert "aws_kms_key.this.arn" in plan.references("aws_cloudwatch_log_group", "this", "kms_key_id")


def alarms(plan: Plan) -> dict[str, tuple[str, float, str]]:
    """Name -> metric, threshold and topic; the description says how urgent it is, and the topic hears when it is over."""
    found = plan.after("aws_cloudwatch_metric_alarm", "this")
    for alarm in found.values():
        assert alarm["ok_actions"] == alarm["alarm_actions"]
        assert alarm["alarm_description"].startswith(("Critical: ", "Notice: "))
    return {key: (alarm["metric_name"], alarm["threshold"], alarm["alarm_actions"][0]) for key, alarm in found.items()}
