"""Wanted, declared, live: each combination of the three has its finding, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

from generator.audit.findings import Bench, Found, by_rule, networks
from generator.audit.live import Live, VpcKey, ends
from generator.audit.model import End, Severity
from generator.documents.dates import hours_between
from generator.peering.existing import Existing, State, pair_of
from generator.peering.model import Decision, Judgement, Key, Member, key, pair_name
from generator.peering.plan import Action
from generator.peering.policy import judge
from generator.peering.prune import MARKER
from generator.ranges import clashes
from generator.snapshot.model import OPEN, PASSING

PENDING, DELETING = "pending-acceptance", "deleting"
URGENT = 48
"""Hours before a request expires, from which on it is urgent. AWS lets it stand for 168."""
_STATES: Mapping[str, str] = {"expired": "expired", "failed": "failed", "rejected": "rejected", "deleted": "deleted-out-of-band"}


def existence(bench: Bench) -> Iterator[Found]:
    """What is there and should not be, and the other way round."""
    stacks, declared = bench.question.stacks, set()
    for pair, stack in sorted(stacks.items()):
        declared.add(ends(stack))
        yield from _declared(bench, pair, stack) if stack.state is State.LIVE else _tombstone(bench, pair, stack)
    for live in bench.index.connections.values():
        if not live.gone and live.vpcs not in declared:
            yield from _undeclared(bench, live)
        if not live.gone:
            yield from _marked(bench, live)
            yield from _disagreement(bench, live)
    yield from _unplanned(bench)


def alive(bench: Bench, stack: Existing) -> list[Live]:
    """The connections between a stack's VPCs that are not over, the one that carries traffic first."""
    found = [live for live in bench.index.by_vpcs.get(ends(stack), ()) if not live.gone]
    return sorted(found, key=lambda live: (not live.active, not _carries(live, stack.pair), live.id))


def _carries(live: Live, pair: Key) -> bool:
    return any(view.tags.get(MARKER) == pair_name(pair) for view in live.views.values())


def judgement(bench: Bench, pair: Key) -> Judgement:
    """What the policy says of two declared networks now."""
    plan = bench.question.plan
    found = plan.pairs[pair].judgement if pair in plan.pairs else judge(bench.question.policy, *(plan.members[name] for name in pair))
    if plan.doubts:  # it may mean something else than it says: nobody is told to connect or to delete anything
        return Judgement(Decision.UNDETERMINED, found.rules, why=f"what it is decided from is in doubt: {plan.doubts[0].message}")
    return found


def _declared(bench: Bench, pair: Key, stack: Existing) -> Iterator[Found]:
    """A stack that declares a connection."""
    sides = _sides(stack)
    yield from closed(bench, sides)
    there = alive(bench, stack)
    if not there:
        yield from _not_live(bench, pair, stack, sides)
        return
    live, decided = there[0], judgement(bench, pair)
    yield from _kept(bench, pair, live)
    for other in there[1:]:
        yield bench.of("duplicate-pair", other, f"{other.id} ({other.status}) joins the same two VPCs as {live.id} ({live.status})")
    if decided.decision is Decision.DENY:
        yield _denied(bench, pair, live, decided) if live.status != DELETING else _on_its_way(bench, pair, live)
        return
    if decided.decision is Decision.UNDETERMINED:
        message = f"{live.id} is {live.status}, and the policy cannot decide: {decided.why}"
        yield bench.of("undetermined-live", live, message, rules=decided.rules)
    if not live.active:
        yield _on_its_way(bench, pair, live)


def _kept(bench: Bench, pair: Key, live: Live) -> Iterator[Found]:
    """A live pair that the plan keeps with an error: something of it is not as it was reviewed."""
    plan = bench.question.plan.pairs.get(pair)
    if plan is not None and plan.error and plan.decision is Decision.ALLOW and not bench.question.plan.doubts:
        moved = any(refusal.id == "other-end" for refusal in plan.refusals)
        id = "wrong-region-or-vpc" if moved else "kept-in-doubt"
        yield bench.of(id, live, f"{live.id} is {live.status}: {plan.error}")


