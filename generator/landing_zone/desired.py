"""Everything generated: `desired(zone)`. Reading this file should be understanding the product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.accounts import others
from generator.accounts.model import Account
from generator.audit import baseline as audit_baseline
from generator.files import File, FileSet, Kind, Part
from generator.hcl import managed
from generator.landing_zone import baseline, bootstrap, global_customizations, peerings, projects
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import PROVIDERS
from generator.landing_zone.readiness import facts
from generator.organization.schema import schema
from generator.peering import grammar
from generator.stacks.model import DATA, LOCK
from generator.stacks.render import data_file

SCHEMA = ".scaffold/scaffold.schema.json"
POLICY_SCHEMA = ".scaffold/policy.schema.json"
ACCOUNTS_SCHEMA = ".scaffold/accounts.schema.json"


def desired(zone: LandingZone) -> FileSet:
    """What every generated file should be: the baseline, a part per account and pair, made only where somebody looks, atlantis.yaml."""
    accounts = {account.slug: account for account in reversed(zone.accounts)}
    stacks = (_account(zone, account) for account in accounts.values())
    common = (_shared(zone), bootstrap.part(zone), global_customizations.part(zone))
    return FileSet([*common, *stacks, *peerings.parts(zone), *projects.part(zone)])


def _shared(zone: LandingZone) -> Part:
    def build() -> Mapping[str, File]:
        return {
            SCHEMA: File(managed.json_file(schema()), Kind.MANAGED),
            ACCOUNTS_SCHEMA: File(managed.json_file(others.schema()), Kind.MANAGED),
            POLICY_SCHEMA: File(managed.json_file(grammar.schema()), Kind.MANAGED),
            baseline.SCHEMA: File(managed.json_file(baseline.schema()), Kind.MANAGED),
            audit_baseline.SCHEMA: File(managed.json_file(audit_baseline.schema()), Kind.MANAGED),
            f"{PROVIDERS}/versions.tf": File(zone.renderer.versions(), Kind.MANAGED),
        }

    return Part("shared", zone.organization, build)


def _account(zone: LandingZone, account: Account) -> Part:
    """The stacks of an account: constant files, the data file, and a copy of the one dependency lock."""
    request, live = account.record.request, zone.live_account(account)
    inputs = (zone.organization, request, live, zone.added.get(account.slug))
    return Part(f"stacks/{account.slug}", inputs, lambda: dict(_files(zone, account)))


def _files(zone: LandingZone, account: Account) -> Iterator[tuple[str, File]]:
    lock = zone.tree.read(f"{PROVIDERS}/{LOCK}")
    for stack in zone.stacks(account.slug):
        yield from zone.renderer.managed(stack).items()
        found = facts(zone, account, stack)
        settings = zone.renderer.settings(stack, found[0].environment) if found is not None else None
        if found is not None and settings is not None:
            yield f"{stack.directory}/{DATA}", File(data_file(stack, *found, zone.organization, settings), Kind.MANAGED)
        if lock is not None:
            yield f"{stack.directory}/{LOCK}", File(lock, Kind.COPY)
