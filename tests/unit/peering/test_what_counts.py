"""Which pairs take a place and an address beside a new one: whatever is live, whoever describes it and whatever is decided of it."""

from __future__ import annotations

from typing import Any

import pytest

from generator.peering.existing import Existing, State
from generator.peering.model import Key
from generator.peering.plan import Action, Plan, plan
from generator.ranges import parse_any
from tests.support.networks import LIMITS, allowing, networks, pairs, stacks, standing

NEW: Key = ("hub", "x")
ONE_PLACE = {"limits": {"peerings": 1}}


def _plan(stack: Existing | None, allowed: str = "hub x", read: str = "hub x old", hub: Any = ONE_PLACE, **said: Any) -> Plan:
    """A hub with a stack beside the new pair `hub x`; `allowed` are pairs divided by commas, `read` the networks that are declared."""
    members = networks("hub", "x", "old", hub=hub, **said)
    there = {} if stack is None else stacks(stack)
    return plan(allowing(pairs(*allowed.split(","))), [members[name] for name in read.split()], there, LIMITS)


def _refused(found: Plan) -> list[str]:
    """The refusals of the new pair."""
    pair = found.pairs[NEW]
    assert (pair.action is Action.CREATE) is not bool(pair.refusals)
    return [refusal.id for refusal in pair.refusals]


LIVE, DEAD = standing("hub old"), standing("hub old", State.TOMBSTONE)
BOTH = "hub x,hub old"


@pytest.mark.parametrize(
    ("stack", "how"),
    [
        pytest.param(LIVE, {"allowed": BOTH}, id="allowed"),
        pytest.param(LIVE, {"allowed": BOTH, "old": {"state": "SUSPENDED"}}, id="allowed, and should not be there"),
        pytest.param(LIVE, {"allowed": BOTH, "old": {"stale": True}}, id="not seen lately"),
        pytest.param(LIVE, {"old": {"unclassified": ("no owner",)}}, id="cannot be classified"),
        pytest.param(LIVE, {"read": "hub x"}, id="a side was not read"),
        pytest.param(standing("hub old", ours=False), {}, id="denied, and edited"),
        pytest.param(standing("hub old", doubt="who knows"), {"allowed": BOTH}, id="a stack that cannot be told"),
    ],
)
def test_a_live_pair_that_stays_takes_a_place(stack: Existing, how: Any) -> None:
    """In doubt or not: the hub has one place, and it is taken."""
    found = _plan(stack, **how)

    assert _refused(found) == ["peering-quota"]
    assert found.pairs["hub", "old"].action is Action.KEEP
    assert _refused(_plan(stack, hub={"limits": {"peerings": 2}}, **how)) == []


@pytest.mark.parametrize(
    ("stack", "how"),
    [
        pytest.param(None, {}, id="no stack"),
        pytest.param(LIVE, {}, id="denied"),
        pytest.param(LIVE, {"old": {"retiring": "true"}}, id="retiring"),
        pytest.param(DEAD, {}, id="a tombstone"),
        pytest.param(DEAD, {"read": "hub x"}, id="a tombstone of a side that was not read"),
        pytest.param(DEAD, {"old": {"unclassified": ("no owner",)}}, id="a tombstone in doubt"),
    ],
)
def test_what_goes_or_is_gone_takes_none(stack: Existing | None, how: Any) -> None:
    """The near twins: the new pair is made beside them."""
    assert _refused(_plan(stack, **how)) == []


def test_a_tombstone_that_may_be_made_again_is_new() -> None:
    """It wants its place like any other new pair: of the two none is picked."""
    found = _plan(DEAD, BOTH)

    assert _refused(found) == ["peering-quota"]
    assert [refusal.id for refusal in found.pairs["hub", "old"].refusals] == ["peering-quota"]


X = "10.0.16.0/20"
"""What x has."""


@pytest.mark.parametrize(
    ("how", "reviewed", "clash"),
    [
        pytest.param({"read": "hub x"}, X, True, id="a side that was not read, by what was reviewed"),
        pytest.param({"read": "hub x"}, "10.0.48.0/20", False, id="and its near twin"),
        pytest.param({"read": "hub x", "hub": {"blocks": ["10.0.0.0/20"]}}, "2001:db8::/56", False, id="of a family that is not routed"),
        pytest.param({"old": {"vpc_id": None}}, X, True, id="a VPC that is not known any more, by what was reviewed"),
        pytest.param({"old": {"vpc_id": None, "blocks": [X]}}, "10.0.48.0/20", True, id="and by what is declared"),
        pytest.param({}, X, False, id="a VPC that is known, by what it has"),
        pytest.param({"old": {"blocks": [X]}}, "10.0.48.0/20", True, id="and not by what it had"),
        pytest.param({"old": {"unclassified": ("no owner",), "blocks": [X]}}, X, True, id="a network that cannot be classified"),
    ],
)
def test_ranges_of_a_live_pair_count(how: dict[str, Any], reviewed: str, clash: bool) -> None:
    """A new peer must not share addresses with one that is connected, whatever is known of that one."""
    stack = standing("hub old", blocks={"old": (parse_any(reviewed),)})

    assert _refused(_plan(stack, **{"allowed": BOTH, "hub": {}, **how})) == (["peers-overlap"] if clash else [])


def test_ranges_of_a_tombstone_do_not_count() -> None:
    """It connects nothing."""
    stack = standing("hub old", State.TOMBSTONE, blocks={"old": (parse_any(X),)})

    assert _refused(_plan(stack, read="hub x", hub={})) == []


def test_a_network_that_nobody_declares_is_no_member() -> None:
    """No rule is ever asked about it; it is only known to be there, with what was reviewed."""
    found = _plan(standing("hub old", blocks={"old": (parse_any(X),)}), read="hub x", hub={})

    assert set(found.members) == {"hub", "x"}
    assert found.networks["old"].facts.cidr_blocks == (X,)
    assert found.networks["hub"] == found.members["hub"]


# more than any VPC can have


def _crowd(spokes: int, *there: Existing, **hub: Any) -> Plan:
    names = [f"s{number:03}" for number in range(spokes)]
    return plan(
        allowing(pairs(*(f"hub {name}" for name in names))), list(networks("hub", *names, hub=hub).values()), stacks(*there), LIMITS
    )


def test_a_crowd_is_one_refusal_and_keeps_what_it_has() -> None:
    """Its pairs are counted and not made; the one that exists is kept without an error."""
    found = _crowd(126, standing("hub s007"), limits={"peerings": 200})

    assert list(found.pairs) == [("hub", "s007")] and found.allowed == 126
    assert (found.pairs["hub", "s007"].action, found.pairs["hub", "s007"].error) == (Action.KEEP, "")
    refusal = found.crowds["hub"]
    assert refusal.id == "peering-quota"
    assert refusal.message.startswith("hub would have 126 peerings by ")
    assert refusal.message.endswith(", and its limit is 125: 1 exist and stay")
    assert refusal.remedy.startswith("narrow the rule; or have AWS raise L-7E9ECCDB (at most 125)")


def test_as_many_as_a_vpc_can_have_are_no_crowd() -> None:
    """With the quota for it, all are made."""
    found = _crowd(125, limits={"peerings": 200})

    assert not found.crowds and len(found.of(Action.CREATE)) == 125
