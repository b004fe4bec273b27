"""Sixty account requests as other people leave them: most follow a custom, and here and there somebody slipped."""

from __future__ import annotations

from collections.abc import Mapping

_ENVIRONMENTS = ("prod", "staging", "dev")
_TEAMS = ("billing", "search", "platform", "mobile", "data")
_UNITS = {"prod": "Production (ou-ab12-cdef3456)", "staging": "NonProduction", "dev": "NonProduction"}
_MODULE = """\
module "{label}" {{
  source = "./modules/aft-account-request"

  control_tower_parameters = {{
    AccountEmail              = "{email}"
    AccountName               = "{name}"
    ManagedOrganizationalUnit = "{unit}"
    SSOUserEmail              = "cloud@umbrella.example"
    SSOUserFirstName          = "Cloud"
    SSOUserLastName           = "Team"
  }}

  account_tags = {{
{tags}  }}

  change_management_parameters = {{
    change_requested_by = "portal"
    change_reason       = "new account"
  }}

  custom_fields = {{
{fields}  }}

  account_customizations_name = ""
}}
"""
# what somebody wrote otherwise, by account
DIRT: Mapping[str, Mapping[str, str]] = {
    "prod-billing-1": {"umb:env": "Prod"},
    "dev-search-2": {"umb:env": "Prod"},
    "staging-data-1": {"owner": "Platform"},
    "staging-data-2": {"owner": "platfrom"},
    "dev-mobile-3": {"unit": "NonProdcution"},
    "dev-mobile-4": {"unit": "Nonproduction"},
    "dev-data-1": {"unit": "NonProduction(ou-ab12-cdef3456)"},
    "prod-search-4": {"unit": "Production"},
    "prod-data-4": {"email": "finance@umbrella.example"},
    "prod-mobile-2": {"note": r"a, \\ \"b\": #c $${d} {e}\n- f"},
    "prod-mobile-3": {"CostCenter": "0123"},
}
# keys that somebody spelled otherwise
KEYS: Mapping[str, tuple[str, str]] = {
    "dev-billing-4": ("owner", "Owner"),
    "dev-billing-3": ("umb:env", "umb:evn"),
    "staging-mobile-1": ("umb:env", "enviroment"),
    "prod-platform-3": ("cost-center", "CostCenter"),
}


def _names() -> list[tuple[str, str, str]]:
    numbers = range(1, 5)
    return [(env, team, f"{env}-{team}-{number}") for env in _ENVIRONMENTS for team in _TEAMS for number in numbers]


def _request(place: int, env: str, team: str, name: str) -> str:
    said = {"umb:env": env, "owner": team, "cost-center": f"{4000 + place}", **DIRT.get(name, {})}
    unit, email = said.pop("unit", _UNITS[env]), said.pop("email", f"aws-{name}@umbrella.example")
    old, new = KEYS.get(name, ("", ""))
    tags = "".join(f'    "{new if key == old else key}" = "{value}"\n' for key, value in said.items())
    region = "eu-west-1" if place % 10 == 0 else "us-east-1"
    fields = f'    "region"   = "{region}"\n    "vpc_cidr" = "10.{place // 2 if place < 6 else place}.0.0/16"\n' if place < 30 else ""
    return _MODULE.format(label=name, email=email, name=name, unit=unit, tags=tags, fields=fields)


def files() -> dict[str, bytes]:
    """The files below `terraform/`: twenty requests in one, forty in files of their own, AFT's module, and one that is broken."""
    requests = {name: _request(place, env, team, name) for place, (env, team, name) in enumerate(_names())}
    prod = [name for name in requests if name.startswith("prod-")]
    found = {f"terraform/{name}.tf": text.encode() for name, text in requests.items() if name not in prod}
    found["terraform/main.tf"] = "\n".join(requests[name] for name in prod).encode()
    found["terraform/modules/aft-account-request/ddb.tf"] = b'resource "aws_dynamodb_table_item" "account-request" {}\n'
    return found


BROKEN = b'module "half" {\n  source = "./modules/aft-account-request"\n  }\n  custom_fields = {\n'
"""A module that was half commented out: the file does not parse."""
