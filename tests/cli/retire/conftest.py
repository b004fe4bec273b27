"""A landing zone at each step of retiring dev-hub, in real git."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.retire.steps import BASE, DESTROY, merge, retire
from tests.support import cli


@pytest.fixture(scope="session")
def grown(company: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The company, in which dev-hub has a network, a registry and two peerings."""
    root = cli.written(tmp_path_factory.mktemp("grown") / "zone", company)
    cli.must(root, "account", "dev-hub", "--with", "ecr", "--with", "network")
    return cli.snapshot(root)


@pytest.fixture(scope="session")
def live_on_main(grown: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, committed on main, with a branch of its own to work on."""
    root = cli.written(tmp_path_factory.mktemp("live") / "zone", grown)
    cli.commit(root, "all there is")
    cli.git(root, "switch", "--quiet", "--create", "work")
    return root


@pytest.fixture(scope="session")
def retiring_on_main(live_on_main: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, retiring on main."""
    root = Path(shutil.copytree(live_on_main, tmp_path_factory.mktemp("retiring") / "zone"))
    retire(root)
    return merge(root)


@pytest.fixture(scope="session")
def dead_on_main(retiring_on_main: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, whose stacks are tombstones on main."""
    root = Path(shutil.copytree(retiring_on_main, tmp_path_factory.mktemp("dead") / "zone"))
    retire(root, *DESTROY, *BASE)
    return merge(root)


@pytest.fixture
def zone(live_on_main: Path, tmp_path: Path) -> Path:
    """A landing zone of the test's own, of which nothing is retiring."""
    return Path(shutil.copytree(live_on_main, tmp_path / "zone"))


@pytest.fixture
def retiring(retiring_on_main: Path, tmp_path: Path) -> Path:
    """A landing zone of the test's own, whose dev-hub is retiring."""
    return Path(shutil.copytree(retiring_on_main, tmp_path / "zone"))


@pytest.fixture
def dead(dead_on_main: Path, tmp_path: Path) -> Path:
    """A landing zone of the test's own, in which nothing of dev-hub is live."""
    return Path(shutil.copytree(dead_on_main, tmp_path / "zone"))
