"""The README of the example: each command block is run where it says, and answers what stands below it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ACME = Path(__file__).resolve().parents[2] / "examples/acme"
README = ACME / "README.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", README.read_text(), re.MULTILINE | re.DOTALL)


def _run(script: str, root: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(["bash", "-euc", script], cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, which a command may change."""
    return shutil.copytree(ACME, tmp_path_factory.mktemp("docs") / "acme")


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_answers_what_the_readme_says(acme: Path, number: int, update_golden: bool) -> None:
    """Status 0, and the same text, if one stands below."""
    script, answer = BLOCKS[number]
    done = _run(script, acme)
    if update_golden and answer:
        README.write_text(README.read_text().replace(answer, done.stdout))
        answer = done.stdout

    assert done.returncode == 0, done.stderr
    assert not answer or done.stdout == answer


def test_the_blocks_show_each_answer() -> None:
    """A README without blocks would pass every test above."""
    commands = "".join(script for script, _ in BLOCKS)

    assert len(BLOCKS) >= 6 and sum(bool(answer) for _, answer in BLOCKS) >= 5
    for words in ("peering plan", "peering explain", "lint", "sync --check", "account "):
        assert f"scaffold {words}" in commands
