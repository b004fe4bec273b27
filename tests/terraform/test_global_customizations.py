"""The baseline as AFT runs it: rendered, planned and applied in accounts that it has made, and in those that are older."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.landing_zone.global_customizations import STACK_SET
from tests.support import stack_set, terraform
from tests.support.aws import Aws
from tests.support.customizations import AFT_MANAGEMENT, FIELD, HCP, OSS, VENDED, configure, rendered
from tests.support.landing_zones import LandingZone, landing_zone

pytestmark = pytest.mark.terraform

MANAGEMENT, PLATFORM = "111111111111", "333333333333"
OLDER, OUTSIDE = stack_set.ACCOUNT, "666677778888"
EMAIL = "a${b}@acme.com"
NEXT_KEY = "\n# What a new account gets."
ROLES = {
    "aws_iam_role.scaffold_atlantis[0]",
    "aws_iam_role.scaffold_reader[0]",
    "aws_iam_role_policy.scaffold_atlantis[0]",
    "aws_iam_role_policy.scaffold_reader[0]",
    "aws_iam_role_policy_attachment.scaffold_atlantis[0]",
}
# Guardrail -> what it makes.
MAKES = {
    "account_alias": {"aws_iam_account_alias.scaffold"},
    "ebs_encryption": {f"aws_ebs_encryption_by_default.scaffold_{region}" for region in ("us_east_1", "eu_west_1")},
    "imdsv2": {f"aws_ec2_instance_metadata_defaults.scaffold_{region}" for region in ("us_east_1", "eu_west_1")},
    "password_policy": {"aws_iam_account_password_policy.scaffold"},
    "s3_public_access_block": {"aws_s3_account_public_access_block.scaffold"},
}
BUDGET = 'aws_budgets_budget.scaffold["monthly"]'


@dataclass(frozen=True, slots=True)
class Run:
    """The global customizations of one account, as AFT's build has them before it."""

    root: Path
    env: Mapping[str, str]

    def __call__(self, *arguments: str, status: int = 0) -> str:
        done = terraform.run([*arguments, "-no-color"], self.root, self.env, timeout=300)
        assert done.status == status, done
        return done.stdout

    def managed(self) -> set[str]:
        """The addresses of what it has made."""
        return {line for line in self("state", "list").splitlines() if not line.startswith("data.")}


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> LandingZone:
    """Two regions, and a budget; its address is one that Terraform could take for more."""
    made = landing_zone(tmp_path_factory.mktemp("baseline") / "zone")
    configure(made, f'{{budget: {{monthly_usd: 500, email: "{EMAIL}"}}}}')
    return made


