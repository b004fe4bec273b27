"""`when_modified`: what Atlantis makes of it, case by case, and against a matcher written the slow way."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.atlantis.patterns import DEFAULT, BadPattern, Changed, Matcher, clean, triggers, wrong

HERE = "peering/a--b"
Case = tuple[str, Sequence[str], Sequence[str]]
CASES: dict[str, tuple[str | Sequence[str], Sequence[str], Sequence[str]]] = {
    # name: patterns, files that plan the project, files that do not
    "a name": ("main.tf", [f"{HERE}/main.tf", f"{HERE}/main.tf/x"], ["main.tf", f"{HERE}/x/main.tf", f"{HERE}/main.tfvars"]),
    "*.tf is this directory only": ("*.tf", [f"{HERE}/main.tf"], [f"{HERE}/main.tf.json", f"{HERE}/x/main.tf", "main.tf"]),
    "*.tf* covers JSON and tfvars": ("*.tf*", [f"{HERE}/main.tf.json", f"{HERE}/a.tfvars"], [f"{HERE}/x/main.tf", f"{HERE}/README.md"]),
    "*.tf* does not cover the lock": ("*.tf*", [f"{HERE}/.tf"], [f"{HERE}/.terraform.lock.hcl"]),
    "the lock by name": (".terraform.lock.hcl", [f"{HERE}/.terraform.lock.hcl"], [".terraform.lock.hcl", f"{HERE}/xterraform.lock.hcl"]),
    "the default": (DEFAULT, [f"{HERE}/a.tf", f"{HERE}/x/y/a.tofu", f"{HERE}/.terraform.lock.hcl"], ["a.tf", f"{HERE}/README.md"]),
    "**/ is any depth, none too": ("**/*.tf", [f"{HERE}/a.tf", f"{HERE}/x/y/a.tf"], [f"{HERE}/a.tfx", "peering/a.tf"]),
    "** is everything below": ("**", [f"{HERE}/a", f"{HERE}/x/y"], [HERE, "peering/a--bc/x"]),
    "**/ at the end is the same": ("**/", [f"{HERE}/a", f"{HERE}/x/y"], ["peering/x"]),
    "x/** is what is below x": ("x/**", [f"{HERE}/x/a", f"{HERE}/x/y/a"], [f"{HERE}/x", f"{HERE}/xy/a"]),
    "** within a name": ("x**y", [f"{HERE}/xy", f"{HERE}/xa/y"], [f"{HERE}/xay"]),
    "a star does not cross a slash": ("x/*/y", [f"{HERE}/x/a/y"], [f"{HERE}/x/y", f"{HERE}/x/a/b/y"]),
    "? is one character": ("?.tf", [f"{HERE}/a.tf", f"{HERE}/é.tf"], [f"{HERE}/ab.tf", f"{HERE}/.tf"]),
    "a plain directory matches below": (
        "../../modules/peering",
        ["modules/peering/1.0.0/main.tf", "modules/peering/README.md"],
        ["modules/peering-2/main.tf", f"{HERE}/modules/peering/a.tf"],
    ),
    "a module's files": (
        "../../modules/peering/1.0.0/*.tf",
        ["modules/peering/1.0.0/main.tf"],
        ["modules/peering/1.0.1/main.tf", "modules/peering/1.0.0/x/main.tf", "modules/peering/1.0.0/main.tf.json"],
    ),
    "a matched directory matches below": ("../../modules/*", ["modules/peering/1.0.0/x/main.tf"], ["modules.tf"]),
    "a leading slash is the project's": ("/modules/peering/*.tf", [f"{HERE}/modules/peering/a.tf"], ["modules/peering/a.tf"]),
    "a path from the root is the project's": ("modules/peering", [f"{HERE}/modules/peering/a.tf"], ["modules/peering/a.tf"]),
    "climbing above the root": ("../../../x", [], ["x", f"{HERE}/x"]),
    "./ is here": ("./*.tf", [f"{HERE}/a.tf"], ["a.tf"]),
    "an exclusion behind": (["**/*.tf", "!gen.tf"], [f"{HERE}/a.tf", f"{HERE}/x/gen.tf"], [f"{HERE}/gen.tf"]),
    "an exclusion before": (["!gen.tf", "**/*.tf"], [f"{HERE}/gen.tf", f"{HERE}/a.tf"], [f"{HERE}/gen.md"]),
    "included again": (["**/*.tf", "!gen*", "gen.tf"], [f"{HERE}/gen.tf", f"{HERE}/a.tf"], [f"{HERE}/gen2.tf"]),
    "only exclusions": (["!gen.tf"], [], [f"{HERE}/gen.tf", f"{HERE}/a.tf"]),
    "an excluded directory": (["**", "!docs"], [f"{HERE}/a", f"{HERE}/x/docs/a"], [f"{HERE}/docs/a/b"]),
    "an exclusion elsewhere": (["../../modules/**", "!../../modules/vpn"], ["modules/peering/a"], ["modules/vpn/a"]),
    "an exclusion above the root": (["!../../../x", "*.tf"], [f"{HERE}/a.tf"], ["x"]),
    "an exclusion far above the root includes": (["!../../../../x"], ["x", "x/y"], [f"{HERE}/x"]),
    "an escaped exclusion is a name": (r"\!docs", [f"{HERE}/!docs/a"], [f"{HERE}/docs/a"]),
    "an exclusion in the middle is a name": ("./x!y", [f"{HERE}/x!y"], [f"{HERE}/x"]),
    "no braces": ("*.{tf,json}", [f"{HERE}/a.{{tf,json}}"], [f"{HERE}/a.tf", f"{HERE}/a.json"]),
    "a class": ("[a-m]*", [f"{HERE}/abc"], [f"{HERE}/xyz"]),
    "a negated class is [^…]": ("[^a-m]*", [f"{HERE}/xyz", f"{HERE}/!"], [f"{HERE}/abc"]),
    "[!…] is a class with !": ("[!a-m]*", [f"{HERE}/abc", f"{HERE}/!x"], [f"{HERE}/xyz"]),
    "a class with special characters": ("[.$+]x", [f"{HERE}/.x", f"{HERE}/$x"], [f"{HERE}/ax", f"{HERE}/\\x"]),
    "a class with a star": ("[*]", [f"{HERE}/[]", f"{HERE}/^]"], [f"{HERE}/*"]),
    "a class with an escape": (r"[\]\[]x", [f"{HERE}/]x", f"{HERE}/[x"], [f"{HERE}/ax"]),
    "a bracket that closes nothing": ("x]", [f"{HERE}/x]"], [f"{HERE}/x"]),
    "a dot is a dot": ("a.tf*", [f"{HERE}/a.tf"], [f"{HERE}/aXtf"]),
    "other operators are plain": ("(a|b)+?", [f"{HERE}/(a|b)+x"], [f"{HERE}/a", f"{HERE}/ab"]),
    "an escaped star": (r"\*.tf", [f"{HERE}/*.tf"], [f"{HERE}/a.tf"]),
    "an escaped letter is a class": (r"\d.tf", [f"{HERE}/1.tf"], [f"{HERE}/d.tf"]),
    "nothing is the directory": ("", [f"{HERE}/a", f"{HERE}/x/y", HERE], ["peering/a", "x"]),
    "blanks around it": ("  *.tf\t", [f"{HERE}/a.tf"], [f"{HERE}/a.tf "]),
    "a dot is the directory too": (".", [f"{HERE}/a"], ["x"]),
    "the directory above": ("..", [f"{HERE}/a", "peering/c--d/a"], ["x"]),
    "an empty list": ([], [], [f"{HERE}/a.tf", HERE]),
    "upper case is another name": ("README.md", [f"{HERE}/README.md"], [f"{HERE}/readme.md"]),
}


@pytest.mark.parametrize("case", CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_a_pattern_plans_the_project(case: Case) -> None:
    """Each file alone: as Atlantis' own matcher says."""
    patterns, plans, plans_not = case
    listed = [patterns] if isinstance(patterns, str) else patterns

    assert [file for file in plans if not triggers(HERE, listed, [file])] == []
    assert [file for file in plans_not if triggers(HERE, listed, [file])] == []
    assert Changed([*plans_not, *plans]).planning(HERE, listed) == sorted(plans)


