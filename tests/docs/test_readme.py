"""What the README says of itself; its command blocks are run with the wheel alone (tests/packaging)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli.main import COMMANDS
from tests.support.cli import REPOSITORY as ROOT
from tests.support.readme import MAKE, README, environment

HERE = Path(sys.executable).parent


def test_the_summary_that_it_shows_is_a_real_one() -> None:
    """Line by line what stands in the example, which the commands make."""
    quoted = "\n".join(re.findall(r"^> ?(.*)$", README, re.MULTILINE))

    assert "### To disconnect (" in quoted and quoted in (ROOT / "examples/acme/change.md").read_text()


def test_what_it_links_to_is_there() -> None:
    """Every relative link."""
    links = re.findall(r"\]\(([^)#:]+)\)", README)

    assert len(links) > 8 and [link for link in links if not (ROOT / link).exists()] == []


def test_the_two_make_commands_are_targets_with_help() -> None:
    """`make demo` and `make test` are what the README offers, and `make help` lists both."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert MAKE == ["make demo\n", "make test\n"]
    for name in ("demo", "test"):
        assert re.search(rf"^  {name} ", listed, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    """A command that the README does not show is a command nobody finds."""
    assert f"scaffold {name}" in README or f"`{name}`" in README


def test_the_demo_runs(tmp_path: Path) -> None:
    """The script behind `make demo`, up to what Terraform needs: it writes the example, adds an account to it and says what comes next."""
    env = {**environment(HERE, tmp_path), "TMPDIR": str(tmp_path)}  # no Terraform: other tests validate

    done = subprocess.run(["sh", "examples/demo.sh"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Permanent once merged") == 1 and "Next:" in done.stdout
    assert "waiting        prod-search -- prod-vpn" in done.stdout and "Clean, but for what is accepted." in done.stdout


def test_the_container_takes_the_versions_of_the_lock_file() -> None:
    """What its `sed` makes of the lock file names every package once, and no hash."""
    text = (ROOT / "examples/install/Containerfile").read_text()
    (command,) = re.findall(r"RUN (sed .*?) >", text)
    made = subprocess.run(["sh", "-c", command.replace("/src/", "")], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()

    assert made == re.findall(r"^\S+==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE) and "--hash" not in "".join(made)
