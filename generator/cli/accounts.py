"""`scaffold accounts` and `scaffold status NAME`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from generator.accounts.model import Account, slug
from generator.cli import output, workspace
from generator.landing_zone.model import LandingZone
from generator.landing_zone.readiness import live_network, waits_for
from generator.problems import expected, refuse
from generator.report.text import table


@click.command()
@workspace.reading
def accounts(root: Path, form: str) -> int:
    """List the accounts, their tags and what their stacks wait for.

    Example: scaffold accounts --format json
    """
    output.begin("accounts", form)
    _, zone, notes = workspace.open_zone(root)
    data = [_plain(zone, account) for account in sorted(zone.accounts, key=lambda found: found.slug)]
    rows = [(row["name"], row["id"] or "-", str(row["environment"] or "-"), row["state"], _ready(row)) for row in data]
    text = table(("account", "id", "environment", "state", "stacks ready"), rows) if rows else "No accounts yet: scaffold account NAME"
    return output.show(output.Result(text, data, [*notes, *zone.problems]))


def _ready(row: dict[str, Any]) -> str:
    return f"{sum(not stack['waits_for'] for stack in row['stacks'])} of {len(row['stacks'])}"


def _plain(zone: LandingZone, account: Account) -> dict[str, Any]:
    live = zone.live_account(account)
    stacks = [{"directory": stack.directory, "waits_for": waits_for(zone, account, stack)} for stack in zone.stacks(account.slug)]
    return {
        "name": account.slug,
        "email": str(account.email),
        "id": live.id if live else None,
        "state": ("stale " if live and live.stale else "") + (live.state if live else "requested"),
        "environment": None if account.environment is None else str(account.environment),
        "tags": {key: str(value) for key, value in sorted(account.tags.items())},
        "request": f"{account.record.file}:{account.record.line}",
        "networks": [_network(zone, account, network.name, str(network.cidr_block)) for network in account.networks],
        "stacks": stacks,
    }


def _network(zone: LandingZone, account: Account, name: str, cidr_block: str) -> dict[str, Any]:
    live = live_network(zone, account, name)
    return {"name": name, "cidr_block": cidr_block, "vpc_id": live.vpc_id if live else None}


@click.command()
@click.argument("name")
@workspace.reading
def status(name: str, root: Path, form: str) -> int:
    """Where the account NAME is, and what each of its stacks waits for.

    Example: scaffold status prod-ml
    """
    output.begin("status", form)
    _, zone, notes = workspace.open_zone(root)
    found = zone.account(slug(name))
    if found is None:
        if zone.reading.unreadable:  # it may well exist: what was not read is not absent
            return output.show(output.Result(f'No account "{name}" was read, and not everything could be.', None, [*notes, *zone.problems]))
        remedy = expected(slug(name), [account.slug for account in zone.accounts])
        raise refuse("unknown-account", f'there is no account "{name}"', remedy, value=name)
    data = _plain(zone, found)
    return output.show(output.Result(_described(data), data, [*notes, *zone.problems]))


def _described(data: dict[str, Any]) -> str:
    head = [("request", data["request"]), ("email", data["email"]), ("id", data["id"] or "not vended yet"), ("state", data["state"])]
    head += [(f"tag {key}", value) for key, value in data["tags"].items()]
    head += [(f"network {each['name']}", f"{each['cidr_block']}  {each['vpc_id'] or 'no VPC yet'}") for each in data["networks"]]
    stacks = [(each["directory"], f"waits for {each['waits_for']}" if each["waits_for"] else "ready") for each in data["stacks"]]
    return table((data["name"], ""), [*head, *stacks])