ROOT = {
    "a plain pattern": (".", "*.tf", ["main.tf"], ["x/main.tf"]),
    "a pattern that begins with **": (".", "**/main.tf", ["main.tf", "x/y/main.tf", "x/main.tf/y"], ["xmain.tf"]),
    "** alone": (".", "**", ["main.tf", "x/y"], []),
    "a name behind **": (".", "**.tf", ["main.tf", "x/main.tf"], ["main.tfvars"]),
    "** twice": (".", "**/x/**", ["x/a", "y/x/a"], ["a"]),
    "nothing matches nothing": (".", "", [], ["main.tf", "x/main.tf"]),
    "an unclean directory": ("./peering//a--b/", "*.tf", ["peering/a--b/x.tf"], ["x.tf"]),
    "a leading slash of the directory": ("/peering", "*.tf", ["peering/x.tf"], ["x.tf"]),
    "a project behind an exclamation mark": ("!x", "*.tf", [], ["!x/a.tf", "x/a.tf"]),
}


@pytest.mark.parametrize("case", ROOT.values(), ids=[name.replace(" ", "-") for name in ROOT])
def test_other_directories(case: tuple[str, str, list[str], list[str]]) -> None:
    """The root, where patterns are not behind a directory, and directories that are not written plainly."""
    directory, pattern, plans, plans_not = case

    assert Changed([*plans, *plans_not]).planning(directory, [pattern]) == sorted(plans)


