"""A skeleton from elsewhere: which of its files are copied, and what whoever reviews it should look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.files import Below, Tree, join, safe_path, walk
from generator.problems import Refused, expected, refuse
from generator.stacks import own
from generator.stacks.own import MANIFEST, OWN

_BESIDE = re.compile(r"(?:README|LICENSE|LICENCE|NOTICE)(?:\.[A-Za-z]+)?\Z")
_LOOK_AT = {
    "runs a program when it is planned": re.compile(r'data\s+"external"|\blocal_command\b'),
    "runs a program when it is applied": re.compile(r"\bprovisioner\b"),
    "reads an address when it is planned": re.compile(r'data\s+"http"'),
    "calls a module from elsewhere": re.compile(r'\bsource\s*=\s*"(?!\.{1,2}/|hashicorp/|\{\{)'),
    "reads a file of the machine that plans": re.compile(r"\b(?:file|filebase64|templatefile|fileset)\("),
    "lets somebody in, or do anything": re.compile(r'"\*"|0\.0\.0\.0/0|::/0|:root"'),
    "has a provider of its own": re.compile(r"^\s*provider\s", re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class Copied:
    """What is copied, below `skeletons/NAME`; what is left behind; `file:line: what` for the reviewer; what is still wrong with it."""

    name: str
    files: Mapping[str, bytes]
    left: tuple[str, ...]
    look_at: tuple[str, ...]


def copied(fetched: Tree, directory: str, name: str) -> Copied:
    """The skeleton in a directory ("" is the root) of what was fetched; refused where there is none, and where it is unsafe."""
    tree = _at(fetched, directory)
    why = own.name_problem(name)
    if why:
        raise refuse("wrong-name", why, "give it one: --name NAME", value=name)
    problems = own.unsafe(tree, directory or ".")
    if problems:
        raise Refused(problems)
    keep = [*own.roots(tree), "module"]
    listing = tree.list("")
    paths = [name for name in listing.files if name == MANIFEST or _BESIDE.match(name)]
    paths += [path for folder in keep for path in walk(tree, folder)]
    left = sorted({*listing.files, *(f"{folder}/" for folder in listing.directories if folder not in keep)} - {*paths})
    files = {join(OWN, name, path): tree.read(path) or b"" for path in paths}
    return Copied(name, files, tuple(left), tuple(_look_at(files)))


def _at(fetched: Tree, directory: str) -> Tree:
    tree = Below(fetched, safe_path(directory)) if directory else fetched
    if tree.read(MANIFEST) is None:
        found = sorted(path.rpartition("/")[0] for path in walk(fetched) if path.endswith(f"/{MANIFEST}"))
        where = f"--directory: {expected(directory, found)}" if found else "name another repository"
        raise refuse("no-skeleton", f"there is no {MANIFEST} in {directory or 'its root'}", where, value=directory)
    return tree


def _look_at(files: Mapping[str, bytes]) -> Iterator[str]:
    for path, content in sorted(files.items()):
        if path.endswith((".tf", ".tf.json")):
            text = content.decode(errors="replace")
            for what, pattern in _LOOK_AT.items():
                yield from (f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}" for match in pattern.finditer(text))
