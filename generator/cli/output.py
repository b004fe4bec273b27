"""What every command prints: results on stdout, everything else on stderr, JSON where it was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from generator.problems import Problem, ScaffoldError, Severity, Status, status_of
from generator.report import json as report_json
from generator.report import text as report_text

_context: dict[str, str] = {}
_elsewhere: dict[str, str] = {}


def begin(command: str, form: str) -> None:
    """Remember what is running: a failure is printed in the same form."""
    _context.update(command=command, form=form)


def mounted(places: Mapping[str, str]) -> None:
    """Remember which folders of the landing zone lie in other checkouts: folder -> path as `scaffold.yaml` says it."""
    _elsewhere.clear()
    _elsewhere.update(places)


def colour(stream: Any) -> bool:
    """Colours only on a terminal, and never where NO_COLOR is set."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR")


@dataclass
class Result:
    """What a command found: text for people, data for programs, problems, and what raises the status.

    Data that takes time to make may be a function; it is called only where it is printed.
    """

    text: str = ""
    data: Any = None
    problems: Sequence[Problem] = field(default_factory=list)
    found: bool = False

    @property
    def status(self) -> Status:
        """Incomplete outranks found; a note or a warning is neither."""
        said = status_of(self.problems)
        return Status.FOUND if said is Status.DONE and self.found else said


def show(result: Result) -> int:
    """Print a result; its status."""
    if _context.get("form") == "json":
        data = result.data() if callable(result.data) else result.data
        click.echo(report_json.envelope(_context["command"], result.status, data, result.problems), nl=False)
        return result.status
    if result.text:
        click.echo(result.text)
    _problems(result.problems)
    return result.status


def _problems(problems: Sequence[Problem]) -> None:
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    for found in sorted(problems, key=lambda problem: order[problem.severity]):
        click.echo(report_text.problem(found, colour(sys.stderr)), err=True)
    for folder, path in _elsewhere.items():
        if any(found.file and found.file.startswith(f"{folder}/") for found in problems):
            click.echo(f"{folder}/ is {path}/, as paths in scaffold.yaml says", err=True)


def failure(error: ScaffoldError) -> int:
    """Print why a command stopped; its status."""
    if _context.get("form") == "json":
        click.echo(report_json.envelope(_context["command"], error.status, None, error.problems), nl=False)
    else:
        _problems(error.problems)
    return error.status


def progress(what: str) -> Callable[[int, int], None]:
    """A counter on a terminal; silence elsewhere."""

    def silent(done: int, total: int) -> None:
        return None

    def counter(done: int, total: int) -> None:
        click.echo(f"\r{what}: {done} of {total}", nl=done == total, err=True)

    return counter if sys.stderr.isatty() and _context.get("form") != "json" else silent
