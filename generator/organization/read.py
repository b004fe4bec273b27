"""Reading `scaffold.yaml`: shape first, then what its parts must agree on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.documents import strict_yaml
from generator.documents.shape import Reader, lines_of
from generator.documents.strict_yaml import Node
from generator.organization.model import Organization
from generator.organization.schema import FILE, PARTITIONS, SHAPE
from generator.problems import Problem, expected

_FIELD = re.compile(r"\{([^{}]*)\}")


def fields(pattern: str) -> list[str]:
    """The names in braces, in order."""
    return _FIELD.findall(pattern)


def read(content: bytes) -> tuple[Organization | None, list[Problem]]:
    """The conventions, or every problem of the file at once (never both)."""
    node, problems = strict_yaml.read(content, FILE)
    if node is None:
        return None, problems
    reader = Reader(FILE)
    reader.problems.extend(problems)
    organization = SHAPE.read(node, "", reader)
    if isinstance(organization, Organization):
        reader.problems.extend(_contradictions(organization, node))
    return (None if reader.problems else organization), sorted(reader.problems, key=lambda problem: problem.line or 0)


def _problem(node: Node, path: tuple[str, ...], message: str, remedy: str, value: str | None = None) -> Problem:
    line = lines_of(node, *path)
    return Problem(id="contradiction", file=FILE, line=line, message=message, remedy=remedy, value=value)


def _contradictions(organization: Organization, node: Node) -> Iterator[Problem]:
    yield from _references(organization, node)
    yield from _partitions(organization, node)
    yield from _patterns(organization, node)
    yield from _tag_rules(organization, node)
    yield from _pools(organization, node)
    yield from _vpn_tags(organization, node)
    yield from _roles(organization, node)


def _references(organization: Organization, node: Node) -> Iterator[Problem]:
    """Names that must be keys elsewhere in the file."""
    units, values, access = organization.units, organization.environments, organization.vpn.get("access", {})
    references: list[tuple[tuple[str, ...], str, str, Mapping[str, object]]] = [
        (("home_region",), organization.home_region, "regions", organization.regions),
        (("environments", "tag"), organization.environment_tag, "tags", organization.tags),
        (("owner_tag",), organization.owner_tag, "tags", organization.tags),
        *((("environments", "values", name, "ou"), found.ou, "organizational_units", units) for name, found in values.items()),
        *((("vpn", "access", group), name, "environments.values", values) for group, name in access.items()),
    ]
    for path, name, where, known in references:
        if name not in known:
            message = f'{".".join(path)} is "{name}", which is no key of {where}'
            yield _problem(node, path, message, f"{expected(name, known)}; or add {name} there", name)
    for region_name, region in organization.regions.items():
        for name in region.pools:
            if name != "default" and name not in organization.environments:
                legal = [*organization.environments, "default"]
                message = f'regions.{region_name}.pools names the environment "{name}"'
                yield _problem(node, ("regions", region_name, "pools", name), message, expected(name, legal), name)


def _partitions(organization: Organization, node: Node) -> Iterator[Problem]:
    """No role and no peering reaches from one partition into another."""
    own = organization.partition
    paths: list[tuple[str, ...]] = [("regions", name) for name in organization.regions]
    paths += [("vpn", key, name) for key in ("client_cidr", "server_certificate_arn") for name in organization.vpn.get(key) or ()]
    named = [*((path, path[-1].rpartition("/")[2]) for path in paths), (("state", "region"), organization.state.region)]
    for path, region in named:
        other = partition_of(region)
        if other != own:
            message = f'{".".join(path[:-1])} names {region}, which is in the partition {other}, and partition is "{own}"'
            switch = f"write partition: {other}, or " if other in PARTITIONS else ""
            yield _problem(node, path, message, f"{switch}name a region of {own}", region)


def partition_of(region: str) -> str:
    """The partition that a region is in, by its name: `aws-cn` for `cn-north-1` (AWS, "Partitions")."""
    return next((partition for start, partition in _PARTITION_OF.items() if region.startswith(start)), "aws")


_PARTITION_OF = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eu-isof-": "aws-iso-f",
}


def _patterns(organization: Organization, node: Node) -> Iterator[Problem]:
    if fields(organization.email_pattern) != ["name"]:
        message = f'names.email is "{organization.email_pattern}"'
        yield _problem(node, ("names", "email"), message, "write one {name} in it and no other field, or two accounts get one address")
    names = fields(organization.account_pattern)
    if (
        not names
        or len(set(names)) < len(names)
        or not all(re.fullmatch("[a-z_]+", name) for name in names)
        or re.search(r"[{}]", _FIELD.sub("", organization.account_pattern))
    ):
        message = f'names.account is "{organization.account_pattern}"'
        yield _problem(node, ("names", "account"), message, "write each field once, in braces: {environment}-{workload}")
        return
    for key, rule in organization.tags.items():
        if rule.from_name is not None and rule.from_name not in names:
            message = f'tags.{key}.from_name is "{rule.from_name}", which names.account does not have'
            yield _problem(node, ("tags", key, "from_name"), message, expected(rule.from_name, names), rule.from_name)


def _tag_rules(organization: Organization, node: Node) -> Iterator[Problem]:
    environment = organization.tags.get(organization.environment_tag)
    path: tuple[str, ...] = ("tags", organization.environment_tag)
    if environment is not None and not environment.required:
        yield _problem(node, path, f"tags.{organization.environment_tag} says the environment and is not required", "add required: true")
    if environment is not None and (environment.values or environment.pattern):
        message = f"tags.{organization.environment_tag} has values of its own"
        yield _problem(node, path, message, "remove values and pattern: environments.values says them")
    for key, rule in organization.tags.items():
        if rule.values and rule.pattern is not None:
            yield _problem(node, ("tags", key), f"tags.{key} has values and a pattern", "keep one of them")
        if rule.default is not None and not allows(organization, key, rule.default):
            path, legal = ("tags", key, "default"), legal_values(organization, key)
            remedy = expected(rule.default, legal) if legal else f"write a value that matches {rule.pattern}"
            yield _problem(node, path, f'tags.{key}.default is "{rule.default}", which its own rule refuses', remedy, rule.default)


def _pools(organization: Organization, node: Node) -> Iterator[Problem]:
    for name, region in organization.regions.items():
        for environment, pool in region.pools.items():
            for found in pool:
                if found.length > region.prefix:
                    path = ("regions", name, "pools", environment)
                    message = f"the pool {found} of {name} is smaller than one network (/{region.prefix})"
                    yield _problem(node, path, message, "give it a larger range, or the region a larger prefix", str(found))
        for environment in organization.environments:
            if not region.pool(environment):
                message = f"regions.{name}.pools has no range for the environment {environment}"
                yield _problem(node, ("regions", name, "pools"), message, f"add {environment} or default")


def _vpn_tags(organization: Organization, node: Node) -> Iterator[Problem]:
    """An account could never have tags that `tags` refuses."""
    for key, value in (organization.vpn.get("account_tags") or {}).items():
        path = ("vpn", "account_tags", key)
        if key not in organization.tags and not organization.other_tags:
            message = f'vpn.account_tags names the tag "{key}", which is no key of tags'
            yield _problem(node, path, message, f"{expected(key, organization.tags)}; or add {key} there", key)
        elif not allows(organization, key, value):
            legal = legal_values(organization, key)
            remedy = expected(value, legal) if legal else f"write a value that matches {organization.tags[key].pattern}"
            yield _problem(node, path, f'vpn.account_tags.{key} is "{value}", which tags.{key} refuses', remedy, value)


def _roles(organization: Organization, node: Node) -> Iterator[Problem]:
    """Roles that could not be made, or that would take over one of AFT's, Control Tower's or AWS' own: names differ in more than case."""
    roles = organization.roles
    taken: dict[str, str] = {}
    for key in _ROLES if roles.create else ():
        name = getattr(roles, key)
        first = taken.setdefault(name.lower(), key)
        if first != key:
            message = f'roles.{key} is "{name}", and so is roles.{first}; an account has one role of a name'
            yield _problem(node, ("roles", key), message, "give each a name of its own", name)
        if _OF_SOMEBODY_ELSE.match(name):
            message = f'roles.{key} is "{name}", a name that AFT, Control Tower or AWS gives to a role of its own'
            yield _problem(node, ("roles", key), message, f"write another, such as {organization.name}-{key.replace('_', '-')}", name)


_ROLES = ("atlantis", "reader", "atlantis_server", "ci")
_OF_SOMEBODY_ELSE = re.compile(
    r"AWSAFT|AWSCloudFormationStackSet|AWSControlTower|AWSReservedSSO_|AWSServiceRoleFor"
    r"|OrganizationAccountAccessRole\Z|aws-controltower-|stacksets-exec-",
    re.IGNORECASE,
)


def allows(organization: Organization, key: str, value: str) -> bool:
    """May this tag have this value?"""
    legal = legal_values(organization, key)
    rule = organization.tags.get(key)
    if legal:
        return value in legal
    return rule is None or rule.pattern is None or re.fullmatch(rule.pattern, value) is not None


def legal_values(organization: Organization, key: str) -> tuple[str, ...]:
    """The closed list of a tag's values; empty where there is none."""
    if key == organization.environment_tag:
        return tuple(organization.environments)
    rule = organization.tags.get(key)
    return rule.values if rule else ()
