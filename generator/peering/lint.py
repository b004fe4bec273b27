"""What is wrong with a valid policy: rules that decide nothing, days that pass, rules too wide for AWS, tests that fail.

Whether a rule can decide anything is computed over every account that the tag schema admits (see `boxes`), not over
those that happen to exist: such a finding stays true whatever account comes next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from generator.documents.dates import ordinal
from generator.organization.model import Organization
from generator.peering.boxes import Effort, Space, TooMuch, domain, meets
from generator.peering.decide import MOST, decide
from generator.peering.grammar import selectors
from generator.peering.model import Decision, Member
from generator.peering.plan import explained
from generator.peering.policy import FILE, Effect, Match, Policy, PolicyTest, Rule, Selector, Where, judge, on
from generator.problems import Problem, Severity, nearest

BOUND = 200_000
"""So many comparisons of boxes at most, about a second; beyond them nothing is said."""
SOON = 30
"""Days before the end of an allow or an exception is announced."""
MESH = 10
"""Networks that one rule connects to each other, from which on a transit gateway is worth a thought."""
_LEVELS: Mapping[Effect, tuple[Match, ...]] = {Effect.ALLOW: (Match.YES,), Effect.DENY: (Match.YES, Match.BY_ABSENCE)}


def lint(
    policy: Policy, organization: Organization, members: Sequence[Member], day: str, limit: int, complete: bool = True
) -> list[Problem]:
    """All problems of the whole policy, as read, on a day (`YYYY-MM-DD`), in order of line.

    `limit` is the quota of peerings per network; not `complete`: some request could not be read.
    """
    today = on(policy, day)
    problems = [
        *_unsatisfiable(policy, organization),
        *_Comparison(policy, organization, day).problems(),
        *_days(policy, day),
        *_over_quota(today, members, limit),
        *_meshes(today, members),
        *_tests(policy, today, members, complete),
    ]
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.id, problem.message))


def unknown_accounts(policy: Policy, slugs: Collection[str], complete: bool = True) -> list[Problem]:
    """Accounts that the policy names and nobody declares; not `complete`: some request could not be read."""
    known = frozenset(slugs)
    named = set(policy.selectors.values())
    found = {}
    for where, selector, _ in selectors(policy):
        # a named selector is told where it is written, not wherever it is used
        if where.startswith("the selector ") or selector not in named:
            for slug in selector.accounts:
                if slug not in known:
                    found[slug, selector.line] = _unknown_account(where, slug, selector.line, known, complete)
    return sorted(found.values(), key=lambda problem: (problem.line or 0, problem.message))


def _unknown_account(where: str, slug: str, line: int, known: Collection[str], complete: bool) -> Problem:
    message = f'{where} names the account "{slug}", and no request and no accounts.yaml has it'
    return _problem("unknown-account", line, message, _instead(slug, known, complete), value=slug, incomplete=not complete)


def _instead(name: str, known: Collection[str], complete: bool) -> str:
    """What to do about a name that nothing has."""
    guess = nearest(name, known)
    meant = f'did you mean "{guess}"?' if guess is not None else "correct the name, or remove it"
    return meant if complete else f"some request could not be read, repair that first; otherwise {meant}"


def _problem(
    id: str,
    line: int,
    message: str,
    remedy: str,
    severity: Severity = Severity.ERROR,
    value: str | None = None,
    incomplete: bool = False,
) -> Problem:
    return Problem(id=id, file=FILE, line=line, message=message, remedy=remedy, severity=severity, value=value, incomplete=incomplete)


# Selectors and rules, over the schema


def _impossible(selector: Selector, organization: Organization) -> str | None:
    """A key of which a selector asks what no account can have."""
    for key in dict.fromkeys(each.key for each in selector.requirements):
        if all(meets(selector, key, value) is Match.NO for value in domain(selector.requirements, key, organization)):
            return key
    return None


def _unsatisfiable(policy: Policy, organization: Organization) -> Iterator[Problem]:
    told = set()
    for where, selector, _ in selectors(policy):
        key = _impossible(selector, organization)
        asked = [each for each in selector.requirements if each.key == key]
        if key is not None and (asked[-1].line, key) not in told:
            told.add((asked[-1].line, key))
            message = f"{where} can select nothing: no account that scaffold.yaml admits has {' and '.join(map(str, asked))}"
            remedy = "correct it, or remove it" if len(asked) == 1 else "correct or remove one of them"
            yield _problem("unsatisfiable-selector", asked[-1].line, message, remedy, value=key)


class _Comparison:
    """Compares each rule with the others, on a day and after each later day on which something expires.

    A rule that was told is not compared with any more, so all that are told can be removed together.
    """

    def __init__(self, policy: Policy, organization: Organization, day: str) -> None:
        self.space = Space(policy, organization)
        self.policies = [on(policy, time) for time in _times(policy, day)]
        living = self.policies[0].rules
        self.rules = {rule.id: rule for rule in living if not any(_impossible(side, organization) for side in rule.sides)}
        self.effort = Effort(BOUND, len(self.rules))

    def problems(self) -> Iterator[Problem]:
        """From the last rule to the first: of two equal rules the later one is told."""
        unknown = []
        for rule in reversed(list(self.rules.values())):
            self.effort.begin()
            try:
                found = self._problem(rule)
            except TooMuch:
                unknown.append(rule)
                continue
            if found is not None:
                del self.rules[rule.id]
                yield found
        if unknown:
            message = f"whether these rules decide anything is not known, since it is too much to compare: {_ids(unknown)}"
            yield _problem("lint-bound", unknown[-1].line, message, "review them by hand", Severity.NOTE)

    def _problem(self, rule: Rule) -> Problem | None:
        name = f"the {rule.effect.value} {rule.id}"
        if self._decided(rule, ()):
            message = f"{name} can match no pair: {self._why(rule)}"
            return _problem("dead-rule", rule.line, message, "correct it, or remove it", Severity.WARNING, rule.id)
        denies = self._rivals(rule, Effect.DENY) if rule.effect is Effect.ALLOW else []
        if denies and self._decided(rule, denies):
            message = f"{name} allows nothing: every pair it matches is denied by {_ids(self._fewest(rule, denies))}"
            return _problem("allow-covered-by-deny", rule.line, message, "add an exception under unless there, or remove it", value=rule.id)
        others = [*self._rivals(rule, rule.effect), *denies]
        if others and self._decided(rule, others):
            message = f"{name} decides nothing: every pair it matches is decided by {_ids(self._fewest(rule, others))} already"
            return _problem("dead-rule", rule.line, message, "remove it, or correct its sides", Severity.WARNING, rule.id)
        return None

    def _rivals(self, rule: Rule, effect: Effect) -> list[Rule]:
        """Rules of an effect that can take a rule's place; a proposed one takes only that of another."""
        others = (each for each in self.rules.values() if each.id != rule.id and each.effect is effect)
        return [each for each in others if rule.proposed or not each.proposed]

    def _decided(self, rule: Rule, by: Iterable[Rule]) -> bool:
        """Is every pair that a rule matches matched as well by one of the others, as long as the rule lives?"""
        ids = {each.id for each in by}
        return all(self._covered(now, mine, ids) for now in self.policies if (mine := now.rule(rule.id)) is not None)

    def _covered(self, now: Policy, rule: Rule, ids: Collection[str]) -> bool:
        others = [each for each in now.rules if each.id in ids]
        return all(self.space.covered(rule, others, least, self.effort) for least in _LEVELS[rule.effect])

    def _fewest(self, rule: Rule, others: Sequence[Rule]) -> list[Rule]:
        """Of rules that decide every pair of another one so few that none can be spared."""
        alone = next((each for each in others if self._decided(rule, [each])), None)
        if alone is not None:
            return [alone]
        needed = list(others)
        for each in others:
            rest = [other for other in needed if other is not each]
            if self._decided(rule, rest):
                needed = rest
        return needed

    def _why(self, rule: Rule) -> str:
        """Why nothing can match it."""
        free = replace(rule, where=Where(), unless=())
        if self.space.covered(free, (), Match.BY_ABSENCE, self.effort):
            return "no two networks can meet both its sides"
        return f"its sides never agree in {', '.join(rule.where.same_tags)}"


