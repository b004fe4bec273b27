"""Client VPNs: what keeps one from being made where it is asked for, and from working where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator import ranges
from generator.accounts.model import Account
from generator.documents import strict_yaml
from generator.documents.shape import lines_of
from generator.landing_zone.in_use import in_use
from generator.landing_zone.model import LandingZone
from generator.landing_zone.projects import shown
from generator.landing_zone.readiness import account_id, declared_range
from generator.organization.schema import FILE
from generator.peering.existing import is_tombstone
from generator.problems import Problem
from generator.ranges import Range
from generator.stacks import vpn
from generator.stacks.model import MAIN, Stack
from generator.stacks.render import WAITING_ID

_MARKS = b"EntityDescriptor", b"IDPSSODescriptor"
_SMALLEST = 1000
"""Characters that metadata has at least (AWS, CreateSAMLProvider)."""


def problems(zone: LandingZone) -> Iterator[Problem]:
    """What is wrong with the client ranges of `scaffold.yaml`, and with every VPN that there is."""
    for region in zone.organization.vpn.get("client_cidr", {}):
        yield from _range(zone, region)
    there = [(account, stack) for account in zone.accounts for stack in zone.stacks(account.slug) if _stands(zone, stack)]
    for account, stack in there:
        if stack.region in zone.organization.regions:
            yield from _lacks(zone, account, stack.region, stack.network)
    if there:
        yield from _metadata(zone)


def _stands(zone: LandingZone, stack: Stack) -> bool:
    """Is it a VPN that is not being taken down?"""
    return zone.renderer.has_vpn(stack.skeleton) and not is_tombstone(zone.tree.read(f"{stack.directory}/{MAIN}") or b"")


def refusals(zone: LandingZone, account: Account, region: str, network: str) -> Iterator[Problem]:
    """Why an account can have no VPN in a region now; `network` is the name of the one it would stand on."""
    yield from _lacks(zone, account, region, network)
    yield from _metadata(zone)
    if region in zone.organization.vpn.get("client_cidr", {}):
        yield from _range(zone, region)


def _problem(zone: LandingZone, path: tuple[str, ...], message: str, remedy: str, value: str | None = None) -> Problem:
    node, _ = strict_yaml.read(zone.tree.read(FILE) or b"", FILE)
    there = node is not None and isinstance(node.value, Mapping) and path[0] in node.value
    line = lines_of(node, *path) if node is not None and there else None
    return Problem(id="unfit-vpn", file=FILE, line=line, message=message, remedy=remedy, value=value)


def _lacks(zone: LandingZone, account: Account, region: str, network: str) -> Iterator[Problem]:
    """What `scaffold.yaml` lacks for a VPN; nothing where the environment of the account cannot be told."""
    if not isinstance(account.environment, str):
        return
    known, declared = account_id(zone, account), declared_range(account, network)
    own = ranges.parse(declared) if declared is not None else None
    place = vpn.Place(account.slug, region, account.environment, None if known == WAITING_ID else known, own)
    for lack in vpn.lacks(zone.organization, place):
        yield _problem(zone, lack.path, lack.message, lack.remedy, lack.value)


def _metadata(zone: LandingZone) -> Iterator[Problem]:
    """The file that `vpn.saml_metadata` names: whether it is there, and whether it is what an identity provider gives."""
    for path in vpn.files(zone.organization):
        content = zone.tree.read(path)
        if content is None:
            message = f"vpn.saml_metadata names {path}, which is not there"
        elif len(content) < _SMALLEST or not all(mark in content for mark in _MARKS):
            message = f"vpn.saml_metadata names {path}, which is no metadata of an identity provider"
        else:
            continue
        remedy = "commit there what the identity provider gives for its application: XML with an EntityDescriptor"
        yield _problem(zone, (vpn.KEY, "saml_metadata"), message, remedy, path)


def _range(zone: LandingZone, region: str) -> Iterator[Problem]:
    """What the client range of a region overlaps. AWS refuses one that meets a route; a network that meets it could not be reached."""
    clients = zone.organization.vpn["client_cidr"][region]
    met = list(dict.fromkeys(what for found, what in _known(zone) if clients.overlaps(found)))
    if met:
        message = f"vpn.client_cidr.{region} is {clients}, which overlaps {shown(met)}"
        remedy = "give clients a range that nothing else has, between /12 and /22"
        yield _problem(zone, (vpn.KEY, "client_cidr", region), message, remedy, str(clients))


def _known(zone: LandingZone) -> Iterator[tuple[Range, str]]:
    """Every range that is set aside or in use anywhere, with what it is: networks of all regions may be peered."""
    for name, region in zone.organization.regions.items():
        yield from ((pool, f"the pool {pool} of {each} in {name}") for each, pools in region.pools.items() for pool in pools)
        yield from ((found, f"{found}, reserved in {name}") for found in region.reserved)
    yield from in_use(zone)
