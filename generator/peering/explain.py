"""The reason for one decision: the rules that determine it, requirement by requirement, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from generator.organization.model import Organization
from generator.organization.read import legal_values
from generator.peering.existing import State
from generator.peering.feasibility import Limits, Question, peering_limit, refusals
from generator.peering.model import Decision, Key, Member, Refusal, key
from generator.peering.plan import Action, Pair, Plan, obstacles
from generator.peering.policy import Effect, Match, Policy, Rule, Selector, judge

NOT_JUDGED = "transit gateways, PrivateLink, security groups"
_NEAREST = 3
_FLIPS = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement of a rule, the network it was asked of, the value seen there, and the answer."""

    part: str
    requirement: str
    network: str
    value: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule as this pair meets it, in the way round that fits best."""

    rule: Rule
    checks: tuple[Check, ...]
    exceptions: str = ""

    @property
    def failed(self) -> int:
        """How many requirements do not hold."""
        return sum(not check.holds for check in self.checks)


@dataclass(frozen=True, slots=True)
class Flip:
    """One changed tag of an account that would allow the pair, and how many other pairs of it that would change."""

    network: str
    tag: str
    value: str
    connects: int
    disconnects: int
    noun: str = "network"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything `peering explain` says of a pair; `revived` are retiring sides without which it would be allowed."""

    pair: Pair
    sides: tuple[Member, Member]
    by: tuple[Reason, ...]
    excepted: tuple[Reason, ...]
    overrides: tuple[Reason, ...]
    nearest: tuple[Reason, ...]
    flips: tuple[Flip, ...]
    obstacles: tuple[Refusal, ...]
    degrees: tuple[tuple[int, int], tuple[int, int]]
    revived: tuple[Member, ...] = ()


def explain(names: tuple[str, str], found: Plan, policy: Policy, organization: Organization, limits: Limits) -> Explanation:
    """Explain a pair of networks of the plan; `names` in the order in which they were asked for."""
    degrees = (_degree(found.members[names[0]], found, limits), _degree(found.members[names[1]], found, limits))
    short = outline(names, found, policy, degrees)
    one, other = short.sides
    flips = _flips(one, other, found, policy, organization, limits) if short.pair.decision is not Decision.ALLOW else ()
    stopped = obstacles(key(*names), found, limits)
    return replace(short, flips=tuple(flips), obstacles=stopped, revived=tuple(_revived(one, other, policy)))


def outline(names: tuple[str, str], found: Plan, policy: Policy, degrees: tuple[tuple[int, int], tuple[int, int]]) -> Explanation:
    """What can be said of a pair without weighing it against all others: nothing of what would flip it.

    `degrees` are the peerings that each network has or gets, and its quota; what is in the way is what the plan says.
    """
    one, other = (found.members[name] for name in names)
    pair = _pair(key(*names), found, policy)
    matching = [(rule, match) for rule in policy.rules if (match := rule.match(one, other)) is not Match.NO]
    by = [_reason(rule, one, other) for rule, _ in matching if rule.id in pair.judgement.rules]
    excepted = [rule for rule in policy.of(Effect.DENY) if _is_excepted(rule, one, other)]
    overridden = [rule for rule, _ in matching if rule.effect is Effect.ALLOW and rule.id not in pair.judgement.rules]
    is_deny = pair.decision is not Decision.ALLOW
    return Explanation(
        pair,
        (one, other),
        tuple(by),
        tuple(_reason(rule, one, other) for rule in excepted),
        tuple(_reason(rule, one, other) for rule in overridden) if is_deny else (),
        tuple(_nearest(policy, one, other)) if is_deny and not by else (),
        flips=(),
        obstacles=pair.refusals,
        degrees=degrees,
    )


def _revived(one: Member, other: Member, policy: Policy) -> list[Member]:
    """The retiring sides, where nothing else denies the pair."""
    staying = (replace(side, retiring="") for side in (one, other))
    allowed = judge(policy, *staying).decision is Decision.ALLOW
    return [side for side in (one, other) if side.retiring and allowed]


