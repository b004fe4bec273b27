"""What `sync` says after the baseline has changed: a merge runs nothing in accounts that exist."""

from __future__ import annotations

import json
from collections.abc import Sequence

from generator.landing_zone.global_customizations import APART, Invocation, folder, invocation
from generator.organization.model import Organization
from generator.repository.changes import Change


def after(organization: Organization, changes: Sequence[Change]) -> Invocation | None:
    """How to run it, where one of these changes is of what AFT applies."""
    place = folder(organization)
    return invocation(organization) if any(change.written and change.path.startswith(f"{place}/") for change in changes) else None


def lines(organization: Organization, found: Invocation | None) -> list[str]:
    """The steps, for people."""
    if found is None:
        return []
    path = organization.paths.get("global_customizations")
    copied = [f"  - copy {APART}/scaffold-* into {path}/terraform, and merge that there too"] if path else []
    return [
        "",
        "The baseline has changed. A new account gets it from AFT; for those that exist, after the merge, which runs nothing:",
        *copied,
        f"  aws stepfunctions start-execution --state-machine-arn {found.state_machine} \\",
        f"    --input '{json.dumps(found.input)}'",
    ]


def plain(found: Invocation | None) -> dict[str, object] | None:
    """The same as data."""
    return None if found is None else {"state_machine_arn": found.state_machine, "input": dict(found.input)}
