"""An account request as a value, and the account it describes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.hcl.unknown import Unknown

FOLDER = "aft-account-request/terraform"
SOURCE = "./modules/aft-account-request"
VPC_CIDR = "vpc_cidr"
NETWORKS = "networks/"

CONTROL_TOWER_KEYS = (
    "AccountEmail",
    "AccountName",
    "ManagedOrganizationalUnit",
    "SSOUserEmail",
    "SSOUserFirstName",
    "SSOUserLastName",
)
MAPS = ("control_tower_parameters", "account_tags", "change_management_parameters", "custom_fields")
"""The arguments of the module that hold text under keys."""
CHANGE_KEYS = ("change_requested_by", "change_reason")

Value = str | Unknown
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a `module` block. Keys are those of AFT's module; see its `variables.tf`.

    The label of one of several is Terraform's address for it: `accounts["prod-ml"]`.
    """

    label: str
    control_tower: Values
    tags: Values
    change: Values
    custom_fields: Values
    customizations: Value = ""
    source: str = SOURCE
    others: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A request, where it stands, and whether the file is in our canonical form.

    `lines` says where each value stands; for a canonical file it is empty and found on demand. `repeated` is the place
    (`file:line`) of the module that makes this request and others by for_each or count: what makes it one of them
    stands at `file` and `line`, as far as that can be told.
    """

    request: Request
    file: str
    line: int
    canonical: bool
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    source: str = ""
    repeated: str = ""

    def line_of(self, *path: str) -> int:
        """The line of a value such as `("account_tags", "owner")`, else that of what surrounds it."""
        for depth in range(len(path), 0, -1):
            found = self.lines.get(path[:depth]) if not self.canonical else self._search(path[:depth])
            if found is not None:
                return found
        return self.line

    def _search(self, path: tuple[str, ...]) -> int | None:
        inside = False
        for number, line in enumerate(self.source.split("\n"), 1):
            word = line.split("=")[0].strip().strip('"')
            if not line.startswith("    ") and line.startswith("  ") and word:
                inside = word == path[0]
                if inside and len(path) == 1:
                    return number
            elif inside and len(path) > 1 and word == path[1]:
                return number
        return None


@dataclass(frozen=True, slots=True)
class Network:
    """One VPC an account declares; `cidr_block` is text as written, and `key` the custom field that says it."""

    name: str
    account: str
    region: str
    cidr_block: Value
    key: str

    @property
    def label(self) -> str:
        """The part of the name after the region; empty for the region's unnamed network."""
        parts = self.name.split(".")
        return parts[2] if len(parts) == 3 else ""


@dataclass(frozen=True, slots=True)
class Account:
    """What a request says, in our words. Unknown values stay unknown."""

    slug: str
    name: Value
    email: Value
    environment: Value | None
    tags: Values
    networks: tuple[Network, ...]
    record: Record

    def network(self, region: str, label: str = "") -> Network | None:
        """The network of a region with a label."""
        return next((found for found in self.networks if found.region == region and found.label == label), None)


_OTHER = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """Lower case, runs of anything but `a-z0-9` become one hyphen, none at the ends."""
    return _OTHER.sub("-", name.lower()).strip("-")


def label(slug: str) -> str:
    """The module label of a new request: Terraform wants no digit in front, and no slug starts with `_`."""
    return f"_{slug}" if slug[:1].isdigit() else slug


def network_name(account: str, region: str, home_region: str, label: str = "") -> str:
    """`prod-ml` for the home network, `prod-ml.eu-west-1` and `prod-ml.us-east-1.batch` for others."""
    if label:
        return f"{account}.{region}.{label}"
    return account if region == home_region else f"{account}.{region}"


def home_of(request: Request, default: str) -> Value:
    """The region of the home network: what the request says, the default where it says nothing, never a guess."""
    fields = request.custom_fields
    return fields.get("region", fields.get("*", default))


def account_of(record: Record, environment_tag: str, home_region: str) -> Account:
    """The account that a request describes; what it does not say is absent."""
    request = record.request
    name = _said(request.control_tower, "AccountName") or ""
    known = name if isinstance(name, str) else request.label
    own = slug(known) or slug(request.label) or request.label
    region = home_of(request, home_region)
    networks = list(_networks(own, request.custom_fields, region)) if isinstance(region, str) else []
    email = _said(request.control_tower, "AccountEmail") or ""
    return Account(own, name, email, _said(request.tags, environment_tag), request.tags, tuple(networks), record)


def _said(values: Values, key: str) -> Value | None:
    """The value of a key; unknown, not absent, where the whole map is unknown."""
    return values.get(key, values.get("*"))


def _networks(account: str, fields: Values, home: str) -> list[Network]:
    found = []
    if VPC_CIDR in fields:
        found.append(Network(account, account, home, fields[VPC_CIDR], VPC_CIDR))
    for key, value in fields.items():
        if key.startswith(NETWORKS):
            region, _, label = key[len(NETWORKS) :].partition("/")
            found.append(Network(network_name(account, region, home, label), account, region, value, key))
    return found
