"""`scaffold init --from`: a read-only look at requests that other people wrote, and the `scaffold.yaml` that it leads to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.accounts.model import FOLDER
from generator.accounts.read import Reading, read_folder
from generator.cli import workspace
from generator.cli.existing import refuse_existing
from generator.cli.output import Result
from generator.cli.seen_requests import plain, told
from generator.files import File, FileSet, Kind
from generator.landing_zone.observed import Observed, observe
from generator.landing_zone.placeholders import placeholders
from generator.landing_zone.proposal import POLICY, Told, propose
from generator.organization.schema import FILE, KEYS
from generator.peering.policy import FILE as POLICY_FILE
from generator.problems import Problem, ScaffoldError, Severity, refuse
from generator.report.text import counted
from generator.repository import changes as repository_changes
from generator.repository import write
from generator.repository.worktree import WorkTree

_TOP, _TERRAFORM = FOLDER.split("/")
_REQUEST = re.compile(rb"aft-account-request|control_tower_parameters")


@dataclass(frozen=True, slots=True)
class Source:
    """A checkout of the account-request repository: where it is, and how messages call it."""

    root: Path
    shown: str

    def place(self, path: str) -> str:
        """A path below it, as whoever called the command would open it."""
        return path if self.shown == "." else f"{self.shown}/{path}"


def find(given: Path) -> Source:
    """The request folder that a path means: the folder itself, its `terraform/`, or a repository with AFT's folders beside each other."""
    places = [given, given / _TOP]
    if given.resolve().name == _TERRAFORM:
        places.append(given.parent if given.name == _TERRAFORM else given.resolve().parent)
    there = [place for place in places if (place / _TERRAFORM).is_dir()]
    asking = [place for place in there if _has_requests(place)] or there[:1]
    if len(asking) == 1:
        return Source(asking[0], str(asking[0]))
    if asking:
        raise refuse(
            "no-requests", f"{given} has requests in {' and in '.join(f'{place}/{_TERRAFORM}' for place in asking)}", "name one of them"
        )
    below = sorted(str(path) for path in given.glob("*") if path.is_dir() and (_has_requests(path) or _has_requests(path / _TOP)))
    if below:
        raise refuse(
            "no-requests", f"{given} has no {_TERRAFORM}/; requests stand in {', '.join(below)}", f"name one of them: --from {below[0]}"
        )
    loose = any(_REQUEST.search(file.read_bytes()) for file in sorted(given.glob("*.tf")) if file.is_file())
    why = f"its *.tf files call AFT's module, and AFT reads {_TERRAFORM}/ only" if loose else f"it has no {_TERRAFORM}/"
    remedy = "name the checkout of aft-account-request, its terraform/, or the repository that holds aft-account-request/"
    raise refuse("no-requests", f"{given} is no folder of account requests: {why}", remedy, value=str(given))


def _has_requests(place: Path) -> bool:
    tree = WorkTree(place)
    names = (name for name in tree.list(_TERRAFORM).files if name.endswith((".tf", ".tf.json")))
    return any(_REQUEST.search(tree.read(f"{_TERRAFORM}/{name}") or b"") for name in names)


def requests_path(source: Source, directory: Path) -> str | None:
    """What `paths.requests` has to say; None where the folder is in its usual place."""
    inside = source.root.resolve() / _TERRAFORM
    if directory.resolve().is_relative_to(inside):
        remedy = f"name another directory: scaffold init DIR --from {source.shown}"
        raise refuse(
            "in-the-way", f"{directory.resolve().name}/ is the folder that AFT applies, and scaffold.yaml does not belong in it", remedy
        )
    path = os.path.relpath(source.root.resolve(), directory.resolve())
    if path == _TOP:
        return None
    if not re.fullmatch(KEYS["paths"].shape.keys["requests"].shape.pattern, path):  # type: ignore[attr-defined]
        remedy = "use a directory whose path has letters, digits and _ . - only, for both"
        raise refuse("unsafe-path", f'scaffold.yaml cannot say "{path}" under paths.requests', remedy, value=path)
    return path


def look(source: Source, home_region: str) -> tuple[Reading, Observed]:
    """What the folder says; refused where there is nothing to conclude anything from."""
    workspace.use_grammar_cache()
    reading = read_folder(WorkTree(source.root), _TERRAFORM)
    if not reading.records:
        unread = [problem for problem in _shown(reading.problems, source) if problem.id != "no-requests"]
        message = f"no request could be read in {source.place(_TERRAFORM)}, so there is nothing to propose"
        remedy = "repair what cannot be read" if unread else "where there are no accounts yet, run scaffold init without --from"
        raise ScaffoldError([Problem(id="no-requests", message=message, remedy=remedy), *unread])
    return reading, observe(reading, home_region)


def _shown(problems: tuple[Problem, ...], source: Source) -> list[Problem]:
    """What could not be read, by the paths that the reader of it knows; what decides nothing here is left out."""
    wrong = (problem for problem in problems if problem.severity is not Severity.NOTE)
    return [replace(problem, file=source.place(problem.file) if problem.file is not None else None) for problem in wrong]


def run(directory: Path, given: Path, options: Told, *, check: bool, diff: bool) -> Result:
    """Look, propose, and write what is proposed unless only checking. Nothing that is there is overwritten."""
    source = find(given)
    options = replace(options, requests=requests_path(source, directory))
    _, observed = look(source, options.names.home_region)
    content = propose(observed, options)
    tree = WorkTree(directory)
    files = {FILE: content}
    if tree.read(POLICY_FILE) is None:
        files[POLICY_FILE] = POLICY
    found = repository_changes.compare(FileSet.of({path: File(body, Kind.SEEDED) for path, body in files.items()}), tree)
    refuse_existing(found)
    if not check:
        directory.mkdir(parents=True, exist_ok=True)
        write.apply(tree, found)
    pending = any(change.written for change in found)
    marks = list(placeholders(content))
    lines = [*told(observed, source.place), "", workspace.report(found, check=check, diff=diff)]
    if not check and pending:
        lines += list(_next(directory, observed, len(marks)))
    data: dict[str, Any] = {**plain(observed, source.place), "placeholders": [{"line": line, "what": what} for line, what in marks]}
    data["changes"] = workspace.plain(found)
    return Result("\n".join(lines), data, _shown(observed.problems, source), check and pending)


def _next(directory: Path, observed: Observed, marks: int) -> Iterator[str]:
    """What comes next, in this order."""
    where = "" if directory == Path() else f" -C {directory}"
    yield f"\nNext, in this order:\n  1. {FILE}: {counted(marks, 'line')} marked PLACEHOLDER to fill in; read the comments beside the rest."
    yield f"  2. scaffold lint{where}: the near-misses, and what AFT or AWS would refuse."
    yield f'  3. What will stay for a while: scaffold lint{where} --write-baseline --reason "older than the rules" --expires YYYY-MM-DD'
    yield f"  4. Rules for who meets whom in {POLICY_FILE}; then: scaffold peering plan{where}"
