"""`scaffold`: commands are imported only when they run, and one boundary turns every failure into a status."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import click

from generator import __version__

Commands = Mapping[str, tuple[str, str]]
"""name -> (module, one line of help): the list is printed without importing any command"""
COMMANDS: Commands = MappingProxyType(
    {
        "init": ("init", "Write a new landing-zone repository."),
        "demo": ("demo", "Write an example landing zone, to try everything without AWS."),
        "account": ("account", "Add an account, or change or complete one."),
        "accounts": ("accounts", "List the accounts, and how many stacks of each are ready."),
        "status": ("accounts", "Where one account is, and what each of its stacks waits for."),
        "skeletons": ("skeletons", "List what can be scaffolded, or explain one skeleton."),
        "sync": ("sync", "Rewrite everything generated from its inputs."),
        "lint": ("lint", "Check everything offline: the pull-request gate."),
        "outdated": ("outdated", "Which stacks call an older version of their module."),
        "upgrade": ("upgrade", "Move chosen stacks to another version of their module."),
        "pull": ("pull", "Read accounts and networks from AWS into inventory.json."),
        "peering": ("peering", "Which networks meet, why, and what that changes."),
        "atlantis": ("atlantis", "What Atlantis plans of a pull request, and what it would not say."),
        "completion": ("complete", "Print what makes a shell complete commands and names."),
    }
)

_NEW_VALUES = 200_000


@contextlib.contextmanager
def _reader_may_go() -> Iterator[None]:
    """The reader of stdout may go, as head does: no failure, as click makes it, and no complaint at the last flush."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from None


@contextlib.contextmanager
def collected_seldom() -> Iterator[None]:
    """A command makes many values, keeps them to its end, and hardly a cycle: looking for cycles takes a sixth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(_NEW_VALUES, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Lazy(click.Group):
    """A group that knows the names of its commands, and imports one when it is asked for."""

    def __init__(self, *arguments: Any, table: Commands, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.table = table

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """See click; help is printed in here."""
        with _reader_may_go():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """See click."""
        with _reader_may_go():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the day's work."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in self.table:
            return None
        module = importlib.import_module(f"generator.cli.{self.table[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their line of help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in self.table.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or an error that names the nearest one."""
        if args and args[0] not in self.table:
            from generator.problems import expected

            ctx.fail(f'there is no command "{args[0]}"; {expected(args[0], self.table)}')
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="scaffold")
def scaffold() -> None:
    """Accounts, networks and peerings for AWS Control Tower Account Factory for Terraform.

    Exit status: 0 done; 1 could not do it; 2 did it, and there is something (changes under --check, lint errors,
    conflicts); 3 incomplete: something could not be read; 64 wrong usage; 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the exit status."""
    try:
        with _reader_may_go(), collected_seldom():
            return _main(arguments)
    except click.exceptions.Exit as error:
        return error.exit_code


def _main(arguments: Sequence[str] | None) -> int:
    try:
        result = scaffold.main(args=None if arguments is None else list(arguments), prog_name="scaffold", standalone_mode=False)
        return int(result or 0)
    except click.exceptions.Exit as error:
        return error.exit_code
    except (Exception, KeyboardInterrupt) as error:
        from generator.cli.failures import status_after  # not on the way of a command that works

        return status_after(error)
