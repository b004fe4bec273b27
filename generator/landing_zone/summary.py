"""What a change does, for whoever reviews it: pairs, accounts, conventions, and the stacks that Atlantis plans for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.landing_zone.account_changes import AccountChange, account_changes
from generator.landing_zone.changed_paths import changed, planned
from generator.landing_zone.convention_changes import PolicyChange, Setting, policy_changes, setting_changes
from generator.landing_zone.lost_stacks import lost
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import before as plan_before
from generator.landing_zone.peerings import plan_of, policy_of
from generator.landing_zone.readiness import waits_for
from generator.peering.describe import Difference, difference
from generator.peering.existing import is_tombstone
from generator.stacks.model import DATA, MAIN


@dataclass(frozen=True, slots=True)
class Summary:
    """A change. `planned` are the directories that Atlantis plans, `for_tags` those of them that other tags alone re-plan.

    `destroying` are planned tombstones, of peerings and of accounts; `deleted` are directories that were tombstones and are gone;
    `waiting` are stacks of the change that Atlantis does not plan yet, each with what for.
    """

    pairs: Difference
    accounts: tuple[AccountChange, ...]
    lost: tuple[str, ...]
    planned: tuple[str, ...]
    for_tags: tuple[str, ...]
    destroying: tuple[str, ...]
    deleted: tuple[str, ...]
    waiting: tuple[tuple[str, str], ...]
    settings: tuple[Setting, ...]
    policy: PolicyChange


def summary(zone: LandingZone, base: LandingZone | None) -> Summary:
    """What `zone` is beside `base`; `base` None is one that cannot be read, and counts as empty."""
    paths = changed(base.tree, zone.tree) if base is not None else []
    # Atlantis never plans a directory that is gone, though its project is listed still
    found = {directory: matching for directory, matching in planned(zone, paths).items() if zone.tree.list(directory).files}
    return Summary(
        difference(plan_before(base), plan_of(zone), policy_of(zone), zone.complete),
        tuple(account_changes(base, zone)),
        tuple(problem.file or "" for problem in lost(zone, base)) if base is not None else (),
        tuple(found),
        tuple(_for_tags(found, zone, base)) if base is not None else (),
        tuple(directory for directory in found if is_tombstone(zone.tree.read(f"{directory}/{MAIN}") or b"")),
        tuple(_deleted(zone, base, paths)) if base is not None else (),
        tuple(_waiting(zone, paths)),
        tuple(setting_changes(base.tree, zone.tree)) if base is not None else (),
        policy_changes(base.policy if base is not None else None, zone.policy),
    )


def _for_tags(planned_for: Mapping[str, Sequence[str]], zone: LandingZone, base: LandingZone) -> Iterator[str]:
    """The planned stacks in which nothing but the account's tags is another."""
    for directory, paths in planned_for.items():
        if list(paths) == [f"{directory}/{DATA}"]:
            old, new = (_data(tree.read(paths[0])) for tree in (base.tree, zone.tree))
            if old is not None and new is not None and {**old, "tags": None} == {**new, "tags": None}:
                yield directory


def _data(content: bytes | None) -> dict[str, Any] | None:
    try:
        found = json.loads(content or b"")["locals"]["account"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def _deleted(zone: LandingZone, base: LandingZone, paths: Sequence[str]) -> Iterator[str]:
    """The tombstones of the base whose directory is gone: nothing plans them any more."""
    for directory, _, name in (path.rpartition("/") for path in paths):
        if name == MAIN and is_tombstone(base.tree.read(f"{directory}/{MAIN}") or b"") and not zone.tree.list(directory).files:
            yield directory


def _waiting(zone: LandingZone, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    touched = {path.rpartition("/")[0] for path in paths}
    for account in zone.accounts:
        for stack in zone.stacks(account.slug):
            if stack.directory in touched and (what := waits_for(zone, account, stack)):
                yield stack.directory, what
