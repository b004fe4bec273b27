"""Options that every command shares, and the landing zone they work in."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

import generator
from generator.accounts.model import FOLDER
from generator.cli import output
from generator.documents import dates
from generator.files import FileSet, Mounted
from generator.landing_zone.load import conventions, load
from generator.landing_zone.model import LandingZone
from generator.organization.schema import FILE
from generator.problems import Problem, Refused, Severity, refuse
from generator.report.text import counted, paint
from generator.repository import changes as repository_changes
from generator.repository import write
from generator.repository.changes import Change, Verb
from generator.repository.git import GitTree
from generator.repository.lock import locked
from generator.repository.worktree import WorkTree
from generator.stacks.skeletons import Skeletons

Command = TypeVar("Command", bound=Callable[..., Any])
_FOLDERS = {"requests": FOLDER.split("/")[0], "global_customizations": "aft-global-customizations"}


def reading(command: Command, forms: Sequence[str] = ("text", "json")) -> Command:
    """The options of every command: `-C DIR`, `--format`."""
    directory = click.Path(path_type=Path, exists=True, file_okay=False)
    where = click.option("-C", "--directory", "root", type=directory, default=Path(), help="Work in this directory.")
    form = click.option("--format", "form", type=click.Choice(forms), default=forms[0], help="What to print.")
    return where(form(command))


def reading_as(*forms: str) -> Callable[[Command], Command]:
    """The options of `reading`, with further forms of output."""
    return lambda command: reading(command, forms)


EACH_CHECKOUT = "A checkout that paths names has a ref of its own: requests=REF."


def based(command: Command) -> Command:
    """The option of commands that compare with git refs: `--base`."""
    metavar, words = "[requests=]REF", f"Compare with a git ref, and show what this change does. {EACH_CHECKOUT}"
    return click.option("--base", "bases", multiple=True, metavar=metavar, help=words)(command)


def removals(command: Command) -> Command:
    """The option of commands that may disconnect: `--removals`."""
    words = "The exact number of pairs to disconnect; needed above five."
    return click.option("--removals", type=click.IntRange(0), help=words)(command)


def writing(command: Command) -> Command:
    """The options of every command that writes: those of `reading`, `--check` and `--diff`."""
    check = click.option("--check", is_flag=True, help="Write nothing; status 2 if something would change.")
    diff = click.option("--diff", is_flag=True, help="Show the changes as a unified diff.")
    return reading(check(diff(command)))


def dated(command: Command) -> Command:
    """The option of every command that judges pairs: `--date`."""
    day = click.option(
        "--date", "day", metavar="YYYY-MM-DD", callback=_day, help="The day on which expiry is judged.  [default: today, UTC]"
    )
    return day(command)


def _day(context: click.Context, parameter: click.Parameter, given: str | None) -> str:
    try:
        return today() if given is None else dates.parse(given)
    except ValueError as error:
        raise click.BadParameter(f'"{given}": {error}', context, parameter) from None


def today() -> str:
    """The day in UTC: every decision of one run is made on one day."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def bundled() -> Skeletons:
    """The skeletons that come with the program."""
    return Skeletons(beside("skeletons"))


def beside(*parts: str) -> WorkTree:
    """A folder that comes with the program: inside the package, or beside it in a checkout."""
    package = Path(generator.__file__).parent
    inside = package / f"_{parts[0]}"
    return WorkTree((inside if inside.is_dir() else package.parent / parts[0]).joinpath(*parts[1:]))


def skeletons_of(root: Path) -> Skeletons:
    """The same with those of a landing zone's own over them; elsewhere a folder `skeletons/` is somebody's."""
    return bundled().within(WorkTree(root)) if (root / FILE).is_file() else bundled()


def use_grammar_cache() -> None:
    """Let python-hcl2 keep its compiled grammar where we may write: without, each run takes three seconds more."""
    import importlib.util

    from generator.hcl import syntax

    found = importlib.util.find_spec("hcl2")
    if found is None or found.origin is None or os.access(Path(found.origin).parent, os.W_OK):
        return
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "scaffold"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return  # slower, and still right
    if folder.stat().st_uid == os.getuid() and not folder.stat().st_mode & 0o077:
        syntax.cache_file = str(folder / "hcl2-grammar.bin")  # a pickle: nobody else may write it


def tree_of(root: Path) -> WorkTree:
    """The work tree of a landing zone, sibling checkouts mounted at their usual place."""
    plain = WorkTree(root)
    paths = conventions(plain).paths
    there = {_FOLDERS[name]: path for name, path in paths.items() if path}
    output.mounted(there)
    return WorkTree(root, {folder: _sibling(root, path) for folder, path in there.items()})


