"""The file `inventory.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from generator import ranges
from generator.documents import strict_json
from generator.documents.strict_json import Node, Wrong
from generator.inventory.model import COUNTED, Candidate, Inventory, LiveAccount, LiveNetwork
from generator.organization.schema import ACCOUNT_ID
from generator.problems import Problem, refuse

FILE = "inventory.json"
# 8 digits are those of the first resources, 17 those of all others (AWS, "longer format resource IDs")
VPC_ID, TABLE_ID = (rf"{kind}-[0-9a-f]{{8}}([0-9a-f]{{9}})?" for kind in ("vpc", "rtb"))


def write(inventory: Inventory) -> bytes:
    """The file: one spelling for one content."""
    accounts = {account_id: _plain(account) for account_id, account in sorted(inventory.accounts.items())}
    return json.dumps({"version": 1, "accounts": accounts}, indent=2, ensure_ascii=False).encode() + b"\n"


def _plain(account: LiveAccount) -> dict[str, Any]:
    networks = {name: _plain_network(network) for name, network in sorted(account.networks.items())}
    plain: dict[str, Any] = {
        "name": account.name,
        "email": account.email,
        "state": account.state,
        "reachable": account.reachable,
        "stale": account.stale,
        "networks": networks,
    }
    if account.candidates:
        plain["candidates"] = {
            name: [{"vpc_id": found.vpc_id, "cidr_blocks": list(found.cidr_blocks)} for found in candidates]
            for name, candidates in sorted(account.candidates.items())
        }
    return plain


_NUMBERS = ("quotas", "used_elsewhere")


def _plain_network(network: LiveNetwork) -> dict[str, Any]:
    return {
        "region": network.region,
        "vpc_id": network.vpc_id,
        "cidr_blocks": list(network.cidr_blocks),
        "ipv6_cidr_blocks": list(network.ipv6_cidr_blocks),
        "route_table_ids": list(network.route_table_ids),
        "dns": network.dns,
        **{name: dict(sorted(numbers.items())) for name in _NUMBERS if (numbers := getattr(network, name))},
        "stale": network.stale,
    }


def read(content: bytes | None) -> tuple[Inventory, list[Problem]]:
    """What is known; an inventory that cannot be read is a problem, never an empty organization.

    Every key that `write` always writes must be there: without `dns` or `route_table_ids` a live peering would lose
    what they say. One problem per account, the first few of them.
    """
    if content is None:
        return Inventory(), []
    try:
        document = strict_json.load(content)
        version = document.key("version").number()
        if version != 1:
            raise refuse("inventory-version", f"{FILE} has version {version}", "install a newer scaffold", file=FILE)
        accounts, wrong = _accounts(document.key("accounts"))
    except Wrong as error:
        return Inventory(), [_unreadable(str(error), error.line)]
    return (Inventory() if wrong else Inventory(accounts)), [_unreadable(what) for what in _few(wrong)]


def _unreadable(what: str, line: int | None = None) -> Problem:
    remedy = 'restore it from git, or delete it and run "scaffold pull"'
    message = f"not readable as an inventory: {what}"
    return Problem(id="inventory-unreadable", file=FILE, line=line, message=message, remedy=remedy, incomplete=True)


_MOST = 5


def _few(wrong: list[str]) -> list[str]:
    more = len(wrong) - _MOST
    return wrong if more <= 0 else [*wrong[: _MOST - 1], f"{wrong[_MOST - 1]} (and {more} more accounts cannot be read)"]


def _accounts(node: Node) -> tuple[dict[str, LiveAccount], list[str]]:
    """The accounts that can be read, and what is wrong with each of the others."""
    found, wrong = {}, []
    for account_id, account in node.entries():
        try:
            found[account_id] = _account(account_id, account)
        except Wrong as error:
            wrong.append(str(error))
    return found, wrong


def _account(account_id: str, node: Node) -> LiveAccount:
    if not re.fullmatch(ACCOUNT_ID.pattern, account_id):
        raise Wrong(f'{node.path}: "{account_id}" is no account id: twelve digits')
    candidates = node.optional("candidates")
    return LiveAccount(
        id=account_id,
        name=node.key("name").text(),
        email=node.key("email").text(),
        state=node.key("state").text(),
        reachable=node.key("reachable").flag(),
        stale=node.key("stale").flag(),
        networks=node.key("networks").table(_network),
        candidates=candidates.table(lambda found: found.items(_candidate)) if candidates is not None else {},
    )


def _candidate(node: Node) -> Candidate:
    return Candidate(_id(node.key("vpc_id"), VPC_ID), _blocks(node.key("cidr_blocks")))


def _network(node: Node) -> LiveNetwork:
    return LiveNetwork(
        region=node.key("region").text(),
        vpc_id=_id(node.key("vpc_id"), VPC_ID),
        cidr_blocks=_blocks(node.key("cidr_blocks")),
        ipv6_cidr_blocks=node.key("ipv6_cidr_blocks").items(lambda found: _range(found, ranges.parse6)),
        route_table_ids=node.key("route_table_ids").items(lambda found: _id(found, TABLE_ID)),
        dns=node.key("dns").flag(),
        stale=node.key("stale").flag(),
        **{name: found.table(Node.number, COUNTED) for name in _NUMBERS if (found := node.optional(name)) is not None},
    )


def _id(node: Node, form: str) -> str:
    if not re.fullmatch(form, text := node.text()):
        node.wrong(f"is no id such as {form.partition('-')[0]}-0123456789abcdef0")
    return text


def _blocks(node: Node) -> tuple[str, ...]:
    """The IPv4 ranges of a VPC, of which AWS lets none be without."""
    if not (found := node.items(lambda found: _range(found, ranges.parse))):
        raise Wrong(f"{node.path} is empty: a VPC has a range")
    return found


def _range(node: Node, parse: Callable[[str], object]) -> str:
    """A range in AWS's own spelling."""
    try:
        parse(text := node.text())
    except ValueError as error:
        node.wrong(str(error))
    return text
