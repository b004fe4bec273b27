"""One moto server, one initialised root and one shared provider for all tests of emitted Terraform."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import moto_server, terraform
from tests.support.root_modules import ACCOUNT, SKELETONS, VERSIONS, Stack, render, write_constant_files


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of these tests."""
    config.addinivalue_line("markers", "terraform: runs the real Terraform; skipped where it is absent, unless CI=true")
    config.addinivalue_line("markers", "slow: takes more than half a minute")


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """The URL of a server that answers as AWS."""
    with moto_server.running() as url:
        yield url


@pytest.fixture(scope="session")
def tf_env(moto_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment for plan and apply: each command starts its own provider, which calls the moto server."""
    terraform.require_terraform()
    return terraform.environment(tmp_path_factory.mktemp("terraform"), moto_url)


@pytest.fixture(scope="session")
def initialised(tf_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root after one ordinary init, which the stacks copy."""
    return terraform.prepare(tmp_path_factory.mktemp("initialised"), VERSIONS, tf_env)


@pytest.fixture(scope="session")
def validate_env(tf_env: dict[str, str], initialised: Path) -> Iterator[dict[str, str]]:
    """The environment for validate, and for nothing else: all commands share one provider process."""
    with terraform.shared_provider(tf_env, initialised) as env:
        yield env


@pytest.fixture(scope="session")
def stack(tf_env: dict[str, str], initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """stack(skeleton, network=..., settings=..., **context): the root module that a landing zone would hold, ready to plan."""

    def build(skeleton: str, network: dict[str, str] | None = None, settings: dict[str, Any] | None = None, **context: Any) -> Path:
        top = tmp_path_factory.mktemp(skeleton)
        shutil.copytree(SKELETONS / skeleton / "module", top / "modules" / skeleton / "1.0.0")
        root = render(skeleton, top / "stacks/prod-ml/us-east-1", context)
        write_constant_files(root, {**ACCOUNT, "network": network} if network else ACCOUNT, **(settings or {}))
        return terraform.prepared(root, initialised, tf_env)

    return build
