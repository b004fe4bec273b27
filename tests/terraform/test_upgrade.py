"""Two versions of one module side by side: production calls the old one, development the new one, and both are valid."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support import cli, terraform
from tests.support.own_skeletons import below, next_version, queue

pytestmark = pytest.mark.terraform
NEW = '\nvariable "cost_center" {\n  description = "Who pays."\n  type        = string\n}\n'


DAY = ("--date", "2026-11-24")


def _of_production(root: Path) -> dict[str, bytes]:
    """Every file of a stack in a production account."""
    return {path: content for path, content in cli.snapshot(root).items() if path.startswith("stacks/prod-")}


def test_both_versions_are_valid_side_by_side_in_the_example(
    initialised: Path, validate_env: dict[str, str], tf_env: dict[str, str], tmp_path: Path
) -> None:
    """Once the argument that the upgrade names is given; and so is a stack of a skeleton that is not built in."""
    root = Path(shutil.copytree(cli.REPOSITORY / "examples/acme", tmp_path / "acme"))
    cli.written(root, below("skeletons/queue", queue()) | below("skeletons/rds", next_version("rds", "1.1.0", NEW)))
    cli.must(root, "account", "dev-shop", "--with", "queue:jobs", *DAY)
    production, development = (root / f"stacks/{name}-shop/us-east-1/rds-orders" for name in ("prod", "dev"))
    before = _of_production(root)

    done = cli.run(root, "upgrade", "rds", "--to", "1.1.0", "--where", "environment=dev", *DAY)
    assert "rds 1.1.0 needs cost_center" in done.err
    assert before and _of_production(root) == before
    cli.replace(development / "main.tf", "  postgres_version = ", '  cost_center      = "shop"\n  postgres_version = ')
    shutil.copy2(development.with_name("queue-jobs") / "main.tf", development / "jobs.tf")  # one validate for two stacks
    for stack in (production, development):
        terraform.prepared(stack, initialised, tf_env)

    assert "modules/rds/1.1.0" in (development / "main.tf").read_text()
    assert [terraform.validate_json(stack, validate_env) for stack in (production, development)] == [[], []]
