"""Landing zones whose accounts are peered, as mappings from path to bytes: policy, requests, inventory and stacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from generator import inventory
from generator.accounts.model import CONTROL_TOWER_KEYS
from generator.accounts.write import path, write
from generator.inventory import Inventory, LiveAccount, LiveNetwork
from generator.landing_zone.desired import desired
from generator.peering.existing import is_tombstone
from generator.ranges import Range
from tests.support import zones

POLICY = """\
version: 1
rules:
  - id: vpn-reaches-its-environment
    effect: allow
    between: {matchTags: {tier: vpn}}
    and: {any: true}
    where: {sameTags: [environment]}
    reason: engineers reach the networks of one environment through its VPN

  - id: same-owner
    effect: allow
    within: {any: true}
    where: {sameTags: [owner]}
    reason: a team's networks meet

  - id: production-meets-only-production
    effect: deny
    between: {matchTags: {environment: prod}}
    and: {matchExpressions: [{key: environment, operator: NotIn, values: [prod]}]}
    unless:
      - {between: {accounts: [prod-pay]}, and: {accounts: [staging-pay]}, expires: 2026-12-31, reason: migration CHG-42}
    reason: customer data stays in production
"""
_EXCEPTION = POLICY[POLICY.index("    unless:") : POLICY.index("    reason: customer data")]
ALONE = POLICY.replace(_EXCEPTION, "")
"""The same without the exception: for landing zones that do not have its accounts."""
POLICY_FILE = "peering/policy.yaml"
_FIRST = 10 << 24


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its tags, and its network in AWS; `cidr_block` None: the next free /20."""

    name: str
    owner: str = "platform"
    tier: str = "app"
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    cidr_block: str | None = None
    vended: bool = True

    @property
    def environment(self) -> str:
        """The first part of the name."""
        return self.name.partition("-")[0]


COMPANY = (
    Account("prod-hub", tier="vpn"),
    Account("prod-ml", "ml"),
    Account("prod-pay", "pay"),
    Account("staging-pay", "pay"),
    Account("dev-hub", tier="vpn"),
    Account("dev-ml", "ml"),
    Account("dev-web", "web"),
)


def request_file(account: Account, number: int) -> bytes:
    """The request of an account, in canonical form."""
    control = dict(zip(CONTROL_TOWER_KEYS, (f"aws+{account.name}@acme.com", account.name, "Sandbox", "p@acme.com", "P", "T"), strict=True))
    tags = {"environment": account.environment, "owner": account.owner, "tier": account.tier, **account.tags}
    fields = {
        "account_name": account.name,
        "environment": account.environment,
        "region": "us-east-1",
        "vpc_cidr": _range(account, number),
        **account.fields,
    }
    return write(replace(zones.REQUEST, label=account.name, control_tower=control, tags=tags, custom_fields=fields)).encode()


def _range(account: Account, number: int) -> str:
    return account.cidr_block or str(Range(_FIRST + (number << 12), 20))


def live(account: Account, number: int) -> LiveAccount:
    """The account as AWS has it."""
    network = LiveNetwork("us-east-1", f"vpc-{number:017x}", (_range(account, number),), (), (f"rtb-{number:017x}",), True)
    return LiveAccount(
        f"{100_000_000_000 + number}", account.name, f"aws+{account.name}@acme.com", "ACTIVE", True, False, {account.name: network}
    )


def known(accounts: Iterable[Account]) -> Inventory:
    """The inventory of the vended ones."""
    found = [live(account, number) for number, account in enumerate(accounts) if account.vended]
    return Inventory({account.id: account for account in found})


def unsettled(accounts: Iterable[Account] = COMPANY, policy: str = POLICY) -> dict[str, bytes]:
    """Records and inventory, before anything was generated from them."""
    listed = list(accounts)
    requests = {path(account.name): request_file(account, number) for number, account in enumerate(listed)}
    return {**zones.files(), **requests, POLICY_FILE: policy.encode(), inventory.FILE: inventory.write(known(listed))}


def landing_zone(accounts: Iterable[Account] = COMPANY, policy: str = POLICY) -> dict[str, bytes]:
    """The same after `scaffold sync`."""
    return synced(unsettled(accounts, policy))


def synced(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files after `scaffold sync`."""
    return zones.settled(files, desired(zones.zone(files)))


def stacks(files: Mapping[str, bytes]) -> dict[str, str]:
    """The peering stacks: `A--B` -> live or tombstone."""
    mains = {name.split("/")[1]: content for name, content in files.items() if name.startswith("peering/") and name.endswith("/main.tf")}
    return {name: "tombstone" if is_tombstone(content) else "live" for name, content in mains.items()}


def live_pairs(files: Mapping[str, bytes]) -> set[str]:
    """The pairs that are connected."""
    return {name for name, state in stacks(files).items() if state == "live"}
