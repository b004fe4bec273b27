"""Request folders in the styles that people write them in, and what each says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from generator.accounts.model import FOLDER, Record, Values
from generator.accounts.read import Reading, read_folder
from generator.files import MemoryTree

REQUESTS = Path(__file__).resolve().parents[1] / "terraform/requests"
EXPECTED = "expected.txt"
STYLES = tuple(sorted(path.name for path in REQUESTS.iterdir()))


def files(style: str) -> dict[str, bytes]:
    """The files of a style, relative to the folder that Terraform runs in."""
    folder = REQUESTS / style
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != EXPECTED)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def reading(style: str) -> Reading:
    """What we read of it."""
    return read_folder(MemoryTree({f"{FOLDER}/{path}": content for path, content in files(style).items()}))


def said(found: Reading) -> str:
    """Every account with all it says, and every problem, one fact a line."""
    lines = [line for record in found.records for line in _record(record)]
    return "\n".join([*lines, *(f"! {problem.place}: {problem.id}: {problem.message}" for problem in found.problems), ""])


def _record(record: Record) -> Iterator[str]:
    request = record.request
    yield f"{request.label} ({record.file.removeprefix(f'{FOLDER}/')}:{record.line})"
    yield f"  {_said(request.control_tower)}"
    for word, values in (("tags", request.tags), ("change", request.change), ("fields", request.custom_fields)):
        if values:
            yield f"  {word} {_said(values)}"
    if request.customizations:
        yield f"  customizations {request.customizations}"


def _said(values: Values) -> str:
    return ", ".join(f"{key}={json.dumps(str(values[key]), ensure_ascii=False)}" for key in sorted(values))
