"""Readiness: what each stack waits for, and the facts its data file is made from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from generator import ranges
from generator.accounts.model import Account, Network
from generator.files import Tree
from generator.inventory import LiveNetwork
from generator.landing_zone.model import LandingZone
from generator.problems import Problem, Severity
from generator.stacks.model import DATA, Stack
from generator.stacks.render import WAITING_ID, WAITING_VPC, Facts, NetworkFacts


def account_id(zone: LandingZone, account: Account) -> str:
    """The account's id once it is known and the account was reachable: before that no role can be assumed in it."""
    live = zone.live_account(account)
    return live.id if live is not None and live.reachable else WAITING_ID


def live_network(zone: LandingZone, account: Account, name: str) -> LiveNetwork | None:
    """What AWS has for a declared network."""
    live = zone.live_account(account)
    return live.networks.get(name) if live is not None else None


def waits_for(zone: LandingZone, account: Account, stack: Stack) -> str:
    """What a stack waits for, in words; empty once it is ready."""
    skeleton = zone.renderer.skeletons.stacks.get(stack.skeleton)
    live = zone.live_account(account)
    if live is None:
        return 'the account: AFT vends it after the merge, then "scaffold pull" learns its id'
    if not live.reachable:
        role = zone.organization.roles.reader
        return f'the role {role} in account {live.id}: AFT makes it, then "scaffold pull" finds that it answers'
    needs_network = skeleton.needs == "network" if skeleton is not None else stack.network and stack.skeleton != "network"
    if needs_network and live_network(zone, account, stack.network) is None:
        return f'the network {stack.network}: apply its stack, then "scaffold pull" learns its VPC'
    return ""


def facts(zone: LandingZone, account: Account, stack: Stack) -> tuple[Facts, NetworkFacts | None] | None:
    """The facts of a stack; None where the request does not say them. What AWS no longer says keeps its last value."""
    environment, tags = account.environment, _known(account.tags)
    if not isinstance(account.name, str) or not isinstance(environment, str) or tags is None:
        return None
    found, before = account_id(zone, account), previous(zone.tree, stack).get("id", WAITING_ID)
    if before != WAITING_ID:
        found = before  # an account keeps its id for life: another one would plan all of it anew, elsewhere
    network = _network(zone, account, stack) if stack.network else None
    if stack.network and network is None:
        return None
    return Facts(account.name, found, environment, tags), network


def _known(tags: Mapping[str, object]) -> dict[str, str] | None:
    known = {key: value for key, value in tags.items() if isinstance(value, str)}
    return known if len(known) == len(tags) else None


def declared(account: Account, name: str) -> Network | None:
    """The network an account declares under a name."""
    return next((network for network in account.networks if network.name == name), None)


def declared_range(account: Account, name: str) -> str | None:
    """The range a request declares for a network; None where there is none that AWS could make."""
    network = declared(account, name)
    try:
        return str(ranges.parse(network.cidr_block)) if network is not None and isinstance(network.cidr_block, str) else None
    except ValueError:
        return None


def _network(zone: LandingZone, account: Account, stack: Stack) -> NetworkFacts | None:
    cidr, live = declared_range(account, stack.network), live_network(zone, account, stack.network)
    if cidr is None:
        return None
    if live is not None and live.cidr_blocks and previous(zone.tree, stack).get("network", {}).get("cidr_block") != cidr:
        cidr = live.cidr_blocks[0]  # a VPC's range is for life: another one would replace it and all that is in it
    if stack.skeleton == "network":
        return NetworkFacts(stack.network, cidr)
    if live is not None:
        return NetworkFacts(stack.network, cidr, live.vpc_id)
    return NetworkFacts(stack.network, cidr, previous(zone.tree, stack).get("network", {}).get("vpc_id", WAITING_VPC))


def previous(tree: Tree, stack: Stack) -> Mapping[str, Any]:
    """What the stack's data file says now; empty where there is none that can be read."""
    return _said_by(tree.read(f"{stack.directory}/{DATA}") or b"{}")


@lru_cache(maxsize=1 << 13)  # several rules ask of one stack
def _said_by(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)["locals"]["account"]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _moved(zone: LandingZone, account: Account) -> Iterator[Problem]:
    """Declared ranges that are not those of the VPC that exists."""
    for network in account.networks:
        live = live_network(zone, account, network.name)
        if live is not None and live.cidr_blocks and network.cidr_block != live.cidr_blocks[0]:
            message = f'{network.name} is declared as "{network.cidr_block}", and its VPC {live.vpc_id} has {live.cidr_blocks[0]}'
            remedy = "restore the range: a VPC keeps its own for life; declare a further network for more"
            line = account.record.line_of("custom_fields", network.key)
            yield Problem(id="range-moved", file=account.record.file, line=line, message=message, remedy=remedy)


def _other_id(zone: LandingZone, account: Account, stacks: Sequence[Stack]) -> Iterator[Problem]:
    """Stacks that were written for another account than the inventory gives now."""
    now = account_id(zone, account)
    for stack in stacks:
        before = previous(zone.tree, stack).get("id", WAITING_ID)
        if WAITING_ID not in (now, before) and now != before:
            message = f"the inventory gives {now} for {account.slug}; this file keeps {before}"
            remedy = "restore inventory.json, or the address in the request, from git; an account keeps its id for life"
            yield Problem(id="kept-id", file=f"{stack.directory}/{DATA}", message=message, remedy=remedy)


def _all_said(account: Account, stacks: Sequence[Stack]) -> bool:
    """Does the request say everything that the stacks' data files are made from?"""
    values = [account.name, account.environment, *account.tags.values()]
    ranges_said = all(declared_range(account, stack.network) for stack in stacks if stack.network)
    return ranges_said and all(isinstance(value, str) for value in values)


def _said(account: Account) -> bool:
    """Does the request say all its custom fields?"""
    return all(isinstance(value, str) for value in account.record.request.custom_fields.values())


def kept(zone: LandingZone, account: Account) -> list[Problem]:
    """Stacks whose data file keeps a value because nothing says it any more."""
    stacks = zone.stacks(account.slug)
    problems = [*_moved(zone, account), *_other_id(zone, account, stacks)]
    if account_id(zone, account) != WAITING_ID and _all_said(account, stacks):
        return problems
    for stack in stacks:
        found = facts(zone, account, stack)
        file = f"{stack.directory}/{DATA}"
        if found is None:
            if stack.network and _said(account) and declared(account, stack.network) is None:
                message = f"the network {stack.network} is not declared by {account.record.file} any more; this file keeps its values"
                remedy = "declare it again, or take the stack down first"
            else:
                message = f"{account.slug} has values that cannot be told; this file keeps what it says"
                remedy = f"see the problems of {account.record.file}"
            problems.append(Problem(id="kept-value", file=file, message=message, remedy=remedy, severity=Severity.ERROR))
        elif account_id(zone, account) == WAITING_ID and found[0].id != WAITING_ID:
            message = f"the inventory no longer gives the id of {account.slug}; this file keeps {found[0].id}"
            remedy = 'run "scaffold pull", or restore inventory.json or the address in the request from git'
            problems.append(Problem(id="kept-id", file=file, message=message, remedy=remedy, severity=Severity.ERROR))
    return problems
