"""How many peerings and routes a network may have, and which of its peers share addresses: every limit at its edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from generator.peering.decide import Crowd
from generator.peering.feasibility import Limits, Question, peering_limit, refusals
from generator.peering.model import key
from tests.support.networks import LIMITS, asked, network, networks

Said = Mapping[str, Any]
WIDE = replace(LIMITS, peerings=200)
V6 = ["10.0.0.0/20", "2001:db8::/56"]


def _hub(new: int, kept: int = 0, declared: Limits = LIMITS, **said: Any) -> Question:
    """A hub with spokes: the first `kept` of them are connected, `new` more may be."""
    spokes = [f"s{number:03}" for number in range(kept + new)]
    members = {"hub": network("hub", 999, **said), **networks(*spokes)}
    return asked(members, *(f"hub {name}" for name in spokes[kept:]), kept=[f"hub {name}" for name in spokes[:kept]], limits=declared)


def _said(question: Question, id: str = "peering-quota") -> set[str]:
    """The messages of one refusal; nothing else is refused."""
    found = {refusal for reasons in refusals(question).values() for refusal in reasons}
    assert {refusal.id for refusal in found} <= {id}
    return {refusal.message for refusal in found}


def _refused(question: Question) -> set[str]:
    """The pairs that a quota stops, written `a b`."""
    found = _ids(question)
    assert {id for reasons in found.values() for id in reasons} <= {"peering-quota"}
    return set(found)


def _ids(question: Question) -> dict[str, list[str]]:
    """The refusals of each pair, written `a b`, that has any."""
    return {" ".join(pair): [refusal.id for refusal in reasons] for pair, reasons in refusals(question).items()}


@pytest.mark.parametrize(
    ("limit", "declared", "said"),
    [
        pytest.param(50, LIMITS, {}, id="scaffold.yaml"),
        pytest.param(3, replace(LIMITS, peerings=3), {}, id="a lower one in scaffold.yaml"),
        pytest.param(60, LIMITS, {"limits": {"peerings": 60}}, id="the network's own, above that"),
        pytest.param(4, LIMITS, {"limits": {"peerings": 4}}, id="the network's own, below that"),
        pytest.param(0, LIMITS, {"limits": {"peerings": 0}}, id="none at all"),
        pytest.param(125, WIDE, {}, id="AWS's last word on scaffold.yaml"),
        pytest.param(125, LIMITS, {"limits": {"peerings": 200}}, id="AWS's last word on the inventory"),
        pytest.param(50, LIMITS, {"limits": {"routes": 400}}, id="a quota of something else"),
    ],
)
def test_the_limit_itself_is_allowed_and_one_more_is_not(limit: int, declared: Limits, said: Said) -> None:
    """Exactly at it everything is made; of one more, nothing."""
    assert peering_limit(network("hub", 999, **said), declared) == limit
    assert refusals(_hub(limit, declared=declared, **said)) == {}
    over = refusals(_hub(limit + 1, declared=declared, **said))
    assert len(over) == limit + 1
    ((refusal,),) = set(over.values())
    assert f"hub would have {limit + 1} peerings, and its limit is {limit}: 0 exist and stay" in refusal.message


@pytest.mark.parametrize(("used", "kept", "new"), [(2, 0, 48), (50, 0, 0), (1, 48, 1), (0, 49, 1)])
def test_what_others_use_of_a_quota_is_counted(used: int, kept: int, new: int) -> None:
    """So are the pairs that exist. Those stay; every new one is refused as soon as one is too many."""
    assert refusals(_hub(new, kept, used={"peerings": used})) == {}
    over = _hub(new + 1, kept, used={"peerings": used})
    assert set(refusals(over)) == set(over.new)
    (message,) = _said(over)
    assert f"hub would have 51 peerings, and its limit is 50: {kept} exist and stay" in message


def test_what_exists_beyond_a_limit_stays() -> None:
    """A quota that was lowered refuses nothing that is there, and everything that is new."""
    assert refusals(_hub(0, 3, declared=replace(LIMITS, peerings=2))) == {}
    assert _ids(_hub(1, 3, declared=replace(LIMITS, peerings=2))) == {"hub s003": ["peering-quota"]}


@pytest.mark.parametrize(("new", "shown"), [(10, "s009"), (11, "s010"), (12, "s009 and 2 more")])
def test_a_long_list_is_cut(new: int, shown: str) -> None:
    """One name is never hidden behind `1 more`."""
    (message,) = _said(_hub(new, declared=replace(LIMITS, peerings=9)))

    assert message.endswith(f", {shown}")


@pytest.mark.parametrize(("wrong", "takes"), [({"state": "SUSPENDED"}, False), ({"stale": True}, True), ({"vpc_id": None}, True)])
def test_who_takes_a_place(wrong: Said, takes: bool) -> None:
    """A pair that is merely waited for will take its place; one that is refused will not."""
    found = _ids(asked(networks("hub", "b", "c", hub={"limits": {"peerings": 1}}, b=wrong), "hub b", "hub c"))

    assert ("c hub" in found) is takes


def test_of_two_peers_that_overlap_neither_takes_a_place() -> None:
    """Both are refused, and the third is made."""
    members = networks("hub", "b", "c", "d", hub={"limits": {"peerings": 1}}, c={"blocks": ["10.0.16.0/24"]})

    assert _ids(asked(members, "hub b", "hub c", "hub d")) == {"b hub": ["peers-overlap"], "c hub": ["peers-overlap"]}


# which networks are full follows from which pairs are made, and that from which networks are full


def test_a_pair_that_a_full_hub_refuses_takes_no_place_at_its_other_side() -> None:
    """x has one place left: the hub, which is full already, does not take it from y. A hub with a place left does."""
    said = {name: {"limits": {"peerings": 1}} for name in ("hub", "x")}
    members = networks("hub", "old", "x", "y", "z", **said)

    assert _refused(asked(members, "hub x", "hub z", "x y", kept=["hub old"])) == {"hub x", "hub z"}
    assert _refused(asked(members, "hub x", "x y")) == {"hub x", "x y"}


def test_a_hub_without_a_place_left_takes_none_at_its_other_side() -> None:
    """It is full, whoever else could stop its new pairs: the innocent third pair is made."""
    members = networks("hub", "old", "x", "y", hub={"limits": {"peerings": 1}}, x={"limits": {"peerings": 1}})

    assert set(refusals(asked(members, "hub x", "x y", kept=["hub old"]))) == {("hub", "x")}


def test_a_crowd_takes_no_place_at_its_other_side() -> None:
    """What rules connect with more than any VPC can have is refused everything, and counts nowhere."""
    members = networks("crowd", "x", "y", x={"limits": {"peerings": 1}})
    question = replace(asked(members, "crowd x", "x y"), crowds={"crowd": Crowd("crowd", 400, ("all",))})

    assert _refused(question) == {"crowd x"}
    assert _said(question) == {"crowd would have 400 peerings, and its limit is 50: 0 exist and stay, new are x"}


def test_a_chain_of_full_networks_is_followed_to_its_end() -> None:
    """a is full, so b has a place for c; c has b and f, which nobody else stops, and is full; so d has a place for e."""
    said: dict[str, Said] = {name: {"limits": {"peerings": 1}} for name in "bcd"}
    members = networks(*"abcdef", **said, a={"limits": {"peerings": 0}, "used": {"peerings": 1}})

    assert _refused(asked(members, "a b", "b c", "c d", "c f", "d e")) == {"a b", "b c", "c d", "c f"}
    assert _refused(asked(members, "b c", "c d", "d e")) == {"b c", "c d", "d e"}


def test_two_that_fill_each_other_are_both_refused() -> None:
    """Either could do without their pair. Nobody picks: what each has is refused whole."""
    said = {name: {"limits": {"peerings": 1}} for name in ("a", "b")}

    assert _refused(asked(networks("a", "b", "x", "y", **said), "a b", "a x", "b y")) == {"a b", "a x", "b y"}
    assert _refused(asked(networks("a", "b", "x", "y", **said), "a x", "b y")) == set()


# routes: one table takes so many, IPv4 and IPv6 apart


def _routes(limit: int, *blocks: list[str], hub: list[str] | None = None, **said: Any) -> Question:
    """A hub whose tables take so many routes, and a new spoke for each list of ranges."""
    spokes = {f"s{number}": {"blocks": listed} for number, listed in enumerate(blocks)}
    members = networks("hub", *spokes, hub={"blocks": hub or ["10.0.0.0/20"], "limits": {"routes": limit}, **said}, **spokes)
    return asked(members, *(f"hub {name}" for name in spokes))


@pytest.mark.parametrize(
    ("blocks", "hub", "number", "version"),
    [
        pytest.param([["10.1.0.0/20"], ["10.2.0.0/20"]], None, 2, "IPv4", id="a route to each network"),
        pytest.param([["10.1.0.0/20", "10.2.0.0/20", "10.3.0.0/20"]], None, 3, "IPv4", id="and to each of its ranges"),
        pytest.param([["10.1.0.0/20", "2001:db9::/56", "2001:dba::/56"]], V6, 2, "IPv6", id="IPv6 apart"),
        pytest.param([["10.1.0.0/20", "2001:db9::/56", "10.2.0.0/20"]], V6, 2, "IPv4", id="IPv4 apart"),
        pytest.param([["10.1.0.0/20", "2001:db9::/56", "2001:dba::/56"]], None, 1, "IPv4", id="none of a family that the hub has not"),
    ],
)
def test_routes_are_counted_by_family(blocks: list[list[str]], hub: list[str] | None, number: int, version: str) -> None:
    """As many as there are ranges to reach: at the limit they are made, one below it they are not."""
    assert refusals(_routes(number, *blocks, hub=hub)) == {}
    (message,) = _said(_routes(number - 1, *blocks, hub=hub), "route-quota")
    assert f"hub would have {number} {version} routes in a table, and its limit is {number - 1}" in message


def test_routes_that_others_made_are_counted() -> None:
    """Two of four are taken: two ranges fit, three do not."""
    two, three = [["10.1.0.0/20"], ["10.2.0.0/20"]], [["10.1.0.0/20"], ["10.2.0.0/20"], ["10.3.0.0/20"]]

    assert refusals(_routes(4, *two, used={"routes": 2})) == {}
    assert _said(_routes(4, *three, used={"routes": 2}), "route-quota") == {
        "hub would have 5 IPv4 routes in a table, and its limit is 4: new peers are s0, s1, s2"
    }


def test_routes_to_pairs_that_exist_are_counted() -> None:
    """And those pairs stay."""
    declared = replace(LIMITS, routes=3)

    assert refusals(_hub(1, 2, declared=declared)) == {}
    assert _ids(_hub(1, 3, declared=declared)) == {"hub s003": ["route-quota"]}


# ranges


@pytest.mark.parametrize(
    ("b", "c", "hub", "clash"),
    [
        pytest.param(["10.1.0.0/20"], ["10.1.0.0/20"], None, True, id="equal"),
        pytest.param(["10.1.0.0/16"], ["10.1.255.240/28"], None, True, id="one within the other"),
        pytest.param(["10.1.0.0/20"], ["10.1.16.0/20"], None, False, id="side by side"),
        pytest.param(["10.1.0.0/20", "10.9.0.0/20"], ["10.2.0.0/20", "10.9.0.0/24"], None, True, id="secondary ones"),
        pytest.param(["10.1.0.0/20", "2001:db9::/56"], ["10.2.0.0/20", "2001:db9::/56"], V6, True, id="IPv6 that is routed"),
        pytest.param(["10.1.0.0/20", "2001:db9::/56"], ["10.2.0.0/20", "2001:db9::/56"], None, False, id="IPv6 that is not routed"),
        pytest.param(["10.1.0.0/20", "10.1.0.0/24"], ["10.2.0.0/20"], None, False, id="a peer with itself"),
    ],
)
def test_two_peers_of_one_network_that_overlap(b: list[str], c: list[str], hub: list[str] | None, clash: bool) -> None:
    """A table takes each destination once, so neither is picked; only what the network has routes for can clash."""
    members = networks("hub", "b", "c", hub={"blocks": hub or ["10.0.0.0/20"]}, b={"blocks": b}, c={"blocks": c})

    assert _ids(asked(members, "hub b", "hub c")) == ({"b hub": ["peers-overlap"], "c hub": ["peers-overlap"]} if clash else {})


def test_beside_one_that_exists_only_the_new_peer_is_refused() -> None:
    """What works is left alone; two that exist and clash already say nothing of a third."""
    members = networks("hub", "b", "c", "d", c={"blocks": ["10.0.16.0/24"]})

    assert _ids(asked(members, "hub c", kept=["hub b"])) == {"c hub": ["peers-overlap"]}
    assert _ids(asked(members, "hub d", kept=["hub b", "hub c"])) == {}
    (refusal,) = refusals(asked(members, "hub c", kept=["hub b"]))[key("c", "hub")]
    assert refusal.message.startswith("peers of hub overlap each other: c and b;")


def test_peers_of_different_networks_may_overlap() -> None:
    """Equal ranges are everywhere in grown organizations."""
    members = networks("hub", "other", "b", "c", c={"blocks": ["10.0.32.0/20"]})

    assert refusals(asked(members, "hub b", "other c")) == {}


@pytest.mark.parametrize(("number", "id"), [(2, "ipv4-overlap"), (3, "equal-ranges"), (4, "equal-ranges")])
def test_equal_ranges_of_many_are_one_finding(number: int, id: str) -> None:
    """Of two it is an overlap like any other; of more it is one refusal, whichever pair it stops."""
    names = "abcd"[:number]
    members = networks(*"abcd", **{name: {"blocks": ["172.31.0.0/16"]} for name in "abcd"})

    found = refusals(asked(members, *(f"a {name}" for name in names[1:])))

    assert [refusal.id for refusal in {reasons[0] for reasons in found.values()}] == [id]
    assert len(found) == number - 1
