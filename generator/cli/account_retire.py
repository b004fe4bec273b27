"""`scaffold account NAME --retire`: an account is taken down, in steps."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.accounts.model import Account, slug
from generator.accounts.others import FILE as OTHERS
from generator.cli import consequences, output, workspace
from generator.files import FileSet
from generator.landing_zone import retirement
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of, policy_of, refuse_removals
from generator.landing_zone.retirement import Remains, Step
from generator.peering.describe import difference, plain
from generator.peering.existing import directory
from generator.peering.policy import FILE as POLICY
from generator.problems import Problem, refuse
from generator.report.text import printable
from generator.repository import changes as repository_changes
from generator.repository.changes import Change

Command = TypeVar("Command", bound=Callable[..., Any])
_STACK = "STACK is REGION/STACK, the end of its directory as status shows it, or STACK where only one region has it"
_BASE = "The git ref that Atlantis' applies are merged into, such as origin/main; --destroyed needs it."
_GOES_WITH = frozenset({"name", "retire", "destroy", "destroyed", "bases", "removals", "day", "root", "check", "diff", "form"})
_OWN = frozenset({"destroy", "destroyed", "bases"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What `--retire` is asked to do: with nothing, its first step."""

    destroy: tuple[str, ...]
    destroyed: tuple[str, ...]
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    """What a step writes and prints: lines before the files and behind them, and data of its own."""

    step: Step
    before: Sequence[str] = ()
    behind: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    pairs: Sequence[dict[str, Any]] = ()


def options(command: Command) -> Command:
    """The options of `--retire`, which become one argument, `retirement`: None where it is not given."""

    @functools.wraps(command)
    def gathered(*, retire: bool, destroy: tuple[str, ...], destroyed: tuple[str, ...], bases: tuple[str, ...], **others: Any) -> int:
        _refuse_mixture(click.get_current_context(), retire)
        status: int = command(retirement=Asked(destroy, destroyed, bases) if retire else None, **others)
        return status

    first = click.option("--retire", is_flag=True, help="Take the account down: deny its pairs, or say what comes next.")
    second = click.option("--destroy", multiple=True, metavar="STACK", help=f"Make a stack a tombstone; may be repeated. {_STACK}.")
    third = click.option("--destroyed", multiple=True, metavar="STACK", help="Delete a tombstone whose state is empty; may be repeated.")
    base = click.option("--base", "bases", multiple=True, metavar="[requests=]REF", help=_BASE)
    return first(second(third(base(gathered))))  # type: ignore[return-value]


def _refuse_mixture(context: click.Context, retire: bool) -> None:
    """Each step is a pull request of its own, and nothing else of an account changes in it."""
    given = {name for name in context.params if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE}
    words = {str(parameter.name): parameter.opts[0] for parameter in context.command.params}
    wrong = ", ".join(sorted(words[name] for name in (given - _GOES_WITH if retire else given & _OWN)))
    if wrong:
        raise click.UsageError(f"not with --retire: {wrong}" if retire else f"only with --retire: {wrong}")
    if {"destroy", "destroyed"} <= given:
        raise click.UsageError("--destroy and --destroyed are two steps, each a pull request of its own")
    if "destroyed" in given and "bases" not in given:
        raise click.UsageError("--destroyed needs --base REF: only what is a tombstone there may be deleted")


def retire(name: str, asked: Asked, *, removals: int | None, day: str, root: Path, check: bool, diff: bool, form: str) -> int:
    """One step of an account that is taken down: write it, and say what comes next."""
    output.begin("account retire", form)
    tree, zone, notes = workspace.open_zone(root, will_write=not check, day=day)
    account = zone.one(slug(name))
    if account is None:
        return _without_request(zone, name, asked, notes)
    done = _step(root, zone, account, asked, removals)
    if form == "text":
        click.echo("".join(f"{line}\n" for line in done.before), nl=False)
    found = workspace.settle(tree, done.step.files, check=check)
    problems = [*notes, *zone.problems, *repository_changes.problems(found), *done.step.notes, *done.problems]
    pending = check and any(change.written for change in found)
    following = retirement.next_steps(zone, done.step.remains)
    text = "\n".join([workspace.report(found, check=check, diff=diff), *done.behind, "", *_told(done.step.remains, following)])
    return output.show(output.Result(text, _data(zone, done, found, following), problems, pending))


def _without_request(zone: LandingZone, name: str, asked: Asked, notes: Sequence[Problem]) -> int:
    """An account whose request is gone, and that AWS still has, is closed by hand; another one is a misspelt name."""
    own = slug(name)
    _refuse_without(zone, name)
    live = next((each for each in zone.inventory.accounts.values() if slug(each.name) == own), None)
    if live is None or asked.destroy or asked.destroyed:
        # no other account is suggested to somebody who takes one down
        message = f'no request of "{name}" is here, and nothing else of it'
        remedy = 'it is taken down already, or the name is another: "scaffold accounts" lists them'
        raise refuse("unknown-account", message, remedy, value=name)
    following = list(retirement.closing(zone, own, live.email))
    lines = [f"{own}: its request is gone, and the inventory has the account {live.id} ({live.state}).", *_numbered(following)]
    nothing: dict[str, Any] = {"stacks": {}, "peerings": {}, "disconnect": [], "changes": [], "look": []}
    data = {"account": own, "retiring": None, **nothing, "next": following}
    return output.show(output.Result("\n".join(lines), data, [*notes, *zone.problems]))


