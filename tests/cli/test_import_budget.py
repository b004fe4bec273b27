"""What a command imports is what its user waits for: nothing heavy on a path that does not need it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import cli

PROBE = """
import sys
from generator.cli.main import main
status = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(status)
"""
HEAVY = {"boto3", "botocore", "hcl2", "lark", "rich", "cookiecutter", "requests"}
EVERYTHING = HEAVY | {"jinja2", "yaml", "importlib.metadata", "subprocess", "difflib", "jsonschema", "asyncio"}
BUDGETS = {
    "--help": EVERYTHING,
    "--version": EVERYTHING,
    "account --help": EVERYTHING - {"difflib", "subprocess"},
    "account dev-web --owner web": HEAVY | {"importlib.metadata"},
    "accounts": HEAVY | {"jinja2"},
    "status prod-ml": HEAVY | {"jinja2"},
    "lint": HEAVY | {"jinja2"},
    "skeletons": HEAVY | {"jinja2", "yaml"},
    "skeletons rds": HEAVY | {"jinja2", "yaml"},
    "skeletons add --help": HEAVY | {"jinja2", "yaml"},
    "outdated": HEAVY | {"jinja2"},
    "upgrade --help": HEAVY | {"jinja2", "yaml"},
    "sync --check": HEAVY,
    "peering --help": EVERYTHING - {"difflib", "subprocess"},
    "atlantis --help": EVERYTHING - {"difflib", "subprocess"},
    "atlantis check atlantis.yaml": HEAVY | {"jinja2"},
    "peering plan": HEAVY | {"jinja2"},
    "peering explain prod-ml dev-ml": HEAVY | {"jinja2"},
}


def _imported(root: Path, line: str) -> set[str]:
    """Every module that a process has once it has run a command line."""
    call = [sys.executable, "-c", PROBE, *line.split()]
    done = subprocess.run(call, cwd=root, env=cli.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("line", BUDGETS)
def test_a_command_imports_nothing_it_does_not_need(line: str, zone: Path) -> None:
    """The figures behind the list: boto3 takes 200 ms, cookiecutter 240, jinja2 70, a bare interpreter 15."""
    assert _imported(zone, line) & BUDGETS[line] == set()


def test_the_probe_sees_imports(zone: Path) -> None:
    """A probe that saw nothing would allow everything."""
    assert {"jinja2", "yaml", "generator.cli.account"} <= _imported(zone, "account dev-web --owner web")
