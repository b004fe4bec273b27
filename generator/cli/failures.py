"""The one boundary where a failure becomes words and an exit status."""

from __future__ import annotations

import os

import click

from generator.cli.output import failure
from generator.problems import ScaffoldError, Status, refuse


def status_after(error: BaseException) -> int:
    """Say what went wrong; the status. A defect of ours is raised again where SCAFFOLD_DEBUG is set."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message())
            return Status.USAGE
        case click.UsageError():
            error.show()
            return Status.USAGE
        case click.Abort() | KeyboardInterrupt():
            click.echo("interrupted; nothing was left half-written", err=True)
            return Status.INTERRUPTED
        case ScaffoldError():
            return failure(error)
        case FileNotFoundError() | IsADirectoryError() | NotADirectoryError():
            place = error.filename if isinstance(error.filename, str) else None
            return failure(refuse("disk", error.strerror or str(error), "name a file that is there", file=place))
        case OSError():
            place = error.filename if isinstance(error.filename, str) else None
            return failure(refuse("disk", error.strerror or str(error), "check its permissions and the space left", file=place))
    return _defect(error)


def _defect(error: BaseException) -> int:
    if os.environ.get("SCAFFOLD_DEBUG"):
        raise error
    what = f"this is a defect of scaffold: {type(error).__name__}: {error}"
    return failure(refuse("defect", what, "set SCAFFOLD_DEBUG=1 to see where, and report it"))
