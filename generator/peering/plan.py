"""The plan: for every pair what the policy says, whether it can be made, and what happens to its stack.

Ignorance never disconnects. Only two things take a live pair down: a retiring side, or a policy that denies it while
both sides have been read and can be classified. Every other doubt keeps it, as an error.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from generator.peering.decide import Crowd, Decisions, decide
from generator.peering.existing import MAIN, OUTPUTS, Existing, State
from generator.peering.feasibility import OUTSTANDING, Limits, Question, flags, peering_limit, quota_refusal, refusals
from generator.peering.model import Decision, Facts, Judgement, Key, Member, Refusal, key, pair_name
from generator.peering.policy import FILE, Policy, judge
from generator.problems import Problem, Severity


class Action(enum.Enum):
    """What happens to a pair's stack."""

    CREATE = "create"
    KEEP = "keep"
    TOMBSTONE = "tombstone"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two networks, what is decided about them, and what follows; `requester` is the side that asks AWS for the connection."""

    names: Key
    judgement: Judgement
    state: State = State.NONE
    action: Action = Action.NONE
    refusals: tuple[Refusal, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()
    error: str = ""
    requester: str = ""

    @property
    def name(self) -> str:
        """`A--B`."""
        return pair_name(self.names)

    @property
    def feasible(self) -> bool:
        """Can it be made, as far as can be told?"""
        return not self.refusals

    @property
    def decision(self) -> Decision:
        """What the policy says."""
        return self.judgement.decision


@dataclass(frozen=True, slots=True)
class Plan:
    """Every pair worth naming, in order; `denied` counts all pairs that are denied, named or not.

    `doubts` are why the policy may mean something else than it says: then nothing new is connected, and nothing disconnected.
    `networks` are those that feasibility looks at: the members, and what live stacks say of networks that nothing else tells of;
    `stacks` are what the tree holds.
    """

    members: Mapping[str, Member]
    pairs: Mapping[Key, Pair] = field(default_factory=dict)
    crowds: Mapping[str, Refusal] = field(default_factory=dict)
    allowed: int = 0
    denied: int = 0
    undetermined: int = 0
    doubts: tuple[Problem, ...] = ()
    networks: Mapping[str, Member] = field(default_factory=dict)
    stacks: Mapping[Key, Existing] = field(default_factory=dict)

    def of(self, action: Action) -> list[Pair]:
        """The pairs to which one thing happens."""
        return [pair for pair in self.pairs.values() if pair.action is action]


def plan(
    policy: Policy,
    members: Sequence[Member],
    stacks: Mapping[Key, Existing],
    limits: Limits,
    doubts: tuple[Problem, ...] = (),
    occupied: Collection[Key] = (),
    lost: Collection[Key] = (),
) -> Plan:
    """The plan of an organization on the policy's day (see `policy.on`). Pure: the order of what is given changes nothing.

    `occupied` are pairs whose directory holds something else, `lost` those that were planned until now and have none any more.
    """
    known = {member.name: member for member in sorted(members, key=lambda each: each.name)}
    decisions = decide(policy, list(known.values()))
    judgements = {**decisions.pairs, **{pair: _judged(policy, known, stack) for pair, stack in stacks.items()}}
    networks = _networks(known, stacks)
    question = _question(networks, judgements, stacks, limits, decisions, occupied)
    reasons = _reasons(question, judgements, stacks, known)
    pairs = {pair: _pair(pair, judgements[pair], stacks.get(pair), reasons.get(pair, ()), known) for pair in sorted(judgements)}
    pairs = {names: _kept_out(pair) if names in occupied else pair for names, pair in pairs.items()}
    pairs = {names: _kept_lost(pair) if names in lost else pair for names, pair in pairs.items()}
    if doubts:
        pairs = {names: _withheld(pair) for names, pair in pairs.items()}
    counts = decisions.allowed, decisions.denied, decisions.undetermined
    return Plan(known, pairs, _crowds(decisions, known, stacks, limits), *counts, doubts, networks, stacks)


def _networks(known: Mapping[str, Member], stacks: Mapping[Key, Existing]) -> Mapping[str, Member]:
    """The networks, and of those that live stacks know otherwise also what was reviewed: that is what is connected.

    A network that nobody declares any more is still a VPC: under another name it must not be connected once more.
    """
    found = dict(known)
    for stack in stacks.values():
        for name in stack.pair if stack.state is State.LIVE else ():
            account, region, vpc_id = stack.ends.get(name, (None, "", None))
            member = found.setdefault(name, Member(name, name.partition(".")[0], region, {}, facts=Facts(account, vpc_id=vpc_id)))
            if name not in known or member.facts.vpc_id is None or vpc_id not in (None, member.facts.vpc_id):
                blocks = tuple(dict.fromkeys((*member.facts.blocks, *stack.blocks.get(name, ()))))
                found[name] = replace(member, facts=replace(member.facts, blocks=blocks))
    return found


def _reasons(
    question: Question, judgements: Mapping[Key, Judgement], stacks: Mapping[Key, Existing], known: Mapping[str, Member]
) -> Mapping[Key, tuple[Refusal, ...]]:
    """Why pairs that are not denied cannot be made, or should not exist as they are."""
    found = dict(refusals(question))
    for pair, stack in stacks.items():
        found[pair] = (*found.get(pair, ()), *_other_ends(stack, known), *_in_doubt(stack))
    named = (pair for pair in found if pair in judgements and all(name in known for name in pair))
    judged = {pair for pair in named if judgements[pair].decision is not Decision.DENY}
    return {pair: found[pair] for pair in judged}


def _in_doubt(stack: Existing) -> Iterator[Refusal]:
    """A stack that cannot be told is not written anew: its sides could be exchanged, or its module another release."""
    if stack.doubt:
        remedy = f"restore the files of {stack.directory} from git"
        yield Refusal("stack-in-doubt", f"{stack.directory} is there, and {stack.doubt}", remedy)


def _other_ends(stack: Existing, known: Mapping[str, Member]) -> Iterator[Refusal]:
    """A live stack never moves to another account, region or VPC by itself: Terraform would replace the connection."""
    for name, ends in stack.ends.items():
        facts = known[name].facts if name in known else None
        if stack.state is State.LIVE and facts is not None and facts.account_id is not None and facts.vpc_id is not None:
            now = (facts.account_id, known[name].region, facts.vpc_id)
            if now != ends:
                message = f"{name} was {' '.join(ends)} when the pair was reviewed, and is {' '.join(now)} now"
                yield Refusal("other-end", message, _REPLACED.format(known[name].file))
            elif (primary := stack.blocks.get(name, ())[:1]) and primary[0] not in facts.blocks:
                message = (
                    f"{name} had the range {primary[0]} when the pair was reviewed, and has it no more; a VPC keeps its first one for life"
                )
                yield Refusal("other-end", message, _REPLACED.format(known[name].file))


_REPLACED = "correct inventory.json or {}; if it was really replaced, deny the pair by accounts:, apply its tombstone, and allow it again"


_DOUBT = Refusal("policy-in-doubt", "what it is decided from is in doubt", "correct the policy, or the override of requests, first")


def _kept_out(pair: Pair) -> Pair:
    """The pair where somebody else's files are."""
    if pair.action is not Action.CREATE:
        return pair
    message = f"peering/{pair.name} holds something else"
    return replace(pair, action=Action.NONE, refusals=(Refusal("occupied", message, "move it away, or restore its backend.tf from git"),))


