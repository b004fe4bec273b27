"""A whole landing zone, committed: a change of one emitted byte shows in the review of the change that makes it.

`tree/` holds what reviewers read (`scaffold.yaml`, the account requests, the stacks); `manifest.txt` has a hash for
every file, so that the long ones (modules, AFT's own frame) are watched as well.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support import cli

HERE = Path(__file__).parent
TREE, MANIFEST = HERE / "tree", HERE / "manifest.txt"
SHOWN = ("scaffold.yaml", "aft-account-request/terraform/prod-", "aft-account-request/terraform/dev-", "stacks/")
DATABASES = ("--with", "rds:orders", "--with", "elasticache:sessions")
ACCOUNTS = (
    ("prod-ml", "--owner", "ml-platform"),
    ("prod-pay", "--owner", "payments", "--tag", "tier=data", "--network", "us-east-1/batch", *DATABASES),
    ("dev-ml", "--owner", "ml-platform", "--without", "ecr", *DATABASES),
)


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Every file of a landing zone with three accounts."""
    root = tmp_path_factory.mktemp("golden")
    cli.must(root, "init", "--organization", "acme", "--domain", "acme.com")
    for account in ACCOUNTS:
        cli.must(root, "account", *account)
    return cli.snapshot(root)


def _manifest(files: Mapping[str, bytes]) -> str:
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))


def _shown(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name.startswith(SHOWN)}


def _rewrite(files: Mapping[str, bytes]) -> None:
    shutil.rmtree(TREE, ignore_errors=True)
    for name, content in _shown(files).items():
        (TREE / name).parent.mkdir(parents=True, exist_ok=True)
        (TREE / name).write_bytes(content)
    MANIFEST.write_text(_manifest(files))


def test_the_files_that_reviewers_read_are_these(emitted: Mapping[str, bytes], update_golden: bool) -> None:
    """No byte differs, none is missing, and none is there that should not be."""
    if update_golden:
        _rewrite(emitted)
    committed = cli.snapshot(TREE)

    assert sorted(committed) == sorted(_shown(emitted))
    assert {name: content.decode() for name, content in _shown(emitted).items() if committed[name] != content} == {}


def test_every_emitted_file_is_accounted_for(emitted: Mapping[str, bytes]) -> None:
    """A file that comes, goes or changes has its line in the manifest."""
    assert _manifest(emitted).splitlines() == MANIFEST.read_text().splitlines()


def test_the_tree_holds_something() -> None:
    """An empty golden tree would equal an empty landing zone."""
    assert len(cli.snapshot(TREE)) > 30 and len(MANIFEST.read_text().splitlines()) > 70


def test_the_order_in_which_accounts_are_added_does_not_matter(emitted: Mapping[str, bytes], tmp_path: Path) -> None:
    """Two branches that add accounts meet in one tree."""
    cli.must(tmp_path, "init", "--organization", "acme", "--domain", "acme.com")
    for account in reversed(ACCOUNTS):
        cli.must(tmp_path, "account", *account)

    assert cli.snapshot(tmp_path) == emitted
