"""`scaffold demo`: the example, its numbers, and the commands it tells to try."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.support import cli


def test_it_writes_the_whole_example(tmp_path: Path) -> None:
    """Every committed file, byte for byte, dot files too."""
    done = cli.must(tmp_path, "demo", "lz")

    committed = cli.git(cli.REPOSITORY, "ls-files", "-z", "examples/acme").split("\0")[:-1]
    wanted = {path.removeprefix("examples/acme/"): (cli.REPOSITORY / path).read_bytes() for path in committed}
    written = {path: content for path, content in cli.snapshot(tmp_path / "lz").items() if path != ".scaffold/lock"}
    assert written == wanted and f"lz: {len(wanted)} files written." in done.out


def test_what_it_says_of_itself_is_what_the_plan_says(tmp_path: Path) -> None:
    """The counts are those of `peering plan`."""
    said = json.loads(cli.must(tmp_path, "demo", "lz", "--format", "json").out)["data"]

    planned = cli.must(tmp_path / "lz", "peering", "plan").out.splitlines()[-1]
    accounts = json.loads(cli.must(tmp_path / "lz", "accounts", "--format", "json").out)["data"]
    assert said["accounts"] == len(accounts)
    counts = [
        f"{said['refused']} allowed, and cannot be made",
        f"{said['undetermined']} undetermined, not connected",
        f"{said['proposed']} proposed only",
        f"{said['waiting']} waiting",
        f"{said['connected']} kept as they are",
        f"{said['denied']} denied in all.",
    ]
    assert planned == f"{said['networks']} networks: {'; '.join(counts)}"


def test_the_commands_to_try_work(tmp_path: Path) -> None:
    """Each line below "Try next", in a shell, in an empty home without AWS and Terraform."""
    done = cli.must(tmp_path, "demo", str(tmp_path / "a folder"))
    lines = done.out.partition("Try next:\n")[2].partition("\n\n")[0].splitlines()
    commands = [line.strip().split("    ")[0] for line in lines]
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}

    ran = [_status(f"{commands[0]} && {command}", environment, tmp_path) for command in commands[1:]]

    assert commands[0] == f"cd {shlex.quote(str(tmp_path / 'a folder'))}" and len(commands) == 4
    assert ran == [0, 2, 3]  # explained; would change something; a place that nobody could look into


def _status(script: str, environment: dict[str, str], folder: Path) -> int:
    return subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, check=False).returncode


def test_somebodys_file_is_never_overwritten(tmp_path: Path) -> None:
    """Nor is anything written beside it; what is there already is fine."""
    (tmp_path / "README.md").write_text("ours\n")
    before = cli.snapshot(tmp_path)

    refused = cli.run(tmp_path, "demo", ".")
    (tmp_path / "README.md").unlink()
    cli.must(tmp_path, "demo", ".")
    again = cli.must(tmp_path, "demo", ".")

    assert refused.status == 1 and "README.md: this file exists and differs" in refused.err and list(before) == ["README.md"]
    assert again.out.startswith(".: nothing to do.")


def test_a_check_writes_nothing(tmp_path: Path) -> None:
    """Status 2, as everywhere."""
    done = cli.run(tmp_path, "demo", "lz", "--check")

    assert done.status == 2 and "nothing written: --check" in done.out and os.listdir(tmp_path) == []