FATAL = ["[", "[a", "[]", "[]a]", "[a-]", "[-a]", "[^]", "x\\", "[a\\", "[x-", "!["]
HARMLESS = ["[z-a]", r"\y*", r"\1", "[[:alpha:]]*"]


@pytest.mark.parametrize("pattern", FATAL)
def test_a_malformed_pattern_plans_nothing_at_all(pattern: str) -> None:
    """Atlantis stops with an error, whatever the other patterns are."""
    found = wrong(HERE, pattern)

    assert found is not None and found.fatal and "syntax error in pattern" in str(found)
    with pytest.raises(BadPattern):
        triggers(HERE, ["*.tf", pattern], [f"{HERE}/a.tf"])


@pytest.mark.parametrize("pattern", HARMLESS)
def test_a_pattern_that_cannot_be_compiled_is_skipped_for_each_file(pattern: str) -> None:
    """Atlantis logs it, and plans for what an earlier pattern matched already."""
    found = wrong(HERE, pattern)

    assert found is not None and not found.fatal
    assert Changed([f"{HERE}/a.tf", f"{HERE}/b"]).planning(HERE, ["*.tf", pattern]) == [f"{HERE}/a.tf"]
    assert not triggers(HERE, [pattern, "*.tf"], [f"{HERE}/a.tf"])


@pytest.mark.parametrize("pattern", ["*.tf", "[a-z]", r"[\]]", "[^a]", "**/x", "", "!x", "a]", "{", "[[]", r"\["])
def test_a_pattern_that_is_right(pattern: str) -> None:
    """Near twins of the malformed ones."""
    assert wrong(HERE, pattern) is None


TEXT = st.text(alphabet="ab./*?", max_size=8)
PATHS = st.text(alphabet="ab.", min_size=1, max_size=3).filter(lambda part: part.strip("."))
FILES = st.lists(PATHS, min_size=1, max_size=4).map("/".join)


def _slowly(pattern: str, text: str) -> bool:
    """moby's reading of a pattern without classes and escapes, a character at a time."""
    if pattern.startswith("**"):
        rest = pattern[2:].removeprefix("/")
        if not rest:
            return True
        return any(_slowly(rest, text[end:]) for end in range(len(text) + 1) if end == 0 or text[end - 1] == "/")
    if pattern.startswith("*"):
        ends = range((text + "/").index("/") + 1)
        return any(_slowly(pattern[1:], text[end:]) for end in ends)
    if not pattern or not text:
        return pattern == text
    return (pattern[0] == text[0] or (pattern[0] == "?" and text[0] != "/")) and _slowly(pattern[1:], text[1:])


def _above(file: str) -> list[str]:
    parts = file.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


@given(FILES, TEXT, FILES)
def test_it_agrees_with_a_matcher_written_the_slow_way(directory: str, pattern: str, file: str) -> None:
    """Stars, question marks and dots in any order, from any directory: the file or a directory above it is matched."""
    joined = clean(f"{directory}/{pattern}")

    assert triggers(directory, [pattern], [file]) == any(_slowly(joined, path) for path in _above(file))


@given(FILES, st.lists(TEXT | TEXT.map("!{}".format), max_size=5), FILES)
def test_the_last_pattern_that_matches_decides(directory: str, patterns: list[str], file: str) -> None:
    """Whatever stands before it."""
    last = next((p for p in reversed(patterns) if triggers(directory, [p.removeprefix("!")], [file])), "!")
    climbing = any(p.startswith("!") and clean(f"{directory}/{p[1:]}").startswith("..") for p in patterns)

    assert climbing or triggers(directory, patterns, [file]) == (not last.startswith("!"))


@given(FILES, st.lists(TEXT | TEXT.map("!{}".format), max_size=4), st.lists(FILES, max_size=6))
def test_asking_for_many_files_at_once_is_asking_for_each(directory: str, patterns: list[str], files: list[str]) -> None:
    """In any order, and however often one is named."""
    found = Changed([*files, *files[::-1]]).planning(directory, patterns)

    assert triggers(directory, patterns, files) == bool(found)
    assert found == sorted({file for file in files if Matcher(directory, patterns)(file)})


@given(st.text(alphabet="ab-^]\\[*?!", max_size=7))
def test_nothing_but_a_class_or_a_backslash_can_be_malformed(pattern: str) -> None:
    """And what is not malformed can be matched."""
    found = wrong(HERE, pattern)

    assert found is None or re.search(r"[\[\\]", pattern)
    assert (found is not None and found.fatal) or pattern.startswith("!") or triggers(HERE, ["*.tf", pattern], [f"{HERE}/a.tf"])
