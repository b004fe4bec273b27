"""One place alone: what its answers have to hold, and how often it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from io import BytesIO
from operator import getitem
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from generator.aws import places
from generator.aws.causes import cause, passes
from generator.aws.session import Session
from tests.support.aws_company import HOME, Answer, Peered
from tests.support.aws_faults import Faults

KEYS = {
    "DescribeVpcs": "Vpcs",
    "DescribeVpcPeeringConnections": "VpcPeeringConnections",
    "DescribeRouteTables": "RouteTables",
    "DescribeSubnets": "Subnets",
}


def lacks(session: Session, what: str) -> None:
    """The place cannot be read, and why is said."""
    with pytest.raises(KeyError) as error:
        places.read(session, HOME)
    assert cause(error.value) == f"an answer without {what}"


@pytest.mark.parametrize("operation", KEYS)
def test_an_answer_without_its_list_is_a_gap(session: Session, faults: Faults, operation: str) -> None:
    """It is no empty list."""
    faults.alter(operation, lambda answer: {})

    lacks(session, KEYS[operation])


FIELDS: Mapping[str, tuple[tuple[str | int, ...], ...]] = {
    "DescribeVpcs": (
        ("VpcId",),
        ("OwnerId",),
        ("CidrBlock",),
        ("CidrBlockAssociationSet",),
        ("CidrBlockAssociationSet", 0, "CidrBlock"),
        ("CidrBlockAssociationSet", 0, "CidrBlockState"),
        ("CidrBlockAssociationSet", 0, "CidrBlockState", "State"),
    ),
    "DescribeVpcPeeringConnections": (
        ("VpcPeeringConnectionId",),
        ("Status",),
        ("Status", "Code"),
        ("RequesterVpcInfo",),
        ("AccepterVpcInfo",),
        ("RequesterVpcInfo", "OwnerId"),
        ("AccepterVpcInfo", "Region"),
        ("AccepterVpcInfo", "VpcId"),
    ),
    "DescribeRouteTables": (
        ("RouteTableId",),
        ("OwnerId",),
        ("VpcId",),
        ("Associations",),
        ("Routes",),
        ("Routes", 0, "State"),
    ),
    "DescribeSubnets": (("SubnetId",), ("OwnerId",), ("VpcId",)),
}


WHOLE = {"Routes", "Associations", "CidrBlockAssociationSet", "CidrBlockState", "Status", "RequesterVpcInfo", "AccepterVpcInfo"}
LACKING = [(name, path, empty) for name, paths in FIELDS.items() for path in paths for empty in {False, path[-1] not in WHOLE}]


@pytest.mark.parametrize(("operation", "path", "empty"), LACKING)
def test_an_answer_that_lacks_what_decides_is_a_gap(
    session: Session, faults: Faults, operation: str, path: tuple[str | int, ...], empty: bool
) -> None:
    """One thing without it, or with an empty one, is enough: nobody knows what it was."""

    def change(answer: Answer) -> Answer:
        inner = reduce(getitem, path[:-1], answer[KEYS[operation]][-1])
        inner.pop(path[-1])
        inner.update({path[-1]: ""} if empty else {})
        return answer

    faults.alter(operation, change)

    lacks(session, str(path[-1]))


@pytest.mark.parametrize(
    ("dropped", "what"),
    [
        ("VpcPeeringConnectionId", "a known target of the route to {list} in {table}"),
        ("DestinationPrefixListId", "a known destination of a route in {table}"),
        ("State", "State"),
    ],
)
def test_a_route_that_cannot_be_told_is_a_gap(founded: Peered, session: Session, faults: Faults, dropped: str, what: str) -> None:
    """A newer kind of target than boto3 knows has no field at all; a route to a peering must not be lost that way."""

    def change(answer: Answer) -> Answer:
        for table in answer["RouteTables"]:
            for route in table["Routes"]:
                if route.get("DestinationPrefixListId"):
                    del route[dropped]
        return answer

    faults.alter("DescribeRouteTables", change)

    lacks(session, what.format(list=founded.prefix_list, table=founded.table))


def test_an_active_connection_without_ranges_is_a_gap(session: Session, faults: Faults) -> None:
    """AWS shows them of every active one."""

    def change(answer: Answer) -> Answer:
        for found in answer["VpcPeeringConnections"]:
            for key in ("CidrBlock", "CidrBlockSet"):
                del found["AccepterVpcInfo"][key]
        return answer

    faults.alter("DescribeVpcPeeringConnections", change)

    lacks(session, "CidrBlockSet")


# Retries


THROTTLED = b"<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>"


def answers_of(session: Session, *contents: bytes) -> None:
    """Let EC2 answer the first calls with errors of its own, as they come over the wire."""
    left = list(contents)

    def before_send(**_: Any) -> AWSResponse | None:
        return AWSResponse("https://ec2.us-east-1.amazonaws.com", 503, {}, Body(left.pop(0))) if left else None

    session._clients.client("ec2", None).meta.events.register("before-send.ec2.DescribeRegions", before_send)


class Body(BytesIO):
    """What botocore reads an answer from."""

    def stream(self) -> Iterator[bytes]:
        """All of it."""
        yield self.read()


@pytest.mark.parametrize(("times", "answered"), [(5, True), (6, False)])
def test_a_throttled_call_is_tried_again_five_times(session: Session, monkeypatch: pytest.MonkeyPatch, times: int, answered: bool) -> None:
    """Standard retries; after the last one it is a gap, of which the next run asks again."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    answers_of(session, *[THROTTLED] * times)

    if answered:
        assert HOME in places.regions(session)
    else:
        with pytest.raises(ClientError) as error:
            places.regions(session)
        assert (cause(error.value), passes(error.value)) == ("RequestLimitExceeded: throttled", True)
