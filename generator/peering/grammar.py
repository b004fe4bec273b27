"""The grammar of `peering/policy.yaml`: one description that reads it, checks it and becomes its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.documents import strict_yaml
from generator.documents.shape import Date, Flag, Items, Key, Number, Reader, Record, Shape, Table, Text, json_schema, mismatch
from generator.documents.strict_yaml import Node
from generator.organization.model import Organization
from generator.organization.read import allows, legal_values
from generator.organization.schema import SLUG, TAG_KEY, TAG_VALUE
from generator.peering.policy import FILE, Effect, Operator, Policy, PolicyTest, Requirement, Rule, Selector, Sides, Unless, Where
from generator.problems import Problem, expected

NETWORK = Text(
    r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){0,2}", "the name of a network: ACCOUNT, ACCOUNT.REGION or ACCOUNT.REGION.NAME"
)
REASON = Text(r"[^\x00-\x1f\x7f]{1,300}", "why, in one line of up to 300 characters")


@dataclass(frozen=True, slots=True)
class Placed:
    """A shape whose value remembers its line."""

    shape: Shape

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """See `Shape.read`."""
        found = self.shape.read(node, at, reader)
        return found if found is None else replace(found, line=node.line)

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return self.shape.schema()


def _requirement(key: str, operator: str, values: tuple[str, ...]) -> Requirement:
    return Requirement(key, Operator(operator), values)


_LISTING = (Operator.IN, Operator.NOT_IN)


@dataclass(frozen=True, slots=True)
class _Expression:
    """`{key, operator, values?}`: `In` and `NotIn` need values, the other two admit none."""

    record = Record(
        {
            "key": Key(TAG_KEY, "a tag key", required=True),
            "operator": Key(Text(values=tuple(each.value for each in Operator)), "In, NotIn, Exists or DoesNotExist", required=True),
            "values": Key(Items(TAG_VALUE, 1), "the values, for In and NotIn", default=()),
        },
        _requirement,
    )

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The requirement; None after a problem was noted."""
        found = self.record.read(node, at, reader)
        needs = found is not None and found.operator in _LISTING
        if found is None or needs == bool(found.values):
            return found
        said, remedy = ("no values", "add values: [...]") if needs else ("values", "remove values")
        message = f"{at} has {found.operator.value} on {found.key} with {said}"
        return reader.wrong("wrong-values", node.line, message, remedy, found.operator.value)

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        listing = {"properties": {"operator": {"enum": [operator.value for operator in _LISTING]}}}
        return {**self.record.schema(), "if": listing, "then": {"required": ["values"]}, "else": {"properties": {"values": False}}}


_EXPRESSION = Placed(_Expression())


