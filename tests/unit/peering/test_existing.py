"""The stacks that a tree holds: what each declares, whose it is, and what cannot be told of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from generator.files import Listing, MemoryTree
from generator.hcl import managed
from generator.peering import existing
from generator.peering.existing import Existing, Peerings, State, read
from generator.peering.stack_files import PeeringFiles, tombstone
from generator.problems import Problem, Severity, Status, status_of
from generator.ranges import parse_any
from generator.stacks.render import Renderer
from tests.support import zones
from tests.support.networks import network, with_

Files = dict[str, bytes]
PAIR = ("prod-hub", "prod-ml")
HERE = "peering/prod-hub--prod-ml"
BACKEND, DATA, MAIN, OUTPUTS = (f"{HERE}/{name}" for name in ("backend.tf", "peering.tf.json", "main.tf", "outputs.tf"))
HUB = with_(network("prod-hub", 0), blocks=["10.0.0.0/20", "2001:db8::/56"])
ML = with_(network("prod-ml", 1), region="eu-west-1")
NO_DATA = "its peering.tf.json cannot be read ({}), so which side requested, and what was reviewed, cannot be told"
NO_MAIN = "its main.tf is missing or calls no release of the module, so which one it called cannot be told"


def _stack(pair: tuple[str, str] = PAIR) -> Files:
    """The stack as `scaffold sync` writes it."""
    render = PeeringFiles(Renderer(zones.SKELETONS, zones.organization()))
    files = render.constant(pair) | render.deciding(
        pair, {name: with_(side, name=name) for name, side in zip(pair, (HUB, ML), strict=True)}, None
    )
    return {path: file.body for path, file in files.items()}


FILES = _stack()
DEAD = {path: content for path, content in FILES.items() if path != OUTPUTS} | {
    path: file.content for path, file in tombstone(PAIR).items() if file.content is not None
}


def _read(files: Mapping[str, bytes]) -> Peerings:
    return read(MemoryTree(files))


def _one(files: Mapping[str, bytes]) -> Existing:
    (found,) = _read(files).stacks.values()
    return found


def _problem(files: Mapping[str, bytes]) -> Problem:
    (found,) = _read(files).problems
    return found


def _with_data(change: Callable[[dict[str, Any]], object]) -> Files:
    """The stack with its data changed by somebody: the header stays as it was."""
    document = json.loads(FILES[DATA])
    change(document["locals"])
    return {**FILES, DATA: json.dumps(document).encode()}


def _without(*paths: str, files: Files = FILES) -> Files:
    return {path: content for path, content in files.items() if path not in paths}


def test_a_live_stack_says_everything() -> None:
    """Which pair and release, who requested, where both ends were and what they had."""
    found = _read(FILES)

    said = found.stacks[PAIR].data
    assert found.problems == () and not found.occupied
    assert said is not None and (said.requester.name, said.accepter.route_table_ids) == ("prod-hub", ML.facts.route_table_ids)
    assert {pair: replace(stack, data=None) for pair, stack in found.stacks.items()} == {
        PAIR: Existing(
            PAIR,
            State.LIVE,
            True,
            "1.0.0",
            "prod-hub",
            {
                "prod-hub": ("100000000000", "us-east-1", "vpc-00000000000000000"),
                "prod-ml": ("100000000001", "eu-west-1", "vpc-00000000000000001"),
            },
            {"prod-hub": (parse_any("10.0.0.0/20"), parse_any("2001:db8::/56")), "prod-ml": (parse_any("10.0.16.0/20"),)},
        )
    }
    assert found.stacks[PAIR].directory == HERE


def test_a_tombstone_calls_nothing_and_still_tells_its_sides() -> None:
    """It is ours, in no doubt, and needs its data: who requested must not flip when it is made again."""
    found = _one(DEAD)

    assert (found.state, found.ours, found.version, found.doubt) == (State.TOMBSTONE, True, None, "")
    assert (found.requester, set(found.ends)) == ("prod-hub", {*PAIR})
    assert _read(DEAD).problems == ()


def test_line_ends_do_not_count() -> None:
    """A checkout may have turned them all."""
    for files in (FILES, DEAD):
        turned = {path: content.replace(b"\n", b"\r\n") for path, content in files.items()}
        assert _read(turned) == _read(files)


def test_the_other_side_may_have_requested() -> None:
    """An adopted connection: the data file says so, and its order in the name does not."""

    def turn(sides: dict[str, Any]) -> None:
        sides["requester"], sides["accepter"] = sides["accepter"], sides["requester"]

    turned = json.loads(_with_data(turn)[DATA])["locals"]
    found = _one({**FILES, DATA: managed.json_file({"locals": turned})})

    assert (found.requester, found.ours, found.doubt) == ("prod-ml", True, "")
    assert found.ends == _one(FILES).ends


@pytest.mark.parametrize("version", ["0.9.0", "1.2.3-rc.1", "10.0.0"])
def test_the_release_that_it_calls_is_read_back(version: str) -> None:
    """Also one that is not ours any more."""
    main = managed.text_file(FILES[MAIN].split(b"\n", 1)[1].decode().replace("1.0.0", version))

    found = _one({**FILES, MAIN: main})

    assert (found.version, found.ours, found.doubt) == (version, True, "")


# who may take it down


@pytest.mark.parametrize(
    ("change", "ours"),
    [
        pytest.param({}, True, id="as it was written"),
        pytest.param({MAIN: FILES[MAIN] + b"# mine\n"}, False, id="an edited module call"),
        pytest.param({MAIN: FILES[MAIN].split(b"\n", 1)[1]}, False, id="a module call without header"),
        pytest.param({OUTPUTS: FILES[OUTPUTS] + b"# mine\n"}, False, id="edited outputs"),
        pytest.param({OUTPUTS: b""}, False, id="outputs of theirs"),
        pytest.param({f"{HERE}/providers.tf": b"# mine\n"}, True, id="providers of theirs"),
        pytest.param({f"{HERE}/extra.tf": b"# mine\n"}, True, id="a file of theirs"),
        pytest.param({DATA: b"{"}, False, id="data that cannot be read"),
    ],
)
def test_whose_it_is(change: Files, ours: bool) -> None:
    """Only what calls the module counts, and that its data can be read."""
    assert _one({**FILES, **change}).ours is ours


def test_missing_outputs_are_nobody_s() -> None:
    """They would be deleted anyway."""
    assert _one(_without(OUTPUTS)).ours
    assert not _one(_without(DATA)).ours


# what cannot be told


@pytest.mark.parametrize(
    ("files", "doubt"),
    [
        pytest.param(_without(DATA), NO_DATA.format("it is not there"), id="no data file"),
        pytest.param(_without(DATA, files=DEAD), NO_DATA.format("it is not there"), id="no data file of a tombstone"),
        pytest.param(_without(MAIN), NO_MAIN, id="no module call"),
        pytest.param({**FILES, MAIN: managed.text_file("# nothing\n")}, NO_MAIN, id="a managed file that calls nothing"),
        pytest.param({**FILES, MAIN: FILES[MAIN].replace(b"../../modules", b"../modules")}, NO_MAIN, id="another source"),
        pytest.param({**FILES, MAIN: FILES[MAIN].replace(b"  source", b"  # source")}, NO_MAIN, id="a source in a comment"),
        pytest.param({**FILES, MAIN: b'module "x" {\n  source = "./x"\n}\n'}, "", id="a call of theirs"),
        pytest.param(
            _with_data(lambda said: said["requester"].update(name="prod-web")),
            NO_DATA.format("it is that of prod-web and prod-ml"),
            id="a requester who is no side",
        ),
        pytest.param(
            {**FILES, DATA: _stack(("prod-hub", "prod-web"))["peering/prod-hub--prod-web/peering.tf.json"]},
            NO_DATA.format("it is that of prod-hub and prod-web"),
            id="the intact data of another pair",
        ),
        pytest.param(DEAD, "", id="a tombstone"),
    ],
)
def test_what_a_stack_declares_cannot_be_told(files: Files, doubt: str) -> None:
    """Its sides or its release; what is theirs as a whole is no doubt of ours."""
    assert _one(files).doubt == doubt


DAMAGED = {
    "empty": b"",
    "cut off": FILES[DATA][:-10],
    "no JSON": b"locals {}",
    "no mapping": b"[]",
    "null": b"null",
    "a number": b"1",
    "a text": b'"locals"',
    "no locals": b"{}",
    "locals that are a list": b'{"locals": []}',
    "locals that are null": b'{"locals": null}',
    "locals that are a text": b'{"locals": "requester accepter"}',
    "one side only": b'{"locals": {"requester": {"name": "prod-hub"}}}',
    "a side that is a text": b'{"locals": {"requester": "prod-hub", "accepter": {}}}',
    "a side that is a list": b'{"locals": {"requester": {"name": "prod-hub"}, "accepter": []}}',
    "a side that is null": b'{"locals": {"requester": null, "accepter": {}}}',
    "bytes that are no text": b"\xff\xfe\x00{",
    "too deep": b"[" * 200_000,
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_data_never_stops_the_reading(damage: str) -> None:
    """Nothing is concluded from it: no requester, no ends, no ranges; the stack is there, live, not ours to take down, and told."""
    found = _one({**FILES, DATA: DAMAGED[damage]})

    before, after = NO_DATA.split("{}")
    assert (found.state, found.ours) == (State.LIVE, False) and found.doubt.startswith(before) and found.doubt.endswith(after)
    assert (found.requester, found.ends, found.blocks, found.version) == (None, {}, {}, "1.0.0")
    problem = _problem({**FILES, DATA: DAMAGED[damage]})
    assert problem.id in ("edited-data", "no-data") and problem.file == DATA and problem.severity is Severity.ERROR


@pytest.mark.parametrize(
    "said",
    [
        {"cidr_blocks": ["10.0.0.0/20", "10.0.0.1/20"]},
        {"cidr_blocks": [["10.0.0.0/20"]]},
        {"cidr_blocks": [{"a": 1}]},
        {"cidr_blocks": 7},
        {"cidr_blocks": True},
        {"cidr_blocks": None},
        {"cidr_blocks": []},
        {"id": "\ud800"},
        {"id": 7},
        {"vpc_id": ""},
    ],
)
def test_a_value_of_another_kind_is_told(said: dict[str, Any]) -> None:
    """Nothing is concluded from the rest of such a file, whoever wrote it."""
    edited = _with_data(lambda document: document["requester"].update(said))
    found = _one(edited)

    assert found.doubt and not found.ours and (found.requester, found.ends, found.blocks) == (None, {}, {})
    assert _problem(edited).id == "edited-data"


def test_what_was_edited_was_not_reviewed() -> None:
    """Another account in the data file is told, and never taken for the reviewed end; its near twin with a header of ours is."""
    edited = _with_data(lambda said: said["requester"].update(id="999999999999"))
    whole = {**edited, DATA: managed.json_file({"locals": json.loads(edited[DATA])["locals"]})}

    assert _one(edited).ends == {} and _problem(edited).id == "edited-data"
    assert _one(whole).ends["prod-hub"][0] == "999999999999" and _read(whole).problems == ()


# what a plan would do, and nobody wants


@pytest.mark.parametrize(
    ("files", "id", "file", "message"),
    [
        pytest.param(_without(MAIN), "no-main", MAIN, "main.tf is missing: this peering is not declared any more", id="no main.tf"),
        pytest.param(
            {**FILES, MAIN: b""}, "no-main", MAIN, "main.tf calls no module: this peering is not declared any more", id="an empty one"
        ),
        pytest.param(
            _without(DATA),
            "no-data",
            DATA,
            "nothing can be planned here: its peering.tf.json cannot be read (it is not there)",
            id="no data",
        ),
        pytest.param(
            _with_data(lambda said: said["accepter"].update(vpc_id="vpc-99999999")),
            "edited-data",
            DATA,
            "this file says which networks are connected, and it is not what scaffold wrote",
            id="other data",
        ),
    ],
)
def test_a_stack_that_does_not_declare_its_peering_is_an_error(files: Files, id: str, file: str, message: str) -> None:
    """The next plan would destroy it, or connect other networks."""
    problem = _problem(files)

    assert (problem.id, problem.file, problem.severity) == (id, file, Severity.ERROR)
    assert problem.message.startswith(message) and "from git" in problem.remedy


# directories that are none


@pytest.mark.parametrize(
    "name",
    [
        "prod-ml--prod-hub",
        "prod-ml--prod-ml",
        "prod-hub-prod-ml",
        "prod-hub---prod-ml",
        "prod-hub--prod-ml--x",
        "Prod-hub--prod-ml",
        "prod_hub--prod-ml",
        "prod-hub--",
        "a.b.c.d--e",
    ],
)
def test_names_that_are_no_pair(name: str) -> None:
    """Whatever they hold, no pair is read from them, and no pair is kept out by them."""
    files = {path.replace(HERE, f"peering/{name}"): content for path, content in FILES.items()}

    found = _read(files)

    assert (found.stacks, found.occupied) == ({}, frozenset())
    assert [problem.file for problem in found.problems] == [f"peering/{name}/backend.tf"]


@pytest.mark.parametrize("pair", [("a", "b"), ("a-1.eu-west-1", "a-1.eu-west-1.batch"), ("3m", "3m.us-east-1.x-y")])
def test_names_that_are_a_pair(pair: tuple[str, str]) -> None:
    """Networks beside an account's home network, of one account or two."""
    assert list(_read(_stack(pair)).stacks) == [pair]


