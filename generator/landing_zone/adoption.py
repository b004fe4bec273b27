"""Taking over connections that exist already: a stack for each, in the direction it has, that imports what is there.

What is adopted must be legal and whole: allowed by the policy today, active and alike on both sides, between the VPCs and with the
ranges that would be reviewed, the only one of its pair, and without any finding of the audit that a plan would not mend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.audit.findings import Bench, bench
from generator.audit.judge import judged
from generator.audit.live import Live, VpcKey, ends
from generator.audit.model import Finding, Severity
from generator.files import File, FileSet, Kind, Part
from generator.landing_zone import projects
from generator.landing_zone.auditing import question
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import MODULE, PROVIDERS, plan_of, planned
from generator.peering.data import Data, read
from generator.peering.existing import DATA, IMPORTS, LOCK, Existing, State, directory
from generator.peering.imports import imports_file
from generator.peering.model import Decision, Key, Member, Refusal, key, pair_name
from generator.peering.plan import Pair, Plan, explained
from generator.peering.stack_files import PeeringFiles, copy_of_lock
from generator.problems import Problem
from generator.snapshot.model import Snapshot

MENDED = frozenset(
    {
        "allowed-not-planned", "dns-option-off", "dns-option-on-unwanted", "live-undeclared-allowed", "one-sided-routes",
        "ownership-tag-missing", "route-missing-accepter", "route-missing-requester", "tag-drift-missing-live", "wrong-direction",
    }
)  # fmt: skip
"""Findings about a pair that its stack's first plan mends, or that adoption itself does."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A pair and the connection that it takes over; `routes` are there and imported, `missing` will be made."""

    pair: Key
    connection: str
    requester: str
    routes: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is taken over, the files that say so, and why others are not."""

    adopted: tuple[Adopted, ...]
    files: FileSet
    problems: tuple[Problem, ...] = ()


def adopt(zone: LandingZone, snapshot: Snapshot, wanted: Collection[Key] | None = None) -> Adoption:
    """The adoption of these pairs; of every connection that no stack declares, where none is named."""
    asked = question(zone, snapshot)
    arranged = bench(asked)
    case = _Case(zone, arranged, _findings(judged(arranged).findings))
    pairs = sorted(set(wanted)) if wanted is not None else sorted(case.undeclared())
    # what is connected already takes no place from others, and is not one of two that could be made
    standing = {pair: Existing(pair, State.LIVE, ours=True) for pair in pairs if pair not in asked.stacks and case.between(pair)}
    stacks = {**asked.stacks, **standing}
    plan = planned(zone, stacks)
    reasons = {pair: case.reason(pair, plan) for pair in pairs}
    taken = [case.taken(pair) for pair, reason in reasons.items() if not reason]
    after = replace(zone, _peerings=[replace(zone.peerings(), stacks=stacks)])
    after.plans.append(plan)
    files = FileSet.of({path: file for _, made in taken for path, file in made.items()})
    directories = {directory(each.pair) for each, _ in taken}
    listed = projects.some(after, directories) if directories else []
    module = [Part(MODULE, zone.organization, PeeringFiles(zone.renderer).module)] if taken else []
    return Adoption(tuple(each for each, _ in taken), files | FileSet([*module, *listed]), tuple(_problems(reasons)))


def _findings(found: Sequence[Finding]) -> Mapping[str, list[Finding]]:
    """Those that a plan would not mend, by the pair and by the connection that they are about."""
    by: dict[str, list[Finding]] = defaultdict(list)
    for each in found:
        undecided = each.id == "tag-drift-decision" and each.severity < Severity.CRITICAL  # AFT has not written the tags yet
        if each.id not in MENDED and each.severity and not undecided:
            for name in {each.subject, each.connection} - {""}:
                by[name].append(each)
    return by


@dataclass(frozen=True, slots=True)
class _Case:
    """The landing zone, the snapshot arranged, and what the audit says."""

    zone: LandingZone
    bench: Bench
    findings: Mapping[str, list[Finding]]

    def undeclared(self) -> Iterator[Key]:
        """The pairs of networks between which there is a connection that no stack declares."""
        declared = {ends(stack) for stack in self.bench.question.stacks.values()}
        for live in self.bench.index.connections.values():
            names = [self.bench.index.names.get(side.vpc, "") for side in live.sides]
            known = len(set(names)) == 2 and all(name in self.bench.question.plan.members for name in names)
            if known and not live.gone and live.vpcs not in declared:
                yield key(*names)

    def between(self, pair: Key) -> list[Live]:
        """The connections of a pair's VPCs that are not over."""
        vpcs = frozenset(filter(None, (_vpc(self.bench.question.plan.members[name]) for name in pair)))
        return [live for live in self.bench.index.by_vpcs.get(vpcs, ()) if not live.gone]

    def reason(self, pair: Key, plan: Plan) -> str:
        """Why a pair's connection is not taken over, "" where it is; `plan` is what is decided once it has a stack."""
        found = plan.pairs.get(pair)
        if plan.doubts:
            return f"what it is decided from is in doubt: {plan.doubts[0].message}"
        if found is None or found.decision is not Decision.ALLOW:
            return f"the policy does not allow it ({explained(found.judgement) if found is not None else 'no rule'})"
        if pair in self.bench.question.stacks:
            return self._stands(pair)
        refused = [*found.refusals, *(each for each in self._now(pair) if each.id in ("occupied", "lost-stack"))]
        return "; ".join(each.message for each in refused) or self._not_whole(pair)

    def _now(self, pair: Key) -> tuple[Refusal, ...]:
        """What stands in the way of the pair as it is, whatever the connection: its directory holds something, or was lost."""
        there: Pair | None = self.bench.question.plan.pairs.get(pair)
        return there.refusals if there is not None else ()

    def _stands(self, pair: Key) -> str:
        """A pair that has a stack is taken over only where that stack says it the other way round than AWS has it."""
        stack, there = self.bench.question.stacks[pair], self.between(pair)
        turned = len(there) == 1 and self._requester(there[0]) != stack.requester
        if stack.state is State.LIVE and not stack.doubt and stack.ours and turned:
            return self._not_whole(pair)
        return f"peering/{pair_name(pair)} is there already"

    def _not_whole(self, pair: Key) -> str:
        there = self.between(pair)
        if len(there) != 1:
            ids = ", ".join(live.id for live in there)
            return f"there is more than one connection: {ids}" if there else "there is no connection between the two"
        (live,) = there
        unread = self.bench.index.unread(side.place for side in live.sides)
        if unread:
            return f"not both sides of {live.id} could be looked into ({unread})"
        if not live.active:
            return f"{live.id} is {live.status}"
        found = [*self.findings.get(pair_name(pair), ()), *self.findings.get(live.id, ()), *self.findings.get("snapshot", ())]
        said = "; ".join(dict.fromkeys(each.message for each in found))
        return said or next(self._unlike(pair, live), "")

    def _unlike(self, pair: Key, live: Live) -> Iterator[str]:
        """What AWS has otherwise than the stack would declare it."""
        for name in pair:
            member = self.bench.question.plan.members[name]
            vpc = _vpc(member)
            there = self.bench.index.ranges(vpc) if vpc is not None else None
            if there is None or set(there) != set(member.facts.blocks):
                yield f"the ranges of {name} are not those of inventory.json: run scaffold pull"
            tables = {table.id: table for table in self.bench.index.tables.get(vpc, ())} if vpc is not None else {}
            missing = [table for table in member.facts.route_table_ids if table not in tables]
            if missing:
                yield f"{name} has no route table {', '.join(missing)}: run scaffold pull"
        data = self._data(pair, live)
        for side in data.sides:
            wanted = {route for named in ("requester", "accepter") if data.side(named) is side for route in data.routes(named).values()}
            for table in self.bench.index.tables.get((side.id, side.region, side.vpc_id), ()):
                for route in table.routes:
                    if (table.id, route.destination) in wanted and route.target != live.id:
                        yield f"{table.id} of {side.name} leads to {route.destination} by {route.target}"

    def _requester(self, live: Live) -> str:
        return self.bench.index.names[live.requester.vpc]

    def _stack(self, pair: Key, live: Live) -> Existing:
        """The stack as it will be: in the direction of the connection, of the module's version that it has."""
        there = self.bench.question.stacks.get(pair, Existing(pair, State.NONE, ours=True))
        return replace(there, requester=self._requester(live))

    def _deciding(self, pair: Key, live: Live) -> dict[str, File]:
        return PeeringFiles(self.zone.renderer).deciding(pair, plan_of(self.zone).members, self._stack(pair, live))

    def _data(self, pair: Key, live: Live) -> Data:
        return read(self._deciding(pair, live)[f"{directory(pair)}/{DATA}"].body, pair)

    def taken(self, pair: Key) -> tuple[Adopted, dict[str, File]]:
        """The stack as sync would write it, in the direction of the connection, and what it takes over."""
        (live,) = self.between(pair)
        data, render = self._data(pair, live), PeeringFiles(self.zone.renderer)
        files = {**render.constant(pair), **self._deciding(pair, live), **copy_of_lock(pair, self.zone.tree.read(f"{PROVIDERS}/{LOCK}"))}
        tables = (table for side in data.sides for table in self.bench.index.tables.get((side.id, side.region, side.vpc_id), ()))
        there = {(table.id, route.destination) for table in tables for route in table.routes if route.target == live.id}
        wanted = {route for name in ("requester", "accepter") for route in data.routes(name).values()}
        files[f"{directory(pair)}/{IMPORTS}"] = File(imports_file(live.id, there, data), Kind.MANAGED)
        return Adopted(pair, live.id, self._requester(live), len(wanted & there), len(wanted - there)), files


def _vpc(member: Member) -> VpcKey | None:
    facts = member.facts
    return (facts.account_id, member.region, facts.vpc_id) if facts.account_id is not None and facts.vpc_id is not None else None


def _problems(reasons: Mapping[Key, str]) -> Iterator[Problem]:
    for pair, reason in reasons.items():
        if reason:
            message = f"{' -- '.join(pair)} is not adopted: {reason}"
            remedy = f'see "scaffold peering explain {" ".join(pair)}" and "scaffold peering audit"'
            yield Problem(id="not-adopted", message=message, remedy=remedy, value=pair_name(pair))
