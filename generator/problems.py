"""What can be wrong, as values: every message says what, which value and what to do.

Nothing in here knows a domain. A `Problem` is data until the report prints it; a `ScaffoldError` stops a
command and carries every problem that was found, so that a person repairs them in one go.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


class Status(enum.IntEnum):
    """Exit statuses of every command."""

    DONE = 0
    FAILED = 1
    FOUND = 2
    INCOMPLETE = 3
    USAGE = 64
    INTERRUPTED = 130


class Severity(enum.Enum):
    """How much a problem matters: only an error changes the exit status."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing a person should know, with its place and its remedy.

    `incomplete` marks what could not be read: whoever sees it must not conclude anything from the rest.
    """

    id: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR
    file: str | None = None
    line: int | None = None
    value: str | None = None
    incomplete: bool = False

    @property
    def place(self) -> str:
        """`file:line`, as far as it is known."""
        if self.file is None:
            return ""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        """One line: `file:line: what, which value, what to do`."""
        head = f"{self.place}: " if self.place else ""
        tail = f"; {self.remedy}" if self.remedy else ""
        return f"{head}{self.message}{tail}"

    def softened(self, severity: Severity = Severity.WARNING) -> Problem:
        """The same problem at a lower severity."""
        return replace(self, severity=severity, incomplete=False)


class ScaffoldError(Exception):
    """A command stops here; `problems` is never empty."""

    status = Status.FAILED

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class Refused(ScaffoldError):
    """A value was refused; nothing was written."""


def refuse(id: str, message: str, remedy: str = "", **place: object) -> Refused:
    """One refusal, ready to raise; `place` takes the fields of `Problem`."""
    return Refused([Problem(id=id, message=message, remedy=remedy, **place)])  # type: ignore[arg-type]


def status_of(problems: Iterable[Problem]) -> Status:
    """The exit status that these problems ask for: incomplete outranks found."""
    worst = Status.DONE
    for problem in problems:
        if problem.incomplete:
            return Status.INCOMPLETE
        if problem.severity is Severity.ERROR:
            worst = Status.FOUND
    return worst


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` was probably meant to be, else None; case is ignored first."""
    listed = sorted(choices)
    for choice in listed:
        if choice.casefold() == word.casefold():
            return choice
    import difflib  # 10 ms: only where something is wrong already

    close = difflib.get_close_matches(word, listed, n=1, cutoff=0.6)
    return close[0] if close else None


def expected(word: str, choices: Iterable[str]) -> str:
    """What to say about a word that is none of `choices`."""
    listed = sorted(choices)
    guess = nearest(word, listed)
    if guess is not None:
        return f'write "{guess}"' if len(listed) == 1 else f'did you mean "{guess}"? expected one of {", ".join(listed)}'
    return f"expected one of {', '.join(listed)}" if listed else "nothing is allowed here"
