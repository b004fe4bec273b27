"""What AWS shows and no request describes: accounts that were made by hand, and VPCs that are older than their account's request.

Only what holds a network of somebody's own is proposed: an account without one takes no part in any peering, and default VPCs are nobody's.
While a request cannot be read nothing is proposed: its account would look like one without a request.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.accounts import others
from generator.accounts.model import Account as Requested
from generator.accounts.model import account_of, network_name, slug
from generator.accounts.read import Reading
from generator.landing_zone.address_use import Use
from generator.landing_zone.desired import ACCOUNTS_SCHEMA
from generator.landing_zone.yaml_text import quoted, schema_line
from generator.organization.model import Organization
from generator.problems import Refused
from generator.snapshot.model import OPEN, Account, Place, Snapshot, Vpc

_OF_AWS = "aws:"


@dataclass(frozen=True, slots=True)
class Undescribed:
    """The proposed `accounts.yaml`, None where there is nothing to write; a line for each thing a person should know."""

    content: bytes | None
    accounts: int = 0
    networks: int = 0
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One account of the file. `tags` None: it has a request, and only VPCs are described here."""

    slug: str
    account: Account
    tags: Mapping[str, str] | None
    networks: Mapping[str, tuple[str, Vpc]]


def own_vpcs(snapshot: Snapshot) -> dict[str, list[tuple[str, Vpc]]]:
    """`(region, VPC)` by account, in order: those that somebody made."""
    found: dict[str, list[tuple[str, Vpc]]] = defaultdict(list)
    for place in sorted(snapshot.places):
        vpcs = (vpc for vpc in snapshot.places[place].vpcs if not vpc.default)
        found[place.account] += [(place.region, vpc) for vpc in sorted(vpcs, key=lambda vpc: vpc.id)]
    return found


def uses(snapshot: Snapshot, reading: Reading, home: str) -> Iterator[Use]:
    """The ranges of all those VPCs that no request declares: new networks keep clear of them."""
    requests = (account_of(record, "", home) for record in reading.records)
    declared = {(str(each.email).lower(), network.region, network.cidr_block) for each in requests for network in each.networks}
    for id, vpcs in own_vpcs(snapshot).items():
        account = snapshot.accounts.get(id)
        name, email = (account.name, account.email.lower()) if account is not None else (id, "")
        for region, vpc in vpcs:
            blocks = (block for block in vpc.cidr_blocks if (email, region, block) not in declared)
            yield from (Use(region, block, f"{name} {vpc.id}", id, False) for block in blocks)


def blind(snapshot: Snapshot) -> list[str]:
    """The places of open accounts that could not be looked into, each with its cause."""
    accounts = [account for account in snapshot.accounts.values() if account.state == OPEN]
    places = [Place(account.id, region) for account in accounts for region in account.regions]
    listed = [f"{place} ({cause})" for place in sorted(places) if (cause := snapshot.gap(place))]
    whole = [f"{gap} ({gap.cause})" for gap in snapshot.gaps if gap.region is None and _is_open(snapshot, gap.account)]
    return sorted({*whole, *listed})


def _is_open(snapshot: Snapshot, account: str) -> bool:
    return account not in snapshot.accounts or snapshot.accounts[account].state == OPEN


def describe(snapshot: Snapshot, reading: Reading, organization: Organization) -> Undescribed:
    """What `accounts.yaml` should say. Refused where it could not be read again."""
    requested = [account_of(record, organization.environment_tag, organization.home_region) for record in reading.records]
    hidden = [*sorted(reading.unreadable), *(account.slug for account in requested if not isinstance(account.email, str))]
    if hidden:
        why = f"{others.FILE} is not proposed: which accounts have no request cannot be told ({', '.join(hidden)})"
        return Undescribed(None, told=(why,))
    entries, told = _entries(snapshot, {str(account.email).lower(): account for account in requested}, organization)
    if not entries:
        return Undescribed(None, told=tuple(told))
    content = "".join(f"{line}\n" for line in _document(entries, snapshot)).encode()
    found = others.read(content, organization)
    if found.problems:
        raise Refused(found.problems)
    networks = sum(len(entry.networks) for entry in entries)
    return Undescribed(content, sum(entry.tags is not None for entry in entries), networks, tuple(told))


