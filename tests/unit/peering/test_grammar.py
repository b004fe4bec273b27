"""`peering/policy.yaml`: what is read of it, and everything that makes it no policy, with its line."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from generator.documents import strict_yaml
from generator.documents.shape import Reader
from generator.peering import grammar
from generator.peering.policy import FILE, Effect, Operator, Policy, PolicyTest, Requirement, Rule, Selector, Unless, Where
from generator.problems import Problem, Severity
from tests.support import zones

OPTIONAL = '  pci: {values: ["yes", "no"]}\n  cost: {pattern: "[0-9]+"}\n'
CONVENTIONS = zones.organization(("  tier: {required", f"{OPTIONAL}  tier: {{required"))
OPEN = zones.organization(("owner_tag:", "other_tags: allow\nowner_tag:"))
GOOD = """\
version: 1
selectors:
  gateway: {matchTags: {tier: vpn}, accounts: [prod-pay]}
rules:
  - id: vpn
    effect: allow
    between: {selector: gateway}
    and: {any: true}
    where: {sameTags: [environment], sameRegion: true}
    expires: 2027-06-30
    reason: engineers
  - id: data
    effect: deny
    between: {matchTags: {environment: prod}}
    and:
      matchExpressions:
        - {key: environment, operator: NotIn, values: [prod]}
        - {key: pci, operator: Exists}
    unless:
      - {between: {accounts: [prod-pay]}, and: {accounts: [staging-pay]}, expires: 2026-12-31, reason: migration}
    reason: customer data
tests:
  - {pair: [prod-pay, staging-pay.eu-west-1.batch], expect: deny, by: data}
"""
EXAMPLE = """\
version: 1
rules:
  - id: vpn-reaches-its-environment
    effect: allow
    between: {matchTags: {tier: vpn}}
    and: {any: true}
    where: {sameTags: [environment]}
    reason: engineers reach the networks of one environment through its VPN
  - id: production-meets-only-production
    effect: deny
    between: {matchTags: {environment: prod}}
    and: {matchExpressions: [{key: environment, operator: NotIn, values: [prod]}]}
    unless:
      - {between: {accounts: [prod-pay]}, and: {accounts: [staging-pay]}, expires: 2026-12-31, reason: migration CHG-42}
    reason: customer data stays in production
