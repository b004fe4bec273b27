"""`scaffold atlantis check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from generator.atlantis.check import check as judge
from generator.atlantis.permissions import UNKNOWN, Permissions
from generator.atlantis.region import FILE, listed
from generator.atlantis.server import permissions
from generator.atlantis.server_rules import validate_server
from generator.cli import output, workspace
from generator.landing_zone import gate
from generator.landing_zone.lint import caused
from generator.problems import Problem
from generator.report.text import counted, severities
from generator.repository.git import changed_files
from generator.repository.worktree import WorkTree

DIRECTORY = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--server", metavar="FILE", help="With FILE: the server's repos.yaml. Judge by what it allows, and check it too.")
@click.option("--repository", metavar="HOST/OWNER/NAME", help="Whose permissions count in it.  [default: those of every entry]")
@click.option("--branch", metavar="NAME", help="With FILE: judge for pull requests into this branch only.")
@click.option("--tree", type=DIRECTORY, help="With FILE: the repository in which every project's directory must exist.")
@workspace.based
@workspace.dated
@workspace.reading
def check(
    file: str | None,
    server: str | None,
    repository: str | None,
    branch: str | None,
    tree: Path | None,
    bases: tuple[str, ...],
    day: str,
    root: Path,
    form: str,
) -> int:
    """Check what Atlantis refuses, and what it would pass over without a word.

    Without FILE the landing zone: stacks that are not listed, or deleted, and what a plan must not run. With FILE any
    atlantis.yaml, or a server's repos.yaml: an error is what Atlantis refuses, a warning what it accepts in silence.

    Examples: scaffold atlantis check --base origin/main; scaffold atlantis check atlantis.yaml --tree .
    """
    output.begin("atlantis check", form)
    if file is None:
        if server or repository or branch or tree:
            raise click.UsageError("--server, --repository, --branch and --tree are about a FILE: name it")
        return _zone(root, bases, day)
    if bases:
        raise click.UsageError("--base is about a landing zone: leave FILE out")
    return _file(root, file, server, repository, branch, tree)


def _zone(root: Path, bases: tuple[str, ...], day: str) -> int:
    _, zone, notes = workspace.open_zone(root, day=day)
    unread: Sequence[Problem] = zone.problems
    if bases:
        with workspace.base_zone(root, zone, bases) as base:
            unread = caused(zone.problems, base.problems) if base is not None else zone.problems
            problems = gate.check(zone, base, sum(changed_files(root, ref) for ref in bases if "=" not in ref))
            problems += [] if base is not None else [workspace.blind_base(bases, "look yourself for stacks that are deleted or moved")]
    else:
        problems = gate.check(zone, None)
    projects = listed(zone.tree.read(FILE) or b"")
    said = [*notes, *unread, *problems]
    text = f"{counted(len(projects), 'project')} checked: {severities(said)}."
    return output.show(output.Result(text, {"kind": "landing zone", "projects": projects}, said))


def _file(root: Path, file: str, server: str | None, repository: str | None, branch: str | None, tree: Path | None) -> int:
    allowed, more = _server(root, server, repository)
    found = judge((root / file).read_bytes(), file, server=allowed, base=branch, tree=WorkTree(tree) if tree else None)
    problems = [*found.problems, *more]
    text = f"{file} checked as the configuration of a {found.kind}: {severities(problems)}."
    return output.show(output.Result(text, {"kind": found.kind}, problems))


def _server(root: Path, file: str | None, repository: str | None) -> tuple[Permissions, list[Problem]]:
    if file is None:
        return UNKNOWN, []
    content = (root / file).read_bytes()
    return permissions(content, file, repository), validate_server(content, file)
