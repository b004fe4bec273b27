"""What `sync` says after a change that no merge brings into effect: the baseline of accounts that exist, and bootstrap."""

from __future__ import annotations

import json
from collections.abc import Sequence

from generator.landing_zone.bootstrap import MANAGEMENT, PLATFORM
from generator.landing_zone.global_customizations import APART, Invocation, folder, invocation
from generator.landing_zone.model import LandingZone
from generator.repository.changes import Change
from generator.stacks.model import LOCK


def after(zone: LandingZone, changes: Sequence[Change]) -> Invocation | None:
    """How to run it, where one of these changes is of what AFT applies."""
    place = folder(zone)
    changed = any(change.written and change.path.startswith(f"{place}/") for change in changes)
    return invocation(zone.organization) if changed else None


def lines(zone: LandingZone, found: Invocation | None) -> list[str]:
    """The steps, for people."""
    if found is None:
        return []
    path = zone.organization.paths.get("global_customizations")
    into = f"{path}/terraform" if path else "terraform/ of the repository that AFT reads, beside its two .jinja files"
    copied = [f"  - copy {APART}/scaffold-* into {into}, and merge that there too"] if folder(zone) == APART else []
    return [
        "",
        "The baseline has changed. A new account gets it from AFT; for those that exist, after the merge, which runs nothing:",
        *copied,
        f"  aws stepfunctions start-execution --region {zone.organization.home_region} --state-machine-arn {found.state_machine} \\",
        f"    --input '{json.dumps(found.input)}'",
    ]


def plain(found: Invocation | None) -> dict[str, object] | None:
    """The same as data."""
    return None if found is None else {"state_machine_arn": found.state_machine, "input": dict(found.input)}


def by_hand(changes: Sequence[Change]) -> list[str]:
    """The root modules that somebody has to apply, in this order."""
    changed = {change.path.rpartition("/")[0] for change in changes if change.written and change.path.endswith((".tf", ".tf.json", LOCK))}
    return [root for root in (PLATFORM, MANAGEMENT) if root in changed]


def reminder(roots: Sequence[str]) -> list[str]:
    """The same, for people."""
    if not roots:
        return []
    what, them = ("have changed", "them") if len(roots) > 1 else ("has changed", "it")
    apply = "after the merge, terraform apply there by hand; a region that went is destroyed before (bootstrap/README.md, Later)"
    return ["", f"{' and '.join(roots)} {what}, and nobody plans {them}: {apply}."]
