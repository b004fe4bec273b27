"""The snapshot's file: one spelling for one content, a line for each account, place and gap, so that two of them can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from generator.snapshot.model import Account, Connection, Contents, Gap, Place, RouteTable, Side, Snapshot, Vpc

VERSION = 1
_encode = json.JSONEncoder(ensure_ascii=False).encode


def write(found: Snapshot) -> bytes:
    """The file. Reading it gives the same snapshot."""
    parts = {
        "accounts": (account_line(each) for _, each in sorted(found.accounts.items())),
        "places": (place_line(place, contents) for place, contents in sorted(found.places.items())),
        "gaps": (gap_line(each) for each in sorted(found.gaps, key=lambda each: (each.account, each.region or "", each.part.value))),
    }
    lists = "".join(f',\n"{name}": {_lines(lines)}' for name, lines in parts.items())
    return f'{{\n"version": {VERSION},\n"taken": {_encode(found.taken)}{lists}\n}}\n'.encode()


def _lines(lines: Iterable[str]) -> str:
    joined = ",\n".join(lines)
    return f"[\n{joined}\n]" if joined else "[]"


def account_line(account: Account) -> str:
    """An account as one line of JSON."""
    tags = _sorted(account.tags) if account.tags is not None else None
    return _encode({**account._asdict(), "tags": tags, "regions": sorted(account.regions)})


def place_line(place: Place, contents: Contents) -> str:
    """A place as one line of JSON."""
    lists = contents.prefix_lists
    return _encode(
        {
            "account": place.account,
            "region": place.region,
            "vpcs": [_vpc(vpc) for vpc in sorted(contents.vpcs, key=lambda vpc: vpc.id)],
            "vpc_peering_connections": [_connection(found) for found in sorted(contents.connections, key=lambda found: found.id)],
            "route_tables": [_table(table) for table in sorted(contents.route_tables, key=lambda table: table.id)],
            "prefix_lists": {name: None if (found := lists[name]) is None else sorted(found) for name in sorted(lists)},
            "other_doors": contents.doors._asdict(),
        }
    )


def gap_line(gap: Gap) -> str:
    """A gap as one line of JSON."""
    return _encode({**gap._asdict(), "part": gap.part.value})


def _vpc(vpc: Vpc) -> dict[str, Any]:
    return {**vpc._asdict(), "subnets": sorted(vpc.subnets), "tags": _sorted(vpc.tags)}


def _table(table: RouteTable) -> dict[str, Any]:
    routes = [route._asdict() for route in sorted(table.routes)]
    return {**table._asdict(), "subnets": sorted(table.subnets), "routes": routes, "tags": _sorted(table.tags)}


def _connection(found: Connection) -> dict[str, Any]:
    return {**found._asdict(), "requester": _side(found.requester), "accepter": _side(found.accepter), "tags": _sorted(found.tags)}


def _side(side: Side) -> dict[str, Any]:
    return side._asdict()


def _sorted(tags: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(tags.items()))
