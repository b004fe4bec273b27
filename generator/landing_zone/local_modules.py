"""The local modules of a root module: what its files call, and what those call again. Atlantis has to watch them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from generator.files import Tree
from generator.peering.existing import BACKEND

_SOURCE = re.compile(r"\bsource\"?\s*[=:]\s*\"(\.{1,2}/[^\"\n$%]*)\"")
_TERRAFORM = (".tf", ".tf.json")
MANAGED = (BACKEND, "providers.tf", "versions.tf", "account.tf.json", "peering.tf.json")
"""Files that call no module; one that was edited so that it does is a conflict."""


class LocalModules:
    """Answers for one tree; each directory is read once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._called: dict[str, list[str]] = {}

    def of(self, directory: str) -> list[str]:
        """The directories outside a root module that it calls, one after the other as they are met; the root of the tree is no module."""
        met = dict.fromkeys([directory])
        pending = [directory]
        while pending:
            for called in self._calls(pending.pop(0)):
                if called not in met:
                    met[called] = None
                    pending.append(called)
        return [called for called in met if called != directory and not called.startswith(f"{directory}/")]

    def _calls(self, directory: str) -> list[str]:
        if directory not in self._called:
            self._called[directory] = list(dict.fromkeys(self._read(directory)))
        return self._called[directory]

    def _read(self, directory: str) -> Iterator[str]:
        names = [name for name in self._tree.list(directory).files if name.endswith(_TERRAFORM) and name not in MANAGED]
        for name in sorted(names, key=lambda name: (name != "main.tf", name)):
            found = (resolved(directory, source) for source in _sources(self._tree.read(f"{directory}/{name}") or b""))
            yield from (path for path in found if path)


@lru_cache(maxsize=1 << 10)
def _sources(content: bytes) -> tuple[str, ...]:
    """The local sources that a file names; many files are the same."""
    return tuple(_SOURCE.findall(content.decode(errors="replace")))


def resolved(directory: str, source: str) -> str:
    """The path of a source from the root; empty where it is the root, or leaves it."""
    parts = directory.split("/")
    for part in source.split("/"):
        if part == ".." and not parts:
            return ""
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def seen_from(directory: str, path: str) -> str:
    """A path from the root, as it is written in a file of a directory."""
    return "../" * (directory.count("/") + 1) + path
