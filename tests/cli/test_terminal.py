"""`scaffold` with somebody at a terminal: questions for what is missing, and what the shell completes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli.complete import SHELLS
from tests.support import cli, terminal
from tests.support.terminal import CTRL_C

REQUEST = "aft-account-request/terraform/prod-web.tf"
OWNER, NAME, WRITE = "Tag owner ([a-z][a-z0-9-]{1,30}):", "Name of the account ({environment}-{workload}):", "files? [Y/n]:"


def test_what_is_missing_is_asked_for(fresh: Path) -> None:
    """A wrong answer is told as lint tells it, and asked for again; then the consequence, then the files."""
    status, screen = terminal.at(fresh, "account", "prod-web", answers=[(OWNER, "Web Team"), (OWNER, "web"), (WRITE, "y")])

    assert status == 0, screen
    assert 'Error: the tag owner is "Web Team"; write a value that matches' in screen
    assert "prod-web: aws+prod-web@acme.com, Production, us-east-1; prod-web 10." in screen and "environment=prod, owner=web" in screen
    assert screen.index("are permanent") < screen.index("Write ") < screen.index("create") and "Next:" in screen
    assert (fresh / REQUEST).read_bytes() == _by_flags(fresh, "prod-web", "--owner", "web")


def _by_flags(zone: Path, *arguments: str) -> bytes:
    """The request that the same values make, given as flags."""
    (zone / REQUEST).unlink()
    shutil.rmtree(zone / "stacks")
    cli.must(zone, "account", *arguments)
    return (zone / REQUEST).read_bytes()


def test_the_name_and_a_tag_of_closed_values_are_asked_for(fresh: Path) -> None:
    """The legal values are shown, and no other is taken; what the name says is not asked for."""
    cli.replace(fresh / "scaffold.yaml", "  tier: {", "  domain: {required: true, values: [shop, pay]}\n  tier: {")
    domain = "Tag domain (shop, pay):"

    status, screen = terminal.at(
        fresh, "account", answers=[(NAME, "prod_web!"), (NAME, "prod-web"), (OWNER, "web"), (domain, "shp"), (domain, "shop"), (WRITE, "")]
    )

    assert status == 0 and "has a character AFT cannot provision" in screen and "'shp' is not one of 'shop', 'pay'" in screen, screen
    assert '"domain"      = "shop"' in (fresh / REQUEST).read_text() and "Tag environment" not in screen


def test_an_account_that_is_there_may_be_named(zone: Path) -> None:
    """What differs is written after a question; what a foreign request does not say stops nothing."""
    (zone / "stacks/prod-ml/us-east-1/ecr/versions.tf").unlink()
    cli.replace(zone / "aft-account-request/terraform/prod-ml.tf", '    "region"       = "us-east-1"\n', "")

    status, screen = terminal.at(zone, "account", "--tag", "tier=data", answers=[(NAME, "prod-ml"), (WRITE, "n")])

    assert status == 130 and "Write 2 files?" in screen and "permanent" not in screen, screen


@pytest.mark.parametrize(("answers", "said"), [([(OWNER, "web"), (WRITE, "n")], "Nothing written."), ([(OWNER, CTRL_C)], "interrupted")])
def test_who_goes_back_leaves_nothing_behind(fresh: Path, answers: list[tuple[str, str]], said: str) -> None:
    """By saying no, and by Ctrl-C: status 130, no file."""
    before = cli.snapshot(fresh)

    status, screen = terminal.at(fresh, "account", "prod-web", answers=answers)

    assert (status, cli.snapshot(fresh)) == (130, before) and said in screen, screen


@pytest.mark.parametrize("call", [("account", "prod-web", "--owner", "web"), ("account", "prod-ml", "--tag", "tier=data")])
def test_nothing_is_asked_where_nothing_is_missing(zone: Path, call: tuple[str, ...]) -> None:
    """A complete command line, and one about an account that is there."""
    status, screen = terminal.at(zone, *call)

    assert status == 0 and "?" not in screen, screen


def test_a_question_never_comes_where_a_program_reads(fresh: Path) -> None:
    """`--format json` on a terminal: every missing flag at once, as without one."""
    status, screen = terminal.at(fresh, "account", "prod-web", "--format", "json")

    assert status == 1 and '"id": "missing-tag"' in screen and "give --owner VALUE" in screen


def test_without_a_terminal_all_that_is_missing_is_said_at_once(fresh: Path) -> None:
    """Wrong usage, which names what a new account needs."""
    cli.replace(fresh / "scaffold.yaml", "  tier: {", "  domain: {required: true, values: [shop, pay]}\n  tier: {")

    nameless = cli.spawn(fresh, "account", "--tag", "domain=shop")
    named = cli.spawn(fresh, "account", "prod-web")

    assert nameless.status == 64 and "name the account: scaffold account NAME; a new one also needs --owner VALUE\n" in nameless.err
    assert named.status == 1 and "give --owner VALUE" in named.err and "give --tag domain=shop | pay" in named.err


_INTERRUPTED_IMPORT = """
import sys
class Finder:
    def find_spec(self, name, *_):
        if name == "click":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from generator.__main__ import run
