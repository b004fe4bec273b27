"""What `sync` says after the baseline has changed: a merge runs nothing in accounts that exist."""

from __future__ import annotations

import json
from collections.abc import Sequence

from generator.landing_zone.global_customizations import APART, Invocation, folder, invocation
from generator.landing_zone.model import LandingZone
from generator.repository.changes import Change


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
