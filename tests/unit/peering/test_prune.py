"""Which tombstones go: each reason to keep one, beside the near twin that is pruned."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from generator.files import Kind, Listing, MemoryTree
from generator.hcl import managed
from generator.peering import existing
from generator.peering.prune import Pruning, Tombstones, outdated, places, prunable, tombstones
from generator.problems import Severity, Status, status_of
from generator.snapshot.model import TERMINAL, Connection, Place, Side, Snapshot
from tests.support import peered, zones
from tests.support.snapshots import connections

Files = Mapping[str, bytes]
LIVE = peered.landing_zone()
DEAD = peered.synced({**LIVE, peered.POLICY_FILE: b"version: 1\nrules: []\n"})
PAIR = ("prod-hub", "prod-ml")
NAME = "prod-hub--prod-ml"
HERE = f"peering/{NAME}"
DATA = f"{HERE}/{existing.DATA}"
LOCK = f"{HERE}/{existing.LOCK}"
OURS = {f"{HERE}/{name}" for name in ("backend.tf", "main.tf", "peering.tf.json", "providers.tf", "versions.tf")}


class Odd(MemoryTree):
    """A tree in which a tombstone's directory holds what no tree of ours would: a symbolic link, and a name of control characters."""

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        found = super().list(directory)
        return replace(found, files=(*found.files, "a\x1bb.tf"), links=("shared.tf",)) if directory == HERE else found


def _only(files: Files, pair: str = NAME) -> dict[str, bytes]:
    """The files of one pair: the tests are about one, and the others would only be in the way."""
    return {path: content for path, content in files.items() if path.startswith(f"peering/{pair}/")}


def _of(files: Files, tree: type[MemoryTree] = MemoryTree) -> Tombstones:
    found = tree(files)
    return tombstones(existing.read(found).stacks, found)


def _sides() -> tuple[Side, Side]:
    (tombstone,) = _of(_only(DEAD)).values()
    assert tombstone.sides is not None
    return tombstone.sides


ONE, OTHER = _sides()
ELSEWHERE = Side("999999999999", "eu-west-1", "vpc-9")
NOTHING = connections("2026-11-24T00:00:00Z", {ONE.place: (), OTHER.place: ()})


def _showing(*found: Connection, at: Side = ONE) -> Snapshot:
    return _places({at.place: found})


def _places(changed: Mapping[Place, tuple[Connection, ...]], gaps: Mapping[Place, str] | None = None) -> Snapshot:
    """Nothing but these."""
    return connections(NOTHING.taken, {**{ONE.place: (), OTHER.place: ()}, **changed}, gaps)


def _judged(here: Files, base: Files | None = None, seen: Snapshot = NOTHING) -> Pruning:
    return prunable(_of(here), _of(_only(DEAD) if base is None else base), seen)


def _ids(pruning: Pruning) -> list[str]:
    return [problem.id for problem in pruning.problems]


def _pruned(pruning: Pruning) -> bool:
    """It goes entirely or not at all."""
    assert bool(pruning.gone) is not bool(pruning.kept)
    assert bool(pruning.files.files) is bool(pruning.gone) is not bool(pruning.problems)
    return bool(pruning.gone)


def test_the_company_is_taken_down() -> None:
    """Without this, the tests below would prune nothing."""
    assert set(peered.stacks(DEAD).values()) == {"tombstone"}
    assert (ONE.vpc_id, OTHER.vpc_id) == (f"vpc-{0:017x}", f"vpc-{1:017x}") and ONE.place != OTHER.place


def test_what_is_on_the_base_and_gone_from_aws_goes() -> None:
    """Every file of it, and no other; whatever else is there."""
    pruning = _judged(DEAD)

    assert pruning.gone == (PAIR,) and {path for path in pruning.files.files if path.startswith(HERE)} == OURS
    assert all(file.content is None for file in pruning.files.files.values())
    assert _pruned(_judged(_only(DEAD)))


def test_every_tombstone_is_judged_by_itself() -> None:
    """One goes, the others stay for a reason of their own."""
    pruning = _judged(DEAD, DEAD)

    assert pruning.gone == (PAIR,) and len(pruning.kept) == 4
    assert {problem.file for problem in pruning.problems} == {existing.directory(pair) for pair in pruning.kept}


# The base


def test_a_live_stack_is_never_touched() -> None:
    """Also where the base holds a tombstone and AWS has nothing: somebody connects the pair again."""
    pruning = _judged(_only(LIVE))

    assert (pruning.gone, pruning.kept, pruning.problems, dict(pruning.files.files)) == ((), (), (), {})