def _refuse_without(zone: LandingZone, name: str) -> None:
    """What was not read is not absent, and what an account left behind needs its request again."""
    if zone.reading.unreadable:
        message = f'no account "{name}" was read, and {", ".join(sorted(zone.reading.unreadable))} could not be'
        raise refuse("unread-account", message, "repair that first", value=name)
    described = zone.others.accounts.get(slug(name))
    if described is not None and described.is_account:
        message = f"{described.slug} has no request, so there is nothing to retire"
        remedy = f"deny its pairs in {POLICY}, and after scaffold sync and scaffold peering prune take it out of this file"
        raise refuse("no-request", message, remedy, file=OTHERS, line=described.line, value=name)
    left = retirement.orphans(zone, slug(name))
    if left:
        message = f'the request of "{name}" is gone, and {", ".join(left)} {"is" if len(left) == 1 else "are"} there'
        raise refuse("orphan-stack", message, "restore the request from git, and take the account down in steps", value=name)


def _step(root: Path, zone: LandingZone, account: Account, asked: Asked, removals: int | None) -> _Done:
    if not (asked.destroy or asked.destroyed):
        return _first(zone, account, removals)
    refuse_removals((), removals)
    with workspace.base_zone(root, zone, asked.bases) if asked.bases else contextlib.nullcontext() as base:
        if base is None and asked.bases:
            message = f"{', '.join(asked.bases)} has no scaffold.yaml that can be read, so nothing is known of what stands there"
            raise refuse("wrong-base", message, "name a base whose landing zone is valid")
        if base is not None and asked.destroyed:
            return _third(zone, retirement.forget(zone, account, asked.destroyed, base))
        return _Done(retirement.destroy(zone, account, asked.destroy, base))


def _first(zone: LandingZone, account: Account, removals: int | None) -> _Done:
    """The pairs are denied. Where they are already, it only says where the account is."""
    left = retirement.remains(zone, account)
    if left.retiring:
        return _Done(Step(FileSet(), left))
    outcome = retirement.deny(zone, account)
    changed = difference(plan_of(zone), plan_of(outcome.zone), policy_of(zone), zone.complete)
    gone = consequences.disconnected(changed)
    refuse_removals(gone, removals)
    said = [f"  {place}.{key} = {value}" for (place, key), value in outcome.changes.items()]
    step = Step(outcome.files, retirement.denied(left, [pair.names for pair in gone]), notes=outcome.notes)
    return _Done(step, consequences.lines(changed), said, consequences.doubts(changed), [plain(pair) for pair in gone])


def _third(zone: LandingZone, step: Step) -> _Done:
    looks = [f"  {printable(retirement.look(zone, stack))}" for stack in step.stacks]
    first = "Merge this only if, where the directory is still there, state list printed nothing (no state file: it was never applied):"
    return _Done(step, [first, *looks, ""])


def _told(left: Remains, following: Sequence[str]) -> list[str]:
    """Where the account is, and what comes next."""
    counts = [
        (len(left.connected), "connected"),
        (len(left.disconnected), "disconnected and not pruned"),
        (len(left.live), "live"),
        (len(left.tombstones), "to be destroyed"),
    ]
    pairs = ", ".join(f"{number} {what}" for number, what in counts[:2] if number) or "none"
    stacks = ", ".join(f"{number} {what}" for number, what in counts[2:] if number) or "none"
    standing = "retiring" if left.retiring else "not retiring"
    return [f"{left.account.slug}: {standing}; peerings: {pairs}; stacks: {stacks}.", *_numbered(following)]


def _numbered(following: Sequence[str]) -> list[str]:
    return ["Next:", *(f"  {number}. {printable(line)}" for number, line in enumerate(following, 1))]


def _data(zone: LandingZone, done: _Done, found: list[Change], following: Sequence[str]) -> dict[str, Any]:
    left = done.step.remains
    stacks = {"live": left.live, "tombstones": left.tombstones}
    pairs = {"live": left.connected, "tombstones": left.disconnected}
    return {
        "account": left.account.slug,
        "retiring": left.retiring,
        "stacks": {**{state: [stack.directory for stack in some] for state, some in stacks.items()}, "foreign": list(left.foreign)},
        "peerings": {state: list(map(directory, some)) for state, some in pairs.items()},
        "disconnect": list(done.pairs),
        "changes": workspace.plain(found),
        "look": [retirement.look(zone, stack) for stack in dict.fromkeys((*done.step.stacks, *left.tombstones))],
        "next": list(following),
    }