def _entries(snapshot: Snapshot, requested: Mapping[str, Requested], organization: Organization) -> tuple[list[_Entry], list[str]]:
    """The accounts to describe, in order of name, and what is left out."""
    vpcs, told = own_vpcs(snapshot), []
    entries: list[_Entry] = []
    taken = {account.slug for account in requested.values()}
    for account in sorted(snapshot.accounts.values(), key=lambda account: (account.name, account.id)):
        mine = vpcs.get(account.id, []) if account.state == OPEN else []
        there = [(region, vpc) for region, vpc in mine if region in organization.regions]
        request = requested.get(account.email.lower())
        if len(there) < len(mine):
            regions = ", ".join(sorted({region for region, _ in mine} - set(organization.regions)))
            told.append(f"{account.name} ({account.id}) has VPCs in {regions}, which scaffold.yaml does not have")
        if there and request is None and account.tags is None:
            told.append(f"{account.name} ({account.id}) has no request, and its tags could not be read: describe it by hand")
        elif there:
            entries += _entry(account, there, request, taken, organization.home_region)
            taken.update(entry.slug for entry in entries[-1:])
    return entries, told


def _entry(
    account: Account, there: Sequence[tuple[str, Vpc]], request: Requested | None, taken: Collection[str], home: str
) -> Iterator[_Entry]:
    """The entry of an account with VPCs; of one that has a request only where it has older ones."""
    if request is None:
        name = _free(slug(account.name), account.id, taken)
        yield _Entry(name, account, account.tags, _named(name, there, home, False))
    elif older := _older(request, there):
        yield _Entry(request.slug, account, None, _named(request.slug, older, home, True))


def _older(request: Requested, there: Iterable[tuple[str, Vpc]]) -> list[tuple[str, Vpc]]:
    """The VPCs that no network of the request declares by its range."""
    declared = {(network.region, network.cidr_block) for network in request.networks}
    return [(region, vpc) for region, vpc in there if (region, vpc.cidr_blocks[0]) not in declared]


def _free(name: str, id: str, taken: Collection[str]) -> str:
    """A slug that nobody has: names of accounts are not unique in AWS."""
    return name if name and name not in taken else f"{name}-{id}".strip("-")


def _named(account: str, vpcs: Sequence[tuple[str, Vpc]], home: str, labelled: bool) -> dict[str, tuple[str, Vpc]]:
    """Networks by their names: the first of a region has none of its own, unless the request may have that one."""
    found: dict[str, tuple[str, Vpc]] = {}
    for region, vpc in vpcs:
        label = slug(vpc.tags.get("Name", "")) or vpc.id.removeprefix("vpc-")
        bare = network_name(account, region, home)
        name = bare if not labelled and bare not in found else network_name(account, region, home, label)
        found[name if name not in found else network_name(account, region, home, vpc.id)] = (region, vpc)
    return found


def _document(entries: Iterable[_Entry], snapshot: Snapshot) -> Iterator[str]:
    yield schema_line(ACCOUNTS_SCHEMA, others.FILE).rstrip("\n")
    yield f"# Accounts without a request, and VPCs that no request declares, as AWS showed them: {quoted(snapshot.taken)}"
    yield "version: 1"
    yield "accounts:"
    for entry in entries:
        yield f"  {quoted(entry.slug)}: # {quoted(entry.account.name)}, {quoted(entry.account.email)}"
        if entry.tags is not None:
            yield f"    id: {quoted(entry.account.id)}"
            yield from _tags(entry.tags)
        yield "    networks:"
        for name, (region, vpc) in sorted(entry.networks.items()):
            shown = f" # {quoted(vpc.tags['Name'])}" if "Name" in vpc.tags else ""
            yield f"      {quoted(name)}: {{region: {region}, vpc_id: {vpc.id}, cidr_blocks: [{', '.join(vpc.cidr_blocks)}]}}{shown}"


def _tags(tags: Mapping[str, str]) -> Iterator[str]:
    own = {key: value for key, value in sorted(tags.items()) if not key.startswith(_OF_AWS) and not re.search(r"[\x00-\x1f]", key + value)}
    yield "    tags:" if own else "    tags: {}"
    yield from (f"      {quoted(key)}: {quoted(value)}" for key, value in own.items())
