"""The reading that the audit judges: every account of the organization, and every active one in all its enabled regions.

    file = Path("audit.json")
    with partial.of(file) as lines:                          # generator.repository.partial; FILE.partial, for this run alone
        found = snapshot.read(zone.organization, lines, output.progress("accounts read"))
        lines.finish(write(found))                           # generator.snapshot.write: replaces FILE, deletes FILE.partial

Without a file: `snapshot.read(zone.organization, None, progress)`; nothing is written then, and an interrupted run starts anew.

Calls, and the actions that the reader role has to allow, stand in this room's docstring (`generator.aws`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from generator.aws import organization as organizations
from generator.aws import places
from generator.aws.causes import FAILED, cause, passes
from generator.aws.each import each
from generator.aws.record import Lines, Record, resume
from generator.aws.session import Session, Sessions
from generator.organization.model import Organization
from generator.snapshot.model import Account, Gap, Part, Place, Snapshot

Progress = Callable[[int, int], None]
_ACTIVE = "ACTIVE"


def read(organization: Organization, partial: Lines | None, progress: Progress) -> Snapshot:
    """One reading. `progress(done, all)` is called after each account, from this thread.

    `partial` holds what an interrupted run found: that is not read again, and what is found now is appended. `ScaffoldError` where
    there are no credentials, where they end on the way (what was found stays in `partial`), or where `partial` cannot be gone on with.
    An organization that cannot be listed gives a snapshot without accounts, and one gap: that of its management account.
    """
    sessions = Sessions(organization)
    record = resume(organization, partial)  # after the credentials: without them there is nothing to go on with tomorrow
    reading = _Reading(sessions, organization.accounts["management"], record)
    try:
        accounts = reading.accounts()
    except FAILED as error:
        return Snapshot(record.taken, gaps=(Gap(reading.management, None, f"Organizations: {cause(error)}", Part.ACCOUNTS),))
    for _ in each(reading.account, accounts, progress, reading.ended):
        pass
    return record.snapshot()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the threads of one reading share."""

    sessions: Sessions
    management: str
    record: Record
    ended: threading.Event = field(default_factory=threading.Event)

    def accounts(self) -> tuple[Account, ...]:
        """The accounts of the organization, listed once for all runs of a reading. Raises `FAILED`."""
        if self.record.listed is None:
            self.record.list(organizations.accounts(self.sessions.assume(self.management)))
        return self.record.listed or ()

    def account(self, account: Account) -> None:
        """Everything of an account that the record does not have yet."""
        if not self.record.is_tagged(account.id):
            self._tags(account)
        if account.state != _ACTIVE:
            self.record.miss(Gap(account.id, None, f"account is {account.state}"), keep=False)  # the list says it again
        if not self.record.is_read(account.id):
            self._regions(account.id)

    def _tags(self, account: Account) -> None:
        try:
            tags = organizations.tags(self.sessions.assume(self.management), account.id)
        except FAILED as error:
            self.record.miss(Gap(account.id, None, cause(error), Part.TAGS), keep=not passes(error))
        else:
            self.record.tag(account._replace(tags=tags))

    def _regions(self, account: str) -> None:
        """Every region of an account; the account as a whole is a gap where its role, or its list of regions, does not answer."""
        try:
            session = self.sessions.assume(account)
            if account not in self.record.regions:
                self.record.enable(account, places.regions(session))
        except FAILED as error:
            self.record.miss(Gap(account, None, cause(error)), keep=not passes(error))
            return
        for region in self.record.regions[account]:
            if not (self.ended.is_set() or self.record.is_read(account, region)):
                self._place(session, Place(account, region))

    def _place(self, session: Session, place: Place) -> None:
        try:
            self.record.place(place, places.read(session, place.region))
        except FAILED as error:
            self.record.miss(Gap(place.account, place.region, cause(error)), keep=not passes(error))
