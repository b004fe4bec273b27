"""What Terraform 1.6.1 does not understand, found in a file's syntax tree: AFT runs that version unless it is told another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import hcl2

_BLOCKS = {"removed": "1.7", "ephemeral": "1.10", "action": "1.14", "list": "1.14"}
_FUNCTIONS = re.compile(r"\b(provider::|issensitive\(|templatestring\(|ephemeralasnull\()")
_WRITE_ONLY = re.compile(r"\w+_wo(_version)?")
_ARGUMENTS = {"ephemeral", "use_lockfile"}
_OTHER_VALUES = re.compile(r"\b(var|local|data|module)\.(\w+)")


def newer(source: str) -> list[str]:
    """Every construct of a file of HCL that needs a Terraform newer than 1.6.1, in words."""
    return sorted(set(_newer(hcl2.loads(source))))


def _newer(document: dict[str, Any]) -> Iterator[str]:
    for kind, blocks in document.items():
        if kind in _BLOCKS:
            yield f"{kind} (Terraform {_BLOCKS[kind]})"
        if kind == "import" and any("for_each" in block for block in blocks):
            yield "import with for_each (Terraform 1.7)"
        if kind == "variable":
            yield from (found for block in blocks for name, body in block.items() for found in _crossing(_bare(name), body))
    for key, text in _walk(document):
        if key in _ARGUMENTS or _WRITE_ONLY.fullmatch(key):
            yield f"the argument {key} (Terraform 1.10 or later)"
        yield from (f"{function} (Terraform 1.8 or later)" for function in _FUNCTIONS.findall(text))


def _crossing(name: str, body: Any) -> Iterator[str]:
    """A validation could only speak of its own variable before 1.9."""
    for validation in body.get("validation", ()) if isinstance(body, dict) else ():
        for key, text in _walk(validation):
            if key == "condition" and any(other != ("var", name) for other in _OTHER_VALUES.findall(text)):
                yield f"a validation of {name} that looks at something else (Terraform 1.9)"


def _walk(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every key, and every text with the key that it stands under."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield _bare(name), ""
            yield from _walk(item, _bare(name))
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, key)
    else:
        yield key, str(value)


def _bare(name: str) -> str:
    return name.strip('"')
