"""Atlantis' files with thousands of projects, and the check of a pull request in a landing zone of that size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from generator.atlantis.patterns import Changed
from generator.atlantis.region import FILE, Project, new_file, with_projects
from generator.atlantis.validate import validate
from generator.documents import strict_yaml
from generator.landing_zone.lost_stacks import directories
from generator.repository.worktree import WorkTree
from tests.benchmarks.conftest import Ratio, fastest
from tests.benchmarks.landing_zones import populated
from tests.support import cli

PROJECTS = [
    Project(f"peering/a{number:04}--b{number:04}", ("*.tf*", ".terraform.lock.hcl", "../../modules/peering/1.0.0"))
    for number in range(5_000)
]


def test_validating_five_thousand_projects(ratio: Ratio) -> None:
    """All rules together cost less than reading the file does."""
    content = with_projects(new_file(parallel=True), PROJECTS)
    assert content is not None and validate(content, FILE) == []

    reading = fastest(lambda: strict_yaml.read(content, FILE), 5)

    ratio("validating 5,000 projects, against parsing them", fastest(lambda: validate(content, FILE), 5), reading, most=2)


def test_growth_of_matching(ratio: Ratio) -> None:
    """Ten times the projects, with the same three hundred changed files, take ten times as long, or little more."""
    changed = Changed(f"peering/a{number:04}--b{number:04}/main.tf" for number in range(300))

    def matching(number: int) -> Callable[[], object]:
        return lambda: [changed.planning(project.directory, project.when_modified) for project in PROJECTS[:number]]

    ratio("matching 300 files with 5,000 projects, against 500", fastest(matching(5_000), 3), fastest(matching(500), 5), most=15)


def test_the_check_of_five_thousand_stacks(tmp_path: Path, ratio: Ratio) -> None:
    """In process: a thousand accounts with five stacks each, against listing their directories and reading what is in them."""
    root = populated(tmp_path, 1000, ("", "a", "b", "c"))

    def read() -> int:
        tree = WorkTree(root)
        return sum(len(tree.read(f"{directory}/{name}") or b"") for directory, names in directories(tree).items() for name in names)

    assert cli.must(root, "atlantis", "check").out == "5000 projects checked: 0 errors, 0 warnings, 0 notes.\n"

    ratio(
        "atlantis check of 5,000 stacks, against reading them",
        fastest(lambda: cli.must(root, "atlantis", "check"), 2),
        fastest(read, 3),
        most=3,
    )
