"""Ranges of both families: as strict as AWS, and equal to the standard library where that is right."""

from __future__ import annotations

import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ranges import IPV6, Occupied, Range, clashes, parse, parse6, parse_any

RANGES = st.builds(
    lambda first, length: Range(first >> (32 - length) << (32 - length), length), st.integers(0, 2**32 - 1), st.integers(0, 32)
)
NEAR = st.builds(lambda first, length: Range(first >> (32 - length) << (32 - length), length), st.integers(0, 255), st.integers(24, 32))
RANGES6 = st.builds(
    lambda first, length: Range(first >> (128 - length) << (128 - length), length, IPV6), st.integers(0, 2**128 - 1), st.integers(0, 128)
)
NEAR6 = st.builds(
    lambda first, length: Range(first >> (128 - length) << (128 - length), length, IPV6), st.integers(0, 255), st.integers(120, 128)
)


@given(RANGES)
def test_a_range_is_read_as_it_is_written(found: Range) -> None:
    """And as the standard library reads it."""
    network = ipaddress.IPv4Network(str(found))

    assert parse(str(found)) == found
    assert (found.first, found.last) == (int(network[0]), int(network[-1]))


@given(RANGES6)
def test_an_ipv6_range_is_read_as_it_is_written(found: Range) -> None:
    """In the spelling of the standard library, which is the one AWS shows, and in the longest one."""
    network = ipaddress.IPv6Network(str(found))

    assert str(found) == str(network)
    assert parse6(str(found)) == parse6(network.exploded.upper()) == found
    assert (found.first, found.last) == (int(network[0]), int(network[-1]))


@given(RANGES | RANGES6)
def test_the_family_of_a_range_shows_in_its_text(found: Range) -> None:
    """One reader for both."""
    assert parse_any(str(found)) == found


@given(NEAR | NEAR6, NEAR | NEAR6)
def test_overlap_and_containment_are_those_of_the_standard_library(one: Range, other: Range) -> None:
    """Also for equal and for single addresses; two families have no address in common."""
    left, right = ipaddress.ip_network(str(one)), ipaddress.ip_network(str(other))

    assert one.overlaps(other) is left.overlaps(right)
    assert one.contains(other) is (left.version == right.version and right.subnet_of(left))  # type: ignore[arg-type]


@given(st.lists(st.tuples(NEAR | NEAR6, st.sampled_from("abcd")), max_size=12))
def test_clashes_are_what_comparing_each_with_each_finds(blocks: list[tuple[Range, str]]) -> None:
    """Each overlapping pair of owners' ranges is in one clash, and no clash holds anything else."""
    naive = {frozenset(pair) for pair in itertools.combinations(set(blocks), 2) if pair[0][0].overlaps(pair[1][0])}
    found = list(clashes(blocks))

    assert {pair for outer, inner in found for pair in _pairs(outer, inner)} == naive
    assert all(outer[0].contains(inner[0]) for outer, inner in found)
    assert len({(outer[0], inner[0]) for outer, inner in found}) == len(found)


def _pairs(outer: tuple[Range, tuple[str, ...]], inner: tuple[Range, tuple[str, ...]]) -> set[frozenset[tuple[Range, str]]]:
    every = itertools.product(itertools.product([outer[0]], outer[1]), itertools.product([inner[0]], inner[1]))
    return {frozenset(pair) for pair in every if pair[0] != pair[1]}


@given(st.permutations([("10.0.0.0/8", "a"), ("10.1.0.0/16", "b"), ("10.1.0.0/16", "c"), ("10.1.2.0/24", "d"), ("11.0.0.0/8", "e")]))
def test_clashes_come_in_order_of_address_whatever_the_order_of_reading(blocks: list[tuple[str, str]]) -> None:
    """The outer range first; equal ranges once, before what lies in them."""
    found = [(str(outer[0]), str(inner[0])) for outer, inner in clashes((parse(text), owner) for text, owner in blocks)]

    assert found == [
        ("10.0.0.0/8", "10.1.0.0/16"),
        ("10.1.0.0/16", "10.1.0.0/16"),
        ("10.0.0.0/8", "10.1.2.0/24"),
        ("10.1.0.0/16", "10.1.2.0/24"),
    ]


def test_a_thousand_equal_ranges_are_one_clash() -> None:
    """The default range of a thousand hand-made VPCs, half a million pairs."""
    ((outer, inner),) = clashes((parse("172.31.0.0/16"), number) for number in range(1000))

    assert outer == inner == (parse("172.31.0.0/16"), tuple(range(1000)))


def test_one_owner_that_names_a_range_twice_does_not_clash_with_itself() -> None:
    """Declared and live are the same range of the same network."""
    assert list(clashes([(parse("10.0.0.0/16"), "a"), (parse("10.0.0.0/16"), "a")])) == []


@given(st.lists(NEAR, max_size=12), NEAR)
def test_a_clash_ends_where_the_taken_stretch_ends(taken: list[Range], wanted: Range) -> None:
    """Neighbouring ranges are one stretch."""
    held = {address for found in taken for address in range(found.first, found.last + 1)}
    met = [address for address in range(wanted.first, wanted.last + 1) if address in held]

    end = Occupied(taken).end_of_clash(wanted)

    assert (end is None) is (not met)
    if end is not None:
        assert end in held and end + 1 not in held and set(range(met[-1], end)) <= held


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0.0",
        "10.0.0/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "/8",
        "10.0.0.256/32",
        "010.0.0.0/8",
        "10.0.0.0/08",
        "10.0.0.0/8 ",
        "١٠.0.0.0/8",
        "10.0.0.0/²",
        "::/0",
        "10.0.0.0/8/8",
        "0x0a.0.0.0/8",
        "1.2.3.4.5/8",
    ],
)
def test_what_is_no_range_is_refused(text: str) -> None:
    """Leading zeros are octal to some and decimal to others."""
    with pytest.raises(ValueError, match="is not an IPv4 range"):
        parse(text)


def test_host_bits_are_refused_and_the_range_that_was_meant_is_named() -> None:
    """AWS would take the range around it without a word."""
    with pytest.raises(ValueError, match=r"host bits set: the range that holds it is 10\.0\.0\.0/22"):
        parse("10.0.1.0/22")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "::",
        "::/",
        "/8",
        "::/129",
        "::/-1",
        "::/08",
        "::/8 ",
        " ::/8",
        "::/²",
        "::/ffff::",
        "fe80::%1/64",
        "2001:db8/32",
        "2001:db8:::/32",
        "12345::/32",
        "g::/16",
        "10.0.0.0/8",
        "::/0/0",
    ],
)
def test_what_is_no_ipv6_range_is_refused(text: str) -> None:
    """The standard library takes a zone, and no prefix length at all."""
    with pytest.raises(ValueError, match=r"^is not an IPv6 range such as 2001:db8::/56$"):
        parse6(text)


def test_host_bits_of_an_ipv6_range_are_refused_too() -> None:
    """And the range that was meant is named."""
    with pytest.raises(ValueError, match=r"^has host bits set: the range that holds it is 2001:db8::/56$"):
        parse_any("2001:db8::1/56")


def test_what_is_no_range_of_either_family_is_refused() -> None:
    """By the reader of the family it looks like."""
    with pytest.raises(ValueError, match="IPv4"):
        parse_any("ten")
    with pytest.raises(ValueError, match="IPv6"):
        parse_any("10:0/8")
