"""What AWS has of VPC peering connections, place by place: the model, and its JSON file.

A place is one account in one region. Both sides of a connection are looked at from their own place, since each account has
tags of its own on it. A place that could not be looked into is a gap, and never an empty place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from generator.documents import dates
from generator.problems import refuse

VERSION = 1
TERMINAL = frozenset({"deleted", "rejected", "expired", "failed"})
"""The statuses of a connection that carries nothing and never will again (VPC peering guide, "lifecycle"). No other is."""

_Value = TypeVar("_Value", str, int, list[Any], dict[str, Any])
_Item = TypeVar("_Item")
_WORDS: Mapping[type, str] = {str: "text", int: "a whole number", list: "a list", dict: "an object"}
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z")
_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One account in one region."""

    account: str
    region: str

    def __str__(self) -> str:
        """As messages name it."""
        return f"account {self.account} in {self.region}"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two VPCs of a connection."""

    account: str
    region: str
    vpc_id: str

    @property
    def place(self) -> Place:
        """Where it is looked at."""
        return Place(self.account, self.region)


@dataclass(frozen=True, slots=True)
class Connection:
    """A peering connection as one place sees it: its status in AWS's word, and the tags that this place has on it."""

    id: str
    status: str
    requester: Side
    accepter: Side
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def gone(self) -> bool:
        """Is it over? A status that nobody knows is not."""
        return self.status in TERMINAL

    @property
    def vpc_ids(self) -> frozenset[str]:
        """Its two VPCs; a connection has no direction."""
        return frozenset((self.requester.vpc_id, self.accepter.vpc_id))


@dataclass(frozen=True, slots=True)
class Connections:
    """One reading, begun at `taken` (`YYYY-MM-DDTHH:MM:SSZ`): every connection of each place, and why a place was not read."""

    taken: str
    places: Mapping[Place, tuple[Connection, ...]] = field(default_factory=dict)
    gaps: Mapping[Place, str] = field(default_factory=dict)


def write(found: Connections) -> bytes:
    """The file: one spelling for one content, a line for each place."""
    places = [_plain_place(place, connections) for place, connections in sorted(found.places.items())]
    gaps = [{"account": place.account, "region": place.region, "cause": cause} for place, cause in sorted(found.gaps.items())]
    body = f'"version": {VERSION},\n"taken": {_encode(found.taken)},\n"places": {_lines(places)},\n"gaps": {_lines(gaps)}'
    return f"{{\n{body}\n}}\n".encode()


def _lines(items: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(map(_encode, items)) + "\n]" if items else "[]"


def _plain_place(place: Place, connections: tuple[Connection, ...]) -> dict[str, Any]:
    listed = [_plain(found) for found in sorted(connections, key=lambda found: found.id)]
    return {"account": place.account, "region": place.region, "vpc_peering_connections": listed}


def _plain(found: Connection) -> dict[str, Any]:
    sides = {
        name: {"account": side.account, "region": side.region, "vpc_id": side.vpc_id}
        for name, side in (("requester", found.requester), ("accepter", found.accepter))
    }
    return {"id": found.id, "status": found.status, **sides, "tags": dict(sorted(found.tags.items()))}


class _Wrong(ValueError):
    """What a snapshot does not say as it should, and at which place in it."""

    def __init__(self, words: str, place: str = "") -> None:
        super().__init__(f"{place} {words}" if place else f"it {words}")
        self.words, self.place = words, place

    def below(self, place: str) -> _Wrong:
        """The same, seen from further out."""
        dot = "." if self.place and not self.place.startswith("[") else ""
        return _Wrong(self.words, f"{place}{dot}{self.place}")


def read(content: bytes, file: str) -> Connections:
    """What a file says. Anything missing or of a wrong type is refused by its name; further keys are another reader's."""
    try:
        return _document(json.loads(content))
    except RecursionError:
        words = "it is nested too deeply"
    except ValueError as error:
        words = str(error)
    raise refuse("bad-snapshot", f"this is no snapshot that can be read: {words}", "take it again", file=file)


def _document(plain: object) -> Connections:
    version = _get(plain, "version", int)
    if version != VERSION:
        raise _Wrong(f"is {version}, and only {VERSION} is known here: install a newer scaffold", "version")
    places = dict(_each(plain, "places", _place))
    gaps = dict(_each(plain, "gaps", lambda gap: (_where(gap), _get(gap, "cause", str))))
    numbers = len(_get(plain, "places", list)), len(_get(plain, "gaps", list))
    if len(places.keys() | gaps.keys()) != sum(numbers):
        raise _Wrong("name a place twice, which cannot both be right", "places and gaps")
    return Connections(_moment(plain), places, gaps)


def _moment(plain: object) -> str:
    taken = _get(plain, "taken", str)
    try:
        if _MOMENT.fullmatch(taken):
            dates.parse(taken.partition("T")[0])
            return taken
    except ValueError:
        pass
    raise _Wrong(f"is {_encode(taken)}, not a moment as YYYY-MM-DDTHH:MM:SSZ", "taken")


def _place(plain: object) -> tuple[Place, tuple[Connection, ...]]:
    return _where(plain), tuple(_each(plain, "vpc_peering_connections", _connection))


def _where(plain: object) -> Place:
    return Place(_get(plain, "account", str), _get(plain, "region", str))


def _connection(plain: object) -> Connection:
    return Connection(
        id=_get(plain, "id", str),
        status=_get(plain, "status", str),
        requester=_inside(plain, "requester", _side),
        accepter=_inside(plain, "accepter", _side),
        tags=_inside(plain, "tags", _tags),
    )


def _side(plain: Mapping[str, Any]) -> Side:
    return Side(_get(plain, "account", str), _get(plain, "region", str), _get(plain, "vpc_id", str))


def _tags(plain: Mapping[str, Any]) -> dict[str, str]:
    return {key: value if value == "" else _get(plain, key, str) for key, value in plain.items()}


def _get(plain: object, key: str, kind: type[_Value]) -> _Value:
    """The value of a key; an empty text says nothing, so it is missing as well."""
    if not isinstance(plain, dict):
        raise _Wrong("is no object")
    value = plain.get(key)
    if value is None or value == "":
        raise _Wrong("is missing", key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _Wrong(f"is not {_WORDS[kind]}", key)
    return value


def _inside(plain: object, key: str, make: Callable[[dict[str, Any]], _Item]) -> _Item:
    """What is made of the object of a key."""
    value = _get(plain, key, dict)
    try:
        return make(value)
    except _Wrong as error:
        raise error.below(key) from None


def _each(plain: object, key: str, make: Callable[[object], _Item]) -> list[_Item]:
    """What is made of each item of the list of a key."""
    made = []
    for number, item in enumerate(_get(plain, key, list)):
        try:
            made.append(make(item))
        except _Wrong as error:
            raise error.below(f"{key}[{number}]") from None
    return made
