"""`scaffold skeletons`."""

from __future__ import annotations

import json
from typing import Any

import click

from generator.cli import output, workspace
from generator.report.text import table
from generator.stacks.skeletons import Skeleton


@click.command()
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
def skeletons(name: str | None, form: str) -> int:
    """List what can be scaffolded, or explain the skeleton NAME.

    Example: scaffold skeletons network
    """
    output.begin("skeletons", form)
    found = workspace.bundled()
    if name is not None:
        skeleton = found.get(name)
        return output.show(output.Result(_explained(skeleton), _plain(skeleton)))
    rows = [(each.name, each.version, each.needs, each.summary) for each in found.stacks.values()]
    return output.show(
        output.Result(table(("name", "version", "needs", "summary"), rows), [_plain(each) for each in found.stacks.values()])
    )


def _explained(skeleton: Skeleton) -> str:
    instance = ":INSTANCE" if skeleton.instance else ""
    use = f"scaffold account NAME --with {skeleton.name}{instance}"
    tags = "".join(f", in an account with the tag {key}={value}" for key, value in skeleton.requires_tags.items())
    said = f" Reads {skeleton.settings}: of scaffold.yaml." if skeleton.settings else ""
    head = f"{skeleton.name} {skeleton.version}: {skeleton.summary}\nNeeds: {skeleton.needs}{tags}.{said} Use: {use}"
    rows = [(each.name, each.type, json.dumps(each.default), each.help) for each in skeleton.inputs]
    return f"{head}\n\n{table(('input', 'type', 'default', 'meaning'), rows)}"


def _plain(skeleton: Skeleton) -> dict[str, Any]:
    inputs = [{"name": each.name, "type": each.type, "default": each.default, "help": each.help} for each in skeleton.inputs]
    return {
        "name": skeleton.name,
        "version": skeleton.version,
        "needs": skeleton.needs,
        "summary": skeleton.summary,
        "instance": skeleton.instance,
        "requires_tags": dict(skeleton.requires_tags),
        "inputs": inputs,
    }
