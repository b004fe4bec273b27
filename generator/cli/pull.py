"""`scaffold pull`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from generator.accounts.others import FILE as OTHERS
from generator.accounts.others import Other, OtherNetwork
from generator.cli import output, workspace
from generator.files import File, FileSet, Kind
from generator.inventory import FILE, Candidate, Gap, Inventory, LiveAccount, Seen, Snapshot, project, write
from generator.inventory.networks import PEERING_TAG, ROUTED, Declared, Sought
from generator.landing_zone.model import LandingZone
from generator.peering.existing import State
from generator.problems import Problem, ScaffoldError, Severity


@click.command()
@workspace.writing
def pull(root: Path, check: bool, diff: bool, form: str) -> int:
    """Read accounts and networks from AWS into inventory.json. Read-only calls; nothing known is ever dropped.

    Example: scaffold pull && scaffold sync
    """
    output.begin("pull", form)
    tree, zone, notes = workspace.open_zone(root, will_write=not check)
    unread = [problem for problem in zone.problems if problem.file == FILE]
    if unread:  # a fresh reading in its place would forget everything that is not seen today
        raise ScaffoldError(unread)
    from generator.aws import pull as aws  # boto3 takes a quarter of a second: only here

    snapshot = aws.read(zone.organization, declared(zone), output.progress("accounts read"))
    inventory = project(snapshot, zone.inventory)
    found = workspace.settle(tree, FileSet.of({FILE: File(write(inventory), Kind.RECORD)}), check=check)
    problems = [*notes, *zone.problems, *(_gap(gap, zone) for gap in snapshot.gaps)]
    problems += [*_candidates(zone, inventory), *_untagged(snapshot, inventory), *_others(zone, snapshot, inventory), *_unlimited(snapshot)]
    text = workspace.report(found, check=check, diff=diff) + "\n" + _summary(snapshot, zone, inventory)
    data = {
        "accounts": len(snapshot.accounts),
        "gaps": [{"account": g.account, "region": g.region, "cause": g.cause} for g in snapshot.gaps],
    }
    pending = check and any(change.written for change in found)
    return output.show(output.Result(text, data, problems, pending))


def declared(zone: LandingZone) -> Declared:
    """The networks to look for: those of the requests and those of accounts.yaml; and which VPCs our stacks connect."""
    by_id: dict[str, dict[str, dict[str, Sought]]] = {}
    by_email: dict[str, dict[str, dict[str, Sought]]] = {}
    for account in zone.accounts:
        if isinstance(account.email, str):
            ranges = ((network.region, network.name, network.cidr_block) for network in account.networks)
            said = ((region, name, Sought(cidr_block)) for region, name, cidr_block in ranges if isinstance(cidr_block, str))
            _add(by_email.setdefault(account.email.lower(), {}), said)
    for other in zone.others.accounts.values():
        said = ((network.region, network.name, _sought(network)) for network in other.networks if network.vpc_id or network.cidr_blocks)
        email = _email(zone, other)
        if other.id is not None:
            _add(by_id.setdefault(other.id, {}), said)
        elif email is not None:
            _add(by_email.setdefault(email, {}), said)
    live = (stack.data for stack in zone.peerings().stacks.values() if stack.state is State.LIVE)
    return Declared(by_id, by_email, {frozenset(side.vpc_id for side in data.sides) for data in live if data is not None})


def _add(regions: dict[str, dict[str, Sought]], networks: Iterable[tuple[str, str, Sought]]) -> None:
    for region, name, sought in networks:
        regions.setdefault(region, {}).setdefault(name, sought)


def _sought(network: OtherNetwork) -> Sought:
    return Sought(str(network.cidr_blocks[0]) if network.cidr_blocks else "", network.vpc_id, foreign=True)


def _email(zone: LandingZone, other: Other) -> str | None:
    """The address that the request of an account of accounts.yaml says; None where it has none."""
    account = zone.account(other.slug)
    return account.email.lower() if account is not None and isinstance(account.email, str) else None


def _gap(gap: Gap, zone: LandingZone) -> Problem:
    """A place that answered before and does not now is incomplete; one that never answered is waiting."""
    known, by_hand = zone.inventory.accounts.get(gap.account), any(other.id == gap.account for other in zone.others.accounts.values())
    place = f"account {gap.account}" + (f" in {gap.region}" if gap.region else "")
    waiting = gap.region is None and gap.cause in ("AccessDenied", "AccessDeniedException") and (known is None or not known.reachable)
    if waiting:
        message = f"{place} does not answer yet ({gap.cause}): AFT has not made the reader role"
        remedy = "run scaffold pull again later"
        if by_hand:
            message = f"{place} does not answer yet ({gap.cause}): it has no request, so AFT makes no reader role there"
            remedy = f"make the role {zone.organization.roles.reader} there, then run scaffold pull again"
        return Problem(id="waiting", message=message, remedy=remedy, severity=Severity.NOTE, value=gap.account)
    message = f"{place} could not be read ({gap.cause}); what was known of it is kept and marked stale"
    remedy = "check the reader role and the region there, then run scaffold pull again"
    if gap.cause.startswith("account is"):
        remedy = f"remove it from {OTHERS}" if by_hand else "take its stacks down and remove its request"
    return Problem(id="gap", message=message, remedy=remedy, value=gap.account, incomplete=True)


def _candidates(zone: LandingZone, inventory: Inventory) -> Iterator[Problem]:
    """Networks that no VPC is tagged for, where one could be."""
    by_vpc = {network.name for network in zone.others.networks if network.vpc_id is not None}
    for live in inventory.accounts.values():
        for name, found in live.candidates.items():
            if name not in by_vpc:
                message = f"no VPC of {live.name} is tagged scaffold:network = {name} with the declared range; there are {_listed(found)}"
                remedy = "tag the right one, or correct the declared range"
                yield Problem(id="network-not-found", message=message, remedy=remedy, severity=Severity.WARNING, value=name)


def _untagged(snapshot: Snapshot, inventory: Inventory) -> Iterator[Problem]:
    """Networks of ours whose route tables do not say which of them peers are routed in: a guess would reach public subnets."""
    for account_id, seen in snapshot.seen.items():
        for name in sorted(seen.untagged):
            network = inventory.accounts[account_id].networks[name]
            known = ", ".join(network.route_table_ids)
            kept = f"; the last known ones are kept: {known}" if known else ", so none is known"
            message = f"{name}: no route table of {network.vpc_id} is tagged {PEERING_TAG} = {ROUTED}{kept}"
            remedy = "apply its network stack, or tag the tables that peers are to be routed in"
            yield Problem(id="untagged-tables", message=message, remedy=remedy, severity=Severity.WARNING, value=name)


def _unlimited(snapshot: Snapshot) -> Iterator[Problem]:
    """Networks whose quotas could not be read: what was known of them is kept, else those of scaffold.yaml count."""
    for account_id, seen in snapshot.seen.items():
        for name, cause in seen.unlimited.items():
            message = f"the quotas of {name} in account {account_id} could not be read ({cause}); those known before are kept"
            remedy = "let the reader role call servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota there"
            yield Problem(id="quotas-unread", message=message, remedy=remedy, severity=Severity.NOTE, value=name)


def _listed(candidates: Iterable[Candidate]) -> str:
    return ", ".join(f"{found.vpc_id} ({' '.join(found.cidr_blocks)})" for found in candidates)


def _others(zone: LandingZone, snapshot: Snapshot, inventory: Inventory) -> Iterator[Problem]:
    """Accounts and VPCs that accounts.yaml names by an id, where we could look and they are not there."""
    known = Inventory({account.id: inventory.accounts[account.id] for account in snapshot.accounts})
    by_email = known.by_email()
    for other in zone.others.accounts.values():
        live = known.account_by_id(other.id) or by_email.get(_email(zone, other) or "")
        if live is not None and live.id in snapshot.seen:
            yield from _vpcs(other, live, snapshot.seen[live.id])
        elif live is None and other.id is not None and snapshot.accounts:
            yield _missing("account-not-found", other.line, f"{other.slug}: the organization has no account {other.id}", other.id)


def _vpcs(other: Other, live: LiveAccount, seen: Seen) -> Iterator[Problem]:
    for network in other.networks:
        if network.vpc_id is not None and network.name not in {*seen.networks, *seen.missed}:
            candidates = _listed(seen.candidates.get(network.name, ()))
            message = f"{network.name}: {live.name} has no VPC {network.vpc_id} in {network.region}"
            yield _missing("network-not-found", network.line, f"{message}; there are {candidates or 'no others'}", network.vpc_id)


def _missing(id: str, line: int, message: str, value: str) -> Problem:
    remedy = "correct the id, or remove the entry"
    return Problem(id=id, file=OTHERS, line=line, message=message, remedy=remedy, severity=Severity.WARNING, value=value)


def _summary(snapshot: Snapshot, zone: LandingZone, inventory: Inventory) -> str:
    live = inventory.by_email()
    known = sum(isinstance(account.email, str) and account.email.lower() in live for account in zone.accounts)
    networks = sum(len(account.networks) for account in inventory.accounts.values())
    return f"{len(snapshot.accounts)} accounts listed, {known} of {len(zone.accounts)} requested ones vended, {networks} networks known."
