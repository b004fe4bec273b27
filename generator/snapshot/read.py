"""Reading the snapshot's file. Nothing is defaulted: what is missing, or of another kind, is refused by its place in the file.

An audit of ten thousand accounts spends most of its time here, so a value is checked as it is taken out of its object, and
where it stands is only found out when it is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, TypeVar

from generator.documents import dates
from generator.problems import refuse
from generator.snapshot.model import Account, Connection, Contents, Doors, Gap, Part, Place, Route, RouteTable, Side, Snapshot, Vpc
from generator.snapshot.write import VERSION

_Item = TypeVar("_Item")
Check = Callable[[Any], Any]
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z")
_ONLY_TEXT = frozenset({str})
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Wrong(ValueError):
    """What a snapshot does not say as it should, and at which place in it."""

    def __init__(self, words: str, place: str = "") -> None:
        super().__init__(f"{place} {words}" if place else f"it {words}")
        self.words, self.place = words, place

    def below(self, place: str) -> Wrong:
        """The same, seen from further out."""
        dot = "." if self.place and not self.place.startswith("[") else ""
        return Wrong(self.words, f"{place}{dot}{self.place}")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise Wrong("is not text")
    if not value:  # a value that decides: an empty one would match nothing, as if it were not there
        raise Wrong("is empty")
    return value


def _words(value: Any) -> str:
    """Text that may be empty."""
    if type(value) is not str:
        raise Wrong("is not text")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Wrong("is neither true nor false")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise Wrong("is not a whole number")
    return value


def _or_null(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _list(check: Callable[[Any], _Item]) -> Callable[[Any], tuple[_Item, ...]]:
    """A list as a tuple of what `check` makes of each item."""

    def read(value: Any) -> tuple[_Item, ...]:
        if type(value) is not list:
            raise Wrong("is not a list")
        try:
            return tuple(map(check, value))
        except Wrong:
            for number, item in enumerate(value):
                _at(f"[{number}]", check, item)
            raise

    return read


def _texts(value: Any) -> tuple[str, ...]:
    """A list of texts, none of them empty."""
    if type(value) is list and _ONLY_TEXT.issuperset(map(type, value)) and "" not in value:
        return tuple(value)
    return _list(_text)(value)  # which says what is wrong with it


def _tags(value: Any) -> dict[str, str]:
    """An object whose values are texts, which may be empty."""
    if type(value) is dict and _ONLY_TEXT.issuperset(map(type, value.values())):
        return value
    return _table(_words)(value)


def _table(check: Check) -> Callable[[Any], dict[str, Any]]:
    """An object of any keys."""

    def read(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise Wrong("is not an object")
        return {key: _at(key, check, item) for key, item in value.items()}

    return read


def _at(place: str, check: Check, value: Any) -> Any:
    try:
        return check(value)
    except Wrong as error:
        raise error.below(place) from None


def _object(make: Callable[..., _Item], **checks: Check) -> Callable[[Any], _Item]:
    """What `make` makes of the values of an object's keys, in the order of `checks`. Further keys say nothing here."""
    names, values_of, tests = tuple(checks), itemgetter(*checks), tuple(checks.values())

    def read(value: Any) -> _Item:
        try:
            values = values_of(value)
            return make(*[check(item) for check, item in zip(tests, values, strict=True)])
        except (Wrong, KeyError, TypeError, IndexError):
            _explain(value, names, tests)
            raise

    return read


def _explain(value: Any, names: tuple[str, ...], tests: tuple[Check, ...]) -> None:
    """Say what is wrong with an object: the first key that is missing, or whose value is."""
    if type(value) is not dict:
        raise Wrong("is not an object")
    for name, check in zip(names, tests, strict=True):
        if name not in value:
            raise Wrong("is missing", name)
        _at(name, check, value[name])


_side_slowly = _object(Side, account=_text, region=_text, vpc_id=_text, cidr_blocks=_texts, ipv6_cidr_blocks=_texts, dns=_or_null(_flag))
_route_slowly = _object(Route, destination=_text, target=_text, state=_text, propagated=_flag)
_side_values = itemgetter(*Side._fields)
_route_values = itemgetter(*Route._fields)


def _side(value: Any) -> Side:
    """A side. Sides and routes are most of a file: what is as it should be is seen at one glance."""
    try:
        account, region, vpc_id, ipv4, ipv6, dns = _side_values(value)
        if type(account) is type(region) is type(vpc_id) is str and account and region and vpc_id and (dns is None or type(dns) is bool):
            return Side(account, region, vpc_id, _texts(ipv4), _texts(ipv6), dns)
    except (Wrong, KeyError, TypeError, IndexError):
        pass
    return _side_slowly(value)  # which says what is wrong with it