def _kept_lost(pair: Pair) -> Pair:
    """A pair whose directory is gone is not made anew: its sides could be exchanged, or its module another release."""
    if pair.action is not Action.CREATE:
        return pair
    message = f"peering/{pair.name} is listed in atlantis.yaml, and gone"
    remedy = "restore it from git; if it was destroyed, take its project off atlantis.yaml"
    return replace(pair, action=Action.NONE, refusals=(Refusal("lost-stack", message, remedy),))


def _withheld(pair: Pair) -> Pair:
    """The pair as long as the policy is in doubt: what exists stays, and nothing is made."""
    if pair.action is Action.CREATE:
        return replace(pair, action=Action.NONE, refusals=(_DOUBT,))
    if pair.action is Action.TOMBSTONE:
        return replace(pair, action=Action.KEEP, refusals=(_DOUBT,), error=f"the policy would deny it, and {_DOUBT.message}")
    return pair


def _judged(policy: Policy, known: Mapping[str, Member], stack: Existing) -> Judgement:
    """The judgement of a pair that has a stack. A side that was not read is no side that is gone, nor is another account it."""
    found = [known[name] for name in stack.pair if name in known]
    moved = next(_other_accounts(stack, known), "")
    judgement = judge(policy, *found) if len(found) == 2 else None
    if moved and not (judgement is not None and judgement.decision is Decision.DENY and _by_name(policy, judgement)):
        return Judgement(Decision.UNDETERMINED, why=moved)
    if judgement is not None:
        return judgement
    retiring = [f'{side.account} is retiring ("{side.retiring}")' for side in found if side.retiring]
    if retiring:
        return Judgement(Decision.DENY, why=retiring[0])
    missing = " and ".join(name for name in stack.pair if name not in known)
    return Judgement(Decision.UNDETERMINED, why=f"no request or accounts.yaml that was read declares the network {missing}")


