"""The units and environments of other people's requests, and the first user of their accounts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.accounts.model import slug
from generator.accounts.units import wrong_unit
from generator.landing_zone.roles_of_tags import PRODUCTION
from generator.landing_zone.sightings import CONTROL, Sighting
from generator.landing_zone.spellings import folded, near_misses
from generator.landing_zone.tag_use import Miss, by_number
from generator.organization.model import SsoUser, Unit
from generator.organization.schema import EMAIL, PLAIN

OU = "ManagedOrganizationalUnit"
_NESTED = re.compile(r"(.*) \((ou-[a-z0-9-]+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Units:
    """The catalogue by its keys, how many requests are in each, what is probably another unit, and what can be none."""

    catalogue: Mapping[str, Unit]
    numbers: Mapping[str, int]
    misses: tuple[Miss, ...] = ()
    illegal: Mapping[str, str] | None = None

    def key_of(self, written: str | None) -> str | None:
        """The key of the unit that a request names."""
        return next((key for key, unit in self.catalogue.items() if unit.managed_name == written), None)


def units_of(seen: Sequence[Sighting]) -> Units:
    """The units that requests name."""
    counts = Counter(unit for each in seen if (unit := each.control(OU)) is not None)
    illegal = {unit: why for unit in sorted(counts) if (why := _illegal(unit))}
    legal = {unit: number for unit, number in counts.items() if unit not in illegal}
    meant = _misspelt(legal)
    catalogue = _catalogue(unit for unit, _ in by_number(legal) if unit not in meant)
    numbers = {key: legal[unit.managed_name] for key, unit in catalogue.items()}
    return Units(catalogue, numbers, tuple(_misses(seen, meant)), illegal)


def _illegal(unit: str) -> str:
    wrong = wrong_unit(unit)
    if wrong is not None:
        return wrong[0]
    if unit == "Root":
        return "is that of the management account alone"
    if "/" in unit:
        return "looks like a path, which Control Tower refuses"
    name, _ = _split(unit)
    return "" if re.fullmatch(PLAIN.pattern, name) else "has a character that scaffold.yaml does not take"


def _split(unit: str) -> tuple[str, str | None]:
    found = _NESTED.fullmatch(unit)
    return (found[1], found[2]) if found else (unit, None)


def _misspelt(counts: Mapping[str, int]) -> dict[str, str]:
    """Units that are probably another one: two with ids of their own are two, whatever they are called."""
    by_name: dict[str, Counter[str]] = defaultdict(Counter)
    for unit, number in counts.items():
        by_name[_split(unit)[0]][unit] += number
    names = near_misses({name: found.total() for name, found in by_name.items()})
    found = {unit: meant for name in by_name for unit, meant in _bare(by_name[name])}
    for name, meant in names.items():
        for unit in by_name[name]:
            if _split(unit)[1] is None:
                found[unit] = by_number(by_name[meant])[0][0]
    return found


def _bare(same: Counter[str]) -> Iterator[tuple[str, str]]:
    """The rarer form of a unit that is written with its id and without."""
    nested = [(unit, number) for unit, number in by_number(same) if _split(unit)[1] is not None]
    for unit, number in same.items():
        if len(nested) == 1 and _split(unit)[1] is None and number < nested[0][1]:
            yield unit, nested[0][0]


def _misses(seen: Sequence[Sighting], meant: Mapping[str, str]) -> Iterator[Miss]:
    for unit, other in sorted(meant.items()):
        who = [each for each in seen if each.control(OU) == unit]
        yield Miss("unit", unit, other, tuple(each.name for each in who), who[0].place(CONTROL, OU))


def _catalogue(units: Iterable[str]) -> dict[str, Unit]:
    """Units under short keys; of two with one name the later gets the end of its id behind it."""
    found: dict[str, Unit] = {}
    for unit in units:
        name, id = _split(unit)
        key = slug(name) or slug(id or "") or "unit"
        if key in found:
            key = f"{key}-{(id or 'top')[-8:].strip('-')}"
        while key in found:
            key += "-2"
        found[key] = Unit(name, id)
    return found


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment: the key of its unit, how many of its requests are in which unit, and whether it is production.

    `units` is empty where no request says it; `written` are the spellings of requests that lint will refuse.
    """

    name: str
    unit: str
    units: Mapping[str, int]
    production: bool
    number: int
    written: Mapping[str, int]


def settings(values: Mapping[str, Sequence[Sighting]], units: Units, written: Mapping[str, Mapping[str, int]]) -> tuple[Setting, ...]:
    """The environments by name, with their requests; the most frequent first."""
    most = next(iter(units.catalogue), "")
    found = []
    for name, seen in values.items():
        inside = Counter(key for each in seen if (key := units.key_of(each.control(OU))) is not None)
        ordered = dict(by_number(inside))
        unit = next(iter(ordered), most)
        found.append(Setting(name, unit, ordered, folded(name) in PRODUCTION, len(seen), written.get(name, {})))
    return tuple(sorted(found, key=lambda setting: (-setting.number, setting.name)))


def user_of(seen: Sequence[Sighting]) -> tuple[SsoUser | None, int]:
    """The first user that most requests name, in a form that scaffold.yaml takes; and how many do."""
    keys = ("SSOUserEmail", "SSOUserFirstName", "SSOUserLastName")
    named = Counter(tuple(each.control(key) or "" for key in keys) for each in seen)
    ordered = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))
    for (email, first, last), number in ordered:
        if re.fullmatch(EMAIL, email) and re.fullmatch(PLAIN.pattern, first) and re.fullmatch(PLAIN.pattern, last):
            return SsoUser(email, first, last), number
    return None, 0
