"""Landing zones made by the command itself, in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import cli

SECOND_REGION = """\
  eu-west-1:
    zones: [euw1-az1, euw1-az2, euw1-az3]
    pools: {prod: [10.32.0.0/12], default: [10.48.0.0/12]}
"""


@dataclass(frozen=True, slots=True)
class LandingZone:
    """The repository at `root`."""

    root: Path

    def run(self, *arguments: str, status: int = 0) -> cli.Outcome:
        """Run `scaffold ARGUMENTS` in it; the command has to end with `status`."""
        done = cli.run(self.root, *arguments)
        assert done.status == status, f"status {done.status}, not {status}\n{done.out}\n{done.err}"
        return done

    def replace(self, old: str, new: str, path: str = "scaffold.yaml") -> None:
        """Put `new` in place of `old`, which stands in a file exactly once."""
        cli.replace(self.root / path, old, new)

    def data(self, path: str) -> dict[str, Any]:
        """What a JSON file of it says."""
        found: dict[str, Any] = json.loads((self.root / path).read_text(encoding="utf-8"))
        return found

    def inventory(self) -> dict[str, Any]:
        """The accounts of `inventory.json` by name."""
        return {account["name"]: {"id": id, **account} for id, account in self.data("inventory.json")["accounts"].items()}

    def know(self, accounts: Mapping[str, Mapping[str, Any]]) -> None:
        """Write `inventory.json`: account id -> what differs from an active, reachable account without networks."""
        usual = {"state": "ACTIVE", "reachable": True, "stale": False, "networks": {}}
        known = {id: {"email": f"aws+{said['name']}@acme.com", **usual, **said} for id, said in accounts.items()}
        (self.root / "inventory.json").write_text(json.dumps({"version": 1, "accounts": known}), encoding="utf-8")


def landing_zone(root: Path, *options: str) -> LandingZone:
    """A new one, with networks possible in us-east-1 and eu-west-1."""
    root.mkdir(parents=True)
    zone = LandingZone(root)
    zone.run("init", *options)
    zone.replace("\n# What a new account gets.", f"{SECOND_REGION}\n# What a new account gets.")
    return zone
