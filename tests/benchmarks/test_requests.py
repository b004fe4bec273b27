"""Requests that people wrote: the first look at an organization that exists already."""

from __future__ import annotations

from typing import Any

import hcl2

from generator.accounts.model import FOLDER
from generator.landing_zone.lint import lint
from tests.benchmarks.conftest import Ratio, fastest
from tests.support import zones

NUMBER = 60
SHARED = """locals {
  domain = "acme.com"
  common = { environment = "dev", tier = "app" }
  sso = {
    SSOUserEmail     = "platform@${local.domain}"
    SSOUserFirstName = "Platform"
    SSOUserLastName  = "Team"
  }
}
"""
REQUEST = """# Account NUMBER, asked for by its team
module "dev-app-NUMBER" {
  source = "./modules/aft-account-request" # AFT's own

  control_tower_parameters = merge(local.sso, {
    AccountEmail              = "aws+dev-app-NUMBER@${local.domain}"
    AccountName               = "dev-app-NUMBER"
    # Syntax for nested OU
    ManagedOrganizationalUnit = "Sandbox"
  })

  /* tags decide which networks meet */
  account_tags = merge(local.common, {
    "owner" = "team-${lower("NUMBER")}",
  })

  change_management_parameters = {
    change_requested_by = "portal"
    change_reason       = format("ticket %05d", NUMBER)
  }

  custom_fields = {
    group       = "NUMBER" == "7" ? "first" : "others" // tutorial
    contacts    = jsonencode({ for kind in ["billing", "security"] : kind => { email = "${kind}@${local.domain}" } })
    environment = "dev"
    region      = "us-east-1"
  }

  account_customizations_name = ""
}
"""


def test_linting_sixty_requests_that_people_wrote(ratio: Ratio) -> None:
    """In process: read, evaluated and checked by every rule, against python-hcl2 on the same files."""
    written = {f"{FOLDER}/dev-app-{number}.tf": REQUEST.replace("NUMBER", str(number)) for number in range(1, NUMBER + 1)}
    written[f"{FOLDER}/locals.tf"] = SHARED
    content = {**zones.files(), **{path: text.encode() for path, text in written.items()}}
    assert len(zones.zone(content).accounts) == NUMBER
    assert not zones.zone(content).reading.problems

    def theirs() -> list[Any]:
        return [hcl2.loads(text) for text in written.values()]

    ours = fastest(lambda: lint(zones.zone(content)), 3)

    ratio(f"linting {NUMBER} hand-written requests, against python-hcl2", ours, fastest(theirs, 3), most=2)
