"""A landing zone for each test: initialised once, then copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support import cli, peered, upgrades


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `scaffold init` writes."""
    root = tmp_path_factory.mktemp("initialised")
    cli.must(root, "init")
    return root


@pytest.fixture(scope="session")
def populated(initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with two accounts."""
    root = tmp_path_factory.mktemp("populated") / "zone"
    shutil.copytree(initialised, root)
    cli.accounts(root, ["prod-ml", "dev-ml"])
    return root


@pytest.fixture
def fresh(initialised: Path, tmp_path: Path) -> Path:
    """A landing zone of the test's own, without accounts."""
    return Path(shutil.copytree(initialised, tmp_path / "zone"))


@pytest.fixture
def zone(populated: Path, tmp_path: Path) -> Path:
    """A landing zone of the test's own, with the accounts prod-ml and dev-ml."""
    return Path(shutil.copytree(populated, tmp_path / "zone"))


@pytest.fixture(scope="session")
def company() -> dict[str, bytes]:
    """The company of `tests.support.peered` after sync, as files."""
    return peered.landing_zone()


@pytest.fixture(scope="session")
def with_databases(initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `tests.support.upgrades` adds to what init writes."""
    root = tmp_path_factory.mktemp("databases") / "zone"
    shutil.copytree(initialised, root)
    upgrades.add_databases(root)
    return root


@pytest.fixture
def databases(with_databases: Path, tmp_path: Path) -> Path:
    """The same for one test."""
    return Path(shutil.copytree(with_databases, tmp_path / "zone"))
