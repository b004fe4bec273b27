"""The snapshot's file: what is written is read back, and what does not say everything is refused."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.problems import Refused
from generator.snapshot.model import (
    TERMINAL,
    Account,
    Connection,
    Contents,
    Doors,
    Gap,
    Part,
    Place,
    Route,
    RouteTable,
    Side,
    Snapshot,
    Vpc,
)
from generator.snapshot.read import read
from generator.snapshot.write import write

TAKEN = "2026-11-24T09:30:00Z"
ONE = Side("111111111111", "us-east-1", "vpc-1", ("10.0.0.0/16",), ("2001:db8::/56",), True)
OTHER = Side("222222222222", "eu-west-1", "vpc-2")
CONNECTION = Connection("pcx-1", "active", ONE, OTHER, {"peering": "dev-a--dev-b", "Name": ""}, "Active", "2026-11-30T09:30:00Z")
VPC = Vpc("vpc-1", ("10.0.0.0/16",), ("2001:db8::/56",), True, False, ("subnet-1",), {"Name": ""})
TABLE = RouteTable("rtb-1", "vpc-1", True, ("subnet-1",), (Route("10.1.0.0/16", "pcx-1", "active"),), {"Name": ""})
HERE = Contents((VPC,), (CONNECTION,), (TABLE,), {"pl-1": ("10.9.0.0/16",), "pl-2": None}, Doors(1, 0))
SEEN = Snapshot(
    TAKEN,
    {"111111111111": Account("111111111111", "dev-a", "a@acme.com", "ACTIVE", {"environment": "dev"}, "o-1/r-1/", ("us-east-1",))},
    {ONE.place: HERE, Place("333333333333", "us-east-1"): Contents()},
    (Gap(OTHER.account, OTHER.region, "AccessDenied"),),
)


def texts(most: int = 8, least: int = 1) -> st.SearchStrategy[str]:
    """Any text, also one that no terminal shows."""
    return st.text(min_size=least, max_size=most)


TAGS = st.dictionaries(texts(), texts(4, 0), max_size=2)
IDS = st.sampled_from(["111111111111", "222222222222", "000000000003"])
REGIONS = st.sampled_from(["us-east-1", "eu-west-1", "us-gov-west-1"])
RANGES = st.sampled_from(["10.0.0.0/16", "10.1.0.0/20", "2001:db8::/56"])
BLOCKS = st.lists(RANGES, unique=True, max_size=2).map(lambda found: tuple(sorted(found)))
SOME = BLOCKS.filter(bool)
MOMENTS = st.sampled_from(["", "2026-11-30T09:30:00Z"])
DESTINATIONS = st.sampled_from(["10.0.0.0/16", "::/0", "pl-1"])
LISTS = st.lists(texts(), max_size=2).map(lambda found: tuple(sorted(found)))
FLAGS, COUNTS = st.sampled_from([None, True, False]), st.sampled_from([None, 0, 7])
SIDES = st.builds(Side, IDS, REGIONS, texts(), BLOCKS, BLOCKS, FLAGS)
CONNECTIONS = st.builds(Connection, texts(), texts(), SIDES, SIDES, TAGS, texts(4, 0), MOMENTS)
ROUTES = st.lists(st.builds(Route, DESTINATIONS, texts(), texts(), st.booleans()), max_size=2).map(lambda found: tuple(sorted(found)))
TABLES = st.builds(RouteTable, texts(), texts(), st.booleans(), LISTS, ROUTES, TAGS)
VPCS = st.builds(Vpc, texts(), SOME, BLOCKS, st.booleans(), FLAGS, LISTS, TAGS)
PREFIX_LISTS = st.dictionaries(texts(), st.none() | BLOCKS, max_size=2)
ENABLED = st.lists(REGIONS, unique=True, max_size=2).map(lambda found: tuple(sorted(found)))
ACCOUNTS = st.builds(Account, IDS, texts(4, 0), texts(4, 0), texts(), st.none() | TAGS, texts(4, 0), ENABLED)


def _in_order(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    listed = st.lists(items, unique_by=lambda found: found.id, max_size=2)
    return listed.map(lambda found: tuple(sorted(found, key=lambda each: each.id)))


HELD = st.builds(
    Contents, _in_order(VPCS), _in_order(CONNECTIONS), _in_order(TABLES), PREFIX_LISTS, st.builds(Doors, COUNTS, COUNTS, COUNTS)
)


@st.composite
def readings(draw: st.DrawFn) -> Snapshot:
    """Any reading: some places that were looked into, others that are gaps, and accounts of any tags."""
    places = draw(st.lists(st.builds(Place, IDS, REGIONS), unique=True, max_size=3))
    seen = {place: draw(HELD) for place in places if draw(st.booleans())}
    gaps = sorted((Gap(place.account, place.region, draw(texts())) for place in places if place not in seen), key=lambda gap: gap[:2])
    accounts = draw(st.lists(ACCOUNTS, max_size=2))
    return Snapshot(TAKEN, {account.id: account for account in accounts}, seen, tuple(gaps))


def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write(SEEN))
    return document


def _refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(content, "some/audit.json")
    (problem,) = refused.value.problems
    assert (problem.id, problem.file) == ("bad-snapshot", "some/audit.json")
    return problem.message


def _without(*path: str | int) -> dict[str, Any]:
    return _with(lambda inner, key: inner.pop(key), *path)


def _with(change: Callable[[Any, Any], object], *path: str | int) -> dict[str, Any]:
    document: Any = _document()
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    change(inner, path[-1])
    found: dict[str, Any] = document
    return found


def _spelled(*path: str | int) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


FREE = ("tags", "prefix_lists")
NULLABLE = frozenset({"dns", "transit_gateway_attachments", "endpoint_services", "shared_subnets"})
MAY_BE_EMPTY = frozenset({"message", "expires", "name", "email", "path"})


def _paths(value: object, *above: str | int) -> list[tuple[str | int, ...]]:
    """Where a document says something: every key, at every depth. Tags and prefix lists are free, and so are items of a list."""
    items: list[tuple[str | int, object]] = list(value.items()) if isinstance(value, dict) else []
    items = list(enumerate(value)) if isinstance(value, list) else items
    found: list[tuple[str | int, ...]] = []
    for key, inner in items:
        found += [(*above, key)] if isinstance(key, str) else []
        found += _paths(inner, *above, key) if key not in FREE else []
    return found


EVERYWHERE = _paths(_document())


@given(readings(), st.randoms(use_true_random=False))
def test_what_is_written_is_read_back(seen: Snapshot, rnd: random.Random) -> None:
    """And one content has one spelling, whatever the order it was read in."""
    places = rnd.sample(list(seen.places.items()), len(seen.places))
    mixed = {place: here._replace(vpcs=here.vpcs[::-1], connections=here.connections[::-1]) for place, here in places}
    shuffled = Snapshot(seen.taken, dict(list(seen.accounts.items())[::-1]), mixed, seen.gaps[::-1])

    assert read(write(seen), "a.json") == seen
    assert write(shuffled) == write(seen)


def test_a_line_is_an_account_a_place_or_a_gap() -> None:
    """The file says what it says in order, so that two of them can be compared."""
    lines = write(SEEN).decode().split("\n")

    assert lines[1:3] == ['"version": 1,', f'"taken": "{TAKEN}",']
    said = [json.loads(line.rstrip(",")) for line in lines if line.startswith("{") and line != "{"]
    assert [found.get("id", found.get("account")) for found in said] == ["111111111111", "111111111111", "333333333333", "222222222222"]
    assert write(Snapshot(TAKEN)) == (
        b'{\n"version": 1,\n"taken": "2026-11-24T09:30:00Z",\n"accounts": [],\n"places": [],\n"gaps": []\n}\n'
    )


def test_every_key_is_tried_below() -> None:
    """A test that tried none would prove nothing."""
    assert ("places", 0, "vpc_peering_connections", 0, "accepter", "vpc_id") in EVERYWHERE
    assert ("places", 0, "route_tables", 0, "routes", 0, "state") in EVERYWHERE
    document, accounts, place, other, gap = 5, 7, 7 + 3, 7 + 3, 4
    vpc, connection, table = 7, 7 + 2 * 6, 6 + 4
    assert len(EVERYWHERE) == document + accounts + place + vpc + connection + table + other + gap


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: _spelled(*path))
def test_what_is_missing_is_refused_by_its_name(path: tuple[str | int, ...]) -> None:
    """A list that is not there is no empty list: a connection could stand in it."""
    assert f"{_spelled(*path)} is missing" in _refusal(json.dumps(_without(*path)).encode())


def _is_legal(path: tuple[str | int, ...], wrong: object) -> bool:
    if wrong is None:
        return path[-1] in NULLABLE or (path[0], path[-1]) in (("accounts", "tags"), ("gaps", "region"))
    return wrong == "" and path[-1] in MAY_BE_EMPTY


WRONG = [(path, wrong) for path in EVERYWHERE for wrong in (1.5, -1, ["", 7], {"a": 1}, None, "") if not _is_legal(path, wrong)]


@pytest.mark.parametrize(("path", "wrong"), WRONG, ids=str)
def test_what_is_of_a_wrong_type_is_refused_by_its_name(path: tuple[str | int, ...], wrong: object) -> None:
    """A number for an account would match nothing; so would an empty text."""
    document = _with(lambda inner, key: inner.update({key: wrong}), *path)

    assert _spelled(*path) in _refusal(json.dumps(document).encode())


@pytest.mark.parametrize(
    "path", [("places", 0), ("gaps", 0), ("places", 0, "vpc_peering_connections", 0)], ids=lambda path: _spelled(*path)
)
def test_an_item_that_is_no_object_is_refused(path: tuple[str | int, ...]) -> None:
    """By its number in the list."""
    document = _with(lambda inner, key: inner.__setitem__(key, "pcx-1"), *path)

    assert f"{_spelled(*path)} is not an object" in _refusal(json.dumps(document).encode())


@pytest.mark.parametrize("wrong", [1, None, ["a"]])
def test_a_tag_is_text(wrong: object) -> None:
    """The marker is one of them."""
    path = ("places", 0, "vpc_peering_connections", 0, "tags", "peering")

    assert _spelled(*path) in _refusal(json.dumps(_with(lambda tags, key: tags.update({key: wrong}), *path)).encode())


@pytest.mark.parametrize("moment", ["2026-11-24", "2026-11-31T09:30:00Z", "2026-11-24T24:00:00Z", "2026-11-24T09:30:00+01:00", " ", "now"])
def test_a_moment_is_a_moment_of_utc(moment: str) -> None:
    """How old a snapshot is must be certain."""
    assert "taken is" in _refusal(json.dumps({**_document(), "taken": moment}).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"null", b"\xff", b"[" * 200_000], ids=lambda content: repr(content[:4]))
def test_what_is_no_snapshot_is_refused(content: bytes) -> None:
    """In words, and never as an empty one."""
    assert _refusal(content).startswith("this is no snapshot that can be read: ")


@pytest.mark.parametrize("version", [0, 2])
def test_another_version_is_refused(version: int) -> None:
    """It may mean something else by the same words."""
    assert f"version is {version}" in _refusal(json.dumps({**_document(), "version": version}).encode())


@pytest.mark.parametrize("words, places", [("twice", [0, 0]), ("was read, and that it was not", [0])])
def test_a_place_is_named_once(words: str, places: list[int]) -> None:
    """Read and not read cannot both be true, and of two readings nobody knows which one counts."""
    document = _document()
    both = {**document, "gaps": [{**document["gaps"][0], "account": ONE.account, "region": ONE.region}]} if len(places) == 1 else document

    assert words in _refusal(json.dumps({**both, "places": [document["places"][number] for number in places]}).encode())


FORMS = [
    (("accounts", 0, "id"), "12"),
    (("places", 0, "account"), "1234567890123"),
    (("places", 0, "region"), "US-EAST-1 "),
    (("places", 0, "vpcs", 0, "cidr_blocks", 0), "10.0.0.1/16"),
    (("places", 0, "route_tables", 0, "routes", 0, "destination"), "0.0.0.0/00"),
    (("places", 0, "route_tables", 0, "routes", 0, "destination"), "10.0.0.1/8"),
    (("places", 0, "vpc_peering_connections", 0, "requester", "cidr_blocks", 0), "x"),
    (("places", 0, "vpc_peering_connections", 0, "expires"), "soon"),
    (("gaps", 0, "account"), "1\x1b[2J"),
]


@pytest.mark.parametrize(("path", "wrong"), FORMS, ids=str)
def test_a_value_of_no_known_form_is_refused(path: tuple[str | int, ...], wrong: str) -> None:
    """What nobody can compare would pass every comparison."""
    document = _with(lambda inner, key: inner.__setitem__(key, wrong), *path)

    assert _spelled(*path) in _refusal(json.dumps(document).encode())


@pytest.mark.parametrize("blocks", [[], ["10.0.0.0/16", "10.0.0.0/16"]])
def test_a_vpc_has_ranges_each_once(blocks: list[str]) -> None:
    """Counted twice, a range would make a route look narrow."""
    document = _with(lambda inner, key: inner.update({key: blocks}), "places", 0, "vpcs", 0, "cidr_blocks")

    assert "no range, or one twice" in _refusal(json.dumps(document).encode())


@pytest.mark.parametrize("key", ["gaps", "places", "accounts"])
def test_a_key_stands_once(key: str) -> None:
    """JSON forgets all but the last, and the gaps of the first with it."""
    text = json.dumps(_document())

    assert f'has the key "{key}" twice' in _refusal(f'{text[:-1]}, "{key}": []}}'.encode())


@pytest.mark.parametrize("path", [("accounts",), *(("places", 0, name) for name in ("vpcs", "vpc_peering_connections", "route_tables"))])
def test_an_id_stands_once(path: tuple[str | int, ...]) -> None:
    """Of two route tables with one id nobody knows which is there."""
    document = _with(lambda inner, key: inner.update({key: inner[key] * 2}), *path)

    assert "twice" in _refusal(json.dumps(document).encode())


def test_a_part_that_could_not_be_read_is_no_place_that_could_not() -> None:
    """What else was read there counts."""
    seen = replace(SEEN, gaps=(Gap(ONE.account, ONE.region, "AccessDenied", Part.DNS),))

    assert read(write(seen), "a.json") == seen and seen.gap(ONE.place) == ""
    assert SEEN.gap(OTHER.place) == "AccessDenied" and SEEN.gap(Place("1", "us-east-1")) == "it was not looked into"
    assert replace(SEEN, gaps=(Gap(OTHER.account, None, "account is SUSPENDED"),)).gap(OTHER.place) == "account is SUSPENDED"


def test_further_keys_are_another_readers() -> None:
    """The audit keeps more in the same file."""
    document = _document()
    for inner in (document, document["places"][0], document["places"][0]["vpc_peering_connections"][0], document["gaps"][0]):
        inner["more"] = [{"id": None}]

    assert read(json.dumps(document).encode(), "a.json") == SEEN


@pytest.mark.parametrize("status", ["active", "pending-acceptance", "provisioning", "initiating-request", "deleting", "Deleted", "new"])
def test_only_a_terminal_status_is_gone(status: str) -> None:
    """Also one that AWS has not invented yet is not."""
    assert not CONNECTION._replace(status=status).gone
    assert all(CONNECTION._replace(status=terminal).gone for terminal in TERMINAL)
