"""The server's `repos.yaml`: what keeps Atlantis from starting, and what it starts with that cannot be meant."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from generator.atlantis.check import check
from generator.atlantis.server_rules import validate_server
from generator.problems import Problem, Severity
from tests.unit.atlantis.judged import short

FILE = "repos.yaml"


def _judged(text: str) -> list[Problem]:
    return validate_server(text.encode(), FILE)


class Row(NamedTuple):
    """A file that is not in order, what is said of it, and a near twin of which nothing is said."""

    text: str
    id: str
    said: str
    twin: str
    severity: str = "warning"


def _repo(wrong: str, id: str, said: str, twin: str, severity: str = "error") -> Row:
    both = (f"repos:\n- {{id: /.*/, {settings}}}\nworkflows: {{x: }}\n" for settings in (wrong, twin))
    return Row(next(both), id, said, next(both), severity)


def _id(wrong: str, id: str, said: str, twin: str, severity: str = "error") -> Row:
    return Row(f"repos: [{{id: {wrong}}}]\n", id, said, f"repos: [{{id: {twin}}}]\n", severity)


def _policies(wrong: str, id: str, said: str, twin: str) -> Row:
    good = "name: a, path: b, source: local, owners: {users: [c]}"
    texts = (f"policies: {{policy_sets: [{{{settings}}}]}}\n" for settings in (wrong.replace("GOOD", good), twin.replace("GOOD", good)))
    return Row(next(texts), id, said, next(texts))


SET = "{name: a, path: b, source: local, owners: {users: [c]}}"
REFUSED = {
    "an unknown key": Row("repo: []\n", "unknown-key", "field repo not found in type raw.GlobalCfg", "repos: []\n", "error"),
    "a key of a repo": _repo("allowed: []", "unknown-key", "field allowed not found in type raw.Repo", "allowed_overrides: []"),
    "no id": Row("repos: [{branch: /x/}]\n", "wrong-id", "repos[0].id: cannot be blank", "repos: [{id: /x/}]\n", "error"),
    "an id that Go cannot read": _id("/?/", "wrong-id", "repos[0].id: parsing: /?/: error parsing regexp", "/.?/"),
    "an id of one slash": _id("/", "wrong-id", "a single slash is no expression", "//"),
    "a branch without slashes": _repo("branch: main", "wrong-branch", "regex must begin and end with a slash '/'", "branch: /main/"),
    "a branch that Go cannot read": _repo("branch: /(/", "wrong-branch", "error parsing regexp", "branch: ''"),
    "a file from the root": _repo("repo_config_file: /a", "wrong-path", "must not starts with a slash '/'", "repo_config_file: a/b.yaml"),
    "a file above": _repo("repo_config_file: ../a", "wrong-path", "must not contains parent directory path", "repo_config_file: a..b"),
    "plan_requirements": _repo(
        "plan_requirements: [x]", "unknown-value", '"x" is not a valid plan_requirement', "plan_requirements: [approved]"
    ),
    "apply_requirements": _repo(
        "apply_requirements: [policies_passed]", "unknown-value", "is not a valid apply_requirement", "apply_requirements: [approved]"
    ),
    "import_requirements": _repo(
        "import_requirements: [x]", "unknown-value", "is not a valid import_requirement", "import_requirements: [approved]"
    ),
    "allowed_overrides": _repo(
        "allowed_overrides: [autodiscover]",
        "unknown-value",
        '"autodiscover" is not a valid override, only "plan_requirements", "apply_requirements"',
        "allowed_overrides: [workflow, repo_locks, policy_check]",
    ),
    "workflow": _repo("workflow: y", "unknown-workflow", 'repos[0].workflow: workflow "y" is not defined', "workflow: x"),
    "allowed_workflows": _repo(
        "allowed_workflows: [y]", "unknown-workflow", 'workflow "y" is not defined', "allowed_workflows: [x, default]"
    ),
    "repo_locks.mode": _repo("repo_locks: {mode: off}", "unknown-value", "must be a valid value", "repo_locks: {mode: on_apply}"),
    "autodiscover.mode": _repo("autodiscover: {mode: off}", "unknown-value", "must be a valid value", "autodiscover: {mode: disabled}"),
    "autodiscover.ignore_paths": _repo(
        "autodiscover: {ignore_paths: [/x]}", "wrong-pattern", "must not begin with a slash", "autodiscover: {ignore_paths: [x]}"
    ),
    "silence_pr_comments": _repo(
        "silence_pr_comments: [x]",
        "unknown-value",
        "server-side repo config 'silence_pr_comments' key value of 'x' is not supported, supported values are [plan, apply]",
        "silence_pr_comments: [plan]",
    ),
    "a hook that is no mapping": _repo(
        "post_workflow_hooks: [x]", "wrong-type", "post_workflow_hooks[0] is", "post_workflow_hooks: [{run: x}]"
    ),
    "a hook's arguments as a list": _repo(
        "post_workflow_hooks: [{run: x, shellArgs: [-c]}]",
        "wrong-type",
        "shellArgs is a list",
        "post_workflow_hooks: [{run: x, shellArgs: -c}]",
    ),
    "a step": Row(
        "workflows: {x: {plan: {steps: [terraform]}}}\n",
        "wrong-step",
        "maybe you omitted the 'run' key",
        "workflows: {x: {plan: {steps: [plan]}}}\n",
        "error",
    ),
    "statsd": Row(
        "metrics: {statsd: {host: 1.2.3.4}}\n",
        "missing-key",
        "metrics.statsd.port: cannot be blank",
        "metrics: {statsd: {host: h, port: 1}}\n",
        "error",
    ),
    "prometheus": Row(
        "metrics: {prometheus: {}}\n", "missing-key", "metrics.prometheus.endpoint", "metrics: {prometheus: {endpoint: /m}}\n", "error"
    ),
}
HOOK = "post_workflow_hooks: [{%s}]"
UNCHECKED = {
    "a hook with another key": _repo(
        HOOK % "run: x, desc: y",
        "unknown-key",
        '"desc" is no key of a hook; Atlantis ignores it',
        HOOK % "run: x, description: y",
        "warning",
    ),
    "a hook without a command": _repo(
        HOOK % "description: y", "empty-command", "Atlantis runs an empty command", HOOK % "description: y, run: x", "warning"
    ),
    "a hook of the checkout": _repo(
        HOOK % "run: ./generate.sh", "hook-from-checkout", "a file of the pull request", HOOK % "run: generate --root ./x", "warning"
    ),
    "a hook of the checkout in a shell": _repo(
        HOOK % "run: cd x && bash ./generate.sh",
        "hook-from-checkout",
        "a file of the pull request",
        HOOK % "run: /opt/generate.sh",
        "warning",
    ),
    "a hook for another command": _repo(
        HOOK % "run: x, commands: 'plan, aply'",
        "unknown-value",
        '"aply" is no command',
        HOOK % "run: x, commands: 'plan, apply'",
        "warning",
    ),
    "mergeable": _repo(
        "apply_requirements: [mergeable]",
        "needs-flag",
        "run the server with --gh-allow-mergeable-bypass-apply",
        "apply_requirements: []",
        "warning",
    ),
    "undiverged": _repo(
        "apply_requirements: [undiverged]", "needs-flag", "--checkout-strategy=merge", "apply_requirements: [approved]", "note"
    ),
    "a hook that may fail": _repo(
        "pre_workflow_hooks: [{run: x}]", "hook-may-fail", "--fail-on-pre-workflow-hook-error", "pre_workflow_hooks: []", "note"
    ),
    "requirements as overrides": _repo(
        "allowed_overrides: [apply_requirements]", "unsafe-override", "can set it to [] there", "allowed_overrides: [workflow]", "warning"
    ),
    "custom workflows": _repo(
        "allow_custom_workflows: true", "unsafe-override", "can run any command", "allow_custom_workflows: false", "warning"
    ),
    "repo_locking": _repo("repo_locking: true", "deprecated-key", "it is deprecated", "repo_locks: {mode: on_plan}", "warning"),
    "an id that fits nothing": _id(".*", "unlikely-id", "and fits no repository", "github.com/acme/zone", "warning"),
    "no policies": Row("policies: {}\n", "no-policies", "cannot be empty", f"policies: {{policy_sets: [{SET}]}}\n"),
    "a version of conftest": Row(
        f"policies: {{conftest_version: latest, policy_sets: [{SET}]}}\n",
        "wrong-version",
        "malformed version: latest",
        f"policies: {{conftest_version: v0.46.0, policy_sets: [{SET}]}}\n",
        "error",
    ),
    "a policy set without a name": _policies("path: b, source: local, owners: {users: [c]}", "missing-key", "name: is required", "GOOD"),
    "a policy set without a path": _policies("name: a, source: local, owners: {users: [c]}", "missing-key", "path: is required", "GOOD"),
    "a source that is not local": _policies(
        "name: a, path: b, source: github, owners: {users: [c]}", "unknown-value", "only local works", "GOOD"
    ),
    "a policy set that nobody may approve": _policies("name: a, path: b, source: local", "no-owners", "blocks for ever", "GOOD"),
    "an approval by nobody": _policies("GOOD, approve_count: 0", "wrong-value", "0 approvals are none", "GOOD, approve_count: 1"),
    "items that Go cannot read": _policies(
        "GOOD, policy_item_regex: '('", "wrong-pattern", "error parsing regexp", "GOOD, policy_item_regex: '(?s).+'"
    ),
    "two policy sets of one name": Row(
        f"policies:\n  policy_sets:\n  - {SET}\n  - {SET}\n",
        "duplicate-name",
        "stands in line 3 too",
        f"policies:\n  policy_sets:\n  - {SET}\n  - {SET.replace('a,', 'd,')}\n",
    ),
    "an entry that overrides one before": Row(
        "repos:\n- {id: github.com/a/b, workflow: default}\n- {id: /.*/, workflow: default}\n",
        "overridden-entry",
        "repos[1]: it comes after repos[0] and sets workflow again",
        "repos:\n- {id: /.*/, workflow: default}\n- {id: github.com/a/b, workflow: default}\n",
    ),
    "hooks that add up": Row(
        "repos:\n- {id: /x/, post_workflow_hooks: [{run: a}]}\n- {id: /x/, post_workflow_hooks: [{run: b}]}\n",
        "hooks-add-up",
        "hooks of all entries that fit are run",
        "repos:\n- {id: /x/, post_workflow_hooks: [{run: a}]}\n- {id: /y/, post_workflow_hooks: [{run: b}]}\n",
    ),
    "nobody who decides": Row("team_authz: {args: [x]}\n", "empty-command", "Atlantis asks nobody", "team_authz: {command: /x}\n"),
}
ROWS = {**REFUSED, **UNCHECKED}


@pytest.mark.parametrize("row", ROWS.values(), ids=[name.replace(" ", "-") for name in ROWS])
def test_a_rule_of_the_server_s_file(row: Row) -> None:
    """It is said once, with its line and what to do, and of the near twin nothing is said."""
    found = _judged(row.text)

    assert short(found) == [(row.severity, row.id)]
    assert row.said in found[0].message and found[0].remedy and found[0].line is not None
    assert _judged(row.twin) == []


def test_an_empty_file_is_refused() -> None:
    """One of comments is not: it says nothing, and that is fine."""
    assert short(_judged("")) == [("error", "empty-file")] and "file repos.yaml was empty" in _judged("")[0].message
    assert _judged("# nothing\n") == []


COMPLETE = """\
repos:
- id: github.com/acme/landing-zone
  branch: /^main$/
  apply_requirements: [approved, mergeable, undiverged]
  workflow: terraform
  allowed_overrides: []
  allow_custom_workflows: false
  autodiscover: {mode: disabled}
  pre_workflow_hooks:
  - run: scaffold atlantis check atlantis.yaml
    description: check
    commands: plan, apply
workflows:
  terraform:
    plan:
      steps: [init, plan]
"""


def test_a_complete_example_has_no_error_and_names_its_flags() -> None:
    """The flags that it needs are what is left to say, each with the line of its cause."""
    found = _judged(COMPLETE)

    assert [(problem.id, problem.severity, problem.line) for problem in found] == [
        ("needs-flag", Severity.WARNING, 4),
        ("needs-flag", Severity.NOTE, 4),
        ("hook-may-fail", Severity.NOTE, 9),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("repos: []", "server"),
        ("metrics: {}", "server"),
        ("team_authz: {command: x}", "server"),
        ("version: 3", "repository"),
        ("", "repository"),
    ],
)
def test_the_two_files_are_told_apart_by_their_keys(text: str, kind: str) -> None:
    """Whatever they are called."""
    found = check(text.encode(), "any.yaml")

    assert found.kind == kind
    assert (found.problems == []) is (text != "")


def test_a_file_that_cannot_be_read_is_said_to_be_so() -> None:
    """Whichever it is."""
    assert short(check(b"repos: [", FILE).problems) == short(_judged("repos: [")) == [("error", "yaml-unreadable")]
    assert short(_judged("- repos")) == [("error", "wrong-type")]
