"""SARIF by its schema (sarif-2.1.0.json, the one of the standard's own tools), and by what code scanning asks besides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from generator.report.sarif import Result, Rule, sarif

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_bytes())
RULES = (Rule("rogue-denied", "a rogue", "why", "what to do", "error", 9.5), Rule("dns-option-off", "DNS", "why", "help", "note", 2))
ROGUE = Result(
    "rogue-denied", "error", "a--b: it is there", "peering/policy.yaml", 7, "0123456789abcdef", properties={"sides": [], "key": None}
)


def _document(results: tuple[Result, ...] = (ROGUE,), failures: tuple[str, ...] = ()) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(sarif("1.2.3", RULES, results, failures))
    jsonschema.validate(document, SCHEMA)
    return document


def test_the_schema_refuses_what_is_none() -> None:
    """A schema that accepts everything would prove nothing."""
    for wrong in ({}, {"version": "2.1.0", "runs": [{"tool": {}}]}, {**_document(), "version": "2.0.0"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


def test_a_result_has_a_place_a_rule_and_a_fingerprint() -> None:
    """Without one of them code scanning drops it, or opens it anew with each run."""
    (run,) = _document()["runs"]
    (result,) = run["results"]

    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "rogue-denied"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "peering/policy.yaml"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}
    assert result["partialFingerprints"] == {"scaffold/v1": "0123456789abcdef"} and result["suppressions"] == []
    assert [rule["properties"]["security-severity"] for rule in run["tool"]["driver"]["rules"]] == ["9.5", "2.0"]


def test_what_was_accepted_is_suppressed_with_its_reason() -> None:
    """It stays in the document."""
    accepted = Result("dns-option-off", "note", "x", "a.tf", 1, "f" * 16, "known (until 2026-12-31)")
    (result,) = _document((accepted,))["runs"][0]["results"]

    assert result["suppressions"] == [{"kind": "external", "justification": "known (until 2026-12-31)"}]


@pytest.mark.parametrize("failures", [(), ("account 1 in us-east-1: AccessDenied",)])
def test_a_run_that_could_not_look_everywhere_was_no_success(failures: tuple[str, ...]) -> None:
    """An empty list of results would be taken for clean."""
    (invocation,) = _document((), failures)["runs"][0]["invocations"]

    assert invocation["executionSuccessful"] is not bool(failures)
    assert [each["message"]["text"] for each in invocation["toolExecutionNotifications"]] == list(failures)
