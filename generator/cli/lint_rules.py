"""The catalogue of lint rules on the command line: all of them, or one explained."""

from __future__ import annotations

from generator.cli.output import Result
from generator.organization.catalogue import GROUPS, RULES, Kind, LintRule
from generator.organization.levels import unknown
from generator.problems import refuse
from generator.report.text import table

_DECIDED = {
    Kind.ADVICE: "choose its severity under lint.rules in scaffold.yaml (off, note, warning, error), or accept single findings",
    Kind.DUTY: "always on; accept single findings with scaffold lint --write-baseline --rule {id}",
    Kind.PROMISE: "always on, and nothing it finds can be accepted",
}


def every() -> Result:
    """A line for each rule, by subject."""
    parts = [f"{name}\n\n{table(('rule', 'severity', 'kind', 'why'), map(_row, rules))}" for name, rules in GROUPS.items()]
    return Result("\n\n".join(parts), [_plain(rule) for rule in RULES.values()])


def one(id: str) -> Result:
    """One rule, in words; refused, with the nearest, where there is none of that id."""
    rule = _rule(id)
    rows = [("why", rule.why), ("from", rule.source), ("do", rule.remedy), ("decide", _DECIDED[rule.kind].format(id=id))]
    lines = [f"{name.ljust(8)}{text}" for name, text in rows]
    return Result("\n".join([f"{rule.id} ({rule.severity.value}, {rule.kind.value})", *lines]), _plain(rule))


def acceptable(id: str) -> None:
    """Refused where nothing that the rule finds can be accepted, or where it is none."""
    rule = _rule(id)
    if rule.kind is Kind.PROMISE:
        raise refuse("baseline-refused", f"nothing that {id} finds can be accepted: {rule.why}", rule.remedy, value=id)


def _rule(id: str) -> LintRule:
    if id not in RULES:
        raise refuse("unknown-value", f'there is no lint rule "{id}"', unknown(id), value=id)
    return RULES[id]


def _row(rule: LintRule) -> tuple[str, str, str, str]:
    return rule.id, rule.severity.value, rule.kind.value, rule.why


def _plain(rule: LintRule) -> dict[str, str]:
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "kind": rule.kind.value,
        "source": rule.source,
        "why": rule.why,
        "remedy": rule.remedy,
    }
