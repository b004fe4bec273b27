"""Text of other people in YAML that we write: one function quotes all of it, values, keys and what stands in comments.

Inside double quotes `${`, `#`, `: ` and words such as `no` are text. What YAML, or a terminal, takes for a sign is escaped.
"""

from __future__ import annotations


def quoted(text: str) -> str:
    """A double-quoted YAML scalar on one line: backslash, quote and whatever cannot be printed are escaped.

    YAML has no way to say a NUL that its readers take, nor half of a surrogate pair: both become U+FFFD.
    """
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    return "\\uFFFD" if "\ud800" <= char <= "\udfff" or char == "\0" else f"\\U{ord(char):08X}"


def schema_line(schema: str, path: str) -> str:
    """The first line of a file, which tells an editor its JSON Schema; both are paths in the repository."""
    return f"# yaml-language-server: $schema={'../' * path.count('/')}{schema}\n"
