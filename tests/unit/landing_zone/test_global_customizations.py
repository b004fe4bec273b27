"""The baseline: what AFT applies in every account, as files that obey AFT's rules for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import hcl2
import pytest

import generator.aws
from generator.accounts.add import Spec
from generator.files import File
from generator.landing_zone import global_customizations
from generator.landing_zone.global_customizations import APART, DATA, FOLDER, STACK_SET
from generator.organization.model import Baseline, Budget
from tests.support import iam, stack_set, zones

PLATFORM, ACCOUNT = "333333333333", stack_set.ACCOUNT
ATLANTIS, READER, SERVER, CI = "acme-atlantis", "acme-reader", "acme-atlantis-server", "acme-scaffold-ci"
ROLES_YAML = "  ci: acme-scaffold-ci\n"


def role(name: str, account: str = ACCOUNT) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def made(content: Mapping[str, bytes]) -> dict[str, File]:
    """The files of the baseline that a landing zone should have."""
    return dict(global_customizations.part(zones.zone(content)).build())


def with_yaml(old: str, new: str) -> dict[str, bytes]:
    """The landing zone with a line of `scaffold.yaml` changed, or more of them."""
    content = zones.files()
    assert content["scaffold.yaml"].decode().count(old) == 1
    return {**content, "scaffold.yaml": content["scaffold.yaml"].replace(old.encode(), new.encode())}


def said(files: Mapping[str, File], folder: str = FOLDER) -> dict[str, Any]:
    """What the data file says."""
    found: dict[str, Any] = json.loads(files[f"{folder}/{DATA}"].body)["locals"]["scaffold"]
    return found


def blocks(files: Mapping[str, File]) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
    """Every block of every file of HCL: its kind, its labels, and its body."""
    for path, file in files.items():
        document = hcl2.loads(file.body.decode()) if path.endswith(".tf") else {}
        for kind, found in document.items():
            if kind.startswith("__"):
                continue
            for block in found:
                labels: list[str] = []
                while len(names := [name for name in block if name.startswith('"')]) == 1 and len(block) == 1:
                    labels.append(names[0].strip('"'))
                    block = block[names[0]]
                yield kind, tuple(labels), block


def test_each_region_has_a_file() -> None:
    """Beside the two that are the same everywhere, the data, and the template for accounts that AFT does not know."""
    names = ("account.tf", "roles.tf", "us-east-1.tf", "eu-west-1.tf", "data.tf.json")

    assert set(made(zones.files())) == {STACK_SET, *(f"{FOLDER}/scaffold-{name}" for name in names)}


def test_a_region_that_is_left_keeps_its_file() -> None:
    """Without its provider, Terraform would not even plan; and what it made there is still right."""
    before = made(zones.files())
    there = {**zones.files(), **{path: file.body for path, file in before.items()}}
    start = there["scaffold.yaml"].index(b"  eu-west-1:")
    left = {
        **there,
        "scaffold.yaml": there["scaffold.yaml"][:start] + there["scaffold.yaml"][there["scaffold.yaml"].index(b"  us-east-1:") :],
    }

    assert "eu-west-1" not in zones.zone(left).organization.regions
    assert made(left) == before


def test_the_files_obey_the_rules_of_aft() -> None:
    """No backend, no versions, no variable, no second provider without an alias, no import or output; every name is our own."""
    for kind, labels, body in blocks(made(zones.files())):
        assert kind in ("data", "locals", "provider", "resource"), (kind, labels)
        if kind == "provider":
            assert labels == ("aws",) and body["alias"].strip('"').startswith("scaffold_")
        elif kind == "locals":
            assert all(name.startswith("scaffold") for name in body if not name.startswith("__")), list(body)
        else:
            assert labels[1].startswith("scaffold"), labels


def test_nothing_is_in_the_way_of_aft() -> None:
    """No name that AFT renders, or that its .gitignore hides, is used."""
    for path in made(zones.files()):
        assert re.fullmatch(rf"{FOLDER}/scaffold-[a-z0-9-]+\.tf(\.json)?|{STACK_SET}", path), path


def test_every_guardrail_is_on_and_a_budget_has_to_be_given() -> None:
    """An amount that nobody chose would tell somebody nothing."""
    found = said(made(zones.files()))

    assert set(found["guardrails"].values()) == {True}
    assert found["budgets"] == {}
    assert set(found["guardrails"]) | {"budget"} == set(Baseline.__dataclass_fields__)


@pytest.mark.parametrize("switch", sorted(set(Baseline.__dataclass_fields__) - {"budget"}))
def test_each_guardrail_is_a_switch(switch: str) -> None:
    """It, and no other; only the data differs."""
    before, after = made(zones.files()), made(with_yaml(ROLES_YAML, f"{ROLES_YAML}baseline: {{{switch}: false}}\n"))

    assert [name for name, on in said(after)["guardrails"].items() if not on] == [switch]
    assert {path for path in before if before[path] != after[path]} == {f"{FOLDER}/{DATA}"}


def test_each_switch_decides_what_it_is_called_after() -> None:
    """How many of a resource there are is a question of one guardrail, or of whether there are roles."""
    kinds = {
        "account_alias": "aws_iam_account_alias",
        "ebs_encryption": "aws_ebs_encryption_by_default",
        "imdsv2": "aws_ec2_instance_metadata_defaults",
        "password_policy": "aws_iam_account_password_policy",
        "s3_public_access_block": "aws_s3_account_public_access_block",
    }
    counts = {labels: body["count"] for kind, labels, body in blocks(made(zones.files())) if kind == "resource" and "count" in body}
    parts = {"atlantis": ("role", "role_policy", "role_policy_attachment"), "reader": ("role", "role_policy")}
    switches = {"atlantis": "atlantis", "reader": "roles"}

    assert {labels[1] if labels[0] not in kinds.values() else labels[0]: count for labels, count in counts.items()} == {
        **{kind: f"${{local.scaffold_on.{guardrail} ? 1 : 0}}" for guardrail, kind in kinds.items()},
        **{f"scaffold_{role}": f"${{local.scaffold_{switch} ? 1 : 0}}" for role, switch in switches.items()},
    }
    assert {labels for labels in counts if labels[0].startswith("aws_iam_role")} == {
        (f"aws_iam_{kind}", f"scaffold_{role}") for role, kinds_of in parts.items() for kind in kinds_of
    }


def test_an_address_is_no_expression() -> None:
    """An e-mail address may hold what Terraform would evaluate."""
    found = made(with_yaml(ROLES_YAML, f'{ROLES_YAML}baseline: {{budget: {{monthly_usd: 500, email: "a${{b}}@acme.com"}}}}\n'))

    assert said(found)["budgets"] == {"monthly": {"usd": 500, "email": "a$${b}@acme.com"}}
    assert zones.organization((ROLES_YAML, f"{ROLES_YAML}baseline: {{budget: {{monthly_usd: 5, email: a@b.c}}}}\n")).baseline == Baseline(
        budget=Budget(5, "a@b.c")
    )


def test_roles_that_somebody_else_makes() -> None:
    """Then nothing makes them, and the template goes."""
    found = made(with_yaml(ROLES_YAML, f"{ROLES_YAML}  create: false\n"))

    assert said(found)["roles"]["create"] is False
    assert found[STACK_SET].content is None


def test_another_repository_is_not_written_to() -> None:
    """Only requests are, in a checkout of their own: the files stand where a person takes them from."""
    found = made(with_yaml(ROLES_YAML, f"{ROLES_YAML}paths: {{global_customizations: ../global}}\n"))

    assert {path.rpartition("/")[0] for path in found} == {APART, "bootstrap/management"}
    assert said(found, APART) == said(made(zones.files()))


def test_without_the_frame_of_aft_nothing_is_put_where_aft_looks() -> None:
    """A repository with a request folder and a policy only: AFT would apply the rest there without its own backend."""
    bare = {path: body for path, body in zones.files().items() if not path.startswith("aft-global-customizations/")}
    emptied = {path: body for path, body in zones.files().items() if not path.startswith(f"{FOLDER}/scaffold-")}
    left = {path: body for path, body in zones.files().items() if not path.endswith(".jinja")}

    assert {path.rpartition("/")[0] for path in made(bare)} == {APART, "bootstrap/management"}
    assert made(emptied) == made(left) == made(zones.files())


def test_the_readme_says_how_the_template_is_used() -> None:
    """Roles with names need a capability, and a StackSet that deploys by itself would meet AFT's roles."""
    readme = zones.files()["aft-global-customizations/README.md"].decode()
    said = f"file://{STACK_SET} --capabilities CAPABILITY_NAMED_IAM", "--permission-model SERVICE_MANAGED --auto-deployment Enabled=false"

    assert all(words in readme for words in said)


