"""`scaffold upgrade`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from generator.cli import complete, output, workspace
from generator.landing_zone.upgrade import Upgrade
from generator.landing_zone.upgrade import upgrade as decide
from generator.problems import Problem
from generator.report.text import counted, printable
from generator.repository import changes as repository_changes
from generator.stacks import versions
from generator.stacks.skeletons import PEERING
from generator.stacks.versions import Difference


@click.command()
@click.argument("skeleton", shell_complete=complete.skeletons)
@click.option("--to", required=True, metavar="VERSION", help="The version of the skeleton's module to call.")
@click.option("--where", metavar="SELECTOR", help="Which stacks: KEY=VALUE[,…], the name of a selector of the policy, or one in braces.")
@click.option("--all", "everything", is_flag=True, help="All stacks of the skeleton, instead of --where.")
@workspace.dated
@workspace.writing
def upgrade(skeleton: str, to: str, where: str | None, everything: bool, day: str, root: Path, check: bool, diff: bool, form: str) -> int:
    """Move stacks of SKELETON to another version of its module.

    Writes modules/SKELETON/VERSION, and in the main.tf of the chosen stacks that one version; prints what changes in
    the module, and per stack what is to be added by hand. A stack with a source of its own is left alone and listed.
    Of pairs (upgrade peering) both sides must have the tags.

    Examples: scaffold upgrade rds --to 1.1.0 --where environment=dev;
    scaffold upgrade network --to 2.0.0 --where '{matchExpressions: [{key: tier, operator: NotIn, values: [vpn]}]}' --check
    """
    if everything is (where is not None):
        raise click.UsageError("say which stacks: --where SELECTOR, or --all")
    output.begin("upgrade", form)
    tree, zone, notes = workspace.open_zone(root, will_write=not check, day=day)
    outcome = decide(zone, skeleton, to, where)
    found = workspace.settle(tree, outcome.files, check=check)
    problems = [*notes, *zone.problems, *repository_changes.problems(found), *outcome.problems]
    text = "\n".join([*_module(outcome), workspace.report(found, check=check, diff=diff), *_counts(outcome)])
    pending = check and any(change.written for change in found)
    return output.show(output.Result(text, lambda: {**_plain(outcome), "changes": workspace.plain(found)}, problems, pending))


def _from(outcome: Upgrade) -> list[str]:
    """The versions that stacks leave, the oldest first."""
    return sorted({moved.version for moved in outcome.moved}, key=versions.key)


def _module(outcome: Upgrade) -> Iterator[str]:
    """What changes in the module, from each version that a stack leaves; spelled out, since a terminal obeys what it does not show."""
    for version in _from(outcome):
        yield printable(f"{outcome.skeleton.module} {version} -> {outcome.to}")
        difference = outcome.needs.difference(version)
        lines = list(_inputs(difference)) if difference is not None else ["what it takes and gives cannot be told"]
        yield from (f"  {printable(line)}" for line in lines or ["its inputs and outputs are the same"])
        yield from map(printable, _diff(outcome, version).split("\n"))


def _inputs(found: Difference) -> Iterator[str]:
    listed = {
        "new input, which every call must give": found.required,
        "new input, which a call may give": found.optional,
        "input that is gone": found.removed,
        "output that is new": found.new_outputs,
        "output that is gone": found.removed_outputs,
    }
    yield from (f"{what}: {', '.join(names)}" for what, names in listed.items() if names)
    yield from (f"input that changes: {name}: {what}" for name, what in found.changed)


def _diff(outcome: Upgrade, version: str) -> str:
    """The unified diff of the module's files; of a version that is nowhere any more there is none."""
    before, after, module = outcome.needs.files(version), outcome.needs.files(outcome.to), outcome.skeleton.module
    if not before:
        return f"  modules/{module}/{version} is not there, so there is no difference to show"
    names = {
        path: tuple(f"{side}/modules/{module}/{which}/{path}" for side, which in (("a", version), ("b", outcome.to)))
        for path in sorted({*before, *after})
    }
    shown = [
        repository_changes.unified(
            old if path in before else "/dev/null", before.get(path), new if path in after else "/dev/null", after.get(path)
        )
        for path, (old, new) in names.items()
    ]
    return "".join(shown).rstrip("\n") or "  its files are the same"


def _counts(outcome: Upgrade) -> Iterator[str]:
    if outcome.current:
        what = "pair" if outcome.skeleton.name == PEERING else "stack"
        yield f"{counted(len(outcome.current), what)} called {outcome.to} already."


def _plain(outcome: Upgrade) -> dict[str, Any]:
    return {
        "skeleton": outcome.skeleton.name,
        "to": outcome.to,
        "moved": [
            {"stack": moved.directory, "from": moved.version, "to_do": [_to_do(each) for each in moved.problems]} for moved in outcome.moved
        ],
        "current": list(outcome.current),
        "left": [{"file": each.file, "why": each.message} for each in outcome.left],
        "module": [
            {"from": version, **_difference(outcome.needs.difference(version)), "diff": _diff(outcome, version)}
            for version in _from(outcome)
        ],
    }


def _to_do(problem: Problem) -> dict[str, Any]:
    return {"id": problem.id, "file": problem.file, "value": problem.value}


def _difference(found: Difference | None) -> dict[str, Any]:
    if found is None:
        return {"inputs": None, "outputs": None}
    inputs = {"required": found.required, "optional": found.optional, "removed": found.removed, "changed": dict(found.changed)}
    return {"inputs": inputs, "outputs": {"new": found.new_outputs, "removed": found.removed_outputs}}
