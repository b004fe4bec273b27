"""Landing zones to draw: a small one, whose plan has a pair in each standing, and one of any size, as an organization has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator.landing_zone.model import LandingZone
from generator.peering.existing import State
from generator.peering.model import Member
from generator.peering.plan import plan
from generator.peering.policy import Effect, Operator, Policy, Requirement, Rule, Selector, Where
from tests.support import zones
from tests.support.networks import LIMITS, network, stacks, standing

_ENVIRONMENTS = ("prod", "staging", "dev")
_HUB = 45
"""So many networks a hub reaches."""


def _side(**tags: str) -> Selector:
    return Selector(tuple(Requirement(key, Operator.IN, tuple(value.split())) for key, value in tags.items()))


_ANY, _PROD = Selector(), _side(environment="prod")
_REST = Selector((Requirement("environment", Operator.NOT_IN, ("prod",)),))
POLICY = Policy(
    (
        Rule("team", Effect.ALLOW, (_ANY, _ANY), "a team's networks meet", Where(("owner",)), line=4),
        Rule("hub", Effect.ALLOW, (_side(tier="vpn"), _side(reached="yes")), "engineers arrive here", Where(("environment",)), line=9),
        Rule("idea", Effect.ALLOW, (_side(tier="data"), _side(tier="vpn")), "not decided yet", proposed=True, line=15),
        Rule("production", Effect.DENY, (_PROD, _REST), "customer data stays in production", line=21),
    )
)


def many(number: int = 500) -> LandingZone:
    """A zone of so many networks: teams of sixteen over three environments, and a hub in each; about four pairs a network."""
    hubs = [network(f"{each}-hub", number + place, tags=_tags(each, "platform", "vpn")) for place, each in enumerate(_ENVIRONMENTS)]
    return with_plan([*hubs, *(_member(place) for place in range(number - len(hubs)))])


def _member(place: int) -> Member:
    team, environment = place // 16, _ENVIRONMENTS[place % 3]
    tags = _tags(environment, f"team{team:02}", "data" if place % 97 == 0 else "app")
    reached = {"reached": "yes"} if place < 3 * _HUB else {}
    block = {"blocks": ["10.0.0.0/20"]} if place % 41 == 0 else {}
    vpc = {"vpc_id": None} if place % 59 == 0 else {}
    return network(f"{environment}-app{place:03}", place, tags={**tags, **reached}, **block, **vpc)


def _tags(environment: str, owner: str, tier: str) -> dict[str, str]:
    return {"environment": environment, "owner": owner, "tier": tier}


def with_plan(members: Sequence[Member], policy: Policy = POLICY) -> LandingZone:
    """A zone whose plan is that of these networks; most pairs that can be made are there already."""
    first = plan(policy, members, {}, LIMITS)
    live = [pair for place, pair in enumerate(first.pairs.values()) if pair.feasible and pair.judgement.rules and place % 9]
    there = stacks(*(standing(" ".join(pair.names), State.LIVE) for pair in live if not pair.judgement.proposed))
    zone = replace(zones.zone(zones.files()), policy=policy)
    zone.plans.append(plan(policy, members, there, LIMITS))
    return zone
