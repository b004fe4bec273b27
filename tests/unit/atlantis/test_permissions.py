"""Keys that need the server's leave: refused, ignored, or not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.atlantis.permissions import OVERRIDES, UNKNOWN, Permissions
from generator.atlantis.server import permissions
from tests.unit.atlantis.judged import ALL, judged, project, short, top

NOTHING = Permissions()
VALUES = {
    "plan_requirements": "[]",
    "apply_requirements": "[]",
    "import_requirements": "[]",
    "workflow": "default",
    "delete_source_branch_on_merge": "false",
    "repo_locking": "true",
    "repo_locks": "{}",
    "custom_policy_check": "false",
    "silence_pr_comments": "[]",
}
FREE = [
    "name: a",
    "branch: /main/",
    "workspace: a",
    "terraform_version: 1.9.0",
    "terraform_distribution: opentofu",
    "autoplan: {enabled: false}",
    "execution_order_group: 1",
    "depends_on: []",
]


def _without(key: str) -> Permissions:
    return replace(ALL, overrides=ALL.overrides - {key})


@pytest.mark.parametrize("key", VALUES)
def test_a_restricted_key_is_refused_even_where_it_is_empty(key: str) -> None:
    """With the server's leave it is fine, without its file it is a warning; a key without any value is absent."""
    settings = f"{key}: {VALUES[key]}"
    exact = f"repo config not allowed to set '{key}' key: server-side config needs 'allowed_overrides: [{key}]'"

    refused, unsure, allowed, absent = (
        [problem for problem in project(text, server=server) if problem.id == "needs-permission"]
        for text, server in ((settings, _without(key)), (settings, UNKNOWN), (settings, ALL), (f"{key}: ", NOTHING))
    )

    assert short(refused) == [("error", "needs-permission")] and exact in refused[0].message
    assert short(unsure) == [("warning", "needs-permission")] and f"'allowed_overrides: [{key}]'" in unsure[0].message
    assert allowed == absent == []


def test_the_table_knows_every_key() -> None:
    """`policy_check` is the one that is ignored instead of refused."""
    assert set(VALUES) | {"policy_check"} == set(OVERRIDES)


@pytest.mark.parametrize("settings", FREE)
def test_other_keys_need_nobody_s_leave(settings: str) -> None:
    """On any server."""
    assert project(settings, server=NOTHING) == project(settings, server=UNKNOWN) == []


def test_policy_check_is_accepted_and_ignored() -> None:
    """Unless it is an allowed override."""
    found = project("policy_check: false", server=NOTHING)

    assert short(found) == short(project("policy_check: false", server=UNKNOWN)) == [("warning", "ignored-key")]
    assert "ignores it without a word" in found[0].message and project("policy_check: false") == []


@pytest.mark.parametrize("line", ["delete_source_branch_on_merge: true", "repo_locks: {mode: on_apply}", "silence_pr_comments: [plan]"])
def test_keys_of_the_file_that_are_ignored_without_leave(line: str) -> None:
    """Atlantis refuses them in a project only."""
    assert short(top(line, server=NOTHING)) == short(top(line, server=UNKNOWN)) == [("warning", "ignored-key")]
    assert top(line) == []


@pytest.mark.parametrize("line", ["automerge: true", "parallel_plan: true", "allowed_regexp_prefixes: [a]", "emoji_reaction: eyes"])
def test_keys_of_the_file_that_need_nobody_s_leave(line: str) -> None:
    """On any server."""
    assert top(line, server=NOTHING) == []


def test_custom_workflows_need_leave() -> None:
    """An empty mapping defines none."""
    refused, unsure = top("workflows: {x: }", server=NOTHING), top("workflows: {x: }", server=UNKNOWN)

    assert short(refused) == [("error", "needs-permission")] and short(unsure) == [("warning", "needs-permission")]
    assert "repo config not allowed to define custom workflows: server-side config needs 'allow_custom_workflows: true'" in str(refused[0])
    assert top("workflows: {x: }") == top("workflows: {}", server=NOTHING) == []


CHOOSING = Permissions(overrides=frozenset({"workflow"}), workflows=frozenset({"default", "one", "two"}), allowed_workflows=("one",))


def test_a_workflow_is_defined_and_allowed() -> None:
    """Where some are allowed, no other is, not even the default."""
    assert project("workflow: one", server=CHOOSING) == []
    assert [(p.id, p.severity.value) for p in project("workflow: two", server=CHOOSING)] == [("workflow-not-allowed", "error")]
    assert "workflow 'default' is not allowed for this repo" in str(project("workflow: default", server=CHOOSING)[0])
    assert 'workflow "three" is not defined anywhere' in str(project("workflow: three", server=CHOOSING)[0])
    assert project("workflow: two", server=replace(CHOOSING, allowed_workflows=())) == []


def test_a_workflow_of_the_file_counts_where_it_may_define_some() -> None:
    """Then no list of the server's applies to it."""
    text = "version: 3\nworkflows: {own: }\nprojects: [{dir: a, workflow: own}]\n"

    assert judged(text, server=replace(CHOOSING, custom_workflows=True)) == []
    assert [p.id for p in judged(text, server=CHOOSING)] == ["needs-permission", "workflow-not-allowed"]


SERVER = b"""\
repos:
- id: /.*/
  allowed_overrides: [workflow]
  allowed_workflows: [one]
  allow_custom_workflows: true
- id: github.com/acme/zone
  allowed_overrides: []
- id: /acme\\/other/
  allow_custom_workflows: false
  allowed_workflows: []
workflows: {one: , two: }
"""


def test_permissions_come_from_the_server_s_file() -> None:
    """Of each key the last entry that fits; without a repository every entry is taken to fit."""
    zone, other, third = (permissions(SERVER, "repos.yaml", f"github.com/acme/{name}") for name in ("zone", "other", "third"))

    assert (zone.overrides, zone.custom_workflows, zone.allowed_workflows) == (frozenset(), True, ("one",))
    assert (other.overrides, other.custom_workflows, other.allowed_workflows) == (frozenset({"workflow"}), False, ())
    assert (third.overrides, third.custom_workflows, third.allowed_workflows) == (frozenset({"workflow"}), True, ("one",))
    assert zone.workflows == {"default", "one", "two"} and zone.known
    assert permissions(SERVER, "repos.yaml") == replace(zone, custom_workflows=False, allowed_workflows=())


@pytest.mark.parametrize("content", [b"", b"- a\n", b"repos: [\n"])
def test_a_server_s_file_that_says_nothing_allows_nothing(content: bytes) -> None:
    """Its problems are said elsewhere."""
    assert permissions(content, "repos.yaml") == NOTHING
