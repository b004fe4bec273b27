"""The accounts of the organization and their live tags, through the reader role of the management account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.aws.answers import text
from generator.aws.session import Session
from generator.snapshot.model import Account

SERVICE = "organizations"


def accounts(management: Session) -> tuple[Account, ...]:
    """Every account, without its tags; AWS lists twenty a page. Raises `FAILED`.

    An organization holds its management account: a list without it is somebody else's, or none.
    """
    found = tuple(_account(each) for each in management.listed(SERVICE, "list_accounts", "Accounts"))
    if management.account not in {account.id for account in found}:
        raise KeyError(f"the management account {management.account}")
    return found


def _account(found: Mapping[str, Any]) -> Account:
    """An account. `State` replaces `Status`, which AWS retires in September 2026; `Paths` came with it."""
    state = found.get("State") or found.get("Status") or "UNKNOWN"
    path = next(iter(found.get("Paths") or ()), "")
    return Account(text(found, "Id"), found.get("Name", ""), found.get("Email", ""), state, path=path)


def tags(management: Session, account: str) -> dict[str, str]:
    """The tags that an account has now: what decides, once AFT has written it. Raises `FAILED`."""
    listed = management.listed(SERVICE, "list_tags_for_resource", "Tags", ResourceId=account)
    return {text(tag, "Key"): tag["Value"] for tag in listed}
