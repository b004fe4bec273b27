"""`scaffold init`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import output, workspace
from generator.landing_zone.frame import Names, frame
from generator.problems import Problem, ScaffoldError
from generator.repository import changes, write
from generator.repository.changes import Verb
from generator.repository.worktree import WorkTree

DEFAULTS = Names()
NEXT = """
Next, in this order:
  1. Edit scaffold.yaml: ids, units, tags, address pools. Then run: scaffold lint
  2. Bootstrap: the state bucket, Atlantis' role and the reader role (bootstrap/README.md); Atlantis itself (README.md).
  3. AFT: give it these aft-* folders, pushed to its four repositories (.github/workflows/aft-push.yml).
  4. The first account: scaffold account prod-ml --owner ml-platform"""


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--organization", default=DEFAULTS.organization, show_default=True, help="A short name, used in names of roles and buckets.")
@click.option("--organization-id", default=DEFAULTS.organization_id, show_default=True, help="The organization's id.")
@click.option("--repository", default="", help="This repository, OWNER/NAME.  [default: ORGANIZATION/landing-zone]")
@click.option("--domain", default="", help="The domain of e-mail addresses.  [default: ORGANIZATION.com]")
@click.option("--home-region", default=DEFAULTS.home_region, show_default=True, help="Control Tower's home region.")
@click.option("--management", default=DEFAULTS.management, show_default=True, help="The management account's id.")
@click.option("--aft-management", default=DEFAULTS.aft_management, show_default=True, help="The id of the account AFT runs in.")
@click.option("--platform", default=DEFAULTS.platform, show_default=True, help="The id of the account Atlantis runs in.")
@click.option("--check", is_flag=True, help="Write nothing; status 2 if something would change.")
@click.option("--diff", is_flag=True, help="Show the changes as a unified diff.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
def init(directory: Path, check: bool, diff: bool, form: str, **names: str) -> int:
    """Write a new landing-zone repository into DIRECTORY (the current one by default).

    Existing files are never overwritten: where one differs, nothing is written.

    Example: scaffold init acme-landing-zone --organization acme --domain acme.com
    """
    output.begin("init", form)
    tree = WorkTree(directory)
    found = changes.compare(frame(Names(**names), workspace.bundled()), tree)
    refuse_existing(found)
    if not check:
        directory.mkdir(parents=True, exist_ok=True)
        write.apply(tree, found)
    text = workspace.report(found, check=check, diff=diff)
    if not check and any(change.written for change in found):
        text += "\n" + NEXT
    pending = check and any(change.written for change in found)
    return output.show(output.Result(text, {"changes": workspace.plain(found)}, [], pending))


def refuse_existing(found: list[changes.Change]) -> None:
    """Stop where a new file is there already, and differs."""
    problems = [
        Problem(id="exists", file=change.path, message="this file exists and differs", remedy="move it away, or choose an empty directory")
        for change in found
        if change.verb in (Verb.KEPT, Verb.CONFLICT, Verb.UPDATE)
    ]
    if problems:
        raise ScaffoldError(problems)
