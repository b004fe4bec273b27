"""Two versions of one module side by side: production calls the old one, development the new one, and both are valid."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support import cli, terraform
from tests.support.own_skeletons import below, next_version, queue

pytestmark = pytest.mark.terraform
NEW = '\nvariable "cost_center" {\n  description = "Who pays."\n  type        = string\n}\n'


def test_both_versions_are_valid_side_by_side(
    initialised: Path, validate_env: dict[str, str], tf_env: dict[str, str], tmp_path: Path
) -> None:
    """Once the argument that the upgrade names is given; and so is a stack of a skeleton that is not built in."""
    cli.must(tmp_path, "init")
    cli.written(tmp_path, below("skeletons/queue", queue()))
    for name in ("prod-ml", "dev-ml"):
        cli.must(tmp_path, "account", name, "--owner", "ml-platform", "--with", "rds:orders", "--with", "queue:jobs")
    cli.written(tmp_path, below("skeletons/rds", next_version("rds", "1.1.0", NEW)))
    production, development = (tmp_path / f"stacks/{name}-ml/us-east-1/rds-orders" for name in ("prod", "dev"))
    before = cli.snapshot(production)

    done = cli.run(tmp_path, "upgrade", "rds", "--to", "1.1.0", "--where", "environment=dev")
    assert "rds 1.1.0 needs cost_center" in done.err and cli.snapshot(production) == before
    cli.replace(development / "main.tf", "  postgres_version = ", '  cost_center      = "ml"\n  postgres_version = ')
    shutil.copy2(development.with_name("queue-jobs") / "main.tf", development / "jobs.tf")  # one validate for two stacks
    for stack in (production, development):
        terraform.prepared(stack, initialised, tf_env)

    assert [terraform.validate_json(stack, validate_env) for stack in (production, development)] == [[], []]
