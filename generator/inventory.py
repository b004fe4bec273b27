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

    `missed` names the networks of regions that could not be read: nothing is known of them now.
    """

    networks: Mapping[str, LiveNetwork] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()
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
            merged[account_id] = replace(known, stale=True, networks=_stale(known))
        else:
            merged[account_id] = _merge(live, snapshot.seen.get(account_id), known)
    return Inventory(merged)


def _merge(live: LiveAccount, seen: Seen | None, known: LiveAccount | None) -> LiveAccount:
    known = known or live
    if seen is None:
        return replace(live, reachable=known.reachable, stale=known.reachable, networks=_stale(known), candidates=known.candidates)
    kept = {name: found for name, found in known.candidates.items() if name in seen.missed}
    return replace(
        live,
        reachable=known.reachable or seen.reachable,
        stale=known.reachable and not seen.reachable,
        networks=dict(sorted({**_stale(known), **seen.networks}.items())),
        candidates={**kept, **seen.candidates},
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
    """What is known; an inventory that cannot be read is a problem, never an empty organization."""
    if content is None:
        return Inventory(), []
    try:
        document = json.loads(content)
        if document["version"] != 1:
            raise refuse("inventory-version", f"{FILE} has version {document['version']}", "install a newer scaffold", file=FILE)
        return Inventory({name: _account(name, plain) for name, plain in document["accounts"].items()}), []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        detail = f"{type(error).__name__}: {error}"
        remedy = 'restore it from git, or delete it and run "scaffold pull"'
        message = f"not readable as an inventory ({detail})"
        return Inventory(), [Problem(id="inventory-unreadable", file=FILE, message=message, remedy=remedy, incomplete=True)]


def _account(account_id: str, plain: Mapping[str, Any]) -> LiveAccount:
    candidates = {
        name: tuple(Candidate(_text(found["vpc_id"]), _texts(found["cidr_blocks"])) for found in listed)
        for name, listed in plain.get("candidates", {}).items()
    }
    networks = {name: _network(found) for name, found in plain["networks"].items()}
    texts = _text(plain["name"]), _text(plain["email"]), _text(plain["state"])
    return LiveAccount(account_id, *texts, _flag(plain["reachable"]), _flag(plain["stale"]), networks, candidates)


def _network(plain: Mapping[str, Any]) -> LiveNetwork:
    lists = _texts(plain["cidr_blocks"]), _texts(plain.get("ipv6_cidr_blocks", [])), _texts(plain.get("route_table_ids", []))
    flags = _flag(plain.get("dns", False)), _flag(plain.get("stale", False))
    numbers = (_numbers(plain.get(name, {})) for name in _NUMBERS)
    return LiveNetwork(_text(plain["region"]), _text(plain["vpc_id"]), *lists, *flags, *numbers)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is no list")
    return tuple(map(_text, values))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _numbers(values: object) -> dict[str, int]:
    if not isinstance(values, dict) or not values.keys() <= COUNTED:
        raise TypeError(f"{values!r} says not only {' and '.join(sorted(COUNTED))}")
    if any(type(number) is not int or number < 0 for number in values.values()):
        raise TypeError(f"{values!r} has a value that is no number")
    return values