def _times(policy: Policy, day: str) -> list[str]:
    """A day, and a moment after each day on which something expires: as text, a day with a sign behind it comes after the day."""
    clauses = (clause.expires for rule in policy.rules for clause in rule.unless)
    last = {each for each in (*(rule.expires for rule in policy.rules), *clauses) if each is not None and each >= day}
    return [day, *(f"{each}+" for each in sorted(last))]


def _ids(rules: Iterable[Rule]) -> str:
    return ", ".join(sorted(rule.id for rule in rules))


# Days


def _days(policy: Policy, day: str) -> Iterator[Problem]:
    """Allows and exceptions that have expired, or soon will."""
    for rule in policy.rules:
        if rule.expires is not None:
            yield from _day(f"the allow {rule.id}", rule.expires, rule.line, day)
        for clause in rule.unless:
            left, right = clause.sides
            yield from _day(f"the exception of {rule.id} for {left} and {right}", clause.expires, clause.line, day)


def _day(name: str, expires: str, line: int, day: str) -> Iterator[Problem]:
    left = ordinal(expires) - ordinal(day)
    if left < 0:
        message, remedy = f"{name} expired on {expires} and allows nothing any more", "remove it, or renew it with a later day"
        yield _problem("expired", line, message, remedy, Severity.WARNING, expires)
    elif left <= SOON:
        word = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
        message, remedy = f"{name} expires {word}, after {expires}", "renew it with a later day, or its peerings are removed"
        yield _problem("expires-soon", line, message, remedy, Severity.NOTE, expires)


