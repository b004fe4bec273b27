"""Declared tags against those that AWS has: differences, and what the policy would decide by the live ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.audit.findings import Bench, Found
from generator.audit.model import Declared, End, Severity
from generator.peering.decide import decide
from generator.peering.model import Decision, Judgement, Key, Member
from generator.peering.plan import explained
from generator.peering.policy import judge
from generator.snapshot.model import Account, Part, Place

_OF_AWS = "aws:"


def drift(bench: Bench) -> Iterator[Found]:
    """Every difference of tags, and every pair that is decided otherwise by the live ones."""
    differing: dict[str, bool] = {}
    for id, declared in sorted(bench.question.accounts.items()):
        account = bench.question.snapshot.accounts.get(id)
        if account is None:
            continue  # not vended yet; one that is gone is told of its connections
        if account.tags is None:
            yield bench.unknown(declared.slug, "its tags in AWS", [Place(id, "")], Part.TAGS)
            continue
        found = list(_differences(bench, declared, account))
        if found:
            differing[declared.slug] = declared.before is not None and not _differs(declared.before, account.tags)
        yield from found
    if differing:
        yield from _flips(bench, differing)


def _differs(tags: Mapping[str, str], live: Mapping[str, str]) -> bool:
    """Do tags of a request differ from those of AWS, as far as a request says?"""
    return any(live.get(name) != value for name, value in tags.items())


def _differences(bench: Bench, declared: Declared, account: Account) -> Iterator[Found]:
    live, ends = account.tags or {}, [End(account.id, "")]
    for name in sorted({*declared.tags, *live}):
        wanted, there = declared.tags.get(name), live.get(name)
        if wanted == there or name.startswith(_OF_AWS) or (wanted is None and _is_free(bench, declared, name)):
            continue
        if wanted is None:
            id, message = "tag-drift-stale-live", f'the account still has {name} = "{there}", and its request does not say it'
            remedy = f"in the management account: aws organizations untag-resource --resource-id {account.id} --tag-keys {name}"
        elif there is None:
            id, message, remedy = "tag-drift-missing-live", f'{name} = "{wanted}" is not on the account', ""
        else:
            id, message, remedy = "tag-value-differs", f'{name} is "{there}" on the account and "{wanted}" in its request', ""
        evidence = {"key": name, "declared": wanted, "live": there}
        yield bench.found(id, ends, message, subject=declared.slug, key=name, evidence=evidence, remedy=remedy)


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
    before = _allowed(bench, bench.question.plan.members)
    after = _allowed(bench, bench.question.live)
    for pair in sorted(before.keys() ^ after.keys()):
        members = [bench.question.plan.members[name] for name in pair]
        moved = sorted({member.account for member in members} & differing.keys())
        if moved:
            yield _flip(bench, pair, members, moved, all(differing[account] for account in moved))


def _allowed(bench: Bench, members: Mapping[str, Member]) -> dict[Key, Judgement]:
    """The pairs that are allowed by some tags; those of networks that too many rules connect are counted, not made."""
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
    return bench.found("tag-drift-decision", ends, message, severity=worth, key=now.decision.value, rules=declared.rules, evidence=evidence)


def _said(member: Member, live: Member) -> str:
    names = [name for name in sorted({*member.tags, *live.tags}) if member.tags.get(name) != live.tags.get(name)]
    words = (f'{name} "{member.tags.get(name, "")}" and "{live.tags.get(name, "")}"' for name in names)
    return f"{member.account} has {', '.join(words)}" if names else f"{member.account} cannot be judged by them"
