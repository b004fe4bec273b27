"""Every reason to refuse a pair: the smallest case of it, and the near twin, one value away, that is made."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from generator.peering import feasibility
from generator.peering.feasibility import refusals
from generator.peering.model import Refusal
from generator.peering.plan import Action, plan
from tests.support.networks import LIMITS, allowing, asked, networks, stacks, standing

PAIR = ("a", "b")
VPC = "vpc-00000000000000000"
ONCE = "describe each VPC once, in the request or in accounts.yaml"
RESTORE = 'run "scaffold pull", or restore inventory.json from git'
SIZE = "correct inventory.json or b.tf"
KEEPS_ITS_RANGE = "a VPC keeps its range: declare a further network of a in a.tf, or of b in b.tf"
NARROW = "narrow the rule with where: {sameRegion: true}"


@dataclass(frozen=True)
class Case:
    """What a and b (and c) are like, which pairs are asked for, and what is said of `a b`; with `twin` nothing is.

    `spares`: an existing pair has no such fault, since it is about what is new.
    """

    id: str
    wrong: Mapping[str, Mapping[str, Any]]
    twin: Mapping[str, Mapping[str, Any]]
    message: str
    remedy: str
    new: tuple[str, ...] = ("a b",)
    waiting: bool = False
    spares: bool = False

    def __str__(self) -> str:
        """For the name of a test."""
        return f"{self.id}: {self.message[:40]}"


def _of_b(
    id: str, message: str, remedy: str, wrong: Mapping[str, Any], twin: Mapping[str, Any] | None = None, waiting: bool = False
) -> Case:
    """The case of one changed value of b; its twin has the usual one, or that of `twin`."""
    return Case(id, {"b": wrong}, {"b": twin or {}}, message, remedy, waiting=waiting, spares=id == "stale")


def _illegal(what: str, value: str, **wrong: object) -> Case:
    return _of_b("illegal-id", f'b has the {what} "{value}"', RESTORE, wrong)


def _sized(block: str, said: str, twin: str) -> Case:
    return _of_b("illegal-range", f"b has the range {block}, and a VPC's is a {said}", SIZE, {"blocks": [block]}, {"blocks": [twin]})


ABOUT_B = [
    _of_b("same-vpc", f"a and b are the same VPC, {VPC}", ONCE, {"vpc_id": VPC}),
    _of_b(
        "other-partition",
        "us-east-1 is in the partition aws and cn-north-1 in aws-cn: no peering crosses that",
        NARROW,
        {"region": "cn-north-1"},
        {"region": "eu-west-1"},
    ),
    _of_b(
        "other-partition",
        "us-east-1 is in the partition aws and us-gov-west-1 in aws-us-gov: no peering crosses that",
        NARROW,
        {"region": "us-gov-west-1"},
        {"region": "eu-west-1"},
    ),
    _of_b(
        "region-unknown",
        "b is in eu-west-9, which scaffold.yaml does not have",
        "add the region to regions in scaffold.yaml, or correct the network's region",
        {"region": "eu-west-9"},
        {"region": "eu-west-1"},
    ),
    _of_b(
        "account-not-active",
        "the account 100000000001 of b is SUSPENDED",
        "reopen it, or write the custom field retiring into b.tf",
        {"state": "SUSPENDED"},
        {"state": ""},
    ),
    _of_b(
        "account-not-active",
        "the account 100000000001 of b is PENDING_ACTIVATION",
        "reopen it, or write the custom field retiring into b.tf",
        {"state": "PENDING_ACTIVATION"},
        {"state": "ACTIVE"},
    ),
    _of_b(
        "account-unknown",
        "the account b is not in the inventory",
        'merge b.tf, and once AFT has made the account run "scaffold pull"',
        {"account_id": None},
        waiting=True,
    ),
    _of_b(
        "account-unreachable",
        "the reader role of b (100000000001) has not answered yet",
        'once AFT has made the role run "scaffold pull"',
        {"reachable": False},
        waiting=True,
    ),
    _of_b(
        "network-unknown",
        "the VPC of b is not in the inventory",
        'apply its network stack, then run "scaffold pull"',
        {"vpc_id": None},
        waiting=True,
    ),
    _of_b(
        "no-route-tables",
        "no route table of b (vpc-00000000000000001) is known that a peering should have routes in",
        'associate its subnets, or tag the tables scaffold:peering = routed, then run "scaffold pull"',
        {"route_table_ids": ()},
        {"route_table_ids": ("rtb-00000001",)},
        waiting=True,
    ),
    _of_b("range-unknown", "the range of b cannot be told", "correct it in b.tf:7", {"blocks": []}),
    _of_b(
        "stale",
        "b was not seen when AWS was read last: 100000000001 left, or could not be looked into",
        'see what pull says of it, and once it can be read run "scaffold pull"',
        {"stale": True},
        waiting=True,
    ),
    _illegal("account", "10000000000", account_id="10000000000"),
    _illegal("account", "1000000000011", account_id="1000000000011"),
    _illegal("account", "100000000001\n", account_id="100000000001\n"),
    _illegal("VPC", "vpc-0000000000000001", vpc_id="vpc-0000000000000001"),
    _illegal("VPC", "vpc-0000000g", vpc_id="vpc-0000000g"),
    _illegal("route table", "vpc-00000001", route_table_ids=("rtb-00000001", "vpc-00000001")),
    _sized("10.16.0.0/15", "/16 to /28", "10.16.0.0/16"),
    _sized("10.16.0.0/29", "/16 to /28", "10.16.0.0/28"),
    _sized("2001:db8::/43", "/44 to /60", "2001:db8::/44"),
    _sized("2001:db8::/61", "/44 to /60", "2001:db8::/60"),
    _of_b(
        "ipv4-overlap",
        "a has 10.0.0.0/20 and b has 10.0.15.0/24, which overlap",
        KEEPS_ITS_RANGE,
        {"blocks": ["10.0.15.0/24"]},
        {"blocks": ["10.0.16.0/24"]},
    ),
]
CASES = [
    *ABOUT_B,
    Case(
        "ipv6-overlap",
        {"a": {"blocks": ["10.0.0.0/20", "2001:db8::/56"]}, "b": {"blocks": ["10.0.16.0/20", "2001:db8:0:f0::/60"]}},
        {"a": {"blocks": ["10.0.0.0/20", "2001:db8::/56"]}, "b": {"blocks": ["10.0.16.0/20", "2001:db8:0:100::/60"]}},
        "a has 2001:db8::/56 and b has 2001:db8:0:f0::/60, which overlap",
        KEEPS_ITS_RANGE,
    ),
    Case(
        "equal-ranges",
        {name: {"blocks": ["172.31.0.0/16"]} for name in "abc"},
        {name: {"blocks": ["172.31.0.0/16"]} for name in "ac"},
        "3 networks have the range 172.31.0.0/16: a, b, c",
        "two networks with one range can never meet: give each a further network with a range of its own",
        ("a b", "a c"),
    ),
    Case(
        "peers-overlap",
        {"c": {"blocks": ["10.0.31.0/24"]}},
        {"c": {"blocks": ["10.0.32.0/24"]}},
        "peers of a overlap each other: b and c; a route to one would lead away from the other",
        "allow one of them only, or give one a further network with a range of its own",
        ("a b", "a c"),
        spares=True,
    ),
    Case(
        "peering-quota",
        {"a": {"limits": {"peerings": 1}}},
        {"a": {"limits": {"peerings": 2}}},
        "a would have 2 peerings, and its limit is 1: 0 exist and stay, new are b, c",
        "narrow the rule; or have AWS raise L-7E9ECCDB (at most 125) and say so in peering.limit; above that use a transit gateway",
        ("a b", "a c"),
        spares=True,
    ),
    Case(
        "route-quota",
        {"a": {"limits": {"routes": 1}}},
        {"a": {"limits": {"routes": 2}}},
        "a would have 2 IPv4 routes in a table, and its limit is 1: new peers are b, c",
        "have AWS raise L-93826ACB (at most 1,000) and say so in peering.routes, or narrow the rule",
        ("a b", "a c"),
        spares=True,
    ),
]
every_case = pytest.mark.parametrize("case", CASES, ids=str)


def test_every_refusal_has_a_case() -> None:
    """A reason that is added has to be shown here."""
    source = inspect.getsource(feasibility)
    named = {*re.findall(r'(?:Refusal|_wait)\(\s*"([a-z-]+)"', source), "ipv4-overlap", "ipv6-overlap"}

    assert {case.id for case in CASES} == named


@every_case
def test_one_wrong_value_is_refused_with_words(case: Case) -> None:
    """By one refusal, which says what is wrong with which value, and what to do; whether it is merely waited for."""
    found = refusals(asked(networks("a", "b", "c", **case.wrong), *case.new))

    assert found[PAIR] == (Refusal(case.id, case.message, case.remedy, case.waiting),)


@every_case
def test_its_near_twin_is_made(case: Case) -> None:
    """The same networks but for that value."""
    assert PAIR not in refusals(asked(networks("a", "b", "c", **case.twin), *case.new))


@every_case
def test_a_pair_that_exists_is_kept_whatever_is_wrong(case: Case) -> None:
    """It is an error then, with the same words; but what only stops new pairs says nothing of an old one."""
    members = networks("a", "b", "c", **case.wrong)
    question = asked(members, kept=case.new)

    found = plan(allowing(question.kept), list(members.values()), stacks(*map(standing, case.new)), LIMITS)

    assert (found.pairs[PAIR].action, found.pairs[PAIR].error) == (Action.KEEP, "" if case.spares else case.message)
    assert (PAIR in refusals(question)) is not case.spares


@pytest.mark.parametrize("case", [case for case in ABOUT_B if case.id not in ("same-vpc", "ipv4-overlap")], ids=str)
def test_either_side_may_be_the_wrong_one(case: Case) -> None:
    """A pair has no direction."""
    found = refusals(asked(networks("a", "b", a=case.wrong["b"]), "a b"))

    assert [refusal.id for refusal in found[PAIR]] == [case.id]


def test_everything_that_is_wrong_is_said() -> None:
    """Of both sides, each reason once, in one order."""
    wrong = {"state": "CLOSED", "reachable": False, "region": "eu-west-9"}

    found = refusals(asked(networks("a", "b", a=wrong, b={**wrong, "vpc_id": VPC}), "a b"))

    assert [refusal.id for refusal in found[PAIR]] == [
        "same-vpc",
        *["region-unknown"] * 2,
        *["account-not-active"] * 2,
        *["account-unreachable"] * 2,
    ]


def test_of_what_is_waited_for_only_the_first_is_said() -> None:
    """Before there is an account nobody answers, and before there is a VPC it has no tables."""
    bare: dict[str, object] = {"account_id": None, "reachable": False, "vpc_id": None, "route_table_ids": ()}
    steps = [("account_id", "100000000001"), ("reachable", True), ("vpc_id", "vpc-00000001"), ("route_table_ids", ("rtb-00000001",))]

    said: list[str] = []
    for name, value in steps:
        (refusal,) = refusals(asked(networks("a", "b", b=bare), "a b"))[PAIR]
        said.append(refusal.id)
        bare = {**bare, name: value}

    assert said == ["account-unknown", "account-unreachable", "network-unknown", "no-route-tables"]
    assert refusals(asked(networks("a", "b", b=bare), "a b")) == {}


def test_a_vpc_under_two_names_is_peered_with_nobody() -> None:
    """The two peerings of it would be one connection, declared twice; others are not concerned."""
    members = networks("a", "b", "c", "d", c={"vpc_id": "vpc-00000000000000001"})

    found = refusals(asked(members, "a b", "a d", kept=["c d"]))

    refusal = Refusal("same-vpc", "b and c are the same VPC, vpc-00000000000000001", ONCE)
    assert found == {("a", "b"): (refusal,), ("c", "d"): (refusal,)}


PUBLIC = "names of hosts in 11.0.0.0/20 resolve to public addresses"
OFF = "private DNS names do not resolve across: "


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        pytest.param({}, {}, {}, id="nothing"),
        pytest.param({}, {"account": "a"}, {"same-account": "both networks are in one account"}, id="one account"),
        pytest.param(
            {},
            {"region": "eu-west-1"},
            {"inter-region": "between regions: MTU 8500, no reference to security groups, traffic costs more"},
            id="two regions",
        ),
        pytest.param({}, {"dns": False}, {"dns-off": f"{OFF}b lacks DNS support or DNS hostnames"}, id="one without DNS"),
        pytest.param({"dns": False}, {"dns": False}, {"dns-off": f"{OFF}a and b lack DNS support or DNS hostnames"}, id="two without DNS"),
        pytest.param({}, {"dns": False, "vpc_id": None}, {}, id="a VPC that is not built"),
        pytest.param({}, {"blocks": ["11.0.0.0/20"]}, {}, id="public addresses, with DNS"),
        pytest.param(
            {"blocks": ["11.0.0.0/20"]},
            {"dns": False},
            {"dns-off": f"{OFF}b lacks DNS support or DNS hostnames", "public-range": PUBLIC},
            id="public addresses, without DNS",
        ),
        pytest.param(
            {"blocks": ["100.64.0.0/20", "172.31.0.0/20", "192.168.0.0/20", "2001:db8::/56"]},
            {"dns": False},
            {"dns-off": f"{OFF}b lacks DNS support or DNS hostnames"},
            id="private ones of every kind, and IPv6",
        ),
    ],
)
def test_what_a_reviewer_should_know_of_a_pair(a: Mapping[str, Any], b: Mapping[str, Any], told: dict[str, str]) -> None:
    """Nothing of it stops the pair."""
    members = networks("a", "b", a=a, b=b)

    assert dict(feasibility.flags(members["a"], members["b"])) == told
