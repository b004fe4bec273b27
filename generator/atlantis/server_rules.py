"""What Atlantis refuses in a server's `repos.yaml`, and what it starts with that cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from generator.atlantis import model, project_rules, server, validate
from generator.atlantis.fields import Findings
from generator.atlantis.model import DEFAULT, DISCOVERY, LOCKS, SILENT, Policies, PolicySet
from generator.atlantis.permissions import OVERRIDES
from generator.atlantis.regexps import wrong as regexp_wrong
from generator.atlantis.server import Hook, Repo, ServerConfig
from generator.documents.strict_yaml import Node
from generator.problems import Problem, expected

COMMANDS = ("plan", "apply", "unlock", "version", "approve_policies", "policy_check", "import", "state", "cancel")
_HOOK = ("run", "description", "shell", "shellArgs", "commands")
_REQUIRED = ("plan_requirements", "apply_requirements", "import_requirements")
_CATCH_ALL = frozenset({"/.*/", "/.+/", "/^.*$/", "//"})
_FROM_CHECKOUT = re.compile(r"(?:^|[;&|]\s*|\b(?:sh|bash|python3?|source)\s+)\.{1,2}/")
_FLAGS: Mapping[str, str] = {
    "mergeable": "where atlantis/apply is a required status, nothing is mergeable before apply: run the server with "
    "--gh-allow-mergeable-bypass-apply",
    "undiverged": "it works only where the server runs with --checkout-strategy=merge",
}


def validate_server(content: bytes, file: str) -> list[Problem]:
    """All problems of a server's file, in order of line: an error is what keeps Atlantis from starting, a warning what it starts with."""
    found = Findings(file)
    if not content:
        found.wrong("empty-file", 1, f"file {file} was empty", "write repos:")
        return found.problems
    node = model.parse(content, found)
    if node is not None:
        judge(node, found)
    return validate.in_order(found)


def judge(node: Node, found: Findings) -> None:
    """The same for a document that was parsed already; the problems are noted."""
    config = server.read(node, found)
    if config is None:
        return
    for index, repo in enumerate(config.repos or ()):
        _repo(repo, config, f"repos[{index}]", found)
    _order(config.repos or (), found)
    validate.workflows(config.workflows or {}, found)
    if config.policies is not None:
        _policies(config.policies, found)
    _metrics(config, found)
    if config.team_authz is not None and not config.team_authz.command:
        message = "team_authz.command: it is empty, and Atlantis asks nobody"
        found.lenient("empty-command", config.team_authz.line, message, "write the full path of the command")


def _repo(repo: Repo, config: ServerConfig, at: str, found: Findings) -> None:
    _id(repo, at, found)
    if repo.branch:
        project_rules.branch(repo.branch, f"{at}.branch", repo.at("branch"), found)
    _config_file(repo, at, found)
    for key in _REQUIRED:
        project_rules.requirements(getattr(repo, key), key, f"{at}.{key}", repo.at(key), found)
        _needs_flags(repo, key, at, found)
    _overrides(repo, at, found)
    _workflows(repo, {DEFAULT, *(config.workflows or ())}, at, found)
    _modes(repo, at, found)
    for key in ("pre_workflow_hooks", "post_workflow_hooks"):
        for index, hook in enumerate(getattr(repo, key) or ()):
            _hook(hook, f"{at}.{key}[{index}]", found)
    if repo.pre_workflow_hooks:
        message = (
            f"{at}.pre_workflow_hooks: Atlantis goes on where a hook fails, unless its server runs with --fail-on-pre-workflow-hook-error"
        )
        found.lenient("hook-may-fail", repo.at("pre_workflow_hooks"), message, "set the flag", note=True)


def _id(repo: Repo, at: str, found: Findings) -> None:
    line, at = repo.at("id"), f"{at}.id"
    if not repo.id:
        found.wrong("wrong-id", line, f"{at}: cannot be blank", "write github.com/OWNER/NAME, or an expression between slashes")
    elif repo.id == "/":
        found.wrong("wrong-id", line, f"{at}: a single slash is no expression", "write /.*/ for all", repo.id)
    elif repo.expression is not None and (why := regexp_wrong(repo.expression)) is not None:
        found.wrong("wrong-id", line, f"{at}: parsing: {repo.id}: {why}", "write it as Go's regexp reads it", repo.id)
    elif repo.expression is None and not re.fullmatch(r"[\w.:~-]+(?:/[\w. ~-]+){2,}", repo.id):
        message = f'{at}: "{repo.id}" is taken as a name, HOST/OWNER/NAME, and fits no repository'
        found.lenient("unlikely-id", line, message, "write an expression between slashes", repo.id)


