"""Rules that every account must keep, offline: what AFT and AWS would refuse after the merge, and our schema.

AFT validates almost nothing itself, so a wrong request fails once it is too late to edit it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from generator import ranges
from generator.accounts import names, tags
from generator.accounts.model import NETWORKS, SOURCE, Account, slug
from generator.accounts.read import EXPECTED_KEYS
from generator.hcl.evaluate import Unknown
from generator.organization.model import Organization
from generator.problems import Problem, Severity, expected

Rule = Callable[[Account, Organization], Iterator[Problem]]
_ATTRIBUTES = {"control_tower_parameters": "control_tower", "change_management_parameters": "change"}


def check(accounts: Sequence[Account], organization: Organization) -> list[Problem]:
    """All problems of all accounts, in order of file and line."""
    problems = [problem for account in accounts for rule in RULES for problem in rule(account, organization)]
    problems += [*_same_slug(accounts), *_same_email(accounts)]
    return sorted(problems, key=lambda problem: (problem.file or "", problem.line or 0, problem.id, problem.message))


def _at(account: Account, id: str, path: tuple[str, ...], message: str, remedy: str, **more: object) -> Problem:
    record = account.record
    fields = {"file": record.file, "line": record.line_of(*path), **more}
    return Problem(id=id, message=f"{account.slug}: {message}", remedy=remedy, **fields)  # type: ignore[arg-type]


def _keys(account: Account, organization: Organization) -> Iterator[Problem]:
    """AFT drops unknown keys silently, and a missing one is a plan error."""
    request = account.record.request
    for name, legal in EXPECTED_KEYS.items():
        values = getattr(request, _ATTRIBUTES[name])
        if "*" in values:
            continue
        for key in values:
            if key not in legal:
                yield _at(account, "unknown-key", (name, key), f'{name} has the key "{key}"', expected(key, legal), value=key)
        for key in legal:
            if key not in values:
                yield _at(account, "missing-key", (name,), f"{name} lacks {key}", "add it", value=key)
    if request.source.rstrip("/") != SOURCE:
        yield _at(account, "request-source", ("source",), f'source is "{request.source}"', f'write "{SOURCE}"', severity=Severity.NOTE)


def _name(account: Account, organization: Organization) -> Iterator[Problem]:
    if not isinstance(account.name, str):
        return
    path = ("control_tower_parameters", "AccountName")
    for what, remedy in names.wrong_name(account.name):
        yield _at(account, "illegal-name", path, f'the name "{account.name}" {what}', remedy, value=account.name)
    found = names.parse(account.name, organization)
    said = found.get(_field(organization), account.environment) if found else account.environment
    if isinstance(said, str) and isinstance(account.environment, str) and said != account.environment:
        message = f'the name says "{said}", the tag {organization.environment_tag} says "{account.environment}"; the tag decides'
        yield _at(account, "name-differs", path, message, "nothing, if that is meant", severity=Severity.NOTE, value=said)


def _field(organization: Organization) -> str:
    return organization.tags[organization.environment_tag].from_name or ""


def _email(account: Account, organization: Organization) -> Iterator[Problem]:
    if isinstance(account.email, str) and account.email:
        for what, remedy in names.wrong_email(account.email):
            path = ("control_tower_parameters", "AccountEmail")
            yield _at(account, "illegal-email", path, f'the address "{account.email}" {what}', remedy, value=account.email)


def _tags(account: Account, organization: Organization) -> Iterator[Problem]:
    if "*" in account.tags:
        return
    for key in tags.missing(account.tags, organization):
        message, remedy = f"the required tag {key} is missing", f"scaffold account {account.slug} --tag {key}=VALUE"
        yield _at(account, "missing-tag", ("account_tags",), message, remedy, value=key)
    for key, value in account.tags.items():
        if isinstance(value, str):
            for id, what, remedy in tags.wrong_tag(key, value, organization):
                yield _at(account, id, ("account_tags", key), what, remedy, value=value)
    if len(account.tags) > tags.MOST:
        yield _at(account, "too-many-tags", ("account_tags",), f"{len(account.tags)} tags; AWS allows {tags.MOST}", "drop some")


def _copy(account: Account, organization: Organization) -> Iterator[Problem]:
    """The environment tag and its copy in the custom fields are one value: customizations read the copy."""
    copied, tag = account.record.request.custom_fields.get("environment"), account.environment
    if isinstance(copied, str) and isinstance(tag, str) and copied != tag:
        message = f'custom_fields.environment is "{copied}", the tag {organization.environment_tag} is "{tag}"'
        remedy = f"scaffold account {account.slug} --tag {organization.environment_tag}={tag}"
        yield _at(account, "environment-copy", ("custom_fields", "environment"), message, remedy, value=copied)


def _fields(account: Account, organization: Organization) -> Iterator[Problem]:
    """SSM takes no empty value, and none above 4 KB; AFT writes each field as a parameter."""
    for key, value in account.record.request.custom_fields.items():
        path = ("custom_fields", key)
        if isinstance(value, str) and not value:
            yield _at(account, "empty-field", path, f"custom_fields.{key} is empty", "remove it, or give it a value", value=key)
        if isinstance(value, str) and len(value.encode()) > 4096:
            yield _at(account, "long-field", path, f"custom_fields.{key} has {len(value.encode())} bytes; SSM allows 4096", "shorten it")
        if isinstance(value, str) and "{{" in value:
            yield _at(account, "field-reference", path, f"custom_fields.{key} has {{{{ in it, which SSM refuses", "write it otherwise")


def _network_names(account: Account, organization: Organization) -> Iterator[Problem]:
    """A name is a directory and says which network is meant: legal, and once per account."""
    seen: dict[str, str] = {}
    for network in account.networks:
        path = ("custom_fields", network.key)
        other = seen.setdefault(network.name, network.key)
        if other != network.key:
            message = f"{network.key} declares the network {network.name}, as does {other}"
            yield _at(account, "network-twice", path, message, "keep one of them", value=network.name)
        label = network.key.removeprefix(NETWORKS).partition("/")[2]
        if label != slug(label):
            remedy = "use lower-case letters, digits and single hyphens"
            yield _at(account, "illegal-network-name", path, f'{network.key} has the name "{label}"', remedy, value=label)


def _networks(account: Account, organization: Organization) -> Iterator[Problem]:
    for network in account.networks:
        path = ("custom_fields", network.key)
        if network.region not in organization.regions:
            remedy = expected(network.region, organization.regions)
            message = f'{network.key} is in the region "{network.region}", which scaffold.yaml does not have'
            yield _at(account, "unknown-region", path, message, remedy, value=network.region)
        if isinstance(network.cidr_block, Unknown):
            continue
        try:
            length = ranges.parse(network.cidr_block).length
        except ValueError as error:
            yield _at(account, "illegal-range", path, f'{network.key} is "{network.cidr_block}", which {error}', "write the range itself")
            continue
        if not 16 <= length <= 22:
            message = f'{network.key} is "{network.cidr_block}"'
            yield _at(account, "illegal-range", path, message, "the network skeleton cuts a /16 to /22", value=network.cidr_block)


RULES: tuple[Rule, ...] = (_keys, _name, _email, _tags, _copy, _fields, _network_names, _networks)


def _same_slug(accounts: Sequence[Account]) -> Iterator[Problem]:
    groups: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        groups[account.slug].append(account)
    for shared, group in groups.items():
        for account in group[1:]:
            message = f'the name "{account.name}" gives the slug {shared}, as does "{group[0].name}" in {group[0].record.file}'
            yield _at(account, "same-slug", ("control_tower_parameters", "AccountName"), message, "rename one of them", value=shared)


def _same_email(accounts: Sequence[Account]) -> Iterator[Problem]:
    groups: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        if isinstance(account.email, str) and account.email:
            groups[account.email.lower()].append(account)
    for address, group in groups.items():
        for account in group[1:]:
            message = f'the address "{address}" is also that of {group[0].slug} ({group[0].record.file})'
            remedy = "give each account its own: AFT keys requests by address"
            yield _at(account, "same-email", ("control_tower_parameters", "AccountEmail"), message, remedy, value=address)
