"""A network's range: free, the same on every run, and found wherever there is one."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.accounts.add import NetworkSpec, Spec, network_fields
from generator.accounts.addresses import allocate
from generator.organization.model import Region
from generator.problems import Refused
from generator.ranges import Range, parse
from tests.support.zones import organization


def _region(*pool: str, prefix: int = 20, reserved: tuple[str, ...] = ()) -> Region:
    return Region(("use1-az1", "use1-az2"), prefix, {"default": tuple(map(parse, pool))}, tuple(map(parse, reserved)))


def _allocate(region: Region, *taken: Range, name: str = "prod-ml") -> Range:
    return allocate(name, "us-east-1", region, "prod", taken)


def _naive(name: str, region: Region, taken: list[Range]) -> Range | None:
    """Every slot of the pool in order, from the one that the name decides, and the first that meets nothing."""
    step = 32 - region.prefix
    slots = [
        Range(part.first + (n << step), region.prefix) for part in region.pool("prod") for n in range(1 << (region.prefix - part.length))
    ]
    start = int.from_bytes(hashlib.sha256(name.encode()).digest()) % len(slots)
    return next((slot for slot in slots[start:] + slots[:start] if not any(map(slot.overlaps, [*taken, *region.reserved]))), None)


SMALL = st.builds(
    lambda first, length: Range((10 << 24 | first << 8) >> (32 - length) << (32 - length), length),
    st.integers(0, 1023),
    st.integers(20, 26),
)
POOLS = st.lists(
    st.builds(
        lambda n, length: Range((10 << 24 | n << 12) >> (32 - length) << (32 - length), length), st.integers(0, 63), st.integers(16, 20)
    ),
    min_size=1,
    max_size=3,
)


@given(st.text(max_size=5), POOLS, st.integers(20, 22), st.lists(SMALL, max_size=25), st.lists(SMALL, max_size=5))
def test_it_finds_what_trying_every_slot_finds(
    name: str, pool: list[Range], prefix: int, taken: list[Range], reserved: list[Range]
) -> None:
    """Pools of several ranges, also such that overlap; ranges that are taken in part, whole, or many times."""
    region = Region(("a", "b"), prefix, {"default": tuple(pool)}, tuple(reserved))
    expected = _naive(name, region, taken)

    try:
        found: Range | None = _allocate(region, *taken, name=name)
    except Refused:
        found = None

    assert found == expected


def test_the_range_depends_on_the_name_and_not_on_the_order_of_what_is_taken() -> None:
    """Two branches that add different accounts rarely meet; one branch always gets the same."""
    region, taken = _region("10.0.0.0/12"), [parse("10.3.0.0/16"), parse("10.9.16.0/20")]

    assert _allocate(region, *taken) == _allocate(region, *reversed(taken))
    assert len({_allocate(region, name=f"prod-{n}") for n in range(20)}) > 15


def test_it_never_overlaps_what_is_taken_or_reserved() -> None:
    """One free slot is left, and that is the one."""
    region = _region("10.0.0.0/18", reserved=("10.0.16.0/24",))

    assert _allocate(region, parse("10.0.0.0/28"), parse("10.0.47.255/32")) == parse("10.0.48.0/20")


def test_an_exhausted_pool_is_refused_and_says_what_to_do() -> None:
    """The message names the size, the pool, the region and the environment."""
    with pytest.raises(Refused) as refused:
        _allocate(_region("10.0.0.0/20", "10.8.0.0/20"), parse("10.0.0.0/8"))

    (problem,) = refused.value.problems
    assert problem.id == "pool-exhausted"
    assert problem.message == "no free /20 is left in 10.0.0.0/20, 10.8.0.0/20 of us-east-1 for prod"
    assert "regions.us-east-1.pools" in problem.remedy


def test_a_region_without_a_pool_for_the_environment_is_refused() -> None:
    """There is no default to fall back on."""
    region = Region(("a", "b"), 20, {"dev": (parse("10.0.0.0/16"),)})

    with pytest.raises(Refused) as refused:
        _allocate(region)

    assert refused.value.problems[0].id == "no-pool"


def test_the_pool_of_the_environment_comes_before_the_default() -> None:
    """Production has its own address space."""
    region = Region(("a", "b"), 20, {"prod": (parse("10.0.0.0/20"),), "default": (parse("10.8.0.0/20"),)})

    assert allocate("x", "us-east-1", region, "prod", []) == parse("10.0.0.0/20")
    assert allocate("x", "us-east-1", region, "dev", []) == parse("10.8.0.0/20")


def test_a_range_that_was_asked_for_is_taken_before_any_is_chosen() -> None:
    """The home network is decided first, and must not land on the range given for another one."""
    conventions = organization(("prod: [10.0.0.0/12]", "prod: [10.0.0.0/19]"))
    chosen = network_fields(Spec("prod-ml"), "us-east-1", "prod", conventions, [])["vpc_cidr"]

    asked = Spec("prod-ml", networks=(NetworkSpec("us-east-1", "batch", chosen),))
    fields = network_fields(asked, "us-east-1", "prod", conventions, [])

    assert fields["networks/us-east-1/batch"] == chosen
    assert not parse(fields["vpc_cidr"]).overlaps(parse(chosen))
