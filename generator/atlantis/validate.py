"""Everything that Atlantis refuses in an `atlantis.yaml`, and what it accepts that cannot be meant, all at once."""

from __future__ import annotations

from collections.abc import Mapping

from generator.atlantis import model, permissions, project_rules, together
from generator.atlantis.fields import Findings
from generator.atlantis.globs import valid
from generator.atlantis.model import DISCOVERY, SILENT, AutoDiscover, RepoConfig
from generator.atlantis.permissions import UNKNOWN, Permissions
from generator.atlantis.steps import Stage, Workflow
from generator.documents.strict_yaml import Node
from generator.files import Tree
from generator.problems import Problem, expected

_WRONG_FILE = "atlantis.yml"
_REQUIRED = (
    "is required. If you've just upgraded Atlantis you need to rewrite your atlantis.yaml for version 3. "
    "See www.runatlantis.io/docs/upgrading-atlantis-yaml.html"
)


def validate(
    content: bytes, file: str, *, server: Permissions = UNKNOWN, base: str | None = None, tree: Tree | None = None
) -> list[Problem]:
    """All problems of a repository's file, in order of line: an error is what Atlantis refuses, a warning what it accepts in silence.

    `server` says what the file may set, `base` is the base branch whose projects count, and in `tree`, the repository,
    the directory of every project must exist.
    """
    found = Findings(file)
    node = model.parse(content, found)
    if node is not None:
        judge(node, found, server=server, base=base, tree=tree)
    return in_order(found)


def judge(node: Node, found: Findings, *, server: Permissions = UNKNOWN, base: str | None = None, tree: Tree | None = None) -> None:
    """The same for a document that was parsed already; the problems are noted."""
    _file_name(found, tree)
    config = model.read(node, found)
    if config is not None:
        _top(config, found)
        for index, project in enumerate(config.projects or ()):
            project_rules.judge(project, f"projects[{index}]", tree, found)
        together.judge(config.projects or (), base, found)
        permissions.judge(config, server, found)
        workflows(config.workflows or {}, found)


def in_order(found: Findings) -> list[Problem]:
    """The problems in order of line."""
    return sorted(found.problems, key=lambda problem: problem.line or 0)


def _file_name(found: Findings, tree: Tree | None) -> None:
    beside = tree is not None and tree.read(_WRONG_FILE) is not None
    if beside or found.file.rpartition("/")[2] == _WRONG_FILE:
        message = f'found "{_WRONG_FILE}" as config file; rename using the .yaml extension'
        found.wrong("wrong-file-name", 1, message, "git mv atlantis.yml atlantis.yaml", _WRONG_FILE)


def _top(config: RepoConfig, found: Findings) -> None:
    """The keys of the file itself."""
    _version(config, found)
    if config.autodiscover is not None:
        discovery(config.autodiscover, "autodiscover", found)
    if config.repo_locks is not None:
        project_rules.lock_mode(config.repo_locks, "repo_locks", found)
    for value in config.silence_pr_comments or ():
        if value not in SILENT:
            message = f'silence_pr_comments: "{value}" is unknown; Atlantis does not check it, and silences nothing'
            found.lenient("unknown-value", config.at("silence_pr_comments"), message, expected(value, SILENT), value)
    if config.abort_on_execution_order_fail and not (config.parallel_plan or config.parallel_apply):
        message = "abort_on_execution_order_fail: Atlantis looks at it only where it plans or applies in parallel"
        remedy = "set parallel_plan and parallel_apply to true"
        found.lenient("ignored-key", config.at("abort_on_execution_order_fail"), message, remedy, "abort_on_execution_order_fail")
    if config.policies is not None:
        message = "policies: Atlantis reads them in the file of its server only, and drops these"
        found.lenient("ignored-key", config.at("policies"), message, "move them to the server's repos.yaml", "policies")


def _version(config: RepoConfig, found: Findings) -> None:
    line = config.at("version")
    if config.version is None:
        if not found.unread("version"):
            found.wrong("wrong-version", line, f"version: {_REQUIRED}", "write version: 3")
    elif config.version not in (2, 3):
        found.wrong("wrong-version", line, "version: only versions 2 and 3 are supported", "write version: 3", config.version)
    elif config.version == 2:
        message = "version: 2 is old; Atlantis splits the run commands of such a file as a shell would, and joins them again"
        found.lenient("old-version", line, message, "write version: 3", config.version)


def discovery(autodiscover: AutoDiscover, at: str, found: Findings) -> None:
    """Note modes and patterns of a repository's `autodiscover` that Atlantis does not check there."""
    mode = autodiscover.mode
    if mode is not None and mode not in DISCOVERY:
        message = f'{at}.mode: "{mode}" is no mode; Atlantis does not check it, and takes it for disabled'
        found.lenient("unknown-value", autodiscover.at("mode"), message, expected(mode, DISCOVERY), mode)
    for pattern in autodiscover.ignore_paths or ():
        why = ignored_wrong(pattern)
        if why is not None:
            message = f'{at}.ignore_paths: {why}: "{pattern}"; Atlantis does not check it, and ignores nothing'
            found.lenient(
                "wrong-pattern", autodiscover.at("ignore_paths"), message, "write a glob from the root of the repository", pattern
            )


def ignored_wrong(pattern: str) -> str | None:
    """What is wrong with a pattern of `ignore_paths`."""
    if pattern.startswith("/"):
        return "pattern must not begin with a slash '/'"
    return None if valid(pattern) else "invalid pattern"


def workflows(named: Mapping[str, Workflow | None], found: Findings) -> None:
    """Note what is suspicious about the steps of workflows."""
    for name, workflow in named.items():
        for stage, said in workflow.stages() if workflow is not None else ():
            _stage(said, stage, f"workflows.{name}.{stage}", found)


def _stage(said: Stage, stage: str, at: str, found: Findings) -> None:
    if said.steps == ():
        message = f"{at}.steps: it is empty, and Atlantis does nothing at this stage"
        found.lenient("no-steps", said.at("steps"), message, "delete it to get the default")
    for step in said.steps or ():
        if stage == "plan" and step.name == "run" and _plans_by_itself(step.command or ""):
            message = f'{at}: the command plans by itself and ignores what is typed behind "atlantis plan --", -destroy too'
            found.lenient("comment-ignored", step.line, message, "use the step plan, or pass $COMMENT_ARGS on", step.command)


def _plans_by_itself(command: str) -> bool:
    return ("terraform plan" in command or "tofu plan" in command) and "COMMENT_ARGS" not in command
