"""What no longer fits once an account's environment has changed: units, ranges and seeded arguments stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from generator import ranges
from generator.accounts.model import Account
from generator.landing_zone.model import LandingZone
from generator.problems import Problem, Severity


def misfits(zone: LandingZone, before: Account, after: Account) -> list[Problem]:
    """A note for each thing that the old environment decided, with the command that changes it."""
    if before.environment == after.environment or not isinstance(after.environment, str):
        return []
    return [*_unit(zone, after, after.environment), *_ranges(zone, after, after.environment), *_seeds(zone, before, after)]


def _note(id: str, file: str, message: str, remedy: str) -> Problem:
    return Problem(id=id, file=file, message=message, remedy=remedy, severity=Severity.NOTE)


def _unit(zone: LandingZone, account: Account, environment: str) -> Iterator[Problem]:
    key = zone.organization.environments[environment].ou
    wanted = zone.organization.units[key].managed_name
    unit = account.record.request.control_tower.get("ManagedOrganizationalUnit")
    if unit != wanted:
        message = f'{account.slug} stays in the unit "{unit}"; {environment} has "{wanted}"'
        yield _note("unit-stays", account.record.file, message, f"scaffold account {account.slug} --ou {key}")


def _ranges(zone: LandingZone, account: Account, environment: str) -> Iterator[Problem]:
    for network in account.networks:
        region = zone.organization.regions.get(network.region)
        if region is None or not isinstance(network.cidr_block, str):
            continue
        try:
            found = ranges.parse(network.cidr_block)
        except ValueError:
            continue  # a lint error of its own
        if not any(part.contains(found) for part in region.pool(environment)):
            message = f"{network.name} keeps {found}, which lies outside the pool of {environment}"
            yield _note("range-stays", account.record.file, message, "nothing: a range never changes; a further network would lie inside")


def _seeds(zone: LandingZone, before: Account, after: Account) -> Iterator[Problem]:
    """Arguments of `main.tf` that a new stack of this environment would have otherwise."""
    old, new = (zone.organization.production(str(account.environment)) for account in (before, after))
    if old == new:
        return
    for stack in zone.stacks(after.slug):
        seeds = zone.renderer.seeds(stack, str(after.name), new)
        earlier = zone.renderer.seeds(stack, str(after.name), old)
        for path, file in seeds.items():
            there = set((zone.tree.read(path) or b"").decode(errors="replace").splitlines())
            fresh = [line for line in file.body.decode().splitlines() if line not in earlier[path].body.decode().splitlines()]
            missing = [" ".join(line.split()) for line in fresh if line not in there and not line.lstrip().startswith("#")]
            if missing:
                message = f"written for {before.environment}; for {after.environment} it would say: {'; '.join(missing)}"
                yield _note("argument-stays", path, message, "edit it where that is wanted")
