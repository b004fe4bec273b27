"""Regular expressions as Go's `regexp` reads them, so far as that differs from Python's `re`."""

from __future__ import annotations

import re
from functools import lru_cache

# what Python compiles and RE2 does not: look-around, atomic groups, conditions, back references, possessive repetition
_ONLY_IN_PYTHON = (
    (re.compile(r"\(\?(?:[=!>(]|<[=!]|P[=>])"), "invalid or unsupported Perl syntax"),
    (re.compile(r"(?<!\\)(?:\\\\)*(?P<what>\\[1-9])"), "invalid escape sequence"),
    (re.compile(r"(?<!\\)(?:\\\\)*(?P<what>(?:[*+?]|\{\d+(?:,\d*)?\})(?:[*+]|\?\?|\{\d))"), "invalid nested repetition operator"),
)
_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_ONLY_IN_GO = (
    (re.compile(r"\\Q.*?(?:\\E|\Z)", re.DOTALL), "x"),
    (re.compile(r"\\[pP](?:\{\^?\w+\}|\w)"), r"\\w"),
    (re.compile(r"\\x\{[0-9A-Fa-f]+\}"), "x"),
    (re.compile(r"\[:\^?[a-z]+:\]"), "a"),
    (re.compile(r"\\[zC]"), r"\\Z"),
    (re.compile(r"\(\?[imsU]*(?:-[imsU]+)?\)"), ""),
    (re.compile(r"\(\?[imsU]*(?:-[imsU]+)?:"), "(?:"),
    (re.compile(r"\(\?<(?=[A-Za-z_])"), "(?P<"),
)


@lru_cache(maxsize=1024)
def wrong(pattern: str) -> str | None:
    """Why Go cannot compile a regular expression; None where it can.

    Go's syntax is RE2's; what only Go knows is taken out before Python's compiler judges the rest.
    """
    plain = _CLASS.sub(lambda found: found[0] if found[0].startswith("\\") else "a", pattern)
    for only, why in _ONLY_IN_PYTHON:
        if found := only.search(plain):
            return f"error parsing regexp: {why}: `{found.groupdict().get('what') or found[0]}`"
    for only, instead in _ONLY_IN_GO:
        pattern = only.sub(instead, pattern)
    return _python_says(pattern)


def _python_says(pattern: str) -> str | None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # about sets in sets, which Go does not have
        try:
            re.compile(pattern)
        except re.error as error:
            return f"error parsing regexp: {error.msg}"
    return None