def _denied(bench: Bench, pair: Key, live: Live, decided: Judgement) -> Found:
    plan = bench.question.plan.pairs[pair]
    message = f"{live.id} is {live.status}, and the policy denies it {by_rule(decided)}"
    if plan.state is State.TOMBSTONE:
        message, remedy = f"{message}; its tombstone is not applied", f"comment `atlantis apply -p peering/{pair_name(pair)}`"
    elif plan.action is Action.TOMBSTONE:
        remedy = "run scaffold sync, and let Atlantis apply the tombstone it writes"
    else:
        remedy = f"its stack is kept ({plan.error}): take it down by hand"
    worth = Severity.CRITICAL if live.status != PENDING else Severity.HIGH  # nothing passes until somebody accepts it
    return bench.of("policy-denies-live", live, message, severity=worth, key=f"{live.id}|{worth.word}", remedy=remedy, rules=decided.rules)


def _on_its_way(bench: Bench, pair: Key, live: Live) -> Found:
    """A declared connection that does not carry traffic yet, or soon not any more."""
    if live.status == PENDING:
        expires = max(view.expires for view in live.views.values())
        urgent = bool(expires) and hours_between(bench.question.snapshot.taken, expires) < URGENT
        message = f"{live.id} waits to be accepted" + (f", until {expires}" if expires else "")
        worth = Severity.HIGH if urgent else Severity.MEDIUM
        evidence, key = {"expires": expires}, f"{live.id}|{worth.word}"
        return bench.of("pending-acceptance", live, message, severity=worth, key=key, evidence=evidence)
    if live.status in PASSING:
        return bench.of("in-transition", live, f"{live.id} is {live.status}")
    return bench.of("unknown-status", live, f'{live.id} has the status "{live.status}"')


def _not_live(bench: Bench, pair: Key, stack: Existing, sides: tuple[End, ...]) -> Iterator[Found]:
    """A stack whose connection nobody sees; nothing is said where one of its sides could not be looked at."""
    name, decided = pair_name(pair), judgement(bench, pair)
    if not sides or bench.index.unread(end.place for end in sides):
        places = [end.place for end in sides]
        yield bench.unknown(name, "whether its connection is live", places)
    elif decided.decision is Decision.DENY:
        message = f"its stack declares it, and the policy denies it {by_rule(decided)}"
        yield bench.found("declared-but-denied", sides, message, rules=decided.rules)
    else:
        yield _absent(bench, stack, sides, decided)


def _absent(bench: Bench, stack: Existing, sides: tuple[End, ...], decided: Judgement) -> Found:
    over = sorted(bench.index.by_vpcs.get(ends(stack), ()), key=lambda live: live.id)
    if not over:
        return bench.found("declared-not-live", sides, "neither side shows a connection", rules=decided.rules)
    last = over[-1]
    said = next((view.message for view in last.views.values() if view.message), "")
    message = f"{last.id} is {last.status}" + (f" ({said})" if said else "") + _overlap(bench, stack)
    return bench.of(_STATES[last.status], last, message, rules=decided.rules)


def _overlap(bench: Bench, stack: Existing) -> str:
    """Which ranges of the two VPCs overlap: why AWS let the connection fail."""
    blocks = [(block, vpc) for vpc in sorted(ends(stack)) for block in bench.index.ranges(vpc) or ()]
    found = [f"{outer[0]} and {inner[0]}" for outer, inner in clashes(blocks) if len({*outer[1], *inner[1]}) > 1]
    return f"; {', '.join(found)} overlap" if found else ""


def _tombstone(bench: Bench, pair: Key, stack: Existing) -> Iterator[Found]:
    """A stack that takes its connection down: what is still live was not applied."""
    for live in alive(bench, stack):
        decided = judgement(bench, pair)
        if live.status == DELETING:
            yield _on_its_way(bench, pair, live)
        elif decided.decision is Decision.DENY:
            yield _denied(bench, pair, live, decided)
        elif decided.decision is Decision.ALLOW:
            message = f"{live.id} is {live.status}, its stack is a tombstone, and the policy allows it again"
            yield bench.of(
                "live-undeclared-allowed", live, message, remedy="run scaffold sync before the tombstone is applied", rules=decided.rules
            )
        else:
            message = f"{live.id} is {live.status}, its stack is a tombstone, and the policy cannot decide: {decided.why}"
            yield bench.of("undetermined-live", live, message, rules=decided.rules)


