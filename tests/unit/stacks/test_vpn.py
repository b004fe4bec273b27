"""What `scaffold.yaml` lacks for a VPN, and what of it AWS would not take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.organization.model import Organization
from generator.ranges import Range, parse
from generator.stacks import vpn
from generator.stacks.vpn import Place
from tests.support import zones

HERE = "111122223333"
ARN = f"arn:aws:acm:us-east-1:{HERE}:certificate/0a1b2c3d"
CONVENTIONS = zones.organization()


def _organization(**changes: object) -> Organization:
    settings = {
        "client_cidr": {"us-east-1": parse("10.200.0.0/22")},
        "server_certificate_arn": {"us-east-1": ARN},
        "saml_metadata": "vpn/okta.xml",
        "access": {"engineers": "prod", "operators": "prod", "interns": "dev"},
    }
    return replace(CONVENTIONS, vpn={**settings, **changes})


def _with_pools(pools: dict[str, tuple[Range, ...]], **changes: object) -> Organization:
    found = _organization(**changes)
    region = replace(found.regions["us-east-1"], pools=pools)
    return replace(found, regions={**found.regions, "us-east-1": region})


def _messages(organization: Organization, **place: object) -> list[str]:
    where = replace(Place("prod-vpn", "us-east-1", "prod"), **place)  # type: ignore[arg-type]
    return [lack.message for lack in vpn.lacks(organization, where)]


def test_nothing_is_missing_where_all_is_said() -> None:
    """Whether the account is known already or not."""
    assert _messages(_organization()) == _messages(_organization(), account_id=HERE) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"client_cidr": {}}, "vpn.client_cidr has no range for us-east-1"),
        ({"client_cidr": {"eu-west-1": parse("10.200.0.0/22")}}, "vpn.client_cidr has no range for us-east-1"),
        ({"server_certificate_arn": {"eu-west-1": ARN}}, "vpn.server_certificate_arn has none for prod-vpn in us-east-1"),
        ({"server_certificate_arn": {"dev-vpn/us-east-1": ARN}}, "vpn.server_certificate_arn has none for prod-vpn in us-east-1"),
        ({"saml_metadata": None}, "vpn.saml_metadata names no file with the metadata of an identity provider"),
        ({"access": {"interns": "dev"}}, "vpn.access lets no group into prod"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(changes: dict[str, object], message: str) -> None:
    """One line for each thing."""
    assert _messages(_organization(**changes)) == [message]
    assert vpn.data(_organization(**changes), Place("prod-vpn", "us-east-1", "prod")) is None


def test_an_environment_without_a_pool_has_nothing_to_route() -> None:
    """One that `scaffold.yaml` does not know has neither a pool nor a group."""
    organization = _with_pools({"prod": (parse("10.0.0.0/12"),)})

    assert _messages(organization, environment="qa") == [
        "vpn.access lets no group into qa",
        "regions.us-east-1.pools has no range for the environment qa, so there is nothing to route",
    ]


def test_an_account_has_a_certificate_of_its_own() -> None:
    """The line of an account outranks that of its region."""
    arns = {"us-east-1": ARN.replace(HERE, "999988887777"), "prod-vpn/us-east-1": ARN}

    assert _messages(_organization(server_certificate_arn=arns), account_id=HERE) == []
    assert _messages(_organization(server_certificate_arn=arns), account="dev-vpn", account_id=HERE) == [
        f"the certificate for the VPN of dev-vpn ({HERE}) in us-east-1 is of account 999988887777 in us-east-1"
    ]


def test_a_certificate_of_another_region_is_refused() -> None:
    """Also while nobody knows the id of the account."""
    found = _messages(_organization(server_certificate_arn={"us-east-1": ARN.replace("us-east-1", "eu-west-1")}))

    assert found == [f"the certificate for the VPN of prod-vpn in us-east-1 is of account {HERE} in eu-west-1"]


@pytest.mark.parametrize(
    ("network", "groups", "refused"),
    [("10.1.0.0/20", 200, False), ("10.1.0.0/20", 201, True), ("172.20.0.0/20", 100, False), ("172.20.0.0/20", 101, True)],
)
def test_rules_are_counted_with_the_network_that_lies_in_no_pool(network: str, groups: int, refused: bool) -> None:
    """It takes a rule of its own for each group."""
    access = {f"group-{number}": "prod" for number in range(groups)}

    assert bool(_messages(_organization(access=access), network=parse(network))) is refused


@pytest.mark.parametrize(("pools", "refused"), [(99, False), (100, True)])
def test_routes_are_counted_with_the_one_that_aws_adds(pools: int, refused: bool) -> None:
    """A hundred of an association."""
    organization = _with_pools({"prod": tuple(parse(f"10.{number}.0.0/16") for number in range(pools))})

    assert bool(_messages(organization)) is refused
