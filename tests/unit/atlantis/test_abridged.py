"""A long `atlantis.yaml` is read by two of its projects; what comes out is what reading the whole of it gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.atlantis import abridged
from generator.atlantis.region import BEGIN, END, Project, new_file, with_projects
from generator.documents import strict_yaml
from generator.problems import Problem

FILE = "atlantis.yaml"
PROJECTS = [
    *(Project(f"stacks/prod-ml/eu-west-1/ecr-{number}", ("**",)) for number in range(3)),
    *(Project(f"peering/a{number}--b", ("**", "../../modules/peering/1.0.0")) for number in range(3)),
]
EMPTY = new_file(parallel=True).decode()
REGION = f"  {BEGIN}\n  {END}\n"
MINE = "- name: mine\n  dir: mine\n"
FOREIGN = EMPTY.replace(REGION, f"  - {{name: legacy/dns, dir: legacy/dns}}\n{REGION}  - name: legacy/vpn\n    dir: legacy/vpn\n")
BEHIND = 'workflows:\n  legacy:\n    plan: {steps: [init, {run: "x"}]}\n# the end\nallowed_regexp_prefixes:\n- a\n- b\n'
WHOLE = {
    "new": EMPTY,
    "foreign projects": FOREIGN,
    "keys behind": FOREIGN + BEHIND,
    "at the margin": EMPTY.replace(REGION, f"{BEGIN}\n{END}\n"),
    "a byte order mark": f"\ufeff{EMPTY}",
    "a directive": f"%YAML 1.1\n---\n{EMPTY}",
}
DOUBTFUL = {
    "an anchor": f"x: &x [a]\n{EMPTY}",
    "two documents": f"{EMPTY}---\nversion: 3\n",
    "one key twice": f"{EMPTY}version: 3\n",
    "a text": EMPTY.replace("projects:\n", "projects:\nnotes: |\n"),
    "a folded text of a project": EMPTY.replace("projects:\n", "projects:\n- name: >\n"),
    "another key": EMPTY.replace("projects:\n", "project:\n"),
    "a mapping": EMPTY.replace("projects:\n", "projects:\n  more:\n"),
    "another margin": EMPTY.replace("projects:\n", f"projects:\n{MINE}"),
    "the second document": f"version: 3\n---\n{EMPTY}",
    "a list in a list": EMPTY.replace("projects:\n", "projects:\n-\n"),
    "brackets": EMPTY.replace("projects:\n", "projects: [\n") + "]\n",
    "no YAML": f"{EMPTY}\t- [\n",
    "a line that only YAML ends": f"# \u2028\n{EMPTY}",
    "no document but a list": f"- a\n{REGION}",
    "nothing else": REGION,
}


def _parsed(content: bytes, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is given to the reader of YAML; and the answer is the reader's own for the whole."""
    wanted, given_to_it, read = strict_yaml.read(content, FILE, first=True), list[bytes](), strict_yaml.read

    def noted(content: bytes, file: str, *, first: bool = False) -> tuple[strict_yaml.Node | None, list[Problem]]:
        given_to_it.append(content)
        return read(content, file, first=first)

    monkeypatch.setattr(strict_yaml, "read", noted)
    abridged.read.cache_clear()
    abridged._abridged.cache_clear()
    node, problems = abridged.read(content, FILE)
    assert (node, [*problems]) == wanted
    return given_to_it


def _with(text: str, projects: list[Project] = PROJECTS) -> bytes:
    found = with_projects(text.encode(), projects)
    assert found is not None
    return found


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_two_projects_are_enough(text: str, ends: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands around them, lines and all."""
    whole = _with(text.replace("\n", ends))
    parsed = _parsed(whole, monkeypatch)

    assert abridged.reads_all(whole) and [content.count(b"autoplan:") for content in parsed] == [2]


@pytest.mark.parametrize("text", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_doubtful_file_is_read_as_it_is(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two projects do not tell what the others are."""
    content = _with(text)

    assert _parsed(content, monkeypatch)[-1] == content and not abridged.reads_all(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"dir: stacks/prod-ml/eu-west-1/ecr-1", b"dir: elsewhere"),
        (b"    dir: stacks/prod-ml/eu-west-1/ecr-1\n", b""),
        (b"- name: stacks/prod-ml/eu-west-1/ecr-1", b"- name: stacks/prod-ml/eu-west-1/ecr-1 # here"),
        (b"  - name: stacks/prod-ml/eu-west-1/ecr-1", b"\n  - name: stacks/prod-ml/eu-west-1/ecr-1"),
        (b'["**", "../../modules', b'["**", "\\x2e./../modules'),
        (b"- name: peering/a1--b", b"-  name: peering/a1--b"),
    ],
)
def test_a_project_of_another_form_is_read_as_it_is(old: bytes, new: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what we write ourselves is known without reading it."""
    content = _with(FOREIGN).replace(old, new)

    assert content != _with(FOREIGN) and _parsed(content, monkeypatch)[-1] == content


def test_a_byte_that_is_no_text_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of YAML says it."""
    content = _with(FOREIGN) + b"# \xff\n"

    assert _parsed(content, monkeypatch) == [content]


PIECES = (
    "- ",
    "  ",
    "\n",
    "projects:\n",
    "a: ",
    "|\n",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    "---\n",
    "# ",
    "\r",
    "\u2028",
    "x",
    "? ",
    "<<: ",
    "!t ",
    "...\n",
)


@given(
    st.lists(st.sampled_from(PIECES), max_size=5),
    st.lists(st.sampled_from(PIECES), max_size=5),
    st.integers(0, 6),
    st.sampled_from(["", "  ", "    "]),
)
def test_any_file_around_it(before: list[str], behind: list[str], number: int, margin: str) -> None:
    """Never another answer than that of the whole file."""
    text = f"version: 3\nprojects:\n{''.join(before)}\n{margin}{BEGIN}\n{margin}{END}\n{''.join(behind)}"
    content = with_projects(text.encode(), PROJECTS[:number]) or text.encode()

    node, problems = abridged.read(content, FILE)

    assert (node, [*problems]) == strict_yaml.read(content, FILE, first=True)
