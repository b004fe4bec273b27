"""A plan in words: where each pair stands, its two sides, and the rule that decides. No markup is made here."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.peering.data import Side
from generator.peering.existing import State
from generator.peering.model import Decision, Judgement, Key, Member
from generator.peering.plan import Action, Pair, Plan, explained, kept_remedy
from generator.peering.policy import Effect, Match, Policy, Rule, judge


class Standing(enum.Enum):
    """Where a pair stands: title, and whether its networks are connected. In order of what a reviewer must see first."""

    LOST = ("Deleted without a tombstone, and still connected", False)
    DISCONNECT = ("To disconnect", False)
    CONNECT = ("To connect", True)
    CHANGED = ("Connected otherwise than before", True)
    IN_DOUBT = ("Kept in doubt", True)
    REFUSED = ("Allowed, and cannot be made", False)
    UNDETERMINED = ("Undetermined, not connected", False)
    PROPOSED = ("Proposed only", False)
    WAITING = ("Waiting", False)
    WITHDRAWN = ("Allowed no more, and never made", False)
    CONNECTED = ("Kept as they are", True)
    GONE = ("Disconnected, tombstones left", False)
    DENIED = ("Denied", False)

    @property
    def title(self) -> str:
        """What heads a list of such pairs."""
        return self.value[0]

    @property
    def connected(self) -> bool:
        """Do the two networks reach each other, once everything is applied?"""
        return self.value[1]


_BY_ACTION = {Action.TOMBSTONE: Standing.DISCONNECT, Action.CREATE: Standing.CONNECT}


def standing(pair: Pair) -> Standing:
    """Where a pair stands in its plan."""
    if pair.action in _BY_ACTION:
        return _BY_ACTION[pair.action]
    if pair.action is Action.KEEP:
        return Standing.IN_DOUBT if pair.error else Standing.CONNECTED
    if pair.decision is Decision.ALLOW:
        return Standing.WAITING if all(reason.waiting for reason in pair.refusals) else Standing.REFUSED
    if pair.decision is Decision.UNDETERMINED:
        return Standing.UNDETERMINED
    if pair.judgement.proposed:
        return Standing.PROPOSED
    return Standing.DENIED if pair.state is State.NONE else Standing.GONE


def grouped(pairs: Iterable[Pair]) -> dict[Standing, list[Pair]]:
    """Pairs by standing, in the order of `Standing`."""
    found: dict[Standing, list[Pair]] = {each: [] for each in Standing}
    for pair in pairs:
        found[standing(pair)].append(pair)
    return {each: listed for each, listed in found.items() if listed}


def deciding_keys(policy: Policy) -> list[str]:
    """The tag keys that a policy looks at."""
    selected = {requirement.key for selector in policy.sides() for requirement in selector.requirements}
    return sorted(selected | {key for rule in policy.rules for key in rule.where.same_tags})


def side(member: Member | None, name: str, keys: Iterable[str]) -> str:
    """A side in one line: network, account, region, ranges, and the tags that decide."""
    if member is None:
        return f"{name} (not read)"
    facts = member.facts
    ranges = ", ".join(map(str, facts.blocks)) or "no range known"
    tags = " ".join(f"{key}={member.tags[key]}" for key in keys if key in member.tags) or "no deciding tag"
    return f"{name} ({facts.account_id or 'no account id yet'}, {member.region}) {ranges}; {tags}"


def reason(pair: Pair) -> str:
    """Why a pair stands where it stands: the deciding rules, and what is in the way."""
    rule = explained(pair.judgement)
    if pair.error and not pair.refusals:
        return pair.error
    return "; ".join([rule, *(refusal.message for refusal in pair.refusals)])


def why(pair: Pair, members: Mapping[str, Member], policy: Policy) -> str:
    """The reason of a pair, and what else a reviewer should know: days on which it ends, what its networks lack."""
    sides = [members[name] for name in pair.names if name in members]
    ends = _ends(pair, sides[0], sides[1], policy) if len(sides) == 2 and pair.decision is Decision.ALLOW else ()
    flags = [f"({what})" for _, what in pair.flags] if pair.feasible else []
    return " ".join(["; ".join([reason(pair), *ends]), *flags])


def _ends(pair: Pair, one: Member, other: Member, policy: Policy) -> Iterator[str]:
    """The days that end an allowed pair: those of the rules that allow it, and of the exceptions it needs."""
    days = [rule.expires for rule in policy.rules if rule.id in pair.judgement.rules]
    if days and None not in days:
        yield f"allowed until {max(filter(None, days))}"
    for rule in policy.of(Effect.DENY):
        days = [clause.expires for clause in rule.unless if clause.match(one, other)]
        if days and replace(rule, unless=()).match(one, other) is not Match.NO:
            yield f"excepted from {rule.id} until {max(filter(None, days))}"


def remedy(pair: Pair, members: Mapping[str, Member], policy: Policy) -> str:
    """What somebody can do about a pair that cannot be made or decided; empty where there is nothing to do."""
    said = [refusal.remedy for refusal in pair.refusals]
    if pair.error and pair.decision is Decision.DENY:
        said.append(kept_remedy(pair))
    if pair.decision is Decision.UNDETERMINED:
        said += _undecided(pair, members, policy)
    return "; ".join(dict.fromkeys(said))


def _undecided(pair: Pair, members: Mapping[str, Member], policy: Policy) -> Iterator[str]:
    """What would let the policy decide: networks that nothing declares, values that cannot be judged, tags whose absence alone denies."""
    sides = [members[name] for name in pair.names if name in members]
    if len(sides) < 2:
        missing = " and ".join(name for name in pair.names if name not in members)
        yield f"declare {missing} again, or repair what could not be read"
    for side in sides:
        if side.unclassified:
            yield f"correct {side.account} in {side.file}"
    rules = [rule for rule in policy.rules if rule.id in pair.judgement.rules] if len(sides) == 2 else []
    for account, key, file in sorted({each for rule in rules for each in _absent(rule, *sides)}):
        yield f"give {account} the tag {key} in {file}"


def _absent(rule: Rule, one: Member, other: Member) -> Iterator[tuple[str, str, str]]:
    """`(account, key, file)` of each tag that a rule misses and matches for that."""
    for ways in ((one, other), (other, one)):
        asked = list(zip(rule.sides, ways, strict=True))
        if all(selector.match(member) is not Match.NO for selector, member in asked):
            for selector, member in asked:
                missed = (each for each in selector.requirements if each.match(member.tags) is Match.BY_ABSENCE)
                yield from ((member.account, each.key, member.file) for each in missed)


def rows(pairs: Iterable[Pair], members: Mapping[str, Member], policy: Policy) -> Iterator[tuple[str, str, str, str, str]]:
    """`(pair, why, what to do, one side, other side)` for a table."""
    keys = deciding_keys(policy)
    for pair in pairs:
        one, other = (side(members.get(name), name, keys) for name in pair.names)
        yield " -- ".join(pair.names), why(pair, members, policy), remedy(pair, members, policy), one, other


def plain(pair: Pair) -> dict[str, Any]:
    """A pair as data."""
    return {
        "a": pair.names[0],
        "b": pair.names[1],
        "decision": pair.decision.value,
        "rules": list(pair.judgement.rules),
        "proposed": pair.judgement.proposed,
        "feasible": pair.feasible,
        "refusals": [{"id": each.id, "message": each.message, "remedy": each.remedy} for each in pair.refusals],
        "action": pair.action.value,
        "stack": pair.state.value,
        "why": reason(pair),
        "flags": [{"id": id, "message": message} for id, message in pair.flags],
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change does to pairs, by the standing they get; `before` and `after` are the plans."""

    before: Plan
    after: Plan
    changed: Mapping[Standing, tuple[Pair, ...]]