@pytest.fixture(scope="module")
def aws(moto_url: str) -> Aws:
    """What AFT keeps states in, and an account that it has told its name."""
    found = Aws(moto_url)
    found.client("s3", AFT_MANAGEMENT).create_bucket(Bucket=OSS["bucket"])
    found.client("dynamodb", AFT_MANAGEMENT).create_table(
        TableName=OSS["dynamodb_table"],
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for name, value in ((FIELD, "Prod ML"), (f"{FIELD}/other", "x")):
        found.client("ssm", VENDED).put_parameter(Name=name, Value=value, Type="String")
    return found


@pytest.fixture(scope="module")
def env(tf_env: dict[str, str], moto_url: str) -> dict[str, str]:
    """S3 puts the account's id before the host name, which nobody resolves: the server is its own proxy."""
    return {**tf_env, "HTTP_PROXY": moto_url}


@pytest.mark.parametrize("backend", [OSS, HCP], ids=["oss", "hcp"])
def test_what_aft_renders_validates(
    zone: LandingZone, tmp_path: Path, initialised: Path, validate_env: dict[str, str], backend: Mapping[str, str]
) -> None:
    """Without an error and without a warning, wherever AFT keeps its states."""
    root = terraform.prepared(rendered(zone, tmp_path / "root", VENDED, backend), initialised, validate_env)

    assert terraform.validate_json(root, validate_env) == []


def test_the_life_of_a_baseline(zone: LandingZone, aws: Aws, env: Mapping[str, str], tmp_path: Path) -> None:
    """An account that AFT has told its name gets everything, in both regions; what is switched off is taken back; then all of it."""
    run = Run(rendered(zone, tmp_path / "root", VENDED), env)
    run("init")
    run("apply", "-auto-approve")
    assert run.managed() == {*ROLES, BUDGET, *(f"{address}[0]" for made in MAKES.values() for address in made)}
    run("plan", "-detailed-exitcode")
    assert guardrails(aws, VENDED) == ALL_ON

    configure(zone, json.dumps(dict.fromkeys(MAKES, False)))
    rendered(zone, tmp_path / "changed", VENDED)
    shutil.copytree(tmp_path / "changed", run.root, dirs_exist_ok=True)
    run("apply", "-auto-approve")
    assert run.managed() == ROLES
    assert guardrails(aws, VENDED) == ALL_OFF

    run("destroy", "-auto-approve")
    assert aws.client("iam", VENDED).list_roles()["Roles"] == []


@pytest.mark.slow
@pytest.mark.parametrize("switch", MAKES)
def test_each_switch_takes_back_its_own(zone: LandingZone, aws: Aws, env: Mapping[str, str], tmp_path: Path, switch: str) -> None:
    """And nothing else; a second plan has nothing to do."""
    account = f"70000000000{list(MAKES).index(switch)}"
    aws.client("ssm", account).put_parameter(Name=FIELD, Value=f"prod-{switch}", Type="String")
    configure(zone, json.dumps({switch: False}))
    run = Run(rendered(zone, tmp_path / "root", account), env)
    run("init")
    run("apply", "-auto-approve")

    assert run.managed() == {*ROLES, *(f"{address}[0]" for name, made in MAKES.items() if name != switch for address in made)}
    run("plan", "-detailed-exitcode")


PASSWORDS = {"MinimumPasswordLength": 16, "RequireSymbols": True, "RequireNumbers": True, "RequireUppercaseCharacters": True}
PASSWORDS |= {"RequireLowercaseCharacters": True, "AllowUsersToChangePassword": True, "MaxPasswordAge": 90, "PasswordReusePrevention": 24}
ALL_ON: dict[str, Any] = {
    "aliases": ["acme-prod-ml"],
    "passwords": PASSWORDS,
    "public": {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True},
    "budgets": {"scaffold-monthly": [("ACTUAL", 80.0, EMAIL), ("FORECASTED", 100.0, EMAIL)]},
    "encrypted": {"us-east-1": True, "eu-west-1": True, "eu-north-1": False},
    "metadata": {"us-east-1": {"HttpTokens": "required"}, "eu-west-1": {"HttpTokens": "required"}, "eu-north-1": {}},
}
REGIONS = ("us-east-1", "eu-west-1", "eu-north-1")
ALL_OFF: dict[str, Any] = {
    "aliases": [],
    "passwords": None,
    "public": None,
    "budgets": {},
    "encrypted": dict.fromkeys(REGIONS, False),
    "metadata": {region: {} for region in REGIONS},
}


def guardrails(aws: Aws, account: str) -> dict[str, Any]:
    """What AWS has of them, in the two regions and in one that is not ours."""
    iam, ec2 = aws.client("iam", account), {region: aws.client("ec2", account, region) for region in REGIONS}
    return {
        "aliases": iam.list_account_aliases()["AccountAliases"],
        "passwords": passwords(iam),
        "public": public(aws, account),
        "budgets": budgets(aws.client("budgets", account), account),
        "encrypted": {region: found.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] for region, found in ec2.items()},
        "metadata": {region: found.get_instance_metadata_defaults()["AccountLevel"] for region, found in ec2.items()},
    }


def passwords(iam: Any) -> dict[str, Any] | None:
    """The policy, as far as we set it."""
    try:
        found = iam.get_account_password_policy()["PasswordPolicy"]
    except iam.exceptions.NoSuchEntityException:
        return None
    return {key: found[key] for key in PASSWORDS}


def public(aws: Aws, account: str) -> dict[str, bool] | None:
    """The block of public access, read by its path: a client would put the account's id before the host name."""
    try:
        found = _unprefixed(aws.client("s3control", account)).get_public_access_block(AccountId=account)["PublicAccessBlockConfiguration"]
    except ClientError as error:
        assert error.response["Error"]["Code"] == "NoSuchPublicAccessBlockConfiguration"
        return None
    return dict(found)


