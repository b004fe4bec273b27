"""Reading requests: canonical files by a line reader that proves itself, all others by python-hcl2 (see `foreign`).

One broken file never hides another account: it becomes a problem marked incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generator.accounts.model import CHANGE_KEYS, CONTROL_TOWER_KEYS, FOLDER, MAPS, Record, Request
from generator.accounts.write import write
from generator.files import Listing, Tree
from generator.hcl import canonical, syntax
from generator.hcl.syntax import Block
from generator.problems import Problem

_KNOWN = {"source", "account_customizations_name", *MAPS}


@dataclass(frozen=True, slots=True)
class Reading:
    """All requests of a folder in order of file and line, and what could not be read."""

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    unreadable: frozenset[str] = field(default_factory=frozenset)
    labels: Mapping[str, str] = field(default_factory=dict)


def read_canonical(source: str, file: str) -> Record | None:
    """The request of a canonical file; None unless writing it again gives the same text."""
    block = canonical.read(source)
    if block is None or block.type != "module" or set(block.attributes) != _KNOWN:
        return None
    maps = [block.attributes[name] for name in MAPS]
    name, origin = block.attributes["account_customizations_name"], block.attributes["source"]
    if not isinstance(name, str) or not isinstance(origin, str) or any(isinstance(found, str) for found in maps):
        return None
    control, tags, change, fields = (found for found in maps if not isinstance(found, str))
    request = Request(block.label, control, tags, change, fields, name, origin)
    return Record(request, file, 1, True, {}, source) if write(request) == source else None


def read_folder(tree: Tree, folder: str = FOLDER) -> Reading:
    """All requests of a folder."""
    listing = tree.list(folder)
    if not (listing.files or listing.directories or listing.links):
        return Reading(problems=(_no_folder(folder),), unreadable=frozenset({folder}))
    records, foreign, problems = _files(tree, folder, listing)
    places = [(record.request.label, record.file, record.line) for record in records]
    if foreign:
        from generator.accounts.foreign import Folder  # an evaluator that canonical requests do not need

        found, wrong = Folder(tree, folder, foreign, any(problem.incomplete for problem in problems)).read()
        records += found
        problems += wrong
    places += [(block.labels[0], file, block.span.line) for file, blocks in foreign.items() for block in blocks if _is_module(block)]
    problems.extend(_doubles(sorted(places, key=lambda place: place[1:])))
    labels = {label: f"{file}:{line}" for label, file, line in places}
    unreadable = frozenset(problem.file for problem in problems if problem.incomplete and problem.file)
    return Reading(tuple(sorted(records, key=lambda record: (record.file, record.line))), tuple(problems), unreadable, labels)


def _files(tree: Tree, folder: str, listing: Listing) -> tuple[list[Record], dict[str, tuple[Block, ...]], list[Problem]]:
    """The files that Terraform reads: requests of canonical ones, blocks of all others, and what is left unread."""
    records: list[Record] = []
    foreign: dict[str, tuple[Block, ...]] = {}
    problems: list[Problem] = [_link(f"{folder}/{name}") for name in listing.links if _of_terraform(name)]
    for name in filter(_of_terraform, sorted(listing.files)):
        file = f"{folder}/{name}"
        if name.removesuffix(".json") == "override.tf" or name.removesuffix(".json").endswith("_override.tf"):
            problems.append(_override(file))
        elif name.endswith(".tf.json"):
            problems.append(_json(file))
        elif (record := _canonical(content := tree.read(file) or b"", file)) is not None:
            records.append(record)
        else:
            foreign[file], wrong = syntax.parse(content, file)
            problems.extend(wrong)
    return records, foreign, problems


def _no_folder(folder: str) -> Problem:
    message, remedy = "there is no request folder here, so no account can be told", "restore it, or correct paths in scaffold.yaml"
    return Problem(id="no-requests", file=folder, message=message, remedy=remedy, incomplete=True)


def _canonical(content: bytes, file: str) -> Record | None:
    try:
        return read_canonical(content.decode(), file)
    except UnicodeDecodeError:
        return None


def _of_terraform(name: str) -> bool:
    """Does Terraform read a file of this name?"""
    return name.endswith((".tf", ".tf.json")) and not name.startswith(".")


def _link(file: str) -> Problem:
    message, remedy = "a symbolic link, which is not followed", "replace it by the file itself"
    return Problem(id="symlink", file=file, message=message, remedy=remedy, incomplete=True)


def _json(file: str) -> Problem:
    message, remedy = "Terraform reads JSON here, this tool does not", "write the request as HCL in a .tf file"
    return Problem(id="request-in-json", file=file, message=message, remedy=remedy, incomplete=True)


def _override(file: str) -> Problem:
    message, remedy = "Terraform lays an override file over the others, which is not evaluated", "rename it, or edit the requests"
    return Problem(id="request-override", file=file, message=message, remedy=remedy, incomplete=True)


def _is_module(block: Block) -> bool:
    return block.type == "module" and bool(block.labels)


def _doubles(places: Sequence[tuple[str, str, int]]) -> Iterator[Problem]:
    """Terraform refuses two modules of one label, requests or not, in whatever files they stand."""
    seen: dict[str, str] = {}
    for label, file, line in places:
        if label in seen:
            message = f'module "{label}" stands here and in {seen[label]}'
            yield Problem(id="duplicate-module", file=file, line=line, message=message, remedy="rename one of them")
        seen.setdefault(label, f"{file}:{line}")


EXPECTED_KEYS = {"control_tower_parameters": CONTROL_TOWER_KEYS, "change_management_parameters": CHANGE_KEYS}
