"""What AWS has: the file `inventory.json`, and how a reading of AWS changes it.

A `Snapshot` is what one reading saw; an `Inventory` is what is known. Projecting never forgets: what could
not be read, or is not listed any more, keeps its last known value and is marked stale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generator.problems import Problem, refuse

FILE = "inventory.json"


@dataclass(frozen=True, slots=True)
class LiveNetwork:
    """A VPC that takes part."""

    region: str
    vpc_id: str
    cidr_blocks: tuple[str, ...] = ()
    ipv6_cidr_blocks: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    dns: bool = False
    stale: bool = False


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
        """Accounts by lower-case e-mail; names are not unique in AWS, and closed accounts stay listed."""
        return {account.email.lower(): account for account in self.accounts.values()}


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that could not be read: an account (`region` None: as a whole) or one region of it."""

    account: str
    cause: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one account showed: its networks by name, and candidates for those that were not found."""

    networks: Mapping[str, LiveNetwork] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    regions: frozenset[str] = frozenset()
    reachable: bool = False


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
            merged[account_id] = replace(known, stale=True)
        else:
            merged[account_id] = _merge(live, snapshot.seen.get(account_id), known)
    return Inventory(merged)


def _merge(live: LiveAccount, seen: Seen | None, known: LiveAccount | None) -> LiveAccount:
    before = known.networks if known else {}
    reached = known.reachable if known else False
    if seen is None:
        stale = {name: replace(network, stale=True) for name, network in before.items()}
        return replace(live, reachable=reached, stale=reached, networks=stale, candidates=known.candidates if known else {})
    networks = {name: replace(network, stale=True) for name, network in before.items()} | dict(seen.networks)
    return replace(
        live,
        reachable=reached or seen.reachable,
        stale=not seen.reachable and reached,
        networks=dict(sorted(networks.items())),
        candidates=seen.candidates,
    )


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


def _plain_network(network: LiveNetwork) -> dict[str, Any]:
    return {
        "region": network.region,
        "vpc_id": network.vpc_id,
        "cidr_blocks": list(network.cidr_blocks),
        "ipv6_cidr_blocks": list(network.ipv6_cidr_blocks),
        "route_table_ids": list(network.route_table_ids),
        "dns": network.dns,
        "stale": network.stale,
    }


def read(content: bytes | None) -> tuple[Inventory, list[Problem]]:
    """What is known; an inventory that cannot be read is a problem, never an empty organization."""
    if content is None:
        return Inventory(), []
    try:
        document = json.loads(content)
        if document["version"] != 1:
            raise refuse("inventory-version", f"{FILE} has version {document['version']}", "install a newer scaffold", file=FILE)
        return Inventory({name: _account(name, plain) for name, plain in document["accounts"].items()}), []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        detail = f"{type(error).__name__}: {error}"
        remedy = 'restore it from git, or delete it and run "scaffold pull"'
        message = f"not readable as an inventory ({detail})"
        return Inventory(), [Problem(id="inventory-unreadable", file=FILE, message=message, remedy=remedy, incomplete=True)]


def _account(account_id: str, plain: Mapping[str, Any]) -> LiveAccount:
    candidates = {
        name: tuple(Candidate(found["vpc_id"], tuple(found["cidr_blocks"])) for found in listed)
        for name, listed in plain.get("candidates", {}).items()
    }
    networks = {name: _network(found) for name, found in plain["networks"].items()}
    flags = bool(plain["reachable"]), bool(plain["stale"])
    return LiveAccount(account_id, plain["name"], plain["email"], plain["state"], *flags, networks, candidates)


def _network(plain: Mapping[str, Any]) -> LiveNetwork:
    blocks = tuple(plain["cidr_blocks"]), tuple(plain.get("ipv6_cidr_blocks", ())), tuple(plain.get("route_table_ids", ()))
    return LiveNetwork(plain["region"], plain["vpc_id"], *blocks, bool(plain.get("dns")), bool(plain.get("stale")))
