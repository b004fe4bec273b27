"""`--with SKELETON[:INSTANCE][@REGION[/NETWORK]]`: from text to stacks of one account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.accounts.model import Account, home_of
from generator.landing_zone import vpns
from generator.landing_zone.model import LandingZone
from generator.landing_zone.readiness import live_network
from generator.problems import Problem, Refused, expected, refuse
from generator.stacks.model import Stack
from generator.stacks.skeletons import Skeleton

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
            stack, wrong = _stack(zone, account, spec)
        except Refused as error:
            problems.extend(error.problems)
            continue
        problems.extend(wrong)
        if stack not in found:
            problems.extend([] if wrong else _clash(zone, stack, [*zone.stacks(account.slug), *found]))
            found.append(stack)
    problems += _without_network(zone, account, found)
    if problems:
        raise Refused(list(dict.fromkeys(problems)))
    return found


def _stack(zone: LandingZone, account: Account, spec: StackSpec) -> tuple[Stack, list[Problem]]:
    """The stack that a spec asks for, and why it cannot be had; its network is empty where none is declared."""
    skeleton = zone.renderer.skeletons.get(spec.skeleton)
    problems = [*_wrong_instance(skeleton, spec.instance), *_wrong_tags(zone, account, skeleton)]
    region = spec.region or home_region(zone, account)
    if region not in zone.organization.regions:
        remedy = f"{expected(region, zone.organization.regions)}, or add it to regions there"
        message = f'the region "{region}" is not in scaffold.yaml'
        raise Refused([*problems, Problem(id="unknown-region", message=message, remedy=remedy, value=region)])
    stack = Stack(account.slug, region, spec.skeleton, spec.instance)
    if skeleton.name == "network" or skeleton.needs == "network":
        network = account.network(region, spec.label)
        problems += [_undeclared(account, spec, region)] if network is None else []
        stack = replace(stack, network=network.name if network is not None else "")
    problems += vpns.refusals(zone, account, region, stack.network) if zone.renderer.has_vpn(skeleton.name) else []
    return stack, problems


def _undeclared(account: Account, spec: StackSpec, region: str) -> Problem:
    name = f"{region}/{spec.label}" if spec.label else region
    message = f"{account.slug} declares no network {name}, which {spec.skeleton} needs"
    return Problem(id="no-network", message=message, remedy=f"declare one: scaffold account {account.slug} --network {name}", value=name)


def _wrong_instance(skeleton: Skeleton, instance: str) -> Iterator[Problem]:
    """An instance where there are none, a missing one, or one that the skeleton does not admit."""
    name, wanted = skeleton.name, skeleton.input("instance")
    if not skeleton.instance:
        if instance:
            yield _instance(f'the skeleton {name} has no instances ("{instance}")', f"write --with {name}", instance)
    elif not _INSTANCE.match(instance):
        remedy = f"write --with {name}:NAME, NAME in lower-case letters, digits and single hyphens"
        yield _instance(f'the skeleton {name} needs an instance, not "{instance}"', remedy, instance)
    elif wanted is not None and instance in wanted.reserved:
        message = f'the skeleton {name} cannot have the instance "{instance}", a reserved word'
        yield _instance(message, f"choose another, such as {name}:{instance}-app", instance)
    elif wanted is not None and not wanted.admits(instance):
        yield _instance(f'the skeleton {name} cannot have the instance "{instance}"', f"choose another name: {wanted.help}", instance)


def _instance(message: str, remedy: str, value: str) -> Problem:
    return Problem(id="wrong-instance", message=message, remedy=remedy, value=value)


def required_tags(zone: LandingZone, skeleton: Skeleton) -> Mapping[str, str]:
    """What the tags of an account must say for it to have a stack; `vpn.account_tags` of `scaffold.yaml` outranks the skeleton."""
    said: Mapping[str, str] | None = zone.organization.vpn.get("account_tags") if zone.renderer.has_vpn(skeleton.name) else None
    return skeleton.requires_tags if said is None else said


def fits(zone: LandingZone, account: Account, spec: StackSpec) -> bool:
    """Do the tags of an account say that it may have a stack?"""
    return all(account.tags.get(key) == value for key, value in required_tags(zone, zone.renderer.skeletons.get(spec.skeleton)).items())


def _wrong_tags(zone: LandingZone, account: Account, skeleton: Skeleton) -> Iterator[Problem]:
    for key, value in required_tags(zone, skeleton).items():
        said = account.tags.get(key)
        if said != value:
            has = f'has {key} = "{said}"' if isinstance(said, str) else f"says no {key} that can be told"
            message = f'{account.slug} {has}, and {skeleton.name} is for accounts with {key} = "{value}"'
            remedy = f"give it to such an account; or make this one so with --tag {key}={value}, which decides what it is peered with"
            yield Problem(id="unfit-account", message=message, remedy=remedy, value=said if isinstance(said, str) else None)


def _clash(zone: LandingZone, stack: Stack, others: Iterable[Stack]) -> Iterator[Problem]:
    """The stack that has this instance already: where an account has each a single time (one application, one database), or here."""
    once = zone.renderer.skeletons.get(stack.skeleton).once
    for other in others:
        same = (other.skeleton, other.instance) == (stack.skeleton, stack.instance) and other != stack
        if same and (once or other.directory == stack.directory):
            name = f"{stack.skeleton}:{stack.instance}" if stack.instance else stack.skeleton
            message = f"{stack.account} has {name} on the network {other.network}, and can have no second one"
            remedy = "use that one, or give the new one a name of its own"
            yield Problem(id="same-instance", file=other.directory, message=message, remedy=remedy, value=stack.instance)


def _without_network(zone: LandingZone, account: Account, chosen: Sequence[Stack]) -> list[Problem]:
    """The new stacks whose network nothing makes: no stack, nothing that AWS has, nothing described. They would wait for ever."""
    there = zone.stacks(account.slug)
    known = {stack.network for stack in (*there, *chosen) if stack.skeleton == "network"}
    known |= {network.name for network in zone.others.networks}
    return [
        _no_network(stack)
        for stack in chosen
        if stack.network and stack not in there and stack.network not in known and live_network(zone, account, stack.network) is None
    ]


def _no_network(stack: Stack) -> Problem:
    message = f"nothing makes the network {stack.network}, which {stack.skeleton} needs"
    remedy = "add its stack (--with network, no --without network); if its VPC exists, describe it in accounts.yaml or run scaffold pull"
    return Problem(id="no-network", message=message, remedy=remedy, value=stack.network)


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
