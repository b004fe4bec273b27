"""Globs of `dir` and `ignore_paths`: the patterns of Go's `doublestar`, which know `**`, classes and braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.files import Tree, join

_MAGIC = re.compile(r"[*?\[]")
_FIXED = re.compile(r"[^*?\[{\\]*")
_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
_TOKEN = re.compile(r"(?:(?<=/)|^)\*\*(?:/|$)|\\.|\[[!^]?+(?:\\.|[^\]\\])+\]|.", re.DOTALL)
_PLAIN = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


def is_glob(directory: str) -> bool:
    """Whether Atlantis expands a `dir`; braces alone do not make it one."""
    return _MAGIC.search(directory) is not None


def valid(pattern: str) -> bool:
    """What `doublestar.ValidatePattern` says: every class and brace is closed, no class is empty, no backslash is last."""
    rest = re.sub(r"\\.|\[[!^]?+(?:\\.|[^\]\\])(?:\\.|[^\]\\])*\]", "", pattern, flags=re.DOTALL)
    depth = 0
    for char in rest:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0 or char in "[\\":
            return False
    return depth == 0


def directories(tree: Tree, pattern: str) -> Iterator[str]:
    """The directories of a tree that a `dir` stands for: those it matches that hold Terraform, OpenTofu or Terragrunt."""
    matches = re.compile(rf"(?:{_regexp(pattern)})\Z", re.DOTALL).match
    fixed = _FIXED.match(pattern)
    for directory in _below(tree, fixed[0].rpartition("/")[0] if fixed else ""):
        if matches(directory) and any(_is_terraform(name) for name in tree.list(directory).files):
            yield directory


def _below(tree: Tree, directory: str) -> Iterator[str]:
    for name in tree.list(directory).directories:
        below = join(directory, name)
        yield below
        yield from _below(tree, below)


def _is_terraform(name: str) -> bool:
    return name.endswith(_TERRAFORM) or name == "terragrunt.hcl"


def _regexp(pattern: str) -> str:
    depth, parts = 0, []
    for token in _TOKEN.findall(pattern):
        depth += {"{": 1, "}": -1}.get(token, 0)
        parts.append("|" if token == "," and depth else _translated(token))
    return "".join(parts)


def _translated(token: str) -> str:
    if token in _PLAIN:
        return _PLAIN[token]
    if len(token) > 1 and token[0] == "[":
        return ("[^" if token[1] in "!^" else "[") + token[1:].lstrip("!^").replace("[", r"\[")
    return re.escape(token[1:] if token[0] == "\\" else token)