def _by_name(policy: Policy, judgement: Judgement) -> bool:
    """Is it decided by a rule that names accounts? Whoever wrote that means this pair, whatever its tags."""
    rules = (rule for rule in policy.rules if rule.id in judgement.rules)
    return any(selector.accounts for rule in rules for selector in rule.sides)


def _other_accounts(stack: Existing, known: Mapping[str, Member]) -> Iterator[str]:
    """Names of a live pair that are another AWS account's now: by whose tags it is decided cannot be told."""
    for name, (account, _, _) in stack.ends.items():
        now = known[name].facts.account_id if name in known else None
        if stack.state is State.LIVE and now is not None and now != account:
            yield f"{name} is the account {account} in this stack, and {now} is called so now"


def _question(
    networks: Mapping[str, Member],
    judgements: Mapping[Key, Judgement],
    stacks: Mapping[Key, Existing],
    limits: Limits,
    found: Decisions,
    occupied: Collection[Key],
) -> Question:
    """Every live pair counts, in doubt or not, but for those that this plan takes down; and what an unread directory may hold."""
    live = {pair: stack for pair, stack in stacks.items() if stack.state is State.LIVE}
    staying = {pair for pair, stack in live.items() if judgements[pair].decision is not Decision.DENY or not stack.ours}
    allowed = {pair for pair, judgement in judgements.items() if judgement.decision is Decision.ALLOW}
    staying |= {pair for pair in occupied if pair not in allowed and all(name in networks for name in pair)}
    new = tuple(sorted(pair for pair in allowed if pair not in live))
    return Question(networks, new, tuple(sorted(staying)), limits, found.crowds)


def _pair(pair: Key, judgement: Judgement, stack: Existing | None, reasons: tuple[Refusal, ...], known: Mapping[str, Member]) -> Pair:
    state = stack.state if stack is not None else State.NONE
    allowed = judgement.decision is Decision.ALLOW
    action, error = _act(judgement, state, reasons)
    if action is Action.TOMBSTONE and stack is not None and not stack.ours:
        what = f"its {MAIN} or {OUTPUTS} was edited or is yours, or its data cannot be read, so it is not taken down"
        action, error = Action.KEEP, f"the policy denies this pair ({explained(judgement)}), and {what}"
    sides = [known[name] for name in pair if name in known]
    notes = tuple(flags(*sides)) if allowed and len(sides) == 2 else ()
    requester = (stack.requester if stack is not None else None) or pair[0]
    return Pair(pair, judgement, state, action, reasons, notes, error, requester)


def _act(judgement: Judgement, state: State, reasons: tuple[Refusal, ...]) -> tuple[Action, str]:
    """The table of the design: what a decision does to what there is, and why a kept pair is an error."""
    if judgement.decision is Decision.ALLOW and not reasons:
        return (Action.KEEP if state is State.LIVE else Action.CREATE), ""
    if state is not State.LIVE:
        return Action.NONE, ""
    if judgement.decision is Decision.DENY:
        return Action.TOMBSTONE, ""
    if judgement.decision is Decision.ALLOW:
        return Action.KEEP, "; ".join(dict.fromkeys(reason.message for reason in reasons))
    return Action.KEEP, f"it cannot be decided: {judgement.why}"


def explained(judgement: Judgement) -> str:
    """The reason of a decision in a few words."""
    rules = ", ".join(judgement.rules)
    if judgement.proposed:
        return f"no rule; proposed by {rules}"
    return judgement.why or rules or "no rule"


def _crowds(found: Decisions, known: Mapping[str, Member], stacks: Mapping[Key, Existing], limits: Limits) -> dict[str, Refusal]:
    """One refusal for each network that rules connect with more others than any VPC can have."""
    live: dict[str, list[str]] = defaultdict(list)
    for pair, stack in stacks.items():
        if stack.state is State.LIVE:
            for name in pair:
                live[name].append(pair[1] if pair[0] == name else pair[0])
    return {name: _crowd(crowd, known[name], live.get(name, []), limits) for name, crowd in sorted(found.crowds.items())}


def _crowd(crowd: Crowd, member: Member, live: Sequence[str], limits: Limits) -> Refusal:
    limit = peering_limit(member, limits)
    remedy = quota_refusal(crowd.network, crowd.wanted, limit, live, []).remedy
    by = ", ".join(crowd.rules)
    message = f"{crowd.network} would have {crowd.wanted} peerings by {by}, and its limit is {limit}: {len(live)} exist and stay"
    return Refusal("peering-quota", message, remedy)


