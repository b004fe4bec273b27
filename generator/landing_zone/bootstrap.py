"""The root modules below `bootstrap/`, applied by hand before the first account: what of them follows `scaffold.yaml`.

`init` seeds what they do; these files say for whom. A landing zone that was made without them has none, and gets none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.files import File, Kind, Part
from generator.hcl import managed
from generator.hcl.quoting import quote
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import PROVIDERS
from generator.organization.model import Organization
from generator.stacks.alerts import Alert, key_alias, topic_name
from generator.stacks.model import BACKEND, LOCK, MAIN

PLATFORM, MANAGEMENT = "bootstrap/platform", "bootstrap/management"
DATA, REGIONS, VERSIONS = "organization.tf.json", "regions.tf", "versions.tf"


def part(zone: LandingZone) -> Part:
    """The managed files of those roots that are there. Atlantis plans neither, so neither is a project of `atlantis.yaml`."""
    there = tuple(root for root in (PLATFORM, MANAGEMENT) if zone.tree.read(f"{root}/{MAIN}") is not None)
    lock = zone.tree.read(f"{PROVIDERS}/{LOCK}")
    return Part("bootstrap", (zone.organization, there, lock), lambda: dict(_files(zone, there, lock)))


def _files(zone: LandingZone, roots: tuple[str, ...], lock: bytes | None) -> Iterator[tuple[str, File]]:
    data = data_file(zone.organization)
    for root in roots:
        yield f"{root}/{DATA}", File(data, Kind.MANAGED)
        yield f"{root}/{VERSIONS}", File(zone.renderer.versions(), Kind.MANAGED)
        yield f"{root}/{BACKEND}", File(zone.renderer.backend(f"applied by hand: {root}", root), Kind.MANAGED)
        if lock is not None:
            yield f"{root}/{LOCK}", File(lock, Kind.COPY)
    if PLATFORM in roots:
        yield f"{PLATFORM}/{REGIONS}", File(managed.text_file(regions(zone.organization)), Kind.MANAGED)


def data_file(organization: Organization) -> bytes:
    """`organization.tf.json`: everything in `scaffold.yaml` that a plan of these roots depends on, as data."""
    return managed.terraform_file({"locals": {"organization": _facts(organization)}})


def _facts(organization: Organization) -> Mapping[str, Any]:
    state, roles = organization.state, organization.roles
    return {
        "name": organization.name,
        "id": organization.id,
        "repository": organization.repository,
        "partition": organization.partition,
        "home_region": organization.home_region,
        "regions": sorted(organization.regions),
        "accounts": {name: organization.accounts[name] for name in ("management", "platform")},
        "state": {"bucket": state.bucket, "region": state.region, "kms_key": state.kms_key, "lock_table": state.lock_table},
        "roles": {"atlantis": roles.atlantis, "atlantis_server": roles.atlantis_server, "ci": roles.ci, "reader": roles.reader},
        "topics": {alert.value: topic_name(organization, alert) for alert in Alert},
        "alerts_key": key_alias(organization),
        "alerts": {name: topic["secret_arn"] for name, topic in sorted(organization.alerts.items()) if topic},
        "cost_allocation_tags": sorted(key for key, rule in organization.tags.items() if rule.propagate),
    }


def regions(organization: Organization) -> str:
    """`regions.tf`: a provider and the two topics for each region. Terraform takes a provider by its name only, so no loop can."""
    found = sorted(organization.regions)
    arns = "".join(f"    {quote(region):{_width(found)}} = module.alerts_{_label(region)}.topic_arns\n" for region in found)
    return "\n".join([*map(_region, found), _OUTPUT.format(arns=arns)])


def _width(names: list[str]) -> int:
    return max(len(quote(name)) for name in names)


def _label(region: str) -> str:
    return region.replace("-", "_")


def _region(region: str) -> str:
    return _REGION.format(name=quote(region), label=_label(region), alias=quote(_label(region)))


_REGION = """\
provider "aws" {{
  alias               = {alias}
  region              = {name}
  allowed_account_ids = [local.account]

  default_tags {{
    tags = local.tags
  }}
}}

module "alerts_{label}" {{
  source = "../modules/alerts"

  names           = local.organization.topics
  key_alias       = local.organization.alerts_key
  organization_id = local.organization.id

  providers = {{
    aws = aws.{label}
  }}
}}
"""
_OUTPUT = """\
output "topic_arns" {{
  description = "ARNs of the topics critical and notice, by region."
  value = {{
{arns}  }}
}}
"""