BARE = managed.text_file("terraform {}\n")


@pytest.mark.parametrize(
    ("files", "id", "severity"),
    [
        pytest.param({MAIN: b"# mine\n"}, "foreign-root-module", Severity.WARNING, id="a module of theirs"),
        pytest.param({DATA: b"{}"}, "foreign-root-module", Severity.WARNING, id="JSON of theirs"),
        pytest.param({BACKEND: FILES[BACKEND]} | {BACKEND: b"terraform {}\n"}, "foreign-root-module", Severity.WARNING, id="their backend"),
        pytest.param({**FILES, BACKEND: BARE}, "lost-identity", Severity.ERROR, id="a backend that names no pair"),
        pytest.param(_without(BACKEND), "lost-identity", Severity.ERROR, id="no backend beside files of ours"),
        pytest.param(
            {**FILES, BACKEND: FILES[BACKEND].replace(b"prod-ml", b"prod-web")},
            "lost-identity",
            Severity.ERROR,
            id="another pair's backend",
        ),
        pytest.param({**FILES, BACKEND: FILES[BACKEND].split(b"\n", 1)[1]}, "lost-identity", Severity.ERROR, id="a backend without header"),
    ],
)
def test_a_pair_s_directory_that_holds_something_else(files: Files, id: str, severity: Severity) -> None:
    """It is no stack, it is told, and the pair is not written over it."""
    found = _read(files)

    (problem,) = found.problems
    assert (problem.id, problem.severity) == (id, severity)
    assert (found.stacks, found.occupied) == ({}, frozenset({PAIR}))
    assert severity is Severity.WARNING or '"# peering prod-hub -- prod-ml"' in problem.remedy


