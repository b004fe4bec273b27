"""Rules of an account's tags, custom fields and networks: limits of Organizations, of SSM and of a VPC, and our schema."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator import ranges
from generator.accounts import retiring, tags
from generator.accounts.case import Case, Rule
from generator.accounts.model import NETWORKS, Network, slug
from generator.hcl.evaluate import Unknown
from generator.problems import Problem, expected

_TAGS, _FIELDS = "account_tags", "custom_fields"
# SSM: at most 15 levels and 1,011 characters in a parameter's name, of which AFT's prefix takes three and 35
_PREFIX = "/aft/account-request/custom-fields/"
_KEY = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
_MOST_LEVELS, _LONGEST_NAME, _MOST_BYTES = 15, 1011, 4096


def _tags(case: Case) -> Iterator[Problem]:
    account, organization = case.account, case.organization
    if "*" in account.tags:
        return
    for key in tags.missing(account.tags, organization):
        message, remedy = f"the required tag {key} is missing", f"scaffold account {account.slug} --tag {key}=VALUE"
        yield case.problem("missing-tag", (_TAGS,), message, remedy, key)
    for key, value in account.tags.items():
        if isinstance(value, str):
            for id, what, remedy in tags.wrong_tag(key, value, organization):
                yield case.problem(id, (_TAGS, key), what, remedy, value)
    if len(account.tags) > tags.MOST:
        yield case.problem("too-many-tags", (_TAGS,), f"{len(account.tags)} tags; AWS allows {tags.MOST}", "drop some")


def _copy(case: Case) -> Iterator[Problem]:
    """The environment tag and its copy in the custom fields are one value: customizations read the copy."""
    account, tag = case.account, case.organization.environment_tag
    copied = account.record.request.custom_fields.get("environment")
    if isinstance(copied, str) and isinstance(account.environment, str) and copied != account.environment:
        message = f'custom_fields.environment is "{copied}", the tag {tag} is "{account.environment}"'
        remedy = f"scaffold account {account.slug} --tag {tag}={account.environment}"
        yield case.problem("environment-copy", (_FIELDS, "environment"), message, remedy, copied)


def _fields(case: Case) -> Iterator[Problem]:
    """SSM takes no empty value, none above 4 KB and no reference; AFT writes each field as a parameter."""
    for key, value in case.account.record.request.custom_fields.items():
        path, size = (_FIELDS, key), len(value.encode()) if isinstance(value, str) else 1
        if key != "*" and (wrong := _wrong_key(key)):
            remedy = "use letters, digits and _ . - between single slashes"
            yield case.problem("illegal-field-key", path, f'the custom field "{key}" {wrong}', remedy, key)
        if not size:
            yield case.problem("empty-field", path, f"custom_fields.{key} is empty", "remove it, or give it a value", key)
        if size > _MOST_BYTES:
            yield case.problem("long-field", path, f"custom_fields.{key} has {size} bytes; SSM allows {_MOST_BYTES}", "shorten it", key)
        if isinstance(value, str) and "{{" in value:
            message = f"custom_fields.{key} has {{{{ in it, which SSM refuses"
            yield case.problem("field-reference", path, message, "write it otherwise", key)


def _retiring(case: Case) -> Iterator[Problem]:
    """A misspelt word retires nothing, and the account meets nobody new."""
    value = case.account.record.request.custom_fields.get(retiring.RETIRING)
    if isinstance(value, str) and retiring.is_wrong(value):
        path = (_FIELDS, retiring.RETIRING)
        yield case.problem("wrong-retiring", path, f'{".".join(path)} is "{value}"', retiring.REMEDY, value)


def _wrong_key(key: str) -> str:
    """What SSM would refuse of a field's key; empty where it takes it."""
    name = _PREFIX + key
    if not _KEY.fullmatch(key):
        return "is no parameter name that SSM takes"
    if name.count("/") > _MOST_LEVELS:
        return f"has {key.count('/') + 1} levels; SSM leaves {_MOST_LEVELS - _PREFIX.count('/') + 1}"
    if len(name) > _LONGEST_NAME:
        return f"has {len(key)} characters; SSM leaves {_LONGEST_NAME - len(_PREFIX)}"
    return ""


def _network_names(case: Case) -> Iterator[Problem]:
    """A name is a directory and says which network is meant: legal, and once per account."""
    seen: dict[str, str] = {}
    for network in case.account.networks:
        path = (_FIELDS, network.key)
        other = seen.setdefault(network.name, network.key)
        if other != network.key:
            message = f"{network.key} declares the network {network.name}, as does {other}"
            yield case.problem("network-twice", path, message, "keep one of them", network.name)
        label = network.key.removeprefix(NETWORKS).partition("/")[2]
        if label != slug(label):
            remedy = "use lower-case letters, digits and single hyphens"
            yield case.problem("illegal-network-name", path, f'{network.key} has the name "{label}"', remedy, label)


def _networks(case: Case) -> Iterator[Problem]:
    for network in case.account.networks:
        path, regions = (_FIELDS, network.key), case.organization.regions
        if network.region not in regions:
            message = f'{network.key} is in the region "{network.region}", which scaffold.yaml does not have'
            yield case.problem("unknown-region", path, message, expected(network.region, regions), network.region)
        if not isinstance(network.cidr_block, Unknown):
            yield from _range(case, network, network.cidr_block)


def _range(case: Case, network: Network, block: str) -> Iterator[Problem]:
    path, message = (_FIELDS, network.key), f'{network.key} is "{block}"'
    try:
        found = ranges.parse(block)
    except ValueError as error:
        yield case.problem("illegal-range", path, f"{message}, which {error}", "write the range itself", block)
        return
    if not 16 <= found.length <= 22:
        yield case.problem("illegal-range", path, message, "the network skeleton cuts a /16 to /22", block)
    region, environment = case.organization.regions.get(network.region), case.account.environment
    if region is None or not isinstance(environment, str) or environment not in case.organization.environments:
        return
    if not any(part.contains(found) for part in (*region.pool(environment), *region.reserved)):
        message += f", outside the pool of {environment} in {network.region}"
        remedy = f"nothing, if it is older than the pool; regions.{network.region}.reserved keeps it free"
        yield case.problem("outside-pool", path, message, remedy, block)


RULES: tuple[Rule, ...] = (_tags, _copy, _fields, _retiring, _network_names, _networks)
