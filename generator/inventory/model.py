"""What is known of AWS, and what one reading saw of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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
    of ours that were seen, and whose route tables do not say any more which of them peers are routed in. `unlimited` are networks
    that were seen and whose quotas could not be read, each with the cause.
    """

    networks: Mapping[str, LiveNetwork] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()
    reachable: bool = False
    untagged: frozenset[str] = frozenset()
    unlimited: Mapping[str, str] = field(default_factory=dict)

    def limited(self, quotas: Mapping[str, int], missed: str) -> Seen:
        """The same, every network with these quotas; `missed`: why not all of them could be read, "" if they could."""
        networks = {name: replace(network, quotas=quotas) for name, network in self.networks.items()}
        return replace(self, networks=networks, unlimited=dict.fromkeys(networks, missed) if missed else {})

    def joined(self, other: Seen) -> Seen:
        """What two regions of the account show together."""
        return Seen(
            {**self.networks, **other.networks},
            {**self.candidates, **other.candidates},
            self.missed | other.missed,
            self.reachable or other.reachable,
            self.untagged | other.untagged,
            {**self.unlimited, **other.unlimited},
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading: every account listed, what those we looked into showed, and where we could not look."""

    accounts: tuple[LiveAccount, ...]
    seen: Mapping[str, Seen] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
