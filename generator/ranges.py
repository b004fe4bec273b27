"""Ranges of addresses as integers: ten times faster than `ipaddress` in loops, and as strict as AWS.

A range has no host bits: Terraform and AWS take `10.0.1.0/22` to mean `10.0.0.0/22` without a word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TypeVar

IPV4, IPV6 = 32, 128
Owner = TypeVar("Owner", bound=Hashable)
Group = tuple["Range", tuple[Owner, ...]]
"""One range, and everything that has exactly this range."""


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """`first` is the lowest address, `length` the prefix length, `bits` what an address has: 32 in IPv4, 128 in IPv6."""

    first: int
    length: int
    bits: int = IPV4

    @property
    def last(self) -> int:
        """The highest address, included."""
        return self.first | ((1 << (self.bits - self.length)) - 1)

    def overlaps(self, other: Range) -> bool:
        """Do the two share an address? An IPv4 range and an IPv6 range never do."""
        return self.bits == other.bits and self.first <= other.last and other.first <= self.last

    def contains(self, other: Range) -> bool:
        """Does the other lie in this one?"""
        return self.bits == other.bits and self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        """`10.0.0.0/16`; an IPv6 range in the short spelling of RFC 5952, as AWS shows it: `2001:db8::/56`."""
        if self.bits == IPV6:
            from ipaddress import IPv6Address  # 3 ms: only where there is IPv6

            return f"{IPv6Address(self.first)}/{self.length}"
        return f"{self.first >> 24}.{self.first >> 16 & 255}.{self.first >> 8 & 255}.{self.first & 255}/{self.length}"


def parse_any(text: str) -> Range:
    """The range of either family that a text says; see `parse` and `parse6`."""
    return parse6(text) if ":" in text else parse(text)


def parse6(text: str) -> Range:
    """The IPv6 range a text says, in any of its spellings. ValueError as in `parse`."""
    from ipaddress import IPv6Address

    address, _, length_text = text.partition("/")
    try:
        if "%" in address or not _number(length_text, IPV6):
            raise ValueError
        first, shift = int(IPv6Address(address)), IPV6 - int(length_text)
    except ValueError:
        raise ValueError("is not an IPv6 range such as 2001:db8::/56") from None
    return _without_host_bits(Range(first >> shift << shift, IPV6 - shift, IPV6), first)


@lru_cache(maxsize=1 << 14)  # one network is asked about by many rules
def parse(text: str) -> Range:
    """The IPv4 range a text says. ValueError, with what is wrong and what was probably meant, for anything else."""
    address, slash, length_text = text.partition("/")
    parts = address.split(".")
    if not slash or len(parts) != 4 or not all(_number(part, 255) for part in parts) or not _number(length_text, 32):
        raise ValueError("is not an IPv4 range such as 10.12.16.0/20")
    length, first = int(length_text), 0
    for part in parts:
        first = first << 8 | int(part)
    return _without_host_bits(Range(first >> (32 - length) << (32 - length), length), first)


def _without_host_bits(clean: Range, first: int) -> Range:
    if clean.first != first:
        raise ValueError(f"has host bits set: the range that holds it is {clean}")
    return clean


def _number(text: str, high: int) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and int(text) <= high


def clashes(blocks: Iterable[tuple[Range, Owner]]) -> Iterator[tuple[Group[Owner], Group[Owner]]]:
    """All overlaps among many ranges: equal ranges are one group, so that a thousand of them are one clash and not half a million.

    `(group, group)`, twice the same, for each range that more than one owner has; `(outer, inner)` for each range
    that lies in another one. In order of address; owners in order of appearance, each once.
    """
    owners: dict[Range, dict[Owner, None]] = {}
    for found, owner in blocks:
        owners.setdefault(found, {})[owner] = None
    around: list[Group[Owner]] = []
    for found in sorted(owners, key=attrgetter("bits", "first", "length")):
        group = found, tuple(owners[found])
        # two ranges never overlap in part: what does not contain this one ends before it, and before all that follow
        while around and not around[-1][0].contains(found):
            around.pop()
        for outer in around:
            yield outer, group
        if len(group[1]) > 1:
            yield group, group
        around.append(group)


class Occupied:
    """Ranges of one family that are taken, merged and sorted: one look-up is a binary search."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for taken in sorted(ranges, key=attrgetter("first")):
            if self._lasts and taken.first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], taken.last)
            else:
                self._firsts.append(taken.first)
                self._lasts.append(taken.last)

    def end_of_clash(self, wanted: Range) -> int | None:
        """The last address of the taken stretch that `wanted` meets; None where it is free."""
        index = bisect_right(self._firsts, wanted.last) - 1
        if index >= 0 and self._lasts[index] >= wanted.first:
            return self._lasts[index]
        return None
