"""What `when_modified` says that cannot be meant: Atlantis checks no pattern before it matches."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.atlantis import patterns
from generator.atlantis.fields import Findings
from generator.atlantis.globs import is_glob
from generator.atlantis.model import Project
from generator.files import Tree

_PLAIN = re.compile(r"[^*?\[\]\\{]*")
_KNOWN_GOOD = re.compile(r"(?:\.\./)*(?:[A-Za-z0-9_.*-]+/)*[A-Za-z0-9_.*-]*[A-Za-z0-9_*-]")
_BRACES = re.compile(r"\{[^{}]*,[^{}]*\}")
_WORDS: Mapping[str, tuple[str, str]] = {
    "no-braces": ("Atlantis knows no alternatives in braces and takes them literally", "write a pattern for each"),
    "not-negated": ("[!…] is a class with an exclamation mark, not a negated one", "write [^…]"),
    "escaped-exclusion": (r"\! is an exclamation mark in a name, and excludes nothing", "write ! without a backslash, in quotes"),
    "from-project": ("a leading slash still means the project's directory, not the root", "write ../ as often as needed"),
    "above-root": ("it climbs above the root of the repository, so it never matches", "leave out some ../"),
    "whole-directory": ("an empty pattern is the directory itself, so everything below it", 'write "**" if that is meant'),
    "root-path": ("patterns are relative to the project's directory, so it never matches there", "write ../ as often as needed"),
}


def judge(project: Project, at: str, tree: Tree | None, found: Findings) -> None:
    """Note what is wrong with the patterns of a project, and what is suspicious about them."""
    autoplan, directory = project.autoplan, project.dir or "."
    if autoplan is None or not autoplan.when_modified:
        return
    line, where = autoplan.at("when_modified"), f"{at}.autoplan.when_modified"
    shortest = patterns.clean(directory)
    for pattern in autoplan.when_modified:
        if not _malformed(directory, pattern, where, line, found):
            for id in _suspicious(shortest, pattern.strip(), tree):
                what, remedy = _WORDS[id]
                found.lenient(id, line, f'{where}: "{pattern}": {what}', remedy, pattern)
    _without_effect(autoplan.when_modified, where, line, found)


def _malformed(directory: str, pattern: str, where: str, line: int, found: Findings) -> bool:
    # a glob is expanded first, so its own brackets are no part of the pattern
    error = patterns.wrong("." if is_glob(directory) else directory, pattern)
    if error is None:
        return False
    if error.fatal:
        message = f'{where}: "{pattern}": syntax error in pattern, so Atlantis plans nothing of the pull request'
        found.wrong("wrong-pattern", line, message, "close the class, or escape the bracket", pattern)
    else:
        message = f'{where}: "{pattern}": Atlantis cannot compile it, and skips every file that is compared with it'
        found.lenient("wrong-pattern", line, message, "write it without this class or escape", pattern)
    return True


def _suspicious(directory: str, pattern: str, tree: Tree | None) -> list[str]:
    body = pattern.removeprefix("!")
    found: dict[str, object] = {"above-root": _is_above(directory, pattern)}
    if not _KNOWN_GOOD.fullmatch(pattern):  # of nearly every pattern only where it leads can be wrong
        found = {
            "no-braces": _BRACES.search(body),
            "not-negated": "[!" in body,
            "escaped-exclusion": pattern.startswith("\\!"),
            "from-project": body.startswith("/"),
            **found,
            "whole-directory": not body,
        }
    found["root-path"] = _is_from_root(directory, body, tree)
    return [id for id, holds in found.items() if holds]


def _is_above(directory: str, pattern: str) -> bool:
    """Whether a pattern leads out of the repository: each `..` goes up by one at most, so few of them need no closer look."""
    if ".." not in directory and pattern.count("..") <= (directory.count("/") + 1 if directory != "." else 0):
        return False
    return f"{patterns.from_root(directory, pattern)[1]}/".startswith("../")


def _is_from_root(directory: str, pattern: str, tree: Tree | None) -> bool:
    """Whether a pattern means a path from the root: its own directory, or one that is there and not below the project."""
    if directory == "." or pattern.startswith(("/", ".")):
        return False
    if pattern.startswith(f"{directory}/"):
        return True
    fixed = _PLAIN.match(pattern)
    top = fixed[0].partition("/") if fixed else ("", "", "")
    return tree is not None and bool(top[1]) and top[0] in tree.list("").directories and top[0] not in tree.list(directory).directories


def _without_effect(listed: tuple[str, ...], where: str, line: int, found: Findings) -> None:
    """Exclusions take away only what stands before them."""
    excluding = [pattern.strip().startswith("!") for pattern in listed]
    if all(excluding):
        message = f"{where}: it only excludes, so nothing ever plans the project"
        found.lenient("only-exclusions", line, message, 'begin with what to include, "**/*.tf*" for example')
    elif excluding[0]:
        first = excluding.index(False)
        names = ", ".join(f'"{pattern}"' for pattern in listed[:first])
        message = f'{where}: {names} stands before "{listed[first]}", which includes it again: the last match decides'
        found.lenient("exclusion-first", line, message, "move exclusions to the end", listed[0])
