"""What a change does to accounts: added, gone, renamed, and each value that is another one now."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.accounts.model import NETWORKS, VPC_CIDR, Account, Value, Values
from generator.hcl.evaluate import Unknown
from generator.landing_zone.model import LandingZone

PERMANENT = frozenset({"AccountEmail", "AccountName", "SSOUserEmail", "SSOUserFirstName", "SSOUserLastName", "region", VPC_CIDR})
"""What AFT, or a VPC, never changes once it is made; so are the ranges of further networks."""


class What(enum.Enum):
    """What becomes of an account's request."""

    REMOVED = "removed"
    UNREAD = "cannot be read"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Field:
    """A value that changes: None where it is absent before or after. `place` is the map that holds it (`account_tags`)."""

    place: str
    key: str
    old: str | None
    new: str | None

    @property
    def permanent(self) -> bool:
        """Can it not be changed any more? What was not there before can still be made."""
        return self.old is not None and self.place != "account_tags" and (self.key in PERMANENT or self.key.startswith(NETWORKS))


@dataclass(frozen=True, slots=True)
class AccountChange:
    """An account that a change touches, the file of its request, and its values that differ."""

    what: What
    slug: str
    file: str
    fields: tuple[Field, ...] = ()


def account_changes(before: LandingZone | None, after: LandingZone) -> list[AccountChange]:
    """Every account whose request differs, those first that go; `before` None is an empty landing zone."""
    old = {account.slug: account for account in before.accounts} if before is not None else {}
    new = {account.slug: account for account in after.accounts}
    pairs = {slug: (old.get(slug), account) for slug, account in new.items()}
    # AFT knows a request by its address: one with another name is the same account
    moved = {account.email: account for slug, account in old.items() if slug not in new and isinstance(account.email, str)}
    found = [_changed(was or moved.pop(str(now.email), None), now) for was, now in pairs.values()]
    gone = [account for slug, account in old.items() if slug not in new and (account.email in moved or not isinstance(account.email, str))]
    what = What.UNREAD if after.reading.unreadable else What.REMOVED
    listed = [*(AccountChange(what, account.slug, account.record.file) for account in gone), *filter(None, found)]
    return sorted(listed, key=lambda each: (list(What).index(each.what), each.slug))


def _changed(was: Account | None, now: Account) -> AccountChange | None:
    if was is None:
        return AccountChange(What.ADDED, now.slug, now.record.file)
    fields = tuple(_fields(was, now))
    return AccountChange(What.CHANGED, now.slug, now.record.file, fields) if fields else None


def _fields(was: Account, now: Account) -> Iterator[Field]:
    """The values that differ; who asked for a request and why is no value of the account."""
    old, new = was.record.request, now.record.request
    maps: Mapping[str, tuple[Values, Values]] = {
        "control_tower_parameters": (old.control_tower, new.control_tower),
        "account_tags": (old.tags, new.tags),
        "custom_fields": (old.custom_fields, new.custom_fields),
        "": ({"account_customizations_name": old.customizations}, {"account_customizations_name": new.customizations}),
    }
    for place, (before, after) in maps.items():
        for key in sorted({*before, *after}):
            one, other = _said(before.get(key)), _said(after.get(key))
            if one != other:
                yield Field(place, key, one, other)


def _said(value: Value | None) -> str | None:
    return f"(cannot be told: {value.why})" if isinstance(value, Unknown) else value
