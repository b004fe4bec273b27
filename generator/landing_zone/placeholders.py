"""Lines of `scaffold.yaml` that still say what `init --from` could not know: they end with a comment that begins with PLACEHOLDER.

Such a value has a legal form, or nothing could be checked beside it; so nothing but the comment tells it from a real one.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.files import Tree
from generator.organization.catalogue import RULES
from generator.organization.schema import FILE
from generator.problems import Problem, Severity

MARK = "# PLACEHOLDER: "


def placeholders(content: bytes) -> Iterator[tuple[int, str]]:
    """`(line, what is to be written there)` of each line that is still a placeholder."""
    for number, line in enumerate(content.decode(errors="replace").split("\n"), 1):
        _, mark, what = line.rpartition(MARK)
        if mark and not {'"', "'"} & set(what):  # other people's words stand in quotes, so a mark with one behind it is theirs
            yield number, what.strip()


def problems(tree: Tree) -> Iterator[Problem]:
    """A warning for each line."""
    for line, what in placeholders(tree.read(FILE) or b""):
        message, remedy = f"this line is a placeholder: {what}", "write what is right, and take the comment off"
        yield Problem(id="placeholder", severity=RULES["placeholder"].severity, file=FILE, line=line, message=message, remedy=remedy)


def doubt(tree: Tree) -> Iterator[Problem]:
    """One warning before files are written from such values, where lines are left: nobody comes back to what a new stack starts with."""
    left = list(placeholders(tree.read(FILE) or b""))
    if left:
        (line, what), several = left[0], len(left) > 1
        said = f"{len(left)} lines still say PLACEHOLDER, this one first" if several else "this line still says PLACEHOLDER"
        remedy = f"write what is right first: what is written from {'them' if several else 'it'} into main.tf stays"
        yield Problem(id="placeholder", severity=Severity.WARNING, file=FILE, line=line, message=f"{said} ({what})", remedy=remedy)
