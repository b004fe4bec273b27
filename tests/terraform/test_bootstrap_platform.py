"""`bootstrap/platform`, applied as its README says: the plan, judged policy by policy, and its life from apply to destroy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.landing_zone.global_customizations import STACK_SET
from generator.organization import read
from generator.stacks.alerts import Alert, topic_arn
from tests.support import bootstrap, stack_set, terraform
from tests.support.aws import Aws
from tests.support.bootstrap import MEMBER, Company, Root, applied, destroyed, looked_at, role
from tests.support.iam import Request, decision

pytestmark = pytest.mark.terraform

MANAGEMENT, BUCKET = "811111111111", "acme-terraform-state"
REGIONS, LEVELS = ("eu-west-1", "us-east-1"), ("critical", "notice")
LIFECYCLE: dict[str, Any] = {
    "ID": "old-versions",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 90, "NewerNoncurrentVersions": 20},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}
# The provider waits for a minute before it believes a lifecycle that it made, and for none that it took over.
IMPORTS = f"""\
import {{
  to = aws_s3_bucket.state
  id = "{BUCKET}"
}}

import {{
  to = aws_s3_bucket_lifecycle_configuration.state
  id = "{BUCKET}"
}}
"""
LOCAL = 'terraform {\n  backend "local" {}\n}\n'


@pytest.fixture(scope="module")
def aws(moto_url: str) -> Aws:
    """The server."""
    return Aws(moto_url)


@pytest.fixture(scope="module")
def company(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """An organization with a platform account."""
    return bootstrap.found(aws, tmp_path_factory.mktemp("company") / "zone", MANAGEMENT)


@pytest.fixture(scope="module")
def platform(aws: Aws, company: Company, tf_env: dict[str, str]) -> Root:
    """The platform account: a bucket that is there is taken over, and the state moves into it, and out again for the end."""
    env, s3 = bootstrap.acting_in(aws, company.platform, tf_env), aws.client("s3", company.platform)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [LIFECYCLE]})
    root = company.zone.root / "bootstrap/platform"
    (root / "imports.tf").write_text(IMPORTS)
    (root / "local_override.tf").write_text(LOCAL)
    terraform.run(["init", "-no-color"], root, env).check()
    plan = applied(root, env)

    (root / "local_override.tf").unlink()
    terraform.run(["init", "-no-color", "-migrate-state", "-force-copy"], root, env).check()
    states = [found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    outputs, second = looked_at(root, env)

    (root / "local_override.tf").write_text(LOCAL)
    terraform.run(["init", "-no-color", "-migrate-state", "-force-copy"], root, env).check()
    kept = s3.list_object_versions(Bucket=BUCKET)
    for version in (*kept["Versions"], *kept["DeleteMarkers"]):
        s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    return Root(plan, outputs, second, destroyed(root, env), tuple(states))


# Life


def test_a_second_plan_is_empty_and_destroy_leaves_nothing(platform: Root) -> None:
    """What is applied stays applied."""
    assert (platform.second, platform.left) == (0, [])


def test_the_state_moves_into_the_bucket_it_made(platform: Root) -> None:
    """Under the path of the root; nothing else, no lock least of all."""
    assert platform.states == ("bootstrap/platform",)


def test_what_is_there_is_taken_over(platform: Root) -> None:
    """As the lifecycle that is asked for is the one that is there, nothing of it changes."""
    imported = {change["address"]: change["change"]["actions"] for change in platform.changes() if "importing" in change["change"]}

    assert imported == {"aws_s3_bucket.state": ["update"], "aws_s3_bucket_lifecycle_configuration.state": ["no-op"]}


def test_everything_says_who_manages_it(platform: Root) -> None:
    """The tags of an account do not reach this one."""
    assert set(map(json.dumps, platform.tags())) == {'{"managed-by": "scaffold"}'}


def test_the_platform_account_has_these_resources(platform: Root) -> None:
    """No more: each is in the README."""
    roles = ("atlantis_server", "ci", "atlantis[0]")
    alone = {f"aws_iam_role.{name}" for name in roles} | {f"aws_iam_role_policy.{name}" for name in ("atlantis_server", "ci")}
    states = {"", "_versioning", "_server_side_encryption_configuration", "_public_access_block", "_lifecycle_configuration", "_policy"}
    alerts = (
        "aws_kms_key.this",
        "aws_kms_alias.this",
        *(f'aws_sns_topic{kind}.this["{level}"]' for kind in ("", "_policy") for level in LEVELS),
    )

    assert {change["address"] for change in platform.changes()} == {
        *alone,
        *(f"aws_s3_bucket{kind}.state" for kind in states),
        "aws_kms_key.state[0]",
        "aws_kms_alias.state[0]",
        "aws_iam_role_policy.atlantis_server_key[0]",
        "aws_iam_role_policy.atlantis[0]",
        "aws_iam_role_policy.atlantis_key[0]",
        "aws_iam_role_policy_attachment.atlantis[0]",
        "aws_iam_openid_connect_provider.github",
        "module.reader[0].aws_iam_role.this",
        "module.reader[0].aws_iam_role_policy.this",
        *(f"module.alerts_{region.replace('-', '_')}.{address}" for region in REGIONS for address in alerts),
    }


# States


def test_states_are_kept_encrypted_and_private(platform: Root) -> None:
    """With every version of ninety days, and twenty of whatever age."""
    (rule,) = platform.after("aws_s3_bucket_lifecycle_configuration.state")["rule"]
    access = platform.after("aws_s3_bucket_public_access_block.state")
    (encryption,) = platform.after("aws_s3_bucket_server_side_encryption_configuration.state")["rule"]

    assert platform.after("aws_s3_bucket_versioning.state")["versioning_configuration"][0]["status"] == "Enabled"
    assert {name: value for name, value in access.items() if name.startswith(("block", "ignore", "restrict"))} == dict.fromkeys(
        ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
    )
    assert encryption["apply_server_side_encryption_by_default"][0]["sse_algorithm"] == "aws:kms"
    assert rule["noncurrent_version_expiration"] == [{"newer_noncurrent_versions": 20, "noncurrent_days": 90}]
    assert not rule.get("expiration")
    assert not platform.after("aws_s3_bucket.state")["force_destroy"]


@pytest.mark.parametrize(("encrypted", "expected"), [("false", "Deny"), ("true", None)])
def test_states_travel_encrypted(platform: Root, encrypted: str, expected: str | None) -> None:
    """Whoever asks; over TLS the policy says nothing, and the roles decide."""
    request = Request("s3:GetObject", f"arn:aws:s3:::{BUCKET}/stacks/a", "", {"aws:SecureTransport": encrypted})

    assert decision(platform.policy("aws_s3_bucket_policy.state"), request) == expected


@pytest.mark.parametrize(
    ("action", "service", "expected"),
    [
        ("kms:Decrypt", "s3.us-east-1.amazonaws.com", "Allow"),
        ("kms:GenerateDataKey", "s3.us-east-1.amazonaws.com", "Allow"),
        ("kms:Decrypt", "secretsmanager.us-east-1.amazonaws.com", None),
        ("kms:Decrypt", "", None),
        ("kms:ScheduleKeyDeletion", "", "Allow"),
    ],
)
def test_the_key_of_states_serves_s3(platform: Root, company: Company, action: str, service: str, expected: str | None) -> None:
    """The account administers it, and decrypts through S3 only."""
    key = platform.after("aws_kms_key.state[0]")
    context = {"kms:ViaService": service} if service else {}

    assert decision(key["policy"], Request(action, "*", f"AWS:arn:aws:iam::{company.platform}:root", context)) == expected
    assert decision(key["policy"], Request(action, "*", f"AWS:arn:aws:iam::{MEMBER}:root", context)) is None
    assert key["enable_key_rotation"] is True


# Roles


@pytest.mark.parametrize(
    ("service", "account", "expected"),
    [("ecs-tasks", None, "Allow"), ("ecs-tasks", MEMBER, None), ("ec2", None, None), ("lambda", None, None)],
)
def test_only_tasks_of_this_account_run_as_the_server(
    platform: Root, company: Company, service: str, account: str | None, expected: str | None
) -> None:
    """A task of another account would be Atlantis everywhere."""
    owner = account or company.platform
    context = {"aws:SourceAccount": owner, "aws:SourceArn": f"arn:aws:ecs:us-east-1:{owner}:task/1"}
    request = Request("sts:AssumeRole", "*", f"Service:{service}.amazonaws.com", context)

    assert decision(platform.policy("aws_iam_role.atlantis_server", "assume_role_policy"), request) == expected


STATE, INLINE = f"arn:aws:s3:::{BUCKET}", "aws_iam_role_policy.atlantis[0]"


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("sts:AssumeRole", role("acme-atlantis"), "Allow"),
        ("sts:AssumeRole", role("acme-reader"), None),
        ("sts:AssumeRole", role("AWSControlTowerExecution"), None),
        ("s3:ListBucket", STATE, "Allow"),
        ("s3:GetObject", f"{STATE}/stacks/prod-ml/us-east-1/ecr", "Allow"),
        ("s3:PutObject", f"{STATE}/peering/a--b", "Allow"),
        ("s3:DeleteObject", f"{STATE}/peering/a--b.tflock", "Allow"),
        ("s3:DeleteObject", f"{STATE}/peering/a--b", None),
        ("s3:DeleteObjectVersion", f"{STATE}/peering/a--b", None),
        ("s3:GetObject", f"{STATE}/bootstrap/platform", "Deny"),
        ("s3:PutObject", f"{STATE}/bootstrap/management", "Deny"),
        ("s3:PutBucketPolicy", STATE, None),
        ("s3:GetObject", "arn:aws:s3:::another/stacks/a", None),
        ("iam:CreateRole", role("any"), None),
    ],
)
def test_the_server_reaches_states_and_its_role(platform: Root, company: Company, action: str, resource: str, expected: str | None) -> None:
    """In its own organization only: whoever makes a role of that name elsewhere gets no visit."""
    policy = platform.policy("aws_iam_role_policy.atlantis_server")

    assert decision(policy, Request(action, resource, context={"aws:ResourceOrgID": company.organization})) == expected
    if action == "sts:AssumeRole":
        assert decision(policy, Request(action, resource, context={"aws:ResourceOrgID": "o-zz99zz99zz"})) is None


def test_only_the_server_is_atlantis_in_this_account(platform: Root, company: Company) -> None:
    """Not even an administrator of the account."""
    policy = platform.policy("aws_iam_role.atlantis[0]", "assume_role_policy")
    server, other = (f"AWS:{role(name, company.platform)}" for name in ("acme-atlantis-server", "admin"))

    assert [decision(policy, Request("sts:AssumeRole", principal=one)) for one in (server, other)] == ["Allow", None]


def test_atlantis_is_here_what_it_is_elsewhere(platform: Root, company: Company) -> None:
    """The statements of the baseline, and two roles more that it must not touch; the rest is about states."""
    template = (company.zone.root / STACK_SET).read_bytes()
    attached = platform.after("aws_iam_role_policy_attachment.atlantis[0]")["policy_arn"]
    baseline = json.dumps(stack_set.roles(template)["acme-atlantis"].policies[-1]).replace(stack_set.ACCOUNT, company.platform)
    theirs, ours = ({one["Sid"]: one for one in json.loads(text)["Statement"]} for text in (baseline, platform.policy(INLINE)))
    held = [set(found["RolesThatHoldTheAccount"].pop("Resource")) for found in (ours, theirs)]

    assert attached == "arn:aws:iam::aws:policy/PowerUserAccess"
    assert ours.pop("StatesAreTheServers")["Effect"] == "Deny"
    assert ours == theirs
    assert held[0] - held[1] == {role(name, company.platform) for name in ("acme-atlantis-server", "acme-scaffold-ci")}
    assert held[1] < held[0]


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", f"{STATE}/bootstrap/platform", "Deny"),
        ("s3:PutObject", f"{STATE}/stacks/prod-ml/us-east-1/ecr", "Deny"),
        ("s3:PutBucketPolicy", STATE, "Deny"),
        ("s3:GetObject", f"{STATE}-2/stacks/prod-ml/us-east-1/ecr", None),
        ("iam:UpdateAssumeRolePolicy", "acme-atlantis-server", "Deny"),
        ("iam:PassRole", "acme-atlantis-server", "Deny"),
        ("iam:PutRolePolicy", "acme-scaffold-ci", "Deny"),
        ("iam:PassRole", "orders", "Allow"),
    ],
)
def test_a_merged_pull_request_is_not_the_server(
    platform: Root, company: Company, action: str, resource: str, expected: str | None
) -> None:
    """Whatever a stack of this account says: it neither reads states, nor becomes who does."""
    found = resource if resource.startswith("arn:") else role(resource, company.platform)

    assert decision(platform.policy(INLINE), Request(action, found)) == expected


GITHUB = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("subject", "audience", "expected"),
    [
        ("repo:acme/landing-zone:ref:refs/heads/main", "sts.amazonaws.com", "Allow"),
        ("repo:acme/landing-zone:ref:refs/heads/main", "https://github.com/acme", None),
        ("repo:acme/landing-zone:pull_request", "sts.amazonaws.com", None),
        ("repo:acme/landing-zone:ref:refs/heads/main2", "sts.amazonaws.com", None),
        ("repo:acme/landing-zone:environment:main", "sts.amazonaws.com", None),
        ("repo:evil/landing-zone:ref:refs/heads/main", "sts.amazonaws.com", None),
    ],
)
def test_only_the_main_branch_is_ci(platform: Root, company: Company, subject: str, audience: str, expected: str | None) -> None:
    """What a pull request runs has another subject."""
    provider = f"Federated:arn:aws:iam::{company.platform}:oidc-provider/{GITHUB}"
    request = Request("sts:AssumeRoleWithWebIdentity", "*", provider, {f"{GITHUB}:sub": subject, f"{GITHUB}:aud": audience})

    assert decision(platform.policy("aws_iam_role.ci", "assume_role_policy"), request) == expected
    assert platform.after("aws_iam_openid_connect_provider.github")["url"] == f"https://{GITHUB}"


def test_ci_reads_and_tells(platform: Root, company: Company) -> None:
    """The reader of every account of the organization, and the topic of critical findings; nothing else."""
    policy, own = platform.policy("aws_iam_role_policy.ci"), {"aws:ResourceOrgID": company.organization}
    topic = f"arn:aws:sns:eu-west-1:{company.platform}:acme"
    key = {"kms:ViaService": "sns.eu-west-1.amazonaws.com", "kms:ResourceAliases": ["alias/acme-alerts"]}
    expected = {
        Request("sts:AssumeRole", role("acme-reader"), context=own): "Allow",
        Request("sts:AssumeRole", role("acme-reader")): None,
        Request("sts:AssumeRole", role("acme-atlantis"), context=own): None,
        Request("sns:Publish", f"{topic}-critical"): "Allow",
        Request("sns:Publish", f"{topic}-notice"): None,
        Request("kms:Decrypt", f"arn:aws:kms:eu-west-1:{company.platform}:key/1", context=key): "Allow",
        Request("kms:Decrypt", f"arn:aws:kms:eu-west-1:{company.platform}:key/1", context={**key, "kms:ResourceAliases": []}): None,
        Request("s3:GetObject", f"{STATE}/stacks/a"): None,
    }

    assert {request: decision(policy, request) for request in expected} == expected


def test_a_reader_may_do_what_scaffold_asks(platform: Root) -> None:
    """The table in `generator.aws`, and no more; only the management account lists the organization."""
    asked = {action for action in bootstrap.asked() if not action.startswith("organizations:")}

    assert len(asked) > 10 and platform.actions("module.reader[0].aws_iam_role_policy.this") == asked


def test_ci_is_who_reads(platform: Root, company: Company) -> None:
    """Nobody else, unless `reader_arns` names them."""
    policy = platform.policy("module.reader[0].aws_iam_role.this", "assume_role_policy")
    ci, other = (f"AWS:{role(one, company.platform)}" for one in ("acme-scaffold-ci", "acme-atlantis-server"))

    assert [decision(policy, Request("sts:AssumeRole", principal=one)) for one in (ci, other)] == ["Allow", None]


# Alarms


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("level", LEVELS)
def test_alarms_of_the_organization_publish(platform: Root, company: Company, region: str, level: str) -> None:
    """Of any account of it, and nobody else."""
    module = f"module.alerts_{region.replace('-', '_')}"
    policy = platform.policy(f'{module}.aws_sns_topic_policy.this["{level}"]')
    topic = f"arn:aws:sns:{region}:{company.platform}:acme-{level}"
    arn = f"arn:aws:cloudwatch:{region}:{MEMBER}:alarm:rds-orders-storage"
    alarm = {"aws:SourceOrgID": company.organization, "aws:SourceAccount": MEMBER, "aws:SourceArn": arn}
    cloudwatch, events = "Service:cloudwatch.amazonaws.com", "Service:events.amazonaws.com"
    expected = {
        Request("sns:Publish", topic, cloudwatch, {**alarm, "aws:SecureTransport": "true"}): "Allow",
        Request("sns:Publish", topic, cloudwatch, alarm): "Allow",
        Request("sns:Publish", topic, cloudwatch, {**alarm, "aws:SecureTransport": "false"}): "Deny",
        Request("sns:Publish", topic, cloudwatch, {**alarm, "aws:SourceOrgID": "o-zz99zz99zz"}): None,
        Request("sns:Publish", topic, cloudwatch, {"aws:SourceArn": arn}): None,
        Request("sns:Publish", topic, events, alarm): None,
        Request("sns:Publish", topic, f"AWS:{role('any')}", alarm): None,
        Request("sns:Subscribe", topic, cloudwatch, alarm): None,
        Request("sns:Publish", f"{topic}-other", cloudwatch, alarm): None,
    }

    assert {request: decision(policy, request) for request in expected} == expected
    assert platform.outputs["topic_arns"][region][level] == topic


def test_a_stack_publishes_to_a_topic_that_is_there(platform: Root, company: Company) -> None:
    """What stacks compute is what was made."""
    (found, _) = read.read((company.zone.root / "scaffold.yaml").read_bytes())
    assert found is not None
    computed = {region: {alert.value: topic_arn(found, region, alert) for alert in Alert} for region in found.regions}

    assert platform.outputs["topic_arns"] == computed


@pytest.mark.parametrize("region", REGIONS)
def test_the_key_of_topics_admits_cloudwatch(platform: Root, region: str) -> None:
    """Under AWS' own key for SNS every alarm would fail without a word."""
    module = f"alerts_{region.replace('-', '_')}"
    policy = platform.policy(f"module.{module}.aws_kms_key.this")
    may = {
        service: [
            decision(policy, Request(action, "*", f"Service:{service}.amazonaws.com")) for action in ("kms:Decrypt", "kms:GenerateDataKey")
        ]
        for service in ("cloudwatch", "events")
    }
    resources = platform.plan["configuration"]["root_module"]["module_calls"][module]["module"]["resources"]
    (topic,) = [found for found in resources if found["type"] == "aws_sns_topic"]

    assert may == {"cloudwatch": ["Allow", "Allow"], "events": [None, None]}
    assert decision(policy, Request("kms:ScheduleKeyDeletion", "*", "Service:cloudwatch.amazonaws.com")) is None
    assert topic["expressions"]["kms_master_key_id"]["references"][0] == "aws_kms_key.this.arn"
    assert platform.after(f"module.{module}.aws_kms_alias.this")["name"] == "alias/acme-alerts"
