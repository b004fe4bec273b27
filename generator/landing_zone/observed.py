"""A read-only look at requests that other people wrote: what they say, and what can be concluded from it.

The order of files means nothing: the same requests are the same observation. What could not be read never counts as absent.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from generator.accounts.model import slug
from generator.accounts.read import Reading
from generator.landing_zone import roles_of_tags
from generator.landing_zone.address_use import Addresses, Use, addresses_of
from generator.landing_zone.name_use import Pattern, account_pattern, domain_of, email_pattern
from generator.landing_zone.roles_of_tags import Role, environment_role, other_words, owner_role
from generator.landing_zone.sightings import Sighting, sightings, styles
from generator.landing_zone.tag_use import TAGS, Miss, Tag, key_misses, legal_key, legal_value, misspelt_keys, tags_of, value_misses
from generator.landing_zone.unit_use import Setting, Units, settings, units_of, user_of
from generator.organization.model import SsoUser
from generator.organization.schema import DOMAIN, SLUG
from generator.problems import Problem


@dataclass(frozen=True, slots=True)
class Observed:
    """What a folder of requests says.

    `tags` are the keys that can be keys of scaffold.yaml, `illegal_keys` those that cannot. `problems` are what could not be read.
    """

    total: int
    files: int
    styles: Mapping[str, int]
    tags: tuple[Tag, ...]
    illegal_keys: Mapping[str, int]
    environment: Role
    owner: Role
    settings: tuple[Setting, ...]
    units: Units
    names: Pattern
    emails: Pattern
    domain: str | None
    user: SsoUser | None
    user_number: int
    addresses: Addresses
    misses: tuple[Miss, ...]
    problems: tuple[Problem, ...]

    @property
    def incomplete(self) -> bool:
        """Was something left out? There may be more requests then, and more values."""
        return any(problem.incomplete for problem in self.problems)


def observe(reading: Reading, home_region: str, live: Sequence[Use] = ()) -> Observed:
    """The observation of a reading; `live` are ranges that AWS shows in use besides."""
    seen = sightings(reading)
    misspelt, every = _keys(seen)
    tags = tuple(tag for tag in every if legal_key(tag.key))
    environment = environment_role(tags, len(seen))
    owner = owner_role(tags, len(seen), environment.key)
    units = units_of(seen)
    said = _environments(seen, next((tag for tag in tags if tag.key == environment.key), None))
    written = _written(said, seen, environment.key)
    groups = _grouped(seen, said)
    domain = domain_of(email for each in seen if (email := each.control("AccountEmail")) is not None)
    user, number = user_of(seen)
    return Observed(
        total=len(seen),
        files=len({each.record.file for each in seen}),
        styles=styles(seen),
        tags=tags,
        illegal_keys={tag.key: tag.on for tag in every if not legal_key(tag.key)},
        environment=environment,
        owner=owner,
        settings=settings(groups, units, written),
        units=units,
        names=_names(seen, said, groups),
        emails=_emails(seen, domain),
        domain=domain if domain is not None and re.fullmatch(DOMAIN.pattern, domain) else None,
        user=user,
        user_number=number,
        addresses=addresses_of(seen, home_region, live),
        misses=_misses(seen, misspelt, tags, environment.key, said, units),
        problems=tuple(sorted(reading.problems, key=lambda problem: (problem.file or "", problem.line or 0, problem.id, problem.message))),
    )


def _keys(seen: Sequence[Sighting]) -> tuple[dict[str, str], tuple[Tag, ...]]:
    """The keys that are probably another one, by their letters or by what they mean; and the tags of all others."""
    misspelt = misspelt_keys(seen)
    tags = [tag for tag in tags_of(seen, misspelt) if legal_key(tag.key)]
    environment = environment_role(tags, len(seen)).key
    meant = other_words(seen, tags, environment, owner_role(tags, len(seen), environment).key)
    misspelt = {key: meant.get(right, right) for key, right in misspelt.items()} | meant
    return misspelt, tags_of(seen, misspelt)


def _environments(seen: Sequence[Sighting], tag: Tag | None) -> dict[int, str]:
    """The environment of each sighting by its place in the sequence: by its tag, else by its name; in the form of scaffold.yaml."""
    found = {}
    for place, each in enumerate(seen):
        written = each.tags.get(tag.key) if tag is not None else _from_name(each.name)
        value = tag.meant.get(written, written) if tag is not None and written is not None else written
        name = slug(value) if value is not None and legal_value(value) else ""
        if re.fullmatch(SLUG.pattern, name):
            found[place] = name
    return found


def _from_name(name: str) -> str | None:
    first, *rest = name.split("-")
    ends = [word for word in (first, *rest[-1:]) if rest and roles_of_tags.says_environment(word)]
    return ends[0] if ends else None


def _grouped(seen: Sequence[Sighting], said: Mapping[int, str]) -> dict[str, list[Sighting]]:
    groups: dict[str, list[Sighting]] = defaultdict(list)
    for place, name in said.items():
        groups[name].append(seen[place])
    return groups


def _written(said: Mapping[int, str], seen: Sequence[Sighting], key: str | None) -> dict[str, Counter[str]]:
    """The spellings of each environment that are not its name."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for place, name in said.items():
        value = seen[place].tags.get(key) if key is not None else None
        if value is not None and value != name:
            found[name][value] += 1
    return found


def _names(seen: Sequence[Sighting], said: Mapping[int, str], groups: Mapping[str, object]) -> Pattern:
    named = [(name, said.get(place)) for place, each in enumerate(seen) if (name := each.control("AccountName")) is not None]
    return account_pattern(named, groups)


def _emails(seen: Sequence[Sighting], domain: str | None) -> Pattern:
    pairs = ((each.control("AccountName"), each.control("AccountEmail")) for each in seen)
    addressed = [(name, email) for name, email in pairs if name is not None and email is not None]
    return email_pattern(addressed, f"aws+{{name}}@{domain or 'example.com'}")


def _misses(
    seen: Sequence[Sighting], misspelt: Mapping[str, str], tags: Sequence[Tag], key: str | None, said: Mapping[int, str], units: Units
) -> tuple[Miss, ...]:
    """All near-misses; of the environment tag every value that is not one of scaffold.yaml's."""
    found = [*key_misses(seen, misspelt), *units.misses]
    for tag in tags:
        if tag.key != key:
            found += value_misses(seen, tag)
            continue
        who: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
        for place, name in said.items():
            value = seen[place].tags[tag.key]
            if value != name:
                who[value, name].append(seen[place])
        for (value, name), each in sorted(who.items()):
            found.append(Miss(f"value of {key}", value, name, tuple(one.name for one in each), each[0].place(TAGS, tag.key)))
    return tuple(replace(miss, accounts=tuple(sorted(miss.accounts))) for miss in found)
