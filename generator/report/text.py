"""Plain text for people: one line a problem, columns for tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.problems import Problem, Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def problem(found: Problem, colour: bool = False) -> str:
    """`error: file:line: what, which value; what to do`."""
    word = found.severity.value
    return f"{paint(word, _COLOURS[found.severity], colour)}: {printable(str(found))}"


def printable(text: str) -> str:
    """The text with every control character spelled out: a tag's value must not speak to the terminal."""
    return text if text.isprintable() else "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def paint(text: str, code: str, colour: bool) -> str:
    """The text in a colour, where colours are wanted."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns, as wide as their widest cell; the last one is not padded."""
    lines = [list(head), *([printable(cell) for cell in row] for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def severities(problems: Sequence[Problem]) -> str:
    """`1 error, 2 warnings, 0 notes`."""
    numbers = [(severity, sum(problem.severity is severity for problem in problems)) for severity in Severity]
    return ", ".join(counted(number, severity.value) for severity, number in numbers)
