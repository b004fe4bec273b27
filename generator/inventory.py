"""What AWS has: the file `inventory.json`, and how a reading of AWS changes it.

A `Snapshot` is what one reading saw; an `Inventory` is what is known. Projecting never forgets: what could
not be read, or is not listed any more, keeps its last known value and is marked stale.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generator import ranges
from generator.documents import strict_json
from generator.documents.strict_json import Node, Wrong
from generator.organization.schema import ACCOUNT_ID
from generator.problems import Problem, refuse

FILE = "inventory.json"
# 8 digits are those of the first resources, 17 those of all others (AWS, "longer format resource IDs")
VPC_ID, TABLE_ID = (rf"{kind}-[0-9a-f]{{8}}([0-9a-f]{{9}})?" for kind in ("vpc", "rtb"))
COUNTED = frozenset({"peerings", "routes"})
"""What AWS limits in a VPC and we count: its active peerings, and the routes of its fullest route table."""


@dataclass(frozen=True, slots=True)
class LiveNetwork:
    """A VPC that takes part.

    `quotas` are those in force for it, `used_elsewhere` is what others than us use of them: numbers by the words of
    `COUNTED`, empty where nothing is known.
    """

    region: str
    vpc_id: str
    cidr_blocks: tuple[str, ...] = ()
    ipv6_cidr_blocks: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    dns: bool = False
    stale: bool = False
    quotas: Mapping[str, int] = field(default_factory=dict)
    used_elsewhere: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A VPC that could be a declared network, and was not taken for it."""

    vpc_id: str
    cidr_blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LiveAccount:
    """One account of the organization. `reachable` once the reader role answered, and from then on."""

    id: str
    name: str
    email: str
    state: str
    reachable: bool = False
    stale: bool = False
    networks: Mapping[str, LiveNetwork] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inventory:
    """Accounts by id."""

    accounts: Mapping[str, LiveAccount] = field(default_factory=dict)

    def by_email(self) -> Mapping[str, LiveAccount]:
        """Accounts by lower-case e-mail; names are not unique in AWS.

        An address is free again some time after its account was closed, which stays known: the one in use wins.
        """
        by_use = sorted(self.accounts.values(), key=lambda account: (account.state == "ACTIVE", not account.stale))
        return {account.email.lower(): account for account in by_use}

    def account_by_id(self, account_id: str | None) -> LiveAccount | None:
        """The account of an id; None where it is not known, or no id is."""
        return self.accounts.get(account_id) if account_id is not None else None


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that could not be read: an account (`region` None: as a whole) or one region of it."""

    account: str
    cause: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one account showed: its networks by name, and candidates for those that were not found.

    `missed` names the networks of regions that could not be read: nothing is known of them now. `untagged` names networks
    of ours that were seen, and whose route tables do not say any more which of them peers are routed in.
    """

    networks: Mapping[str, LiveNetwork] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()
    reachable: bool = False
    untagged: frozenset[str] = frozenset()

    def joined(self, other: Seen) -> Seen:
        """What two regions of the account show together."""
        return Seen(
            {**self.networks, **other.networks},
            {**self.candidates, **other.candidates},
            self.missed | other.missed,
            self.reachable or other.reachable,
            self.untagged | other.untagged,
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading: every account listed, what those we looked into showed, and where we could not look."""

    accounts: tuple[LiveAccount, ...]
    seen: Mapping[str, Seen] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()


def project(snapshot: Snapshot, previous: Inventory) -> Inventory:
    """The inventory after a reading; nothing that was known is dropped."""
    listed = {account.id: account for account in snapshot.accounts}
    merged = {}
    for account_id in sorted({*previous.accounts, *listed}):
        known, live = previous.accounts.get(account_id), listed.get(account_id)
        if live is None:
            assert known is not None
            merged[account_id] = replace(known, stale=True, networks=_stale(known))
        else:
            merged[account_id] = _merge(live, snapshot.seen.get(account_id), known)
    return Inventory(merged)


def _merge(live: LiveAccount, seen: Seen | None, known: LiveAccount | None) -> LiveAccount:
    known = known or live
    if seen is None:
        return replace(live, reachable=known.reachable, stale=known.reachable, networks=_stale(known), candidates=known.candidates)
    kept = {name: found for name, found in known.candidates.items() if name in seen.missed}
    news = {name: _renewed(found, known.networks.get(name), name in seen.untagged) for name, found in seen.networks.items()}
    return replace(
        live,
        reachable=known.reachable or seen.reachable,
        stale=known.reachable and not seen.reachable,
        networks=dict(sorted({**_stale(known), **news}.items())),
        candidates={**kept, **seen.candidates},
    )


def _renewed(seen: LiveNetwork, known: LiveNetwork | None, untagged: bool) -> LiveNetwork:
    """A network as it was seen; of the same VPC stays what this reading could not tell."""
    if known is None or known.vpc_id != seen.vpc_id:
        return seen
    kept = known.route_table_ids if untagged and not seen.route_table_ids else ()
    return replace(
        seen,
        route_table_ids=kept or seen.route_table_ids,
        stale=seen.stale or bool(kept),
        quotas={**known.quotas, **seen.quotas},
        used_elsewhere={**known.used_elsewhere, **seen.used_elsewhere},
    )


def _stale(account: LiveAccount) -> dict[str, LiveNetwork]:
    """The networks of an account, none of them seen this time."""
    return {name: replace(network, stale=True) for name, network in account.networks.items()}


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
