"""SARIF 2.1.0 as code-scanning services take it: rules, results with a place, what was accepted, and what went wrong. Knows no domain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of result. `level` is `error`, `warning` or `note`; by `score`, 0.0 to 10.0, GitHub says critical to low."""

    id: str
    title: str
    text: str
    help: str
    level: str
    score: float


@dataclass(frozen=True, slots=True)
class Result:
    """One result. `fingerprint` stays the same from run to run; `accepted` says why it is suppressed, "" if it is not."""

    rule: str
    level: str
    message: str
    file: str
    line: int
    fingerprint: str
    accepted: str = ""
    properties: Mapping[str, object] | None = None


def sarif(version: str, rules: Sequence[Rule], results: Iterable[Result], failures: Sequence[str] = ()) -> str:
    """The document of one run of the tool; `failures` say where it could not look, which makes the run unsuccessful."""
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    notifications = [{"level": "error", "message": {"text": text}} for text in failures]
    driver = {
        "name": "scaffold",
        "version": version,
        "semanticVersion": version,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the landing-zone repository"}}},
        "invocations": [{"executionSuccessful": not failures, "toolExecutionNotifications": notifications}],
        "results": [_result(result, numbers[result.rule]) for result in results],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.text},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": rule.level},
        "properties": {"security-severity": f"{rule.score:.1f}", "tags": ["security"]},
    }


def _result(result: Result, number: int) -> dict[str, Any]:
    location = {"artifactLocation": {"uri": result.file, "uriBaseId": "%SRCROOT%"}, "region": {"startLine": result.line}}
    return {
        "ruleId": result.rule,
        "ruleIndex": number,
        "level": result.level,
        "message": {"text": result.message},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"scaffold/v1": result.fingerprint},
        "suppressions": [{"kind": "external", "justification": result.accepted}] if result.accepted else [],
        "properties": dict(result.properties or {}),
    }
