"""`scaffold peering adopt`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from generator.cli import complete, output, workspace
from generator.cli.pair_names import refuse_wrong
from generator.cli.snapshots import snapshot
from generator.landing_zone import adoption
from generator.landing_zone.adoption import Adopted, Adoption
from generator.peering.model import Key, key, pair_name
from generator.problems import Refused

_SNAPSHOT = "Take what is there from a snapshot, such as the audit's."
_LIVE = "Read AWS now."
_ALL = "Every connection that no stack declares and the policy allows."
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_FORGET = """\
The state that holds them now must forget them, or two of them manage one connection. In its configuration, take the resources
away and put in their place (before or after the new stacks are applied; nothing is destroyed either way):

removed {
  from = aws_vpc_peering_connection.NAME

  lifecycle {
    destroy = false
  }
}

and the same for each aws_vpc_peering_connection_accepter, aws_vpc_peering_connection_options and aws_route of theirs, and for a
module as a whole: from = module.NAME. Where only some instances of a count or for_each are adopted, "removed" is too much:
terraform state rm 'ADDRESS["KEY"]'. Made by hand or by another tool: nothing has to be forgotten."""


@click.command()
@click.argument("one", metavar="[A", required=False, shell_complete=complete.networks)
@click.argument("other", metavar="B]", required=False, shell_complete=complete.networks)
@click.option("--all", "everything", is_flag=True, help=_ALL)
@click.option("--snapshot", "file", type=_FILE, metavar="FILE", help=_SNAPSHOT)
@click.option("--live", is_flag=True, help=_LIVE)
@workspace.dated
@workspace.writing
def adopt(
    one: str | None,
    other: str | None,
    everything: bool,
    file: Path | None,
    live: bool,
    day: str,
    root: Path,
    check: bool,
    diff: bool,
    form: str,
) -> int:
    """Take over connections that exist already: a stack for each, with import blocks, in the direction it has.

    What is adopted must be allowed by the policy, active, and alike on both sides. Its first plan changes tags and options, and makes
    routes that are missing; how many is said.

    Examples: scaffold peering adopt prod-ml prod-web --snapshot audit.json; scaffold peering adopt --all --live --check
    """
    output.begin("peering adopt", form)
    if (other is None) is not everything or (file is None) is not live:
        raise click.UsageError("name the two networks, or --all; and what AWS has: --snapshot FILE, or --live")
    tree, zone, notes = workspace.open_zone(root, will_write=not check, day=day)
    wanted: list[Key] | None = None
    if not everything:
        refuse_wrong(zone, str(one), str(other))
        wanted = [key(str(one), str(other))]
    found = adoption.adopt(zone, snapshot(zone, file, None), wanted)
    if wanted is not None and found.problems:
        raise Refused(found.problems)
    changes = workspace.settle(tree, found.files, check=check)
    text = "\n".join([*_lines(found), workspace.report(changes, check=check, diff=diff), *([f"\n{_FORGET}"] if found.adopted else [])])
    pending = check and any(change.written for change in changes)
    problems = [*notes, *zone.problems, *found.problems]
    return output.show(output.Result(text, lambda: _data(found, workspace.plain(changes)), problems, pending))


def _lines(found: Adoption) -> list[str]:
    return [_line(each) for each in found.adopted]


def _line(each: Adopted) -> str:
    routes = f"{each.routes} of {each.routes + each.missing} routes are there" + (", the others will be made" if each.missing else "")
    return f"  adopt      {' -- '.join(each.pair)}: {each.connection}, requested by {each.requester}; {routes}"


def _data(found: Adoption, changes: list[dict[str, str]]) -> dict[str, Any]:
    return {"adopted": [_plain(each) for each in found.adopted], "changes": changes, "forget": _FORGET if found.adopted else None}


def _plain(each: Adopted) -> dict[str, object]:
    routes = {"routes": each.routes, "missing_routes": each.missing}
    return {"pair": pair_name(each.pair), "connection": each.connection, "requester": each.requester, **routes}
