"""Files of Atlantis in short, and what is said of them in short."""

from __future__ import annotations

from collections.abc import Iterable

from generator.atlantis.permissions import Permissions
from generator.atlantis.validate import validate
from generator.files import Tree
from generator.problems import Problem

FILE = "atlantis.yaml"
ALL = Permissions(
    overrides=frozenset(
        [
            "plan_requirements",
            "apply_requirements",
            "import_requirements",
            "workflow",
            "delete_source_branch_on_merge",
            "repo_locking",
            "repo_locks",
            "policy_check",
            "custom_policy_check",
            "silence_pr_comments",
        ]
    ),
    custom_workflows=True,
)
"""A server that allows everything."""


def judged(text: str, *, server: Permissions = ALL, base: str | None = None, tree: Tree | None = None) -> list[Problem]:
    """What is said of a whole file."""
    return validate(text.encode(), FILE, server=server, base=base, tree=tree)


def top(lines: str, *, server: Permissions = ALL) -> list[Problem]:
    """What is said of a file of version 3 with these lines, which begin in line 2."""
    return judged(f"version: 3\n{lines}\n", server=server)


def project(settings: str, *, server: Permissions = ALL, tree: Tree | None = None) -> list[Problem]:
    """What is said of one project of the directory `a`, in a flow mapping in line 3."""
    return judged(f"version: 3\nprojects:\n- {{dir: a, {settings}}}\n", server=server, tree=tree)


def short(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Severity and id of each."""
    return [(problem.severity.value, problem.id) for problem in problems]
