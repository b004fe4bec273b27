"""`scaffold atlantis`: the group; each command is imported only when it runs."""

from __future__ import annotations

from types import MappingProxyType

import click

from generator.cli.main import Commands, Lazy

COMMANDS: Commands = MappingProxyType(
    {
        "generate": ("atlantis_generate", "Rewrite our region of atlantis.yaml, and nothing else."),
        "check": ("atlantis_check", "Is atlantis.yaml right and current, and is no stack lost."),
        "summary": ("atlantis_summary", "What a change does, as Markdown for the pull request."),
    }
)


@click.group(cls=Lazy, table=COMMANDS)
def atlantis() -> None:
    """What Atlantis plans of a pull request, and what it would not say."""
