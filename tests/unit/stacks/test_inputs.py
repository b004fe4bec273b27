"""What a skeleton admits as an instance: the form AWS takes, and no word that is taken."""

from __future__ import annotations

import pytest

from tests.support.zones import SKELETONS

ADMITTED = [
    ("rds", "a"), ("rds", "a" * 60), ("rds", "order-history-2"), ("rds", "orders"), ("rds", "default-app"),
    ("elasticache", "a" * 32), ("elasticache", "order"), ("elasticache", "default-app"),
]  # fmt: skip
REFUSED = [
    ("rds", ""), ("rds", "a" * 61), ("rds", "2nd"), ("rds", "-a"), ("rds", "a-"), ("rds", "a--b"), ("rds", "a_b"), ("rds", "A"),
    ("rds", "order"), ("rds", "postgres"), ("rds", "orders\n"),
    ("elasticache", "a" * 33), ("elasticache", "default"), ("elasticache", "a.b"),
]  # fmt: skip


@pytest.mark.parametrize(("skeleton", "name"), ADMITTED)
def test_what_aws_takes_is_admitted(skeleton: str, name: str) -> None:
    """Up to the last letter."""
    wanted = SKELETONS.get(skeleton).input("instance")

    assert wanted is not None and wanted.admits(name)


@pytest.mark.parametrize(("skeleton", "name"), REFUSED)
def test_what_aws_would_refuse_is_not(skeleton: str, name: str) -> None:
    """Before a plan, or an apply, says so."""
    wanted = SKELETONS.get(skeleton).input("instance")

    assert wanted is not None and not wanted.admits(name)


def test_an_input_that_is_none_is_not_found() -> None:
    """The network has no instances."""
    assert SKELETONS.get("network").input("instance") is None