_NOTABLE = (Standing.REFUSED, Standing.WAITING, Standing.PROPOSED, Standing.UNDETERMINED, Standing.IN_DOUBT)

_ALLOWED = (Standing.REFUSED, Standing.WAITING)
"""Allowed, and not made yet."""


def difference(before: Plan, after: Plan, policy: Policy, complete: bool) -> Difference:
    """What a change does to pairs: which it disconnects, connects, lets wait, gives up and so on; `policy` is the new one.

    What the trees hold counts, not only what is decided: a stack that appears connects, whichever change decided it.
    `complete`: everything that declares networks was read, so that what is not there any more is really gone.
    """
    changed: dict[Standing, list[Pair]] = {each: [] for each in Standing}
    for names in sorted({*before.pairs, *after.pairs}):
        became = _became(before.pairs.get(names), after.pairs.get(names))
        if became is not None:
            changed[became].append(_in(after, before, names, policy, complete))
        elif names in after.pairs and (words := _otherwise(before, after, names)):
            changed[Standing.CHANGED].append(replace(after.pairs[names], error=words, refusals=()))
        elif names not in after.pairs:
            _given_up(_in(after, before, names, policy, complete), standing(before.pairs[names]), changed)
        elif (new := standing(after.pairs[names])) in _NOTABLE and new is not _standing_in(before, names):
            changed[new].append(after.pairs[names])
        elif new is Standing.DENIED and _standing_in(before, names) in _ALLOWED:
            changed[Standing.WITHDRAWN].append(after.pairs[names])
    return Difference(before, after, {each: tuple(listed) for each, listed in changed.items() if listed})


