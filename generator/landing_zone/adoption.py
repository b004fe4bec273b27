"""Taking over connections that exist already: a stack for each, in the direction it has, that imports what is there.

What is adopted must be legal and whole: allowed by the policy today, active, seen from both sides, the only one of its pair.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from generator.audit.findings import Bench, bench
from generator.audit.live import Live, ends
from generator.files import File, FileSet, Kind, Part
from generator.landing_zone import projects
from generator.landing_zone.auditing import question
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import MODULE, PROVIDERS, plan_of, planned
from generator.peering.data import read
from generator.peering.existing import DATA, IMPORTS, LOCK, Existing, State, directory
from generator.peering.imports import imports_file
from generator.peering.model import Decision, Key, key, pair_name
from generator.peering.plan import Pair, explained
from generator.peering.stack_files import PeeringFiles, copy_of_lock
from generator.problems import Problem, Severity
from generator.snapshot.model import Snapshot


@dataclass(frozen=True, slots=True)
class Adopted:
    """A pair and the connection that it takes over."""

    pair: Key
    connection: str
    requester: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is taken over, the files that say so, and why others are not."""

    adopted: tuple[Adopted, ...]
    files: FileSet
    problems: tuple[Problem, ...] = ()


def adopt(zone: LandingZone, snapshot: Snapshot, wanted: Collection[Key] | None = None) -> Adoption:
    """The adoption of these pairs; of every connection that no stack declares, where none is named."""
    found = bench(question(zone, snapshot))
    pairs = sorted(set(wanted)) if wanted is not None else sorted(_undeclared(found))
    # what is connected already takes no place from others, and is not one of two that could be made
    standing = {pair: _standing(pair) for pair in pairs if pair not in found.question.stacks and _between(found, pair)}
    stacks = {**found.question.stacks, **standing}
    plan = planned(zone, stacks)
    reasons = {pair: _reason(found, pair, plan.pairs.get(pair)) for pair in pairs}
    taken = [_adopted(found, pair) for pair, reason in reasons.items() if not reason]
    files = FileSet.of({path: file for each in taken for path, file in _files(zone, found, each).items()})
    after = replace(zone, _peerings=[replace(zone.peerings(), stacks=stacks)])
    after.plans.append(plan)
    directories = {directory(each.pair) for each in taken}
    listed = projects.some(after, directories) if directories else []
    return Adoption(tuple(taken), files | FileSet([*_module(zone, taken), *listed]), tuple(_problems(reasons)))


def _undeclared(found: Bench) -> Iterator[Key]:
    """The pairs of networks between which there is a connection that no stack declares."""
    declared = {ends(stack) for stack in found.question.stacks.values()}
    for live in found.index.connections.values():
        names = [found.index.names.get(side.vpc, "") for side in live.sides]
        if not live.gone and live.vpcs not in declared and all(name in found.question.plan.members for name in names):
            yield key(*names)


def _between(found: Bench, pair: Key) -> list[Live]:
    """The connections of a pair that are not over."""
    there = (live for live in found.index.connections.values() if not live.gone)
    return [live for live in there if {found.index.names.get(side.vpc) for side in live.sides} == set(pair)]


def _standing(pair: Key) -> Existing:
    """The pair as if it had a stack."""
    return Existing(pair, State.LIVE, ours=True)


def _reason(found: Bench, pair: Key, plan: Pair | None) -> str:
    """Why a pair's connection is not taken over, "" where it is; `plan` is what is decided of it once it has a stack."""
    there = _between(found, pair)
    if plan is None or plan.decision is not Decision.ALLOW:
        return f"the policy does not allow it ({explained(plan.judgement) if plan is not None else 'no rule'})"
    if pair in found.question.stacks:
        return _stands(found, pair, there)
    if plan.refusals:
        return "; ".join(refusal.message for refusal in plan.refusals)
    return _not_whole(found, there) or _occupied(found, pair)


def _occupied(found: Bench, pair: Key) -> str:
    """Why sync would not make its stack, whatever the connection is: its directory holds something, or was lost."""
    return "; ".join(each.message for each in found.question.plan.pairs[pair].refusals if each.id in ("occupied", "lost-stack"))


def _stands(found: Bench, pair: Key, there: list[Live]) -> str:
    """A pair that has a stack is taken over only where that stack says it the other way round than AWS has it."""
    stack = found.question.stacks[pair]
    if stack.state is State.LIVE and not stack.doubt and len(there) == 1 and _requester(found, there[0]) != stack.requester:
        return _not_whole(found, there)
    return f"peering/{pair_name(pair)} is there already"


def _not_whole(found: Bench, there: list[Live]) -> str:
    if len(there) != 1:
        ids = ", ".join(live.id for live in there)
        return f"there is more than one connection: {ids}" if there else "there is no connection between the two"
    live = there[0]
    unread = found.index.unread(side.place for side in live.sides)
    if unread:
        return f"not both sides of {live.id} could be looked into ({unread})"
    return "" if live.active else f"{live.id} is {live.status}"


def _requester(found: Bench, live: Live) -> str:
    return found.index.names[live.requester.vpc]


def _adopted(found: Bench, pair: Key) -> Adopted:
    (live,) = _between(found, pair)
    return Adopted(pair, live.id, _requester(found, live))


def _files(zone: LandingZone, found: Bench, each: Adopted) -> dict[str, File]:
    """The stack as sync would write it, in the direction of the connection, and what it takes over."""
    render = PeeringFiles(zone.renderer)
    stack = Existing(each.pair, State.NONE, ours=True, requester=each.requester)
    files = {**render.constant(each.pair), **render.deciding(each.pair, plan_of(zone).members, stack)}
    files |= copy_of_lock(each.pair, zone.tree.read(f"{PROVIDERS}/{LOCK}"))
    data = read(files[f"{directory(each.pair)}/{DATA}"].body, each.pair)
    there = {
        (table.id, route.destination)
        for side in data.sides
        for table in found.index.tables.get((side.id, side.region, side.vpc_id), ())
        for route in table.routes
        if route.target == each.connection
    }
    return {**files, f"{directory(each.pair)}/{IMPORTS}": File(imports_file(each.connection, there, data), Kind.MANAGED)}


def _module(zone: LandingZone, taken: list[Adopted]) -> list[Part]:
    render = PeeringFiles(zone.renderer)
    return [Part(MODULE, zone.organization, render.module)] if taken else []


def _problems(reasons: dict[Key, str]) -> Iterator[Problem]:
    for pair, reason in reasons.items():
        if reason:
            message = f"{' -- '.join(pair)} is not adopted: {reason}"
            remedy = f'see "scaffold peering explain {" ".join(pair)}" and "scaffold peering audit"'
            yield Problem(id="not-adopted", message=message, remedy=remedy, severity=Severity.ERROR, value=pair_name(pair))