def _route(value: Any) -> Route:
    try:
        destination, target, state, propagated = values = _route_values(value)
    except (KeyError, TypeError, IndexError):
        return _route_slowly(value)
    if type(destination) is type(target) is type(state) is str and type(propagated) is bool and destination and target and state:
        return tuple.__new__(Route, values)
    return _route_slowly(value)


_CONNECTION = _object(Connection, id=_text, status=_text, requester=_side, accepter=_side, tags=_tags, message=_words, expires=_words)
_TABLE = _object(RouteTable, id=_text, vpc_id=_text, main=_flag, subnets=_texts, routes=_list(_route), tags=_tags)
_VPC = _object(Vpc, id=_text, cidr_blocks=_texts, ipv6_cidr_blocks=_texts, default=_flag, dns=_or_null(_flag), subnets=_texts, tags=_tags)
_COUNT = _or_null(_number)
_DOORS = _object(Doors, transit_gateway_attachments=_COUNT, endpoint_services=_COUNT, shared_subnets=_COUNT)
ACCOUNT = _object(Account, id=_text, name=_words, email=_words, state=_text, tags=_or_null(_tags), path=_words)


def _place(account: str, region: str, *contents: Any) -> tuple[Place, Contents]:
    return Place(account, region), Contents(*contents)


PLACE = _object(
    _place,
    account=_text,
    region=_text,
    vpcs=_list(_VPC),
    vpc_peering_connections=_list(_CONNECTION),
    route_tables=_list(_TABLE),
    prefix_lists=_table(_or_null(_texts)),
    other_doors=_DOORS,
)


def _part(value: Any) -> Part:
    try:
        return Part(value)
    except ValueError:
        raise Wrong(f"is {_encode(value)}, none of {', '.join(part.value for part in Part)}") from None


GAP = _object(Gap, account=_text, region=_or_null(_text), cause=_text, part=_part)


def _version(value: Any) -> int:
    if type(value) is not int:
        raise Wrong("is not a whole number")
    if value != VERSION:
        raise Wrong(f"is {value}, and only {VERSION} is known here: install a newer scaffold")
    return value


def moment(value: Any) -> str:
    """A moment in UTC, as `2026-11-24T09:30:00Z`; `Wrong` for anything else."""
    try:
        if _MOMENT.fullmatch(_text(value)):
            dates.parse(value.partition("T")[0])
            return str(value)
    except ValueError:
        pass
    raise Wrong(f"is {_encode(value)}, not a moment as YYYY-MM-DDTHH:MM:SSZ")


_Parts = tuple[str, tuple[Account, ...], tuple[tuple[Place, Contents], ...], tuple[Gap, ...]]


def _parts(version: int, taken: str, accounts: Any, places: Any, gaps: Any) -> _Parts:
    return taken, accounts, places, gaps


_DOCUMENT = _object(_parts, version=_version, taken=moment, accounts=_list(ACCOUNT), places=_list(PLACE), gaps=_list(GAP))


def read(content: bytes, file: str) -> Snapshot:
    """What a file says; refused where anything is missing, of a wrong type, or there twice."""
    try:
        return together(*_DOCUMENT(json.loads(content)))
    except RecursionError:
        words = "it is nested too deeply"
    except ValueError as error:
        words = str(error)
    raise refuse("bad-snapshot", f"this is no snapshot that can be read: {words}", "take it again", file=file)


def together(taken: str, accounts: tuple[Account, ...], places: tuple[tuple[Place, Contents], ...], gaps: tuple[Gap, ...]) -> Snapshot:
    """The snapshot of these parts. `Wrong` where a place or an account is there twice: which of the two is right cannot be told."""
    by_id, by_place = {each.id: each for each in accounts}, dict(places)
    blind = {Place(gap.account, gap.region) for gap in gaps if gap.part is Part.ALL and gap.region is not None}
    _once("accounts", len(accounts), by_id)
    _once("places", len(places), by_place)
    both = sorted(blind & by_place.keys())
    if both:
        raise Wrong(f"says that {both[0]} was read, and that it was not")
    for place, here in places:
        _once(f"VPCs of {place}", len(here.vpcs), {vpc.id: 0 for vpc in here.vpcs})
        _once(f"connections of {place}", len(here.connections), {found.id: 0 for found in here.connections})
        _once(f"route tables of {place}", len(here.route_tables), {table.id: 0 for table in here.route_tables})
    return Snapshot(taken, by_id, by_place, gaps)


def _once(what: str, number: int, found: Mapping[Any, Any]) -> None:
    if len(found) != number:
        raise Wrong(f"names one of the {what} twice, and which is right cannot be told")