@dataclass(frozen=True, slots=True)
class _Named:
    """A side that names a selector; `policy` puts the selector in its place."""

    name: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class _Selecting:
    """`{matchTags?, matchExpressions?, accounts?}`, never empty: the parts are ANDed."""

    record = Record(
        {
            "matchTags": Key(Table(TAG_KEY, TAG_VALUE, 1), "tags with exactly these values"),
            "matchExpressions": Key(Items(_EXPRESSION, 1), "requirements as in Kubernetes"),
            "accounts": Key(Items(SLUG, 1), "slugs of accounts"),
        }
    )

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The selector; None after a problem was noted."""
        found = self.record.read(node, at, reader)
        if found is None:
            return None
        if not node.value:
            remedy = "say what it selects; a side of a rule that is every network is {any: true}"
            return reader.wrong("empty-selector", node.line, f"{at} selects nothing in particular", remedy)
        lines = node.value["matchTags"].lines or {} if isinstance(node.value, Mapping) and found["matchTags"] else {}
        tags = [Requirement(key, Operator.IN, (value,), lines.get(key, node.line)) for key, value in (found["matchTags"] or {}).items()]
        return Selector((*tags, *(found["matchExpressions"] or ())), found["accounts"] or (), node.line)

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {**self.record.schema(), "minProperties": 1}


_SELECTOR = _Selecting()


@dataclass(frozen=True, slots=True)
class _Side:
    """A side of a rule: a selector, the name of one, or `{any: true}`."""

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The selector, or the name of one."""
        if not isinstance(node.value, Mapping):
            return mismatch(node, at, reader, "{selector: NAME}, {any: true}, or a mapping with matchTags, matchExpressions or accounts")
        special = sorted({"selector", "any"} & set(node.value))
        if special and len(node.value) > 1:
            word, remedy = special[0], f"keep {special[0]} alone, or leave it out"
            return reader.wrong("mixed-side", node.line, f"{at} has {word} beside other keys", remedy, word)
        if special == ["any"]:
            return self._any(node.value["any"], at, reader)
        if special == ["selector"]:
            name = SLUG.read(node.value["selector"], f"{at}.selector", reader)
            return name if name is None else _Named(name, node.line)
        return _SELECTOR.read(node, at, reader)

    def _any(self, node: Node, at: str, reader: Reader) -> Any:
        return Selector(line=node.line) if node.value is True else mismatch(node, f"{at}.any", reader, "true")

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        named = Record({"selector": Key(SLUG, "the name of a selector", required=True)}).schema()
        anything = Record({"any": Key(Flag(), "every network", required=True)}).schema()
        anything["properties"]["any"] = {"const": True}
        return {"oneOf": [named, anything, _SELECTOR.schema()]}


SIDE = _Side()
_SIDES = {
    "between": Key(SIDE, "one side"),
    "and": Key(SIDE, "the other side"),
    "within": Key(SIDE, "both sides"),
}


@dataclass(frozen=True, slots=True)
class _Paired:
    """A record with `between` and `and`, or `within`: they become its `sides`."""

    record: Record

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """What the record builds; None after a problem was noted."""
        keys = set(node.value) & set(_SIDES) if isinstance(node.value, Mapping) else {"within"}
        if keys not in ({"within"}, {"between", "and"}):
            said = " and ".join(sorted(keys)) or "no side"
            reader.wrong("wrong-sides", node.line, f"{at} has {said}", "write between and and, or within alone")
            self.record.read(node, at, reader)
            return None
        return self.record.read(node, at, reader)

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {
            **self.record.schema(),
            "oneOf": [{"required": ["within"]}, {"required": ["between", "and"]}],
            "dependentRequired": {"between": ["and"], "and": ["between"]},
        }


def _both(read: dict[str, Any]) -> Any:
    within = read.pop("within")
    between, other = read.pop("between"), read.pop("and")
    return (within, within) if within is not None else (between, other)


def _unless(**read: Any) -> Unless:
    return Unless(_both(read), read["expires"], read["reason"])


_UNLESS = Placed(
    _Paired(
        Record(
            {
                **_SIDES,
                "expires": Key(Date(), "the last valid day, UTC", required=True),
                "reason": Key(REASON, "why this pair is excepted", required=True),
            },
            _unless,
        )
    )
)


def _rule(**read: Any) -> Rule:
    where = read["where"] or {}
    return Rule(
        read["id"],
        Effect(read["effect"]),
        _both(read),
        read["reason"],
        Where(where.get("sameTags", ()), where.get("sameRegion", False)),
        read["unless"],
        read["proposed"],
        read["expires"],
    )


_RULE = Placed(
    _Paired(
        Record(
            {
                "id": Key(SLUG, "a name for the rule, which explanations give", required=True),
                "effect": Key(Text(values=("allow", "deny")), "allow or deny", required=True),
                **_SIDES,
                "where": Key(
                    Record(
                        {
                            "sameTags": Key(Items(TAG_KEY, 1), "tags that must be equal on both sides", default=()),
                            "sameRegion": Key(Flag(), "must both be in one region", default=False),
                        }
                    ),
                    "what both sides have in common",
                ),
                "unless": Key(Items(_UNLESS, 1), "exceptions of a deny", default=()),
                "proposed": Key(Flag(), "an allow that is shown and never applied", default=False),
                "expires": Key(Date(), "the last valid day of an allow, UTC"),
                "reason": Key(REASON, "why, for whoever reads an explanation", required=True),
            },
            _rule,
        )
    )
)