run()
"""


def test_an_interrupt_before_the_command_line_is_read_is_no_traceback(tmp_path: Path) -> None:
    """Importing takes a tenth of a second: long enough for a finger."""
    call = [sys.executable, "-c", _INTERRUPTED_IMPORT]
    done = subprocess.run(call, cwd=tmp_path, env=cli.environment(), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_help_fits_a_narrow_terminal(tmp_path: Path) -> None:
    """Nothing but a word that is longer goes beyond the edge."""
    _, screen = terminal.at(tmp_path, "account", "--help", COLUMNS="60")

    long = [line for line in screen.splitlines() if len(line) > 60 and " " in line.strip()]
    assert "Examples:" in screen and long == []


# Completion


def _completed(root: Path, *words: str) -> list[str]:
    """What bash is offered for the last of these words."""
    said = {"COMP_WORDS": " ".join(("scaffold", *words)), "COMP_CWORD": str(len(words)), "_SCAFFOLD_COMPLETE": "bash_complete"}
    call = [sys.executable, "-c", "from generator.__main__ import run; run()"]
    done = subprocess.run(call, cwd=root, env=cli.environment(**said), capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_commands_accounts_and_networks_are_completed(zone: Path) -> None:
    """Whatever is in the landing zone, where one is."""
    cli.must(zone, "account", "prod-ml", "--network", "us-east-1/batch")

    assert _completed(zone, "stat") == ["status"] and _completed(zone, "status", "p") == ["prod-ml"]
    assert _completed(zone, "account", "") == ["dev-ml", "prod-ml"]
    assert _completed(zone, "peering", "explain", "prod-ml", "prod-") == ["prod-ml", "prod-ml.us-east-1.batch"]
    assert _completed(zone, "upgrade", "n") == _completed(zone, "account", "prod-ml", "--with", "n") == ["network"]


def test_only_an_account_that_can_be_changed_is_offered_for_it(zone: Path) -> None:
    """One of accounts.yaml has no request: status knows it, and account refuses it."""
    (zone / "accounts.yaml").write_text('version: 1\naccounts:\n  prod-old: {id: "100000000099"}\n')

    assert _completed(zone, "status", "prod-") == ["prod-ml", "prod-old"] and _completed(zone, "account", "prod-") == ["prod-ml"]


def test_only_a_name_is_offered(zone: Path) -> None:
    """The shell puts it on the line without quotes, and a request with any text as a key may come from anybody's branch."""
    request = zone / "aft-account-request/terraform/prod-ml.tf"
    labels = ("batch", "a;id>pwned;", "$(id)", "`id`", "a b", "a\\nb", "a\u00b2", "A")
    keys = "".join(f'    "networks/us-east-1/{label}" = "10.9.0.0/20"\n' for label in labels)
    cli.replace(request, "  custom_fields = {\n", f"  custom_fields = {{\n{keys}")
    nameless = request.with_name("dev-ml.tf").read_text().replace('module "dev-ml"', 'module ";"').replace('"dev-ml"', '"&"')
    request.with_name("odd.tf").write_text(nameless)

    assert _completed(zone, "status", "") == ["dev-ml", "prod-ml"] == _completed(zone, "account", "")
    assert _completed(zone, "peering", "explain", "prod") == ["prod-ml", "prod-ml.us-east-1.batch"]


def test_nothing_is_said_where_there_is_no_landing_zone(tmp_path: Path) -> None:
    """Neither a name nor a message in the middle of a line."""
    assert _completed(tmp_path, "status", "p") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_its_own_words(tmp_path: Path, shell: str) -> None:
    """They call scaffold back; where the shell is installed, it reads them."""
    script = cli.must(tmp_path, "completion", shell).out

    assert f"_SCAFFOLD_COMPLETE={shell}_complete" in script
    if found := shutil.which(shell):
        done = subprocess.run([found, "-n"], input=script, capture_output=True, text=True, check=False, env=os.environ)
        assert done.returncode == 0, done.stderr
