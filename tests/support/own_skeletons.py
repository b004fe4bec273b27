"""A landing zone's own skeletons, as files: one that adds a queue, and a next version of a built-in one."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.cli import REPOSITORY

ROOT = "{{cookiecutter.stack}}"
MANIFEST: Mapping[str, Any] = {
    "stack": "queue-jobs",
    "modules": "../../../../modules",
    "version": "1.0.0",
    "instance": "jobs",
    "production": "no",
    "_jinja2_env_vars": {"lstrip_blocks": True, "trim_blocks": True},
    "_scaffold": {
        "summary": "A queue of one application",
        "version": "1.0.0",
        "needs": "account",
        "module": "queue",
        "instance": True,
        "inputs": {
            "instance": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,29}$", "help": "the application that reads the queue"},
            "production": {"type": "bool", "pattern": "^(yes|no)$", "help": "yes: messages are kept for two weeks; no: for a day"},
        },
    },
}
MAIN = """\
module "queue" {
  source = "{{ cookiecutter.modules }}/queue/{{ cookiecutter.version }}"

  name = "{{ cookiecutter.instance }}"
{% if cookiecutter.production == "yes" %}
  keep_days = 14
{% else %}
  keep_days = 1
{% endif %}
}
"""
MODULE = """\
variable "name" {
  description = "Name of the queue."
  type        = string
}

variable "keep_days" {
  description = "Days for which a message is kept."
  type        = number
}

resource "aws_sqs_queue" "this" {
  name                      = var.name
  message_retention_seconds = var.keep_days * 86400
  sqs_managed_sse_enabled   = true
}
"""


def manifest(said: Mapping[str, Any] | None = None, **public: Any) -> bytes:
    """`cookiecutter.json` of the queue; `said` changes what stands in `_scaffold`, where None takes a word out."""
    scaffold = {key: value for key, value in {**MANIFEST["_scaffold"], **(said or {})}.items() if value is not None}
    return json.dumps({**MANIFEST, "_scaffold": scaffold, **public}, indent=2).encode()


def queue(said: Mapping[str, Any] | None = None, **public: Any) -> dict[str, bytes]:
    """The files of the skeleton, below its folder; they call the module that `said` names."""
    module = (said or {}).get("module") or "queue"
    return {
        "README.md": b"# queue\n",
        "cookiecutter.json": manifest(said, **public),
        f"{ROOT}/main.tf": MAIN.replace("/queue/", f"/{module}/").encode(),
        f"{ROOT}/outputs.tf": b"",
        "module/main.tf": MODULE.encode(),
    }


def below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files in a folder."""
    return {f"{folder}/{path}": content for path, content in files.items()}


def next_version(name: str, version: str, variables: str = "") -> dict[str, bytes]:
    """A built-in skeleton with another version, and with more variables in its module."""
    folder = REPOSITORY / "skeletons" / name
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    document = json.loads(files["cookiecutter.json"])
    document["_scaffold"]["version"] = version
    files["cookiecutter.json"] = json.dumps(document).encode()
    files["module/variables.tf"] += variables.encode()
    return files


def packed(path: Path, entries: Mapping[str, bytes], links: Mapping[str, str] | None = None, method: int = zipfile.ZIP_STORED) -> Path:
    """An archive with one folder at its top, as git hosts make them."""
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("queue-1.0.0/", b"")
        for name, content in entries.items():
            archive.writestr(name, content)
        for name, target in (links or {}).items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, target)
    return path
