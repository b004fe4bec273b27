"""The header of managed files: it says who rewrites the file, and whether somebody else has edited it.

No version stands in it, so a new release that writes the same body re-plans nothing.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from generator.hcl.quoting import canonical_json, digest, terraform_json

MARK = 'Managed by scaffold; run "scaffold sync".'
COMMENT = "//"
_HEADER = f"# {MARK}".encode()
_encode = json.JSONEncoder(ensure_ascii=False).encode
_quoted = lru_cache(maxsize=1 << 12)(_encode)  # keys and most values come again in every file


class Ownership(enum.Enum):
    """What a file's header says of it."""

    INTACT = "intact"
    EDITED = "edited"
    THEIRS = "theirs"


def text_file(body: str) -> bytes:
    """A managed file of HCL, or of anything else whose comments start with `#`."""
    content = body.encode()
    return f"# {MARK} {digest(content)}\n".encode() + content


def json_file(body: Mapping[str, Any]) -> bytes:
    """A managed JSON file: the hash is taken of the canonical JSON, so a reformatted file is not an edited one."""
    return _json_file(body, canonical_json(body))


def terraform_file(body: Mapping[str, Any]) -> bytes:
    """A managed `*.tf.json`, in which Terraform finds exactly the strings of `body`."""
    canonical = canonical_json(body)
    if canonical.isascii() and b"${" not in canonical and b"%{" not in canonical:
        return _json_file(body, canonical)  # nothing to escape, in nearly every file
    return json_file(terraform_json(body))


def _json_file(body: Mapping[str, Any], canonical: bytes) -> bytes:
    marked = {COMMENT: f"{MARK} {digest(canonical)}", **body}
    return _apart(_indented(marked, "\n")).encode() + b"\n"


def _indented(value: Any, margin: str) -> str:
    """What `json.dumps(value, indent=2, ensure_ascii=False)` writes; that takes five times as long, being pure Python."""
    if not value or not isinstance(value, (dict, list, tuple)):
        return _encode(value)
    inner = margin + "  "
    if isinstance(value, dict):
        items = [f"{_quoted(key)}: {_quoted(item) if type(item) is str else _indented(item, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(items)}{margin}}}"
    return f"[{inner}{f',{inner}'.join(_indented(item, inner) for item in value)}{margin}]"


def _apart(document: str) -> str:
    """Letters that join what follows them, escaped: Terraform would take such a letter and a closing quote for one sign."""
    if document.isascii():
        return document
    import regex  # only for names outside ASCII

    escaped: str = regex.sub(r"\p{GCB=Prepend}", lambda found: json.dumps(found[0])[1:-1], document)
    return escaped


def ownership(path: str, content: bytes) -> Ownership:
    """Whose a file is. Line ends do not count: a checkout may have turned them into CRLF."""
    return _of_json(content) if path.endswith(".json") else _of_text(content)


def marked(content: bytes) -> bool:
    """Does a text file start with our header, edited or not?"""
    return content.startswith(_HEADER)


def _of_text(content: bytes) -> Ownership:
    if not marked(content):
        return Ownership.THEIRS
    first, _, body = content.replace(b"\r\n", b"\n").partition(b"\n")
    return Ownership.INTACT if first == f"# {MARK} {digest(body)}".encode() else Ownership.EDITED


def _of_json(content: bytes) -> Ownership:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return Ownership.EDITED if MARK.replace('"', '\\"').encode() in content else Ownership.THEIRS
    comment = document.get(COMMENT) if isinstance(document, dict) else None
    if not isinstance(comment, str) or not comment.startswith(MARK):
        return Ownership.THEIRS
    body = {key: value for key, value in document.items() if key != COMMENT}
    try:
        return Ownership.INTACT if comment == f"{MARK} {digest(canonical_json(body))}" else Ownership.EDITED
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can spell and nobody can write
        return Ownership.EDITED