"""
Wrong = tuple[str, int, str]
"""The id of a problem, its line, and part of what it says."""


def _with(*changes: tuple[str, str]) -> str:
    """The good document with text replaced that stands in it once."""
    text = GOOD
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _read(text: str) -> tuple[Policy | None, list[Problem]]:
    return grammar.read(text.encode(), CONVENTIONS)


def _policy(text: str) -> Policy:
    found, problems = _read(text)
    assert found is not None, problems
    return found


def _editor_refuses(text: str) -> bool:
    node, _ = strict_yaml.read(text.encode(), FILE)
    return node is None or bool(list(Draft202012Validator(grammar.schema()).iter_errors(node.plain())))


# What is read


def test_the_example_of_the_design_is_read_as_it_is_meant() -> None:
    """`matchTags` is `In` with one value, `{any: true}` asks nothing, and a day is text."""
    prod = Selector((Requirement("environment", Operator.IN, ("prod",)),))
    others = Selector((Requirement("environment", Operator.NOT_IN, ("prod",)),))
    moving = Unless((Selector(accounts=("prod-pay",)), Selector(accounts=("staging-pay",))), "2026-12-31", "migration CHG-42")
    gateway = Selector((Requirement("tier", Operator.IN, ("vpn",)),))
    reach, stay = "engineers reach the networks of one environment through its VPN", "customer data stays in production"

    assert _policy(EXAMPLE) == Policy(
        (
            Rule("vpn-reaches-its-environment", Effect.ALLOW, (gateway, Selector()), reach, Where(("environment",))),
            Rule("production-meets-only-production", Effect.DENY, (prod, others), stay, unless=(moving,)),
        )
    )


def test_everything_that_can_be_said_is_read_with_its_line() -> None:
    """A named selector is in its place, and its requirements remember where they are written."""
    policy = _policy(GOOD)
    vpn, data = policy.rules

    assert (vpn.line, vpn.where, vpn.expires, vpn.proposed) == (5, Where(("environment",), True), "2027-06-30", False)
    assert vpn.sides == (policy.selectors["gateway"], Selector())
    assert str(vpn.sides[0]) == "tier In vpn and account In prod-pay"
    assert (vpn.sides[0].line, vpn.sides[0].requirements[0].line, policy.selectors["gateway"].line) == (7, 3, 3)
    assert [requirement.line for requirement in data.sides[1].requirements] == [17, 18]
    assert [(clause.line, clause.expires) for clause in data.unless] == [(20, "2026-12-31")]
    assert policy.tests == (PolicyTest(("prod-pay", "staging-pay.eu-west-1.batch"), Effect.DENY, "data"),)
    assert [test.line for test in policy.tests] == [23]


def test_within_is_both_sides() -> None:
    """And a rule may be proposed."""
    (rule,) = _policy("version: 1\nrules:\n  - {id: a, effect: allow, within: {matchTags: {tier: app}}, proposed: true, reason: r}\n").rules

    assert rule.sides[0] == rule.sides[1] == Selector((Requirement("tier", Operator.IN, ("app",)),))
    assert rule.proposed


def test_a_policy_may_allow_nothing() -> None:
    """It must say so."""
    assert _policy("version: 1\nrules: []\n") == Policy()


def test_an_optional_key_may_be_negated_where_absence_cannot_match() -> None:
    """S4: beside Exists or In, in a deny, and where the key is required."""
    negations = [
        "[{key: pci, operator: NotIn, values: ['no']}, {key: pci, operator: Exists}]",
        "[{key: cost, operator: NotIn, values: ['1']}, {key: cost, operator: In, values: ['1', '2']}]",
        "[{key: tier, operator: NotIn, values: [vpn]}]",
    ]
    for negation in negations:
        _policy(_with(("{any: true}", f"{{matchExpressions: {negation}}}")))
    _policy(_with(("{key: pci, operator: Exists}", "{key: pci, operator: DoesNotExist}")))


def test_a_key_outside_the_schema_may_be_named_where_such_tags_are_allowed() -> None:
    """It may be absent then, so `sameTags` may not ask for it."""
    free = _with(("{any: true}", "{matchTags: {team: a}}"), ("        - {key: pci, operator: Exists}\n", ""))
    same = free.replace("sameTags: [environment]", "sameTags: [team]")

    assert grammar.read(free.encode(), OPEN)[1] == []
    assert [(problem.id, problem.line) for problem in grammar.read(same.encode(), OPEN)[1]] == [("optional-same-tag", 5)]


# What is wrong, by shape

SIDE = "between: {selector: gateway}"
SHAPE: list[tuple[str, str, list[Wrong]]] = [
    ("version: 1", "version: 2", [("wrong-value", 1, "version is 2; write 1")]),
    ("version: 1", "version: '1'", [("wrong-type", 1, 'version is the text "1"')]),
    ("version: 1\n", "", [("missing-key", 1, "version")]),
    ("version: 1", "version: 1\nextra: true", [("unknown-key", 2, '"extra" is unknown')]),
    ("  gateway:", "  Gateway:", [("wrong-value", 3, 'selectors.Gateway is "Gateway"')]),
    ("{matchTags: {tier: vpn}, accounts: [prod-pay]}", "{}", [("empty-selector", 3, "selectors.gateway selects nothing")]),
    ("{matchTags: {tier: vpn}, accounts: [prod-pay]}", "{any: true}", [("unknown-key", 3, "selectors.gateway.any")]),
    ("{matchTags: {tier: vpn}, accounts: [prod-pay]}", "", [("wrong-type", 3, "selectors.gateway is empty")]),
    ("accounts: [prod-pay]}\n", "accounts: []}\n", [("wrong-length", 3, "accounts has 0 entries")]),
    ("accounts: [prod-pay]}\n", "accounts: [Pay]}\n", [("wrong-value", 3, 'accounts[0] is "Pay"')]),
    ("accounts: [prod-pay]}\n", "accounts: [a, a]}\n", [("duplicate-entry", 3, 'names "a" twice')]),
    ("  - id: vpn", "  - id: VPN", [("wrong-value", 5, 'rules[0].id is "VPN"')]),
    ("effect: allow", "effect: permit", [("unknown-value", 6, "expected one of allow, deny")]),
    ("    reason: engineers\n", "", [("missing-key", 5, "rules[0].reason")]),
    ("reason: engineers", "reason: ''", [("wrong-value", 11, "in one line of up to 300 characters")]),
    ("reason: engineers", 'reason: "a\\nb"', [("wrong-value", 11, "in one line")]),
    (SIDE, "between: vpn", [("wrong-type", 7, "{selector: NAME}, {any: true}, or a mapping with matchTags")]),
    (SIDE, "between: {}", [("empty-selector", 7, "a side of a rule that is every network is {any: true}")]),
    (SIDE, "between: {tags: {tier: vpn}}", [("unknown-key", 7, "rules[0].between.tags")]),
    (SIDE, "between: {selector: gateway, accounts: [a]}", [("mixed-side", 7, "keep selector alone")]),
    (SIDE, "between: {any: true, matchTags: {tier: vpn}}", [("mixed-side", 7, "keep any alone")]),
    (SIDE, "between: {selector: [gateway]}", [("wrong-type", 7, "rules[0].between.selector is a list")]),
    (SIDE, "between: {matchTags: {}}", [("wrong-length", 7, "matchTags is empty")]),
    (SIDE, "between: {matchTags: {tier: [vpn]}}", [("wrong-type", 7, "matchTags.tier is a list")]),
    (SIDE, "between: {matchTags: {pci: true}}", [("wrong-type", 7, "matchTags.pci is true")]),
    (SIDE, "between: {matchTags: {aws:x: a}}", [("wrong-value", 7, "not starting with aws:")]),
    (SIDE, "between: {matchExpressions: []}", [("wrong-length", 7, "matchExpressions has 0 entries")]),
    (SIDE, "within: {selector: gateway}", [("wrong-sides", 5, "rules[0] has and and within")]),
    (f"    {SIDE}\n", "", [("wrong-sides", 5, "rules[0] has and; write between and and")]),
    (f"    {SIDE}\n    and: {{any: true}}\n", "", [("wrong-sides", 5, "rules[0] has no side")]),
    ("{any: true}", "{any: false}", [("wrong-type", 8, "rules[0].and.any is false; write true")]),
    ("sameTags: [environment]", "sameTags: []", [("wrong-length", 9, "rules[0].where.sameTags")]),
    ("sameTags: [environment]", "differentTags: [environment]", [("unknown-key", 9, "rules[0].where.differentTags")]),
    ("sameRegion: true", "sameRegion: yes", [("wrong-type", 9, 'sameRegion is the text "yes"; write true or false')]),
    ("where: {sameTags: [environment], sameRegion: true}", "where:", [("wrong-type", 9, "rules[0].where is empty")]),
    ("expires: 2027-06-30", "expires: 30.6.2027", [("wrong-value", 10, "a day as YYYY-MM-DD")]),
    ("expires: 2027-06-30", "expires:", [("wrong-type", 10, "rules[0].expires is empty")]),
    ("expires: 2027-06-30", "proposed: maybe", [("wrong-type", 10, "rules[0].proposed")]),
    ("operator: NotIn", "operator: notIn", [("unknown-value", 17, 'did you mean "NotIn"?')]),
    (", values: [prod]}", "}", [("wrong-values", 17, "has NotIn on environment with no values; add values")]),
    (", values: [prod]}", ", values: []}", [("wrong-length", 17, "values has 0 entries")]),
    (", values: [prod]}", ", values: [prod, prod]}", [("duplicate-entry", 17, 'names "prod" twice')]),
    ("pci, operator: Exists}", "pci, operator: Exists, values: ['yes']}", [("wrong-values", 18, "has Exists on pci with values")]),
    ("{key: pci, operator: Exists}", "{operator: Exists}", [("missing-key", 18, "matchExpressions[1].key")]),
    (
        "{key: pci, operator: Exists}",
        "{key: environment, operator: NotIn, values: [prod]}",
        [("duplicate-entry", 18, "names environment NotIn prod twice")],
    ),
    (", expires: 2026-12-31,", ",", [("missing-key", 20, "rules[1].unless[0].expires")]),
    (", reason: migration}", "}", [("missing-key", 20, "rules[1].unless[0].reason")]),
    ("and: {accounts: [staging-pay]}, ", "", [("wrong-sides", 20, "rules[1].unless[0] has between")]),
    ("pair: [prod-pay, staging-pay.eu-west-1.batch]", "pair: [prod-pay]", [("wrong-length", 23, "tests[0].pair has 1 entry")]),
    ("pair: [prod-pay, staging-pay.eu-west-1.batch]", "pair: [a, a]", [("duplicate-entry", 23, 'tests[0].pair names "a" twice')]),
    ("staging-pay.eu-west-1.batch", "a_b", [("wrong-value", 23, "ACCOUNT.REGION.NAME")]),
    ("expect: deny", "expect: undetermined", [("unknown-value", 23, "expected one of allow, deny")]),
]


@pytest.mark.parametrize(("old", "new", "wanted"), SHAPE)
def test_a_wrong_shape_is_refused_with_its_line(old: str, new: str, wanted: list[Wrong]) -> None:
    """By the reader in words, and by an editor that has the JSON Schema."""
    text = _with((old, new))

    _refused(text, wanted)
    assert _editor_refuses(text)


def _refused(text: str, wanted: list[Wrong]) -> None:
    policy, problems = _read(text)

    assert policy is None
    assert [(problem.id, problem.line) for problem in problems] == [(id, line) for id, line, _ in wanted], problems
    for problem, (_, _, part) in zip(problems, wanted, strict=True):
        assert part in str(problem) and problem.remedy
        assert (problem.file, problem.severity, problem.incomplete) == (FILE, Severity.ERROR, False)


# What is wrong, by meaning: the editor cannot know

ONE = "{id: vpn, effect: deny, within: {any: true}, reason: why}"
RULE = f"  - {ONE}\n"
TEST = "  - {pair: [a, b], expect: deny}\n"
NOT_NO = "{matchExpressions: [{key: pci, operator: NotIn, values: ['no']}]}"
ABSENT = "{matchExpressions: [{key: pci, operator: DoesNotExist}]}"
UNLESS = "unless: [{within: {accounts: [a]}, expires: 2027-01-01, reason: r}]"
MEANING: list[tuple[str, str, list[Wrong]]] = [
    ("{tier: vpn}", "{Tier: vpn}", [("unknown-tag", 3, 'the selector gateway names the tag "Tier"; did you mean "tier"?')]),
    ("{tier: vpn}", "{tier: VPN}", [("wrong-tag-value", 3, 'tier "VPN", which no account can have; did you mean "vpn"?')]),
    ("{tier: vpn}", "{cost: a}", [("wrong-tag-value", 3, "write a value that matches [0-9]+")]),
    ("{tier: vpn}", "{environment: test}", [("wrong-tag-value", 3, "expected one of dev, prod, staging")]),
    ("values: [prod]", "values: [prod, Prod, qa]", [("wrong-tag-value", 17, "Prod"), ("wrong-tag-value", 17, "qa")]),
    (SIDE, "between: {selector: gatway}", [("unknown-selector", 7, 'write "gateway"')]),
    ("sameTags: [environment]", "sameTags: [pci]", [("optional-same-tag", 5, "make pci required in scaffold.yaml")]),
    ("sameTags: [environment]", "sameTags: [Owner]", [("unknown-tag", 5, 'sameTags of vpn names the tag "Owner"')]),
    ("{any: true}", NOT_NO, [("matches-absence", 8, "NotIn on pci, which an account without that tag would match; make pci required")]),
    ("{any: true}", ABSENT, [("matches-absence", 8, "only a deny may ask for absence")]),
    ("{matchTags: {tier: vpn}, ac", f"{ABSENT[:-1]}, ac", [("matches-absence", 3, "the allow vpn has DoesNotExist on pci")]),
    ("{accounts: [staging-pay]}", NOT_NO, [("matches-absence", 20, "an exception of data has NotIn on pci")]),
    ("reason: engineers", f"reason: r\n    {UNLESS}", [("misplaced-clause", 5, "the allow vpn has unless")]),
    ("    reason: customer", "    proposed: true\n    reason: customer", [("misplaced-clause", 12, "the deny data has proposed")]),
    ("    reason: customer", "    expires: 2027-01-01\n    reason: customer", [("misplaced-clause", 12, "the deny data has expires")]),
    ("rules:\n", f"rules:\n{RULE}", [("duplicate-rule", 6, "the rule vpn stands here and in line 5")]),
    ("by: data", "by: date", [("unknown-rule", 23, 'did you mean "data"?')]),
]


@pytest.mark.parametrize(("old", "new", "wanted"), MEANING)
def test_what_makes_a_decision_doubtful_is_refused_with_its_line(old: str, new: str, wanted: list[Wrong]) -> None:
    """The reader knows the tag schema, the other rules and the selectors; the shape is right."""
    text = _with((old, new))

    _refused(text, wanted)
    assert not _editor_refuses(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", [("missing-key", 1, "rules"), ("missing-key", 1, "version")]),
        ("[]", [("wrong-type", 1, "the document is a list")]),
        ("rules: []\n<<<<<<<\n", [("yaml-unreadable", 3, "not readable as YAML")]),
        ("version: 1\nrules: []\nrules: []\n", [("duplicate-key", 3, '"rules" stands here and in line 2')]),
        ("version: 1\nrules:\n  - vpn\n", [("wrong-type", 3, 'rules[0] is the text "vpn"')]),
        (f"version: 1\nrules:\n{RULE}{RULE}", [("duplicate-entry", 4, "rules names vpn twice")]),
        (f"version: 1\nrules: [{ONE}, {ONE.replace('why', 'else')}]", [("duplicate-rule", 2, "stands here and in line 2")]),
        (f"version: 1\nrules:\n{RULE.replace('any: true', 'selector: x')}", [("unknown-selector", 3, "describe it under selectors")]),
        ("version: 1\nrules: []\ntests: [{pair: [a, b], expect: deny, by: x}]", [("unknown-rule", 3, "there is no rule")]),
        (f"version: 1\nrules: []\ntests:\n{TEST}{TEST}", [("duplicate-entry", 5, "tests names a and b twice")]),
    ],
)
def test_other_documents_that_are_no_policy(text: str, wanted: list[Wrong]) -> None:
    """Nothing of it is used."""
    _refused(text, wanted)


def test_a_day_that_the_calendar_does_not_have() -> None:
    """A pattern cannot know; the reader does."""
    _refused(_with(("2026-12-31", "2027-02-29")), [("wrong-value", 20, "the month 2027-02 has the days 01 to 28")])


def test_equal_exceptions() -> None:
    """Said in the words of a policy."""
    clause = "{within: {accounts: [a]}, expires: 2027-01-01, reason: r}"
    text = _with(("    unless:\n", f"    unless:\n      - {clause}\n      - {clause}\n"))

    _refused(text, [("duplicate-entry", 21, "rules[1].unless names account In a and account In a twice")])


def test_all_problems_of_shape_are_told_at_once() -> None:
    """In order of line, two of one line included; a selector that is used twice is told once."""
    text = _with(
        ("{tier: vpn}", "{}"), ("effect: allow", "effect: no"), ("reason: engineers", "reasons: x"), ("[prod-pay]}, and", "[]}, and"),
        ("{accounts: [staging-pay]}", "{accounts: []}"),
    )  # fmt: skip

    above = [("wrong-length", 3), ("missing-key", 5), ("unknown-value", 6), ("unknown-key", 11)]
    wanted = [*above, ("wrong-length", 20), ("wrong-length", 20)]
    assert [(problem.id, problem.line) for problem in _read(text)[1]] == wanted


def test_all_problems_of_meaning_are_told_at_once() -> None:
    """The same, once the shape is right."""
    text = _with(
        ("{tier: vpn}", "{tier: vpm}"), ("{any: true}", "{selector: gateway}"), ("environment], same", "pci], same"),
        ("matchTags: {environment: prod}", "matchTags: {env: prod}"), ("by: data", "by: dat"),
    )  # fmt: skip

    wanted = [("wrong-tag-value", 3), ("optional-same-tag", 5), ("unknown-tag", 14), ("unknown-rule", 23)]
    assert [(problem.id, problem.line) for problem in _read(text)[1]] == wanted


# The JSON Schema


def test_the_schema_is_a_schema_and_accepts_what_is_read() -> None:
    """Draft 2020-12, and both documents above."""
    Draft202012Validator.check_schema(grammar.schema())

    assert not _editor_refuses(GOOD) and not _editor_refuses(EXAMPLE)


VALUES: list[Any] = [
    *("", "allow", "deny", "a", "prod", "In", "Exists", "2027-01-01", True, False, None, 1, 2, [], ["a"], ["a", "a"], ["a", "b"], {}),
    *({"any": True}, {"selector": "gateway"}, {"accounts": ["a"]}, {"matchTags": {"tier": "vpn"}}, {"sameRegion": True}, {"a": "b"}),
]


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document, as `(container, key or index)`."""
    inside = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    return [(value, place) for place, _ in inside] + [found for _, item in inside for found in _places(item)]


