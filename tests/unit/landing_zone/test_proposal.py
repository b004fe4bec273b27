"""The proposal works: what lint finds under it is what was told, near-miss for near-miss, and nothing that it made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from generator.accounts.model import FOLDER
from generator.accounts.read import read_folder
from generator.accounts.units import wrong_unit
from generator.accounts.write import write
from generator.files import MemoryTree
from generator.landing_zone.frame import Names
from generator.landing_zone.lint import lint
from generator.landing_zone.load import load
from generator.landing_zone.observed import Observed, observe
from generator.landing_zone.placeholders import placeholders
from generator.landing_zone.proposal import POLICY, propose
from generator.landing_zone.told import Told
from generator.organization.schema import FILE
from generator.peering.policy import FILE as POLICY_FILE
from tests.support import sixty, styles
from tests.support.zones import REQUEST, SKELETONS

CASES: Mapping[str, Mapping[str, bytes]] = {
    **{name: {f"{FOLDER}/{path}": content for path, content in styles.files(name).items()} for name in styles.STYLES},
    "sixty": {f"aft-account-request/{path}": content for path, content in sixty.files().items()},
}


def _told(found: Observed) -> Counter[str]:
    """How often lint should say each rule of words, from what the observation says."""
    said: Counter[str] = Counter()
    for miss in found.misses:
        rule = {"tag key": "unknown-tag", "unit": "unknown-ou"}.get(miss.what, "wrong-tag-value")
        said[rule] += len(miss.accounts) if miss.caught else 0
    said["illegal-tag-key"] = sum(found.illegal_keys.values())
    said["unknown-ou"] += sum(not wrong_unit(unit) for unit in found.units.illegal or {})
    said["placeholder"] = len(list(placeholders(propose(found, Told(Names())))))
    return +said


@pytest.mark.parametrize("name", CASES)
def test_lint_finds_what_was_told(name: str) -> None:
    """Of keys, values and units; and each key that is missing is one that was said to be missing."""
    files = dict(CASES[name])
    found = observe(read_folder(MemoryTree(files)), "us-east-1")
    zone = load(MemoryTree({**files, FILE: propose(found, Told(Names())), POLICY_FILE: POLICY}), SKELETONS, "2026-11-24")

    problems = lint(zone)

    words = {"unknown-tag", "unknown-ou", "wrong-tag-value", "illegal-tag-key", "placeholder"}
    assert Counter(problem.id for problem in problems if problem.id in words) == _told(found)
    missing = sum(len(tag.lacking) for tag in found.tags if tag.required or tag.key == found.environment.key)
    missing += 0 if found.environment.key else found.total
    assert sum(problem.id == "missing-tag" for problem in problems) == missing
    assert not any(problem.id in ("outside-pool", "contradiction", "unknown-region") for problem in problems)


@pytest.mark.parametrize("value", ["e" * 1100, "dev!"])
def test_a_value_that_aws_refuses_is_no_environment(value: str) -> None:
    """It is told among the values of its tag, as that of any other tag is, and lint finds it; a YAML key ends at 1,024 letters."""
    written = {
        name: write(replace(REQUEST, label=name, tags={**REQUEST.tags, "environment": said}))
        for name, said in {"a": "prod", "b": "prod", "c": value}.items()
    }
    files = {f"{FOLDER}/{name}.tf": text.encode() for name, text in written.items()}
    found = observe(read_folder(MemoryTree(files)), "us-east-1")

    proposed = propose(found, Told(Names()))

    assert [setting.name for setting in found.settings] == ["prod"] and f'"{value}" 1' in proposed.decode()
    zone = load(MemoryTree({**files, FILE: proposed, POLICY_FILE: POLICY}), SKELETONS, "2026-11-24")
    assert [problem.file for problem in lint(zone) if problem.id == "illegal-tag-value"] == [f"{FOLDER}/c.tf"]
