"""The audit: a pure function of what is wanted, what is declared and what a reading of AWS saw."""

from __future__ import annotations

from collections.abc import Iterator

from generator.audit.catalogue import KINDS
from generator.audit.coverage import gaps, needed
from generator.audit.details import details, overlaps
from generator.audit.drift import drift, unclassified
from generator.audit.exceptions import exceptions
from generator.audit.findings import Bench, Found
from generator.audit.findings import bench as arranged
from generator.audit.matrix import alive, existence, judgement
from generator.audit.model import Finding, Question, Report, Unknown
from generator.audit.quotas import quotas
from generator.audit.routes import everywhere, routes
from generator.documents.dates import ordinal
from generator.peering.existing import State
from generator.peering.model import Decision
from generator.peering.policy import FILE
from generator.snapshot.model import Doors

OLD = 1
"""Days after which a reading is too old to speak of today."""


def judge(question: Question) -> Report:
    """Everything that is found, worst first, and everything that could not be looked at."""
    return judged(arranged(question))


def judged(bench: Bench) -> Report:
    """The same of a question whose snapshot is arranged already."""
    said = list(_all(bench))
    findings = {found.fingerprint: found for found in said if isinstance(found, Finding)}
    unknown = tuple(sorted({each for each in said if isinstance(each, Unknown)}, key=lambda each: (each.subject, each.what)))
    ordered = sorted(findings.values(), key=lambda found: (-found.severity, found.subject, found.id, found.key))
    taken, places = bench.question.snapshot.taken, frozenset(needed(bench))
    return Report(taken, tuple(ordered), gaps(bench, unknown), unknown, _counts(bench), places)


def _all(bench: Bench) -> Iterator[Found]:
    for check in (existence, _declared, everywhere, overlaps, drift, unclassified, quotas, exceptions, _age):
        yield from check(bench)


def _declared(bench: Bench) -> Iterator[Found]:
    """What declared connections that carry traffic are like; one that must go is not looked at any closer."""
    for pair, stack in sorted(bench.question.stacks.items()):
        there = alive(bench, stack) if stack.state is State.LIVE else []
        if there and there[0].active and judgement(bench, pair).decision is not Decision.DENY:
            yield from details(bench, stack, there[0])
            yield from routes(bench, stack, there[0])


def _age(bench: Bench) -> Iterator[Found]:
    taken = bench.question.snapshot.taken
    days = ordinal(bench.question.day) - ordinal(taken[:10])
    if not 0 <= days <= OLD:
        kind = KINDS["snapshot-stale"]
        when = f"{days} days ago" if days > 0 else f"{-days} days after today"
        message = f"the snapshot was taken at {taken}, {when}"
        yield Finding("snapshot-stale", kind.severity, "snapshot", message, kind.remedy, key=taken, evidence={"taken": taken}, file=FILE)


def _counts(bench: Bench) -> dict[str, int | None]:
    snapshot, live = bench.question.snapshot, [each for each in bench.index.connections.values() if not each.gone]
    doors = [here.doors for here in snapshot.places.values()]
    numbers = {name: _sum([getattr(each, name) for each in doors]) for name in Doors._fields}
    declared = sum(stack.state is State.LIVE for stack in bench.question.stacks.values())
    return {
        "accounts": len(snapshot.accounts),
        "places": len(snapshot.places),
        "connections": len(live),
        "declared": declared,
        **numbers,
    }


def _sum(numbers: list[int | None]) -> int | None:
    """None where one of them was not counted."""
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
