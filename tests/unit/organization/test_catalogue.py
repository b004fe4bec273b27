"""The catalogue of lint rules: whatever the code of `scaffold lint` can report stands in it, and nothing else does."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from generator.organization.catalogue import GROUPS, RULES, Kind
from generator.problems import Severity
from tests.support import cli

PACKAGE = cli.REPOSITORY / "generator"
WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# what the modules behind lint can say, and only another command makes them say
OTHER_COMMANDS = {
    "cli/output.py", "cli/workspace.py:settle", "atlantis/fields.py", "atlantis/patterns.py", "atlantis/steps.py", "atlantis/regexps.py",
    "stacks/skeletons.py:unknown-skeleton", "landing_zone/peerings.py:removals", "landing_zone/projects.py:listed-and-gone",
    "repository/changes.py", "peering/feasibility.py:_wait", "documents/strict_yaml.py:further-document",
}  # fmt: skip
COMPOSED = {"ipv4-overlap", "ipv6-overlap"}
"""Ids that the code puts together."""


def _modules() -> list[Path]:
    """The modules that `scaffold lint` loads, with and without a base, and those that turn a failure into words."""
    script = (
        "import sys, generator.cli.failures, generator.cli.lint, generator.repository.git, generator.repository.lock\n"
        "import generator.accounts.foreign\n"
        "print(*sorted(m.__file__ for n, m in sys.modules.items() if n.startswith('generator.')), sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=cli.environment())
    return [path for path in map(Path, done.stderr.splitlines()) if path.parent.name != "catalogue"]


def _positions(trees: Mapping[str, ast.Module]) -> Mapping[str, frozenset[int]]:
    """Whatever takes an `id`: at which place of its arguments."""
    found: dict[str, set[int]] = defaultdict(set)
    for node in (node for tree in trees.values() for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg not in ("self", "cls")]
        elif isinstance(node, ast.ClassDef):
            names = [part.target.id for part in node.body if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)]
        else:
            continue
        if "id" in names:
            found[node.name].add(names.index("id"))
    return {name: frozenset(places) for name, places in found.items()}


def _texts(node: ast.AST) -> Iterator[str]:
    """The words that an argument may be: itself, or either of a choice."""
    for part in (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and WORD.fullmatch(part.value):
            yield part.value


def _said(tree: ast.Module, positions: Mapping[str, frozenset[int]]) -> Iterator[tuple[str, str]]:
    """`(function called, id)`: of calls, and of `(id, what, remedy)` that is yielded."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            arguments = [keyword.value for keyword in node.keywords if keyword.arg == "id"]
            arguments += [node.args[place] for place in positions.get(called, ()) if place < len(node.args)]
            yield from ((called, text) for argument in arguments for text in _texts(argument))
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 3:
            yield from (("yield", text) for text in _texts(node.value.elts[0]))


@pytest.fixture(scope="module")
def reported() -> Mapping[str, set[str]]:
    """Every id with the modules that can report it."""
    trees = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text()) for path in _modules()}
    positions = _positions(trees)
    found: dict[str, set[str]] = defaultdict(set)
    for name, tree in trees.items():
        for called, id in _said(tree, positions):
            if not {name, f"{name}:{id}", f"{name}:{called}"} & OTHER_COMMANDS:
                found[id].add(name)
    return found


def test_the_search_finds_what_is_known_to_be_there(reported: Mapping[str, set[str]]) -> None:
    """A search that found nothing would make the next tests pass: by keyword, by place, in a table, in a choice."""
    known = {"unknown-value": "accounts/foreign.py", "illegal-name": "accounts/request_rules.py", "illegal-tag-key": "accounts/tags.py"}
    known |= {"orphan-stack": "landing_zone/lint.py", "contradiction": "organization/read.py", "disk": "cli/failures.py"}

    assert all(module in reported[id] for id, module in known.items())
    assert len(reported) > 120


def test_whatever_lint_can_report_is_in_the_catalogue(reported: Mapping[str, set[str]]) -> None:
    """A rule that is new, or has another id, needs its line there: severity, why and remedy."""
    assert {id: sorted(modules) for id, modules in reported.items() if id not in RULES} == {}


def test_the_catalogue_holds_no_rule_that_nothing_reports(reported: Mapping[str, set[str]]) -> None:
    """What was renamed or went leaves the catalogue too."""
    assert sorted(set(RULES) - set(reported) - COMPOSED) == []


def test_every_rule_stands_there_once() -> None:
    """Two groups never describe one id."""
    numbers = Counter(rule.id for group in GROUPS.values() for rule in group)

    assert [id for id, number in numbers.items() if number > 1] == []


@pytest.mark.parametrize("id", RULES)
def test_a_rule_says_why_and_what_to_do_in_one_line_each(id: str) -> None:
    """As every message: no full stop, nothing empty; and a note keeps no promise of a request's author."""
    rule = RULES[id]

    assert WORD.fullmatch(rule.id) and rule.source
    for text in (rule.why, rule.remedy):
        assert text and text == text.strip() and "\n" not in text and not text.endswith(".")
    assert rule.kind is not Kind.DUTY or rule.severity is Severity.ERROR
    assert rule.kind is not Kind.ADVICE or rule.severity is not Severity.ERROR