@pytest.mark.parametrize("base", [{}, _only(LIVE), _only(DEAD, "prod-hub--prod-pay")], ids=["nothing", "live", "another pair"])
def test_a_tombstone_that_is_not_on_the_base_stays(base: Files) -> None:
    """Atlantis has not been asked to destroy it, or not everywhere. That is no problem, only waiting."""
    pruning = _judged(_only(DEAD), base)

    assert not _pruned(pruning) and _ids(pruning) == ["not-on-base"]
    assert status_of(pruning.problems) is Status.DONE


def test_a_tombstone_of_other_vpcs_than_on_the_base_stays() -> None:
    """Whichever of the two was applied: AWS is asked about one of them only."""
    pruning = _judged(_only(DEAD), _said(_only(DEAD), lambda found: found["accepter"].update(vpc_id="vpc-9")))

    assert not _pruned(pruning) and _ids(pruning) == ["tombstone-differs"]
    assert _pruned(_judged(_only(DEAD), _said(_only(DEAD), lambda found: found["accepter"].update(route_table_ids=[]))))


# The directory


STRANGERS: Mapping[str, tuple[Files, str]] = {
    "a file of Terraform": ({f"{HERE}/extra.tf": b'resource "aws_vpc" "x" {}\n'}, "extra.tf"),
    "data of Terraform": ({f"{HERE}/extra.tf.json": b"{}"}, "extra.tf.json"),
    "a state": ({f"{HERE}/terraform.tfstate": b"{}"}, "terraform.tfstate"),
    "a note": ({f"{HERE}/README.md": b"why\n"}, "README.md"),
    "a file without its header": ({f"{HERE}/versions.tf": b"terraform {}\n"}, "versions.tf"),
    "an edited file": ({f"{HERE}/versions.tf": DEAD[f"{HERE}/versions.tf"] + b"# mine\n"}, "versions.tf (edited)"),
    "an edited data file": ({DATA: DEAD[DATA].replace(b"true", b"false")}, "peering.tf.json (edited)"),
    "a subdirectory": ({f"{HERE}/notes/x": b""}, "notes/"),
}


@pytest.mark.parametrize("case", STRANGERS)
def test_what_is_not_ours_keeps_the_directory(case: str) -> None:
    """It is named, and it is an error: nobody else will come back to it."""
    more, named = STRANGERS[case]

    pruning = _judged({**_only(DEAD), **more})

    assert not _pruned(pruning) and _ids(pruning) == ["foreign-in-tombstone"]
    assert pruning.problems[0].message.endswith(f": {named}") and status_of(pruning.problems) is Status.FOUND


def test_what_is_no_file_of_a_tree_keeps_the_directory() -> None:
    """A link, since what it points to is somebody's; a name that would speak to a terminal is spelled out."""
    pruning = prunable(_of(_only(DEAD), Odd), _of(_only(DEAD)), NOTHING)

    assert not _pruned(pruning) and pruning.problems[0].message.endswith(": 'a\\x1bb.tf', shared.tf (a symbolic link)")


def test_everything_that_is_strange_is_named_at_once() -> None:
    """One run is enough to know what to do."""
    files = {**_only(DEAD), f"{HERE}/a.tf": b"", f"{HERE}/main.json": b"", f"{HERE}/b/c": b"", DATA: b"{"}

    pruning = _judged(files)

    assert not _pruned(pruning) and _ids(pruning) == ["foreign-in-tombstone", "tombstone-unreadable"]
    assert pruning.problems[0].message.endswith(": a.tf, main.json, peering.tf.json, b/")


KEPT_OURS: Mapping[str, Files] = {
    "a lock": {LOCK: b"# This file is maintained automatically\n"},
    "outputs that sync would delete": {f"{HERE}/outputs.tf": LIVE[f"{HERE}/outputs.tf"]},
    "a managed file of another release": {f"{HERE}/variables.tf": managed.text_file("# once\n")},
    "line ends of another system": {f"{HERE}/versions.tf": DEAD[f"{HERE}/versions.tf"].replace(b"\n", b"\r\n")},
    "a data file that was reformatted": {DATA: json.dumps(json.loads(DEAD[DATA])).encode()},
}