def _test(**read: Any) -> PolicyTest:
    return PolicyTest(read["pair"], Effect(read["expect"]), read["by"])


_TEST = Placed(
    Record(
        {
            "pair": Key(Items(NETWORK, 2, 2), "two networks", required=True),
            "expect": Key(Text(values=("allow", "deny")), "allow or deny", required=True),
            "by": Key(SLUG, "the rule that must determine it"),
        },
        _test,
    )
)
DOCUMENT = Record(
    {
        "version": Key(Number(1, 1), "1", required=True),
        "selectors": Key(Table(SLUG, _SELECTOR), "selectors by name", default={}),
        "rules": Key(Items(_RULE), "the rules, in any order", required=True),
        "tests": Key(Items(_TEST), "pairs whose decision is known", default=()),
    }
)


def schema() -> dict[str, Any]:
    """The JSON Schema of the policy."""
    return json_schema(FILE, DOCUMENT)


def read(content: bytes, organization: Organization) -> tuple[Policy | None, list[Problem]]:
    """The policy, or every reason why it is none (never both): what would make a decision doubtful makes it invalid."""
    node, problems = strict_yaml.read(content, FILE)
    if node is None:
        return None, problems
    reader = Reader(FILE)
    reader.problems.extend(problems)
    document = DOCUMENT.read(node, "", reader)
    if document is not None:
        rules = tuple(_resolved(rule, document["selectors"], reader) for rule in document["rules"])
        policy = Policy(rules, document["tests"], document["selectors"])
        for check in (_doubles, _clauses, tags, _negations, _same_tags):
            reader.problems.extend(check(policy, organization))
    # a named selector is judged wherever it is used, and what is wrong with it is told once
    once = {(each.id, each.line, each.message if each.value is None else each.value): each for each in reversed(reader.problems)}
    found = sorted(once.values(), key=lambda problem: (problem.line or 0, problem.message))
    return (None if found or document is None else policy), found


def _resolved(rule: Rule, selectors: Mapping[str, Selector], reader: Reader) -> Rule:
    """The rule with its named selectors in their places."""

    def side(found: Selector | _Named) -> Selector:
        if isinstance(found, Selector):
            return found
        if found.name not in selectors:
            message = f'the rule {rule.id} names the selector "{found.name}"'
            remedy = expected(found.name, selectors) if selectors else "describe it under selectors"
            reader.wrong("unknown-selector", found.line, message, remedy, found.name)
            return Selector(line=found.line)
        return replace(selectors[found.name], line=found.line)

    def both(sides: Sides) -> Sides:
        return side(sides[0]), side(sides[1])

    unless = tuple(replace(clause, sides=both(clause.sides)) for clause in rule.unless)
    return replace(rule, sides=both(rule.sides), unless=unless)


def _problem(id: str, line: int, message: str, remedy: str, value: str | None = None) -> Problem:
    return Problem(id=id, file=FILE, line=line, message=message, remedy=remedy, value=value)


def _doubles(policy: Policy, organization: Organization) -> Iterator[Problem]:
    seen: dict[str, Rule] = {}
    for rule in policy.rules:
        first = seen.setdefault(rule.id, rule)
        if first is not rule:
            message = f"the rule {rule.id} stands here and in line {first.line}"
            yield _problem("duplicate-rule", rule.line, message, "rename one of them", rule.id)
    for test in policy.tests:
        if test.by is not None and test.by not in seen:
            remedy = expected(test.by, seen) if seen else "leave out by: there is no rule"
            yield _problem("unknown-rule", test.line, f'a test names the rule "{test.by}"', remedy, test.by)