def _given_up(pair: Pair, was: Standing, changed: Mapping[Standing, list[Pair]]) -> None:
    """A pair that the new plan does not name: denied now, or of a network that cannot be judged or was not read."""
    if was in _ALLOWED and pair.decision is Decision.DENY:
        changed[Standing.WITHDRAWN].append(pair)
    elif was is not Standing.UNDETERMINED and pair.decision is Decision.UNDETERMINED:
        changed[Standing.UNDETERMINED].append(pair)


def _became(old: Pair | None, new: Pair | None) -> Standing | None:
    """What a change makes of a pair's stack; None where it leaves it, or leaves to be done what was to be done before.

    What the trees hold comes first: Atlantis plans that, whatever sync would make of it.
    """
    was, now = (each.state if each is not None else State.NONE for each in (old, new))
    if was is not now:
        if now is State.LIVE:
            return Standing.CONNECT
        if was is State.LIVE:
            return Standing.LOST if now is State.NONE else Standing.DISCONNECT
    if old is not None and new is not None and (old.state, old.action) == (new.state, new.action):
        return None
    was_live = was is State.LIVE
    is_live = new is not None and (new.action is Action.CREATE or (now is State.LIVE and new.action is not Action.TOMBSTONE))
    if is_live is was_live:
        return None
    return Standing.CONNECT if is_live else Standing.DISCONNECT


def _otherwise(before: Plan, after: Plan, names: Key) -> str:
    """What a live pair's data says otherwise than before, in words; empty where it says the same, or one of the two cannot be read."""
    old, new = (plan.stacks[names].data if names in plan.stacks else None for plan in (before, after))
    if old is None or new is None or old == new or after.pairs[names].state is not State.LIVE:
        return ""
    sides = {side.name: side for side in old.sides}
    said = [words for side in new.sides if side.name in sides for words in _of_side(sides[side.name], side)]
    if old.requester.name != new.requester.name:
        said.append(f"{new.requester.name} requests now, and {old.requester.name} did")
    if old.dns is not new.dns:
        said.append("private DNS names resolve across" if new.dns else "private DNS names resolve across no more")
    return "; ".join(said) or "its data is written otherwise"


def _of_side(old: Side, new: Side) -> Iterator[str]:
    for word, was, now in (("account", old.id, new.id), ("region", old.region, new.region), ("VPC", old.vpc_id, new.vpc_id)):
        if was != now:
            yield f"{new.name}: {word} {was} → {now}"
    ranges = (*old.cidr_blocks, *old.ipv6_cidr_blocks), (*new.cidr_blocks, *new.ipv6_cidr_blocks)
    for word, before, after in (("ranges", *ranges), ("route tables", old.route_table_ids, new.route_table_ids)):
        changes = [*(f"+{each}" for each in after if each not in before), *(f"-{each}" for each in before if each not in after)]
        if changes:
            yield f"{new.name}: {word} {' '.join(changes)}"


def _standing_in(plan: Plan, names: Key) -> Standing:
    return standing(plan.pairs[names]) if names in plan.pairs else Standing.DENIED


def _in(after: Plan, before: Plan, names: Key, policy: Policy, complete: bool) -> Pair:
    """The pair as it is after the change, also where the new plan does not list it."""
    if names in after.pairs:
        return after.pairs[names]
    sides = [after.members[name] for name in names if name in after.members]
    judgement = judge(policy, *sides) if len(sides) == 2 else _GONE if complete else _UNREAD
    return Pair(names, judgement, before.pairs[names].state)


_GONE = Judgement(Decision.DENY, why="a network is not declared any more")
_UNREAD = Judgement(Decision.UNDETERMINED, why="a network is not declared by anything that could be read")