def test_only_atlantis_becomes_atlantis() -> None:
    """The role that the server runs as; not another of that account, and not that name in another account."""
    trust = roles()[ATLANTIS].trust

    assert iam.trusts(trust, role(SERVER, PLATFORM))
    for other in (role(CI, PLATFORM), role(f"{SERVER}-2", PLATFORM), role(SERVER), role(ATLANTIS, PLATFORM), role(READER)):
        assert not iam.trusts(trust, other), other


def test_an_external_id_has_to_be_said() -> None:
    """Where there is one; what reads needs none."""
    found = roles(f"{ROLES_YAML}  external_id: acme/1\n")

    assert not iam.trusts(found[ATLANTIS].trust, role(SERVER, PLATFORM))
    assert not iam.trusts(found[ATLANTIS].trust, role(SERVER, PLATFORM), {"sts:ExternalId": "acme/2"})
    assert iam.trusts(found[ATLANTIS].trust, role(SERVER, PLATFORM), {"sts:ExternalId": "acme/1"})
    assert found[READER] == roles()[READER]


def test_every_stack_says_the_external_id() -> None:
    """Or Atlantis could not assume the role that asks for it; without one, nothing is said."""
    with_id, without = with_yaml(ROLES_YAML, f"{ROLES_YAML}  external_id: acme/1\n"), zones.files()
    path = "stacks/prod-ml/us-east-1/network/providers.tf"
    files = [zones.with_account(content, Spec("prod-ml"))[path].decode() for content in (with_id, without)]

    assert ['    external_id  = "acme/1"' in text.splitlines() for text in files] == [True, False]


