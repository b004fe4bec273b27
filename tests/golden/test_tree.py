"""A whole landing zone, committed: a change of one emitted byte shows in the review of the change that makes it.

`tree/` holds what reviewers read (`scaffold.yaml`, the account requests, the stacks); `manifest.txt` has a hash for
every file, so that the long ones (modules, AFT's own frame) are watched as well.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.support import cli
from tests.support.hubs import METADATA

HERE = Path(__file__).parent
TREE, MANIFEST = HERE / "tree", HERE / "manifest.txt"
SHOWN = ("scaffold.yaml", "aft-account-request/terraform/prod-", "aft-account-request/terraform/dev-", "stacks/")
DATABASES = ("--with", "rds:orders", "--with", "elasticache:sessions")
ACCOUNTS = (
    ("prod-ml", "--owner", "ml-platform"),
    ("prod-pay", "--owner", "payments", "--tag", "tier=data", "--network", "us-east-1/batch", *DATABASES),
    ("dev-ml", "--owner", "ml-platform", "--without", "ecr", *DATABASES),
    ("prod-vpn", "--owner", "platform", "--tag", "tier=vpn", "--without", "ecr", "--with", "vpn"),
)
VPN = """
vpn:
  client_cidr: {us-east-1: 10.200.0.0/20}
  server_certificate_arn: {us-east-1: "arn:aws:acm:us-east-1:444455556666:certificate/0a1b2c3d-1111-2222-3333-444455556666"}
  saml_metadata: vpn/okta.xml
  access: {okta-prod-engineers: prod}
"""


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Every file of a landing zone with three accounts and a hub."""
    return _made(tmp_path_factory.mktemp("golden"), ACCOUNTS)


def _made(root: Path, accounts: Iterable[tuple[str, ...]]) -> Mapping[str, bytes]:
    cli.must(root, "init", "--organization", "acme", "--domain", "acme.com")
    with (root / "scaffold.yaml").open("a") as file:
        file.write(VPN)
    (root / "vpn").mkdir()
    (root / "vpn/okta.xml").write_text(METADATA)
    for account in accounts:
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
    assert _made(tmp_path, reversed(ACCOUNTS)) == emitted
