"""Changes of a landing zone's files, each of text that stands in a file once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from generator import inventory


def replaced(files: Mapping[str, bytes], path: str, *changes: tuple[str, str]) -> dict[str, bytes]:
    """The files with text of one of them replaced."""
    source = files[path].decode()
    for old, new in changes:
        assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {path}"
        source = source.replace(old, new)
    return {**files, path: source.encode()}


def described(files: Mapping[str, bytes], *accounts: str) -> dict[str, bytes]:
    """The files beside an accounts.yaml, each account of it in one line."""
    lines = "".join(f"  {line}\n" for line in accounts)
    return {**files, "accounts.yaml": f"version: 1\naccounts:\n{lines}".encode()}


def known(files: Mapping[str, bytes], change: Callable[[dict[str, Any]], object]) -> dict[str, bytes]:
    """The files with another inventory: `change` is given its accounts by id."""
    document = json.loads(files[inventory.FILE])
    change(document["accounts"])
    return {**files, inventory.FILE: json.dumps(document).encode()}
