"""The snapshot's file: what is written is read back, and what does not say everything is refused."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.peering.snapshot import TERMINAL, Connection, Connections, Place, Side, read, write
from generator.problems import Refused

_Of = TypeVar("_Of")
TAKEN = "2026-11-24T09:30:00Z"
ONE, OTHER = Side("111111111111", "us-east-1", "vpc-1"), Side("222222222222", "eu-west-1", "vpc-2")
CONNECTION = Connection("pcx-1", "active", ONE, OTHER, {"peering": "dev-a--dev-b", "Name": ""})
SEEN = Connections(TAKEN, {ONE.place: (CONNECTION,), Place("333333333333", "us-east-1"): ()}, {OTHER.place: "AccessDenied"})
TEXT = st.text(min_size=1, max_size=8)
PLACES = st.builds(Place, TEXT, TEXT)
CONNECTIONS = st.builds(
    Connection, TEXT, TEXT, *[st.builds(Side, TEXT, TEXT, TEXT)] * 2, st.dictionaries(TEXT, st.text(max_size=4), max_size=3)
)


@st.composite
def readings(draw: st.DrawFn) -> Connections:
    """Any reading: some places with connections of different ids in order, others that are gaps."""
    places = draw(st.lists(PLACES, unique=True, max_size=4))
    listed = st.lists(CONNECTIONS, unique_by=lambda found: found.id, max_size=3)
    seen = {place: draw(listed) for place in places if draw(st.booleans())}
    gaps = {place: draw(TEXT) for place in places if place not in seen}
    return Connections(TAKEN, {place: tuple(sorted(found, key=lambda each: each.id)) for place, found in seen.items()}, gaps)


def _mixed(given: Mapping[Place, _Of], rnd: random.Random) -> dict[Place, _Of]:
    return dict(rnd.sample(list(given.items()), len(given)))


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


def _paths(value: object, *above: str | int) -> list[tuple[str | int, ...]]:
    """Where a document says something: every key, at every depth. Tags are free, and so are items of a list."""
    items: list[tuple[str | int, object]] = list(value.items()) if isinstance(value, dict) else []
    items = list(enumerate(value)) if isinstance(value, list) else items
    found: list[tuple[str | int, ...]] = []
    for key, inner in items:
        found += [(*above, key)] if isinstance(key, str) else []
        found += _paths(inner, *above, key) if key != "tags" else []
    return found


EVERYWHERE = _paths(_document())


@given(readings(), st.randoms(use_true_random=False))
def test_what_is_written_is_read_back(seen: Connections, rnd: random.Random) -> None:
    """And one content has one spelling, whatever the order it was read in."""
    places = {place: tuple(rnd.sample(found, len(found))) for place, found in _mixed(seen.places, rnd).items()}
    shuffled = Connections(seen.taken, places, _mixed(seen.gaps, rnd))

    assert read(write(seen), "a.json") == seen
    assert write(shuffled) == write(seen)


def test_a_line_is_a_place() -> None:
    """The file says what it says in the order of the places, so that two of them can be compared."""
    lines = write(SEEN).decode().split("\n")

    assert lines[1:3] == ['"version": 1,', f'"taken": "{TAKEN}",']
    assert [json.loads(line.rstrip(","))["account"] for line in lines if line.startswith("{") and line != "{"] == [
        "111111111111", "333333333333", "222222222222",
    ]  # fmt: skip
    assert write(Connections(TAKEN)) == b'{\n"version": 1,\n"taken": "2026-11-24T09:30:00Z",\n"places": [],\n"gaps": []\n}\n'


def test_every_key_is_tried_below() -> None:
    """A test that tried none would prove nothing."""
    assert ("places", 0, "vpc_peering_connections", 0, "accepter", "vpc_id") in EVERYWHERE
    assert len(EVERYWHERE) == 4 + 2 * 3 + 5 + 2 * 3 + 3


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: _spelled(*path))
def test_what_is_missing_is_refused_by_its_name(path: tuple[str | int, ...]) -> None:
    """A list that is not there is no empty list: a connection could stand in it."""
    assert f"{_spelled(*path)} is missing" in _refusal(json.dumps(_without(*path)).encode())


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: _spelled(*path))
@pytest.mark.parametrize("wrong", [True, 1.5, ["a"], {"a": 1}, None, ""], ids=str)
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

    assert f"{_spelled(*path)} is no object" in _refusal(json.dumps(document).encode())


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


@pytest.mark.parametrize("twice", [ONE.place, OTHER.place])
def test_a_place_is_named_once(twice: Place) -> None:
    """Read and not read cannot both be true, and of two readings nobody knows which one counts."""
    again = {"account": twice.account, "region": twice.region, "vpc_peering_connections": []}
    document = _document()

    assert "twice" in _refusal(json.dumps({**document, "places": [*document["places"], again]}).encode())


def test_further_keys_are_another_readers() -> None:
    """The audit keeps more in the same file."""
    document = _document()
    for inner in (document, document["places"][0], document["places"][0]["vpc_peering_connections"][0], document["gaps"][0]):
        inner["vpcs"] = [{"id": None}]

    assert read(json.dumps(document).encode(), "a.json") == SEEN


@pytest.mark.parametrize("status", ["active", "pending-acceptance", "provisioning", "initiating-request", "deleting", "Deleted", "new"])
def test_only_a_terminal_status_is_gone(status: str) -> None:
    """Also one that AWS has not invented yet is not."""
    assert not replace(CONNECTION, status=status).gone
    assert all(replace(CONNECTION, status=terminal).gone for terminal in TERMINAL)
