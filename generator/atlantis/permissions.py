"""What a server lets the file of a repository say. A key that needs leave and has none refuses the whole file."""

from __future__ import annotations

from dataclasses import dataclass

from generator.atlantis.fields import Findings
from generator.atlantis.model import DEFAULT, Project, RepoConfig
from generator.problems import expected

OVERRIDES = (
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
)
"""What `allowed_overrides` may name; all but `policy_check` are refused in a project where it does not."""
_IGNORED = ("delete_source_branch_on_merge", "repo_locks", "silence_pr_comments")
_CUSTOM = "repo config not allowed to define custom workflows: server-side config needs 'allow_custom_workflows: true'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What the server allows a repository; `known` False: nobody has seen its file, so nothing is certain."""

    overrides: frozenset[str] = frozenset()
    custom_workflows: bool = False
    workflows: frozenset[str] = frozenset({DEFAULT})
    allowed_workflows: tuple[str, ...] = ()
    known: bool = True


UNKNOWN = Permissions(known=False)
"""The server's file is not at hand: what needs its leave is a warning."""


def judge(config: RepoConfig, server: Permissions, found: Findings) -> None:
    """Note every key that the server refuses, or ignores."""
    for key in _IGNORED:
        if getattr(config, key) is not None and key not in server.overrides:
            _ignored(config.at(key), key, key, found)
    if config.workflows:
        _custom(config, server, found)
    for index, project in enumerate(config.projects or ()):
        _project(project, f"projects[{index}]", server, found)
        _workflow(config, project, f"projects[{index}].workflow", server, found)


def _ignored(line: int, at: str, key: str, found: Findings) -> None:
    message = f"{at}: Atlantis ignores it without a word, unless its server has 'allowed_overrides: [{key}]'"
    found.lenient("ignored-key", line, message, "set it on the server, or delete it", key)


def _custom(config: RepoConfig, server: Permissions, found: Findings) -> None:
    line, remedy = config.at("workflows"), "define the workflows on the server"
    if not server.known:
        message = "workflows: Atlantis refuses the file unless its server has 'allow_custom_workflows: true'"
        found.lenient("needs-permission", line, message, f"{remedy}, or check with --server", "workflows")
    elif not server.custom_workflows:
        found.wrong("needs-permission", line, f"workflows: {_CUSTOM}", remedy, "workflows")


def _project(project: Project, at: str, server: Permissions, found: Findings) -> None:
    for key in OVERRIDES:
        if getattr(project, key) is None or key in server.overrides:
            continue
        line, needs = project.at(key), f"'allowed_overrides: [{key}]'"
        if key == "policy_check":
            _ignored(line, f"{at}.{key}", key, found)
        elif server.known:
            message = f"{at}: repo config not allowed to set '{key}' key: server-side config needs {needs}"
            found.wrong("needs-permission", line, message, "set it on the server, or delete it", key)
        else:
            message = f"{at}.{key}: Atlantis refuses the file unless its server has {needs}, even where the key is empty"
            found.lenient("needs-permission", line, message, "set it on the server, or check with --server", key)


def _workflow(config: RepoConfig, project: Project, at: str, server: Permissions, found: Findings) -> None:
    """Whether the workflow of a project is defined, and one that the repository may choose."""
    name, own = project.workflow, config.workflows or {}
    if name is None or (name in own and (server.custom_workflows or not server.known)):
        return
    defined = server.workflows | own.keys()
    if name not in defined and server.known:
        found.wrong(
            "unknown-workflow", project.at("workflow"), f'{at}: workflow "{name}" is not defined anywhere', expected(name, defined), name
        )
    elif server.allowed_workflows and name not in server.allowed_workflows:
        message = f"{at}: workflow '{name}' is not allowed for this repo"
        found.wrong("workflow-not-allowed", project.at("workflow"), message, expected(name, server.allowed_workflows), name)
