"""`propose(observed, names) -> bytes`: the `scaffold.yaml` that an observation leads to.

Whatever other people wrote is quoted by one function, in values, keys and comments. What nobody can know from requests stands in a
line that ends with `# PLACEHOLDER: …`. The document is read again by the strict reader before anybody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from generator.landing_zone.address_use import Region
from generator.landing_zone.desired import POLICY_SCHEMA, SCHEMA
from generator.landing_zone.frame import ZONES
from generator.landing_zone.name_use import Pattern
from generator.landing_zone.observed import Observed
from generator.landing_zone.placeholders import MARK
from generator.landing_zone.tag_use import Tag
from generator.landing_zone.told import Told
from generator.landing_zone.unit_use import Setting
from generator.landing_zone.yaml_text import quoted, schema_line
from generator.organization import read
from generator.organization.model import Unit
from generator.organization.read import partition_of
from generator.organization.schema import FILE
from generator.peering.policy import FILE as POLICY_FILE
from generator.problems import Refused

POLICY = f"""\
{schema_line(POLICY_SCHEMA, POLICY_FILE)}\
# Which networks meet, decided by the tags of their accounts. Nothing is allowed by default: with no rule, none do.
version: 1
rules: []
""".encode()
"""A policy without rules: without any, nothing could be checked."""
_SHOWN = 8


def propose(observed: Observed, told: Told) -> bytes:
    """The document. Refused, with every problem, where what was told makes it one that cannot be read."""
    parts = (_head, _organization, _names, _units, _environments, _tags, _regions, _rest)
    content = "\n".join("".join(f"{line}\n" for line in part(observed, told)) for part in parts).encode()
    found, problems = read.read(content)
    if found is None:
        raise Refused(problems)
    return content


def organization_name(observed: Observed, told: Told) -> str:
    """What was told, else the first part of the domain of most addresses."""
    guess = (observed.domain or "").split(".")[0].lower()
    fits = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", guess) is not None
    return guess if "organization" not in told.given and fits else told.names.organization


def _mark(told: Told, name: str, what: str) -> str:
    """The end of a line whose value was not told."""
    return "" if name in told.given else f" {MARK}{what}"


def _head(observed: Observed, told: Told) -> Iterator[str]:
    yield schema_line(SCHEMA, FILE).rstrip("\n")
    requests = "1 account request" if observed.total == 1 else f"{observed.total} account requests"
    yield f"# Proposed from {requests}. Comments say what was seen. What requests do not say is a guess, and its line ends"
    yield "# with a comment that begins with PLACEHOLDER: write what is right, and take the comment off. Until then lint tells it."
    unread = [problem for problem in observed.problems if problem.incomplete]
    if unread:
        yield "# NOT EVERYTHING COULD BE READ, so there may be more requests, keys and values than these:"
        yield from (f"#   {quoted(f'{problem.place}: {problem.message}')}" for problem in unread[:_SHOWN])
        if len(unread) > _SHOWN:
            yield f"#   and {len(unread) - _SHOWN} more"
    yield "version: 1"


def _organization(observed: Observed, told: Told) -> Iterator[str]:
    names, name = told.names, organization_name(observed, told)
    yield "organization:"
    yield f"  name: {quoted(name)}{_mark(told, 'organization', 'a short name, used in names of roles and buckets')}"
    yield f"  id: {quoted(names.organization_id)}{_mark(told, 'organization_id', 'the id of the organization')}"
    repository = names.repository or f"{name}/landing-zone"
    yield f"repository: {quoted(repository)}{_mark(told, 'repository', 'this repository, OWNER/NAME')}"
    yield f"partition: {quoted(partition_of(names.home_region))}"
    home = _mark(told, "home_region", "the home region of Control Tower, a guess from where networks are declared")
    yield f"home_region: {quoted(names.home_region)}{home}"
    yield "accounts:"
    for key, value in (("management", names.management), ("aft_management", names.aft_management), ("platform", names.platform)):
        where = {"management": "the management account", "aft_management": "the account AFT runs in"}.get(
            key, "the account Atlantis runs in"
        )
        yield f"  {key}: {quoted(value)}{_mark(told, key, f'the id of {where}')}"


def _names(observed: Observed, told: Told) -> Iterator[str]:
    yield "names:"
    yield from _pattern("account", observed.names, "names follow no pattern that says the environment")
    yield from _pattern("email", _email(observed, told), "fewer than half of the addresses are like this")
    user = observed.user
    if user is None:
        domain = told.names.domain or observed.domain or "example.com"
        email = quoted(f"platform@{domain}")
        yield f"sso_user: {{email: {email}, first_name: Platform, last_name: Team}} {MARK}no request names a usable one"
        return
    yield f"# named by {observed.user_number} of {observed.total} requests"
    yield f"sso_user: {{email: {quoted(user.email)}, first_name: {quoted(user.first_name)}, last_name: {quoted(user.last_name)}}}"


def _email(observed: Observed, told: Told) -> Pattern:
    """The pattern of addresses; where none was seen, one in the domain that was told."""
    if observed.emails.matching or not told.names.domain:
        return observed.emails
    return Pattern(f"aws+{{name}}@{told.names.domain}", 0, observed.emails.others, "domain" in told.given)


def _pattern(key: str, found: Pattern, doubt: str) -> Iterator[str]:
    total = found.matching + len(found.others)
    yield f"  # {found.matching} of {total} are like this{'; not ' + _listed(found.others) if found.others else ''}"
    yield f"  {key}: {quoted(found.text)}{'' if found.sure else f' {MARK}{doubt}'}"


def _units(observed: Observed, told: Told) -> Iterator[str]:
    units = observed.units
    yield "# A nested unit has its id, as AFT finds it: Name (ou-…)."
    yield "organizational_units:"
    for written, why in (units.illegal or {}).items():
        yield f"  # not proposed: {quoted(written)} {why}"
    for miss in units.misses:
        yield f"  # not proposed: {quoted(miss.found)} of {_listed(miss.accounts)} is probably {quoted(miss.meant)}"
    for key, unit in units.catalogue.items():
        yield f"  {quoted(key)}: {_unit(unit)} # {observed.units.numbers[key]} of {observed.total}"
    if not units.catalogue:
        yield f"  {_NO_UNIT}: {{name: Sandbox}} {MARK}no request names a usable unit"


_NO_UNIT = "sandbox"


def _unit(unit: Unit) -> str:
    return f"{{name: {quoted(unit.name)}, id: {unit.id}}}" if unit.id else f"{{name: {quoted(unit.name)}}}"


def _environments(observed: Observed, told: Told) -> Iterator[str]:
    role = observed.environment
    yield f"# {_comment(role.why)}"
    yield "environments:"
    yield f"  tag: {quoted(_environment_tag(observed))}{'' if role.sure else f' {MARK}the tag that says the environment'}"
    yield "  values:"
    for setting in observed.settings:
        yield from _setting(setting, observed)
    if not observed.settings:
        unit = next(iter(observed.units.catalogue), _NO_UNIT)
        yield f"    prod: {{ou: {quoted(unit)}, production: true}} {MARK}no request says an environment"


def _setting(setting: Setting, observed: Observed) -> Iterator[str]:
    for spelling, number in sorted(setting.written.items()):
        yield f"    # written as {quoted(spelling)} by {number}: lint will say so, because environments are in lower case here"
    unit = setting.unit or _NO_UNIT
    production = ", production: true" if setting.production else ""
    seen = ", ".join(f"{key} {number}" for key, number in setting.units.items())
    mark = f"# {setting.number} of {observed.total}; in {seen}" if seen else f"{MARK}no request says its unit"
    yield f"    {quoted(setting.name)}: {{ou: {quoted(unit)}{production}}} {mark}"


def _environment_tag(observed: Observed) -> str:
    return observed.environment.key or "environment"


def _owner_tag(observed: Observed) -> str:
    return observed.owner.key or "owner"


def _tags(observed: Observed, told: Told) -> Iterator[str]:
    role = observed.owner
    yield f"# {_comment(role.why)}"
    yield f"owner_tag: {quoted(_owner_tag(observed))}{'' if role.sure else f' {MARK}the tag that says who owns the account'}"
    yield "# A key or value that is not named here is an error: a misspelt tag never connects anything."
    yield "tags:"
    for miss in observed.misses:
        if miss.what == "tag key":
            yield f"  # not proposed: {quoted(miss.found)} of {_listed(miss.accounts)} is probably {quoted(miss.meant)}"
    for key, number in observed.illegal_keys.items():
        yield f"  # not proposed: {quoted(key)}, on {number}: AWS or scaffold.yaml refuses such a key"
    known = {tag.key: tag for tag in observed.tags}
    for key in dict.fromkeys((_environment_tag(observed), _owner_tag(observed), *known)):
        yield from _tag(key, known.get(key), observed)


def _tag(key: str, tag: Tag | None, observed: Observed) -> Iterator[str]:
    if tag is not None:
        yield f"  # on {tag.on} of {observed.total}{'; not on ' + _listed(tag.lacking) if 0 < len(tag.lacking) <= _SHOWN else ''}"
        yield from (f"  # {quoted(value)} is probably {quoted(meant)}" for value, meant in sorted(tag.meant.items()))
        if tag.unknown:
            yield f"  # {tag.unknown} of its values could not be read, so nothing is said about them"
        yield f"  # {_values(tag.values)}"
    rule = ", ".join(f"{name}: {value}" for name, value in _rule(key, tag, observed).items())
    yield f"  {quoted(key)}: {{{rule}}}"


def _rule(key: str, tag: Tag | None, observed: Observed) -> dict[str, str]:
    """What `tags:` says of a key. The values of the environment stand elsewhere in the file."""
    if key == _environment_tag(observed):
        has_field = "{environment}" in observed.names.text
        return {"required": "true", **({"from_name": "environment"} if has_field else {})}
    if tag is None:
        return {}
    found = {"required": "true"} if tag.required else {}
    if tag.listed:
        found["values"] = f"[{', '.join(map(quoted, tag.listed))}]"
    if tag.pattern is not None:
        found["pattern"] = quoted(tag.pattern)
    if tag.required and len(tag.listed) == 1 and key != _owner_tag(observed):
        found["default"] = quoted(tag.listed[0])
    return found


def _regions(observed: Observed, told: Told) -> Iterator[str]:
    yield "# Pools keep clear of every range that was seen; what stands there already is reserved."
    for network, region, place in observed.addresses.elsewhere:
        yield f"# {quoted(network)} is in {quoted(region)} ({quoted(place)}), whose zones are not known: add that region if it is meant"
    yield "regions:"
    for found in observed.addresses.regions:
        yield from _region(found)


def _region(region: Region) -> Iterator[str]:
    doubt = "" if region.clear else f" {MARK}no private range is free of what was seen"
    yield f"  {region.name}:"
    yield f"    zones: [{', '.join(ZONES[region.name])}]"
    yield "    prefix: 20"
    yield f"    pools: {{default: [{region.pool}]}}{doubt}"
    if region.reserved:
        yield "    reserved:"
        yield from (f"      - {block} # {_listed(names)}" for block, names in region.reserved.items())


def _rest(observed: Observed, told: Told) -> Iterator[str]:
    name, region = organization_name(observed, told), told.names.home_region
    yield "stacks: [network, ecr]"
    bucket = f"state: {{bucket: {quoted(f'{name}-terraform-state')}, region: {quoted(region)}}}"
    yield f"{bucket}{_mark(told, 'organization', 'where Terraform keeps states')}"
    yield f"roles:{_mark(told, 'organization', 'the names of roles, made from that of the organization')}"
    roles = {"atlantis": "atlantis", "reader": "reader", "atlantis_server": "atlantis-server", "ci": "scaffold-ci"}
    for role, suffix in roles.items():
        yield f"  {role}: {quoted(told.reader if role == 'reader' and told.reader is not None else f'{name}-{suffix}')}"
    if told.reader is not None:
        yield f"  create: false {MARK}{told.reader} is there already, and AFT's run would fail on it; true, once both names are new"
    if told.requests is not None:
        yield f"paths: {{requests: {quoted(told.requests)}}}"


def _listed(names: Sequence[str]) -> str:
    """A few names for a comment, and how many more there are."""
    shown = ", ".join(map(quoted, names[:_SHOWN]))
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def _values(values: Mapping[str, int]) -> str:
    listed = [f"{quoted(value)} {number}" for value, number in values.items()]
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return f"values: {', '.join(listed[:_SHOWN])}{more}" if listed else "no value of it could be read"


def _comment(text: str) -> str:
    """Text with other people's words in it, as a comment: only where a sign could end the line is it put in quotes."""
    return text if text.isprintable() else quoted(text)
