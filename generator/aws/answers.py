"""Values out of AWS's answers, once for every reader. What decides is there, or a KeyError names what an answer lacks."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any


def text(found: Mapping[str, Any], key: str) -> str:
    """A value that decides: an empty one would match nothing, as if it were not there."""
    if not (value := found.get(key)):
        raise KeyError(key)
    return str(value)


def tags(found: Mapping[str, Any]) -> dict[str, str]:
    """The tags of something. AWS leaves them out, and only those, where there are none."""
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}


def moment(value: datetime.datetime | None) -> str:
    """A moment as `2026-11-24T09:30:00Z`; "" for none."""
    return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value is not None else ""


def now() -> str:
    """This moment."""
    return moment(datetime.datetime.now(datetime.UTC))
