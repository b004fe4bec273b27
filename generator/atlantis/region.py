"""Our part of `atlantis.yaml`: the projects between two marker comments. Every other byte of the file is somebody's."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.problems import Problem, Severity

FILE = "atlantis.yaml"
BEGIN = '# scaffold: projects from here on are rewritten by "scaffold sync"'
END = "# scaffold: end"
_BEGIN, _END = (re.compile(rf"{re.escape(mark)}[ \t]*\r?$", re.MULTILINE) for mark in (BEGIN, END))
_DISABLED = re.compile(r"^autodiscover:\s*(\{\s*mode:\s*disabled\s*\}|(\r?\n)+\s+mode:\s*disabled)\s*$", re.MULTILINE)
_NAME = re.compile(r"^[ \t]*- name: (\S+)[ \t]*\r?$", re.MULTILINE)
HEAD = """\
version: 3
automerge: false
parallel_plan: {parallel}
parallel_apply: {parallel}
# Without this an empty list of projects would mean: plan whatever looks like Terraform.
autodiscover: {{mode: disabled}}
projects:
  {begin}
  {end}
"""


@dataclass(frozen=True, slots=True, order=True)
class Project:
    """One stack as Atlantis sees it. Its name is its directory: it is part of the lock, and never changes."""

    directory: str
    when_modified: tuple[str, ...]

    def block(self, margin: str) -> str:
        """The project as YAML: a block of its own, so that two branches that add projects merge."""
        patterns = ", ".join(f'"{pattern}"' for pattern in self.when_modified)
        lines = (
            f"- name: {self.directory}",
            f"  dir: {self.directory}",
            "  autoplan:",
            f"    when_modified: [{patterns}]",
        )
        return "".join(f"{margin}{line}\n" for line in lines)


def new_file(*, parallel: bool) -> bytes:
    """The file of a landing zone that has none, without projects."""
    return HEAD.format(parallel=str(parallel).lower(), begin=BEGIN, end=END).encode()


def bounds(text: str) -> tuple[int, int, str] | None:
    """Where our region begins and ends, without its markers, and its margin; None where it is not there exactly once."""
    begins, ends = _marks(_BEGIN, text), _marks(_END, text)
    if len(begins) != 1 or len(ends) != 1 or begins[0][2] > ends[0][0]:
        return None
    start, mark, end = begins[0]
    return end + 1, ends[0][0], text[start:mark]


def _marks(mark: re.Pattern[str], text: str) -> list[tuple[int, int, int]]:
    """Where each line of a marker begins, where the marker in it, and where it ends. The marker is sought first: files are long."""
    found = ((text.rfind("\n", 0, match.start()) + 1, match.start(), match.end()) for match in mark.finditer(text))
    return [place for place in found if not text[place[0] : place[1]].strip(" \t")]


def with_projects(content: bytes, projects: Iterable[Project]) -> bytes | None:
    """The file with our region rewritten, line ends as they are; None where it has no region of ours."""
    found = bounds(content.decode("utf-8", "surrogateescape"))
    return None if found is None else _with_blocks(content, {project.directory: project.block(found[2]) for project in projects})


def with_some(content: bytes, projects: Iterable[Project]) -> bytes | None:
    """The file with some projects added or rewritten, every other block as it is; None where it has no region of ours."""
    found = bounds(content.decode("utf-8", "surrogateescape"))
    if found is None:
        return None
    return _with_blocks(content, {**_blocks(content), **{project.directory: project.block(found[2]) for project in projects}})


def without(content: bytes, directories: Collection[str]) -> bytes:
    """The file without the projects of some directories."""
    return _with_blocks(content, {name: block for name, block in _blocks(content).items() if name not in directories})


def differences(old: bytes, new: bytes) -> frozenset[tuple[str, str, str]]:
    """`(project, its block before, its block after)` of each project that is not the same in both; an absent block is empty."""
    if old == new:
        return frozenset()
    before, after = _blocks(old), _blocks(new)
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in {*before, *after})
    return frozenset(each for each in pairs if each[1] != each[2])


def _blocks(content: bytes) -> dict[str, str]:
    """The blocks of our region by the name of their project, line ends as `\\n`; what stands before the first has no name."""
    text = content.decode("utf-8", "surrogateescape")
    found = bounds(text)
    if found is None:
        return {}
    blocks = re.split(r"(?m)^(?=[ \t]*- name: )", text[found[0] : found[1]].replace("\r\n", "\n"))
    return {match[1] if (match := _NAME.match(block)) else "": block for block in blocks if block}


def _with_blocks(content: bytes, blocks: Mapping[str, str]) -> bytes:
    """The file with our region made of these blocks, in order of name; as it is where it has none."""
    text = content.decode("utf-8", "surrogateescape")
    found = bounds(text)
    if found is None:
        return content
    begin, end, _ = found
    body = "".join(block for _, block in sorted(blocks.items()))
    if text[:begin].endswith("\r\n"):
        body = body.replace("\n", "\r\n")
    return f"{text[:begin]}{body}{text[end:]}".encode("utf-8", "surrogateescape")


def listed(content: bytes) -> list[str]:
    """The directories of our region, in order."""
    return list(_listed(content))


@lru_cache(maxsize=4)  # several rules ask it of one long file
def _listed(content: bytes) -> tuple[str, ...]:
    text = content.decode("utf-8", "surrogateescape")
    found = bounds(text)
    return () if found is None else tuple(match[1] for match in _NAME.finditer(text[found[0] : found[1]]))


def problems(content: bytes, projects: Callable[[], Sequence[Project]]) -> list[Problem]:
    """What keeps us from writing our region into somebody's file, and what that file should say besides."""
    text = content.decode("utf-8", "surrogateescape")
    found: list[Problem] = []
    if bounds(text) is None:
        number = len(_marks(_BEGIN, text)), len(_marks(_END, text))
        what = "there is no region of ours" if number == (0, 0) else f"its region has {number[0]} beginnings and {number[1]} ends"
        message = f"{what}, so {len(projects())} projects are not listed"
        remedy = f'below projects:, write "{BEGIN}" and "{END}" as two lines of their own, once each, then run scaffold sync'
        found.append(Problem(id="no-region", file=FILE, line=_projects_line(text), message=message, remedy=remedy))
    if not _DISABLED.search(text):
        message = "autodiscovery is not disabled, so Atlantis plans directories that no project lists"
        found.append(_warning("autodiscover", message, "write autodiscover: {mode: disabled}"))
    return found


def _projects_line(text: str) -> int | None:
    """The line that the region goes below."""
    match = re.search(r"^projects:", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else None


def _warning(id: str, message: str, remedy: str) -> Problem:
    return Problem(id=id, file=FILE, message=message, remedy=remedy, severity=Severity.WARNING)
