"""What a change does to accounts: added, gone, renamed, and each value that is another one now."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    UNSEEN = "could not be read on the base"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Field:
    """A value that changes: None where it is absent before or after. `place` is the map that holds it (`account_tags`).

    `told` is False where one of the two is unknown: then they may be the same.
    """

    place: str
    key: str
    old: str | None
    new: str | None
    told: bool = True

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
    pairs = joined(before.accounts if before is not None else (), after.accounts)
    gone = What.UNREAD if hides(after, [now for was, now in pairs if was is None and now is not None]) else What.REMOVED
    fresh = (
        What.UNSEEN if before is not None and hides(before, [was for was, now in pairs if now is None and was is not None]) else What.ADDED
    )
    found = [_changed(was, now, gone, fresh) for was, now in pairs]
    return sorted(filter(None, found), key=lambda each: (list(What).index(each.what), each.slug))


Pair = tuple[Account | None, Account | None]


def joined(before: Sequence[Account], after: Sequence[Account]) -> list[Pair]:
    """Which request was which: by address, as AFT knows them, then by slug, then by module label. What is left came or went."""
    old, new = dict(enumerate(before)), dict(enumerate(after))
    pairs: list[Pair] = []
    for key in (_address, _slug, _label):
        was, now = _once(before, key), _once(after, key)
        for word, place in now.items():
            if was.get(word) in old and place in new:
                pairs.append((old.pop(was[word]), new.pop(place)))
    for place, account in list(new.items()):  # written twice on both sides, as a copied file is
        same = next((number for number, other in old.items() if _whole(other) == _whole(account)), None)
        if same is not None:
            pairs.append((old.pop(same), new.pop(place)))
    return [*pairs, *((None, account) for account in new.values()), *((account, None) for account in old.values())]


def _once(accounts: Sequence[Account], key: Callable[[Account], str]) -> dict[str, int]:
    """Places of accounts by a word that only one of them has: of several, which one is meant cannot be told."""
    numbers = Counter(map(key, accounts))
    return {key(account): place for place, account in enumerate(accounts) if key(account) and numbers[key(account)] == 1}


def hides(zone: LandingZone, alone: Iterable[Account]) -> bool:
    """May a zone have requests that were not told apart: in what was not read, or under an address that is unknown?

    `alone` are its accounts that match none of the other side. A value that is unknown hides no request by itself.
    """
    unread = any(problem.incomplete and problem.id != "unknown-value" for problem in zone.reading.problems)
    return unread or any(not isinstance(account.email, str) for account in alone)


def _address(account: Account) -> str:
    return account.email.lower() if isinstance(account.email, str) else ""


def _slug(account: Account) -> str:
    return account.slug


def _label(account: Account) -> str:
    return account.record.request.label


def _whole(account: Account) -> tuple[str, str, str]:
    return _address(account), _slug(account), _label(account)


def _changed(was: Account | None, now: Account | None, gone: What, fresh: What) -> AccountChange | None:
    if now is None:
        return AccountChange(gone, was.slug, was.record.file) if was is not None else None
    if was is None:
        return AccountChange(fresh, now.slug, now.record.file)
    fields = tuple(changed_fields(was, now))
    return AccountChange(What.CHANGED, now.slug, now.record.file, fields) if fields else None


def changed_fields(was: Account, now: Account) -> Iterator[Field]:
    """The values that differ; who asked for a request and why is no value of the account."""
    old, new = was.record.request, now.record.request
    maps: Mapping[str, tuple[Values, Values]] = {
        "control_tower_parameters": (old.control_tower, new.control_tower),
        "account_tags": (old.tags, new.tags),
        "custom_fields": (old.custom_fields, new.custom_fields),
        "": ({"account_customizations_name": old.customizations}, {"account_customizations_name": new.customizations}),
    }
    for place, (before, after) in maps.items():
        for key in sorted({*before, *after} - {"*"}) or sorted({*before, *after}):
            # of a map that is unknown as a whole, no key is absent
            one, other = before.get(key, before.get("*")), after.get(key, after.get("*"))
            told = not isinstance(one, Unknown) and not isinstance(other, Unknown)
            if _said(one) != _said(other):
                yield Field(place, key, _said(one), _said(other), told)


def _said(value: Value | None) -> str | None:
    return f"(cannot be told: {value.why})" if isinstance(value, Unknown) else value