def _is_excepted(rule: Rule, one: Member, other: Member) -> bool:
    """Would a deny match, were it not for its exceptions?"""
    return rule.match(one, other) is Match.NO and replace(rule, unless=()).match(one, other) is not Match.NO


def _pair(names: Key, found: Plan, policy: Policy) -> Pair:
    """The pair of the plan; a denied one without a stack is not listed there, and a crowd's is never made."""
    if names in found.pairs:
        return found.pairs[names]
    judgement = judge(policy, *(found.members[name] for name in names))
    allowed = judgement.decision is Decision.ALLOW
    return Pair(names, judgement, refusals=tuple(found.crowds[name] for name in names if allowed and name in found.crowds))


def _degree(member: Member, found: Plan, limits: Limits) -> tuple[int, int]:
    """How many peerings a network has or gets, and its quota."""
    there = sum(member.name in pair.names and pair.action in (Action.KEEP, Action.CREATE) for pair in found.pairs.values())
    return there + member.facts.used.get("peerings", 0), peering_limit(member, limits)


def _reason(rule: Rule, one: Member, other: Member) -> Reason:
    """A rule requirement by requirement, in the way round that meets more of it."""
    ways = [_checks(rule, one, other), _checks(rule, other, one)]
    checks = min(ways, key=lambda way: sum(not check.holds for check in way))
    return Reason(rule, tuple(checks), _exceptions(rule, one, other))


def _checks(rule: Rule, left: Member, right: Member) -> list[Check]:
    parts = ("within", "within") if rule.sides[0] == rule.sides[1] else ("between", "and")
    sides = zip(parts, rule.sides, (left, right), strict=True)
    checks = [check for part, selector, member in sides for check in _side(part, selector, member)]
    return [*checks, *_where(rule, left, right)]


def _side(part: str, selector: Selector, member: Member) -> Iterator[Check]:
    for requirement in selector.requirements:
        value = member.tags.get(requirement.key, "(absent)")
        yield Check(part, str(requirement), member.name, value, requirement.match(member.tags) is not Match.NO)
    if selector.accounts:
        text = f"account In {', '.join(selector.accounts)}"
        yield Check(part, text, member.name, member.account, member.account in selector.accounts)
    if not selector.requirements and not selector.accounts:
        yield Check(part, "any", member.name, "", True)


def _where(rule: Rule, left: Member, right: Member) -> Iterator[Check]:
    for tag in rule.where.same_tags:
        values = left.tags.get(tag), right.tags.get(tag)
        shown = " / ".join("(absent)" if value is None else value for value in values)
        yield Check("where", f"same {tag}", "both", shown, values[0] is not None and values[0] == values[1])
    if rule.where.same_region:
        yield Check("where", "same region", "both", f"{left.region} / {right.region}", left.region == right.region)


def _exceptions(rule: Rule, one: Member, other: Member) -> str:
    """What the exceptions of a deny have to do with the pair."""
    applying = [clause for clause in rule.unless if clause.match(one, other)]
    if applying:
        last = max(applying, key=lambda clause: clause.expires or "")
        return f"excepted until {last.expires}: {last.reason}"
    number = len(rule.unless)
    return "" if not number else f"{number} exception{'s' if number > 1 else ''}, about {'other pairs' if number > 1 else 'another pair'}"


def _nearest(policy: Policy, one: Member, other: Member) -> Iterator[Reason]:
    """The allows that fail by the fewest requirements; a proposed one is never one of them."""
    allows = [_reason(rule, one, other) for rule in policy.of(Effect.ALLOW) if not rule.proposed]
    yield from sorted(allows, key=lambda reason: (reason.failed, reason.rule.line))[:_NEAREST]


def _flips(one: Member, other: Member, found: Plan, policy: Policy, organization: Organization, limits: Limits) -> list[Flip]:
    """Single tags that would allow the pair, those first that connect least besides."""
    candidates = [
        (changed, partner, tag, value)
        for member, partner in ((other, one), (one, other))
        if not member.unclassified and not member.retiring
        for tag, value in _values(member, partner, policy, organization)
        if judge(policy, changed := replace(member, tags={**member.tags, tag: value}), partner).decision is Decision.ALLOW
    ]
    flips = [_flip(changed, partner, tag, value, found, policy, limits) for changed, partner, tag, value in candidates]
    return sorted(flips, key=lambda flip: (flip.connects + flip.disconnects, flip.network, flip.tag, flip.value))[:_FLIPS]