@pytest.mark.parametrize("case", KEPT_OURS)
def test_what_is_ours_goes_too(case: str) -> None:
    """The near twins: a file that we made, whatever was done to its letters."""
    pruning = _judged({**_only(DEAD), **KEPT_OURS[case]})

    assert _pruned(pruning) and set(pruning.files.files) == OURS | set(KEPT_OURS[case])
    assert all(file.kind is (Kind.COPY if path == LOCK else Kind.MANAGED) for path, file in pruning.files.files.items())


# The data file


def _said(files: Files, change: Callable[[dict[str, Any]], object]) -> dict[str, bytes]:
    """The files with another data file of ours."""
    document = json.loads(files[DATA])
    change(document["locals"])
    return {**files, DATA: managed.json_file({"locals": document["locals"]})}


UNREADABLE: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "a side is missing": lambda found: found.pop("accepter"),
    "a side is no object": lambda found: found.update(accepter="vpc-1"),
    "no VPC": lambda found: found["accepter"].pop("vpc_id"),
    "a VPC that is null": lambda found: found["accepter"].update(vpc_id=None),
    "a VPC that is empty": lambda found: found["accepter"].update(vpc_id=""),
    "an account that is a number": lambda found: found["requester"].update(id=111111111111),
    "an account that is none": lambda found: found["requester"].update(id="prod-hub"),
    "no region": lambda found: found["requester"].pop("region"),
    "one VPC twice": lambda found: found["requester"].update(vpc_id=found["accepter"]["vpc_id"]),
    "another pair": lambda found: found["requester"].update(name="prod-pay"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_tombstone_whose_data_cannot_be_read_stays(case: str) -> None:
    """Also where the base says the same: AWS cannot be asked about it."""
    files = _said(_only(DEAD), UNREADABLE[case])

    pruning = _judged(files, files)

    assert not _pruned(pruning) and _ids(pruning) == ["tombstone-unreadable"]
    assert (pruning.problems[0].file, status_of(pruning.problems)) == (DATA, Status.FOUND)


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]"])
def test_a_tombstone_without_a_data_file_stays(content: bytes | None) -> None:
    """Without a header it is foreign as well."""
    files = {path: found for path, found in _only(DEAD).items() if path != DATA}
    files |= {} if content is None else {DATA: content}

    pruning = _judged(files, files)

    assert not _pruned(pruning) and "tombstone-unreadable" in _ids(pruning)


def test_the_other_direction_goes_as_well() -> None:
    """The requester of an adopted connection is the side that its data file says."""
    files = _said(_only(DEAD), lambda found: found.update(requester=found["accepter"], accepter=found["requester"]))

    assert _pruned(_judged(files, files))


# AWS


LEFT = Connection("pcx-1", "active", ONE, OTHER)
OWN, FOREIGN = {"peering": NAME}, {"peering": "prod-hub--prod-pay"}


@pytest.mark.parametrize("status", ["active", "pending-acceptance", "provisioning", "initiating-request", "deleting", "of-2031"])
@pytest.mark.parametrize("at", [ONE, OTHER], ids=["requester", "accepter"])
def test_a_connection_that_is_not_over_keeps_its_tombstone(status: str, at: Side) -> None:
    """Seen from either side, whoever asked for it; it is named, with its status. That is waiting."""
    for found in (LEFT._replace(status=status), LEFT._replace(status=status, requester=OTHER, accepter=ONE)):
        pruning = _judged(_only(DEAD), seen=_showing(found, at=at))

        assert not _pruned(pruning) and _ids(pruning) == ["still-connected"]
        assert f"pcx-1 ({status})" in pruning.problems[0].message and pruning.problems[0].severity is Severity.WARNING


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_a_connection_that_is_over_keeps_nothing(status: str) -> None:
    """AWS shows it for hours or days; its marker is on it still."""
    over = LEFT._replace(status=status, tags=OWN)

    assert _pruned(_judged(_only(DEAD), seen=_places({ONE.place: (over,), OTHER.place: (over,)})))


@pytest.mark.parametrize("at", [ONE, OTHER], ids=["requester", "accepter"])
def test_a_marker_keeps_its_tombstone(at: Side) -> None:
    """Also on a connection of other VPCs: its network may have been made anew."""
    marked = LEFT._replace(requester=ELSEWHERE, tags=OWN)

    assert _ids(_judged(_only(DEAD), seen=_showing(marked, at=at))) == ["still-connected"]
    assert _pruned(_judged(_only(DEAD), seen=_showing(marked._replace(tags=FOREIGN), at=at)))