def _config_file(repo: Repo, at: str, found: Findings) -> None:
    path, line = repo.repo_config_file or "", repo.at("repo_config_file")
    if path.startswith("/"):
        message = f"{at}.repo_config_file: must not starts with a slash '/'"
        found.wrong("wrong-path", line, message, "write it from the root of the repository", path)
    if "../" in path or "..\\" in path:
        message = f"{at}.repo_config_file: must not contains parent directory path like '../'"
        found.wrong("wrong-path", line, message, "write it from the root of the repository", path)


def _needs_flags(repo: Repo, key: str, at: str, found: Findings) -> None:
    for value in getattr(repo, key) or ():
        if value in _FLAGS:
            message = f"{at}.{key}: {value}: {_FLAGS[value]}"
            found.lenient("needs-flag", repo.at(key), message, "check the server's flags", value, note=value != "mergeable")


def _overrides(repo: Repo, at: str, found: Findings) -> None:
    line = repo.at("allowed_overrides")
    names = [f'"{name}"' for name in OVERRIDES]
    for value in repo.allowed_overrides or ():
        if value not in OVERRIDES:
            what = f'"{value}" is not a valid override, only {", ".join(names[:-1])}, and {names[-1]} are supported'
            found.wrong("unknown-value", line, f"{at}.allowed_overrides: {what}", expected(value, OVERRIDES), value)
        elif value in _REQUIRED:
            message = f"{at}.allowed_overrides: {value}: whoever opens a pull request can set it to [] there"
            found.lenient("unsafe-override", line, message, "keep requirements on the server", value)
    if repo.allow_custom_workflows:
        message = f"{at}.allow_custom_workflows: whoever opens a pull request can run any command with the server's credentials"
        found.lenient(
            "unsafe-override", repo.at("allow_custom_workflows"), message, "define workflows here, and name them in allowed_workflows"
        )


def _workflows(repo: Repo, defined: Collection[str], at: str, found: Findings) -> None:
    for key, names in (("workflow", (repo.workflow,)), ("allowed_workflows", repo.allowed_workflows or ())):
        for name in names:
            if name is not None and name not in defined:
                found.wrong(
                    "unknown-workflow", repo.at(key), f'{at}.{key}: workflow "{name}" is not defined', expected(name, defined), name
                )


def _modes(repo: Repo, at: str, found: Findings) -> None:
    """What Atlantis checks here, and not in the file of a repository."""
    for key, said, known in (("repo_locks", repo.repo_locks, LOCKS), ("autodiscover", repo.autodiscover, DISCOVERY)):
        if said is not None and said.mode is not None and said.mode not in known:
            message = f'{at}.{key}.mode: "{said.mode}": must be a valid value'
            found.wrong("unknown-value", said.at("mode"), message, expected(said.mode, known), said.mode)
    for pattern in (repo.autodiscover.ignore_paths or ()) if repo.autodiscover is not None else ():
        why = validate.ignored_wrong(pattern)
        if why is not None:
            line = repo.autodiscover.at("ignore_paths") if repo.autodiscover is not None else repo.line
            message = f"{at}.autodiscover.ignore_paths: {why}: {pattern}"
            found.wrong("wrong-pattern", line, message, "write a glob from the root of the repository", pattern)
    for value in repo.silence_pr_comments or ():
        if value not in SILENT:
            what = (
                f"server-side repo config 'silence_pr_comments' key value of '{value}' is not supported, supported values are [plan, apply]"
            )
            found.wrong("unknown-value", repo.at("silence_pr_comments"), f"{at}: {what}", expected(value, SILENT), value)
    if repo.repo_locking is not None:
        mode = "on_plan" if repo.repo_locking else "disabled"
        message = f"{at}.repo_locking: it is deprecated"
        found.lenient("deprecated-key", repo.at("repo_locking"), message, f"write repo_locks: {{mode: {mode}}}", "repo_locking")


def _hook(hook: Hook, at: str, found: Findings) -> None:
    """Atlantis takes any key for a hook's, and an absent command for an empty one."""
    line = hook.line
    for key in hook.said:
        if key not in _HOOK:
            found.lenient(
                "unknown-key", line, f'{at}: "{key}" is no key of a hook; Atlantis ignores it without a word', expected(key, _HOOK), key
            )
    command = hook.said.get("run") or ""
    if not command.strip():
        found.lenient("empty-command", line, f"{at}: it has no run, and Atlantis runs an empty command", "write run: COMMAND")
    elif _FROM_CHECKOUT.search(command):
        message = f"{at}: it runs a file of the pull request, which can be anything, with the server's credentials"
        found.lenient("hook-from-checkout", line, message, "install the command on the server", command)
    for word in re.split(r"[,\s]+", (hook.said.get("commands") or "").strip()):
        if word and word not in COMMANDS:
            message = f'{at}.commands: "{word}" is no command, so the hook never runs for it'
            found.lenient("unknown-value", line, message, expected(word, COMMANDS), word)


