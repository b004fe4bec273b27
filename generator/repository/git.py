"""A git ref as a `Tree`: one `ls-tree` for the names, one `cat-file` process for the bytes."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from generator.files import Listing, listings
from generator.problems import Refused, refuse

_LINK, _SUBMODULE = "120000", "160000"


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise refuse("no-git", "git is not installed", "install git, or leave --base out") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().split("\n")[-1]
        raise refuse("git-failed", f"git {arguments[0]} failed: {said}", "run this inside a git repository")
    return done.stdout


def commit_of(root: Path, ref: str) -> str:
    """The commit that a ref names; refused where there is none. A ref that looks like an option is no ref."""
    if ref.startswith("-"):
        raise refuse("git-failed", f'"{ref}" is no git ref', "name a branch, a tag or a commit", value=ref)
    _git(root, "rev-parse", "--git-dir")
    try:
        return _git(root, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
    except Refused:
        raise refuse("unknown-ref", f'"{ref}" names no commit here', "fetch it first, or correct it", value=ref) from None


def fork_point(root: Path, ref: str) -> str:
    """The commit from which the checked-out branch left a ref: what the ref got since is no doing of the branch. Else the ref's own."""
    commit = commit_of(root, ref)
    try:
        return _git(root, "merge-base", commit, "HEAD").decode().strip() or commit
    except Refused:  # a shallow checkout, or two histories
        return commit


def changed_files(root: Path, ref: str) -> int:
    """How many files the work tree has otherwise than where its branch left a ref, new and deleted ones too; what git ignores is none."""
    changed = _git(root, "diff", "--name-only", "-z", fork_point(root, ref), "--", ".")
    fresh = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return changed.count(b"\0") + fresh.count(b"\0")


class GitTree:
    """The files of the commit from which the branch left a ref, below the folder that `root` is in its repository."""

    def __init__(self, root: Path, ref: str) -> None:
        self.root = root
        self.ref = ref
        self._commit = fork_point(root, ref)

    @cached_property
    def _entries(self) -> dict[str, tuple[str, str]]:
        """path -> (mode, object id)."""
        entries = {}
        for line in _git(self.root, "ls-tree", "-r", "-z", self._commit).split(b"\0"):
            if line:
                head, _, path = line.partition(b"\t")
                mode, _, name = head.decode().split(" ")
                if mode != _SUBMODULE:  # another repository's files: its objects are not here
                    entries[path.decode(errors="surrogateescape")] = (mode, name)
        return entries

    @cached_property
    def _listings(self) -> Mapping[str, Listing]:
        links = [path for path, (mode, _) in self._entries.items() if mode == _LINK]
        return listings((path for path, (mode, _) in self._entries.items() if mode != _LINK), links)

    @cached_property
    def _process(self) -> subprocess.Popen[bytes]:
        command = ["git", "-C", str(self.root), "cat-file", "--batch"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        entry = self._entries.get(path)
        if entry is None or entry[0] == _LINK:
            return None
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{entry[1]}\n".encode())
        process.stdin.flush()
        size = int(process.stdout.readline().split()[2])
        content = process.stdout.read(size)
        process.stdout.read(1)
        return content

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        return self._listings.get(directory, Listing())

    def close(self) -> None:
        """End the git process."""
        if "_process" in self.__dict__:
            self._process.communicate()
