"""VPC peering connections out of EC2's answers, and a reading of nothing else.

Nothing is left to filters of AWS: what a filter does not match looks exactly like what is not there. A place that cannot be
read, or answers without something that decides, is a gap with its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from generator.aws.answers import moment, now, tags, text
from generator.aws.causes import FAILED, code
from generator.aws.each import each
from generator.aws.session import Session, Sessions
from generator.organization.model import Organization
from generator.snapshot.model import ACTIVE, Connection, Contents, Gap, Place, Side, Snapshot

PAGE = 1000
"""AWS's own limit of DescribeVpcPeeringConnections; without one a large region is answered slowly, or not at all."""

_Answers = dict[Place, tuple[Connection, ...] | str]
"""What each place showed, or why it showed nothing."""


def read(organization: Organization, places: Iterable[Place], progress: Callable[[int, int], None]) -> Snapshot:
    """One reading of the connections of these places. `progress(done, all)` is called after each account, from this thread."""
    taken, sessions = now(), Sessions(organization)
    wanted: dict[str, list[Place]] = {}
    for place in sorted(set(places)):
        wanted.setdefault(place.account, []).append(place)
    answers = _Answers()
    for found in each(lambda account: _account(sessions, account, wanted[account]), wanted, progress):
        answers |= found
    seen = {place: Contents(connections=answer) for place, answer in answers.items() if not isinstance(answer, str)}
    gaps = (Gap(place.account, place.region, answer) for place, answer in answers.items() if isinstance(answer, str))
    return Snapshot(taken, places=seen, gaps=tuple(gaps))


def _account(sessions: Sessions, account: str, places: list[Place]) -> _Answers:
    """What each region of an account shows; a gap for all of them where its reader role does not answer."""
    try:
        session = sessions.assume(account)
    except FAILED as error:
        return dict.fromkeys(places, code(error))
    return {place: _place(session, place.region) for place in places}


def _place(session: Session, region: str) -> tuple[Connection, ...] | str:
    try:
        return connections(session, region)
    except FAILED as error:
        return code(error)


def connections(session: Session, region: str) -> tuple[Connection, ...]:
    """Every connection that an account sees in a region. Raises `FAILED`."""
    listed = session.listed("ec2", "describe_vpc_peering_connections", "VpcPeeringConnections", region, PAGE)
    return tuple(map(_connection, listed))


def _connection(found: Mapping[str, Any]) -> Connection:
    """A connection; KeyError names what is missing. A status that nobody knows stays as it is."""
    status = text(found["Status"], "Code")
    requester, accepter = (_side(found[f"{side}VpcInfo"], status) for side in ("Requester", "Accepter"))
    message, expires = found["Status"].get("Message", ""), moment(found.get("ExpirationTime"))
    return Connection(text(found, "VpcPeeringConnectionId"), status, requester, accepter, tags(found), message, expires)


def _side(found: Mapping[str, Any], status: str) -> Side:
    """A side. Ranges are shown of active connections, and of those always: one without any would match every range, or none."""
    ipv4, ipv6 = _ranges(found, "CidrBlock"), _ranges(found, "Ipv6CidrBlock")
    if status == ACTIVE and not ipv4:
        raise KeyError("CidrBlockSet")
    dns = found.get("PeeringOptions", {}).get("AllowDnsResolutionFromRemoteVpc")
    return Side(text(found, "OwnerId"), text(found, "Region"), text(found, "VpcId"), ipv4, ipv6, dns)


def _ranges(found: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The ranges of a side, the one that stands alone first."""
    first = [found[key]] if found.get(key) else []
    others = {text(each, key) for each in found.get(f"{key}Set", [])}
    return *first, *sorted(others.difference(first))