def _order(repos: Sequence[Repo], found: Findings) -> None:
    """Of each key the last entry that fits counts, and the hooks of all that fit are run."""
    for index, repo in enumerate(repos):
        for before, other in enumerate(repos[:index]):
            if (repo.id in _CATCH_ALL and other.id not in _CATCH_ALL) or repo.id == other.id:
                _overridden(f"repos[{index}]", repo, f"repos[{before}]", other, found)


def _overridden(at: str, repo: Repo, before: str, other: Repo, found: Findings) -> None:
    hooks = ("pre_workflow_hooks", "post_workflow_hooks")
    again = [key for key in repo.lines if key in other.lines and key not in ("id", "branch", *hooks) and repo.branch == other.branch]
    if again:
        message = f"{at}: it comes after {before} and sets {', '.join(again)} again: the last entry that fits counts"
        found.lenient("overridden-entry", repo.line, message, "put general entries first", repo.id)
    twice = [key for key in hooks if getattr(repo, key) and getattr(other, key)]
    if twice:
        message = f"{at}: {' and '.join(twice)} of {before} run too: hooks of all entries that fit are run, one after the other"
        found.lenient("hooks-add-up", repo.line, message, "keep them in one entry", repo.id)


def _policies(policies: Policies, found: Findings) -> None:
    """Atlantis checks none of it when it starts."""
    project_rules.version(policies.conftest_version, "policies.conftest_version", policies.at("conftest_version"), found)
    if not policies.policy_sets:
        message = "policies.policy_sets: cannot be empty; Declare policies that you would like to enforce"
        found.lenient("no-policies", policies.at("policy_sets"), message, "declare one, or delete policies")
    _counts(policies, "policies", found)
    names: dict[str, int] = {}
    for index, said in enumerate(policies.policy_sets or ()):
        _policy_set(said, policies, f"policies.policy_sets[{index}]", found)
        if said.name and names.setdefault(said.name, said.line) != said.line:
            message = f'policies.policy_sets[{index}].name: "{said.name}" stands in line {names[said.name]} too, and approvals go by name'
            found.lenient("duplicate-name", said.at("name"), message, "rename one of them", said.name)


def _policy_set(said: PolicySet, policies: Policies, at: str, found: Findings) -> None:
    for key in ("name", "path"):
        if not getattr(said, key):
            found.lenient("missing-key", said.at(key), f"{at}.{key}: is required; Atlantis does not check it", f"write {key}: …", key)
    if said.source != "local":
        message = f'{at}.source: "{said.source or ""}": only local works; Atlantis does not check it'
        found.lenient("unknown-value", said.at("source"), message, "write source: local", said.source)
    owners = [one for some in (policies.owners, said.owners) if some is not None for one in (*(some.users or ()), *(some.teams or ()))]
    if not owners:
        message = f"{at}.owners: nobody may approve what it refuses, so it blocks for ever"
        found.lenient("no-owners", said.line, message, "write owners: {teams: […]}", said.name)
    _counts(said, at, found)


def _counts(said: Policies | PolicySet, at: str, found: Findings) -> None:
    if said.approve_count is not None and said.approve_count < 1:
        message = f"{at}.approve_count: {said.approve_count} approvals are none; Atlantis does not check it"
        found.lenient("wrong-value", said.at("approve_count"), message, "write 1 or more", said.approve_count)
    why = regexp_wrong(said.policy_item_regex) if said.policy_item_regex is not None else None
    if why is not None:
        message = f"{at}.policy_item_regex: {why}; Atlantis does not check it"
        found.lenient("wrong-pattern", said.at("policy_item_regex"), message, "write it as Go's regexp reads it", said.policy_item_regex)


def _metrics(config: ServerConfig, found: Findings) -> None:
    metrics = config.metrics
    for said, name, keys in (
        (metrics and metrics.statsd, "statsd", ("host", "port")),
        (metrics and metrics.prometheus, "prometheus", ("endpoint",)),
    ):
        for key in keys if said is not None else ():
            if said is not None and not getattr(said, key):
                found.wrong("missing-key", said.at(key), f"metrics.{name}.{key}: cannot be blank", f"write {key}: …", key)
