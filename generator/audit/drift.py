"""Declared tags against those that AWS has: differences, and what the policy would decide by the live ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

from generator.audit.findings import Bench, Found
from generator.audit.model import Declared, End, Severity
from generator.peering.decide import decide
from generator.peering.model import Decision, Judgement, Key, Member, key
from generator.peering.plan import explained
from generator.peering.policy import Policy, judge
from generator.snapshot.model import Account, Part, Place

OF_AWS = "aws:"
"""What the keys of tags begin with that AWS sets itself."""
BOUND = 300_000
"""So many pairs are judged one by one; beyond them all are, without those of crowded networks."""


def drift(bench: Bench) -> Iterator[Found]:
    """Every difference of tags, and every pair that is decided otherwise by the live ones."""
    differing: dict[str, bool] = {}
    for id, declared in sorted(bench.question.accounts.items()):
        account = bench.question.snapshot.accounts.get(id)
        if account is None:
            yield from _unlisted(bench, id, declared)
            continue
        if account.tags is None:
            yield bench.unknown(declared.slug, "its tags in AWS", [Place(id, "")], Part.TAGS)
            continue
        found = list(_differences(bench, declared, account))
        if found:
            differing[declared.slug] = _is_settling(bench, declared, account.tags)
        yield from found
    if differing:
        yield from _flips(bench, differing)


def _unlisted(bench: Bench, id: str, declared: Declared) -> Iterator[Found]:
    """An account that AWS had once, and that the organization does not list now."""
    if bench.question.snapshot.accounts:
        message, evidence = f"account {id} is not in the organization", {"state": ""}
        yield bench.found("account-closed", [End(id, "")], message, subject=declared.slug, key=id, evidence=evidence)


def _is_settling(bench: Bench, declared: Declared, live: Mapping[str, str]) -> bool:
    """Was the request changed just now, and are the live tags those that it had before, no more and no less?"""
    if declared.before is None or declared.before == declared.tags:
        return False
    seen = {name: value for name, value in live.items() if not name.startswith(OF_AWS) and not _is_free(bench, declared, name)}
    return seen == declared.before


def _differences(bench: Bench, declared: Declared, account: Account) -> Iterator[Found]:
    live, ends = account.tags or {}, [End(account.id, "")]
    for name in sorted({*declared.tags, *live}):
        wanted, there = declared.tags.get(name), live.get(name)
        if wanted == there or name.startswith(OF_AWS) or (wanted is None and _is_free(bench, declared, name)):
            continue
        told = f"{name}|{wanted}|{there}"
        if wanted is None:
            id, message = "tag-drift-stale-live", f'the account still has {name} = "{there}", and its request does not say it'
            remedy = f"in the management account: aws organizations untag-resource --resource-id {account.id} --tag-keys {quote(name)}"
        elif there is None:
            id, message, remedy = "tag-drift-missing-live", f'{name} = "{wanted}" is not on the account', ""
        else:
            id, message, remedy = "tag-value-differs", f'{name} is "{there}" on the account and "{wanted}" in its request', ""
        evidence = {"key": name, "declared": wanted, "live": there}
        yield bench.found(id, ends, message, subject=declared.slug, key=told, evidence=evidence, remedy=remedy)


def _is_free(bench: Bench, declared: Declared, name: str) -> bool:
    """A tag that the request may have, or that the schema leaves open in an organization which carries more tags than it decides on."""
    return name in declared.unsure or "*" in declared.unsure or (bench.question.other_tags and name not in bench.question.schema)


def unclassified(bench: Bench) -> Iterator[Found]:
    """Networks whose declared tags cannot be judged, one finding an account."""
    told = set()
    for member in bench.question.plan.members.values():
        if member.unclassified and member.account not in told:
            told.add(member.account)
            ends = [End(member.facts.account_id or "", member.region, member.facts.vpc_id or "", member.name)]
            yield bench.found("tag-unclassified", ends, "; ".join(member.unclassified), subject=member.account)


def _flips(bench: Bench, differing: Mapping[str, bool]) -> Iterator[Found]:
    """Pairs that are decided otherwise by the live tags. `differing`: account -> was its request changed just now?"""
    for pair in sorted(_flipped(bench, differing)):
        members = [bench.question.plan.members[name] for name in pair]
        moved = sorted({member.account for member in members} & differing.keys())
        yield _flip(bench, pair, members, moved, all(differing[account] for account in moved))


def _flipped(bench: Bench, differing: Mapping[str, bool]) -> set[Key]:
    """The pairs of moved accounts that one set of tags allows, and the other does not."""
    known, live, policy = bench.question.plan.members, bench.question.live, bench.question.policy
    moved = [name for name, member in known.items() if member.account in differing]
    if len(moved) * len(known) > BOUND:
        before, after = _allowed(bench, known), _allowed(bench, live)
        return {pair for pair in before.keys() ^ after.keys() if {known[name].account for name in pair} & differing.keys()}
    pairs = {key(one, other) for one in moved for other in known if one != other}
    return {pair for pair in pairs if _is_allowed(policy, known, pair) is not _is_allowed(policy, live, pair)}


def _is_allowed(policy: Policy, members: Mapping[str, Member], pair: Key) -> bool:
    return judge(policy, *(members[name] for name in pair)).decision is Decision.ALLOW


def _allowed(bench: Bench, members: Mapping[str, Member]) -> dict[Key, Judgement]:
    """The pairs that are allowed by some tags, of very many; those of networks that too many rules connect are counted, not made."""
    made = decide(bench.question.policy, list(members.values())).pairs
    return {pair: judgement for pair, judgement in made.items() if judgement.decision is Decision.ALLOW}


def _flip(bench: Bench, pair: Key, members: list[Member], moved: list[str], is_settling: bool) -> Found:
    live = [bench.question.live[member.name] for member in members]
    declared, now = judge(bench.question.policy, *members), judge(bench.question.policy, *live)
    tags = "; ".join(_said(member, other) for member, other in zip(members, live, strict=True) if member.account in moved)
    words = (f"{each.decision.value} ({explained(each)})" for each in (declared, now))
    message = f"by the requests {next(words)}, by the tags in AWS {next(words)}: {tags}"
    if is_settling:
        message += "; the change was merged just now"
    ends = [End(member.facts.account_id or "", member.region, member.facts.vpc_id or "", member.name) for member in members]
    is_open = Decision.UNDETERMINED in (
        declared.decision,
        now.decision,
    )  # nobody decides otherwise: a tag is not there yet, or not any more
    worth = Severity.MEDIUM if is_settling or is_open else Severity.CRITICAL
    evidence = {"declared": declared.decision.value, "live": now.decision.value, "accounts": moved}
    return bench.found(
        "tag-drift-decision", ends, message, severity=worth, key=f"{worth.word}|{tags}", rules=declared.rules, evidence=evidence
    )


def _said(member: Member, live: Member) -> str:
    names = [name for name in sorted({*member.tags, *live.tags}) if member.tags.get(name) != live.tags.get(name)]
    words = (f'{name} "{member.tags.get(name, "")}" and "{live.tags.get(name, "")}"' for name in names)
    return f"{member.account} has {', '.join(words)}" if names else f"{member.account} cannot be judged by them"
