"""`bootstrap/management`: the plan, judged policy by policy, and its life from apply to destroy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import bootstrap, terraform
from tests.support.aws import Aws
from tests.support.bootstrap import MEMBER, Company, Root, applied, destroyed, looked_at, role
from tests.support.iam import Request, decision

pytestmark = pytest.mark.terraform

MANAGEMENT = "822222222222"
NETWORK_TEAM = "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Network_*"
"""As the README writes it: IAM Identity Center puts its region into the path, and none where that is us-east-1."""


@pytest.fixture(scope="module")
def company(moto_url: str, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """An organization with a platform account."""
    return bootstrap.found(Aws(moto_url), tmp_path_factory.mktemp("company") / "zone", MANAGEMENT)


@pytest.fixture(scope="module")
def management(moto_url: str, company: Company, initialised: Path, tf_env: dict[str, str]) -> Root:
    """The management account; its state is a file here."""
    root, env = company.zone.root / "bootstrap/management", bootstrap.acting_in(Aws(moto_url), MANAGEMENT, tf_env)
    (root / "backend.tf").unlink()
    terraform.prepared(root, initialised, env)
    bootstrap.set_variables(root, {"scp_targets": [company.platform], "peering_roles": [NETWORK_TEAM]})
    plan = applied(root, env)
    outputs, second = looked_at(root, env)
    return Root(plan, outputs, second, destroyed(root, env))


def test_a_second_plan_is_empty_and_destroy_leaves_nothing(management: Root) -> None:
    """What is applied stays applied."""
    assert (management.second, management.left) == (0, [])


def test_everything_says_who_manages_it(management: Root) -> None:
    """The tags of an account do not reach this one."""
    assert list(map(json.dumps, management.tags())) == ['{"managed-by": "scaffold"}'] * 2


def test_the_management_account_has_these_resources(management: Root, company: Company) -> None:
    """Cost-allocation tags are off at first: AWS knows no key yet."""
    assert {change["address"] for change in management.changes()} == {
        "module.reader.aws_iam_role.this",
        "module.reader.aws_iam_role_policy.this",
        "aws_organizations_policy.peering",
        f'aws_organizations_policy_attachment.peering["{company.platform}"]',
    }


def test_the_reader_may_do_what_scaffold_asks(management: Root) -> None:
    """The table in `generator.aws`, and no more; two of it are for this account alone."""
    asked = bootstrap.asked()

    assert len([action for action in asked if action.startswith("organizations:")]) == 2
    assert management.actions("module.reader.aws_iam_role_policy.this") == asked


def test_ci_is_who_reads(management: Root, company: Company) -> None:
    """Nobody else, unless `reader_arns` names them."""
    policy = management.policy("module.reader.aws_iam_role.this", "assume_role_policy")
    ci, other = (f"AWS:{role(one, company.platform)}" for one in ("acme-scaffold-ci", "acme-atlantis-server"))

    assert [decision(policy, Request("sts:AssumeRole", principal=one)) for one in (ci, other)] == ["Allow", None]


def test_the_readme_names_such_a_team() -> None:
    """The pattern that is tried here is the one that people copy, from either place."""
    said = ((bootstrap.FOLDER / path).read_text() for path in ("README.md", "management/variables.tf"))

    assert all(NETWORK_TEAM in text for text in said)


# The policy against rogue peerings

ATLANTIS, NETWORK = role("acme-atlantis"), role("aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Network_0a1b")
NETWORK_HOME = role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Network_0a1b")
MAKERS = tuple(map(role, ("AWSAFTExecution", "AWSControlTowerExecution", "stacksets-exec-0a1b")))
OTHERS = (
    role("admin"),
    role("acme-atlantis-2"),
    role("path/acme-atlantis"),
    role("acme-reader"),
    role("aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Administrator_0a1b"),
    role("my-stacksets-exec-0a1b"),
    f"arn:aws:iam::{MEMBER}:root",
    f"arn:aws:iam::{MEMBER}:user/acme-atlantis",
)
PROTECTED = tuple(
    map(
        role,
        (
            "acme-atlantis",
            "acme-atlantis-server",
            "acme-reader",
            "acme-scaffold-ci",
            "AWSAFTExecution",
            "AWSControlTowerExecution",
            "stacksets-exec-0a1b",
            "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Network_0a1b",
        ),
    )
)
WRITES = (
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
)
PEERINGS = ("ec2:CreateVpcPeeringConnection", "ec2:AcceptVpcPeeringConnection")


def forbidden(management: Root, principal: str, action: str, resource: str = "*") -> bool:
    """Does the policy forbid it?"""
    context = {"aws:PrincipalArn": principal}
    return decision(management.policy("aws_organizations_policy.peering", "content"), Request(action, resource, "", context)) == "Deny"


@pytest.mark.parametrize("action", PEERINGS)
def test_only_atlantis_and_named_roles_peer(management: Root, action: str) -> None:
    """Whoever else is administrator, of whatever name."""
    named = (ATLANTIS, NETWORK, NETWORK_HOME)

    assert {one: forbidden(management, one, action) for one in named} == dict.fromkeys(named, False)
    assert {one: forbidden(management, one, action) for one in (*OTHERS, *MAKERS)} == dict.fromkeys((*OTHERS, *MAKERS), True)


@pytest.mark.parametrize(
    "action", ["ec2:DeleteVpcPeeringConnection", "ec2:DescribeVpcPeeringConnections", "ec2:CreateVpc", "ec2:CreateRoute"]
)
def test_nothing_else_of_networks_is_forbidden(management: Root, action: str) -> None:
    """A rogue connection may be deleted by whoever finds it."""
    assert not any(forbidden(management, one, action) for one in (ATLANTIS, *OTHERS))


@pytest.mark.parametrize("action", WRITES)
def test_nobody_becomes_somebody_who_may(management: Root, action: str) -> None:
    """Not even Atlantis changes Atlantis; those who make these roles in every account do."""
    everybody = (ATLANTIS, NETWORK, *OTHERS)

    assert all(forbidden(management, one, action, protected) for one in everybody for protected in PROTECTED)
    assert not any(forbidden(management, one, action, protected) for one in MAKERS for protected in PROTECTED)
    assert not any(
        forbidden(management, one, action, role(name)) for one in everybody for name in ("app", "acme-atlantis-2", "path/acme-reader")
    )


@pytest.mark.parametrize("action", ["iam:GetRole", "iam:ListRoles", "iam:ListRoleTags", "sts:AssumeRole", "iam:PassRole"])
def test_looking_is_not_forbidden(management: Root, action: str) -> None:
    """The audit and the console read roles."""
    assert not any(forbidden(management, one, action, protected) for one in OTHERS for protected in PROTECTED)


def test_the_policy_has_room(management: Root) -> None:
    """AWS takes 5120 characters."""
    assert len(management.policy("aws_organizations_policy.peering", "content")) < 2000