def _undeclared(bench: Bench, live: Live) -> Iterator[Found]:
    """A connection that no stack declares."""
    listed = bench.question.snapshot.accounts
    strangers = sorted({side.account for side in live.sides if side.account not in listed}) if listed else []
    yield from closed(bench, tuple(end for end in bench.ends(live) if end.account not in strangers), live)
    names = [bench.index.names.get(side.vpc, "") for side in live.sides]
    members = [bench.question.plan.members[name] for name in names if name in bench.question.plan.members]
    decided = judgement(bench, key(*names)) if len(members) == 2 else None
    if decided is not None and (twice := next((side.vpc_id for side in live.sides if side.vpc in bench.index.shared), "")):
        decided = Judgement(Decision.UNDETERMINED, why=f"{twice} is more than one network")
    asked = live.status == PENDING and live.accepter.account not in strangers
    if live.status == DELETING:
        yield bench.of("in-transition", live, f"{live.id} is {live.status}, and no stack declares it")
    elif asked and strangers:
        yield _request(bench, live, strangers)
    elif strangers:
        message = f"{live.id} ({live.status}) leads to {' and '.join(strangers)}, which the organization does not have"
        yield bench.of("outside-organization", live, message, remedy=_delete(live, bench))
    elif decided is None:
        yield _nameless(bench, live)
    elif asked and decided.decision is Decision.DENY:
        yield _request(bench, live, strangers)
    else:
        yield _unknown_to_git(bench, live, key(*names), decided)


def _request(bench: Bench, live: Live, strangers: list[str]) -> Found:
    whom = f"account {live.requester.account}" + (", which the organization does not have," if strangers else "")
    message = f"{live.id}: {whom} asks {live.accepter.vpc_id} of {live.accepter.account} for a connection"
    at = f"--region {quote(live.accepter.region)} --vpc-peering-connection-id {quote(live.id)}"
    remedy = f"in account {live.accepter.account}: aws ec2 reject-vpc-peering-connection {at}"
    return bench.of("pending-from-unknown", live, message, remedy=remedy)


def _nameless(bench: Bench, live: Live) -> Found:
    """A connection with a VPC that is no declared network: no rule can allow it, unless the declaration is still being learnt."""
    without = [side for side in live.sides if bench.index.names.get(side.vpc, "") not in bench.question.plan.members]
    words = " and ".join(f"{side.vpc_id} of account {side.account} in {side.region}" for side in without)
    doubts = [doubt for side in without if (doubt := _may_be_declared(bench, side.vpc))]
    if doubts or not bench.question.complete:
        why = doubts[0] if doubts else "not everything that declares networks could be read"
        return bench.of(
            "undetermined-live", live, f"{live.id} is {live.status}, and whether {words} is a declared network cannot be told: {why}"
        )
    if live.status == PENDING:
        return _request(bench, live, [])
    message = f"{live.id} is {live.status}, and no rule allows it: {words} is no declared network"
    return bench.of("rogue-denied", live, message, remedy=_delete(live, bench))


def _may_be_declared(bench: Bench, vpc: VpcKey) -> str:
    """Networks declared for this account and region whose VPC is not known yet: it may be one of them."""
    account, region, _ = vpc
    known = bench.question.accounts.get(account)
    waiting = [member.name for member in bench.question.plan.members.values() if known and _waits(bench, member, known.slug, region)]
    return f"the VPC of {', '.join(sorted(waiting))} is not the one of inventory.json: run scaffold pull" if waiting else ""


def _waits(bench: Bench, member: Member, slug: str, region: str) -> bool:
    """Is its VPC not known, or not there any more? Then another one of the region may be it."""
    if member.account != slug or member.region != region:
        return False
    known = (member.facts.account_id or "", region, member.facts.vpc_id or "")
    return known not in bench.index.vpcs


