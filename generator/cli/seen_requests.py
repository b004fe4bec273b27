"""What was seen of other people's requests, for people and as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from generator.landing_zone.name_use import Pattern
from generator.landing_zone.observed import Observed
from generator.landing_zone.roles_of_tags import Role
from generator.landing_zone.sightings import STYLES
from generator.landing_zone.tag_use import Miss, Tag
from generator.landing_zone.undescribed import Undescribed
from generator.report.text import counted, printable, table

_MOST = 6
Place = Callable[[str], str]


def told(observed: Observed, place: Place, aws: Undescribed | None) -> Iterator[str]:
    """The observation, section by section; `aws` is what AWS shows besides, None where nobody looked."""
    yield f"{counted(observed.total, 'request')} in {counted(observed.files, 'file')} of {place('terraform')}"
    yield from (f"  {number} {STYLES[style]}" for style, number in observed.styles.items())
    yield from _unknown(observed)
    yield from ("", _tags(observed))
    yield from _section("Near-misses", (_miss(miss, place) for miss in observed.misses))
    yield from _section("Roles", (_role("environment", observed.environment), _role("owner", observed.owner)))
    yield from _section("Environments", _environments(observed))
    yield from _section("Units", _units(observed))
    yield from _section("Patterns", (_pattern("names", observed.names), _pattern("addresses", observed.emails), _user(observed)))
    yield from _section("Address use", _addresses(observed, place))
    yield from _section("AWS", _aws(aws))


def _section(title: str, lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    listed = list(lines)
    if listed:
        yield from ("", title, *(f"  {printable(line)}" for line in listed))


def _unknown(observed: Observed) -> Iterator[str]:
    unread = [problem for problem in observed.problems if problem.incomplete]
    if unread:
        yield f"  {counted(len(unread), 'value or file', 'values or files')} could not be read (listed below): unknown, not absent"


def _tags(observed: Observed) -> str:
    rows = [(tag.key, f"{tag.on} of {observed.total}", _rule(tag, observed), _counts(tag.values)) for tag in observed.tags]
    rows += [(key, f"{number} of {observed.total}", "not proposed: no legal key", "") for key, number in observed.illegal_keys.items()]
    return table(("tag", "on", "rule", "values"), rows) if rows else "No request has a tag."


def _rule(tag: Tag, observed: Observed) -> str:
    words = ["required"] if tag.required or tag.key == observed.environment.key else []
    if tag.key == observed.environment.key:
        return ", ".join([*words, "the environment"])
    words += [f"one of {len(tag.listed)}"] if tag.listed else [f"pattern {tag.pattern}"] if tag.pattern is not None else ["anything"]
    return ", ".join([*words, *(["the owner"] if tag.key == observed.owner.key else [])])


def _counts(values: Mapping[str, int]) -> str:
    shown = [f"{value or '(empty)'} {number}" for value, number in values.items()]
    return ", ".join(shown[:_MOST]) + (f" and {len(shown) - _MOST} more" if len(shown) > _MOST else "")


def _miss(miss: Miss, place: Place) -> str:
    lint = "" if miss.caught else "; the pattern admits it, so lint will not say it"
    return f'{place(miss.place)}: {miss.what} "{miss.found}" is probably "{miss.meant}" ({_few(miss.accounts)}){lint}'


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")


def _role(name: str, role: Role) -> str:
    doubt = "" if role.sure else "; not sure: marked in scaffold.yaml"
    return f"{name}: {role.key if role.key is not None else 'cannot be told'}: {role.why}{doubt}"


def _environments(observed: Observed) -> Iterator[str]:
    for setting in observed.settings:
        unit = f"unit {setting.unit}" if setting.units else "no unit seen"
        written = f"; written as {_counts(setting.written)}, and environments are in lower case here" if setting.written else ""
        yield f"{setting.name}: {counted(setting.number, 'request')}, {unit}{', production' if setting.production else ''}{written}"


def _units(observed: Observed) -> Iterator[str]:
    for key, unit in observed.units.catalogue.items():
        yield f"{unit.managed_name}: {counted(observed.units.numbers[key], 'request')}"
    for unit_name, why in (observed.units.illegal or {}).items():
        yield f'"{unit_name}" is not proposed: it {why}'


def _pattern(what: str, found: Pattern) -> str:
    others = f"; not {_few(found.others)}" if found.others else ""
    doubt = "" if found.sure else "; not sure: marked in scaffold.yaml"
    return f"{what}: {found.text}, {found.matching} of {found.matching + len(found.others)}{others}{doubt}"


def _user(observed: Observed) -> str:
    user = observed.user
    if user is None:
        return "first user: none that could be proposed; marked in scaffold.yaml"
    return f"first user: {user.email} ({user.first_name} {user.last_name}), {observed.user_number} of {observed.total}"


def _addresses(observed: Observed, place: Place) -> Iterator[str]:
    use = observed.addresses
    for region in use.regions:
        seen = f"{counted(region.networks, 'network')} declared, {counted(len(region.reserved), 'range')} reserved"
        clear = "" if region.clear else "; nothing private is free of what was seen: marked in scaffold.yaml"
        yield f"{region.name}: {seen}; new ones come from {region.pool}{clear}"
    for outer, inner, names in use.overlaps[:_MOST]:
        yield f"{_few(names)} share {inner}{f' in {outer}' if outer != inner else ''}: they can never meet"
    if len(use.overlaps) > _MOST:
        yield f"and {len(use.overlaps) - _MOST} more overlaps; lint tells them all"
    yield from (f'{place(where)}: {network} has "{value}", which is no range' for network, value, where in use.wrong)
    yield from (f'{place(where)}: {network} is in "{region}", whose zones are not known' for network, region, where in use.elsewhere)


def _aws(found: Undescribed | None) -> Iterator[str]:
    if found is not None:
        yield f"{counted(found.accounts, 'account')} without a request, and {counted(found.networks, 'VPC')} that no request declares"
        yield from found.told


def plain(observed: Observed, place: Place, aws: Undescribed | None) -> dict[str, Any]:
    """The observation as data; places as in the text."""
    units = observed.units
    return {
        "requests": {"total": observed.total, "files": observed.files, "styles": dict(observed.styles)},
        "tags": [_plain_tag(tag) for tag in observed.tags],
        "illegal_keys": dict(observed.illegal_keys),
        "near_misses": [_plain_miss(miss, place) for miss in observed.misses],
        "roles": {"environment": _plain_role(observed.environment), "owner": _plain_role(observed.owner)},
        "environments": [
            {"name": found.name, "unit": found.unit, "units": dict(found.units), "production": found.production, "requests": found.number}
            for found in observed.settings
        ],
        "units": [{"key": key, "name": unit.name, "id": unit.id, "requests": units.numbers[key]} for key, unit in units.catalogue.items()],
        "illegal_units": dict(units.illegal or {}),
        "names": _plain_pattern(observed.names),
        "emails": _plain_pattern(observed.emails),
        "sso_user": None if observed.user is None else {"email": observed.user.email, "requests": observed.user_number},
        "addresses": _plain_addresses(observed, place),
        "aws": None if aws is None else {"accounts": aws.accounts, "networks": aws.networks, "told": list(aws.told)},
    }


def _plain_tag(tag: Tag) -> dict[str, Any]:
    rule = {"required": tag.required, "values": list(tag.listed), "pattern": tag.pattern}
    return {"key": tag.key, "on": tag.on, "lacking": list(tag.lacking), "unknown": tag.unknown, "values": dict(tag.values), "rule": rule}


def _plain_miss(miss: Miss, place: Place) -> dict[str, Any]:
    words = {"what": miss.what, "found": miss.found, "meant": miss.meant}
    return {**words, "accounts": list(miss.accounts), "place": place(miss.place), "lint": miss.caught}


def _plain_role(role: Role) -> dict[str, Any]:
    return {"tag": role.key, "why": role.why, "sure": role.sure}


def _plain_pattern(found: Pattern) -> dict[str, Any]:
    return {"pattern": found.text, "matching": found.matching, "others": list(found.others), "sure": found.sure}


def _plain_addresses(observed: Observed, place: Place) -> dict[str, Any]:
    use = observed.addresses
    return {
        "regions": [
            {
                "name": region.name,
                "networks": region.networks,
                "reserved": {str(block): list(names) for block, names in region.reserved.items()},
                "pool": str(region.pool),
                "clear": region.clear,
            }
            for region in use.regions
        ],
        "overlaps": [{"ranges": [str(outer), str(inner)], "networks": list(names)} for outer, inner, names in use.overlaps],
        "wrong": [{"network": network, "value": value, "place": place(where)} for network, value, where in use.wrong],
        "elsewhere": [{"network": network, "region": region, "place": place(where)} for network, region, where in use.elsewhere],
    }
