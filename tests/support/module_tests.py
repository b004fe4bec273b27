"""`terraform test` of a module: its files lie beside our tests, since what lies in the module is emitted."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support import terraform
from tests.support.root_modules import SKELETONS

FILES = Path(__file__).resolve().parents[1] / "terraform"
_RUN = re.compile(r'^run "(\w+)"', re.MULTILINE)


def runs(skeleton: str) -> list[str]:
    """The names of all runs in the test files of a skeleton's module."""
    return [name for file in sorted((FILES / skeleton).glob("*.tftest.hcl")) for name in runs_of(file)]


def runs_of(file: Path) -> list[str]:
    """The names of all runs in a test file."""
    return _RUN.findall(file.read_text())


def verdicts(skeleton: str, folder: Path, source: Path, env: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Run them all in a copy of the module below `folder`: name of a run -> how it ended, and what was wrong."""
    root = folder / "module"
    shutil.copytree(SKELETONS / skeleton / "module", root)
    return verdicts_of(root, sorted((FILES / skeleton).glob("*.tftest.hcl")), source, env)


def verdicts_of(root: Path, files: Iterable[Path], source: Path, env: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The same of given test files, in a module or root module that is there."""
    for file in files:
        shutil.copy2(file, root)
    terraform.prepared(root, source, env)
    events = [json.loads(line) for line in terraform.run(["test", "-json"], root, env).stdout.splitlines()]
    wrong: dict[str, str] = {}
    for event in events:
        if event["type"] == "diagnostic":
            said = event["diagnostic"]
            wrong[event.get("@testrun", "")] = f"{wrong.get(event.get('@testrun', ''), '')}{said['summary']}: {said.get('detail')}\n"
    ended = [event["test_run"] for event in events if event["type"] == "test_run" and event["test_run"]["progress"] == "complete"]
    return {run["run"]: (run["status"], wrong.get(run["run"], "")) for run in ended}