def _unknown_to_git(bench: Bench, live: Live, pair: Key, decided: Judgement) -> Found:
    if decided.decision is Decision.ALLOW:
        message = f"{live.id} is {live.status} and allowed {by_rule(decided)}, and no stack declares it"
        remedy = f"scaffold peering adopt {networks(pair)}" if live.active else "accept it or delete it, and audit again"
        return bench.of("live-undeclared-allowed", live, message, remedy=remedy, rules=decided.rules)
    if decided.decision is Decision.UNDETERMINED:
        message = f"{live.id} is {live.status}, no stack declares it, and the policy cannot decide: {decided.why}"
        return bench.of("undetermined-live", live, message, rules=decided.rules)
    message = f"{live.id} is {live.status}, no stack declares it, and the policy denies it {by_rule(decided)}"
    return bench.of("rogue-denied", live, message, remedy=_delete(live, bench), rules=decided.rules)


def _delete(live: Live, bench: Bench) -> str:
    """The command that deletes a connection, from a side that is in the organization."""
    listed = bench.question.snapshot.accounts
    side = next((side for side in live.sides if side.account in listed), live.requester)
    at = f"--region {quote(side.region)} --vpc-peering-connection-id {quote(live.id)}"
    return f"in account {side.account}: aws ec2 delete-vpc-peering-connection {at}"


def closed(bench: Bench, sides: tuple[End, ...], live: Live | None = None) -> Iterator[Found]:
    """Sides whose account is not active any more, or not in the organization."""
    listed = bench.question.snapshot.accounts
    for end in {end.account: end for end in sides}.values():
        account = listed.get(end.account)
        if listed and (account is None or account.state != OPEN):
            state = "not in the organization" if account is None else account.state
            message = f"account {end.account} of {end} is {state}"
            connection = live.id if live is not None else ""
            yield bench.found(
                "account-closed", sides, message, key=f"{end.account}|{state}", evidence={"state": state}, connection=connection
            )


def _disagreement(bench: Bench, live: Live) -> Iterator[Found]:
    """A connection that its two places show differently, or that one of them does not show although it was looked into."""
    silent = [side.place for side in live.sides if side.place not in live.views and not bench.index.snapshot.gap(side.place)]
    words = live.disagreement or "; ".join(f"{place} does not show it" for place in silent)
    if words:
        yield bench.of("sides-disagree", live, f"{live.id}: {words}", key=f"{live.id}|{words}")


def _marked(bench: Bench, live: Live) -> Iterator[Found]:
    """A connection that says it is a pair's, and joins other VPCs."""
    for marker in sorted({view.tags[MARKER] for view in live.views.values() if MARKER in view.tags}):
        named = pair_of(marker)
        stack = bench.question.stacks.get(named) if named is not None else None
        if stack is not None and ends(stack) and live.vpcs != ends(stack):
            wanted = " and ".join(sorted(" ".join(vpc) for vpc in ends(stack)))
            message = f"{live.id} ({live.status}) carries the marker of {marker}, which joins {wanted}"
            yield bench.of("wrong-region-or-vpc", live, message, evidence={"marker": marker})


def _unplanned(bench: Bench) -> Iterator[Found]:
    """Pairs that the policy allows, and that have neither a stack nor a connection."""
    plan = bench.question.plan
    joined = {
        frozenset(bench.index.names.get(vpc, "") for vpc in vpcs)
        for vpcs, found in bench.index.by_vpcs.items()
        if not all(live.gone for live in found)
    }
    for pair, each in plan.pairs.items():
        if each.decision is Decision.ALLOW and each.state is State.NONE and frozenset(pair) not in joined:
            reasons = "; ".join(f"{refusal.id}: {refusal.message}" for refusal in each.refusals) or "scaffold sync has not been run since"
            sides = tuple(_end(plan.members[name]) for name in pair)
            evidence = {"refusals": [refusal.id for refusal in each.refusals]}
            yield bench.found(
                "allowed-not-planned",
                sides,
                f"allowed {by_rule(each.judgement)}, and without a stack: {reasons}",
                rules=each.judgement.rules,
                evidence=evidence,
            )


def _end(member: Member) -> End:
    return End(member.facts.account_id or "", member.region, member.facts.vpc_id or "", member.name)


def _sides(stack: Existing) -> tuple[End, ...]:
    return tuple(End(side.id, side.region, side.vpc_id, side.name) for side in stack.data.sides) if stack.data is not None else ()
