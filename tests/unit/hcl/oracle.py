"""Terraform's own answer: is this text HCL, and what is this value?"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from generator.hcl.values import Fields, Items, Number, Value
from tests.support.terraform import require_terraform

_QUIET = {"CHECKPOINT_DISABLE": "1"}


def accepts(source: bytes) -> bool:
    """Does `terraform fmt` parse it? Only syntax counts, so names may be unknown to Terraform."""
    done = subprocess.run([require_terraform(), "fmt", "-"], input=source, capture_output=True, env={**os.environ, **_QUIET}, check=False)
    return done.returncode == 0


def local_values(source: bytes, names: list[str], folder: Path) -> list[Any]:
    """What `local.NAME` of a file is worth, for each name."""
    (folder / "locals.tf").write_bytes(source)
    expression = f"jsonencode([{', '.join(f'local.{name}' for name in names)}])\n"
    command = [require_terraform(), "console"]
    done = subprocess.run(command, cwd=folder, input=expression.encode(), capture_output=True, env={**os.environ, **_QUIET}, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: list[Any] = json.loads(json.loads(done.stdout.split(b"\n")[0]))
    return found


def plain(value: Value) -> Any:
    """A value of ours as what `json.loads` makes of Terraform's JSON."""
    if isinstance(value, Items):
        return [plain(item) for item in value.values]
    if isinstance(value, Fields):
        return {key: plain(item) for key, item in value.values.items()}
    return float(str(value)) if isinstance(value, Number) else value
