"""What every workflow keeps to, judged by zizmor and by rules of our own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from generator import __version__
from generator.cli.main import COMMANDS
from tests.support import cli
from tests.support.fake_gh import MEANINGS
from tests.support.workflows import EMITTED, NAMES, WORKFLOWS, document, jobs, steps

PIN = re.compile(r"uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$")
SCRIPTS = [pytest.param(step["run"], id=f"{name}: {step['name']}") for name, _, step in steps() if "run" in step]

_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_PERMISSIONS = {"type": "object", "additionalProperties": {"enum": ["read", "write", "none"]}}
_STEP = {
    "properties": {key: {"type": "string"} for key in ("name", "id", "if", "uses", "run")} | {"with": _TEXTS, "env": _TEXTS},
    "required": ["name"],
    "oneOf": [{"required": ["uses"]}, {"required": ["run"]}],
    "additionalProperties": False,
}
_JOB = {
    "properties": {key: {"type": "string"} for key in ("name", "needs", "if", "runs-on", "timeout-minutes", "environment")}
    | {"permissions": _PERMISSIONS, "env": _TEXTS, "outputs": _TEXTS, "strategy": {"type": "object"}}
    | {"steps": {"type": "array", "items": _STEP, "minItems": 1}},
    "required": ["name", "runs-on", "timeout-minutes", "permissions", "steps"],
    "additionalProperties": False,
}
SCHEMA = {
    "properties": {
        **{key: {"type": "object"} for key in ("on", "concurrency", "defaults")},
        "name": {"type": "string"},
        "permissions": _PERMISSIONS,
        "jobs": {"type": "object", "additionalProperties": _JOB},
    },
    "required": ["name", "on", "permissions", "concurrency", "defaults", "jobs"],
    "additionalProperties": False,
}
"""What these workflows use of GitHub's schema, every job bounded and with permissions of its own."""


def _zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--no-progress", "--pedantic", "--color=never", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_zizmor_finds_nothing() -> None:
    """Neither an error of the schema nor a weakness: injection, permissions, credentials, triggers, pins."""
    done = _zizmor(WORKFLOWS)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        ('--base "$BASE"\n', "--base ${{ github.head_ref }}\n", "template-injection"),
        ("          persist-credentials: false\n", "", "artipacked"),
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
    ],
)
def test_zizmor_would_find_it(tmp_path: Path, old: str, new: str, finding: str) -> None:
    """The near twin of each: what is forbidden is noticed."""
    workflow = tmp_path / ".github/workflows/gate.yml"
    cli.written(tmp_path, {".github/workflows/gate.yml": (WORKFLOWS / "gate.yml").read_text().replace(old, new, 1).encode()})

    done = _zizmor(workflow)

    assert done.returncode != 0 and finding in done.stdout + done.stderr


def test_every_key_is_one_of_githubs() -> None:
    """A misspelt key is refused by GitHub only once the workflow is on main."""
    for name in NAMES:
        jsonschema.validate(document(name), SCHEMA)


@pytest.mark.parametrize(
    "change", [{"timeout-minute": "15"}, {"steps": []}, {"steps": [{"name": "x"}]}, {"permissions": {"contents": "all"}}]
)
def test_a_misspelt_key_is_noticed(change: dict[str, Any]) -> None:
    """The near twin: the schema refuses something."""
    found = document("gate")
    found["jobs"]["gate"] |= change

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)


def test_expressions_name_what_there_is() -> None:
    """A step that is asked for its output has that id and stands before; a job that is asked declares it."""
    asked = 0
    for name, job, said in jobs():
        before: list[str] = []
        for step in said["steps"]:
            for words in re.findall(r"steps\.(\w+)\.", json.dumps(step)):
                asked += 1
                assert words in before, f"{name}: {job}: {step['name']}"
            before.append(step.get("id", ""))
        for needed, output in re.findall(r"needs\.(\w+)\.outputs\.(\w+)", json.dumps(said)):
            assert needed == said["needs"] and output in document(name)["jobs"][needed]["outputs"]
    assert asked > 10


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_shell_is_shell(script: str) -> None:
    """bash reads it, and no expression is pasted into it: what comes from outside comes by the environment."""
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "${{" not in script


def test_there_is_shell_to_check() -> None:
    """Four workflows, with the steps that other tests run."""
    assert NAMES == ("aft-push", "audit", "gate", "sync") and len(SCRIPTS) > 10


def test_actions_are_pinned() -> None:
    """To a commit, with the version beside it; one version of each."""
    lines = [line for name in NAMES for line in (WORKFLOWS / f"{name}.yml").read_text().splitlines() if " uses: " in line]
    pins = [PIN.search(line) for line in lines]

    assert len(lines) > 5 and None not in pins
    assert len({pin[1] for pin in pins if pin}) == len({pin.groups() for pin in pins if pin}) == 3


def test_permissions_are_the_least() -> None:
    """No workflow has any, each job names its own, and these are all that write."""
    writing = {(name, job, key) for name, job, said in jobs() for key, value in said["permissions"].items() if value == "write"}

    assert all(document(name)["permissions"] == {} for name in NAMES)
    assert writing == {
        ("gate", "comment", "pull-requests"),
        ("sync", "sync", "id-token"),
        ("audit", "audit", "id-token"),
        ("audit", "audit", "security-events"),
    }


