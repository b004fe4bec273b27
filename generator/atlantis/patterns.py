"""Which changed files make Atlantis plan a project: `when_modified`, as Atlantis gives it to moby's `patternmatcher`.

Each pattern is trimmed, a leading `!` set aside, and joined to the project's directory; the result is matched against
paths from the root of the repository, as `.dockerignore` is: a pattern that matches a directory matches everything
below it, the last pattern that matches decides, and nothing knows braces. Sources: `server/events/project_finder.go`,
`moby/patternmatcher`, Go's `path/filepath.Match`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

DEFAULT = ("**/*.tf*", "**/*.tofu", "**/*.tofu.json", "**/terragrunt.hcl", "**/.terraform.lock.hcl")
"""What a project watches that says nothing itself."""
_SHORTEST = re.compile(r"[^/.][^/]*(?:/[^/.][^/]*)*")
_SPECIAL = re.compile(r"[*?\[\]\\^]")
_CAN_BE_WRONG = re.compile(r"[\[\\!]")
_ESCAPED = frozenset(".+()|{}$")
_Test = Callable[[str], bool]


class BadPattern(ValueError):
    """A pattern that cannot be matched. `fatal`: Atlantis stops there, and no project of the pull request is planned."""

    def __init__(self, pattern: str, *, fatal: bool) -> None:
        super().__init__(f"{pattern}: syntax error in pattern")
        self.fatal = fatal


def clean(path: str) -> str:
    """The shortest path of the same meaning, as Go's `filepath.Clean` of a relative path."""
    path = path.removeprefix("./")
    if _SHORTEST.fullmatch(path):
        return path
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."


def from_root(directory: str, pattern: str) -> tuple[bool, str]:
    """Whether a pattern of a project excludes, and the pattern as it is matched: from the root of the repository."""
    trimmed = pattern.strip()
    mark = "!" if trimmed.startswith("!") else ""
    joined = clean(f"{clean(f'./{directory}')}/{trimmed[len(mark) :]}")
    whole = clean(mark + joined) if mark else joined  # Atlantis cleans it twice, the second time with its mark
    return whole.startswith("!"), whole.removeprefix("!")


def wrong(directory: str, pattern: str) -> BadPattern | None:
    """What is wrong with a pattern; None where nothing is."""
    if not _CAN_BE_WRONG.search(pattern) and not _CAN_BE_WRONG.search(directory):
        return None
    try:
        _covers(from_root(directory, pattern)[1])
    except BadPattern as error:
        return error
    return None


@dataclass(frozen=True, slots=True)
class _Rule:
    """One pattern: whether it excludes, what every path that it matches begins with, and its test; None: Go cannot compile it."""

    excludes: bool
    prefix: str
    covers: _Test | None


class Matcher:
    """The patterns of one project; raises `BadPattern` where Atlantis would plan nothing at all."""

    def __init__(self, directory: str, patterns: Sequence[str] = DEFAULT) -> None:
        self.rules = [_rule(*from_root(directory, pattern)) for pattern in patterns]

    def __call__(self, file: str) -> bool:
        """Whether a change of this file, a path from the root, plans the project."""
        matched = False
        for rule in self.rules:
            if rule.excludes is not matched:
                continue
            if rule.covers is None:  # Atlantis logs this file's error and goes on to the next file
                return False
            if rule.covers(file):
                matched = not rule.excludes
        return matched


class Changed:
    """The changed files of a pull request, deleted ones and both names of a renamed one too: for asking thousands of projects."""

    def __init__(self, files: Iterable[str]) -> None:
        self.files = sorted(set(files))

    def planning(self, directory: str, patterns: Sequence[str] = DEFAULT) -> list[str]:
        """Those that plan a project, in order; `BadPattern` as in `Matcher`."""
        matcher = Matcher(directory, patterns)
        begins = {rule.prefix for rule in matcher.rules if not rule.excludes}
        return sorted({file for prefix in begins for file in self._beginning(prefix) if matcher(file)})

    def _beginning(self, prefix: str) -> Iterator[str]:
        for place in range(bisect_left(self.files, prefix), len(self.files)):
            if not self.files[place].startswith(prefix):
                return
            yield self.files[place]


def triggers(directory: str, patterns: Sequence[str], files: Iterable[str]) -> bool:
    """Whether any of these changed files plans the project."""
    return any(map(Matcher(directory, patterns), files))


