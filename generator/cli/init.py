"""`scaffold init`."""

from __future__ import annotations

import re
from pathlib import Path

import click
from click.core import ParameterSource

from generator.cli import output, workspace
from generator.cli.existing import refuse_existing
from generator.landing_zone.frame import Names, check_names, frame
from generator.landing_zone.told import Told
from generator.organization.schema import ROLE
from generator.problems import refuse
from generator.repository import changes, write
from generator.repository.worktree import WorkTree

DEFAULTS = Names()
NEXT = """
Next, in this order:
  1. Edit scaffold.yaml: ids, units, tags, address pools. Then run: scaffold lint
  2. Bootstrap: the state bucket, Atlantis' role and the reader role (bootstrap/README.md); Atlantis itself (README.md).
  3. AFT: give it these aft-* folders, pushed to its four repositories (.github/workflows/aft-push.yml).
  4. The first account: scaffold account prod-ml --owner ml-platform"""
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_SNAPSHOT = "With --from: a snapshot that peering audit saved; accounts.yaml is proposed for what has no request."
_LIVE = "The same, from AWS now: every active account, every enabled region. Wants --management and --reader."
_READER = "With --from: the name of a role in every account that may be assumed to read.  [default: ORGANIZATION-reader]"
_HOME = f"Control Tower's home region.  [default: {DEFAULTS.home_region}; with --from the region of most networks]"
_FROM = "Read the account requests of this folder, and propose scaffold.yaml; nothing else is written."


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--from", "source", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="REQUESTS", help=_FROM)
@click.option("--organization", default=DEFAULTS.organization, show_default=True, help="A short name, used in names of roles and buckets.")
@click.option("--organization-id", default=DEFAULTS.organization_id, show_default=True, help="The organization's id.")
@click.option("--repository", default="", help="This repository, OWNER/NAME.  [default: ORGANIZATION/landing-zone]")
@click.option("--domain", default="", help="The domain of e-mail addresses.  [default: ORGANIZATION.com]")
@click.option("--home-region", default=DEFAULTS.home_region, help=_HOME)
@click.option("--management", default=DEFAULTS.management, show_default=True, help="The management account's id.")
@click.option("--aft-management", default=DEFAULTS.aft_management, show_default=True, help="The id of the account AFT runs in.")
@click.option("--platform", default=DEFAULTS.platform, show_default=True, help="The id of the account Atlantis runs in.")
@click.option("--snapshot", "file", type=_FILE, metavar="FILE", help=_SNAPSHOT)
@click.option("--live", is_flag=True, help=_LIVE)
@click.option("--reader", metavar="ROLE", help=_READER)
@click.option("--check", is_flag=True, help="Write nothing; status 2 if something would change.")
@click.option("--diff", is_flag=True, help="Show the changes as a unified diff.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.pass_context
def init(
    context: click.Context,
    /,
    directory: Path,
    source: Path | None,
    file: Path | None,
    live: bool,
    reader: str | None,
    check: bool,
    diff: bool,
    form: str,
    **names: str,
) -> int:
    """Write a new landing-zone repository into DIRECTORY (the current one by default).

    With --from, only scaffold.yaml and an empty policy are proposed, from account requests that exist: a checkout of
    aft-account-request, its terraform/, or a repository that holds it; with --snapshot or --live also accounts.yaml.
    Existing files are never overwritten: where one differs, nothing is written.

    Examples: scaffold init acme-landing-zone --organization acme --domain acme.com;
    scaffold init --from ../aft-account-request --management 111122223333
    """
    output.begin("init", form)
    given = frozenset(name for name in names if context.get_parameter_source(name) is not ParameterSource.DEFAULT)
    told = Told(Names(**names), given, reader=reader)
    if source is None:
        if file is not None or live or reader is not None:
            raise click.UsageError("--snapshot, --live and --reader are about --from: add it")
        return output.show(_new(directory, told.names, check=check, diff=diff))
    _check(told, file, live)
    from generator.cli import init_from  # an evaluator and spelling rules that a new landing zone does not need

    return output.show(init_from.run(directory, source, told, init_from.Aws(file, live), check=check, diff=diff))


def _check(told: Told, file: Path | None, live: bool) -> None:
    """Refuse what was told, before anything is looked at."""
    if file is not None and live:
        raise click.UsageError("name where AWS is looked at: either --snapshot FILE, or --live")
    if live and ("management" not in told.given or told.reader is None):
        raise click.UsageError("--live wants --management ID and --reader ROLE: through that role AWS is read")
    if told.reader is not None and not re.fullmatch(ROLE.pattern, told.reader):
        raise refuse("wrong-value", f'--reader is "{told.reader}"', f"write {ROLE.wanted}", value=told.reader)
    check_names(told.names)


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
