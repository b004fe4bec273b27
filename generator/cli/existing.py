"""Commands that write new files only."""

from __future__ import annotations

from collections.abc import Iterable

from generator.problems import Problem, Refused
from generator.repository.changes import Change, Verb


def refuse_existing(found: Iterable[Change]) -> None:
    """Refuse a change to a file that is there: nothing is written then."""
    problems = [
        Problem(id="exists", file=change.path, message="this file exists and differs", remedy="move it away, or choose an empty directory")
        for change in found
        if change.verb in (Verb.KEPT, Verb.CONFLICT, Verb.UPDATE)
    ]
    if problems:
        raise Refused(problems)
