"""A skeleton from elsewhere: which of its files are copied, and what whoever reviews it should look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.files import Below, Tree, join, safe_path, walk
from generator.problems import Refused, expected, refuse
from generator.stacks import own
from generator.stacks.own import MANIFEST, OWN

_BESIDE = re.compile(r"(?:README|LICENSE|LICENCE|NOTICE)(?:\.[A-Za-z]+)?\Z")
# what may stand between two words; possessive, so that nothing after it is tried in the midst of it
_GAP = r"(?:[\s\ufeff]|/\*(?:[^*]|\*(?!/))*+\*/)*+"
_OURS = r"\.{1,2}/|hashicorp/[\w-]+\"|\{\{[-+]?\s*cookiecutter\.modules\s*[-+]?\}\}/"
_LOOK_AT = {
    what: re.compile(pattern.replace("~", _GAP))
    for what, pattern in {
        "runs a program when it is planned": r'\bdata~"?external\b|\blocal_command\b',
        "runs a program when it is applied": r"\bprovisioner\b",
        "reads an address when it is planned": r'\bdata~"?http\b',
        "calls a module from elsewhere": rf'\bsource~=~(?:"(?!{_OURS})|[(<])',
        "reads a file of the machine that plans": r"\b(?:file[a-z0-9]*|templatefile)~\(",
        "lets somebody in, or do anything": r'"\*"|0\.0\.0\.0/0|::/0|:root"',
        "has a provider of its own": r'\bprovider~(?:"|[\w-]+~\{)',
        "writes letters as numbers": r"\\[uU][0-9A-Fa-f]{4}",
    }.items()
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
    return Copied(name, files, tuple(left), tuple(_look_at(files, _marks(tree))))


def _at(fetched: Tree, directory: str) -> Tree:
    tree = Below(fetched, safe_path(directory)) if directory else fetched
    if tree.read(MANIFEST) is None:
        found = sorted(path.rpartition("/")[0] for path in walk(fetched) if path.endswith(f"/{MANIFEST}"))
        ways = [f"--directory: {expected(directory, found)}"] if found else []
        if fetched.read(MANIFEST) is not None:
            ways.append("leave --directory out: there is one in the root, and the top folder of an archive is its root already")
        where = ", or ".join(ways) or "name another repository"
        raise refuse("no-skeleton", f"there is no {MANIFEST} in {directory or 'its root'}", where, value=directory)
    return tree


def _look_at(files: Mapping[str, bytes], marks: Iterable[str]) -> Iterator[str]:
    for path, content in sorted(files.items()):
        name = path.split("/", 3)[-1]  # the name of the folder of all templates is always one
        if any(mark in name for mark in marks):
            yield f"{path}: its name is a template: read all of it"
        if path.endswith(".tf.json"):
            yield f"{path}: JSON: read all of it"
        if path.endswith(".tf"):
            text = content.decode(errors="replace")
            for what, pattern in _LOOK_AT.items():
                yield from (f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}" for match in pattern.finditer(text))


def _marks(tree: Tree) -> set[str]:
    """What makes a template of a name: Jinja's own delimiters, and those that the skeleton has instead."""
    said = own.document(tree)
    options = {} if isinstance(said, str) else said.get("_jinja2_env_vars", {})
    return {"{{", "{%", "{#", *(value for value in options.values() if isinstance(value, str) and value)}
