"""The server's `repos.yaml`: what it allows a repository, and what is wrong with it.

Atlantis checks requirements, overrides and workflows when it starts; it checks neither hooks nor policies. Source:
`server/core/config/raw/{global_cfg,workflow_step,policies,metrics,team_authz}.go`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.atlantis.fields import Entry, Field, Findings, flag, items, record, table, text, texts
from generator.atlantis.model import DEFAULT, AutoDiscover, Policies, RepoLocks, autodiscover, parse, policies, repo_locks
from generator.atlantis.permissions import Permissions
from generator.atlantis.steps import Workflow, workflows
from generator.documents.strict_yaml import Node


@dataclass(frozen=True, slots=True)
class Hook:
    """A command before or after a workflow: a mapping of texts with any keys, as Atlantis reads it."""

    line: int
    said: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repo(Entry):
    """What holds for the repositories that an id fits."""

    id: str | None = None
    branch: str | None = None
    repo_config_file: str | None = None
    plan_requirements: tuple[str, ...] | None = None
    apply_requirements: tuple[str, ...] | None = None
    import_requirements: tuple[str, ...] | None = None
    pre_workflow_hooks: tuple[Hook, ...] | None = None
    post_workflow_hooks: tuple[Hook, ...] | None = None
    workflow: str | None = None
    allowed_workflows: tuple[str, ...] | None = None
    allowed_overrides: tuple[str, ...] | None = None
    allow_custom_workflows: bool | None = None
    delete_source_branch_on_merge: bool | None = None
    repo_locking: bool | None = None
    repo_locks: RepoLocks | None = None
    policy_check: bool | None = None
    custom_policy_check: bool | None = None
    autodiscover: AutoDiscover | None = None
    silence_pr_comments: tuple[str, ...] | None = None

    @property
    def expression(self) -> str | None:
        """The regular expression of an id between slashes; None where the id is a name."""
        found = self.id or ""
        return found[1:-1] if len(found) > 1 and found[0] == found[-1] == "/" else None

    def fits(self, repository: str) -> bool:
        """Whether the entry holds for a repository such as `github.com/acme/landing-zone`."""
        if self.expression is None:
            return self.id == repository
        try:
            return re.search(self.expression, repository) is not None
        except re.error:  # an expression that only Go knows
            return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig(Entry):
    """The whole file."""

    repos: tuple[Repo, ...] | None = None
    workflows: Mapping[str, Workflow | None] | None = None
    policies: Policies | None = None
    metrics: Metrics | None = None
    team_authz: TeamAuthz | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statsd(Entry):
    """Where metrics are sent."""

    host: str | None = None
    port: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prometheus(Entry):
    """Where metrics are read."""

    endpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics(Entry):
    """Who gets the server's metrics."""

    statsd: Statsd | None = None
    prometheus: Prometheus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAuthz(Entry):
    """The command that decides who may do what."""

    command: str | None = None
    args: tuple[str, ...] | None = None


def _hook(node: Node, at: str, found: Findings) -> Hook | None:
    said = table(text)(node, at, found)
    return None if said is None else Hook(node.line, said)


_hooks = items(_hook)
_repo: Mapping[str, Field] = {
    "id": text,
    "branch": text,
    "repo_config_file": text,
    "plan_requirements": texts,
    "apply_requirements": texts,
    "import_requirements": texts,
    "pre_workflow_hooks": _hooks,
    "post_workflow_hooks": _hooks,
    "workflow": text,
    "allowed_workflows": texts,
    "allowed_overrides": texts,
    "allow_custom_workflows": flag,
    "delete_source_branch_on_merge": flag,
    "repo_locking": flag,
    "repo_locks": repo_locks,
    "policy_check": flag,
    "custom_policy_check": flag,
    "autodiscover": autodiscover,
    "silence_pr_comments": texts,
}
_metrics: Mapping[str, Field] = {
    "statsd": record(Statsd, {"host": text, "port": text}, "raw.Statsd"),
    "prometheus": record(Prometheus, {"endpoint": text}, "raw.Prometheus"),
}
_server: Mapping[str, Field] = {
    "repos": items(record(Repo, _repo, "raw.Repo")),
    "workflows": workflows,
    "policies": policies,
    "metrics": record(Metrics, _metrics, "raw.Metrics"),
    "team_authz": record(TeamAuthz, {"command": text, "args": texts}, "raw.TeamAuthz"),
}
_config = record(ServerConfig, _server, "raw.GlobalCfg")


def read(node: Node, found: Findings) -> ServerConfig | None:
    """The configuration that a document holds; None where it is no mapping."""
    config: ServerConfig | None = _config(node, "", found)
    return config


def permissions(content: bytes, file: str, repository: str | None = None) -> Permissions:
    """What a server's file allows a repository such as `github.com/acme/landing-zone`: of each key the last entry that fits.

    Without a repository every entry counts. What is wrong with the file is `validate_server`'s to say.
    """
    found = Findings(file)
    node = parse(content, found)
    config = read(node, found) if node is not None else None
    if config is None:
        return Permissions()
    fitting = [repo for repo in config.repos or () if repository is None or repo.fits(repository)]
    return Permissions(
        overrides=frozenset(_last(fitting, "allowed_overrides") or ()),
        custom_workflows=bool(_last(fitting, "allow_custom_workflows")),
        workflows=frozenset({DEFAULT, *(config.workflows or ())}),
        allowed_workflows=_last(fitting, "allowed_workflows") or (),
    )


def _last(repos: list[Repo], key: str) -> Any:
    said = [value for repo in repos if (value := getattr(repo, key)) is not None]
    return said[-1] if said else None
