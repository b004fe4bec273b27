"""`scaffold outdated`: which version each stack calls, and whether there is a newer one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.support import cli
from tests.support.upgrades import DEV, NEW_SOURCE, OLD_SOURCE, PROD, upgrade


def test_outdated_lists_who_calls_what(databases: Path) -> None:
    """Those that are current are counted; a source of its own is listed as it is written."""
    cli.replace(databases / PROD, OLD_SOURCE, '"git::https://example.com/rds?ref=v3"')

    text, everything = cli.must(databases, "outdated").out, cli.must(databases, "outdated", "--all").out
    rows = json.loads(cli.must(databases, "outdated", "--format", "json").out)["data"]

    assert text.endswith("6 stacks: 4 current, 1 outdated, 1 own source.\n") and "/ecr" not in text and "/ecr" in everything
    found = {row["stack"]: (row["version"], row["newest"], row["standing"]) for row in rows}
    assert found[DEV.rpartition("/")[0]] == ("1.0.0", "1.1.0", "outdated")
    assert found[PROD.rpartition("/")[0]] == ("git::https://example.com/rds?ref=v3", "1.1.0", "own")


def test_a_folder_with_a_digit_that_is_no_number_is_a_version_of_words(databases: Path) -> None:
    """`²` counts as a digit and is no number: whoever names a folder so breaks nobody's list."""
    shutil.copytree(databases / "modules/rds/1.0.0", databases / "modules/rds/1.1.0-²")

    rows = json.loads(cli.must(databases, "outdated", "--format", "json").out)["data"]

    assert {row["newest"] for row in rows if row["skeleton"] == "rds"} == {"1.1.0"}


def test_a_further_call_in_another_file_is_outdated_too(databases: Path) -> None:
    """The stack is, with its file and line, although `main.tf` calls the newest."""
    upgrade(databases)
    replica = databases / DEV.replace("main.tf", "replica.tf")
    replica.write_text(f'module "new" {{\n  source = {NEW_SOURCE}\n}}\n\nmodule "replica" {{\n  source = {OLD_SOURCE}\n}}\n')

    text = cli.must(databases, "outdated").out
    rows = {row["stack"]: row for row in json.loads(cli.must(databases, "outdated", "--format", "json").out)["data"]}

    row = rows[DEV.rpartition("/")[0]]
    assert (row["version"], row["standing"], row["why"]) == ("1.1.0", "outdated", "replica.tf:5 calls 1.0.0, too: edit it by hand")
    assert "  outdated: replica.tf:5 calls 1.0.0, too: edit it by hand\n" in text and len(rows) == 6


def test_a_further_file_that_is_not_understood_is_not_current(databases: Path) -> None:
    """Where `main.tf` calls the newest, nobody can tell what the rest calls."""
    upgrade(databases)
    (databases / DEV).with_name("replica.tf").write_text(f"source = {OLD_SOURCE}\n}}\n")

    assert "1.1.0    1.1.0   not told: replica.tf is not understood: a } closes nothing\n" in cli.must(databases, "outdated").out


def test_outdated_without_a_stack_says_so(fresh: Path) -> None:
    """Rather than nothing."""
    assert cli.must(fresh, "outdated").out == "There is no stack that calls a module.\n"
