"""What stands beside the baseline in the global customizations: one root module with it, so one choice of a provider for both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.files import Tree, join
from generator.landing_zone.global_customizations import DATA, FOLDER, OLDEST_PROVIDER
from generator.landing_zone.model import LandingZone
from generator.problems import Problem

_COMMENT = re.compile(r"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
_PROVIDERS = re.compile(r"\brequired_providers\s*\{")
_AWS = re.compile(r"\baws\s*=\s*(?:\{[^{}]*?\bversion\s*=\s*)?\"([^\"]*)\"")
_TERM = re.compile(r"\s*(~>|<=|<|=)?\s*v?([0-9]+(?:\.[0-9]+)*)\s*\Z")
_OPEN, _CLOSED = 0, 1
Bound = tuple[tuple[int, ...], int]
"""A version, and whether it is admitted itself."""


def problems(zone: LandingZone) -> Iterator[Problem]:
    """What would fail AFT's run of every account, since it fails at `terraform init`."""
    if DATA not in zone.tree.list(FOLDER).files and not zone.organization.paths.get("global_customizations"):
        return
    first = ""
    for path, content in _theirs(zone.tree):
        for _ in _PROVIDERS.finditer(content):
            if first:
                yield _problem(path, f"a second block of required_providers beside that of {first}", "keep one of them")
            first = first or path
        if _PROVIDERS.search(content) and (said := _AWS.search(content)) and not _admits(said[1]):
            line = content.count("\n", 0, said.start(1)) + 1
            message = f'the AWS provider is held at "{said[1]}", and the baseline beside it needs {OLDEST_PROVIDER} or later'
            yield _problem(path, message, f"admit {OLDEST_PROVIDER}", line)


def _theirs(tree: Tree) -> Iterator[tuple[str, str]]:
    """The other files of HCL in the folder, comments blanked so that lines stay where they are. Those of JSON are not looked into."""
    for name in tree.list(FOLDER).files:
        if name.endswith(".tf") and not name.startswith("scaffold-"):
            content = (tree.read(join(FOLDER, name)) or b"").decode(errors="replace")
            yield join(FOLDER, name), _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), content)


def _admits(constraint: str) -> bool:
    """Does a constraint admit the oldest provider that the baseline runs with, or a later one? What cannot be read may."""
    oldest = tuple(map(int, OLDEST_PROVIDER.split(".")))
    return all(bound is None or bound >= (oldest, _CLOSED) for bound in map(_highest, constraint.split(",")))


def _highest(term: str) -> Bound | None:
    """The end of what one term admits; None where it has none."""
    found = _TERM.match(term)
    if found is None:
        return None
    sign, version = found[1] or "=", tuple(map(int, found[2].split(".")))
    if sign == "~>":
        version = (*version[:-2], version[-2] + 1) if len(version) > 1 else (version[0] + 1,)
    return (*version, 0, 0)[:3], _OPEN if sign in ("<", "~>") else _CLOSED


def _problem(path: str, message: str, remedy: str, line: int | None = None) -> Problem:
    remedy = f"{remedy}: AFT's run fails in every account otherwise"
    return Problem(id="baseline-provider", file=path, line=line, message=message, remedy=remedy)
