"""`scaffold pull`."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import click

from generator.cli import output, workspace
from generator.files import File, FileSet, Kind
from generator.inventory import FILE, Gap, Inventory, Snapshot, project, write
from generator.landing_zone.model import LandingZone
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
    problems = [*notes, *zone.problems, *(_gap(gap, zone.inventory) for gap in snapshot.gaps), *_candidates(zone, inventory)]
    text = workspace.report(found, check=check, diff=diff) + "\n" + _summary(snapshot, zone, inventory)
    data = {
        "accounts": len(snapshot.accounts),
        "gaps": [{"account": g.account, "region": g.region, "cause": g.cause} for g in snapshot.gaps],
    }
    pending = check and any(change.written for change in found)
    return output.show(output.Result(text, data, problems, pending))


def declared(zone: LandingZone) -> dict[str, dict[str, dict[str, str]]]:
    """The networks to look for: e-mail -> region -> name -> range."""
    wanted: dict[str, dict[str, dict[str, str]]] = {}
    for account in zone.accounts:
        if isinstance(account.email, str):
            regions: dict[str, dict[str, str]] = defaultdict(dict)
            for network in account.networks:
                if isinstance(network.cidr_block, str):
                    regions[network.region][network.name] = network.cidr_block
            wanted[account.email.lower()] = dict(regions)
    return wanted


def _gap(gap: Gap, before: Inventory) -> Problem:
    """A place that answered before and does not now is incomplete; one that never answered is waiting."""
    known = before.accounts.get(gap.account)
    place = f"account {gap.account}" + (f" in {gap.region}" if gap.region else "")
    waiting = gap.region is None and gap.cause in ("AccessDenied", "AccessDeniedException") and (known is None or not known.reachable)
    if waiting:
        message = f"{place} does not answer yet ({gap.cause}): AFT has not made the reader role"
        return Problem(id="waiting", message=message, remedy="run scaffold pull again later", severity=Severity.NOTE, value=gap.account)
    message = f"{place} could not be read ({gap.cause}); what was known of it is kept and marked stale"
    closed = gap.cause.startswith("account is")
    remedy = (
        "take its stacks down and remove its request"
        if closed
        else "check the reader role and the region there, then run scaffold pull again"
    )
    return Problem(id="gap", message=message, remedy=remedy, value=gap.account, incomplete=True)


def _candidates(zone: LandingZone, inventory: Inventory) -> list[Problem]:
    problems = []
    for live in inventory.accounts.values():
        for name, found in live.candidates.items():
            listed = ", ".join(f"{each.vpc_id} ({' '.join(each.cidr_blocks)})" for each in found)
            message = f"no VPC of {live.name} is tagged scaffold:network = {name} with the declared range; there are {listed}"
            remedy = "tag the right one, or correct the declared range"
            problems.append(Problem(id="network-not-found", message=message, remedy=remedy, severity=Severity.WARNING, value=name))
    return problems


def _summary(snapshot: Snapshot, zone: LandingZone, inventory: Inventory) -> str:
    live = inventory.by_email()
    known = sum(isinstance(account.email, str) and account.email.lower() in live for account in zone.accounts)
    networks = sum(len(account.networks) for account in inventory.accounts.values())
    return f"{len(snapshot.accounts)} accounts listed, {known} of {len(zone.accounts)} requested ones vended, {networks} networks known."
