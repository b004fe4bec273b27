"""What the shell completes: names of accounts, networks and skeletons, read from the landing zone; nothing where it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from generator.accounts.others import NAME
from generator.cli import workspace
from generator.landing_zone.model import LandingZone
from generator.problems import ScaffoldError

SHELLS = ("bash", "zsh", "fish")


def accounts(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The accounts whose name begins so."""
    return _beginning(context, incomplete, lambda zone: (*(account.slug for account in zone.accounts), *zone.others.accounts))


def requested(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The accounts with a request, which alone can be changed, whose name begins so."""
    return _beginning(context, incomplete, lambda zone: (account.slug for account in zone.accounts))


def skeletons(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The skeletons of stacks whose name begins so."""
    return _beginning(context, incomplete, lambda zone: zone.renderer.skeletons.stacks)


def networks(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The networks whose name begins so."""
    return _beginning(context, incomplete, _networks)


def _networks(zone: LandingZone) -> Iterable[str]:
    declared = (network.name for account in zone.accounts for network in account.networks)
    return (*declared, *(network.name for network in zone.others.networks))


def _beginning(context: click.Context, incomplete: str, names: Callable[[LandingZone], Iterable[str]]) -> list[str]:
    try:
        _, zone, _ = workspace.open_zone(context.params.get("root") or Path())
    except (ScaffoldError, OSError):
        return []  # a message in the middle of a line that is being typed helps nobody
    return sorted({name for name in names(zone) if name.startswith(incomplete) and _is_name(name)})


def _is_name(text: str) -> bool:
    """Is it a slug or the name of a network? The shell puts it on the line without quotes, and a request says what it likes."""
    return re.fullmatch(NAME.pattern, text) is not None


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> int:
    """Print what makes SHELL complete commands, options, accounts, networks and skeletons.

    Examples: eval "$(scaffold completion bash)"; scaffold completion fish > ~/.config/fish/completions/scaffold.fish
    """
    from click.shell_completion import get_completion_class

    from generator.cli.main import scaffold

    made = get_completion_class(shell)
    assert made is not None  # one of SHELLS
    click.echo(made(scaffold, {}, "scaffold", "_SCAFFOLD_COMPLETE").source())
    return 0
