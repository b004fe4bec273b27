"""Root modules of every kind, planned by the real Terraform, and what checkov says of the plans."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support import databases, peering, terraform
from tests.support.aws import Aws
from tests.support.root_modules import NETWORK, Stack
from tests.terraform.conftest import initialised, moto_url, stack, tf_env

__all__ = ["initialised", "moto_url", "stack", "tf_env"]

Checked = Mapping[str, tuple[list[tuple[str, str]], int]]
"""kind -> the failed checks, each with its resource, and the number of those that passed"""
SKELETONS = {"network": NETWORK, "ecr": None, "rds": ..., "elasticache": ...}
PRODUCTION = {"network", "rds", "elasticache"}
"""The skeletons that are not the same in production."""


def kinds() -> list[str]:
    """Every kind of root module that is planned here."""
    stacks = [f"{name} {which}" for name in SKELETONS for which in (("production", "other") if name in PRODUCTION else ("any",))]
    return [*stacks, "peering any"]


@pytest.fixture(scope="session")
def checkov(pytestconfig: pytest.Config) -> Callable[..., Any]:
    """checkov(*arguments) -> what it says as JSON; it stands in an environment of its own."""
    program = pytestconfig.getoption("--checkov")
    if not program:
        pytest.skip("checkov runs with --checkov PATH (make security)")

    def run(*arguments: str) -> Any:
        call = [program, *arguments, "--output", "json", "--skip-download", "--compact"]
        env = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CKV_", "BC_", "CHECKOV_"))}
        done = subprocess.run(call, capture_output=True, text=True, check=False, env=env)
        assert done.returncode in (0, 1) and done.stdout.startswith(("{", "[")), done.stdout[-2000:] + done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def plans(
    checkov: object, stack: Stack, moto_url: str, tf_env: dict[str, str], initialised: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with the plan of every kind, as JSON."""
    folder, made = tmp_path_factory.mktemp("plans"), databases.make_network(Aws(moto_url))
    for kind in kinds():
        name, which = kind.split()
        root = _peering(moto_url, initialised, tf_env, folder / "zone") if name == "peering" else _stack(stack, name, which, made)
        (folder / f"{name}-{which}.json").write_text(json.dumps(terraform.plan_json(root, tf_env)))
    return folder


def _stack(stack: Stack, name: str, which: str, made: dict[str, str]) -> Path:
    network = made if SKELETONS[name] is ... else SKELETONS[name]
    more = {"production": "yes" if which == "production" else "no"} if name in PRODUCTION else {}
    return stack(name, network, **more)


def _peering(moto_url: str, source: Path, tf_env: dict[str, str], folder: Path) -> Path:
    one, other = (
        peering.seed(moto_url, name, account, cidr_blocks=(block,))
        for name, account, block in (("prod-ml", "111111111111", "10.0.0.0/16"), ("prod-pay", "222222222222", "10.1.0.0/16"))
    )
    return terraform.prepared(peering.write_stack(folder, peering.pair(one, other)), source, tf_env)


@pytest.fixture(scope="session")
def checked(checkov: Callable[..., Any], plans: Path) -> Checked:
    """What checkov says of each plan."""
    files = sorted(plans.glob("*.json"))
    arguments = [word for file in files for word in ("--file", str(file))]
    said = checkov(*arguments, "--framework", "terraform_plan")
    return {file.stem: results(said, file.name) for file in files}


def results(said: Any, file: str = "") -> tuple[list[tuple[str, str]], int]:
    """The failed checks with their resource, and how many passed, in one file or in all."""
    failed: list[tuple[str, str]] = []
    passed = 0
    for part in said if isinstance(said, list) else [said]:
        found: Mapping[str, Sequence[Mapping[str, Any]]] = part["results"]
        assert not found.get("parsing_errors") and not found.get("skipped_checks"), found
        failed += [(check["check_id"], check["resource"]) for check in found["failed_checks"] if _is_of(check, file)]
        passed += sum(_is_of(check, file) for check in found["passed_checks"])
    return sorted(failed), passed


def _is_of(check: Mapping[str, Any], file: str) -> bool:
    return not file or str(check["file_path"]).rpartition("/")[2] == file
