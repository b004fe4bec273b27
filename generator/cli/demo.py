"""`scaffold demo`: the example landing zone, to try everything on without AWS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shlex import quote

import click

from generator.accounts.write import path as request_path
from generator.cli import output, workspace
from generator.cli.existing import refuse_existing
from generator.files import File, FileSet, Kind, Tree
from generator.landing_zone.load import load
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of
from generator.peering.describe import Standing, grouped
from generator.peering.plan import Plan
from generator.report.text import counted
from generator.repository import changes, write
from generator.repository.worktree import WorkTree

NAME = "acme"
_TOLD = {
    Standing.CONNECTED: "connected",
    Standing.WAITING: "waiting for AWS",
    Standing.PROPOSED: "only proposed",
    Standing.REFUSED: "allowed, and infeasible",
}


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=Path("scaffold-demo"))
@click.option("--check", is_flag=True, help="Write nothing; status 2 if something would change.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
def demo(directory: Path, check: bool, form: str) -> int:
    """Write an example landing zone into DIRECTORY (scaffold-demo by default): a whole company, needing neither AWS nor Terraform.

    Existing files are never overwritten: where one differs, nothing is written.

    Example: scaffold demo lz
    """
    output.begin("demo", form)
    tree, zone = WorkTree(directory), _example()
    found = changes.compare(FileSet.of({path: File(content, Kind.SEEDED) for path, content in _files(zone.tree, "")}, "demo"), tree)
    refuse_existing(found)
    if not check:
        directory.mkdir(parents=True, exist_ok=True)
        write.apply(tree, found)
    plan = plan_of(zone)
    written = sum(change.written for change in found)
    data = {**_counts(zone, plan), "directory": str(directory), "files": len(found), "written": 0 if check else written}
    did = (
        f"{counted(written, 'file')} {'would be written (nothing written: --check)' if check else 'written'}"
        if written
        else "nothing to do"
    )
    return output.show(output.Result(f"{directory}: {did}.\n\n{_text(zone, plan, directory)}", data, [], check and written > 0))


def _example() -> LandingZone:
    return load(workspace.beside("examples", NAME), workspace.bundled(), workspace.today())


def _files(tree: Tree, directory: str) -> Iterator[tuple[str, bytes]]:
    listing = tree.list(directory)
    for name in listing.files:
        path = f"{directory}/{name}".lstrip("/")
        yield path, tree.read(path) or b""
    for name in listing.directories:
        yield from _files(tree, f"{directory}/{name}".lstrip("/"))


def _counts(zone: LandingZone, plan: Plan) -> dict[str, int]:
    standing = grouped(plan.pairs.values())
    pairs = {each.name.lower(): len(standing.get(each, ())) for each in _TOLD}
    accounts = {member.account for member in plan.members.values()} | {account.slug for account in zone.accounts}
    return {"accounts": len(accounts), "networks": len(plan.members), **pairs, "denied": plan.denied, "undetermined": plan.undetermined}


def _text(zone: LandingZone, plan: Plan, directory: Path) -> str:
    counts = _counts(zone, plan)
    pairs = [f"{counts[each.name.lower()]} {said}" for each, said in _TOLD.items()]
    pairs += [f"{counts['denied']} denied", f"{counts['undetermined']} undetermined"]
    regions = counted(len(zone.organization.regions), "region")
    return "\n".join(
        [
            f"Acme sells on the web, takes payments and learns from both: {counted(counts['accounts'], 'account')} in"
            f" {counted(len(zone.organization.environments), 'environment')}, {counted(counts['networks'], 'network')} in {regions}.",
            f"Its accounts' tags decide about every pair of networks: {', '.join(pairs)}.",
            "Everything in it is invented; nothing asks AWS, and nothing needs Terraform.",
            "",
            "Try next:",
            f"  cd {quote(str(directory))}",
            "  scaffold peering explain prod-vpn prod-pay                    why two networks meet, tag by tag",
            "  scaffold account shared-tools --tag pci=connected --check     what one tag would connect, before it is written",
            "  scaffold peering audit --snapshot snapshots/rogue.json        what an audit says on a bad day",
            "",
            f"README.md there goes on; {request_path('prod-shop')} is the record of an account.",
        ]
    )
