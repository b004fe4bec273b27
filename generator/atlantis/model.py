"""`atlantis.yaml` of version 3 as Atlantis understands it, every part with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.atlantis import abridged
from generator.atlantis.fields import Entry, Field, Findings, flag, items, number, record, text, texts
from generator.atlantis.region import FILE
from generator.atlantis.steps import Workflow, workflows
from generator.documents.strict_yaml import Node

DEFAULT = "default"
"""The name of the workspace and of the workflow that are there without being named."""
REQUIREMENTS = ("approved", "mergeable", "undiverged")
SILENT = ("plan", "apply")
LOCKS = ("on_plan", "on_apply", "disabled")
DISCOVERY = ("auto", "enabled", "disabled")
DISTRIBUTIONS = ("terraform", "opentofu")


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoplan(Entry):
    """Which changes plan a project by themselves; None: the default."""

    enabled: bool | None = None
    when_modified: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoLocks(Entry):
    """When a project is locked."""

    mode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoDiscover(Entry):
    """Whether directories that no project lists are planned."""

    mode: str | None = None
    ignore_paths: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners(Entry):
    """Who may approve what a policy refused."""

    users: tuple[str, ...] | None = None
    teams: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet(Entry):
    """One directory of policies."""

    name: str | None = None
    path: str | None = None
    source: str | None = None
    owners: Owners | None = None
    approve_count: int | None = None
    prevent_self_approve: bool | None = None
    sticky_policy_approvals: bool | None = None
    policy_item_regex: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies(Entry):
    """The policies of a server; those of a repository are read and dropped."""

    conftest_version: str | None = None
    owners: Owners | None = None
    approve_count: int | None = None
    sticky_policy_approvals: bool | None = None
    policy_item_regex: str | None = None
    policy_sets: tuple[PolicySet, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Entry):
    """One project as it is written: `dir` is not cleaned, nothing has its default."""

    dir: str | None = None
    name: str | None = None
    workspace: str | None = None
    branch: str | None = None
    terraform_version: str | None = None
    terraform_distribution: str | None = None
    autoplan: Autoplan | None = None
    execution_order_group: int | None = None
    depends_on: tuple[str, ...] | None = None
    plan_requirements: tuple[str, ...] | None = None
    apply_requirements: tuple[str, ...] | None = None
    import_requirements: tuple[str, ...] | None = None
    workflow: str | None = None
    delete_source_branch_on_merge: bool | None = None
    repo_locking: bool | None = None
    repo_locks: RepoLocks | None = None
    custom_policy_check: bool | None = None
    policy_check: bool | None = None
    silence_pr_comments: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoConfig(Entry):
    """The whole file."""

    version: int | None = None
    projects: tuple[Project, ...] | None = None
    workflows: Mapping[str, Workflow | None] | None = field(default=None)
    policies: Policies | None = None
    autodiscover: AutoDiscover | None = None
    automerge: bool | None = None
    parallel_plan: bool | None = None
    parallel_apply: bool | None = None
    delete_source_branch_on_merge: bool | None = None
    allowed_regexp_prefixes: tuple[str, ...] | None = None
    abort_on_execution_order_fail: bool | None = None
    emoji_reaction: str | None = None
    repo_locks: RepoLocks | None = None
    silence_pr_comments: tuple[str, ...] | None = None


_owners = record(Owners, {"users": texts, "teams": texts}, "raw.PolicyOwners")
_sets: Mapping[str, Field] = {
    "name": text,
    "path": text,
    "source": text,
    "owners": _owners,
    "approve_count": number,
    "prevent_self_approve": flag,
    "sticky_policy_approvals": flag,
    "policy_item_regex": text,
}
policies = record(
    Policies,
    {
        "conftest_version": text,
        "owners": _owners,
        "approve_count": number,
        "sticky_policy_approvals": flag,
        "policy_item_regex": text,
        "policy_sets": items(record(PolicySet, _sets, "raw.PolicySet")),
    },
    "raw.PolicySets",
)
repo_locks = record(RepoLocks, {"mode": text}, "raw.RepoLocks")
autodiscover = record(AutoDiscover, {"mode": text, "ignore_paths": texts}, "raw.AutoDiscover")
_project: Mapping[str, Field] = {
    "name": text,
    "dir": text,
    "workspace": text,
    "branch": text,
    "terraform_version": text,
    "terraform_distribution": text,
    "autoplan": record(Autoplan, {"enabled": flag, "when_modified": texts}, "raw.Autoplan"),
    "execution_order_group": number,
    "depends_on": texts,
    "plan_requirements": texts,
    "apply_requirements": texts,
    "import_requirements": texts,
    "workflow": text,
    "delete_source_branch_on_merge": flag,
    "repo_locking": flag,
    "repo_locks": repo_locks,
    "custom_policy_check": flag,
    "policy_check": flag,
    "silence_pr_comments": texts,
}
_repository: Mapping[str, Field] = {
    "version": number,
    "projects": items(record(Project, _project, "raw.Project")),
    "workflows": workflows,
    "policies": policies,
    "autodiscover": autodiscover,
    "automerge": flag,
    "parallel_plan": flag,
    "parallel_apply": flag,
    "delete_source_branch_on_merge": flag,
    "allowed_regexp_prefixes": texts,
    "abort_on_execution_order_fail": flag,
    "emoji_reaction": text,
    "repo_locks": repo_locks,
    "silence_pr_comments": texts,
}
_config = record(RepoConfig, _repository, "raw.RepoCfg")


def parse(content: bytes, found: Findings) -> Node | None:
    """The first document of a file, the only one that Atlantis reads; None where it cannot be read."""
    node, problems = abridged.read(content, found.file)
    found.problems += problems
    return node


def read(node: Node, found: Findings) -> RepoConfig | None:
    """The configuration that a document holds; None where it is no mapping. What is wrong with a part leaves it None.

    An empty document is an empty configuration, as Atlantis decodes it.
    """
    config: RepoConfig | None = _config(Node({}, node.line) if node.value is None else node, "", found)
    return config


def projects_of(content: bytes) -> tuple[Project, ...]:
    """The projects that Atlantis would read in a file; none where it cannot be read at all."""
    found = Findings(FILE)
    node = parse(content, found)
    config = read(node, found) if node is not None else None
    return tuple(config.projects or ()) if config is not None else ()
