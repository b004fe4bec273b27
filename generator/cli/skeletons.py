"""`scaffold skeletons [NAME]`, and the group of `scaffold skeletons add`."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from generator.cli import output, workspace
from generator.cli.main import Commands, Lazy
from generator.report.text import table
from generator.stacks.skeletons import Skeleton, Skeletons

COMMANDS: Commands = MappingProxyType({"add": ("skeletons_add", "Copy a skeleton from elsewhere into skeletons/, for review.")})


class _Named(Lazy):
    """A group in which every word that is no command of it is the name of a skeleton."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a word, or the explanation of the skeleton it names."""
        return (args[0], explain, args[1:]) if args[0] not in self.table else super().resolve_command(ctx, args)


@click.group(cls=_Named, table=COMMANDS, invoke_without_command=True, subcommand_metavar="[NAME]")
@workspace.reading
@click.pass_context
def skeletons(context: click.Context, root: Path, form: str) -> int | None:
    """List what can be scaffolded, or explain the skeleton NAME.

    Over the built-in skeletons stand those below skeletons/ of the landing zone.

    Examples: scaffold skeletons; scaffold skeletons network
    """
    if context.invoked_subcommand is not None:
        return None
    output.begin("skeletons", form)
    found = workspace.skeletons_of(root)
    shown = found.stacks.values()
    rows = [(each.name, each.version, each.needs, found.source(each.name), each.summary) for each in shown]
    problems = [problem for each in found.broken.values() for problem in each]
    text = table(("name", "version", "needs", "source", "summary"), rows)
    return output.show(output.Result(text, [_plain(found, each) for each in shown], problems))


@click.command()
@workspace.reading
@click.pass_context
def explain(context: click.Context, root: Path, form: str) -> int:
    """Explain one skeleton: what it needs, and its inputs."""
    before = context.parent.params if context.parent is not None else {}
    output.begin("skeletons", "json" if "json" in (form, before.get("form")) else form)
    found = workspace.skeletons_of(root if root != Path() else before.get("root", root))
    skeleton = found.get(context.info_name or "")
    return output.show(output.Result(_explained(found, skeleton), _plain(found, skeleton)))


def _explained(found: Skeletons, skeleton: Skeleton) -> str:
    instance = ":INSTANCE" if skeleton.instance else ""
    use = f"scaffold account NAME --with {skeleton.name}{instance}"
    tags = "".join(f", in an account with the tag {key}={value}" for key, value in skeleton.requires_tags.items())
    said = f" Reads {skeleton.settings}: of scaffold.yaml." if skeleton.settings else ""
    head = f"{skeleton.name} {skeleton.version}: {skeleton.summary}"
    head += f"\nNeeds: {skeleton.needs}{tags}.{said} Use: {use}\nSource: {found.source(skeleton.name)}."
    rows = [(each.name, each.type, json.dumps(each.default), each.help) for each in skeleton.inputs]
    return f"{head}\n\n{table(('input', 'type', 'default', 'meaning'), rows)}"


def _plain(found: Skeletons, skeleton: Skeleton) -> dict[str, Any]:
    inputs = [{"name": each.name, "type": each.type, "default": each.default, "help": each.help} for each in skeleton.inputs]
    return {
        "name": skeleton.name,
        "version": skeleton.version,
        "needs": skeleton.needs,
        "source": found.source(skeleton.name),
        "summary": skeleton.summary,
        "instance": skeleton.instance,
        "requires_tags": dict(skeleton.requires_tags),
        "inputs": inputs,
    }
