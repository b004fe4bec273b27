"""Address space: each network gets a range from the pool of its region and environment.

The search starts at a place that the network's name decides, so two branches that add accounts at the
same time rarely take the same range; and it never gives a range that overlaps anything known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from generator.organization.model import Region
from generator.problems import refuse
from generator.ranges import Occupied, Range


def allocate(name: str, region_name: str, region: Region, environment: str, taken: Iterable[Range]) -> Range:
    """A free range for a network. Refused, with what to do, where the pool is exhausted or there is none."""
    pool = region.pool(environment)
    if not pool:
        remedy = f"add one to regions.{region_name}.pools in scaffold.yaml"
        raise refuse("no-pool", f"{region_name} has no pool for the environment {environment}", remedy)
    occupied = Occupied([*taken, *region.reserved])
    slots = sum(_slots(part, region.prefix) for part in pool)
    start = int.from_bytes(hashlib.sha256(name.encode()).digest()) % slots
    for low, high in ((start, slots), (0, start)):
        found = next(_free(pool, region.prefix, occupied, low, high), None)
        if found is not None:
            return found
    ranges = ", ".join(map(str, pool))
    remedy = f"add a range to regions.{region_name}.pools in scaffold.yaml"
    raise refuse("pool-exhausted", f"no free /{region.prefix} is left in {ranges} of {region_name} for {environment}", remedy)


def _slots(pool: Range, prefix: int) -> int:
    return 1 << (prefix - pool.length)


def _slot(pool: tuple[Range, ...], prefix: int, index: int) -> tuple[Range, Range]:
    """The range of a slot, and the part of the pool that it lies in."""
    for part in pool:
        if index < _slots(part, prefix):
            return Range(part.first + (index << (32 - prefix)), prefix), part
        index -= _slots(part, prefix)
    raise IndexError(index)


def _free(pool: tuple[Range, ...], prefix: int, occupied: Occupied, low: int, high: int) -> Iterator[Range]:
    """Free ranges among the slots `low` to `high` (excluded); taken stretches are jumped over."""
    index = low
    while index < high:
        wanted, part = _slot(pool, prefix, index)
        end = occupied.end_of_clash(wanted)
        if end is None:
            yield wanted
        stretch = (min(end, part.last) if end is not None else wanted.last) - wanted.first
        index += max(1, (stretch + 1) >> (32 - prefix))