def _unprefixed(client: Any) -> Any:
    def at_the_server(request: Any, **_: Any) -> None:
        scheme, _, rest = request.url.partition("://")
        request.url = f"{scheme}://{rest.partition('.')[2]}"

    client.meta.events.register("before-sign.s3-control.*", at_the_server, unique_id="once")
    return client


def budgets(client: Any, account: str) -> dict[str, list[tuple[str, float, str]]]:
    """Budget -> each of its notifications: of what, at what percentage, and whom it tells."""
    found: dict[str, list[tuple[str, float, str]]] = {}
    for budget in client.describe_budgets(AccountId=account)["Budgets"]:
        named = {"AccountId": account, "BudgetName": budget["BudgetName"]}
        for told in client.describe_notifications_for_budget(**named)["Notifications"]:
            (who,) = client.describe_subscribers_for_notification(**named, Notification=told)["Subscribers"]
            found.setdefault(budget["BudgetName"], []).append((told["NotificationType"], told["Threshold"], who["Address"]))
    return {name: sorted(tells) for name, tells in found.items()}


def test_an_older_account_gets_the_roles_only(zone: LandingZone, aws: Aws, env: Mapping[str, str], tmp_path: Path) -> None:
    """No request told its name; the roles are those that a StackSet would make."""
    run = Run(rendered(zone, tmp_path / "root", OLDER), env)
    run("init")
    run("apply", "-auto-approve")

    assert run.managed() == ROLES
    assert guardrails(aws, OLDER) == ALL_OFF
    assert roles(aws, OLDER) == stack_set.roles((zone.root / STACK_SET).read_bytes())
    run("plan", "-detailed-exitcode")


@pytest.mark.slow
@pytest.mark.usefixtures("aws")
def test_accounts_that_everything_stands_on(zone: LandingZone, env: Mapping[str, str], tmp_path: Path) -> None:
    """`bootstrap/` makes the roles of two; in AFT's own account Atlantis could change what AFT runs everywhere, so it is read only."""
    root = rendered(zone, tmp_path / "root", PLATFORM)
    terraform.run(["init", "-no-color"], root, env).check()
    provider, found = (root / "aft-providers.tf").read_text(), {}
    for account in (PLATFORM, MANAGEMENT, AFT_MANAGEMENT):
        (root / "aft-providers.tf").write_text(provider.replace(PLATFORM, account))
        found[account] = {change["address"] for change in terraform.plan_json(root, env).get("resource_changes", ())}

    reader = {address for address in ROLES if "reader" in address}
    assert found == {PLATFORM: set(), MANAGEMENT: set(), AFT_MANAGEMENT: reader}


def test_cloudformation_makes_the_same_roles(zone: LandingZone, aws: Aws) -> None:
    """In an account that AFT does not know."""
    template = (zone.root / STACK_SET).read_text()
    aws.client("cloudformation", OUTSIDE).create_stack(
        StackName="scaffold-roles", TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"]
    )

    as_there = json.loads(json.dumps(own(roles(aws, OUTSIDE))).replace(OUTSIDE, OLDER))
    assert as_there == own(stack_set.roles(template.encode()))


def own(found: Mapping[str, stack_set.Role]) -> dict[str, Any]:
    """The documents of each role that are our own: the CloudFormation of the server attaches no policy of AWS."""
    return {name: [role.trust, role.policies[-1]] for name, role in found.items()}


def roles(aws: Aws, account: str) -> dict[str, stack_set.Role]:
    """The roles of an account: whom each trusts, and the documents of its policies."""
    iam = aws.client("iam", account)
    return {role["RoleName"]: _role(iam, role) for role in iam.list_roles()["Roles"]}


def _role(iam: Any, role: Mapping[str, Any]) -> stack_set.Role:
    name = role["RoleName"]
    assert {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=name)["Tags"]}["managed-by"] == "scaffold"
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    documents = [_document(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]) for policy in inline]
    return stack_set.Role(
        role["AssumeRolePolicyDocument"], (*(stack_set.policy_of_aws(policy["PolicyArn"]) for policy in attached), *documents)
    )


def _document(found: Any) -> Any:
    """What CloudFormation made, moto gives back as Python spells it."""
    return ast.literal_eval(found) if isinstance(found, str) else found
