"""Wrong inputs, one case file each: the whole of stderr and the exit status are golden."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli import cases
from tests.support import cli


def _compare(kind: str, name: str, done: cli.Outcome, shown: str, update: bool) -> None:
    golden = cases.GOLDEN / f"{kind}-{name}.txt"
    text = f"$ scaffold {shown}\n{done.err}status {done.status}\n"
    if update:
        golden.write_text(text)
    assert golden.read_text() == text


@pytest.mark.parametrize("name", cases.names("account"))
def test_a_wrong_command_line_says_what_to_do_and_writes_nothing(name: str, zone: Path, update_golden: bool) -> None:
    """Whoever reads the message knows what is wrong, which value it is and what to type instead."""
    before = cli.snapshot(zone)
    (line,) = cases.body("account", name)

    done = cli.run(zone, *shlex.split(line))

    _compare("account", name, done, line, update_golden)
    assert done.status in (1, 64) and not done.out and str(zone) not in done.err
    assert cli.snapshot(zone) == before


@pytest.mark.parametrize("name", cases.names("yaml"))
def test_a_wrong_scaffold_yaml_says_where_and_what_to_do(name: str, fresh: Path, update_golden: bool) -> None:
    """Every problem of the file is named at once, with its line, and no command works on half of it."""
    file = fresh / "scaffold.yaml"
    file.write_text(cases.edited(file.read_text(), name))
    before = cli.snapshot(fresh)

    done = cli.run(fresh, "lint")

    _compare("yaml", name, done, "lint", update_golden)
    assert done.status == 1 and not done.out and str(fresh) not in done.err
    assert all(line.startswith("error: scaffold.yaml:") for line in done.err.splitlines())
    assert cli.snapshot(fresh) == before


@pytest.mark.parametrize(("kind", "name"), [("account", "two_at_once"), ("yaml", "two_at_once")])
def test_two_mistakes_yield_two_messages(kind: str, name: str) -> None:
    """A person repairs everything in one go."""
    golden = (cases.GOLDEN / f"{kind}-{name}.txt").read_text()

    assert golden.count("\nerror: ") >= 2


def test_every_case_has_a_golden_file_and_every_golden_file_a_case(update_golden: bool) -> None:
    """A test over no cases, or a golden file that nobody reads, would pass for ever."""
    wanted = {f"{kind}-{name}.txt" for kind in ("account", "yaml", "lint", "change", "grown") for name in cases.names(kind)}
    there = {path.name for path in cases.GOLDEN.iterdir()}
    if update_golden:
        for name in there - wanted:
            (cases.GOLDEN / name).unlink()
        there &= wanted

    assert min(len(cases.names("account")), len(cases.names("yaml"))) >= 14
    assert there == wanted
