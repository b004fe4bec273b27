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
from generator.organization.schema import ACCOUNT_ID
from generator.problems import refuse
from generator.ranges import parse_any
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


def moment(value: Any) -> str:
    """A moment in UTC, as `2026-11-24T09:30:00Z`; `Wrong` for anything else."""
    try:
        if _MOMENT.fullmatch(_text(value)):
            dates.parse(value.partition("T")[0])
            return str(value)
    except ValueError:
        pass
    raise Wrong(f"is {_encode(value)}, not a moment as YYYY-MM-DDTHH:MM:SSZ")


def _expiry(value: Any) -> str:
    """A moment, or nothing."""
    return "" if value == "" and type(value) is str else moment(value)


def _matching(pattern: str, words: str) -> Callable[[Any], str]:
    """Text of a form. The same few stand in a file over and over, so each is looked at once."""
    form, seen = re.compile(pattern), set[str]()

    def read(value: Any) -> str:
        if type(value) is str and value in seen:
            return value
        if not form.fullmatch(_text(value)):
            raise Wrong(f"is {_encode(value)}, which is no {words}")
        seen.add(value)
        return str(value)

    return read


_account = _matching(ACCOUNT_ID.pattern, "account id: twelve digits")
_region = _matching(r"[a-z0-9]+(-[a-z0-9]+)+", "region")
_seen_blocks: set[str] = set()


def _block(value: Any) -> str:
    """A range in AWS's spelling: one that nobody can read would be compared with nothing, and pass."""
    if type(value) is str and value in _seen_blocks:
        return value
    try:
        parse_any(_text(value))
    except Wrong:
        raise
    except ValueError as error:
        raise Wrong(f"is {_encode(value)}, which {error}") from None
    _seen_blocks.add(value)
    return str(value)


_blocks = _list(_block)


def _destination(value: Any) -> str:
    """A range, or the id of a prefix list."""
    return value if type(value) is str and value.startswith("pl-") else _block(value)


_side_slowly = _object(
    Side, account=_account, region=_region, vpc_id=_text, cidr_blocks=_blocks, ipv6_cidr_blocks=_blocks, dns=_or_null(_flag)
)
_route_slowly = _object(Route, destination=_destination, target=_text, state=_text, propagated=_flag)
_side_values = itemgetter(*Side._fields)
_route_values = itemgetter(*Route._fields)


def _side(value: Any) -> Side:
    """A side. Sides and routes are most of a file: what is as it should be is seen at one glance."""
    try:
        account, region, vpc_id, ipv4, ipv6, dns = _side_values(value)
        if type(vpc_id) is str and vpc_id and (dns is None or type(dns) is bool):
            return Side(_account(account), _region(region), vpc_id, _blocks(ipv4), _blocks(ipv6), dns)
    except (Wrong, KeyError, TypeError, IndexError):
        pass
    return _side_slowly(value)  # which says what is wrong with it


def _route(value: Any) -> Route:
    try:
        destination, target, state, propagated = values = _route_values(value)
        known = destination in _seen_blocks or (type(destination) is str and destination.startswith("pl-"))
        if known and type(target) is type(state) is str and type(propagated) is bool and target and state:
            return tuple.__new__(Route, values)
    except (KeyError, TypeError, IndexError):
        pass
    return _route_slowly(value)


_CONNECTION = _object(Connection, id=_text, status=_text, requester=_side, accepter=_side, tags=_tags, message=_words, expires=_expiry)
_TABLE = _object(RouteTable, id=_text, vpc_id=_text, main=_flag, subnets=_texts, routes=_list(_route), tags=_tags)
_VPC = _object(Vpc, id=_text, cidr_blocks=_blocks, ipv6_cidr_blocks=_blocks, default=_flag, dns=_or_null(_flag), subnets=_texts, tags=_tags)
_COUNT = _or_null(_number)
_DOORS = _object(Doors, transit_gateway_attachments=_COUNT, endpoint_services=_COUNT, shared_subnets=_COUNT)
ACCOUNT = _object(Account, id=_account, name=_words, email=_words, state=_text, tags=_or_null(_tags), path=_words, regions=_list(_region))


def _place(account: str, region: str, *contents: Any) -> tuple[Place, Contents]:
    return Place(account, region), Contents(*contents)


PLACE = _object(
    _place,
    account=_account,
    region=_region,
    vpcs=_list(_VPC),
    vpc_peering_connections=_list(_CONNECTION),
    route_tables=_list(_TABLE),
    prefix_lists=_table(_or_null(_blocks)),
    other_doors=_DOORS,
)


def _part(value: Any) -> Part:
    try:
        return Part(value)
    except ValueError:
        raise Wrong(f"is {_encode(value)}, none of {', '.join(part.value for part in Part)}") from None


GAP = _object(Gap, account=_account, region=_or_null(_region), cause=_text, part=_part)


def _version(value: Any) -> int:
    if type(value) is not int:
        raise Wrong("is not a whole number")
    if value != VERSION:
        raise Wrong(f"is {value}, and only {VERSION} is known here: install a newer scaffold")
    return value


_Parts = tuple[str, tuple[Account, ...], tuple[tuple[Place, Contents], ...], tuple[Gap, ...]]


def _parts(version: int, taken: str, accounts: Any, places: Any, gaps: Any) -> _Parts:
    return taken, accounts, places, gaps


_DOCUMENT = _object(_parts, version=_version, taken=moment, accounts=_list(ACCOUNT), places=_list(PLACE), gaps=_list(GAP))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are there once: JSON forgets all but the last, and a gap with it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise Wrong(f"has the key {_encode(next(key for key in found if keys.count(key) > 1))} twice")
    return found


def read(content: bytes, file: str) -> Snapshot:
    """What a file says; refused where anything is missing, of a wrong type, or there twice."""
    try:
        return together(*_DOCUMENT(json.loads(content, object_pairs_hook=_unique)))
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
        for vpc in here.vpcs:
            if not vpc.cidr_blocks or len({*vpc.cidr_blocks}) != len(vpc.cidr_blocks):
                raise Wrong(f"gives {vpc.id} of {place} no range, or one twice")
        _once(f"VPCs of {place}", len(here.vpcs), {vpc.id: 0 for vpc in here.vpcs})
        _once(f"connections of {place}", len(here.connections), {found.id: 0 for found in here.connections})
        _once(f"route tables of {place}", len(here.route_tables), {table.id: 0 for table in here.route_tables})
    return Snapshot(taken, by_id, by_place, gaps)


def _once(what: str, number: int, found: Mapping[Any, Any]) -> None:
    if len(found) != number:
        raise Wrong(f"names one of the {what} twice, and which is right cannot be told")
