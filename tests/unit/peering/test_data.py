"""The one reader of a pair's data file: what it says, and each way in which it says nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from generator.peering.data import Data, read
from generator.ranges import Range, parse, parse6
from tests.support.verified import ONE, OTHER, PAIR
from tests.unit.peering.decided import DATA, FILES

Edit = Callable[[dict[str, Any]], object]


def _read(edit: Edit = lambda found: None) -> Data:
    """The data, once its `locals` are changed."""
    document = json.loads(FILES[DATA])
    edit(document["locals"])
    return read(json.dumps(document).encode(), PAIR)


def test_what_scaffold_writes_is_read() -> None:
    """All of it, each value in its own type."""
    found = read(FILES[DATA], PAIR)

    assert [(side.name, side.id, side.region, side.vpc_id) for side in found.sides] == [
        (ONE, "433333333333", "us-east-1", "vpc-00000000000000006"),
        (OTHER, "444444444444", "eu-west-1", "vpc-00000000000000005"),
    ]
    assert found.requester.cidr_blocks == ("10.0.0.0/20", "100.64.0.0/20") and found.dns is True
    assert found.accepter.route_table_ids == ("rtb-00000000000000001", "rtb-00000000000000002")
    assert found.accepter.vpc_arn == "arn:aws:ec2:eu-west-1:444444444444:vpc/vpc-00000000000000005"
    assert (found.side("accepter"), found.peer("accepter")) == (found.accepter, found.requester)


def test_ranges_are_ranges() -> None:
    """Those of both families, for whoever compares them."""
    wanted: tuple[Range, ...] = (parse("10.0.0.0/20"), parse("100.64.0.0/20"), parse6("2600:1f16:12a:100::/56"))

    assert _read().requester.blocks == wanted


ALIKE: Mapping[str, Edit] = {
    "the other direction": lambda found: found.update(requester=found["accepter"], accepter=found["requester"]),
    "keys that a later release adds": lambda found: [found.update(more=1), found["accepter"].update(more={"x": []})],
    "no IPv6": lambda found: found["accepter"].update(ipv6_cidr_blocks=[]),
    "no route tables": lambda found: found["accepter"].update(route_table_ids=[]),
    "no DNS": lambda found: found.update(dns=False),
}


@pytest.mark.parametrize("name", ALIKE)
def test_what_says_everything_is_read(name: str) -> None:
    """Near twins of what says nothing."""
    assert {side.name for side in _read(ALIKE[name]).sides} == set(PAIR)


WRONG: Mapping[str, tuple[Edit, str]] = {
    "a side is missing": (lambda found: found.pop("accepter"), "locals.accepter is missing"),
    "a side is no object": (lambda found: found.update(accepter=[]), "locals.accepter is [], which is not an object"),
    "no VPC": (lambda found: found["accepter"].pop("vpc_id"), "locals.accepter.vpc_id is missing"),
    "a VPC that is null": (lambda found: found["accepter"].update(vpc_id=None), "locals.accepter.vpc_id is missing"),
    "a VPC that is empty": (lambda found: found["accepter"].update(vpc_id=""), "locals.accepter.vpc_id is empty"),
    "a region that is a number": (
        lambda found: found["accepter"].update(region=1),
        "locals.accepter.region is 1, which is not a string",
    ),
    "an account that is none": (
        lambda found: found["requester"].update(id="33333333333\n"),
        'locals.requester.id is "33333333333\n", which are not the 12 digits of an account',
    ),
    "a role that is no ARN": (
        lambda found: found["requester"].update(role_arn="atlantis"),
        'locals.requester.role_arn is "atlantis", which is no ARN',
    ),
    "no IPv4": (lambda found: found["accepter"].update(cidr_blocks=[]), "locals.accepter.cidr_blocks is empty"),
    "ranges that are one text": (
        lambda found: found["accepter"].update(cidr_blocks="10.0.0.0/20"),
        'locals.accepter.cidr_blocks is "10.0.0.0/20", which is not a list',
    ),
    "a range with host bits": (
        lambda found: found["requester"].update(cidr_blocks=["10.0.0.0/20", "10.0.1.0/22"]),
        'locals.requester.cidr_blocks[1] is "10.0.1.0/22", which has host bits set: the range that holds it is 10.0.0.0/22',
    ),
    "IPv6 among the ranges of IPv4": (
        lambda found: found["accepter"].update(cidr_blocks=["2001:db8::/56"]),
        'locals.accepter.cidr_blocks[0] is "2001:db8::/56", which is not an IPv4 range',
    ),
    "IPv4 among the ranges of IPv6": (
        lambda found: found["accepter"].update(ipv6_cidr_blocks=["10.0.0.0/20"]),
        'locals.accepter.ipv6_cidr_blocks[0] is "10.0.0.0/20", which is not an IPv6 range',
    ),
    "a table that is empty": (
        lambda found: found["accepter"].update(route_table_ids=[""]),
        "locals.accepter.route_table_ids[0] is empty",
    ),
    "a flag that is a text": (lambda found: found.update(dns="true"), 'locals.dns is "true", which is not true or false'),
    "another pair": (lambda found: found["requester"].update(name="prod-pay"), f"it is that of prod-pay and {OTHER}"),
    "one network twice": (lambda found: found["requester"].update(name=OTHER), f"it is that of {OTHER} and {OTHER}"),
    "one VPC twice": (lambda found: found["accepter"].update(vpc_id="vpc-00000000000000006"), f"{ONE} and {OTHER} are both vpc-"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_says_less_says_nothing(name: str) -> None:
    """The place, and what is wrong there."""
    edit, said = WRONG[name]

    with pytest.raises(ValueError) as stopped:
        _read(edit)

    assert str(stopped.value).startswith(said)


CONTENT: Mapping[str, tuple[bytes | None, str]] = {
    "no file": (None, "it is not there"),
    "an empty file": (b"", "Expecting value"),
    "no text": (b"\xff", "'utf-8' codec"),
    "no object": (b"[]", "the document is [], which is not an object"),
    "an empty object": (b"{}", "locals is missing"),
    "too deep": (b"[" * 100_000, "it is nested too deeply"),
    "a key twice": (FILES[DATA].replace(b'"dns": true', b'"dns": true, "dns": true'), "an object has a key twice"),
}


@pytest.mark.parametrize("name", CONTENT)
def test_what_is_no_data_file_says_nothing(name: str) -> None:
    """Whatever it is."""
    content, said = CONTENT[name]

    with pytest.raises(ValueError) as stopped:
        read(content, PAIR)

    assert str(stopped.value).startswith(said)


def test_ipv6_is_routed_only_where_both_sides_have_it() -> None:
    """AWS: it crosses no peering of which one side is IPv4 only. The module says the same."""
    both, one = _read(), _read(ALIKE["no IPv6"])

    assert any(":" in key for key in both.routes("requester")) and any(":" in key for key in both.routes("accepter"))
    assert not any(":" in key for side in ("requester", "accepter") for key in one.routes(side))