def _sibling(root: Path, path: str) -> Path:
    found = (root / path).resolve()
    if not found.is_dir():
        raise refuse("no-checkout", f"paths names {path}, and {found} is no directory", "clone it there", file="scaffold.yaml", value=path)
    return found


@contextlib.contextmanager
def base_zone(root: Path, zone: LandingZone, bases: Sequence[str]) -> Iterator[LandingZone | None]:
    """The landing zone of git refs: `REF`, and `requests=REF` where the requests live in a checkout of their own.

    None where the base has no valid `scaffold.yaml`: the change that adds or repairs it must be able to pass.
    """
    named = {name: ref for name, equals, ref in (base.rpartition("=") for base in bases) if equals or ref}
    paths = {name: path for name, path in zone.organization.paths.items() if path}
    for name in named:
        if name and name not in paths:
            raise refuse("wrong-base", f'--base names "{name}", which is not in paths of scaffold.yaml', "write --base REF", value=name)
    for name in ("", *paths):
        if name not in named:
            remedy = f"add --base {name}=REF" if name else "add --base REF"
            raise refuse("wrong-base", f"--base does not say the ref of {name or 'this repository'}", remedy)
    trees = {name: GitTree(_sibling(root, paths[name]) if name else root, ref) for name, ref in named.items()}
    try:
        mounts = {_FOLDERS[name]: tree for name, tree in trees.items() if name}
        found: LandingZone | None
        try:
            found = load(Mounted(trees[""], mounts), zone.renderer.skeletons, zone.day)
        except Refused:
            found = None
        yield found
    finally:
        for tree in trees.values():
            tree.close()


def blind_base(bases: Sequence[str], remedy: str) -> Problem:
    """The warning where nobody can tell what the base held: what the change took away is then not seen."""
    message = f"{', '.join(bases)} has no conventions and policy that can be read, so what was there before is not known"
    return Problem(id="blind-base", message=message, remedy=remedy, severity=Severity.WARNING)


def open_zone(root: Path, *, will_write: bool = False, day: str | None = None) -> tuple[WorkTree, LandingZone, list[Problem]]:
    """The landing zone of a directory. A writing command first completes a run that was killed."""
    use_grammar_cache()
    tree = tree_of(root)
    notes: list[Problem] = []
    if will_write:  # held until the command ends: two runs must not decide on one free range
        click.get_current_context().with_resource(locked(root))
    if write.interrupted(root):
        if will_write:
            done = write.complete(tree)
            message = f"a run that had been interrupted was completed ({counted(done, 'file')})"
            notes.append(Problem(id="completed", message=message, severity=Severity.NOTE))
        else:
            message = "an interrupted run left this tree half-written"
            notes.append(Problem(id="interrupted", message=message, remedy="run scaffold sync to complete it", incomplete=True))
    return tree, load(tree, bundled(), day or today()), notes


_COLOURS = {Verb.CREATE: "32", Verb.UPDATE: "33", Verb.DELETE: "35", Verb.CONFLICT: "31", Verb.KEPT: "36", Verb.IDENTICAL: "2"}


def report(changes: Sequence[Change], *, check: bool, diff: bool) -> str:
    """The changes, a line each, then the diff if wanted, then one line of counts."""
    import sys

    shown = [change for change in changes if change.verb is not Verb.IDENTICAL]
    colour = output.colour(sys.stdout)
    lines = [f"  {paint(change.verb.value.ljust(9), _COLOURS[change.verb], colour)}  {change.path}" for change in shown]
    if diff:
        lines += [repository_changes.diff(change).rstrip("\n") for change in shown if change.written]
    counts = Counter(change.verb for change in changes)
    numbers = [f"{counts[verb]} {verb.value}" for verb in Verb if counts[verb]]
    if not any(change.written for change in shown):
        closing = "Nothing to do" + (f" ({', '.join(numbers)})." if numbers else ".")
    else:
        closing = f"{', '.join(numbers)}." + (" Nothing written: --check." if check else "")
    return "\n".join([*lines, closing])


def settle(tree: WorkTree, wanted: FileSet, *, check: bool) -> list[Change]:
    """Compare, and write unless only checking."""
    found = repository_changes.compare(wanted, tree)
    if not check:
        write.apply(tree, found)
    return found


def plain(changes: Sequence[Change]) -> list[dict[str, str]]:
    """Changes as data."""
    return [{"path": change.path, "action": change.verb.value, "owner": change.kind.value} for change in changes]
