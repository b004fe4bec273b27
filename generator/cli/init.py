"""`scaffold init`."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from generator.cli import output, workspace
from generator.cli.existing import refuse_existing
from generator.landing_zone.frame import Names, check_names, frame
from generator.landing_zone.proposal import Told
from generator.repository import changes, write
from generator.repository.worktree import WorkTree

DEFAULTS = Names()
NEXT = """
Next, in this order:
  1. Edit scaffold.yaml: ids, units, tags, address pools. Then run: scaffold lint
  2. Bootstrap: the state bucket, Atlantis' role and the reader role (bootstrap/README.md); Atlantis itself (README.md).
  3. AFT: give it these aft-* folders, pushed to its four repositories (.github/workflows/aft-push.yml).
  4. The first account: scaffold account prod-ml --owner ml-platform"""
_FROM = "Read the account requests of this folder, and propose scaffold.yaml; nothing else is written."


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--from", "source", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="REQUESTS", help=_FROM)
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
@click.pass_context
def init(context: click.Context, /, directory: Path, source: Path | None, check: bool, diff: bool, form: str, **names: str) -> int:
    """Write a new landing-zone repository into DIRECTORY (the current one by default).

    With --from, only scaffold.yaml and an empty policy are proposed, from account requests that exist: a checkout of
    aft-account-request, its terraform/, or a repository that holds it. Existing files are never overwritten: where one
    differs, nothing is written.

    Examples: scaffold init acme-landing-zone --organization acme --domain acme.com;
    scaffold init --from ../aft-account-request --management 111122223333
    """
    output.begin("init", form)
    told = Names(**names)
    if source is not None:
        from generator.cli import init_from  # an evaluator and spelling rules that a new landing zone does not need

        check_names(told)
        given = frozenset(name for name in names if context.get_parameter_source(name) is not ParameterSource.DEFAULT)
        return output.show(init_from.run(directory, source, Told(told, given), check=check, diff=diff))
    return output.show(_new(directory, told, check=check, diff=diff))


def _new(directory: Path, names: Names, *, check: bool, diff: bool) -> output.Result:
    tree = WorkTree(directory)
    found = changes.compare(frame(names, workspace.bundled()), tree)
    refuse_existing(found)
    if not check:
        directory.mkdir(parents=True, exist_ok=True)
        write.apply(tree, found)
    written = any(change.written for change in found)
    text = workspace.report(found, check=check, diff=diff) + (f"\n{NEXT}" if written and not check else "")
    return output.Result(text, {"changes": workspace.plain(found)}, [], check and written)
