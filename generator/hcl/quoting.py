"""A value never becomes an expression: the only code that turns text into HCL or Terraform JSON.

Terraform evaluates `${` and `%{` in every string, in `*.tf.json` too (keys included), and NFC-normalises
every string it reads. So text is normalised on the way in and both openers are doubled on the way out.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9 _.:/=+@,;()!?*#<>\[\]{}|~^&'`-]*\Z")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SEPARATORS = "\x85\u2028\u2029\ufeff"
_UNESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([nrt"\\]))|\$\$\{|%%\{|\$\{|%\{|\\')
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def text(value: str) -> str:
    """The value as Terraform will see it (NFC). ValueError for a lone surrogate: it would become U+FFFD silently."""
    if value.isascii():
        return value
    value.encode("utf-8")
    return unicodedata.normalize("NFC", value)


@lru_cache(maxsize=1 << 13)  # keys, owners and environments come again in every request
def quote(value: str) -> str:
    """An HCL string literal that Terraform evaluates to exactly `text(value)`."""
    if _PLAIN.match(value):
        return f'"{value}"'
    return f'"{escape_template("".join(map(_escape, text(value))))}"'


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if ord(char) < 0x20 or char == "\x7f" or char in _SEPARATORS:
        return f"\\u{ord(char):04X}"
    return char


def escape_template(value: str) -> str:
    """The value with both template openers doubled: right also for text that already holds `$${`."""
    return value.replace("${", "$${").replace("%{", "%%{") if "{" in value else value


@lru_cache(maxsize=1 << 13)
def unquote(body: str) -> str | None:
    """The text of a quoted literal's inside; None where it holds an interpolation, a directive or a bad escape."""
    if "\\" not in body and "{" not in body:
        return text(body)
    try:
        return text(_UNESCAPE.sub(_unescape, body))
    except ValueError:
        return None


def _unescape(match: re.Match[str]) -> str:
    short, long, simple = match.groups()
    if short or long:
        return chr(int(short or long, 16))
    if simple:
        return _SIMPLE[simple]
    if match[0] in ("$${", "%%{"):
        return match[0][1:]
    raise ValueError(match[0])


def columns(value: str) -> int:
    """How many columns `terraform fmt` counts for a text: its grapheme clusters."""
    if value.isascii():
        return len(value)
    import regex  # only for names outside ASCII

    return len(regex.findall(r"\X", value))


def terraform_json(value: Any) -> Any:
    """The value with every string in it escaped for `*.tf.json`, keys included."""
    if isinstance(value, str):
        return value if value.isascii() and "{" not in value else escape_template(text(value))
    if isinstance(value, (dict, Mapping)):
        return {terraform_json(key): terraform_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [terraform_json(item) for item in value]
    return value


def canonical_json(value: Any) -> bytes:
    """One spelling of a JSON value: what a hash is taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
