"""A Client VPN as somebody adds it: what it starts with, what reaches it later, and what never does.

What is refused before anything is said of a VPN has its words in `cases/account`; here is the rest, and the near twins that are taken.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.hcl import managed
from generator.peering.existing import TOMBSTONE
from tests.support import cli
from tests.support.hubs import METADATA
from tests.support.landing_zones import LandingZone

CERTIFICATE = "arn:aws:acm:us-east-1:444455556666:certificate/0a1b2c3d"
SETTINGS = f"""
vpn:
  client_cidr: {{us-east-1: 10.200.0.0/22}}
  server_certificate_arn: {{us-east-1: "{CERTIFICATE}"}}
  saml_metadata: vpn/okta.xml
  access: {{okta-prod-engineers: prod, okta-dev-engineers: dev}}
"""
HUB = "account", "prod-vpn", "--owner", "platform", "--tag", "tier=vpn"
STACK = "stacks/prod-vpn/us-east-1/vpn"


@pytest.fixture
def ready(zone: Path) -> Path:
    """A landing zone whose `scaffold.yaml` says all that a VPN needs."""
    with (zone / "scaffold.yaml").open("a") as file:
        file.write(SETTINGS)
    (zone / "vpn").mkdir()
    (zone / "vpn/okta.xml").write_text(METADATA)
    return zone


def _said(zone: Path, stack: str = STACK) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((zone / stack / "account.tf.json").read_text())["locals"]["vpn"]
    return found


def _refused(zone: Path, *arguments: str) -> list[str]:
    """The messages of a command that writes nothing."""
    before = cli.snapshot(zone)
    done = cli.run(zone, *arguments)
    assert (done.status, cli.snapshot(zone)) == (1, before)
    return [line.removeprefix("error: ") for line in done.err.splitlines()]


def test_a_hub_gets_what_its_environment_and_region_say(ready: Path) -> None:
    """As data, which sync brings later; the groups of other environments are not among it."""
    cli.must(ready, *HUB, "--with", "vpn")

    assert _said(ready) == {
        "client_cidr_block": "10.200.0.0/22",
        "server_certificate_arn": CERTIFICATE,
        "saml_metadata": "vpn/okta.xml",
        "pools": ["10.0.0.0/12"],
        "groups": ["okta-prod-engineers"],
    }
    assert cli.must(ready, "lint").status == 0


def test_production_gets_what_production_needs(ready: Path) -> None:
    """Plain arguments of a call, which a reviewer sees and a team may change."""
    cli.must(ready, *HUB, "--with", "vpn")
    cli.must(ready, "account", "dev-vpn", "--owner", "platform", "--tag", "tier=vpn", "--with", "vpn")
    production, other = ((ready / f"stacks/{name}-vpn/us-east-1/vpn/main.tf").read_text() for name in ("prod", "dev"))

    assert 'zone_ids              = ["use1-az1", "use1-az2", "use1-az4"]\n  session_timeout_hours = 8\n' in production
    assert 'zone_ids              = ["use1-az1"]\n  session_timeout_hours = 24\n' in other
    assert _said(ready, "stacks/dev-vpn/us-east-1/vpn")["groups"] == ["okta-dev-engineers"]


def test_a_group_that_comes_reaches_the_hub_by_sync(ready: Path) -> None:
    """The hub of its environment, and no other file."""
    cli.must(ready, *HUB, "--with", "vpn")
    before = cli.snapshot(ready)
    cli.replace(ready / "scaffold.yaml", "{okta-prod-engineers: prod,", "{okta-prod-engineers: prod, AWS Operators: prod,")

    cli.must(ready, "sync")
    changed = {path for path, content in cli.snapshot(ready).items() if before.get(path) != content}

    assert changed == {"scaffold.yaml", f"{STACK}/account.tf.json"}
    assert _said(ready)["groups"] == ["AWS Operators", "okta-prod-engineers"]


def test_what_scaffold_yaml_lacks_later_stays_as_it_is(ready: Path) -> None:
    """Nobody is locked out by a line that is lost; lint says so."""
    cli.must(ready, *HUB, "--with", "vpn")
    before = cli.snapshot(ready)
    cli.replace(ready / "scaffold.yaml", "okta-prod-engineers: prod, ", "")

    done = cli.run(ready, "lint")
    cli.must(ready, "sync")

    assert done.status == 2 and "vpn.access lets no group into prod" in done.err
    assert (ready / STACK / "account.tf.json").read_bytes() == before[f"{STACK}/account.tf.json"]


def test_what_is_being_taken_down_lacks_nothing(ready: Path) -> None:
    """A tombstone needs no group and no metadata any more."""
    cli.must(ready, *HUB, "--with", "vpn")
    conventions = (ready / "scaffold.yaml").read_text()
    (ready / "scaffold.yaml").write_text(conventions.replace(SETTINGS, ""))
    before = cli.run(ready, "lint")
    (ready / STACK / "main.tf").write_bytes(managed.text_file(TOMBSTONE))

    after = cli.run(ready, "lint")

    assert before.err.count("error: scaffold.yaml: vpn.") == 4
    assert (after.status, "vpn." in after.err) == (0, False)


def test_other_metadata_plans_the_vpn_again(ready: Path) -> None:
    """It lies outside the directory of the stack, so Atlantis is told of it."""
    cli.must(ready, *HUB, "--with", "vpn")
    _know(ready, "444455556666")
    cli.must(ready, "sync")

    block = (ready / "atlantis.yaml").read_text().partition(f"- name: {STACK}\n")[2].partition("- name:")[0]

    assert '["**", "../../../../modules/vpn/1.0.0", "../../../../vpn/okta.xml"]' in block
    assert cli.run(ready, "atlantis", "check").status == 0


def _know(zone: Path, id: str) -> None:
    """An inventory in which prod-vpn is an account with this id, and its network is there."""
    cidr = json.loads((zone / STACK / "account.tf.json").read_text())["locals"]["account"]["network"]["cidr_block"]
    network: dict[str, Any] = {
        "region": "us-east-1", "vpc_id": "vpc-0abc1234", "cidr_blocks": [cidr], "ipv6_cidr_blocks": [], "route_table_ids": ["rtb-0abc1234"],
        "dns": True, "quotas": {"peerings": 50, "routes": 500}, "used_elsewhere": {"peerings": 0, "routes": 0}, "stale": False,
    }  # fmt: skip
    LandingZone(zone).know({id: {"name": "prod-vpn", "email": "aws+prod-vpn@acme.com", "networks": {"prod-vpn": network}}})


def test_a_certificate_of_another_account_is_refused(ready: Path) -> None:
    """ACM gives no certificate away; where several accounts have a VPN in a region, each has its own line."""
    cli.must(ready, *HUB)
    cli.must(ready, *HUB, "--with", "vpn")
    _know(ready, "999900001111")
    found = cli.run(ready, "lint")
    own = f'"prod-vpn/us-east-1": "{CERTIFICATE.replace("444455556666", "999900001111")}", us-east-1: '
    cli.replace(ready / "scaffold.yaml", '{us-east-1: "arn', f'{{{own}"arn')

    cli.must(ready, "sync")

    message = "the certificate for the VPN of prod-vpn (999900001111) in us-east-1 is of account 444455556666 in us-east-1"
    assert message in found.err and message not in cli.run(ready, "lint").err
    assert ":999900001111:" in _said(ready)["server_certificate_arn"]


def test_which_tag_makes_a_hub_is_the_organizations_choice(ready: Path) -> None:
    """The skeleton says tier = vpn; an organization that has no such tag says another, or none."""
    cli.replace(ready / "scaffold.yaml", "\nvpn:\n", "\nvpn:\n  account_tags: {tier: shared}\n")

    refused = _refused(ready, *HUB, "--with", "vpn")
    cli.must(ready, *HUB[:-1], "tier=shared", "--with", "vpn")
    cli.replace(ready / "scaffold.yaml", "account_tags: {tier: shared}", "account_tags: {}")
    cli.must(ready, "account", "dev-ml", "--with", "vpn")

    assert len(refused) == 1 and refused[0].startswith('prod-vpn has tier = "vpn", and vpn is for accounts with tier = "shared"; ')


def test_a_vpn_among_the_standard_stacks_is_one_of_the_hubs(ready: Path) -> None:
    """Every account gets the standard stacks that its tags admit."""
    cli.replace(ready / "scaffold.yaml", "stacks: [network, ecr]", "stacks: [network, ecr, vpn]")

    cli.must(ready, *HUB)
    cli.must(ready, "account", "prod-web", "--owner", "web")

    assert (ready / STACK / "main.tf").exists() and not (ready / "stacks/prod-web/us-east-1/vpn").exists()


def test_metadata_that_is_none_is_refused(ready: Path) -> None:
    """Whether the file is missing, or holds something else."""
    (ready / "vpn/okta.xml").write_text("<html>Sign in</html>\n")
    other = _refused(ready, *HUB, "--with", "vpn")
    (ready / "vpn/okta.xml").unlink()
    missing = _refused(ready, *HUB, "--with", "vpn")

    assert [line.partition("; ")[0].rpartition(": ")[2] for line in (*other, *missing)] == [
        "vpn.saml_metadata names vpn/okta.xml, which is no metadata of an identity provider",
        "vpn.saml_metadata names vpn/okta.xml, which is not there",
    ]


@pytest.mark.parametrize(("clients", "met"), [("10.0.0.0/22", "the pool 10.0.0.0/12 of prod in us-east-1"), ("10.200.0.0/22", "")])
def test_a_client_range_in_use_is_refused(ready: Path, clients: str, met: str) -> None:
    """Named with what has it; the near twin has nothing in it."""
    cli.replace(ready / "scaffold.yaml", "client_cidr: {us-east-1: 10.200.0.0/22}", f"client_cidr: {{us-east-1: {clients}}}")
    if not met:
        cli.must(ready, *HUB, "--with", "vpn")
        return

    (line,) = _refused(ready, *HUB, "--with", "vpn")

    assert f"vpn.client_cidr.us-east-1 is {clients}, which overlaps {met}" in line


@pytest.mark.parametrize(("number", "fits"), [(200, True), (201, False)])
def test_more_groups_than_an_endpoint_takes_are_refused(ready: Path, number: int, fits: bool) -> None:
    """A rule for each group and pool: 200 of an endpoint."""
    groups = ", ".join(f"group-{each}: prod" for each in range(number))
    cli.replace(ready / "scaffold.yaml", "access: {okta-prod-engineers: prod", f"access: {{{groups}")
    if fits:
        cli.must(ready, *HUB, "--with", "vpn")
        return

    (line,) = _refused(ready, *HUB, "--with", "vpn")

    assert (
        "vpn.access makes 201 rules for prod in us-east-1 (201 groups, each for all ranges, of which there are 1); an endpoint takes 200"
        in line
    )


@pytest.mark.parametrize(("number", "fits"), [(99, True), (100, False)])
def test_more_pools_than_an_association_takes_are_refused(ready: Path, number: int, fits: bool) -> None:
    """A route for each pool, and the one to the VPC: 100 of an association."""
    pools = ", ".join(f"10.{each}.0.0/16" for each in range(16, 16 + number))
    cli.replace(
        ready / "scaffold.yaml",
        "pools: {prod: [10.0.0.0/12], default: [10.16.0.0/12]}",
        f"pools: {{prod: [{pools}], default: [10.0.0.0/12]}}",
    )
    if fits:
        cli.must(ready, *HUB, "--with", "vpn")
        return

    lines = _refused(ready, *HUB, "--with", "vpn")

    assert "prod has 100 pools in us-east-1; an association takes 100 routes, one of them its VPC's" in lines[0]
