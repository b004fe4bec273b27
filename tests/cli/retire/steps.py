"""The steps of retiring dev-hub, each with the gate of a pull request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from generator.accounts.model import FOLDER
from generator.atlantis import region
from generator.cli import workspace
from generator.peering.existing import is_tombstone
from generator.snapshot.model import Side
from generator.snapshot.write import write
from tests.support import cli
from tests.support.snapshots import connections

REQUEST = f"{FOLDER}/dev-hub.tf"
PAIRS = ["peering/dev-hub--dev-ml", "peering/dev-hub--dev-web"]
HERE = "stacks/dev-hub/us-east-1"
ECR, NETWORK = f"{HERE}/ecr", f"{HERE}/network"
BASE = ("--base", "main")
DESTROY = ("--destroy", "us-east-1/ecr", "--destroy", "us-east-1/network")
DESTROYED = ("--destroyed", "us-east-1/ecr", "--destroyed", "us-east-1/network")
STRANGERS: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "a file": (lambda here: (here / "extra.tf").write_text("# ours\n"), "extra.tf"),
    "an override": (lambda here: (here / "override.tf.json").write_text("{}\n"), "override.tf.json"),
    "a link": (lambda here: (here / "shared.tf").symlink_to("../network/main.tf"), "shared.tf"),
}
"""What somebody puts into a stack, and its name: Terraform would go on reading it."""


def retire(root: Path, *options: str) -> cli.Outcome:
    return cli.must(root, "account", "dev-hub", "--retire", *options)


def refused(root: Path, *options: str, name: str = "dev-hub") -> str:
    """The words of a refusal: one that wrote nothing."""
    before = cli.snapshot(root)
    done = cli.run(root, "account", name, "--retire", *options)
    assert done.status == 1 and cli.snapshot(root) == before, done
    return done.err


def merge(root: Path) -> Path:
    """Let the gate judge what is there, merge it into main, and go on from there."""
    assert gate(root) == [(0, ""), (0, ""), (0, "")]
    cli.git(root, "switch", "--quiet", "main")
    cli.git(root, "merge", "--quiet", "--no-edit", "work")
    cli.git(root, "switch", "--quiet", "work")
    return root


def gate(root: Path) -> list[tuple[int, str]]:
    """What the gate of a pull request runs, each with its status and, where it is not 0, its words."""
    cli.commit(root)
    done = [cli.run(root, *call, *BASE) for call in (("lint",), ("atlantis", "check"), ("sync", "--check"))]
    return [(each.status, each.err if each.status else "") for each in done]


def listed(root: Path) -> list[str]:
    return [name for name in region.listed((root / region.FILE).read_bytes()) if "dev-hub" in name]


def next_steps(root: Path) -> list[str]:
    """The next steps, as `status` says them."""
    found: list[str] = json.loads(cli.must(root, "status", "dev-hub", "--format", "json").out)["data"]["next"]
    return found


def told(done: cli.Outcome) -> dict[str, Any]:
    document = json.loads(done.out)
    assert document["schema"] == "scaffold.account.retire/1" and document["status"] == done.status and not done.err
    found: dict[str, Any] = document["data"]
    return found


def is_dead(root: Path, directory: str) -> bool:
    return is_tombstone((root / directory / "main.tf").read_bytes())


def changed(root: Path) -> list[str]:
    return sorted(line[3:] for line in cli.git(root, "status", "--porcelain", "--untracked-files=all").splitlines())


def see_nothing(root: Path) -> None:
    """A snapshot of today in which AWS shows no connection of the account."""
    said = [json.loads((root / pair / "peering.tf.json").read_bytes())["locals"] for pair in PAIRS]
    sides = [each[side] for each in said for side in ("requester", "accepter")]
    places = {Side(side["id"], side["region"], side["vpc_id"]).place: () for side in sides}
    (root.parent / "seen.json").write_bytes(write(connections(f"{workspace.today()}T00:00:00Z", places)))
