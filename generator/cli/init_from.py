"""`scaffold init --from`: a read-only look at requests that other people wrote, and the `scaffold.yaml` that it leads to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.accounts.model import FOLDER
from generator.accounts.others import FILE as OTHERS
from generator.accounts.read import Reading, read_folder
from generator.cli import output, workspace
from generator.cli.existing import refuse_existing
from generator.cli.output import Result
from generator.cli.seen_requests import plain, told
from generator.cli.snapshots import shows
from generator.files import File, FileSet, Kind, MemoryTree
from generator.landing_zone.address_use import likely_home
from generator.landing_zone.load import conventions
from generator.landing_zone.observed import Observed, observe
from generator.landing_zone.placeholders import placeholders
from generator.landing_zone.proposal import POLICY, propose
from generator.landing_zone.told import Told
from generator.landing_zone.undescribed import Undescribed, blind, describe, uses
from generator.organization.model import Organization
from generator.organization.schema import CHECKOUT, FILE
from generator.peering.policy import FILE as POLICY_FILE
from generator.problems import Problem, ScaffoldError, Severity, refuse
from generator.report.text import counted
from generator.repository import changes as repository_changes
from generator.repository import write
from generator.repository.worktree import WorkTree
from generator.snapshot.model import Snapshot
from generator.snapshot.read import read as read_snapshot

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
        places.append(given.parent if given.name == _TERRAFORM else given / "..")
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
    if not re.fullmatch(CHECKOUT.pattern, path):
        remedy = "use a directory whose path has letters, digits and _ . - only, for both"
        raise refuse("unsafe-path", f'scaffold.yaml cannot say "{path}" under paths.requests', remedy, value=path)
    return path


def look(source: Source) -> Reading:
    """What the folder says; refused where there is nothing to conclude anything from."""
    workspace.use_grammar_cache()
    reading = read_folder(WorkTree(source.root), _TERRAFORM)
    if not reading.records:
        unread = [problem for problem in _shown(reading.problems, source) if problem.id != "no-requests"]
        message = f"no request could be read in {source.place(_TERRAFORM)}, so there is nothing to propose"
        remedy = "repair what cannot be read" if unread else "where there are no accounts yet, run scaffold init without --from"
        raise ScaffoldError([Problem(id="no-requests", message=message, remedy=remedy), *unread])
    return reading


def _shown(problems: tuple[Problem, ...], source: Source) -> list[Problem]:
    """What could not be read, by the paths that the reader of it knows; what decides nothing here is left out."""
    wrong = (problem for problem in problems if problem.severity is not Severity.NOTE)
    return [replace(problem, file=source.place(problem.file) if problem.file is not None else None) for problem in wrong]


@dataclass(frozen=True, slots=True)
class Aws:
    """Where AWS is looked at: in a snapshot that was taken before, or now; nowhere where neither is said."""

    file: Path | None = None
    live: bool = False

    def snapshot(self, organization: Organization) -> Snapshot | None:
        """The snapshot."""
        if self.file is not None:
            return read_snapshot(self.file.read_bytes(), str(self.file))
        if not self.live:
            return None
        from generator.aws import snapshot as aws  # boto3 takes a quarter of a second: only here

        return aws.read(organization, None, output.progress("accounts read"))


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What is to be written, what it follows from, and what AWS showed."""

    files: Mapping[str, bytes]
    observed: Observed
    undescribed: Undescribed | None
    problems: Sequence[Problem]


def _propose(source: Source, options: Told, aws: Aws) -> _Proposal:
    reading = look(source)
    options = _at_home(options, reading)
    home = options.names.home_region
    observed = observe(reading, home)
    organization = conventions(MemoryTree({FILE: propose(observed, options)}))
    snapshot = aws.snapshot(organization)
    problems = _shown(observed.problems, source)
    if snapshot is None:
        return _Proposal({FILE: propose(observed, options)}, observed, None, problems)
    options = _of_organization(options, snapshot)
    shows(snapshot, options.names.organization_id, aws.file, "--organization-id")
    observed = observe(reading, home, tuple(uses(snapshot, reading, home)))
    content = propose(observed, options)
    found = describe(snapshot, reading, conventions(MemoryTree({FILE: content})))
    files = {FILE: content} if found.content is None else {FILE: content, OTHERS: found.content}
    return _Proposal(files, observed, found, [*problems, *_blind(snapshot)])


def _of_organization(options: Told, snapshot: Snapshot) -> Told:
    """With the organization's id as AWS shows it, where nobody told one."""
    if "organization_id" in options.given or len(snapshot.organizations) != 1:
        return options
    (id,) = snapshot.organizations
    return replace(options, names=replace(options.names, organization_id=id), given=options.given | {"organization_id"})


def _at_home(options: Told, reading: Reading) -> Told:
    """With the home region that was told, else the likely one."""
    if "home_region" in options.given:
        return options
    return replace(options, names=replace(options.names, home_region=likely_home(reading.records, options.names.home_region)))


def _blind(snapshot: Snapshot) -> Iterator[Problem]:
    """Where nobody could look: there may be more VPCs than these."""
    places = blind(snapshot)
    if places:
        message = f"{counted(len(places), 'place')} could not be looked into, such as {places[0]}: there may be more VPCs"
        yield Problem(id="gap", message=message, remedy="let the role read there, and run it again", incomplete=True)


def run(directory: Path, given: Path, options: Told, aws: Aws, *, check: bool, diff: bool) -> Result:
    """Look, propose, and write what is proposed unless only checking. Nothing that is there is overwritten."""
    source = find(given)
    proposal = _propose(source, replace(options, requests=requests_path(source, directory)), aws)
    tree = WorkTree(directory)
    files = dict(proposal.files) if tree.read(POLICY_FILE) is not None else {**proposal.files, POLICY_FILE: POLICY}
    found = repository_changes.compare(FileSet.of({path: File(body, Kind.SEEDED) for path, body in files.items()}), tree)
    refuse_existing(found)
    if not check:
        directory.mkdir(parents=True, exist_ok=True)
        write.apply(tree, found)
    pending = any(change.written for change in found)
    marks = list(placeholders(files[FILE]))
    lines = [*told(proposal.observed, source.place, proposal.undescribed), "", workspace.report(found, check=check, diff=diff)]
    if not check and pending:
        lines += _next(directory, len(marks))
    data = plain(proposal.observed, source.place, proposal.undescribed)
    data["placeholders"] = [{"line": line, "what": what} for line, what in marks]
    data["changes"] = workspace.plain(found)
    return Result("\n".join(lines), data, proposal.problems, check and pending)


def _next(directory: Path, marks: int) -> Iterator[str]:
    """What comes next, in this order."""
    where = "" if directory == Path() else f" -C {directory}"
    yield f"\nNext, in this order:\n  1. {FILE}: {counted(marks, 'line')} marked PLACEHOLDER to fill in; read the comments beside the rest."
    yield f"  2. scaffold lint{where}: the near-misses, and what AFT or AWS would refuse."
    yield f'  3. What will stay for a while: scaffold lint{where} --write-baseline --reason "older than the rules" --expires YYYY-MM-DD'
    yield f"  4. Rules for who meets whom in {POLICY_FILE}; then: scaffold peering plan{where}"
