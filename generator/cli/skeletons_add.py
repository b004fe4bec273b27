"""`scaffold skeletons add`."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import click

from generator.cli import output, skeleton_fetch, time_limit, workspace
from generator.cli.skeleton_fetch import Origin
from generator.files import File, FileSet, Kind, Overlaid
from generator.landing_zone.model import LandingZone
from generator.problems import Problem, Severity, refuse
from generator.report.text import printable
from generator.repository import changes as repository_changes
from generator.repository.changes import Change
from generator.stacks.foreign import Copied, copied
from generator.stacks.own import OWN
from generator.stacks.skeletons import Skeletons

MOST_SECONDS = 10.0
"""A template of a stranger can loop for ever, and a pattern can try for ever; an honest skeleton takes a fraction of one."""
_ENDINGS = re.compile(r"(?:\.git|\.zip)?/*\Z")


@click.command()
@click.argument("source", metavar="URL@REF")
@click.option("--directory", metavar="D", default="", help="The folder of the skeleton within the repository or archive.")
@click.option("--name", help="What it is called here.  [default: as its folder, or as the repository]")
@click.option("-C", "root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(), help="Work in this directory.")
@click.option("--check", is_flag=True, help="Write nothing; status 2 if something would change.")
@click.option("--diff", is_flag=True, help="Show the changes as a unified diff.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
def add(source: str, directory: str, name: str | None, root: Path, check: bool, diff: bool, form: str) -> int:
    """Copy a skeleton from elsewhere into skeletons/, for review.

    URL@REF is a git repository at a tag, a branch or a commit; a zip has no ref. Nothing of it is run. Hooks, _extensions,
    symbolic links and names that lead out of it are refused, and a skeleton that is there is never written over.

    Examples: scaffold skeletons add https://github.com/acme/skeletons@v1.2.0 --directory queue --check --diff;
    scaffold skeletons add queue.zip
    """
    output.begin("skeletons add", form)
    tree, zone, notes = workspace.open_zone(root, will_write=not check)
    with skeleton_fetch.fetch(source) as fetched:
        origin = fetched.origin
        name = name or _name(origin, directory)
        with _in_time(name):
            found = copied(fetched.tree, directory.strip("/"), name)
    _refuse_existing(zone, name)
    after = zone.renderer.skeletons.within(Overlaid(zone.tree, found.files))
    with _in_time(name):
        unusable = _unusable(after, name)
    changes = workspace.settle(tree, FileSet.of({path: File(body, Kind.SEEDED) for path, body in found.files.items()}), check=check)
    problems = [*notes, *repository_changes.problems(changes), *unusable]
    shown = _diff(changes) if diff else []
    text = "\n".join([*shown, workspace.report(changes, check=check, diff=False), *_words(found, origin, after)])
    pending = check and any(change.written for change in changes)
    return output.show(output.Result(text, _plain(found, origin, changes), problems, pending))


def _in_time(name: str) -> contextlib.AbstractContextManager[None]:
    """The limit for judging what was fetched."""
    message, remedy = f"rendering it takes longer than {MOST_SECONDS:g} seconds", "take the loop or the pattern that has no end out of it"
    return time_limit.at_most(MOST_SECONDS, refuse("unsafe-skeleton", message, remedy, file=f"{OWN}/{name}"))


def _name(origin: Origin, directory: str) -> str:
    return (directory.strip("/") or _ENDINGS.sub("", origin.url)).replace(":", "/").rpartition("/")[2].lower()


def _refuse_existing(zone: LandingZone, name: str) -> None:
    there, listing = f"{OWN}/{name}", zone.tree.list(OWN)
    if name in (*listing.directories, *listing.files, *listing.links):
        remedy = "remove it first, in a change of its own, or give this one another name: --name NAME"
        raise refuse("occupied", "there is a skeleton of that name, which is not written over", remedy, file=there, value=name)


def _unusable(after: Skeletons, name: str) -> list[Problem]:
    """What keeps the copy from being used yet: it is there for review, so these are for whoever repairs it."""
    folder = f"{OWN}/{name}"
    own = (problem for problem in after.problems() if f"{problem.file}/".startswith(f"{folder}/"))
    return [problem.softened(Severity.WARNING) for problem in own]


def _words(found: Copied, origin: Origin, after: Skeletons) -> list[str]:
    lines = ["", f"From {origin}."]
    if found.name in after.builtin.stacks:
        lines.append(f"It replaces the built-in skeleton {found.name}.")
    if found.left:
        lines.append(f"Left behind: {', '.join(found.left)}.")
    lines += ["", "Look at:", *(f"  {each}" for each in found.look_at)] if found.look_at else []
    lines += ["", "Read all of it before it is merged: its templates become Terraform, and its module is planned."]
    return [*lines, f"Then: scaffold skeletons {found.name}"]


def _diff(changes: list[Change]) -> list[str]:
    """The unified diff, in which nothing can hide: these files are strangers', and a terminal obeys what it does not show."""
    return [printable(line) for change in changes if change.written for line in repository_changes.diff(change).rstrip("\n").split("\n")]


def _plain(found: Copied, origin: Origin, changes: list[Change]) -> dict[str, object]:
    return {
        "name": found.name,
        "origin": {"url": origin.url, "ref": origin.ref or None, "commit": origin.commit or None, "sha256": origin.digest or None},
        "left_behind": list(found.left),
        "look_at": list(found.look_at),
        "changes": workspace.plain(changes),
    }
