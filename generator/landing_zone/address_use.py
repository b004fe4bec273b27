"""The addresses that other people's requests declare: ranges by region, what shares addresses, and pools that keep clear of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator import ranges
from generator.accounts.model import NETWORKS, VPC_CIDR, Record, account_of
from generator.landing_zone.frame import ZONES
from generator.landing_zone.sightings import Sighting
from generator.organization.read import partition_of
from generator.organization.schema import REGION
from generator.ranges import Occupied, Range

_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_LENGTHS = range(12, 17)
_MOST_RESERVED = 500
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Region:
    """One region: the ranges that stand there with who has them, and the pool that is proposed for new networks.

    `clear` None: no such pool is free of everything that was seen.
    """

    name: str
    networks: int
    reserved: Mapping[Range, tuple[str, ...]]
    pool: Range
    clear: bool


@dataclass(frozen=True, slots=True)
class Addresses:
    """All regions, the home region first; overlaps as `(range, range, networks)`; values that are no ranges, and unknown regions.

    `wrong` and `elsewhere` are `(network, value, place)`.
    """

    regions: tuple[Region, ...]
    overlaps: tuple[tuple[Range, Range, tuple[str, ...]], ...] = ()
    wrong: tuple[tuple[str, str, str], ...] = ()
    elsewhere: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """One range in a region. Where no network declares it, `network` says in words who has it."""

    region: str
    text: str
    network: str
    place: str
    is_network: bool


def addresses_of(seen: Sequence[Sighting], home: str, more: Iterable[Use] = ()) -> Addresses:
    """What is declared; `more` is what is known to be in use besides."""
    listed = {*(use for each in seen for use in _uses(each, home)), *more}
    used = sorted(listed, key=lambda use: (use.region, use.network, use.text, use.place))
    known = {home, *(use.region for use in used if _possible(use.region, home))}
    blocks: dict[str, dict[Range, list[str]]] = defaultdict(lambda: defaultdict(list))
    wrong = []
    for use in used:
        found = _block(use)
        if found is None:
            wrong.append((use.network, use.text, use.place))
        else:
            blocks[use.region][found].append(use.network)
    numbers = {region: sum(use.is_network and use.region == region for use in used) for region in known}
    return Addresses(
        tuple(_regions(sorted(known, key=lambda region: (region != home, region)), blocks, numbers)),
        tuple(_overlaps(used)),
        tuple(wrong),
        tuple((use.network, use.region, use.place) for use in used if use.is_network and use.region not in known),
    )


def likely_home(records: Iterable[Record], otherwise: str) -> str:
    """The region in which most networks are declared, the first by name of several; those that name none count for `otherwise`."""
    networks = (network for record in records for network in account_of(record, "", otherwise).networks)
    numbers = Counter(network.region for network in networks if _known(network.region))
    return min(numbers, key=lambda region: (-numbers[region], region), default=otherwise)


def _possible(region: str, home: str) -> bool:
    return _known(region) and partition_of(region) == partition_of(home)


def _known(region: str) -> bool:
    return re.fullmatch(REGION.pattern, region) is not None and region in ZONES


def _uses(seen: Sighting, home: str) -> Iterator[Use]:
    """The networks that a request declares, and its fields of other names that hold a range."""
    account = account_of(seen.record, "", home)
    for network in account.networks:
        if isinstance(network.cidr_block, str):
            place = seen.place("custom_fields", network.key)
            yield Use(network.region, network.cidr_block, network.name, place, True)
    for key, value in seen.fields.items():
        if key != VPC_CIDR and not key.startswith(NETWORKS) and _is_range(value):
            region = seen.fields.get("region", home)
            yield Use(
                region if _possible(region, home) else home, value, f"{account.slug} ({key})", seen.place("custom_fields", key), False
            )


def _is_range(value: str) -> bool:
    try:
        return ranges.parse(value).length >= 8
    except ValueError:
        return False


def _regions(names: Sequence[str], blocks: Mapping[str, Mapping[Range, list[str]]], numbers: Mapping[str, int]) -> Iterator[Region]:
    taken = [found for inside in blocks.values() for found in inside]
    pools = _pools(taken, len(names))
    for place, name in enumerate(names):
        reserved = _reserved(blocks.get(name, {}))
        yield Region(name, numbers[name], reserved, pools[place] if pools else ranges.parse("10.0.0.0/8"), bool(pools))


def _pools(taken: Iterable[Range], wanted: int) -> list[Range]:
    """As large as they can be so that there is one for each region, clear of all that is taken; empty where there is no room."""
    occupied = Occupied(taken)
    for length in _LENGTHS:
        free = [block for private in _PRIVATE for block in _cut(ranges.parse(private), length) if occupied.end_of_clash(block) is None]
        if len(free) >= wanted:
            return free[:wanted]
    return []


def _cut(block: Range, length: int) -> Iterator[Range]:
    if length >= block.length:
        yield from (Range(block.first + (number << (32 - length)), length) for number in range(1 << (length - block.length)))


def _reserved(blocks: Mapping[Range, list[str]]) -> dict[Range, tuple[str, ...]]:
    """What new networks keep clear of, with whose it is; of very many ranges the /16 around them."""
    listed = {block: names for block, names in blocks.items() if block.length >= 8}
    if len(listed) <= _MOST_RESERVED:
        return {block: tuple(listed[block]) for block in sorted(listed)}
    around: dict[Range, list[str]] = defaultdict(list)
    for block, names in listed.items():
        around[Range(block.first >> 16 << 16, 16) if block.length > 16 else block].extend(names)
    return {block: tuple(sorted(around[block])) for block in sorted(around)}


def _overlaps(used: Iterable[Use]) -> Iterator[tuple[Range, Range, tuple[str, ...]]]:
    """Among declared networks, across regions too: a peering may reach from one into another."""
    owned = [(block, use.network) for use in used if use.is_network and (block := _block(use)) is not None]
    for (outer, around), (inner, inside) in ranges.clashes(owned):
        yield outer, inner, tuple(sorted({*around, *inside})[:_MOST_SHOWN])


def _block(use: Use) -> Range | None:
    try:
        return ranges.parse(use.text)
    except ValueError:
        return None  # told by its value
