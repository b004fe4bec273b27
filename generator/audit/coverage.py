"""Where nobody could look: the gaps of a reading, and those that it does not even know of.

A reading says only what it saw. Each place that a declared network, a stack or a connection needs has to be in it, and so has the home
region of every account; what is in neither is a gap, or an audit of half an organization would be clean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.audit.findings import Bench
from generator.audit.live import ends
from generator.audit.model import Unknown
from generator.peering.existing import State
from generator.snapshot.model import OPEN, Gap, Part, Place

_NOBODY, _SILENT = "it was not looked into", "AWS did not say"


def gaps(bench: Bench, unknown: Iterable[Unknown]) -> tuple[Gap, ...]:
    """All of them, each once, in order of account and region."""
    found = {(gap.account, gap.region, gap.part): gap for gap in bench.question.snapshot.gaps}
    for gap in (*_accounts(bench), *_places(bench), *_silence(bench, unknown)):
        covered = (gap.account, None, Part.ALL) in found or (gap.account, gap.region, Part.ALL) in found
        if gap.part is Part.ACCOUNTS or not covered:
            found.setdefault((gap.account, gap.region, gap.part), gap)
    return tuple(sorted(found.values(), key=lambda gap: (gap.account, gap.region or "", gap.part.value)))


def _accounts(bench: Bench) -> Iterator[Gap]:
    """Accounts and regions that nobody looked into; and the whole organization, where its accounts are not listed."""
    snapshot, home = bench.question.snapshot, bench.question.home_region
    if bench.question.management not in snapshot.accounts:
        what = "it is not among the accounts listed" if snapshot.accounts else "the accounts of the organization were not listed"
        yield Gap(bench.question.management, None, what, Part.ACCOUNTS)
    seen = {place.account for place in snapshot.places}
    for account in snapshot.accounts.values():
        if account.state != OPEN:
            yield Gap(account.id, None, f"account is {account.state}")
        elif account.id not in seen:
            yield Gap(account.id, None, _NOBODY)
        elif not account.regions:
            yield Gap(account.id, None, "which regions it has enabled was not asked")
        for region in sorted({home, *account.regions}) if account.state == OPEN and account.id in seen else ():
            if snapshot.gap(Place(account.id, region)):
                yield Gap(account.id, region, _NOBODY)


def _places(bench: Bench) -> Iterator[Gap]:
    """Places that something stands in, or leads to."""
    listed = bench.question.snapshot.accounts
    for place in sorted(needed(bench)):
        if (place.account in listed or not listed) and bench.question.snapshot.gap(place):
            yield Gap(place.account, place.region, _NOBODY)


def needed(bench: Bench) -> set[Place]:
    """Where a declared network, a stack's side or the side of a connection is."""
    ids = {declared.slug: id for id, declared in bench.question.accounts.items()}
    members = ((member.facts.account_id or ids.get(member.account), member) for member in bench.question.plan.members.values())
    known = {Place(id, member.region) for id, member in members if id is not None}
    stacks = (stack for stack in bench.question.stacks.values() if stack.state is not State.NONE)
    declared = {Place(account, region) for stack in stacks for account, region, _ in ends(stack)}
    sides = {side.place for live in bench.index.connections.values() if not live.gone for side in live.sides}
    return known | declared | sides


def _silence(bench: Bench, unknown: Iterable[Unknown]) -> Iterator[Gap]:
    """What a check missed: each has a gap, or an audit that could not make it would be clean."""
    for each in unknown:
        for place in each.places:
            cause = bench.question.snapshot.gap(place) if each.part is Part.ALL else _SILENT
            yield Gap(place.account, place.region or None, cause, each.part)
