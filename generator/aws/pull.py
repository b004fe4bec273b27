"""Reading what `inventory.json` needs: the organization's accounts, and the declared networks of each.

A place that cannot be read is a `Gap` with its cause. Nothing is ever concluded from an empty answer there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from generator.aws import networks
from generator.aws.networks import Declared, Regions
from generator.aws.session import Session, Sessions, Unreadable, cause
from generator.inventory import Gap, LiveAccount, Seen, Snapshot
from generator.organization.model import Organization

WORKERS = 8


def read(organization: Organization, declared: Declared, progress: Callable[[int, int], None]) -> Snapshot:
    """One reading. `progress(done, all)` is called after each account, from this thread."""
    sessions = Sessions(organization)
    management = organization.accounts["management"]
    try:
        accounts = tuple(_accounts(sessions.assume(management)))
    except Unreadable as error:
        return Snapshot((), {}, (Gap(management, f"Organizations: {cause(error)}"),))
    known = [(account, regions) for account in accounts if (regions := declared.of(account)) is not None]
    wanted = [(account, regions) for account, regions in known if account.state == "ACTIVE"]
    seen: dict[str, Seen] = {}
    gaps = [Gap(account.id, f"account is {account.state}") for account, _ in known if account.state != "ACTIVE"]
    with ThreadPoolExecutor(WORKERS) as pool:
        results = pool.map(lambda each: _account(sessions, *each), wanted)
        for number, ((account, _), (found, missed)) in enumerate(zip(wanted, results, strict=True), 1):
            gaps += missed
            if found is not None:
                seen[account.id] = found
            progress(number, len(wanted))
    return Snapshot(accounts, seen, tuple(gaps))


def _accounts(session: Session) -> Iterator[LiveAccount]:
    """Every account of the organization; `State` replaces `Status`, which AWS retires in September 2026."""
    for page in session.client("organizations").get_paginator("list_accounts").paginate():
        for found in page["Accounts"]:
            state = found.get("State") or found.get("Status", "UNKNOWN")
            yield LiveAccount(found["Id"], found["Name"], found["Email"], state)


def _account(sessions: Sessions, account: LiveAccount, regions: Regions) -> tuple[Seen | None, list[Gap]]:
    """What an account shows; None where its reader role does not answer."""
    try:
        session = sessions.assume(account.id)
    except Unreadable as error:
        return None, [Gap(account.id, cause(error))]
    seen = Seen(reachable=True)
    gaps: list[Gap] = []
    for region, names in regions.items():
        try:
            here = networks.read(session.client("ec2", region), region, names)
        except Unreadable as error:
            gaps.append(Gap(account.id, cause(error), region))
            here = Seen(missed=frozenset(names), reachable=True)
        seen = seen.joined(here)
    return seen, gaps
