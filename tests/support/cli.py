"""Runs command lines of `scaffold`: in this process, which is fast, or in one of their own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.cli import output
from generator.cli.main import main

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command line did, as its caller sees it."""

    status: int
    out: str
    err: str


def run(root: Path, *arguments: str) -> Outcome:
    """Run `scaffold ARGUMENTS` in a directory, in this process."""
    out, err = io.StringIO(), io.StringIO()
    output._context.clear()
    with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    return Outcome(int(status), out.getvalue(), err.getvalue())


def must(root: Path, *arguments: str) -> Outcome:
    """The same; the command has to succeed."""
    done = run(root, *arguments)
    assert done.status == 0, done
    return done


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that runs this checkout."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), **more}


def command(*arguments: str) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-m", "generator", *arguments]


def spawn(root: Path, *arguments: str, **more: str) -> Outcome:
    """Run `scaffold ARGUMENTS` in a directory, in a process of its own; `more` is added to its environment."""
    done = subprocess.run(command(*arguments), cwd=root, env=environment(**more), capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr)


def git(root: Path, *arguments: str) -> str:
    """Run git in a directory, as nobody in particular; what it printed."""
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *identity, *arguments], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(root: Path, message: str = "change") -> None:
    """Commit everything in a directory, which becomes a repository if it is none."""
    if not (root / ".git").is_dir():
        git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", message)


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file below a directory, git's own and scaffold's lock file left out."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    named = {path.relative_to(root).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(".git/") and name != ".scaffold/lock"}


def written(root: Path, files: Mapping[str, bytes]) -> Path:
    """The directory, with these files in it."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def replace(path: Path, old: str, new: str) -> None:
    """Replace the one place in a file where a text stands."""
    content = path.read_text()
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {path.name}"
    path.write_text(content.replace(old, new))


def accounts(root: Path, names: Sequence[str]) -> None:
    """Add accounts, owned by one team."""
    for name in names:
        must(root, "account", name, "--owner", "ml-platform")
