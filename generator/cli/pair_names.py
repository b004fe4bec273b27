"""Two networks, as they are named on the command line."""

from __future__ import annotations

from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of
from generator.problems import Problem, Refused, nearest


def unknown(zone: LandingZone, *names: str) -> list[str]:
    """Those that are no network that was read."""
    return [name for name in names if name not in plan_of(zone).members]


def refuse_wrong(zone: LandingZone, one: str, other: str) -> None:
    """Stop where one of them is no network, or both are the same one: every reason at once."""
    found = [_unknown(zone, name) for name in unknown(zone, one, other)]
    if one == other and one in plan_of(zone).members:
        found.append(Problem(id="same-network", message=f"{one} is given twice", remedy="name two networks", value=one))
    if found:
        raise Refused(found)


def _unknown(zone: LandingZone, name: str) -> Problem:
    account = zone.account(name)
    if account is not None and not account.networks:
        message = f"{name} is an account that declares no network"
        remedy = f"scaffold account {name} --network REGION declares one; accounts.yaml describes a VPC that is there"
        return Problem(id="unknown-network", message=message, remedy=remedy, value=name)
    guess = nearest(name, plan_of(zone).members)
    remedy = f'did you mean "{guess}"?' if guess else 'see "scaffold peering plan --format json" for all of them'
    return Problem(id="unknown-network", message=f'there is no network "{name}"', remedy=remedy, value=name)


def meant(zone: LandingZone, name: str) -> str:
    """A question about the network that a name is near to; empty where it is near to none."""
    guess = nearest(name, plan_of(zone).members)
    return f'Did you mean "{guess}"?' if guess else ""
