"""What the checks find wrong with a change, for its summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from generator.files import Kind
from generator.landing_zone import gate, projects, request_changes
from generator.landing_zone.desired import desired
from generator.landing_zone.lint import caused, lint, selected
from generator.landing_zone.model import LandingZone
from generator.problems import Problem, Severity
from generator.report import markdown
from generator.report.markdown import Markdown, bullet, escape
from generator.repository import changes as repository_changes
from generator.repository.changes import Change

_LIMIT, _PROBLEM = 4_000, 500
"""Characters of the section, and of one problem in it before it is escaped."""
_STALE = "stale-files"
_SYNC = frozenset({_STALE, "stale-region", "unlisted-stack"})
"""What goes away once somebody runs sync."""


def not_in_order(zone: LandingZone, base: LandingZone | None, notes: Iterable[Problem]) -> list[Problem]:
    """The errors that a change causes, each once, and all that could not be read, which comes first."""
    known = base if base is not None and base.policy is not None else None
    there = _files(zone)
    before = _files(known) if known is not None else []
    found = caused(
        [*lint(zone), *repository_changes.problems(there)],
        [*lint(known), *repository_changes.problems(before)] if known is not None else [],
    )
    unread = _unread([*notes, *zone.problems], base.problems if base is not None else ())
    changed = selected(request_changes.problems(zone, base), zone.organization.lint.rules) if base is not None else []
    listed = [*unread, *found, *changed, *gate.check(zone, base), *_stale(there, before)]
    wrong = (problem for problem in listed if problem.incomplete or problem.severity is Severity.ERROR)
    once: dict[tuple[str, str | None, str], Problem] = {}
    for problem in wrong:
        once.setdefault((problem.id, problem.file, problem.message), problem)
    return sorted(once.values(), key=lambda problem: not problem.incomplete)


def _unread(problems: Iterable[Problem], before: Iterable[Problem]) -> Iterator[Problem]:
    """All that could not be read: it makes the summary incomplete, whoever caused it; only what the change causes is in its way."""
    known = {(problem.id, problem.file, problem.message) for problem in before}
    for problem in problems:
        if problem.incomplete:
            is_old = (problem.id, problem.file, problem.message) in known
            yield replace(problem, severity=Severity.WARNING) if is_old else problem


def _files(zone: LandingZone) -> list[Change]:
    return repository_changes.compare(desired(zone), zone.tree)


def _stale(there: Iterable[Change], before: Iterable[Change]) -> Iterator[Problem]:
    """The generated files that this change leaves stale; the gate judges `atlantis.yaml`, project by project."""
    old = {(change.path, change.old, change.new) for change in before}
    stale = [change for change in there if change.written and not change.lags and change.kind is not Kind.REGION]
    paths = [change.path for change in stale if (change.path, change.old, change.new) not in old]
    if paths:
        are = "generated file is" if len(paths) == 1 else "generated files are"
        message = f"{len(paths)} {are} not what sync writes: {projects.shown(paths)}"
        yield Problem(id=_STALE, message=message, remedy="run scaffold sync, and commit what it writes")


def needs_sync(wrong: Iterable[Problem]) -> bool:
    """Would sync write something?"""
    return any(problem.id in _SYNC for problem in wrong)


def section(wrong: Sequence[Problem]) -> Markdown:
    """A bullet per problem."""
    if not wrong:
        return Markdown()
    return markdown.section(f"Not in order ({len(wrong)})", markdown.clip([bullet(_line(each)) for each in wrong], _LIMIT, "problem"), 3)


def _line(problem: Problem) -> Markdown:
    said = str(problem)
    shown = said if len(said) <= _PROBLEM else f"{said[:_PROBLEM]}…"
    return escape(f"Not everything could be read, so this is incomplete: {shown}" if problem.incomplete else shown)
