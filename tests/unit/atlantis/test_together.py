"""Projects that meet in one file: names, directories without names, dependencies, base branches."""

from __future__ import annotations

import pytest

from generator.atlantis.validate import validate
from tests.unit.atlantis.judged import ALL, judged, short


def _projects(*settings: str, base: str | None = None) -> list[tuple[str, str]]:
    text = "version: 3\nprojects:\n" + "".join(f"- {{{said}}}\n" for said in settings)
    return short(judged(text, base=base))


def test_two_projects_of_one_name_are_refused() -> None:
    """The message is that of the second; the remedy names the line of the first."""
    found = judged("version: 3\nprojects:\n- {dir: a, name: x}\n- {dir: b, name: y}\n- {dir: c, name: x}\n")

    assert short(found) == [("error", "duplicate-name")] and found[0].line == 5
    assert 'found two or more projects with name "x"; project names must be unique' in found[0].message and "line 3" in found[0].remedy


TWICE = 'there are two or more projects with dir: "a" workspace: "default" that are not all named'
UNNAMED = {
    "both unnamed": (("dir: a", "dir: ./a/"), ["warning", "error"]),
    "the second unnamed": (("dir: a, name: x", "dir: a"), ["error"]),
    "the first unnamed": (("dir: a", "dir: a, name: x"), ["warning"]),
    "the default by name": (("dir: a, name: x", "dir: a, workspace: default"), ["error"]),
    "all named": (("dir: a, name: x", "dir: a, name: y"), []),
    "other workspaces": (("dir: a", "dir: a, workspace: b"), []),
    "other directories": (("dir: a", "dir: a/b"), []),
    "other branches": (("dir: a, branch: /x/", "dir: a, branch: /y/"), ["warning", "warning"]),
}


@pytest.mark.parametrize("case", UNNAMED.values(), ids=[name.replace(" ", "-") for name in UNNAMED])
def test_projects_of_one_directory_are_all_named(case: tuple[tuple[str, ...], list[str]]) -> None:
    """Atlantis looks back only: an unnamed one that comes first escapes, so that is a warning."""
    settings, severities = case

    found = judged("version: 3\nprojects:\n" + "".join(f"- {{{said}}}\n" for said in settings))

    assert short(found) == [(severity, "unnamed-project") for severity in severities]
    assert all(TWICE in problem.message for problem in found)


def test_names_count_among_the_projects_of_one_base_branch() -> None:
    """Without a base branch two expressions may both fit, which is a warning; one of them alone always meets the other."""
    main, dev = "dir: a, name: x, branch: /^main$/", "dir: b, name: x, branch: /^dev$/"

    assert _projects(main, dev) == [("warning", "duplicate-name")]
    assert _projects(main, dev, base="main") == _projects(main, dev, base="other") == []
    assert _projects(main, dev.replace("dev", "m.*"), base="main") == [("warning", "duplicate-name")]
    assert _projects(main, "dir: b, name: x") == _projects(main, main.replace("dir: a", "dir: b")) == [("error", "duplicate-name")]


def test_an_expression_that_cannot_be_read_counts_everywhere() -> None:
    """It is a problem of its own, and hides no other; so does one that only Go can read."""
    found = _projects("dir: a, name: x, branch: /(/", "dir: b, name: x", base="main")

    assert found == [("error", "wrong-branch"), ("error", "duplicate-name")]
    assert _projects(r"dir: a, name: x, branch: '/\pL/'", "dir: b, name: x", base="main") == [("error", "duplicate-name")]


DEPENDENCIES = {
    "a chain": (("name: a", "name: b, depends_on: [a]", "name: c, depends_on: [a, b]"), []),
    "a diamond": (("name: a", "name: b, depends_on: [a]", "name: c, depends_on: [a]", "name: d, depends_on: [b, c]"), []),
    "one that comes later": (("name: a, depends_on: [b]", "name: b"), []),
    "nobody": (("name: a, depends_on: [bb]", "name: b"), ["unknown-dependency"]),
    "a directory, not a name": (("name: a, depends_on: [d1]", "name: b"), ["unknown-dependency"]),
    "itself": (("name: a, depends_on: [a]",), ["circular-dependency"]),
    "each other": (("name: a, depends_on: [b]", "name: b, depends_on: [a]"), ["circular-dependency"] * 2),
    "a circle and its neighbours": (
        ("name: a, depends_on: [b]", "name: b, depends_on: [c]", "name: c, depends_on: [a]", "name: d, depends_on: [a]", "name: e"),
        ["circular-dependency"] * 3,
    ),
}


@pytest.mark.parametrize("case", DEPENDENCIES.values(), ids=[name.replace(" ", "-").replace(",", "") for name in DEPENDENCIES])
def test_dependencies_lead_somewhere(case: tuple[tuple[str, ...], list[str]]) -> None:
    """Atlantis accepts any: it waits for nobody, or for ever. Both are warnings."""
    settings, ids = case

    found = _projects(*(f"dir: d{index}, {said}" for index, said in enumerate(settings)))

    assert found == [("warning", id) for id in ids]


def test_a_misspelt_dependency_gets_the_nearest_name() -> None:
    """What was probably meant."""
    text = b"version: 3\nprojects:\n- {dir: a, name: network}\n- {dir: b, name: b, depends_on: [netwrk]}\n"

    (found,) = validate(text, "atlantis.yaml", server=ALL)

    assert 'did you mean "network"?' in found.remedy