@pytest.mark.parametrize("files", [{}, {f"{HERE}/README.md": b"x"}, {f"{HERE}/deeper/main.tf": b"x"}, {"peering/policy.yaml": b"x"}])
def test_a_directory_without_terraform_is_nothing(files: Files) -> None:
    """It stands in nobody's way."""
    assert _read(files) == Peerings({})


class Linked(MemoryTree):
    """A tree in which entries of `peering/` are symbolic links."""

    links = ("notes", "prod-hub--prod-ml")

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        return Listing(links=self.links) if directory == existing.ROOT else super().list(directory)


def test_a_symbolic_link_is_told_and_not_followed() -> None:
    """Nothing may be concluded from what nobody looked at: the reading is incomplete, and its pair is not written."""
    found = read(Linked(FILES))

    assert (found.stacks, found.occupied) == ({}, frozenset({PAIR}))
    assert [(problem.id, problem.file) for problem in found.problems] == [("symlink", "peering/notes"), ("symlink", HERE)]
    assert status_of(found.problems) is Status.INCOMPLETE


def test_each_directory_is_read_by_itself() -> None:
    """A stranger beside a stack changes nothing of it."""
    found = _read({**FILES, "peering/shared/main.tf": b"# mine\n", **_stack(("a", "b"))})

    assert list(found.stacks) == [("a", "b"), PAIR]
    assert [problem.id for problem in found.problems] == ["foreign-root-module"] and not found.occupied
