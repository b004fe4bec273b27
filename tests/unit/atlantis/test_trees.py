"""Where the repository is at hand: every project's directory exists, and patterns look where something is."""

from __future__ import annotations

import pytest

from generator.atlantis import globs
from generator.files import MemoryTree
from tests.unit.atlantis.judged import judged, project, short

HEAD = "version: 3\nautodiscover: {mode: disabled}\n"
TREE = MemoryTree(
    {
        "main.tf": b"",
        "a/main.tf": b"",
        "a/modules/x.tf": b"",
        "modules/x/main.tf": b"",
        "stacks/prod/ecr/main.tf.json": b"",
        "stacks/prod/rds/terragrunt.hcl": b"",
        "stacks/prod/docs/README.md": b"",
        "stacks/dev/ecr/main.tofu": b"",
    }
)


@pytest.mark.parametrize("directory", [".", "a", "./a/", "stacks/prod", "stacks/*/ecr", "**", "/a"])
def test_a_directory_that_is_there(directory: str) -> None:
    """Written in any way; a glob stands for one at least."""
    assert [found.id for found in judged(f"{HEAD}projects: [{{dir: '{directory}'}}]\n", tree=TREE) if found.id != "leading-slash"] == []


def test_a_directory_that_is_not_there_is_an_error() -> None:
    """Atlantis drops the project in silence: that is how a deleted stack is never destroyed."""
    gone, file = (judged(f"{HEAD}projects: [{{dir: {name}}}]\n", tree=TREE) for name in ("b", "main.tf"))

    assert short(gone) == short(file) == [("error", "no-directory")] and gone[0].line == 3
    assert "no change ever plans it" in gone[0].message
    assert judged(f"{HEAD}projects: [{{dir: b}}]\n") == []


@pytest.mark.parametrize("directory", ["b/*", "stacks/prod/d*", "stacks/?"])
def test_a_glob_that_stands_for_nothing_is_a_warning(directory: str) -> None:
    """Nor does a directory without Terraform count."""
    assert short(judged(f"{HEAD}projects: [{{dir: '{directory}'}}]\n", tree=TREE)) == [("warning", "no-directory")]


def test_both_file_names_at_once_are_refused() -> None:
    """Atlantis looks for the other one first."""
    both = MemoryTree({"atlantis.yml": b"", "a/main.tf": b""})

    assert short(judged(f"{HEAD}projects: [{{dir: a}}]\n", tree=both)) == [("error", "wrong-file-name")]


@pytest.mark.parametrize("pattern", ["modules/x/*.tf", "./*.tf", "*.tf", "../modules/x/*.tf", "other/*.tf", "stacks"])
def test_patterns_that_look_below_the_project(pattern: str) -> None:
    """A directory of that name is there, or nowhere."""
    assert project(f"autoplan: {{when_modified: ['{pattern}']}}", tree=TREE) == []


@pytest.mark.parametrize("pattern", ["stacks/prod/*.tf", "!stacks/**", "a/main.tf"])
def test_patterns_that_mean_a_path_from_the_root(pattern: str) -> None:
    """A directory of that name is at the root, and not below the project."""
    found = project(f"autoplan: {{when_modified: ['**', '{pattern}']}}", tree=TREE)

    assert short(found) == [("warning", "root-path")] and "../" in found[0].remedy


GLOBS = {
    "stacks/*/ecr": ["stacks/dev/ecr", "stacks/prod/ecr"],
    "stacks/**": ["stacks/dev/ecr", "stacks/prod/ecr", "stacks/prod/rds"],
    "**/ecr": ["stacks/dev/ecr", "stacks/prod/ecr"],
    "stacks/{prod,x}/*": ["stacks/prod/ecr", "stacks/prod/rds"],
    "stacks/[!d]*/[er]*": ["stacks/prod/ecr", "stacks/prod/rds"],
    "stacks/[^d]*/r?s": ["stacks/prod/rds"],
    r"stacks/\prod/*": ["stacks/prod/ecr", "stacks/prod/rds"],
    "*": ["a"],
    "[[a]": ["a"],
}


@pytest.mark.parametrize("pattern", GLOBS)
def test_a_glob_stands_for_directories_with_terraform(pattern: str) -> None:
    """As `doublestar` matches them."""
    assert sorted(globs.directories(TREE, pattern)) == GLOBS[pattern]


@pytest.mark.parametrize("pattern", ["*", "a/[x]", "a/[^x]", "a/[!x]", "{a,b}*", "{a,{b,c}}", r"\[*", "[a]]"])
def test_valid_globs(pattern: str) -> None:
    """What `doublestar.ValidatePattern` accepts."""
    assert globs.valid(pattern)


@pytest.mark.parametrize("pattern", ["[", "[a", "[]", "[!]", "[^]a", "{a", "a}", "{a}}", "\\", "[a\\]"])
def test_invalid_globs(pattern: str) -> None:
    """What it does not accept."""
    assert not globs.valid(pattern)