@st.composite
def _documents(draw: st.DrawFn) -> Any:
    """The good document with one or two of its parts replaced, or taken out."""
    node, _ = strict_yaml.read(GOOD.encode(), FILE)
    assert node is not None
    document = node.plain()
    for _ in range(draw(st.integers(1, 2))):
        container, place = draw(st.sampled_from(_places(document)))
        if draw(st.booleans()):
            container[place] = deepcopy(draw(st.sampled_from(VALUES)))
        else:
            del container[place]
    return document


def _node(value: Any) -> strict_yaml.Node:
    if isinstance(value, list):
        return strict_yaml.Node(tuple(map(_node, value)), 1)
    if isinstance(value, dict):
        return strict_yaml.Node({name: _node(item) for name, item in value.items()}, 1, dict.fromkeys(value, 1))
    return strict_yaml.Node(value, 1)


@settings(max_examples=300, deadline=None)
@given(_documents())
def test_the_reader_and_the_schema_agree(document: Any) -> None:
    """Whatever is changed in a document: what one refuses for its shape, the other does."""
    reader = Reader(FILE)
    grammar.DOCUMENT.read(_node(document), "", reader)

    assert bool(reader.problems) == bool(list(Draft202012Validator(grammar.schema()).iter_errors(document))), reader.problems