def test_only_ci_becomes_the_reader() -> None:
    """Nobody else, not even Atlantis."""
    trust = roles()[READER].trust

    assert iam.trusts(trust, role(CI, PLATFORM))
    for other in (role(SERVER, PLATFORM), role(CI), role(f"x{CI}", PLATFORM)):
        assert not iam.trusts(trust, other), other


DOES = [
    ("ec2:CreateVpc", "*"),
    ("rds:CreateDBInstance", f"arn:aws:rds:us-east-1:{ACCOUNT}:db:orders"),
    ("kms:CreateKey", "*"),
    ("iam:CreateRole", role("orders-monitoring")),
    ("iam:PassRole", role("orders-monitoring")),
    ("iam:AttachRolePolicy", role("orders-monitoring")),
    ("iam:AddRoleToInstanceProfile", f"arn:aws:iam::{ACCOUNT}:instance-profile/orders"),
    ("iam:CreatePolicy", f"arn:aws:iam::{ACCOUNT}:policy/orders"),
    ("iam:CreateSAMLProvider", f"arn:aws:iam::{ACCOUNT}:saml-provider/okta"),
    ("iam:CreateServiceLinkedRole", role("aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS")),
    ("iam:GetRole", role(ATLANTIS)),
    ("iam:ListPolicies", "*"),
]
DOES_NOT = [
    *(
        (f"iam:{action}", role(name))
        for action in ("UpdateAssumeRolePolicy", "PutRolePolicy", "AttachRolePolicy", "DeleteRole", "PassRole")
        for name in (ATLANTIS, READER, "AWSAFTExecution", "AWSControlTowerExecution", "stacksets-exec-0a1b", "aws-reserved/sso/x")
    ),
    ("sts:AssumeRole", role("OrganizationAccountAccessRole", "999999999999")),
    ("sts:AssumeRole", role(ATLANTIS, "999999999999")),
    ("sts:AssumeRole", role("orders-monitoring")),
    ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/me"),
    ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/me"),
    ("iam:AttachUserPolicy", f"arn:aws:iam::{ACCOUNT}:user/me"),
    ("iam:DeleteAccountPasswordPolicy", "*"),
    ("iam:DeleteAccountAlias", "*"),
    ("organizations:LeaveOrganization", "*"),
    ("account:CloseAccount", "*"),
]


@pytest.mark.parametrize(("action", "resource"), DOES)
def test_atlantis_does_what_stacks_need(action: str, resource: str) -> None:
    """Networks, databases, keys, and the identities that these have."""
    assert iam.allowed(roles()[ATLANTIS].policies, action, resource)


@pytest.mark.parametrize(("action", "resource"), DOES_NOT)
def test_atlantis_does_not_get_out(action: str, resource: str) -> None:
    """Not into another account, not out of the organization, not over the roles that hold the account, and it leaves no keys."""
    assert not iam.allowed(roles()[ATLANTIS].policies, action, resource)


def test_the_reader_does_what_a_reading_calls() -> None:
    """What `generator.aws` lists for every account, and no other action."""
    rows = re.findall(r"^\| (`.*`) \| every account \|", generator.aws.__doc__ or "", re.MULTILINE)
    calls = {call for row in rows for call in re.findall(r"`([\w:]+)`", row)}
    (policy,) = roles()[READER].policies
    (statement,) = policy["Statement"]

    assert set(statement["Action"]) == calls and len(calls) > 10
    assert all(iam.allowed([policy], call) for call in calls)
    assert not any(iam.allowed([policy], call) for call in ("ec2:CreateVpc", "s3:GetObject", "ec2:DescribeInstances"))


@cache
def roles(yaml: str = ROLES_YAML) -> dict[str, stack_set.Role]:
    """The two roles, by name."""
    return stack_set.roles(made(with_yaml(ROLES_YAML, yaml))[STACK_SET].body)