def _clauses(policy: Policy, organization: Organization) -> Iterator[Problem]:
    """`unless` belongs to a deny; `proposed` and `expires` belong to an allow."""
    for rule in policy.rules:
        if rule.effect is Effect.ALLOW and rule.unless:
            remedy = "write a deny with the exception, or narrow the allow"
            yield _problem("misplaced-clause", rule.line, f"the allow {rule.id} has unless", remedy, "unless")
        for word, there in (("proposed", rule.proposed), ("expires", rule.expires is not None)):
            if rule.effect is Effect.DENY and there:
                message = f"the deny {rule.id} has {word}, which would end or suspend a protection"
                yield _problem("misplaced-clause", rule.line, message, f"remove {word}; an exception under unless can expire", word)


def selectors(policy: Policy) -> Iterator[tuple[str, Selector, bool]]:
    """Every selector with what it belongs to, and whether absence may not match in it."""
    for name, selector in policy.selectors.items():
        yield f"the selector {name}", selector, False
    for rule in policy.rules:
        for selector in dict.fromkeys(rule.sides):
            yield f"the {rule.effect.value} {rule.id}", selector, rule.effect is Effect.ALLOW
        for clause in rule.unless:
            for selector in dict.fromkeys(clause.sides):
                yield f"an exception of {rule.id}", selector, True


def tags(policy: Policy, organization: Organization) -> Iterator[Problem]:
    """Keys and values that no account can have, with the nearest legal one."""
    keys = [(where, each.key, each.line) for where, selector, _ in selectors(policy) for each in selector.requirements]
    keys += [(f"sameTags of {rule.id}", key, rule.line) for rule in policy.rules for key in rule.where.same_tags]
    for where, key, line in dict.fromkeys(keys):
        if key not in organization.tags and not organization.other_tags:
            yield _problem("unknown-tag", line, f'{where} names the tag "{key}"', expected(key, organization.tags), key)
    for where, selector, _ in selectors(policy):
        for each in selector.requirements:
            for value in each.values:
                if each.key in organization.tags and not allows(organization, each.key, value):
                    yield _wrong_value(where, each, value, organization)


def _wrong_value(where: str, each: Requirement, value: str, organization: Organization) -> Problem:
    legal, rule = legal_values(organization, each.key), organization.tags[each.key]
    remedy = expected(value, legal) if legal else f"write a value that matches {rule.pattern}"
    return _problem("wrong-tag-value", each.line, f'{where} has {each.key} "{value}", which no account can have', remedy, value)


def _negations(policy: Policy, organization: Organization) -> Iterator[Problem]:
    """S4: in an allow or an exception, absence must not match."""
    for where, selector, strict in selectors(policy):
        said = {each.key for each in selector.requirements if each.operator in (Operator.EXISTS, Operator.IN)}
        for each in selector.requirements:
            rule = organization.tags.get(each.key)
            if strict and each.operator.negative and each.key not in said and not (rule and rule.required):
                message = f"{where} has {each.operator.value} on {each.key}, which an account without that tag would match"
                remedy = f"make {each.key} required in scaffold.yaml, or add {{key: {each.key}, operator: Exists}}"
                if each.operator is Operator.DOES_NOT_EXIST:
                    remedy = "select by a tag that is there; only a deny may ask for absence"
                yield _problem("matches-absence", each.line, message, remedy, each.key)


def _same_tags(policy: Policy, organization: Organization) -> Iterator[Problem]:
    """S6: two absent tags are not equal, so a key that may be absent would slip through."""
    for rule in policy.rules:
        for name in rule.where.same_tags:
            known = organization.tags.get(name)
            if not (known and known.required) and (known or organization.other_tags):
                message = f"{rule.id} has sameTags on {name}, which is not required"
                yield _problem("optional-same-tag", rule.line, message, f"make {name} required in scaffold.yaml", name)
