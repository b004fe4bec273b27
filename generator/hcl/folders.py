"""Terraform's functions over files, of one folder and nothing else.

Terraform runs in the folder that is read. AFT puts further files there before it does, so nothing is concluded from
the names it uses; and no path leaves the folder, nor goes through a symbolic link.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.files import Listing, Tree, join
from generator.hcl.quoting import text
from generator.hcl.unification import set_of
from generator.hcl.values import Fails, FromFile, Unsure, Value

_LARGEST = 1 << 20
_MOST_FILES = 10_000
_MOST_PATTERNS = 16
_GENERATED = ("backend.tf", "aft-providers.tf", ".terraform", ".terraform.lock.hcl", "terraform.tfstate")
_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Folder:
    """The tree of the folder; `prefix` is its own path in messages."""

    tree: Tree
    prefix: str

    def path(self, written: str) -> str:
        """A path below the folder, cleaned; Unsure where it would leave the folder."""
        parts = [part for part in written.split("/") if part not in ("", ".")]
        if written.startswith(("/", "~")) or ".." in parts or "\\" in written or not written.isprintable():
            raise Unsure(f"the path {written!r} is not one of this folder")
        return "/".join(parts)

    def is_file(self, path: str) -> bool:
        """Is there a file? Unsure where a link or a file of AFT's own may decide."""
        parts = path.split("/")
        if parts[0] in _GENERATED:
            raise Unsure(f"{path} is a file that AFT or Terraform makes")
        for depth, name in enumerate(parts, 1):
            listing = self.tree.list("/".join(parts[: depth - 1]))
            if name in listing.links:
                raise Unsure(f"{path} is behind a symbolic link")
            if name not in listing.directories:
                return depth == len(parts) and name in listing.files
        raise Fails(f"{path} is a directory")


def file(folder: Folder, written: str) -> Value:
    """`file`."""
    path = folder.path(written)
    if not folder.is_file(path):
        raise Fails(f"there is no file {written}")
    content = folder.tree.read(path)
    if content is None or len(content) > _LARGEST:
        raise Unsure(f"{written} cannot be read here")
    try:
        return FromFile.of(text(content.decode()), join(folder.prefix, path))
    except UnicodeDecodeError:
        raise Fails(f"{written} is not UTF-8") from None


def fileexists(folder: Folder, written: str) -> Value:
    """`fileexists`."""
    return folder.is_file(folder.path(written))


def fileset(folder: Folder, written: str, pattern: str) -> Value:
    """`fileset` for patterns of `*`, `?`, `**` as a whole step, and alternatives in braces."""
    base = folder.path(written)
    if base and base.split("/")[0] in _GENERATED:
        raise Unsure(f"{base} is a directory that Terraform makes")
    found: set[str] = set()
    if re.search(r"\{[^}]*\{", pattern):
        raise Unsure(f"the pattern {pattern!r} is not evaluated here")
    for alternative in _alternatives(pattern):
        if re.search(r"[\[\]{}\\]|^/|(^|/)\.{0,2}(/|$)", alternative):
            raise Unsure(f"the pattern {pattern!r} is not evaluated here")
        found.update(itertools.islice(_matches(folder, base, alternative.split("/")), _MOST_FILES + 1))
    if len(found) > _MOST_FILES:
        raise Unsure(f"{pattern!r} names more than {_MOST_FILES} files")
    ordered = sorted(found)
    relative = [text(path.removeprefix(f"{base}/") if base else path) for path in ordered]
    return set_of(relative, [(join(folder.prefix, path), 1) for path in ordered])


def _alternatives(pattern: str) -> list[str]:
    patterns = [pattern]
    while any(_ALTERNATIVES.search(found) for found in patterns):
        if len(patterns) > _MOST_PATTERNS:
            raise Unsure(f"the pattern {pattern!r} is not evaluated here")
        patterns = [made for found in patterns for made in _expanded(found)]
    return patterns


def _expanded(pattern: str) -> list[str]:
    match = _ALTERNATIVES.search(pattern)
    if match is None:
        return [pattern]
    return [pattern[: match.start()] + choice + pattern[match.end() :] for choice in match[1].split(",")]


def _matches(folder: Folder, directory: str, steps: list[str]) -> Iterator[str]:
    """The files below a directory that the steps of a pattern name."""
    listing = folder.tree.list(directory)
    step, *rest = steps
    if step == "**":
        _refuse_doubt(directory, listing.links, re.compile(""))
        yield from _matches(folder, directory, rest or ["*"])
        for name in listing.directories:
            yield from _matches(folder, join(directory, name), steps)
        return
    if "**" in step:
        raise Unsure("a pattern with ** beside other signs")
    wanted = re.compile("".join({"*": "[^/]*", "?": "[^/]"}.get(char, re.escape(char)) for char in step))
    _refuse_doubt(directory, listing.links, wanted)
    for name in _of_kind(listing, bool(rest)):
        if wanted.fullmatch(name):
            yield from _matches(folder, join(directory, name), rest) if rest else iter((join(directory, name),))


def _of_kind(listing: Listing, directories: bool) -> tuple[str, ...]:
    return listing.directories if directories else listing.files


def _refuse_doubt(directory: str, links: tuple[str, ...], wanted: re.Pattern[str]) -> None:
    """A name that the pattern may mean, and of which the tree does not tell what it is when Terraform runs."""
    every = wanted.pattern == ""
    for name in (*links, *(_GENERATED if not directory else ())):
        if every or wanted.fullmatch(name):
            raise Unsure(f"a pattern that may mean {name}")
