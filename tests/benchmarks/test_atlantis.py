"""The check of a pull request in a large landing zone."""

from __future__ import annotations

from pathlib import Path

from generator.landing_zone.lost_stacks import directories
from generator.repository.worktree import WorkTree
from tests.benchmarks.conftest import Ratio, fastest
from tests.benchmarks.landing_zones import populated
from tests.support import cli


def test_the_check_of_five_thousand_stacks(tmp_path: Path, ratio: Ratio) -> None:
    """In process: a thousand accounts with five stacks each, against listing their directories and reading what is in them."""
    root = populated(tmp_path, 1000, ("", "a", "b", "c"))

    def read() -> int:
        tree = WorkTree(root)
        return sum(len(tree.read(f"{directory}/{name}") or b"") for directory, names in directories(tree).items() for name in names)

    assert cli.must(root, "atlantis", "check").out == "5000 projects checked: 0 problems.\n"

    ratio(
        "atlantis check of 5,000 stacks, against reading them",
        fastest(lambda: cli.must(root, "atlantis", "check"), 2),
        fastest(read, 3),
        most=3,
    )
