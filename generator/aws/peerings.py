"""Every VPC peering connection of some accounts and regions, out of EC2.

Nothing is left to filters of AWS: what a filter does not match looks exactly like what is not there. A place that cannot be
read, or answers without something that decides, is a gap with its cause.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from generator.aws.session import Session, Sessions, Unreadable, cause
from generator.organization.model import Organization
from generator.snapshot.model import Connection, Contents, Gap, Place, Side, Snapshot

WORKERS = 8
PAGE = 1000
"""AWS's own limit of DescribeVpcPeeringConnections; without one a large region is answered slowly, or not at all."""

_Answers = dict[Place, tuple[Connection, ...] | str]
"""What each place showed, or why it showed nothing."""


def read(organization: Organization, places: Iterable[Place], progress: Callable[[int, int], None]) -> Snapshot:
    """One reading of these places. `progress(done, all)` is called after each account, from this thread."""
    taken = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    wanted: dict[str, list[Place]] = {}
    for place in sorted(set(places)):
        wanted.setdefault(place.account, []).append(place)
    sessions, answers = Sessions(organization), _Answers()
    with ThreadPoolExecutor(WORKERS) as pool:
        for done, found in enumerate(pool.map(lambda account: _account(sessions, account, wanted[account]), wanted), 1):
            answers |= found
            progress(done, len(wanted))
    seen = {place: Contents(connections=answer) for place, answer in answers.items() if not isinstance(answer, str)}
    gaps = (Gap(place.account, place.region, answer) for place, answer in answers.items() if isinstance(answer, str))
    return Snapshot(taken, places=seen, gaps=tuple(gaps))


def _account(sessions: Sessions, account: str, places: list[Place]) -> _Answers:
    """What each region of an account shows; a gap for all of them where its reader role does not answer."""
    try:
        session = sessions.assume(account)
    except Unreadable as error:
        return dict.fromkeys(places, cause(error))
    return {place: _place(session, place.region) for place in places}


def _place(session: Session, region: str) -> tuple[Connection, ...] | str:
    try:
        return tuple(_connection(found) for found in _listed(session, region))
    except Unreadable as error:
        return cause(error)
    except KeyError as error:
        return f"an answer without {error.args[0]}"


def _listed(session: Session, region: str) -> Iterator[Mapping[str, Any]]:
    pages = session.client("ec2", region).get_paginator("describe_vpc_peering_connections")
    for page in pages.paginate(PaginationConfig={"PageSize": PAGE}):
        yield from page["VpcPeeringConnections"]


def _connection(found: Mapping[str, Any]) -> Connection:
    """A connection; KeyError names what is missing. AWS leaves out the tags, and only those, where there are none."""
    return Connection(
        id=_text(found, "VpcPeeringConnectionId"),
        status=_text(found["Status"], "Code"),
        requester=_side(found["RequesterVpcInfo"]),
        accepter=_side(found["AccepterVpcInfo"]),
        tags={tag["Key"]: tag["Value"] for tag in found.get("Tags", [])},
    )


def _side(found: Mapping[str, Any]) -> Side:
    return Side(_text(found, "OwnerId"), _text(found, "Region"), _text(found, "VpcId"))


def _text(found: Mapping[str, Any], key: str) -> str:
    """A value that decides: an empty one would match nothing, as if it were not there."""
    if not (value := found.get(key)):
        raise KeyError(key)
    return str(value)
