"""Every command block of the README is run, in order, as a reader would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
MAKE = [block for block in BLOCKS if block.startswith("make ")]
TOUR = [block for block in BLOCKS if not block.startswith("make ")]


def _environment(tmp_path: Path) -> dict[str, str]:
    """The command on PATH, and a git identity that is nobody's."""
    names = {f"GIT_{who}_{what}": "reader@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**os.environ, **names, "PATH": path, "HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": os.devnull}


def test_the_tour_runs_from_top_to_bottom(tmp_path: Path) -> None:
    """The blocks form one story; any failing line fails the test."""
    script = "set -eu\n" + "\n".join(TOUR)

    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "landing-zone/aft-account-request/terraform/prod-ml.tf").is_file()


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
    environment = {**_environment(tmp_path), "TMPDIR": str(tmp_path)}
    environment["PATH"] = f"{Path(sys.executable).parent}:/usr/bin:/bin"  # no Terraform: other tests validate

    done = subprocess.run(["sh", "examples/demo.sh"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Permanent once merged") == 1 and "Next:" in done.stdout
    assert "waiting        prod-search -- prod-vpn" in done.stdout and "Clean, but for what is accepted." in done.stdout
