"""`scaffold accounts` and `scaffold status NAME`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from generator.accounts.model import Account, slug
from generator.accounts.others import FILE as OTHERS
from generator.accounts.others import Other
from generator.cli import complete, output, workspace
from generator.inventory import LiveAccount
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of
from generator.landing_zone.progress import progress
from generator.landing_zone.readiness import live_network, waits_for
from generator.landing_zone.retirement import state
from generator.peering.describe import reason, standing
from generator.peering.existing import State
from generator.problems import Problem, Severity, expected, nearest, refuse
from generator.report.text import table
from generator.stacks.model import Stack


@click.command()
@workspace.reading
def accounts(root: Path, form: str) -> int:
    """List the accounts, and how many stacks of each are ready.

    With --format json also their tags, and what each stack waits for.

    Example: scaffold accounts --format json
    """
    output.begin("accounts", form)
    _, zone, notes = workspace.open_zone(root)
    data = sorted([*(_plain(zone, account) for account in zone.accounts), *_described_ones(zone)], key=lambda row: str(row["name"]))
    rows = [(row["name"], row["id"] or "-", str(row["environment"] or "-"), row["state"], _ready(row)) for row in data]
    text = table(("account", "id", "environment", "state", "stacks ready"), rows) if rows else "No accounts yet: scaffold account NAME"
    return output.show(output.Result(text, data, [*notes, *zone.problems, *_unlooked(zone)]))


def _unlooked(zone: LandingZone) -> Iterator[Problem]:
    """Accounts that AFT made years ago look as if they were only requested, until somebody reads AWS."""
    if zone.accounts and not zone.looked:
        message = "there is no inventory.json, so which of them AWS has is not known"
        yield Problem(id="no-inventory", message=message, remedy="run scaffold pull", severity=Severity.NOTE)


def _ready(row: dict[str, Any]) -> str:
    live = [stack for stack in row["stacks"] if not stack["tombstone"]]
    return f"{sum(not stack['waits_for'] for stack in live)} of {len(live)}"


def _plain(zone: LandingZone, account: Account) -> dict[str, Any]:
    live = zone.live_account(account)
    return {
        "name": account.slug,
        "email": str(account.email),
        "id": live.id if live else None,
        "state": _state(live),
        "environment": None if account.environment is None else str(account.environment),
        "tags": {key: str(value) for key, value in sorted(account.tags.items())},
        "request": f"{account.record.file}:{account.record.line}",
        "networks": [_network(zone, account, network.name, str(network.cidr_block)) for network in account.networks],
        "stacks": [_stack(zone, account, stack) for stack in zone.stacks(account.slug)],
    }


def _stack(zone: LandingZone, account: Account, stack: Stack) -> dict[str, Any]:
    is_dead = state(zone, stack) is State.TOMBSTONE
    return {"directory": stack.directory, "waits_for": waits_for(zone, account, stack), "tombstone": is_dead}


def _described_ones(zone: LandingZone) -> list[dict[str, Any]]:
    """The accounts of accounts.yaml that have no request, in the same form."""
    requested = {account.slug for account in zone.accounts}
    return [_of_other(zone, other) for other in zone.others.accounts.values() if other.slug not in requested]


def _of_other(zone: LandingZone, other: Other) -> dict[str, Any]:
    live, tags = zone.inventory.account_by_id(other.id), other.tags or {}
    networks = [
        {"name": network.name, "cidr_block": " ".join(map(str, network.cidr_blocks)), "vpc_id": network.vpc_id}
        for network in other.networks
    ]
    return {
        "name": other.slug,
        "email": live.email if live else "",
        "id": other.id,
        "state": _state(live),
        "environment": tags.get(zone.organization.environment_tag),
        "tags": dict(sorted(tags.items())),
        "request": f"{OTHERS}:{other.line}",
        "networks": networks,
        "stacks": [],
    }


def _state(live: LiveAccount | None) -> str:
    """What AWS says of an account, and whether that is still known to be so."""
    return ("stale " if live and live.stale else "") + (live.state if live else "requested")


def _network(zone: LandingZone, account: Account, name: str, cidr_block: str) -> dict[str, Any]:
    live = live_network(zone, account, name)
    return {"name": name, "cidr_block": cidr_block, "vpc_id": live.vpc_id if live else None}


@click.command()
@click.argument("name", shell_complete=complete.accounts)
@workspace.dated
@workspace.reading
def status(name: str, day: str, root: Path, form: str) -> int:
    """Where the account NAME is, and what each of its stacks waits for.

    Example: scaffold status prod-ml
    """
    output.begin("status", form)
    _, zone, notes = workspace.open_zone(root, day=day)
    found = zone.one(slug(name))
    described = {row["name"]: row for row in _described_ones(zone)}
    if found is None and slug(name) in described:
        data = {**described[slug(name)], "peerings": _peerings(zone, slug(name))}
        return output.show(output.Result(_described(data, zone.looked), data, [*notes, *zone.problems]))
    if found is None:
        if zone.reading.unreadable:  # it may well exist: what was not read is not absent
            guess = nearest(slug(name), [*(account.slug for account in zone.accounts), *described])
            text = f'No account "{name}" was read, and not everything could be.' + (f' Did you mean "{guess}"?' if guess else "")
            return output.show(output.Result(text, None, [*notes, *zone.problems]))
        remedy = expected(slug(name), [*(account.slug for account in zone.accounts), *described])
        raise refuse("unknown-account", f'there is no account "{name}"', remedy, value=name)
    far = progress(zone, found)
    data = {**_plain(zone, found), "peerings": _peerings(zone, found.slug), "progress": str(far), "next": list(far.next)}
    return output.show(output.Result(_described(data, zone.looked), data, [*notes, *zone.problems]))


def _peerings(zone: LandingZone, name: str) -> list[dict[str, str]]:
    """Where each pair of the account stands; nothing where no policy says it."""
    if zone.policy is None:
        return []
    found = plan_of(zone)
    own = [
        pair for pair in found.pairs.values() if any(found.members[side].account == name for side in pair.names if side in found.members)
    ]
    return [{"pair": " -- ".join(pair.names), "stands": standing(pair).title.lower(), "why": reason(pair)} for pair in own]


def _waiting(stack: dict[str, Any]) -> str:
    if stack["tombstone"]:
        return "tombstone: its plan destroys it"
    return f"waits for {stack['waits_for']}" if stack["waits_for"] else "ready"


def _described(data: dict[str, Any], looked: bool) -> str:
    head = [
        ("request", data["request"]),
        ("email", data["email"]),
        ("id", data["id"] or ("not vended yet" if looked else "not known")),
        ("state", data["state"]),
    ]
    head += [(f"tag {key}", value) for key, value in data["tags"].items()]
    head += [(f"network {each['name']}", f"{each['cidr_block']}  {each['vpc_id'] or 'no VPC yet'}") for each in data["networks"]]
    stacks = [(each["directory"], _waiting(each)) for each in data["stacks"]]
    pairs = [(each["pair"], f"{each['stands']}: {each['why']}") for each in data["peerings"]]
    far = [("so far", data["progress"]), *(("next", step) for step in data["next"] or ["nothing"])] if "progress" in data else []
    return table((data["name"], ""), [*head, *stacks, *pairs, *far])