def _values(member: Member, partner: Member, policy: Policy, organization: Organization) -> Iterator[tuple[str, str]]:
    """Other values of a network's tags that could matter: legal ones, those the policy names, and its partner's."""
    named: dict[str, set[str]] = {}
    for selector in policy.sides():
        for requirement in selector.requirements:
            named.setdefault(requirement.key, set()).update(requirement.values)
    for rule in policy.rules:
        for tag in rule.where.same_tags:
            named.setdefault(tag, set()).update([partner.tags[tag]] if tag in partner.tags else [])
    for tag, values in sorted(named.items()):
        legal = legal_values(organization, tag)
        for value in sorted({*legal} if legal else values):
            if value != member.tags.get(tag):
                yield tag, value


def _flip(changed: Member, partner: Member, tag: str, value: str, found: Plan, policy: Policy, limits: Limits) -> Flip:
    """The tag is the account's: every network of it changes. What would be allowed and cannot be made connects nothing."""
    own = {name: member for name, member in found.members.items() if member.account == changed.account}
    after = {**found.members, **{name: replace(member, tags={**member.tags, tag: value}) for name, member in own.items()}}
    pairs = {key(name, other) for name in own for other in found.members if other != name} - {key(changed.name, partner.name)}
    made = {pair for pair in pairs if pair in found.pairs and found.pairs[pair].action in (Action.KEEP, Action.CREATE)}
    allowed = {pair for pair in pairs if judge(policy, *(after[name] for name in pair)).decision is Decision.ALLOW}
    staying = {pair for pair, each in found.pairs.items() if each.action in (Action.KEEP, Action.CREATE)} - (made - allowed)
    fresh = tuple(sorted({*(allowed - made), key(changed.name, partner.name)} - staying))
    refused = refusals(Question(found.networks, fresh, tuple(sorted(staying)), limits, {}))
    connects = len([pair for pair in allowed - made if pair not in refused])
    return Flip(changed.name, tag, value, connects, len(made - allowed), "pair" if len(own) > 1 else "network")


def lines(found: Explanation, file: str) -> list[str]:
    """The explanation as text; `file` is where the rules stand."""
    one, other = found.sides
    head = f"{one.name} -- {other.name}   {found.pair.decision.value.upper()}"
    body = [*_by(found, file), *_rest(found)]
    return [head, *(f"  {word.ljust(9)} {text}" for word, text in body)]


def _by(found: Explanation, file: str) -> Iterator[tuple[str, str]]:
    named = [*found.by, *found.excepted, *found.overrides, *found.nearest]
    width = max((len(_title(reason, found)) for reason in named), default=0)
    word = "proposed" if found.pair.judgement.proposed else "by"
    for reason in found.by:
        yield word, f"{_title(reason, found).ljust(width)}   {file}:{reason.rule.line}   {reason.rule.reason}"
        yield from _table(reason)
    if not found.by:
        yield "by", found.pair.judgement.why or "no rule allows it"
    elif found.pair.judgement.why:
        yield "because", found.pair.judgement.why
    for reason in found.excepted:
        yield "despite", f"{_title(reason, found).ljust(width)}   {file}:{reason.rule.line}   {reason.exceptions}"
    for reason in found.overrides:
        yield "overrides", f"{_title(reason, found).ljust(width)}   {file}:{reason.rule.line}"
    for reason in found.nearest:
        yield "nearest", f"{_title(reason, found).ljust(width)}   {file}:{reason.rule.line}"
        yield from _table(reason)


def _title(reason: Reason, found: Explanation) -> str:
    if reason in found.excepted:
        return f"deny {reason.rule.id}"
    return f"allow {reason.rule.id}" if reason in found.overrides or reason in found.nearest else reason.rule.id


