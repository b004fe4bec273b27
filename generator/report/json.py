"""The one JSON object that every command prints with `--format json`.

`{"schema": "scaffold.COMMAND/1", "status": N, "data": …, "problems": [{"id", "severity", "file", "line",
"value", "message", "remedy"}]}`. The number behind the slash rises when a key is removed or changes its meaning; the words
of a command such as `peering plan` are joined by a dot: `scaffold.peering.plan/1`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from generator.problems import Problem

_FIELDS = ("file", "line", "value", "message", "remedy")


def envelope(command: str, status: int, data: Any, problems: Iterable[Problem]) -> str:
    """The object, indented, with a line end."""
    listed = [
        {"id": found.id, "severity": found.severity.value, **{field: getattr(found, field) for field in _FIELDS}} for found in problems
    ]
    document = {"schema": f"scaffold.{command.replace(' ', '.')}/1", "status": int(status), "data": data, "problems": listed}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
