"""The peerings of a landing zone: the plan, and the files it wants."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from generator.atlantis import region
from generator.files import File, Part
from generator.landing_zone.members import members
from generator.landing_zone.model import LandingZone
from generator.peering import existing
from generator.peering.existing import LOCK, Existing
from generator.peering.feasibility import Limits
from generator.peering.lint import unknown_accounts
from generator.peering.model import Decision, Judgement, Key
from generator.peering.plan import Action, Pair, Plan, plan
from generator.peering.policy import FILE, Policy, on
from generator.peering.stack_files import PeeringFiles, copy_of_lock, imports, tombstone, without_imports
from generator.problems import Problem, Refused, refuse
from generator.stacks.skeletons import PEERING

PROVIDERS = "providers"
MODULE = f"modules/{PEERING}"
UNASKED = 5
"""So many pairs are disconnected without being asked for by number."""


def policy_of(zone: LandingZone) -> Policy:
    """The policy of the zone's day; refused where it is missing or invalid: no pair may be judged then."""
    if zone.policy is None:
        raise Refused(zone.policy_problems or (_missing(),))
    return on(zone.policy, zone.day)


def _missing() -> Problem:
    remedy = 'restore it from git; a policy that allows nothing is "version: 1" and "rules: []"'
    return Problem(id="no-policy", file=FILE, message="there is no peering policy here, so no pair can be judged", remedy=remedy)


def plan_of(zone: LandingZone) -> Plan:
    """What is decided about every pair, made once per zone."""
    if not zone.plans:
        zone.plans.append(planned(zone, zone.peerings().stacks))
    found: Plan = zone.plans[0]
    return found


def planned(zone: LandingZone, stacks: Mapping[Key, Existing]) -> Plan:
    """What is decided if there are these stacks."""
    policy = policy_of(zone)
    known, doubts = members(zone, policy), _doubts(zone, policy)
    return plan(policy, known, stacks, limits(zone), doubts, zone.peerings().occupied, _lost(zone))


def _lost(zone: LandingZone) -> set[Key]:
    """Pairs that our region of `atlantis.yaml` lists and whose directory is gone."""
    listed = (existing.pair_of(name.removeprefix(f"{existing.ROOT}/")) for name in region.listed(zone.tree.read(region.FILE) or b""))
    return {pair for pair in listed if pair is not None and not zone.tree.list(existing.directory(pair)).files}


def _doubts(zone: LandingZone, policy: Policy) -> tuple[Problem, ...]:
    """Why the policy or the tags may not be what they seem: accounts that nothing describes, requests laid over others.

    A misspelt account takes a pair out of a deny without a word, and an override file changes tags of any account.
    """
    slugs = {account.slug for account in zone.accounts} | set(zone.others.accounts)
    unknown = unknown_accounts(policy, slugs, zone.complete)
    return (*unknown, *(problem for problem in zone.problems if problem.id == "request-override"))


def before(base: LandingZone | None) -> Plan:
    """The plan of a base that a change is compared with: without a policy there, what exists stays and nothing else is wanted."""
    if base is None:
        return Plan({})
    if base.policy is None:
        stacks = base.peerings().stacks.values()
        unknown = Judgement(Decision.UNDETERMINED, why=f"the base has no {FILE} that can be read")
        kept = [Pair(stack.pair, unknown, stack.state, Action.KEEP) for stack in stacks if stack.state is existing.State.LIVE]
        return Plan({}, {pair.names: pair for pair in kept})
    return plan_of(base)


def limits(zone: LandingZone) -> Limits:
    """The quotas of `scaffold.yaml`."""
    said = zone.organization.peering
    return Limits(said.get("limit", 50), said.get("routes", 500), frozenset(zone.organization.regions))


def parts(zone: LandingZone) -> Iterator[Part]:
    """The files of every pair that has a stack or gets one; and the module, for a pair that is new."""
    found = plan_of(zone)
    wanted = [pair for pair in found.pairs.values() if pair.action is not Action.NONE or pair.state is not existing.State.NONE]
    render = PeeringFiles(zone.renderer)
    if any(pair.action is Action.CREATE for pair in wanted):
        yield Part(MODULE, zone.organization, render.module)
    lock = zone.tree.read(f"{PROVIDERS}/{LOCK}")
    for pair in wanted:
        yield _part(zone, pair, render, lock)


def _part(zone: LandingZone, pair: Pair, render: PeeringFiles, lock: bytes | None) -> Part:
    found, stack = plan_of(zone), zone.peerings().stacks.get(pair.names)
    sides = tuple(found.members.get(name) for name in pair.names)
    facts = tuple((side.name, side.region, side.facts) for side in sides if side is not None)
    inputs = (zone.organization, pair.names, pair.action, bool(pair.error), stack, facts, lock, _adopted(zone, pair.names))
    return Part(existing.directory(pair.names), inputs, lambda: _files(zone, pair, stack, render, lock))


def _adopted(zone: LandingZone, pair: Key) -> bytes | None:
    """What a pair takes over; None for nearly all of them, whose directory is listed already."""
    place = existing.directory(pair)
    return zone.tree.read(f"{place}/{existing.IMPORTS}") if existing.IMPORTS in zone.tree.list(place).files else None


def _files(zone: LandingZone, pair: Pair, stack: Existing | None, render: PeeringFiles, lock: bytes | None) -> Mapping[str, File]:
    """A stack that is kept in doubt keeps its data and its module call; what depends on its name alone is always current."""
    files = {**render.constant(pair.names), **copy_of_lock(pair.names, lock)}
    if pair.action is Action.TOMBSTONE or (pair.action is Action.NONE and pair.state is existing.State.TOMBSTONE):
        files |= {**tombstone(pair.names), **(without_imports(pair.names) if _adopted(zone, pair.names) is not None else {})}
    elif pair.action in (Action.CREATE, Action.KEEP) and not pair.error:
        deciding = render.deciding(pair.names, plan_of(zone).members, stack)
        reviewed = deciding[f"{existing.directory(pair.names)}/{existing.DATA}"].body
        files |= {**deciding, **imports(pair.names, _adopted(zone, pair.names), reviewed)}
    return files


def refuse_removals(fresh: Collection[Pair], stated: int | None) -> None:
    """Stop before many pairs are disconnected at once: above five, or where a number is stated, it must be the exact one."""
    if len(fresh) == stated or (stated is None and len(fresh) <= UNASKED):
        return
    names = ", ".join(pair.name for pair in fresh)
    said = "" if stated is None else f", and --removals is {stated}"
    message = f"{len(fresh)} pairs would be disconnected{said}" + (f": {names}" if names else "")
    raise refuse("removals", message, f"see scaffold peering plan; if that is meant, add --removals {len(fresh)}", value=str(len(fresh)))
