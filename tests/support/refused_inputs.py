"""What modules refuse: one validate over a root that calls them many times."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support import terraform
from tests.support.root_modules import ACCOUNT, PROVIDERS, SKELETONS, VERSIONS

Row = tuple[str, str, Any, str]
"""Module, argument, bad value, start of the module's message."""


Call = tuple[str, Mapping[str, Any]]
"""Module, arguments."""


def spoiled(good: Mapping[str, Mapping[str, Any]], rows: Sequence[Row]) -> list[Call]:
    """A call for each row: the good arguments of its module, and the bad one."""
    return [(module, {**good[module], argument: value}) for module, argument, value, _ in rows]


def messages(calls: Sequence[Call], top: Path, source: Path, env: Mapping[str, str]) -> list[str]:
    """What the modules say to these calls; `top` is an empty folder, `source` and `env` are as for `terraform.prepared`."""
    root = _root(calls, top, source, env)
    return [str(diagnostic["detail"]) for diagnostic in terraform.validate_json(root, env)]


def planned_messages(calls: Sequence[Call], top: Path, source: Path, env: Mapping[str, str]) -> list[str]:
    """The same of a plan, which alone compares one argument with another; `env` must come from `terraform.environment`."""
    root = _root(calls, top, source, env)
    events = [json.loads(line) for line in terraform.run(["plan", "-json"], root, env).stdout.splitlines()]
    return [str(event["diagnostic"]["detail"]) for event in events if event["type"] == "diagnostic"]


def _root(calls: Sequence[Call], top: Path, source: Path, env: Mapping[str, str]) -> Path:
    for skeleton in {module for module, _ in calls}:
        shutil.copytree(SKELETONS / skeleton / "module", top / "modules" / skeleton)
    root = top / "root"
    root.mkdir()
    modules = {f"row_{row}": {"source": f"../modules/{module}", **arguments} for row, (module, arguments) in enumerate(calls)}
    content = {"module": modules, "locals": {"account": ACCOUNT}}
    (root / "main.tf.json").write_text(json.dumps(content), encoding="utf-8")
    (root / "versions.tf").write_text(VERSIONS, encoding="utf-8")
    (root / "providers.tf").write_text(PROVIDERS, encoding="utf-8")
    return terraform.prepared(root, source, env)
