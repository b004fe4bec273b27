"""Every row of Atlantis' reference for the file of a repository: what it refuses, what it accepts in silence, and near twins."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from generator.atlantis.validate import validate
from generator.problems import Problem, Severity
from tests.unit.atlantis import judged
from tests.unit.atlantis.judged import ALL, short


class Row(NamedTuple):
    """A file that is not in order, what is said of it, and a near twin of which nothing is said."""

    text: str
    id: str
    said: str
    twin: str
    severity: str = "error"


V = "version: 3\n"
TOP = {
    # the file and its keys
    "no version": Row("projects: []\n", "wrong-version", "version: is required. If you've just upgraded Atlantis you need to rewrite", V),
    "an empty file": Row("", "wrong-version", "version: is required", V),
    "an empty version": Row("version:\n", "wrong-version", "version: is required", V),
    "version 1": Row("version: 1\n", "wrong-version", "version: only versions 2 and 3 are supported", V),
    "version 4": Row("version: 4\n", "wrong-version", "version: only versions 2 and 3 are supported", V),
    "a quoted version": Row('version: "3"\n', "wrong-type", "version is the text", V),
    "version 2": Row("version: 2\n", "old-version", "splits the run commands", V, "warning"),
    "an unknown key": Row(V + "x-anchors: {}\n", "unknown-key", "the file: field x-anchors not found in type raw.RepoCfg", V),
    "a list": Row("- version: 3\n", "wrong-type", "the document is a list", V),
    "projects that are no list": Row(V + "projects: {dir: a}\n", "wrong-type", "projects is a mapping", V + "projects: []\n"),
    "a project that is no mapping": Row(V + "projects: [a]\n", "wrong-type", "projects[0] is the text", V + "projects: [{dir: a}]\n"),
    "an empty project": Row(
        V + "projects:\n-\n", "empty-entry", "projects[0] is empty, and Atlantis drops it", V + "projects:\n", "warning"
    ),
    "workflows that are no mapping": Row(V + "workflows: [a]\n", "wrong-type", "workflows is a list", V + "workflows: {a: }\n"),
    "automerge": Row(V + "automerge: maybe\n", "wrong-type", "automerge is the text", V + "automerge: yes\n"),
    "a flag in quotes": Row(V + "automerge: 'true'\n", "wrong-type", "automerge is the text", V + "automerge: True\n"),
    "a number as a flag": Row(V + "automerge: 1\n", "wrong-type", "automerge is the number 1", V + "automerge: true\n"),
    "parallel_plan": Row(V + "parallel_plan: often\n", "wrong-type", "parallel_plan is", V + "parallel_plan: on\n"),
    "parallel_apply": Row(V + "parallel_apply: [true]\n", "wrong-type", "parallel_apply is a list", V + "parallel_apply: no\n"),
    "delete_source_branch_on_merge": Row(
        V + "delete_source_branch_on_merge: x\n",
        "wrong-type",
        "delete_source_branch_on_merge is",
        V + "delete_source_branch_on_merge: true\n",
    ),
    "allowed_regexp_prefixes": Row(
        V + "allowed_regexp_prefixes: dev\n", "wrong-type", "write a list", V + "allowed_regexp_prefixes: [dev/]\n"
    ),
    "abort_on_execution_order_fail": Row(
        V + "abort_on_execution_order_fail: true\n",
        "ignored-key",
        "Atlantis looks at it only where it plans or applies in parallel",
        V + "abort_on_execution_order_fail: true\nparallel_apply: true\n",
        "warning",
    ),
    "emoji_reaction": Row(V + "emoji_reaction: [eyes]\n", "wrong-type", "emoji_reaction is a list", V + "emoji_reaction: eyes\n"),
    "autodiscover.mode": Row(
        V + "autodiscover: {mode: disable}\n", "unknown-value", "takes it for disabled", V + "autodiscover: {mode: disabled}\n", "warning"
    ),
    "autodiscover.ignore_paths with a slash": Row(
        V + "autodiscover: {ignore_paths: [/x]}\n",
        "wrong-pattern",
        "pattern must not begin with a slash '/'",
        V + "autodiscover: {ignore_paths: ['x/**']}\n",
        "warning",
    ),
    "autodiscover.ignore_paths malformed": Row(
        V + "autodiscover: {ignore_paths: ['{x']}\n",
        "wrong-pattern",
        "invalid pattern",
        V + "autodiscover: {ignore_paths: ['{x,y}']}\n",
        "warning",
    ),
    "a key of autodiscover": Row(
        V + "autodiscover: {modus: auto}\n",
        "unknown-key",
        "field modus not found in type raw.AutoDiscover",
        V + "autodiscover: {mode: auto}\n",
    ),
    "repo_locks.mode": Row(
        V + "repo_locks: {mode: never}\n", "unknown-value", "locks nothing", V + "repo_locks: {mode: on_apply}\n", "warning"
    ),
    "silence_pr_comments": Row(
        V + "silence_pr_comments: [import]\n", "unknown-value", "silences nothing", V + "silence_pr_comments: [plan, apply]\n", "warning"
    ),
    "policies": Row(
        V + "policies: {policy_sets: []}\n", "ignored-key", "policies: Atlantis reads them in the file of its server only", V, "warning"
    ),
    # YAML
    "a duplicate key": Row(V + "automerge: true\nautomerge: true\n", "duplicate-key", "stands here and in line 2", V + "automerge: true\n"),
    "broken YAML": Row(V + "projects: [\n", "yaml-unreadable", "not readable as YAML", V + "projects: []\n"),
    "a further document": Row(V + "---\nversion: 9\n", "further-document", "only the first one is read", V + "...\n", "warning"),
    "a merge of no mapping": Row(
        V + "projects: [{<<: [x], dir: a}]\n",
        "wrong-merge",
        "map merge requires map or sequence of maps",
        V + "projects: [{<<: [{dir: a}]}]\n",
    ),
}


def _project(settings: str) -> str:
    return f"{V}projects:\n- {{{settings}}}\n"


def _row(wrong: str, id: str, said: str, twin: str, severity: str = "error") -> Row:
    return Row(_project(wrong), id, said, _project(twin), severity)


WEIRD = "is not allowed: must contain only URL safe characters"
PROJECT = {
    "no dir": _row("name: a", "wrong-dir", "projects[0].dir: cannot be blank", "name: a, dir: a"),
    "an empty dir": _row('dir: ""', "wrong-dir", "projects[0].dir: cannot be blank", 'dir: "."'),
    "a dir of nothing": _row("dir: ", "wrong-dir", "projects[0].dir: cannot be blank", "dir: 1"),
    "a dir above": _row("dir: ../a", "wrong-dir", "projects[0].dir: cannot contain '..'", "dir: ./a"),
    "two dots in a name": _row("dir: a..b", "wrong-dir", "projects[0].dir: cannot contain '..'", "dir: a.b"),
    "a malformed glob": _row("dir: 'a/[x'", "wrong-dir", 'projects[0].dir: invalid glob pattern "a/[x"', "dir: 'a/[x]'"),
    "an open brace in a glob": _row("dir: 'a/*{x'", "wrong-dir", "invalid glob pattern", "dir: 'a/*{x}'"),
    "a dir with a slash in front": _row("dir: /a", "leading-slash", "begins with a slash, which Atlantis drops", "dir: a", "warning"),
    "a glob with a name": _row("dir: 'a/*', name: a", "name-dropped", "Atlantis drops it without a word", "dir: 'a/*'", "warning"),
    "a list as dir": _row("dir: [a]", "wrong-type", "projects[0].dir is a list", "dir: 2026-01-01"),
    "an empty name": _row("dir: a, name: ''", "wrong-name", "projects[0].name: if set cannot be empty", "dir: a, name: "),
    "a name with a blank": _row("dir: a, name: a b", "wrong-name", f'projects[0].name: "a b" {WEIRD}', "dir: a, name: a-b"),
    "a name that is a glob": _row(
        "dir: a, name: 'a*'", "wrong-name", "cannot contain glob pattern characters ('*', '?', '[')", "dir: a, name: a"
    ),
    "a name with a dash in front": _row("dir: a, name: -lead", "unwise-name", "read as an option", "dir: a, name: lead-", "warning"),
    "a name with dots": _row("dir: a, name: a..b", "unwise-name", "Atlantis accepts", "dir: a, name: a.b", "warning"),
    "a name with two slashes": _row("dir: a, name: a//b", "unwise-name", "Atlantis accepts", "dir: a, name: a/b", "warning"),
    "a long name": _row(f"dir: a, name: {'a' * 241}", "unwise-name", "256 bytes of at most 255", f"dir: a, name: {'a' * 240}", "warning"),
    "a workspace with a slash": _row("dir: a, workspace: a/b", "wrong-workspace", "is not allowed", "dir: a, workspace: a-b"),
    "a workspace with two dots": _row("dir: a, workspace: a..b", "wrong-workspace", "is not allowed", "dir: a, workspace: a.b"),
    "a workspace with a dollar": _row("dir: a, workspace: $a", "wrong-workspace", "is not allowed", "dir: a, workspace: a@b"),
    "a workspace with a blank": _row("dir: a, workspace: a b", "wrong-workspace", "is not allowed", "dir: a, workspace: ''"),
    "a workspace with a control character": _row(
        r'dir: a, workspace: "a\a"', "wrong-workspace", "is not allowed", "dir: a, workspace: a_b"
    ),
    "a workspace with a backslash": _row(r"dir: a, workspace: a\b", "wrong-workspace", "is not allowed", "dir: a, workspace: a"),
    "a workspace with a dash in front": _row("dir: a, workspace: -a", "wrong-workspace", "is not allowed", "dir: a, workspace: a-"),
    "a workspace with a tilde in front": _row("dir: a, workspace: ~a", "wrong-workspace", "is not allowed", "dir: a, workspace: a~"),
    "a branch without slashes": _row(
        "dir: a, branch: main", "wrong-branch", "regex must begin and end with a slash '/'", "dir: a, branch: /main/"
    ),
    "a branch of one slash": _row("dir: a, branch: /", "wrong-branch", "regex must begin and end with a slash '/'", "dir: a, branch: //"),
    "a branch that Go cannot read": _row(
        "dir: a, branch: '/(?!x)/'", "wrong-branch", "parsing: /(?!x)/: error parsing", "dir: a, branch: '/(?:x)/'"
    ),
    "a constraint": _row(
        "dir: a, terraform_version: ~> 1.9",
        "wrong-version",
        'version "~> 1.9" could not be parsed: malformed version: ~> 1.9',
        "dir: a, terraform_version: 1.9",
    ),
    "a version left as a template": _row(
        "dir: a, terraform_version: <V>", "wrong-version", "malformed version: <V>", "dir: a, terraform_version: v1.9.0-rc1"
    ),
    "a version of nothing": _row("dir: a, terraform_version: latest", "wrong-version", "malformed version", "dir: a, terraform_version: 1"),
    "terraform_distribution": _row(
        "dir: a, terraform_distribution: tofu",
        "unknown-value",
        "'tofu' is not a valid terraform_distribution, only 'terraform' and 'opentofu' are supported",
        "dir: a, terraform_distribution: opentofu",
    ),
    "autoplan.enabled": _row(
        "dir: a, autoplan: {enabled: 2}", "wrong-type", "autoplan.enabled is the number 2", "dir: a, autoplan: {enabled: off}"
    ),
    "a key of autoplan": _row(
        "dir: a, autoplan: {apply_requirements: [approved]}",
        "unknown-key",
        "field apply_requirements not found in type raw.Autoplan",
        "dir: a, apply_requirements: [approved]",
    ),
    "when_modified as text": _row(
        "dir: a, autoplan: {when_modified: '*.tf'}", "wrong-type", "write a list", "dir: a, autoplan: {when_modified: []}"
    ),
    "execution_order_group in quotes": _row(
        "dir: a, execution_order_group: '1'", "wrong-type", "without quotes", "dir: a, execution_order_group: -1"
    ),
    "depends_on nobody": _row(
        "dir: a, depends_on: [b]", "unknown-dependency", 'there is no project "b"', "dir: a, depends_on: []", "warning"
    ),
    "depends_on itself": _row("dir: a, name: a, depends_on: [a]", "circular-dependency", "depends on itself", "dir: a, name: a", "warning"),
    "plan_requirements": _row(
        "dir: a, plan_requirements: [x]",
        "unknown-value",
        '"x" is not a valid plan_requirement, only "approved", "mergeable" and "undiverged" are supported',
        "dir: a, plan_requirements: [approved, mergeable, undiverged]",
    ),
    "apply_requirements": _row(
        "dir: a, apply_requirements: [policies_passed]",
        "unknown-value",
        '"policies_passed" is not a valid apply_requirement',
        "dir: a, apply_requirements: []",
    ),
    "import_requirements": _row(
        "dir: a, import_requirements: [Approved]",
        "unknown-value",
        '"Approved" is not a valid import_requirement',
        "dir: a, import_requirements: [approved]",
    ),
    "an unknown workflow": _row(
        "dir: a, workflow: x", "unknown-workflow", 'workflow "x" is not defined anywhere', "dir: a, workflow: default"
    ),
    "delete_source_branch_on_merge ": _row(
        "dir: a, delete_source_branch_on_merge: x", "wrong-type", "write true or false", "dir: a, delete_source_branch_on_merge: false"
    ),
    "repo_locking": _row(
        "dir: a, repo_locking: false", "deprecated-key", "it is deprecated", "dir: a, repo_locks: {mode: disabled}", "warning"
    ),
    "repo_locks.mode ": _row(
        "dir: a, repo_locks: {mode: off}", "unknown-value", "locks nothing", "dir: a, repo_locks: {mode: on_plan}", "warning"
    ),
    "custom_policy_check": _row("dir: a, custom_policy_check: x", "wrong-type", "write true or false", "dir: a, custom_policy_check: true"),
    "policy_check": _row("dir: a, policy_check: x", "wrong-type", "write true or false", "dir: a, policy_check: true"),
    "silence_pr_comments ": _row(
        "dir: a, silence_pr_comments: [x]",
        "unknown-value",
        "repo config 'silence_pr_comments' key value of 'x' is not supported, supported values are [plan, apply]",
        "dir: a, silence_pr_comments: [apply]",
    ),
    "a key of a project": _row("dir: a, directory: a", "unknown-key", "field directory not found in type raw.Project", "dir: a"),
}
ROWS = {**TOP, **PROJECT}


def _ids(names: object) -> list[str]:
    return [str(name).strip().replace(" ", "-") for name in names]  # type: ignore[attr-defined]


@pytest.mark.parametrize("row", ROWS.values(), ids=_ids(ROWS))
def test_a_row_of_the_reference(row: Row) -> None:
    """It is said once, with its line and what to do, and of the near twin nothing is said."""
    found = judged.judged(row.text)

    assert short(found) == [(row.severity, row.id)]
    assert row.said in str(found[0]) and found[0].file == "atlantis.yaml" and found[0].remedy
    assert found[0].line is not None and found[0].line <= row.text.count("\n") + 1
    assert judged.judged(row.twin) == []


@pytest.mark.parametrize("char", " :+@,=#'%;&$!()\"\\é" + "\u2028")
def test_characters_that_no_name_may_have(char: str) -> None:
    """Each of them, in the middle of a name."""
    found = judged.project(f'name: "a{chr(92) if char in (chr(34), chr(92)) else ""}{char}b"')

    assert short(found) == [("error", "wrong-name")] and WEIRD in found[0].message


@pytest.mark.parametrize("name", ["AZaz09-_.~/", "peering/a--b", "0", "a/b/c"])
def test_characters_that_a_name_may_have(name: str) -> None:
    """All of them."""
    assert judged.project(f"name: {name}") == []


WORDS = {
    "no braces": ("*.{tf,json}", "no-braces", "takes them literally", "*.{tf}"),
    "[!…]": ("[!a-m]*", "not-negated", "not a negated one", "[^a-m]*"),
    "an escaped exclusion": ("\\!docs", "escaped-exclusion", "excludes nothing", "x\\!docs"),
    "a leading slash": ("/x/*.tf", "from-project", "the project's directory, not the root", "x/*.tf"),
    "above the root": ("../../x", "above-root", "so it never matches", "../x"),
    "nothing": ("", "whole-directory", "everything below it", "**"),
    "its own directory": ("a/*.tf", "root-path", "never matches there", "../a/*.tf"),
    "a class that Go cannot compile": ("[z-a]", "wrong-pattern", "cannot compile", "[a-z]"),
}


@pytest.mark.parametrize("case", WORDS.values(), ids=_ids(WORDS))
def test_patterns_that_cannot_be_meant(case: tuple[str, str, str, str]) -> None:
    """Atlantis checks none; each is a warning, and a near twin is none."""
    wrong, id, said, twin = case

    found = judged.project(f"autoplan: {{when_modified: ['{wrong}']}}")

    assert short(found) == [("warning", id)] and said in found[0].message and found[0].line == 3
    assert judged.project(f"autoplan: {{when_modified: ['{twin}']}}") == []


def test_a_malformed_pattern_is_an_error() -> None:
    """It passes Atlantis' parser and then fails every plan of the pull request."""
    found = judged.project("autoplan: {when_modified: ['*.tf', '[a']}")

    assert short(found) == [("error", "wrong-pattern")] and "syntax error in pattern" in found[0].message


