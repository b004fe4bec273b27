"""Client VPN: what `vpn:` and `regions:` of `scaffold.yaml` say for one stack, and what of it is missing or more than AWS takes.

The data file carries it, not `main.tf`: a group that comes, or a certificate that is replaced, reaches every stack by `sync`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.organization.model import Organization
from generator.ranges import Range

KEY = "vpn"
ROUTES, RULES = 100, 200
"""Routes of an association, the one to its VPC included, and authorization rules of an endpoint (AWS Client VPN, "Quotas")."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a VPN is: the account's slug, its id once it is known, its environment; a region of `scaffold.yaml`; its network."""

    account: str
    region: str
    environment: str
    account_id: str | None = None
    network: Range | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a VPN cannot do without, the key of `scaffold.yaml` that it belongs to, and what to do."""

    message: str
    remedy: str
    path: tuple[str, ...] = (KEY,)
    value: str | None = None


def certificate(organization: Organization, place: Place) -> str | None:
    """The ARN for an account's own endpoint, else the one of the region."""
    arns = organization.vpn.get("server_certificate_arn", {})
    found: str | None = arns.get(f"{place.account}/{place.region}", arns.get(place.region))
    return found


def groups(organization: Organization, environment: str) -> list[str]:
    """The identity groups of an environment, in order of name."""
    return sorted(group for group, found in organization.vpn.get("access", {}).items() if found == environment)


def files(organization: Organization) -> tuple[str, ...]:
    """What the stack reads from the repository beside its own directory."""
    found = organization.vpn.get("saml_metadata")
    return (found,) if found else ()


def data(organization: Organization, place: Place) -> Mapping[str, Any] | None:
    """What the data file says beside the account; None where something is missing. No account is in it but the stack's own."""
    if list(_missing(organization, place)):
        return None
    return {
        "client_cidr_block": str(organization.vpn["client_cidr"][place.region]),
        "server_certificate_arn": certificate(organization, place),
        "saml_metadata": organization.vpn["saml_metadata"],
        "pools": [str(pool) for pool in organization.regions[place.region].pool(place.environment)],
        "groups": groups(organization, place.environment),
    }


def lacks(organization: Organization, place: Place) -> Iterator[Lack]:
    """What is missing, what belongs to somebody else, and what AWS would not take."""
    yield from _missing(organization, place)
    yield from _foreign_certificate(organization, place)
    yield from _quotas(organization, place)


def _missing(organization: Organization, place: Place) -> Iterator[Lack]:
    region, environment, vpn = place.region, place.environment, organization.vpn
    if region not in vpn.get("client_cidr", {}):
        remedy = f"write vpn.client_cidr: {{{region}: RANGE}}, a range between /12 and /22 that no network uses, such as 10.200.0.0/22"
        yield Lack(f"vpn.client_cidr has no range for {region}", remedy, (KEY, "client_cidr"), region)
    if certificate(organization, place) is None:
        remedy = (
            f"make a certificate in ACM of {place.account} there, and write vpn.server_certificate_arn: {{{place.account}/{region}: ARN}}"
        )
        message = f"vpn.server_certificate_arn has none for {place.account} in {region}"
        yield Lack(message, remedy, (KEY, "server_certificate_arn"), region)
    if not vpn.get("saml_metadata"):
        remedy = "commit what the identity provider gives, and write vpn.saml_metadata: PATH, such as vpn/okta.xml"
        yield Lack("vpn.saml_metadata names no file with the metadata of an identity provider", remedy)
    if not groups(organization, environment):
        remedy = f"write vpn.access: {{GROUP: {environment}}} with a group of the identity provider"
        yield Lack(f"vpn.access lets no group into {environment}", remedy, (KEY, "access"), environment)
    if not organization.regions[region].pool(environment):
        message = f"regions.{region}.pools has no range for the environment {environment}, so there is nothing to route"
        yield Lack(message, f"add {environment} or default there", ("regions", region, "pools"), environment)


def _foreign_certificate(organization: Organization, place: Place) -> Iterator[Lack]:
    """An endpoint takes a certificate of its own account and region only."""
    arn = certificate(organization, place)
    if arn is None:
        return
    region, account = arn.split(":")[3:5]
    if region != place.region or place.account_id not in (None, account):
        own = f"{place.account} ({place.account_id})" if place.account_id else place.account
        message = f"the certificate for the VPN of {own} in {place.region} is of account {account} in {region}"
        remedy = f"give one of its own account and region: vpn.server_certificate_arn: {{{place.account}/{place.region}: ARN}}"
        yield Lack(message, remedy, (KEY, "server_certificate_arn"), arn)


def _quotas(organization: Organization, place: Place) -> Iterator[Lack]:
    pools, admitted = organization.regions[place.region].pool(place.environment), groups(organization, place.environment)
    if len(pools) + 1 > ROUTES:
        message = (
            f"{place.environment} has {len(pools)} pools in {place.region}; an association takes {ROUTES} routes, one of them its VPC's"
        )
        yield Lack(message, "give it fewer and larger pools", ("regions", place.region, "pools"))
    apart = place.network is not None and not any(pool.contains(place.network) for pool in pools)
    reached = len(pools) + apart  # a network that was cut from none of the pools takes rules of its own
    if len(admitted) * reached > RULES:
        counted = f"{len(admitted)} groups, each for all ranges, of which there are {reached}"
        message = f"vpn.access makes {len(admitted) * reached} rules for {place.environment} in {place.region} ({counted})"
        remedy = "make one group of several, or fewer and larger pools"
        yield Lack(f"{message}; an endpoint takes {RULES}", remedy, (KEY, "access"))
