"""Terraform's own answer: is this text HCL, and what is this value?"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

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