def _table(reason: Reason) -> Iterator[tuple[str, str]]:
    """The checks of a rule in columns."""
    rows = [(check.requirement, check.network, check.value) for check in reason.checks]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for check, row in zip(reason.checks, rows, strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {check.part}", f"  {cells}  {'true' if check.holds else 'false'}"
    if reason.exceptions:
        yield "  unless", f"  {reason.exceptions}"


def _rest(found: Explanation) -> Iterator[tuple[str, str]]:
    flips = _would_flip(found)
    if flips:
        yield "would flip", flips
    yield "feasible", _feasible(found)
    yield from (("to do", remedy) for remedy in dict.fromkeys(refusal.remedy for refusal in found.obstacles))
    yield from (("note", what) for _, what in found.pair.flags)
    if found.pair.state is not State.NONE:
        yield "stack", f"peering/{found.pair.name} ({found.pair.state.value}, {found.pair.action.value})"
    yield "not judged", NOT_JUDGED


def _would_flip(found: Explanation) -> str:
    """What would allow a denied pair."""
    if found.pair.decision is Decision.ALLOW:
        return ""
    ways = [_in_words(flip) for flip in found.flips]
    if found.revived:
        ways.append(" and ".join(f"{side.account} without retiring ({side.file})" for side in found.revived))
    if found.pair.decision is Decision.DENY and not found.pair.judgement.why:
        denied = any(reason.rule.effect is Effect.DENY for reason in found.by)
        allow = [] if found.overrides else ["an allow for this pair"]
        ways = [" and ".join([*(["an exception for this pair"] if denied else []), *allow]), *ways]
    return "; or ".join(ways)


def _in_words(flip: Flip) -> str:
    effects = [f"{word} {count}{more} {flip.noun}{'s' if count > 1 else ''}" for word, count, more in _effects(flip) if count]
    return f"{flip.network} {flip.tag}={flip.value}" + (f", which also {' and '.join(effects)}" if effects else "")


def _effects(flip: Flip) -> tuple[tuple[str, int, str], ...]:
    return ("connects", flip.connects, " more"), ("disconnects", flip.disconnects, "")


def _feasible(found: Explanation) -> str:
    """Could the pair be made, and how full are the two networks?"""
    if found.obstacles:
        answer = "not yet" if all(refusal.waiting for refusal in found.obstacles) else "no"
        return f"{answer}: {'; '.join(dict.fromkeys(refusal.message for refusal in found.obstacles))}"
    (first, limit), (second, other) = found.degrees
    counts = f"{first} and {second} of {limit}" if limit == other else f"{first} of {limit} and {second} of {other}"
    return f"yes: ranges disjoint, {counts} peerings"


def plain(found: Explanation, file: str) -> Mapping[str, object]:
    """The explanation as data."""

    def reasons(listed: Iterable[Reason]) -> list[dict[str, object]]:
        return [{"rule": each.rule.id, "file": file, "line": each.rule.line, "reason": each.rule.reason, **_plain(each)} for each in listed]

    return {
        "decision": found.pair.decision.value,
        "why": found.pair.judgement.why,
        "by": reasons(found.by),
        "excepted": reasons(found.excepted),
        "overrides": reasons(found.overrides),
        "nearest": reasons(found.nearest),
        "would_flip": [
            {"network": each.network, "tag": each.tag, "value": each.value, "connects": each.connects, "disconnects": each.disconnects}
            for each in found.flips
        ],
        "feasible": not found.obstacles,
        "refusals": [{"id": each.id, "message": each.message, "remedy": each.remedy} for each in found.obstacles],
        "peerings": [{"count": count, "limit": limit} for count, limit in found.degrees],
        "stack": found.pair.state.value,
        "not_judged": NOT_JUDGED,
    }


def _plain(reason: Reason) -> dict[str, object]:
    checks = [
        {"part": each.part, "requirement": each.requirement, "network": each.network, "value": each.value, "holds": each.holds}
        for each in reason.checks
    ]
    return {"checks": checks, "exceptions": reason.exceptions}
