"""`scaffold account NAME`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from generator.accounts.add import NetworkSpec, Spec
from generator.cli import account_retire, ask, complete, consequences, output, workspace
from generator.landing_zone.add import Outcome, Wanted
from generator.landing_zone.add import account as decide
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of, policy_of, refuse_removals
from generator.landing_zone.readiness import account_id, waits_for
from generator.landing_zone.retirement import refuse_growth
from generator.landing_zone.stack_specs import parse
from generator.peering.describe import Difference, difference, plain
from generator.problems import Problem, Severity
from generator.report.text import printable
from generator.repository import changes as repository_changes
from generator.repository.changes import Change
from generator.stacks.render import WAITING_ID

_NETWORK = re.compile(r"([^/=]+)(?:/([^/=]+))?(?:=(.+))?\Z")


def _tags(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise click.BadParameter(f'"{text}" is not KEY=VALUE', context, parameter)
        if found.setdefault(key, value) != value:
            raise click.BadParameter(f"{key} is given twice", context, parameter)
    return found


def _networks(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[NetworkSpec, ...]:
    found = []
    for text in given:
        match = _NETWORK.match(text)
        if match is None:
            raise click.BadParameter(f'"{text}" is not REGION[/NAME][=CIDR]', context, parameter)
        found.append(NetworkSpec(match[1], match[2] or "", match[3]))
    return tuple(found)


@click.command()
@click.argument("name", required=False, shell_complete=complete.requested)
@click.option("--owner", help="The team that owns it (the tag owner_tag names).")
@click.option("--tag", "tags", multiple=True, metavar="KEY=VALUE", callback=_tags, help="Set a tag. May be repeated.")
@click.option("--ou", "unit", metavar="KEY", help="A key of organizational_units, instead of the environment's.")
@click.option("--email", help="Its e-mail address, instead of the pattern's. Permanent.")
@click.option("--region", help="The home region of its first network. Permanent.")
@click.option("--network", "networks", multiple=True, metavar="REGION[/NAME][=CIDR]", callback=_networks, help="Declare a further network.")
@click.option(
    "--with",
    "stacks",
    multiple=True,
    metavar="SKELETON[:INSTANCE][@REGION[/NETWORK]]",
    shell_complete=complete.skeletons,
    help="Add a stack.",
)
@click.option("--without", multiple=True, metavar="SKELETON", shell_complete=complete.skeletons, help="Leave a standard stack out.")
@click.option("--requested-by", default="", help="Who asked for it (stored by AFT).  [default for a new account: platform]")
@click.option("--reason", default="", help="Why (stored by AFT).")
@account_retire.options
@workspace.removals
@workspace.dated
@workspace.writing
def account(
    name: str | None,
    retirement: account_retire.Asked | None,
    owner: str | None,
    stacks: tuple[str, ...],
    without: tuple[str, ...],
    removals: int | None,
    day: str,
    root: Path,
    check: bool,
    diff: bool,
    form: str,
    **asked: Any,
) -> int:
    """Add the account NAME, or change or complete it.

    Writes its account request and the root modules it should have. On an existing account only the values given
    are changed, in place. With --retire it is taken down, in steps, and each step says the next one. On a terminal
    a new account's missing values are asked for, and the answer is shown before anything is written.

    Examples: scaffold account prod-ml --owner ml-platform; scaffold account prod-ml --tag tier=data --diff;
    scaffold account prod-ml --retire
    """
    if retirement is not None:
        if name is None:
            raise click.UsageError("--retire is about one account: name it")
        return account_retire.retire(name, retirement, removals=removals, day=day, root=root, check=check, diff=diff, form=form)
    output.begin("account", form)
    tree, zone, notes = workspace.open_zone(root, will_write=not check, day=day)
    spec, was_asked = _asked(zone, name, owner, form, asked)
    outcome = decide(zone, Wanted(spec, owner, tuple(map(parse, stacks)), without))
    refuse_growth(zone, outcome)
    changed = difference(plan_of(zone), plan_of(outcome.zone), policy_of(zone), zone.complete)
    refuse_removals(consequences.disconnected(changed), removals)
    if form == "text":  # what it connects and disconnects, before anything is written
        click.echo("".join(f"{line}\n" for line in consequences.lines(changed)), nl=False)
    if was_asked and not check:
        ask.confirm(outcome, sum(change.written for change in repository_changes.compare(outcome.files, tree)))
    found = workspace.settle(tree, outcome.files, check=check)
    problems = [*notes, *zone.problems, *repository_changes.problems(found), *outcome.notes, *_elsewhere(zone, outcome)]
    problems += consequences.doubts(changed)
    pending = check and any(change.written for change in found)
    text = _text(outcome, found, check=check, diff=diff)
    return output.show(output.Result(text, _data(outcome, found, changed), problems, pending))


def _asked(zone: LandingZone, name: str | None, owner: str | None, form: str, asked: Mapping[str, Any]) -> tuple[Spec, bool]:
    """What is asked for, and whether a person on a terminal said part of it just now."""
    given = {**asked["tags"], **({zone.organization.owner_tag: owner} if owner is not None else {})}
    if not ask.can(form):
        if name is None:
            raise ask.unnamed(zone, given)
        return Spec(name, **asked), False
    called = ask.name(zone) if name is None else name
    answers = ask.missing_tags(zone, called, given) if ask.is_new(zone, called) else {}
    return Spec(called, **{**asked, "tags": {**asked["tags"], **answers}}), name is None or bool(answers)


def _text(outcome: Outcome, found: list[Change], *, check: bool, diff: bool) -> str:
    lines = [workspace.report(found, check=check, diff=diff)]
    lines += [f"  {path[0]}.{path[1]} = {printable(value)}" for path, value in outcome.changes.items()]
    waiting = _waiting(outcome)
    if waiting:
        width = max(len(directory) for directory, _ in waiting)
        lines += ["", "Waiting:", *(f"  {directory.ljust(width)}  for {what}" for directory, what in waiting)]
    if outcome.created and not check:
        lines += ["", *_next(outcome)]
    return "\n".join(lines)


def _waiting(outcome: Outcome) -> list[tuple[str, str]]:
    found = [(stack.directory, waits_for(outcome.zone, outcome.account, stack)) for stack in outcome.stacks]
    return [(directory, what) for directory, what in found if what]


def _next(outcome: Outcome) -> list[str]:
    """What comes next; the name and the address are permanent, so they are shown once more."""
    account, checkout = outcome.account, outcome.zone.organization.paths.get("requests", "")
    vends = "merge it; AFT vends the account (about an hour)."
    steps = [f"Open a pull request with these files and {vends}"]
    if checkout.strip("./"):  # a folder around this one is of the same repository
        steps = [f"The request is in {checkout}: open a pull request there and {vends}"]
        steps += ["Open a second pull request here, with the other files, and merge it."]
    steps += ["scaffold pull, then scaffold sync: its stacks become plannable. Open a pull request with that."]
    permanent = f"Permanent once merged: the name {account.name} and the address {account.email}."
    return [permanent, "Next:", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))]


def _elsewhere(zone: LandingZone, outcome: Outcome) -> list[Problem]:
    """An account that has an id already, under a name that AFT would refuse for a new one."""
    if not outcome.created or account_id(zone, outcome.account) == WAITING_ID:
        return []
    message = f"AWS already has an account with the address {outcome.account.email}"
    remedy = "merge only if AFT should take that account over"
    return [Problem(id="account-exists", message=message, remedy=remedy, severity=Severity.WARNING)]


def _data(outcome: Outcome, found: list[Change], changed: Difference) -> dict[str, object]:
    return {
        "account": outcome.account.slug,
        "created": outcome.created,
        "changes": workspace.plain(found),
        "peerings": {standing.name.lower(): [plain(pair) for pair in listed] for standing, listed in changed.changed.items()},
        "waiting": [{"stack": directory, "for": what} for directory, what in _waiting(outcome)],
    }
