"""What a person on a terminal is asked where a flag is missing: with the same rules, and the consequence before anything is written.

Questions go to stderr, so that stdout holds results only. Nobody is asked where stdin or stderr is no terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from generator.accounts import names, tags
from generator.accounts.add import how_to_say
from generator.accounts.model import slug
from generator.landing_zone.add import Outcome
from generator.landing_zone.model import LandingZone
from generator.organization.read import legal_values
from generator.report.text import counted, printable


def can(form: str) -> bool:
    """Is there somebody to ask?"""
    return form == "text" and sys.stdin.isatty() and sys.stderr.isatty()


def name(zone: LandingZone) -> str:
    """The account's name."""
    return _answer("Name of the account", names.wrong_name, hint=zone.organization.account_pattern)


def unnamed(zone: LandingZone, given: Mapping[str, str]) -> click.UsageError:
    """What a command line without a name lacks, all at once."""
    fields = dict.fromkeys((rule.from_name for rule in zone.organization.tags.values() if rule.from_name), "")
    known = {**tags.proposed(fields, zone.organization), **given}
    needed = [how_to_say(key, "", zone.organization).removeprefix("give ") for key in tags.missing(known, zone.organization)]
    also = f"; a new one also needs {', '.join(needed)}" if needed else ""
    return click.UsageError(f"name the account: scaffold account NAME{also}")


def missing_tags(zone: LandingZone, account: str, given: Mapping[str, str]) -> dict[str, str]:
    """The tags of a new account that neither the command line, its name nor a default says."""
    organization = zone.organization
    known = {**tags.proposed(names.parse(account, organization) or {}, organization), **given}
    return {key: _tag(zone, key) for key in tags.missing(known, organization)}


def _tag(zone: LandingZone, key: str) -> str:
    legal = legal_values(zone.organization, key)
    if legal:
        found: str = click.prompt(f"Tag {key}", type=click.Choice(legal), err=True)
        return found

    def wrong(value: str) -> Iterable[tuple[str, str]]:
        return ((what, remedy) for _, what, remedy in tags.wrong_tag(key, value, zone.organization))

    return _answer(f"Tag {key}", wrong, hint=zone.organization.tags[key].pattern)


def _answer(question: str, wrong: Callable[[str], Iterable[tuple[str, str]]], hint: str | None) -> str:
    """Ask until the answer is legal."""

    def checked(given: Any) -> str:
        found = [f"{what}; {remedy}" for what, remedy in wrong(str(given))]
        if found:
            raise click.UsageError(printable(". ".join(found)))
        return str(given)

    answer: str = click.prompt(f"{question} ({hint})" if hint else question, value_proc=checked, err=True)
    return answer


def confirm(outcome: Outcome, files: int) -> None:
    """Show what a new account will be, and stop where that is not what was meant."""
    if outcome.created:
        _show(outcome)
    if not click.confirm(f"Write {counted(files, 'file')}?", default=True, err=True):
        click.echo("Nothing written.", err=True)
        raise click.exceptions.Exit(130)


def _show(outcome: Outcome) -> None:
    request = outcome.account.record.request
    about = [str(outcome.account.email), request.control_tower["ManagedOrganizationalUnit"], request.custom_fields["region"]]
    ranges = [f"{network.name} {network.cidr_block}" for network in outcome.account.networks]
    said = ", ".join(f"{key}={value}" for key, value in request.tags.items())
    click.echo(printable(f"{outcome.account.name}: {', '.join(map(str, about))}; {', '.join(ranges)}; {said}"), err=True)
    click.echo("The name, the address and the range are permanent once AFT has made the account.", err=True)


def is_new(zone: LandingZone, account: str) -> bool:
    """Is there certainly no such account?"""
    return zone.account(slug(account)) is None and not zone.reading.unreadable