def _rule(excludes: bool, pattern: str) -> _Rule:
    prefix = _SPECIAL.split(pattern, maxsplit=1)[0]
    try:
        return _Rule(excludes, prefix, _covers(pattern))
    except BadPattern as error:
        if error.fatal:
            raise
        return _Rule(excludes, prefix, None)


@lru_cache(maxsize=1 << 16)
def _covers(pattern: str) -> _Test:
    """Whether a path, or a directory above it, is matched by a cleaned pattern."""
    if not pattern or not well_formed(pattern):
        raise BadPattern(pattern, fatal=True)
    if not _SPECIAL.search(pattern):
        return lambda path: path == pattern or path.startswith(f"{pattern}/")
    if _CAN_BE_WRONG.search(pattern):
        _test(pattern)
    prefix = _SPECIAL.split(pattern, maxsplit=1)[0]
    return lambda path: path.startswith(prefix) and any(map(_test(pattern), _with_parents(path)))


def _with_parents(path: str) -> Iterator[str]:
    """The path, then each directory above it from the top."""
    yield path
    for place, char in enumerate(path):
        if char == "/":
            yield path[:place]


def well_formed(pattern: str) -> bool:
    """Whether Go's `filepath.Match` accepts a pattern: every class closed, no range without both ends, no trailing backslash."""
    place = 0
    while place < len(pattern):
        if pattern[place] == "[":
            place = _class_end(pattern, place + 1)
        elif pattern[place] == "\\":
            place += 2
        else:
            place += 1
    return place == len(pattern)


def _class_end(pattern: str, place: int) -> int:
    """Where the text behind a class begins; past the end of the pattern where the class is malformed."""
    place += pattern.startswith("^", place)
    first = True
    while first or not pattern.startswith("]", place):
        place = _class_char(pattern, place)
        if pattern.startswith("-", place):
            place = _class_char(pattern, place + 1)
        if place >= len(pattern):
            return len(pattern) + 1
        first = False
    return place + 1


def _class_char(pattern: str, place: int) -> int:
    """Where the text behind one character of a class begins."""
    if place >= len(pattern) or pattern[place] in "-]":
        return len(pattern) + 1
    return place + (2 if pattern[place] == "\\" else 1)


@lru_cache(maxsize=1 << 16)
def _test(pattern: str) -> _Test:
    """The test that moby makes of a pattern: a prefix, a suffix or a regular expression."""
    source, kind, tokens = "", "exact", list(_tokens(pattern))
    for place, token in enumerate(tokens):
        if token.startswith("**"):
            last = place == len(tokens) - 1
            source, kind = (source, "prefix") if last and kind == "exact" else (source + (".*" if last else "(.*/)?"), "regexp")
            kind = "suffix" if place == 0 else kind
        else:
            source, kind = source + _translated(token), "regexp" if token[0] in "*?[]\\" and token != "\\" else kind
    if kind == "suffix":
        return _suffix(pattern[2:])
    if kind == "prefix":
        return lambda path: path.startswith(pattern[:-2])
    if kind == "exact":
        return lambda path: path == pattern
    return _compiled(pattern, source)


def _tokens(pattern: str) -> Iterator[str]:
    """Single characters, `**` with the slash behind it, and backslashes with the character behind them."""
    return (found[0] for found in re.finditer(r"\*\*/?|\\.|.", pattern, re.DOTALL))


def _translated(token: str) -> str:
    if token in _ESCAPED:
        return f"\\{token}"
    return {"*": "[^/]*", "?": "[^/]", "\\": "\\\\"}.get(token, token)


def _suffix(suffix: str) -> _Test:
    return lambda path: path.endswith(suffix) or (suffix.startswith("/") and path == suffix[1:])


def _compiled(pattern: str, source: str) -> _Test:
    try:
        found = re.compile(rf"(?:{_for_python(source)})\Z", re.ASCII)
    except re.error:
        raise BadPattern(pattern, fatal=False) from None
    return lambda path: found.match(path) is not None


def _for_python(source: str) -> str:
    """A regular expression of Go with its classes written so that Python reads them alike."""
    if "[:" in source:
        raise re.error("classes of POSIX are not known here")
    return re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", lambda found: _class(found[0]), source, flags=re.DOTALL)


def _class(text: str) -> str:
    if text[0] != "[":
        return text
    return text[0] + re.sub(r"\\.|[\[&~|]", lambda found: found[0] if len(found[0]) > 1 else f"\\{found[0]}", text[1:], flags=re.DOTALL)
