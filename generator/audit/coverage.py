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
from generator.snapshot.model import Gap, Part, Place

_NOBODY, _SILENT = "it was not looked into", "AWS did not say"
_OPEN = "ACTIVE"


def gaps(bench: Bench, unknown: Iterable[Unknown]) -> tuple[Gap, ...]:
    """All of them, each once, in order of account and region."""
    found = {(gap.account, gap.region, gap.part): gap for gap in bench.question.snapshot.gaps}
    for gap in (*_accounts(bench), *_places(bench), *_silence(unknown)):
        if (gap.account, None, Part.ALL) not in found and (gap.account, gap.region, Part.ALL) not in found:
            found.setdefault((gap.account, gap.region, gap.part), gap)
    return tuple(sorted(found.values(), key=lambda gap: (gap.account, gap.region or "", gap.part.value)))


def _accounts(bench: Bench) -> Iterator[Gap]:
    """Accounts that nobody looked into; and the whole organization, where its accounts are not listed."""
    snapshot, home = bench.question.snapshot, bench.question.home_region
    if not snapshot.accounts:
        yield Gap(bench.question.management, None, "the accounts of the organization were not listed")
    seen = {place.account for place in snapshot.places}
    for account in snapshot.accounts.values():
        if account.state != _OPEN:
            yield Gap(account.id, None, f"account is {account.state}")
        elif account.id not in seen:
            yield Gap(account.id, None, _NOBODY)
        elif snapshot.gap(Place(account.id, home)):
            yield Gap(account.id, home, _NOBODY)


def _places(bench: Bench) -> Iterator[Gap]:
    """Places that something stands in, or leads to."""
    listed = bench.question.snapshot.accounts
    for place in sorted(needed(bench)):
        if place.account in listed and bench.question.snapshot.gap(place):
            yield Gap(place.account, place.region, _NOBODY)


def needed(bench: Bench) -> set[Place]:
    """Where a declared network, a stack's side or the side of a connection is."""
    members = bench.question.plan.members.values()
    known = {Place(member.facts.account_id, member.region) for member in members if member.facts.account_id and member.facts.vpc_id}
    stacks = (stack for stack in bench.question.stacks.values() if stack.state is not State.NONE)
    declared = {Place(account, region) for stack in stacks for account, region, _ in ends(stack)}
    sides = {side.place for live in bench.index.connections.values() if not live.gone for side in live.sides}
    return known | declared | sides


def _silence(unknown: Iterable[Unknown]) -> Iterator[Gap]:
    """What a check missed in a place that was looked into."""
    for each in unknown:
        for place in each.places if each.part is not Part.ALL else ():
            yield Gap(place.account, place.region or None, _SILENT, each.part)
