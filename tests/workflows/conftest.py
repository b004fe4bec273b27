"""A runner for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.workflows import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A runner with GitHub's `gh`."""
    (tmp_path / "temp").mkdir()
    found = Machine(tmp_path)
    found.github()
    return found
