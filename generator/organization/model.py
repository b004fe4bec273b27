"""The conventions of an organization as frozen values. What a key means stands in `schema.py`, beside its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.organization.catalogue import Level
from generator.ranges import Range


@dataclass(frozen=True, slots=True)
class SsoUser:
    """The person Control Tower makes the first user of every account."""

    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """An organizational unit; `id` only where the unit is nested."""

    name: str
    id: str | None = None

    @property
    def managed_name(self) -> str:
        """What AFT's `ManagedOrganizationalUnit` wants: the name, or `Name (ou-…)` for a nested unit."""
        return f"{self.name} ({self.id})" if self.id else self.name


@dataclass(frozen=True, slots=True)
class Environment:
    """One value of the environment tag."""

    ou: str
    production: bool = False


@dataclass(frozen=True, slots=True)
class TagRule:
    """What one tag key may say."""

    required: bool = False
    pattern: str | None = None
    values: tuple[str, ...] = ()
    default: str | None = None
    from_name: str | None = None
    propagate: bool = True


@dataclass(frozen=True, slots=True)
class Region:
    """One region: its zones by id, and the address space its networks are cut from."""

    zones: tuple[str, ...]
    prefix: int
    pools: Mapping[str, tuple[Range, ...]]
    reserved: tuple[Range, ...] = ()
    public_ipv4_pool: str | None = None

    def pool(self, environment: str) -> tuple[Range, ...]:
        """The ranges that networks of an environment come from."""
        return self.pools.get(environment) or self.pools.get("default", ())


@dataclass(frozen=True, slots=True)
class State:
    """Where Terraform keeps the states of all stacks."""

    bucket: str
    region: str
    kms_key: str | None = None
    lock_table: str | None = None


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of IAM roles; `create` says whether the baseline makes the two in each account.

    `external_id` is what Atlantis has to say when it assumes the role of an account; None where it says nothing.
    """

    atlantis: str
    reader: str
    atlantis_server: str
    ci: str
    create: bool = True
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What an account may cost a month, in US dollars, and who is told when it nears or passes that."""

    monthly_usd: int
    email: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The guardrails of every account, each a switch; no budget without an amount."""

    ebs_encryption: bool = True
    s3_public_access_block: bool = True
    password_policy: bool = True
    imdsv2: bool = True
    account_alias: bool = True
    budget: Budget | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """Version constraints of Terraform and of the AWS provider."""

    required: str = ">= 1.10"
    aws: str = ">= 5.100, < 6.0"


@dataclass(frozen=True, slots=True)
class LintSettings:
    """What the organization decides about `scaffold lint`: the severity of rules by id, and how many new requests are many."""

    rules: Mapping[str, Level] = field(default_factory=dict)
    requests: int = 5


@dataclass(frozen=True, slots=True)
class Organization:
    """Everything `scaffold.yaml` says."""

    name: str
    id: str
    repository: str
    partition: str
    home_region: str
    accounts: Mapping[str, str]
    account_pattern: str
    email_pattern: str
    sso_user: SsoUser
    units: Mapping[str, Unit]
    environment_tag: str
    environments: Mapping[str, Environment]
    owner_tag: str
    tags: Mapping[str, TagRule]
    other_tags: bool
    regions: Mapping[str, Region]
    stacks: tuple[str, ...]
    state: State
    roles: Roles
    versions: Versions = field(default_factory=Versions)
    peering: Mapping[str, int] = field(default_factory=dict)
    baseline: Baseline = field(default_factory=Baseline)
    vpn: Mapping[str, Any] = field(default_factory=dict)
    alerts: Mapping[str, Any] = field(default_factory=dict)
    atlantis: Mapping[str, Any] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    aft_remotes: Mapping[str, str] = field(default_factory=dict)
    lint: LintSettings = field(default_factory=LintSettings)

    def production(self, environment: str | None) -> bool:
        """Does this environment get what production gets? An unknown one does: the careful choice."""
        known = self.environments.get(environment or "")
        return known is None or known.production
