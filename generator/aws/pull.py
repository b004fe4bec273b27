"""Reading what `inventory.json` needs: the organization's accounts, and the declared networks of each.

A place that cannot be read is a `Gap` with its cause. Nothing is ever concluded from an empty answer there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.aws import organization as organizations
from generator.aws import places, quotas
from generator.aws.causes import FAILED, code
from generator.aws.each import each
from generator.aws.session import Session, Sessions
from generator.inventory import Gap, LiveAccount, Seen, Snapshot
from generator.inventory.networks import Declared, Regions, Sought, find, matched
from generator.organization.model import Organization

_Answer = tuple[str, Seen | None, list[Gap]]


def read(organization: Organization, declared: Declared, progress: Callable[[int, int], None]) -> Snapshot:
    """One reading. `progress(done, all)` is called after each account, from this thread."""
    sessions = Sessions(organization)
    management = organization.accounts["management"]
    try:
        listed = organizations.accounts(sessions.assume(management))
    except FAILED as error:
        return Snapshot((), {}, (Gap(management, f"Organizations: {code(error)}"),))
    accounts = tuple(LiveAccount(account.id, account.name, account.email, account.state) for account in listed)
    known = [(account, regions) for account in accounts if (regions := declared.of(account)) is not None]
    gaps = [Gap(account.id, f"account is {account.state}") for account, _ in known if account.state != "ACTIVE"]
    seen: dict[str, Seen] = {}
    wanted = [_Account(sessions, account.id, regions, declared) for account, regions in known if account.state == "ACTIVE"]
    for account, found, missed in each(_Account.read, wanted, progress):
        gaps += missed
        if found is not None:
            seen[account] = found
    return Snapshot(accounts, seen, tuple(gaps))


@dataclass(frozen=True, slots=True)
class _Account:
    """One account, and what to look for in it."""

    sessions: Sessions
    id: str
    regions: Regions
    declared: Declared

    def read(self) -> _Answer:
        """What it shows; None where its reader role does not answer."""
        try:
            session = self.sessions.assume(self.id)
        except FAILED as error:
            return self.id, None, [Gap(self.id, code(error))]
        seen, gaps = Seen(reachable=True), []
        for region, names in self.regions.items():
            found = self._region(session, region, names)
            if isinstance(found, str):
                gaps.append(Gap(self.id, found, region))
                found = Seen(missed=frozenset(names), reachable=True)
            seen = seen.joined(found)
        return self.id, seen, gaps

    def _region(self, session: Session, region: str, names: Mapping[str, Sought]) -> Seen | str:
        """What a region shows of the networks declared in it, or why it shows nothing."""
        try:
            found = places.networks(session, region, lambda contents: (vpc.id for vpc in matched(contents, names).values()))
        except FAILED as error:
            return code(error)
        if found.gaps:
            return found.gaps[0].cause
        seen = find(found.contents, region, names, self.declared.pairs)
        return seen.limited(*quotas.read(session, region)) if seen.networks else seen
