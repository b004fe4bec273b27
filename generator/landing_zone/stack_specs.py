"""`--with SKELETON[:INSTANCE][@REGION[/NETWORK]]`: from text to stacks of one account."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from generator.accounts.model import Account, home_of
from generator.landing_zone.model import LandingZone
from generator.problems import Problem, Refused, expected, refuse
from generator.stacks.model import Stack

_SPEC = re.compile(r"([a-z0-9-]+)(?::([^@/]+))?(?:@([a-z0-9-]+)(?:/([a-z0-9-]+))?)?\Z")
_INSTANCE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class StackSpec:
    """One stack as asked for; `region` None is the account's home region."""

    skeleton: str
    instance: str = ""
    region: str | None = None
    label: str = ""


def parse(text: str) -> StackSpec:
    """The stack a text asks for; refused with the form it must have."""
    match = _SPEC.match(text)
    if match is None:
        form = "SKELETON[:INSTANCE][@REGION[/NETWORK]], such as rds:orders@us-east-1"
        raise refuse("wrong-stack", f'--with "{text}"', f"write {form}", value=text)
    return StackSpec(match[1], match[2] or "", match[3], match[4] or "")


def home_region(zone: LandingZone, account: Account) -> str:
    """The region of an account's home network; refused where it cannot be told."""
    region = home_of(account.record.request, zone.organization.home_region)
    if not isinstance(region, str):
        message = f"the home region of {account.slug} cannot be told: {region.why}"
        raise refuse("unknown-value", message, "write it as a quoted string", file=region.file, line=region.line)
    return region


def stacks(zone: LandingZone, account: Account, specs: Iterable[StackSpec]) -> list[Stack]:
    """The stacks of these specs; refused with every reason at once."""
    found: list[Stack] = []
    problems: list[Problem] = []
    for spec in specs:
        try:
            stack = _stack(zone, account, spec)
        except Refused as error:
            problems.extend(error.problems)
            continue
        if stack not in found:
            found.append(stack)
    if problems:
        raise Refused(problems)
    return found


def _stack(zone: LandingZone, account: Account, spec: StackSpec) -> Stack:
    skeleton = zone.renderer.skeletons.get(spec.skeleton)
    if skeleton.instance and not _INSTANCE.match(spec.instance):
        remedy = f"write --with {spec.skeleton}:NAME, NAME in lower-case letters, digits and single hyphens"
        raise refuse(
            "wrong-instance", f'the skeleton {spec.skeleton} needs an instance, not "{spec.instance}"', remedy, value=spec.instance
        )
    if spec.instance and not skeleton.instance:
        remedy = f"write --with {spec.skeleton}"
        raise refuse("wrong-instance", f'the skeleton {spec.skeleton} has no instances ("{spec.instance}")', remedy, value=spec.instance)
    region = spec.region or home_region(zone, account)
    if region not in zone.organization.regions:
        remedy = f"{expected(region, zone.organization.regions)}, or add it to regions there"
        raise refuse("unknown-region", f'the region "{region}" is not in scaffold.yaml', remedy, value=region)
    if skeleton.name != "network" and skeleton.needs != "network":
        return Stack(account.slug, region, spec.skeleton, spec.instance)
    network = account.network(region, spec.label)
    if network is None:
        name = f"{region}/{spec.label}" if spec.label else region
        remedy = f"declare one: scaffold account {account.slug} --network {name}"
        raise refuse("no-network", f"{account.slug} declares no network {name}, which {spec.skeleton} needs", remedy, value=name)
    return Stack(account.slug, region, spec.skeleton, spec.instance, network.name)


def check_free(zone: LandingZone, stack: Stack) -> Problem | None:
    """Why a stack cannot be made in its directory: something else is there. An equal stack is completed."""
    listing = zone.tree.list(stack.directory)
    if not listing.files and not listing.directories and not listing.links:
        return None
    there = next((found for found in zone.directories(stack.account) if found.path == stack.directory), None)
    if there is not None and there.stack == stack:
        return None
    what = there.stack.identity if there is not None and there.stack else ", ".join(sorted({*listing.files, *listing.directories})[:5])
    remedy = "move it away, or choose another instance"
    return Problem(id="occupied", file=stack.directory, message=f"this directory holds something else ({what})", remedy=remedy)
