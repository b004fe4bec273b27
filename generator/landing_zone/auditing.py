"""What an audit of a landing zone compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.accounts.model import Values
from generator.audit.drift import OF_AWS
from generator.audit.model import Declared, Question
from generator.landing_zone.members import members
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import limits, plan_of, policy_of
from generator.snapshot.model import Snapshot


def question(zone: LandingZone, snapshot: Snapshot, before: LandingZone | None = None) -> Question:
    """The question that an audit answers; `before` is the zone as it was until merges that AFT may still be working on."""
    policy = policy_of(zone)
    accounts = dict(_declared(zone, snapshot, before))
    assert zone.policy is not None  # the policy of the day was made of it
    return Question(
        snapshot=snapshot,
        policy=policy,
        whole=zone.policy,
        plan=plan_of(zone),
        limits=limits(zone),
        day=zone.day,
        management=zone.organization.accounts["management"],
        home_region=zone.organization.home_region,
        accounts=accounts,
        live={member.name: member for member in members(_with_live_tags(zone, snapshot, accounts), policy)},
        schema=frozenset(zone.organization.tags),
        other_tags=zone.organization.other_tags,
        complete=zone.complete,
    )


def _declared(zone: LandingZone, snapshot: Snapshot, before: LandingZone | None) -> Iterator[tuple[str, Declared]]:
    """Every account that the repository describes, by the id that AWS has for it."""
    by_email = {account.email.lower(): account.id for account in snapshot.accounts.values() if account.state == "ACTIVE"}
    earlier = {slug: tags for slug, tags, _, _, _ in _described(before, by_email)} if before is not None else {}
    for slug, tags, file, line, id in _described(zone, by_email):
        if id is not None:
            yield id, Declared(slug, _known(tags), file, line, _known(earlier[slug]) if slug in earlier else None, _unsure(tags))


_Described = tuple[str, Values, str, int, str | None]


def _described(zone: LandingZone, by_email: Mapping[str, str]) -> Iterator[_Described]:
    """`(slug, tags, file, line, id)` of each account; the tags of a request are those of accounts.yaml too."""
    slugs = {account.slug for account in zone.accounts}
    for other in zone.others.accounts.values():
        if other.slug not in slugs and other.tags is not None:
            yield other.slug, other.tags, "accounts.yaml", other.line, other.id
    for account in zone.accounts:
        live, email = zone.live_account(account), account.email.lower() if isinstance(account.email, str) else ""
        id = live.id if live is not None else by_email.get(email)
        yield account.slug, account.tags, account.record.file, account.record.line_of("account_tags"), id


def _known(tags: Values) -> dict[str, str]:
    return {key: value for key, value in tags.items() if isinstance(value, str)}


def _unsure(tags: Values) -> frozenset[str]:
    return frozenset(key for key, value in tags.items() if not isinstance(value, str))


def _with_live_tags(zone: LandingZone, snapshot: Snapshot, accounts: Mapping[str, Declared]) -> LandingZone:
    """The zone, had its accounts the tags that AWS has; those that could not be read keep their own."""
    listed = ((declared.slug, snapshot.accounts.get(id)) for id, declared in accounts.items())
    tags = {slug: _ours(account.tags) for slug, account in listed if account is not None and account.tags is not None}
    requests = tuple(replace(account, tags=tags.get(account.slug, account.tags)) for account in zone.accounts)
    others = {slug: replace(other, tags=tags.get(slug, other.tags)) for slug, other in zone.others.accounts.items()}
    return replace(zone, accounts=requests, others=replace(zone.others, accounts=others))


def _ours(tags: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if not key.startswith(OF_AWS)}
