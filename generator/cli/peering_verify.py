"""`scaffold peering verify-plan`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.cli import output, workspace
from generator.landing_zone.verify import Verdict, verify


@click.command("verify-plan")
@click.argument("plan", metavar="PLAN.json")
@click.option("--stack", metavar="peering/A--B", help="The stack it is of; in Atlantis $REPO_REL_DIR.  [default: its objects say]")
@workspace.dated
@workspace.reading
def verify_plan(plan: str, stack: str | None, day: str, root: Path, form: str) -> int:
    """Judge a Terraform plan of a peering stack, as "terraform show -json" prints it ("-": standard input).

    Refused, with status 2, is a plan that touches anything but the pair's own connection, options and routes, joins
    other accounts, networks or ranges than were decided, or destroys without a tombstone.

    Example: terraform show -json plan.bin | scaffold peering verify-plan - --stack peering/prod-hub--prod-ml
    """
    output.begin("peering verify-plan", form)
    content = sys.stdin.buffer.read() if plan == "-" else Path(plan).read_bytes()
    _, zone, notes = workspace.open_zone(root, day=day)
    found = verify(zone, content, stack)
    data = {"stack": found.stack, "changes": dict(found.changes), "accepted": found.accepted}
    return output.show(output.Result(_text(found), data, [*notes, *found.problems]))


def _text(found: Verdict) -> str:
    acting = {action: number for action, number in found.changes.items() if action != "no-op"}
    counts = [f"{number} to {action}" for action, number in acting.items()] or ["nothing to change"] * found.accepted
    said = "the plan is the decision's" if found.accepted else "the plan is refused"
    return f"{found.stack or 'a plan'}: {': '.join(filter(None, (said, ', '.join(counts))))}."
