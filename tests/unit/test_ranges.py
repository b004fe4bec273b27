"""IPv4 ranges: as strict as AWS, and equal to the standard library where that is right."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ranges import Occupied, Range, parse

RANGES = st.builds(
    lambda first, length: Range(first >> (32 - length) << (32 - length), length), st.integers(0, 2**32 - 1), st.integers(0, 32)
)
NEAR = st.builds(lambda first, length: Range(first >> (32 - length) << (32 - length), length), st.integers(0, 255), st.integers(24, 32))


@given(RANGES)
def test_a_range_is_read_as_it_is_written(found: Range) -> None:
    """And as the standard library reads it."""
    network = ipaddress.IPv4Network(str(found))

    assert parse(str(found)) == found
    assert (found.first, found.last) == (int(network[0]), int(network[-1]))


@given(NEAR, NEAR)
def test_overlap_and_containment_are_those_of_the_standard_library(one: Range, other: Range) -> None:
    """Also for equal and for single addresses."""
    left, right = ipaddress.IPv4Network(str(one)), ipaddress.IPv4Network(str(other))

    assert one.overlaps(other) is left.overlaps(right)
    assert one.contains(other) is right.subnet_of(left)


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
