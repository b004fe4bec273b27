"""The baseline: what AFT applies in every account, and the two roles for accounts that AFT does not know.

Constant files beside one data file, as in a stack: `scaffold-*.tf` come from the skeleton `baseline`, and what the organization decides
stands in `scaffold-data.tf.json`. Only a region has a file of its own, since Terraform cannot make providers in a loop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.files import File, Kind, Part, join
from generator.hcl import managed
from generator.landing_zone.model import LandingZone
from generator.organization.model import Organization
from generator.stacks.skeletons import BASELINE, Skeletons

FOLDER = "aft-global-customizations/terraform"
APART = "bootstrap/global-customizations"
"""Where the files stand for an organization whose global customizations are another repository: only requests are written there."""
_FRAME = "aft-providers.jinja"
DATA = "scaffold-data.tf.json"
OLDEST_PROVIDER = "5.43.0"
"""The first with `aws_ec2_instance_metadata_defaults`; every other resource of the baseline is older."""
STACK_SET = "bootstrap/management/scaffold-roles.stackset.yaml"
EVERYWHERE: Mapping[str, Any] = {"include": [{"type": "all"}]}
"""What `aft-invoke-customizations` is told to run in every account that AFT knows (AFT, "Re-invoke customizations")."""
_REGION_FILE = re.compile(r"scaffold-([a-z]{2}(?:-[a-z]+)+-[0-9])\.tf\Z")


@dataclass(frozen=True, slots=True)
class Invocation:
    """How AFT is told to apply the customizations in accounts that exist: neither a merge nor a push makes it."""

    state_machine: str
    input: Mapping[str, Any]


def invocation(organization: Organization) -> Invocation:
    """The state machine is AFT's own, in its account, in the home region."""
    place = f"{organization.home_region}:{organization.accounts['aft_management']}"
    return Invocation(f"arn:{organization.partition}:states:{place}:stateMachine:aft-invoke-customizations", EVERYWHERE)


def part(zone: LandingZone) -> Part:
    """Every file of the baseline."""
    regions, place = _regions(zone), folder(zone)
    return Part("baseline", (zone.organization, regions, place), lambda: dict(_files(zone, regions, place)))


def folder(zone: LandingZone) -> str:
    """Where the files stand in this repository.

    Apart too where AFT's own frame is not beside them: without it AFT applies what it finds with a state that is thrown away, in its own
    account and as its own role (AFT 1.15, "No Jinja2 templates found").
    """
    if zone.organization.paths.get("global_customizations"):
        return APART
    return FOLDER if {_FRAME, DATA}.intersection(zone.tree.list(FOLDER).files) else APART


def _regions(zone: LandingZone) -> tuple[str, ...]:
    """The regions of the conventions, and those that were: without its provider Terraform could not even take back what it made there."""
    listed = zone.tree.list(folder(zone)).files
    found = (_REGION_FILE.match(name) for name in listed)
    return tuple(sorted({*zone.organization.regions, *(match[1] for match in found if match)}))


def _files(zone: LandingZone, regions: tuple[str, ...], place: str) -> Iterator[tuple[str, File]]:
    organization = zone.organization
    yield join(place, DATA), File(managed.terraform_file({"locals": {"scaffold": data(organization)}}), Kind.MANAGED)
    for region in regions:
        for path, body in _rendered(zone.renderer.skeletons, organization, region).items():
            wanted = organization.roles.create or path != STACK_SET
            yield path.replace(FOLDER, place, 1), File(managed.text_file(body) if wanted else None, Kind.MANAGED)


def _rendered(skeletons: Skeletons, organization: Organization, region: str) -> Mapping[str, str]:
    """The files of the skeleton for one region; all but that region's own are the same for each."""
    roles = organization.roles
    context = {
        "region": region,
        "label": region.replace("-", "_"),
        "platform": organization.accounts["platform"],
        "atlantis": roles.atlantis,
        "reader": roles.reader,
        "atlantis_server": roles.atlantis_server,
        "ci": roles.ci,
        "external_id": roles.external_id or "",
    }
    return {path: body for path, body in skeletons.render(BASELINE, context).items() if isinstance(body, str)}


def data(organization: Organization) -> dict[str, Any]:
    """What the constant files read: names of roles, three ids, which guardrails are on, and budgets by their period."""
    roles, baseline = organization.roles, organization.baseline
    budget = baseline.budget
    return {
        "organization": organization.name,
        "partition": organization.partition,
        "accounts": {name: organization.accounts[name] for name in ("aft_management", "management", "platform")},
        "roles": {
            "create": roles.create,
            "atlantis": roles.atlantis,
            "atlantis_server": roles.atlantis_server,
            "external_id": roles.external_id,
            "reader": roles.reader,
            "ci": roles.ci,
        },
        "guardrails": {
            "account_alias": baseline.account_alias,
            "ebs_encryption": baseline.ebs_encryption,
            "imdsv2": baseline.imdsv2,
            "password_policy": baseline.password_policy,
            "s3_public_access_block": baseline.s3_public_access_block,
        },
        "budgets": {} if budget is None else {"monthly": {"usd": budget.monthly_usd, "email": budget.email}},
    }