def test_each_job_is_bounded() -> None:
    """In time, and one at a time: two pushes to AFT, or two pull requests of one night, would race."""
    assert all(int(said["timeout-minutes"]) <= 60 for _, _, said in jobs())
    cancelled = {name: document(name)["concurrency"]["cancel-in-progress"] for name in NAMES}
    assert cancelled == {"gate": "true", "sync": "false", "aft-push": "false", "audit": "false"}


def test_a_pull_request_meets_no_secret() -> None:
    """Its code runs with a token that reads; the job that writes runs none of it."""
    text = (WORKFLOWS / "gate.yml").read_text()
    (comment,) = [said for name, job, said in jobs() if (name, job) == ("gate", "comment")]

    assert document("gate")["on"] == {"pull_request": ""} and "secrets." not in text
    assert "uses" not in str(comment) and "head.repo.full_name == github.repository" in comment["if"]


def test_what_reaches_aft_comes_from_main() -> None:
    """Its key is in an environment, and neither AFT nor AWS is reached from another branch."""
    found = {(name, job): said for name, job, said in jobs() if name != "gate"}

    assert all("github.ref == 'refs/heads/main'" in said["if"] for said in found.values())
    assert found["aft-push", "push"]["environment"] == "aft" and "environment" not in found["sync", "sync"]


def test_the_whole_history_is_there_where_it_is_split() -> None:
    """A shallow checkout splits to another root; the gate needs the base, and no more."""
    depths = {name: step["with"]["fetch-depth"] for name, _, step in steps() if "checkout" in step.get("uses", "")}

    assert depths == {"aft-push": "0", "gate": "2", "sync": "0", "audit": "1"}


def test_the_commands_exist() -> None:
    """What a workflow or a hook calls is a command of scaffold."""
    text = "".join(step["run"] for _, _, step in steps() if "run" in step) + (cli.REPOSITORY / ".pre-commit-hooks.yaml").read_text()
    called = set(re.findall(r"^\s*(?:entry: )?scaffold ([a-z]+)", text, re.MULTILINE))

    assert {"lint", "sync", "atlantis", "peering"} <= called <= {*COMMANDS}


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_the_fake_means_what_jq_means() -> None:
    """The expressions of the workflows, on items of which each leaves some out."""
    marked = {"user": {"login": "github-actions[bot]"}, "body": "<!-- scaffold:summary -->\n"}
    pull = {"headRefName": "scaffold/sync-7", "isCrossRepository": False, "title": "scaffold sync needs a person"}
    items = [
        {"id": 1, "number": 1, **marked, **pull, "isCrossRepository": True, "title": "x", "user": {"login": "eve"}},
        {"id": 2, "number": 2, **marked, **pull, "headRefName": "x", "body": "x"},
        {"id": 3, "number": 3, **marked, **pull},
    ]
    for expression, meaning in MEANINGS.items():
        for given in (items, items[:1], []):
            done = subprocess.run(["jq", "-r", expression], input=json.dumps(given), capture_output=True, text=True, check=True)
            assert done.stdout.splitlines() == [str(value) for value in meaning(given)]


def _hooks(path: Path) -> list[dict[str, Any]]:
    found: Any = yaml.safe_load(path.read_text())
    return list(found) if isinstance(found, list) else [hook for repo in found["repos"] for hook in repo["hooks"]]


def test_the_emitted_hooks_are_ours(tmp_path: Path) -> None:
    """init configures the hooks that this repository offers, in the version that wrote the configuration."""
    cli.must(tmp_path, "init")
    offered = {hook["id"]: hook for hook in _hooks(cli.REPOSITORY / ".pre-commit-hooks.yaml")}
    configured = {hook["id"]: hook for hook in _hooks(tmp_path / ".pre-commit-config.yaml") if hook["id"].startswith("scaffold-")}

    assert set(offered) == set(configured) and len(offered) == 3
    for name, hook in configured.items():
        assert hook.pop("additional_dependencies") == [f"aft-scaffold=={__version__}"]
        assert hook == {key: value for key, value in offered[name].items() if key != "description"}


def test_ci_installs_the_version_that_wrote_it(tmp_path: Path) -> None:
    """A later release comes by a pull request of Renovate, not overnight."""
    cli.must(tmp_path, "init")
    installed = [step["run"] for _, _, step in steps() if step["name"] == "Install scaffold"]

    assert (tmp_path / ".github/requirements.txt").read_text() == f"aft-scaffold=={__version__}\n"
    assert len(installed) == 3 and all("--requirement .github/requirements.txt" in run for run in installed)
    defaults = json.loads((cli.REPOSITORY / "skeletons/landing-zone/cookiecutter.json").read_text())
    assert defaults["scaffold_version"] == __version__


def test_renovate_sees_what_it_keeps_current() -> None:
    """The one lock, the actions and the tool; no stack and no module."""
    settings = json.loads((EMITTED / "renovate.json").read_text())

    assert "helpers:pinGitHubActionDigests" in settings["extends"]
    assert set(settings["enabledManagers"]) == {"github-actions", "pip_requirements", "pre-commit", "terraform"}
    assert settings["includePaths"] == [".github/**", ".pre-commit-config.yaml", "providers/versions.tf"]
    assert "scaffold sync --only" in str(settings["packageRules"])