# Rules that are too wide


def _degrees(today: Policy, rule: Rule, members: Sequence[Member]) -> Mapping[str, int]:
    """With how many others one allow and all denies alone connect each network, by counts."""
    alone = Policy((replace(rule, proposed=False), *today.of(Effect.DENY)))
    everybody_is_a_crowd = -1  # nothing is made then
    return {name: crowd.wanted for name, crowd in decide(alone, members, everybody_is_a_crowd).crowds.items()}


def _over_quota(today: Policy, members: Sequence[Member], limit: int) -> Iterator[Problem]:
    limits = {member.name: min(member.facts.limits.get("peerings", limit), MOST) for member in members}
    for rule in today.of(Effect.ALLOW):
        degrees = _degrees(today, rule, members)
        over = sorted((name for name, wanted in degrees.items() if wanted > limits[name]), key=lambda name: (-degrees[name], name))
        if over:
            networks = "1 network" if len(over) == 1 else f"{len(over)} networks"
            worst = f"{over[0]} would have {degrees[over[0]]}, and its limit is {limits[over[0]]}"
            message = f"the allow {rule.id} alone gives {networks} more peerings than they can have: {worst}"
            remedy = f"narrow it; or have AWS raise L-7E9ECCDB (at most {MOST}) and say so in peering.limit; or use a transit gateway"
            yield _problem("rule-over-quota", rule.line, message, remedy, Severity.WARNING, rule.id)


def _meshes(today: Policy, members: Sequence[Member]) -> Iterator[Problem]:
    """Allows that connect networks to each other: pairs grow with the square of these."""
    for rule in today.of(Effect.ALLOW):
        size = max((_meshed(today, rule, group) for group in _alike(rule, members)), default=0)
        if size >= MESH:
            message = f"the allow {rule.id} connects {size} networks to each other, which takes up to {size * (size - 1) // 2} peerings"
            remedy = "that is shaped like a segment: consider a transit gateway"
            yield _problem("mesh", rule.line, message, remedy, Severity.NOTE, rule.id)


def _alike(rule: Rule, members: Sequence[Member]) -> Iterable[list[Member]]:
    """Networks that meet both sides of a rule, in groups that agree in everything its `where` compares."""
    groups: dict[tuple[str | None, ...], list[Member]] = defaultdict(list)
    for member in members:
        if all(side.match(member) is Match.YES for side in rule.sides):
            region = (member.region,) if rule.where.same_region else ()
            groups[(*map(member.tags.get, rule.where.same_tags), *region)].append(member)
    return groups.values()


def _meshed(today: Policy, rule: Rule, group: Sequence[Member]) -> int:
    """How many of a group are connected with so many others of it that they make a mesh."""
    return sum(degree >= MESH - 1 for degree in _degrees(today, rule, group).values()) if len(group) >= MESH else 0


# Tests


def _tests(policy: Policy, today: Policy, members: Sequence[Member], complete: bool) -> Iterator[Problem]:
    known = {member.name: member for member in members}
    for test in policy.tests:
        unknown = [name for name in test.pair if name not in known]
        for name in unknown:
            message = f'a test names the network "{name}", which no request and no accounts.yaml declares'
            remedy = _instead(name, known, complete)
            yield _problem("unknown-network", test.line, message, remedy, value=name, incomplete=not complete)
        if not unknown and not any(known[name].retiring for name in test.pair):  # what is going tests nothing any more
            yield from _test(policy, today, test, known)


def _test(policy: Policy, today: Policy, test: PolicyTest, known: Mapping[str, Member]) -> Iterator[Problem]:
    """Undetermined is no answer: the test then neither holds nor fails, and something is to be repaired first."""
    found = judge(today, *(known[name] for name in test.pair))
    by = () if found.proposed else found.rules
    if found.decision.value == test.expect.value and (test.by is None or test.by in by):
        return
    pair, wanted = " and ".join(test.pair), test.expect.value + (f" by {test.by}" if test.by is not None else "")
    undetermined = found.decision is Decision.UNDETERMINED
    said = f"it cannot be decided: {found.why}" if undetermined else f"the policy says {found.decision.value} ({explained(found)})"
    message = f"a test expects {wanted} for {pair}, and {said}{_ended(policy, today, test.by)}"
    yield _problem("failing-test", test.line, message, "correct the rules, or the test", value=test.by, incomplete=undetermined)


def _ended(policy: Policy, today: Policy, id: str | None) -> str:
    """What to add where a test names a rule that has expired."""
    rule = policy.rule(id) if id is not None and today.rule(id) is None else None
    return f"; {rule.id} expired on {rule.expires}" if rule is not None else ""
