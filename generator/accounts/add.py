"""A new account: from a name and what was asked for to a complete request, or every reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generator import ranges
from generator.accounts import addresses, names, tags
from generator.accounts.model import NETWORKS, VPC_CIDR, Request, label, network_name, slug
from generator.hcl.quoting import text
from generator.organization.model import Organization
from generator.organization.read import legal_values
from generator.problems import Problem, Refused, expected
from generator.ranges import Range


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """`REGION[/LABEL][=CIDR]`."""

    region: str
    label: str = ""
    cidr_block: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """What somebody asked for. `region` is the home region of the account; None is the organization's."""

    name: str
    tags: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    email: str | None = None
    region: str | None = None
    networks: tuple[NetworkSpec, ...] = ()
    requested_by: str = ""
    reason: str = ""


def request(spec: Spec, organization: Organization, taken: Iterable[Range]) -> Request:
    """The request of a new account; refused with all problems at once. Its home network is always declared."""
    found = {**tags.proposed(names.parse(spec.name, organization) or {}, organization), **_text(spec.tags)}
    environment = found.get(organization.environment_tag, "")
    region = spec.region or organization.home_region
    problems = [*_wrong(spec, found, organization), *wrong_networks(spec, region, organization)]
    if problems:
        raise Refused(problems)
    address = spec.email or names.email(spec.name, organization)
    unit = organization.units[spec.unit or organization.environments[environment].ou]
    return Request(
        label=label(slug(spec.name)),
        control_tower={
            "AccountEmail": address,
            "AccountName": spec.name,
            "ManagedOrganizationalUnit": unit.managed_name,
            "SSOUserEmail": organization.sso_user.email,
            "SSOUserFirstName": organization.sso_user.first_name,
            "SSOUserLastName": organization.sso_user.last_name,
        },
        tags=tags.ordered(found, organization),
        change={
            "change_requested_by": text(spec.requested_by or "platform"),
            "change_reason": text(spec.reason or f"new account {spec.name}"),
        },
        custom_fields={
            "account_name": spec.name,
            "environment": environment,
            "region": region,
            **network_fields(spec, region, environment, organization, taken),
        },
    )


def _text(values: Mapping[str, str]) -> dict[str, str]:
    return {text(key): text(value) for key, value in values.items()}


def network_fields(
    spec: Spec, home: str, environment: str, organization: Organization, taken: Iterable[Range], known: Iterable[str] = ()
) -> dict[str, str]:
    """The custom fields of the home network and of each further one asked for; `known` fields stay as they are."""
    given = [ranges.parse(found.cidr_block) for found in spec.networks if found.cidr_block is not None]
    occupied = [*taken, *given]
    wanted = {(home, ""): NetworkSpec(home), **{(found.region, found.label): found for found in spec.networks}}
    fields: dict[str, str] = {}
    for (region, name), found in wanted.items():
        key = VPC_CIDR if (region, name) == (home, "") else NETWORKS + region + (f"/{name}" if name else "")
        if key in known:
            continue
        if found.cidr_block is not None:
            cidr = ranges.parse(found.cidr_block)
        else:
            network = network_name(slug(spec.name), region, home, name)
            cidr = addresses.allocate(network, region, organization.regions[region], environment, occupied)
        occupied.append(cidr)
        fields[key] = str(cidr)
    return fields


def _wrong(spec: Spec, found: Mapping[str, str], organization: Organization) -> Iterator[Problem]:
    for what, remedy in names.wrong_name(spec.name):
        yield _problem("illegal-name", f'the account name "{spec.name}" {what}', remedy, spec.name)
    address = spec.email or names.email(spec.name, organization)
    for what, remedy in names.wrong_email(address):
        yield _problem("illegal-email", f'the e-mail address "{address}" {what}', remedy, address)
    if spec.unit is not None and spec.unit not in organization.units:
        yield _problem("unknown-ou", f'--ou is "{spec.unit}"', expected(spec.unit, organization.units), spec.unit)
    for key in tags.missing(found, organization):
        yield _problem("missing-tag", f"the tag {key} is required", how_to_say(key, spec.name, organization), key)
    for key, value in found.items():
        for id, what, remedy in tags.wrong_tag(key, value, organization):
            yield _problem(id, what, remedy, value)
    if len(found) > tags.MOST:
        yield _problem("too-many-tags", f"{len(found)} tags; AWS allows {tags.MOST}", "drop some", str(len(found)))


def how_to_say(key: str, name: str, organization: Organization) -> str:
    """How the command line says a tag that is missing."""
    if key == organization.owner_tag:
        return "give --owner VALUE"
    legal = " | ".join(legal_values(organization, key)) or "VALUE"
    if organization.tags[key].from_name is not None:
        return f'"{name}" does not fit names.account ({organization.account_pattern}): rename it, or give --tag {key}={legal}'
    return f"give --tag {key}={legal}"


def wrong_networks(spec: Spec, home: str, organization: Organization) -> Iterator[Problem]:
    """What is wrong with the networks asked for, the home network included."""
    wanted = [NetworkSpec(home), *spec.networks]
    for found in wanted:
        if found.region not in organization.regions:
            remedy = f"{expected(found.region, organization.regions)}, or add it to regions there"
            yield _problem("unknown-region", f'the region "{found.region}" is not in scaffold.yaml', remedy, found.region)
        if found.label and slug(found.label) != found.label:
            remedy = "use lower-case letters, digits and single hyphens"
            yield _problem("illegal-network-name", f'the network name "{found.label}" is not legal', remedy, found.label)
        if found.cidr_block is not None:
            yield from _wrong_range(found.cidr_block)
    places = [(found.region, found.label) for found in spec.networks]
    for place in sorted({place for place in places if places.count(place) > 1}):
        name = "/".join(filter(None, place))
        yield _problem("network-twice", f"--network names {name} twice", "name each once", name)


def _wrong_range(text: str) -> Iterator[Problem]:
    try:
        found = ranges.parse(text)
    except ValueError as error:
        yield _problem("illegal-range", f'the range "{text}" {error}', "write that, or the range you meant", text)
        return
    if not 16 <= found.length <= 22:
        yield _problem("illegal-range", f'the range "{text}" is a /{found.length}', "write a /16 to /22", text)


def _problem(id: str, message: str, remedy: str, value: str) -> Problem:
    return Problem(id=id, message=message, remedy=remedy, value=value)