def test_a_connection_of_one_of_the_two_keeps_nothing() -> None:
    """Each network may have many others."""
    others = (LEFT._replace(requester=ELSEWHERE), LEFT._replace(id="pcx-2", accepter=ELSEWHERE))

    assert _pruned(_judged(_only(DEAD), seen=_showing(*others)))


def test_a_marker_elsewhere_keeps_nothing() -> None:
    """Only the two places of a pair can hold its connection."""
    seen = _places({ELSEWHERE.place: (LEFT._replace(tags=OWN),)})

    assert _pruned(_judged(_only(DEAD), seen=seen))


def test_a_connection_is_named_once() -> None:
    """Both sides show it; one that is over on one side only is still there."""
    seen = _places({ONE.place: (LEFT._replace(status="deleted"),), OTHER.place: (LEFT._replace(status="deleting"),)})
    twice = _places({ONE.place: (LEFT,), OTHER.place: (LEFT,)})

    assert "there: pcx-1 (deleting)" in _judged(_only(DEAD), seen=seen).problems[0].message
    assert _judged(_only(DEAD), seen=twice).problems[0].message.count("pcx-1") == 1


@pytest.mark.parametrize("side", [ONE, OTHER], ids=["requester", "accepter"])
@pytest.mark.parametrize("cause", ["AuthFailure", None])
def test_a_place_that_was_not_read_keeps_its_tombstone(side: Side, cause: str | None) -> None:
    """Whatever the other place shows, and whether somebody tried or nobody: incomplete."""
    shown = {each.place: () for each in (ONE, OTHER) if each is not side}
    gaps = {} if cause is None else {side.place: cause}

    pruning = _judged(_only(DEAD), seen=connections(NOTHING.taken, shown, gaps))

    assert not _pruned(pruning) and _ids(pruning) == ["unread-place"]
    assert status_of(pruning.problems) is Status.INCOMPLETE
    assert f"{side.place} could not be read ({cause or 'it was not looked into'})" in pruning.problems[0].message


def test_a_place_that_is_a_gap_as_well_was_not_read() -> None:
    """Of two contradicting words the worse one counts."""
    assert _ids(_judged(_only(DEAD), seen=_places({}, {ONE.place: "Throttling"}))) == ["unread-place"]


def test_a_gap_elsewhere_keeps_nothing() -> None:
    """Nobody has to look where the pair never was."""
    assert _pruned(_judged(_only(DEAD), seen=_places({}, {ELSEWHERE.place: "AuthFailure"})))


def test_a_gap_on_one_side_does_not_hide_what_the_other_shows() -> None:
    """Both are said, and incomplete outranks."""
    seen = connections(NOTHING.taken, {OTHER.place: (LEFT,)}, {ONE.place: "AuthFailure"})

    assert _ids(_judged(_only(DEAD), seen=seen)) == ["unread-place", "still-connected"]


def test_two_networks_in_one_place_need_one_look() -> None:
    """Both sides of a pair within one account and region."""
    files = _said(_only(DEAD), lambda found: found["accepter"].update(id=ONE.account, region=ONE.region))
    seen = connections(NOTHING.taken, {ONE.place: ()})

    assert places(_of(files), _of(files)) == (ONE.place,)
    assert _pruned(_judged(files, files, seen))
    assert _ids(_judged(files, files, connections(NOTHING.taken))) == ["unread-place"]


# What is asked


def test_only_the_places_that_decide_are_asked_about() -> None:
    """Nobody looks into AWS for what stays anyway."""
    dead, foreign = _of(_only(DEAD)), _of({**_only(DEAD), f"{HERE}/extra.tf": b""})

    assert places(dead, dead) == tuple(sorted((ONE.place, OTHER.place)))
    assert places(dead, {}) == places(foreign, dead) == places({}, dead) == ()
    assert len(places(_of(DEAD), _of(DEAD))) == len(peered.COMPANY)


def test_a_snapshot_of_another_day_decides_nothing() -> None:
    """An older one lacks what was made since, and one of tomorrow is no snapshot."""
    for day in ("2026-11-25", "2026-11-23"):
        assert [problem.severity for problem in outdated(NOTHING, day)] == [Severity.ERROR]
    assert list(outdated(NOTHING, zones.DAY)) == []


def test_the_places_have_an_order() -> None:
    """Two runs ask in the same order."""
    assert sorted([Place("2", "a"), Place("1", "b"), Place("1", "a")]) == [Place("1", "a"), Place("1", "b"), Place("2", "a")]
