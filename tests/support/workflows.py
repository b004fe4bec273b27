"""The workflows of a landing zone, and a machine that runs the shell in them with tools of the test's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.cli import REPOSITORY, Outcome

EMITTED = REPOSITORY / "skeletons/landing-zone/{{cookiecutter.directory}}"
WORKFLOWS = EMITTED / ".github/workflows"
NAMES = tuple(sorted(path.stem for path in WORKFLOWS.iterdir()))
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""How GitHub runs a step of `shell: bash`."""
_GH = Path(__file__).with_name("fake_gh.py")
_OUTPUT = re.compile(r"^(\w+)(?:=([^\n]*)|<<(\S+)\n(.*?)\n^\3)$", re.MULTILINE | re.DOTALL)


def document(name: str) -> dict[str, Any]:
    """A workflow; every scalar is a text, so that the key `on` is no boolean."""
    found: dict[str, Any] = yaml.load((WORKFLOWS / f"{name}.yml").read_text(), Loader=yaml.BaseLoader)
    return found


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(workflow, job, what it says) of all workflows."""
    for name in NAMES:
        for job, said in document(name)["jobs"].items():
            yield name, job, said


def steps() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(workflow, job, step) of all workflows."""
    for name, job, said in jobs():
        for step in said["steps"]:
            yield name, job, step


def script(workflow: str, step: str) -> str:
    """The shell of the one step of a workflow that has this name."""
    (found,) = [said["run"] for name, _, said in steps() if name == workflow and said["name"] == step]
    assert isinstance(found, str)
    return found


@dataclass(frozen=True, slots=True)
class Machine:
    """A runner: `bin` comes first on its PATH, `temp` is RUNNER_TEMP, and nothing of the caller's environment but PATH is known."""

    root: Path

    @property
    def bin(self) -> Path:
        """Where the test's own tools stand."""
        return self.root / "bin"

    @property
    def temp(self) -> Path:
        """RUNNER_TEMP."""
        return self.root / "temp"

    def tool(self, name: str, body: str) -> None:
        """Put a command on PATH: a shell script."""
        self.bin.mkdir(exist_ok=True)
        (self.bin / name).write_text(f"#!/bin/sh\n{body}\n")
        (self.bin / name).chmod(0o755)

    def github(self) -> None:
        """Put a `gh` on PATH that answers from `temp/github.json`."""
        self.tool("gh", f'FAKE_GITHUB="{self.temp}/github.json" exec "{sys.executable}" "{_GH}" "$@"')

    def run(
        self, script: str, at: Path, shell: Sequence[str] = BASH, env: Mapping[str, str] | None = None, path: str | None = None
    ) -> Outcome:
        """Run a script in a directory, as a file of its own; `path` replaces what follows `bin` on PATH."""
        self.temp.mkdir(exist_ok=True)
        file = self.temp / "step.sh"
        file.write_text(script)
        done = subprocess.run(
            [*shell, str(file)], cwd=at, env=self._environment(path, env or {}), capture_output=True, text=True, check=False
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def _environment(self, path: str | None, env: Mapping[str, str]) -> dict[str, str]:
        return {
            "PATH": f"{self.bin}:{os.environ['PATH'] if path is None else path}",
            "HOME": str(self.temp),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GITHUB_REPOSITORY": "acme/landing-zone",
            "GITHUB_RUN_ID": "77",
            "GITHUB_SERVER_URL": f"file://{self.root}",
            **env,
        }

    def outputs(self) -> dict[str, str]:
        """What the steps have written to GITHUB_OUTPUT."""
        file = self.temp / "output"
        found = _OUTPUT.findall(file.read_text()) if file.exists() else []
        return {name: text if mark else value for name, value, mark, text in found}