def test_exclusions_that_exclude_nothing() -> None:
    """Alone, or before what includes it again."""
    alone, before, behind = (
        judged.project(f"autoplan: {{when_modified: [{listed}]}}") for listed in ("'!x'", "'!x', '**/*.tf'", "'**/*.tf', '!x'")
    )

    assert (short(alone), short(before), behind) == ([("warning", "only-exclusions")], [("warning", "exclusion-first")], [])


def test_all_problems_are_said_at_once_in_order_of_line() -> None:
    """Also those of other projects, and those behind one of another kind."""
    text = "version: 5\nprojects:\n- dir: ..\n  name: a b\n  terraform_version: x\n- {}\nunknown: 1\n"

    found = judged.judged(text)

    assert [problem.line for problem in found] == [1, 3, 4, 5, 6, 7]
    assert {problem.severity for problem in found} == {Severity.ERROR}


def test_a_value_of_the_wrong_kind_hides_nothing_else() -> None:
    """The other keys of that project are judged."""
    found = judged.project("execution_order_group: x, terraform_version: x, workflow: [x]")

    assert sorted(problem.id for problem in found) == ["wrong-type", "wrong-type", "wrong-version"]


ANCHORS = """\
version: 3
projects:
- &base {dir: a, name: a, terraform_version: 1.9, autoplan: &auto {when_modified: &files ["*.tf"]}}
- {<<: *base, name: b, workspace: b}
- {<<: [{dir: c}, *base], name: c, autoplan: {<<: *auto, enabled: false}}
- {dir: d, autoplan: {when_modified: *files}}
workflows:
  one: &one {plan: {steps: [init, plan]}}
  two: {<<: *one, apply: }
"""


def test_anchors_aliases_and_merge_keys_are_read_as_atlantis_reads_them() -> None:
    """A mapping's own keys win; what is merged into it is judged where it stands."""
    good, bad = judged.judged(ANCHORS), judged.judged(ANCHORS.replace("1.9", "x"))

    assert good == []
    assert [(problem.id, problem.line, problem.message[:11]) for problem in bad] == [
        ("wrong-version", 3, f"projects[{n}]") for n in range(3)
    ]


def test_byte_order_marks_and_line_ends_are_fine() -> None:
    """As files from Windows have them."""
    assert validate(b"\xef\xbb\xbfversion: 3\r\nprojects:\r\n- dir: a\r\n", "atlantis.yaml") == []


def test_the_other_file_name_is_refused() -> None:
    """Atlantis finds it and stops."""
    found: list[Problem] = validate(b"version: 3\n", "x/atlantis.yml", server=ALL)

    assert short(found) == [("error", "wrong-file-name")]
    assert found[0].message == 'found "atlantis.yml" as config file; rename using the .yaml extension'
    assert validate(b"version: 3\n", "x/atlantis.yaml", server=ALL) == []
