"""The home region of an account is what its request says, and never a guess."""

from __future__ import annotations

from generator.accounts.model import account_of
from generator.accounts.read import read_folder
from generator.files import MemoryTree

_REQUEST = """# a comment keeps this file out of the canonical form
module "prod-ml" {
  source                   = "./modules/aft-account-request"
  control_tower_parameters = { AccountName = "prod-ml" }
  custom_fields            = { region = %s, vpc_cidr = "10.0.0.0/20" }
}
"""


def _networks(region: str) -> list[tuple[str, str]]:
    content = (_REQUEST % region).encode()
    record = read_folder(MemoryTree({"aft-account-request/terraform/a.tf": content})).records[0]
    return [(network.name, network.region) for network in account_of(record, "environment", "us-east-1").networks]


def test_a_known_region_places_the_home_network() -> None:
    """The request's region wins over the organization's."""
    assert _networks('"eu-west-1"') == [("prod-ml", "eu-west-1")]


def test_an_unknown_region_places_no_network() -> None:
    """Taking the organization's region for it would put a stack where nobody asked for one."""
    assert _networks("var.region") == []
