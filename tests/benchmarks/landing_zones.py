"""Large landing zones, made by the parts of the program rather than by a thousand commands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator import inventory
from generator.accounts import add, write
from generator.accounts.add import Spec
from generator.cli.workspace import bundled, today
from generator.inventory import Inventory, LiveAccount, LiveNetwork
from generator.landing_zone.desired import desired
from generator.landing_zone.load import conventions, load
from generator.landing_zone.model import LandingZone
from generator.repository.worktree import WorkTree
from generator.stacks.model import Stack
from tests.support import cli


def requests(root: Path, number: int) -> dict[str, bytes]:
    """So many canonical requests: path -> content. Their ranges may overlap, which is no error."""
    organization = conventions(WorkTree(root))
    found = {}
    for index in range(number):
        request = add.request(Spec(f"prod-app{index}", {"owner": "web"}), organization, ())
        found[write.path(request.label)] = write.write(request).encode()
    return found


def _inventory(zone: LandingZone) -> bytes:
    """Every account is vended and answers, and its network is there with the range it declares."""
    live = {}
    for index, account in enumerate(zone.accounts):
        blocks = {network.name: (str(network.cidr_block),) for network in account.networks}
        networks = {
            name: LiveNetwork("us-east-1", f"vpc-{index:017x}", block, (), (f"rtb-{index:017x}",), True) for name, block in blocks.items()
        }
        account_id = f"{10**11 + index}"
        live[account_id] = LiveAccount(account_id, account.slug, str(account.email), "ACTIVE", True, False, networks)
    return inventory.write(Inventory(live))


def populated(root: Path, number: int, instances: tuple[str, ...] = ("",)) -> Path:
    """A landing zone with so many accounts, each with a network and so many registries; everything is current."""
    cli.must(root, "init")
    (root / "providers/.terraform.lock.hcl").write_text("# lock\n" * 20)
    _write(root, requests(root, number))
    _write(root, {inventory.FILE: _inventory(load(WorkTree(root), bundled(), today()))})
    zone = load(WorkTree(root), bundled(), today())
    added = {
        account.slug: (
            *(Stack(account.slug, "us-east-1", "ecr", instance) for instance in instances),
            Stack(account.slug, "us-east-1", "network", network=account.slug),
        )
        for account in zone.accounts
    }
    for slug, stacks in added.items():
        for stack in stacks:
            _write(root, {path: file.body for path, file in zone.renderer.seeds(stack, slug, production=True).items()})
    _write(root, {path: file.body for path, file in desired(replace(zone, added=added)).files.items()})
    cli.must(root, "sync")  # atlantis.yaml lists the stacks that are there
    return root


def _write(root: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
