"""What a picture of a plan says: the pairs that are drawn, and the facts of a network and of a pair, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from generator.peering import explain
from generator.peering.describe import Standing, deciding_keys, remedy, standing, why
from generator.peering.feasibility import Limits, peering_limit
from generator.peering.model import Key, Member
from generator.peering.plan import Action, Pair, Plan
from generator.peering.policy import FILE, Policy

Fact = tuple[str, str]
Degree = tuple[int, int]
"""How many peerings a network has or gets, and its quota."""


@dataclass(frozen=True, slots=True)
class View:
    """A plan with what is asked of it for each of its pairs and networks, counted once."""

    plan: Plan
    policy: Policy
    degrees: Mapping[str, Degree]
    deciding: tuple[str, ...]


def view(found: Plan, policy: Policy, limits: Limits) -> View:
    """The plan, looked at once."""
    there = Counter(name for pair in found.pairs.values() if pair.action in (Action.KEEP, Action.CREATE) for name in pair.names)
    used = {name: member.facts.used.get("peerings", 0) for name, member in found.members.items()}
    degrees = {name: (there[name] + used[name], peering_limit(member, limits)) for name, member in found.members.items()}
    return View(found, policy, degrees, tuple(deciding_keys(policy)))


def drawn(found: Plan, changed: Mapping[Standing, Collection[Pair]] | None = None) -> dict[Key, tuple[Standing, Pair]]:
    """Every pair but those that are simply denied, with its standing; that of a change, where one changes it. In order of importance."""
    standings = {names: (standing(pair), pair) for names, pair in found.pairs.items()}
    standings |= {pair.names: (each, pair) for each, listed in (changed or {}).items() for pair in listed}
    order = list(Standing)
    shown = [(names, each) for names, each in standings.items() if each[0] is not Standing.DENIED]
    return dict(sorted(shown, key=lambda one: (order.index(one[1][0]), one[0])))


def of_pair(pair: Pair, seen: View) -> Iterator[Fact]:
    """Why a pair stands where it stands, what to do about it, and what decides."""
    yield "why", why(pair, seen.plan.members, seen.policy)
    yield "what to do", remedy(pair, seen.plan.members, seen.policy)
    for id in pair.judgement.rules:
        rule = seen.policy.rule(id)
        yield "rule", f"{id} ({FILE}:{rule.line}): {rule.reason}" if rule is not None else id
    if pair.action is not Action.NONE:
        yield "stack", f"peering/{pair.name} ({pair.state.value}, {pair.action.value})"
    yield "ask", f"scaffold peering explain {' '.join(pair.names)}"


def explained(names: Key, seen: View) -> list[str]:
    """The rules that meet a pair, requirement by requirement; nothing of a network that was not read."""
    if any(name not in seen.plan.members for name in names):
        return []
    degrees = seen.degrees[names[0]], seen.degrees[names[1]]
    return explain.lines(explain.outline(names, seen.plan, seen.policy, degrees), FILE)


def of_network(member: Member, seen: View) -> Iterator[Fact]:
    """What a network is, and its account's tags; those that the policy looks at come first."""
    facts = member.facts
    yield "account", member.account
    yield "account id", facts.account_id or "not known yet"
    yield "region", member.region
    yield "VPC", facts.vpc_id or "not known yet"
    yield "ranges", ", ".join(map(str, facts.blocks)) or "none known"
    if member.name in seen.degrees:
        yield "peerings", "{} of {}".format(*seen.degrees[member.name])
    yield "retiring", member.retiring
    yield "cannot be judged", "; ".join(member.unclassified)
    for key in sorted(member.tags, key=lambda tag: (tag not in seen.deciding, tag)):
        yield f"tag {key}", member.tags[key] or '""'
    if member.file:
        yield "declared in", f"{member.file}:{member.line}"