def obstacles(names: Key, found: Plan, limits: Limits) -> tuple[Refusal, ...]:
    """Why a pair could not be made, whatever the policy says of it; judged beside all pairs that exist or are new."""
    connected = {pair for pair, each in found.pairs.items() if each.action in (Action.KEEP, Action.CREATE)}
    kept = tuple(sorted(pair for pair in connected if found.pairs[pair].action is Action.KEEP))
    new = tuple(sorted({*connected, names}.difference(kept)))
    full = [found.crowds[name] for name in names if name in found.crowds]
    own = found.pairs[names].refusals if names in found.pairs else ()
    said = [*([_DOUBT] if found.doubts else []), *full, *own]
    further = refusals(Question(found.networks, new, kept, limits, {})).get(names, ())
    return tuple(dict.fromkeys((*said, *(each for each in further if each.id not in {one.id for one in said}))))


def every_pair(policy: Policy, found: Plan) -> Plan:
    """The plan with every pair in it, denied ones too: what `--all` shows. Slow for a large organization."""
    pairs = dict(found.pairs)
    for one, other in combinations(found.members.values(), 2):
        names = key(one.name, other.name)
        if names not in pairs:
            judgement = judge(policy, one, other)
            full = tuple(found.crowds[name] for name in names if name in found.crowds and judgement.decision is Decision.ALLOW)
            pairs[names] = Pair(names, judgement, refusals=full)
    return replace(found, pairs=dict(sorted(pairs.items())))


def problems(found: Plan) -> Iterator[Problem]:
    """What a person should know of a plan: doubts, pairs kept with an error, networks that no rule can judge, what was refused."""
    yield from (doubt for doubt in found.doubts if doubt.file == FILE)
    for pair in found.pairs.values():
        if pair.error:
            yield Problem(id="kept-peering", file=f"peering/{pair.name}", message=f"kept as it is: {pair.error}", remedy=kept_remedy(pair))
    yield from _unclassified(found)
    yield from _undetermined(found)
    yield from _refused(found)
    yield from _waves(found)


def kept_remedy(pair: Pair) -> str:
    """What to do about a pair that is kept with an error."""
    if pair.action is Action.KEEP and pair.decision is Decision.DENY and not pair.refusals:
        return "restore both from git, the data file too, and run scaffold sync"
    if pair.refusals and all(reason.waiting for reason in pair.refusals):
        return 'run "scaffold pull", or restore inventory.json from git'
    if pair.refusals:
        return "; ".join(dict.fromkeys(reason.remedy for reason in pair.refusals))
    return "repair what cannot be read or told; nothing is disconnected until then"


def _unclassified(found: Plan) -> Iterator[Problem]:
    """A network whose tags cannot be judged gets no new peering."""
    accounts: dict[str, Member] = {}
    for member in found.members.values():
        if member.unclassified and not member.retiring:
            accounts.setdefault(member.account, member)
    for member in accounts.values():
        message = f"{member.account} cannot be classified: {'; '.join(member.unclassified)}; no rule connects it"
        remedy = f"correct {member.file}"
        yield Problem(id="unclassified", file=member.file, line=member.line, message=message, remedy=remedy, severity=Severity.WARNING)


def _undetermined(found: Plan) -> Iterator[Problem]:
    """Pairs that would be allowed, were it not for a tag that nobody has said."""
    for pair in found.pairs.values():
        if pair.decision is Decision.UNDETERMINED and pair.state is not State.LIVE:
            message = f"{' -- '.join(pair.names)} cannot be decided: {pair.judgement.why}"
            remedy = f"see scaffold peering explain {' '.join(pair.names)}"
            yield Problem(id="undetermined-pair", message=message, remedy=remedy, severity=Severity.WARNING)


def _refused(found: Plan) -> Iterator[Problem]:
    """Each reason once, however many pairs it stops; what is merely waited for is no problem."""
    stopped = (pair for pair in found.pairs.values() if pair.action is Action.NONE and pair.state is not State.LIVE)
    reasons = dict.fromkeys(reason for pair in stopped for reason in pair.refusals if not reason.waiting)
    for reason in [*found.crowds.values(), *reasons]:
        yield Problem(id=reason.id, message=reason.message, remedy=reason.remedy, severity=Severity.WARNING)


def _waves(found: Plan) -> Iterator[Problem]:
    """AWS keeps at most so many unaccepted requests of one account."""
    requests: dict[str, int] = defaultdict(int)
    for pair in found.of(Action.CREATE):
        requests[found.members[pair.requester].account] += 1
    for account, number in sorted(requests.items()):
        if number > OUTSTANDING:
            message = f"{number} new peerings are requested by {account}, and AWS keeps {OUTSTANDING} unaccepted ones"
            yield Problem(id="waves", message=message, remedy="apply them in waves", severity=Severity.NOTE, value=account)
