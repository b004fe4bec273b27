"""A git ref as a `Tree`: one `ls-tree` for the names, one `cat-file` process for the bytes."""

from __future__ import annotations

import subprocess
from functools import cached_property
from pathlib import Path

from generator.files import Listing
from generator.problems import refuse


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise refuse("no-git", "git is not installed", "install git, or leave --base out") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().split("\n")[-1]
        raise refuse("git-failed", f"git {arguments[0]} failed: {said}", "check the ref and that this is a git repository")
    return done.stdout


def commit_of(root: Path, ref: str) -> str:
    """The commit that a ref names; refused where there is none. A ref that looks like an option is no ref."""
    if ref.startswith("-"):
        raise refuse("git-failed", f'"{ref}" is no git ref', "name a branch, a tag or a commit", value=ref)
    return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").decode().strip() or _none(ref)


def _none(ref: str) -> str:
    raise refuse("git-failed", f'"{ref}" is no commit here', "fetch it first", value=ref)


class GitTree:
    """The files of a commit, below the folder that `root` is in its repository."""

    def __init__(self, root: Path, ref: str) -> None:
        self.root = root
        self.ref = ref
        self._commit = commit_of(root, ref)

    @cached_property
    def _entries(self) -> dict[str, tuple[str, str]]:
        """path -> (mode, object id)."""
        entries = {}
        for line in _git(self.root, "ls-tree", "-r", "-z", self._commit).split(b"\0"):
            if line:
                head, _, path = line.partition(b"\t")
                mode, _, name = head.decode().split(" ")
                entries[path.decode(errors="surrogateescape")] = (mode, name)
        return entries

    @cached_property
    def _listings(self) -> dict[str, tuple[set[str], set[str], set[str]]]:
        found: dict[str, tuple[set[str], set[str], set[str]]] = {}
        for path, (mode, _) in self._entries.items():
            directory, _, name = path.rpartition("/")
            found.setdefault(directory, (set(), set(), set()))[2 if mode == "120000" else 0].add(name)
            while directory:
                directory, _, name = directory.rpartition("/")
                found.setdefault(directory, (set(), set(), set()))[1].add(name)
        return found

    @cached_property
    def _process(self) -> subprocess.Popen[bytes]:
        command = ["git", "-C", str(self.root), "cat-file", "--batch"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        entry = self._entries.get(path)
        if entry is None or entry[0] == "120000":
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
        files, directories, links = self._listings.get(directory, (set(), set(), set()))
        return Listing(tuple(sorted(files)), tuple(sorted(directories)), tuple(sorted(links)))

    def close(self) -> None:
        """End the git process."""
        if "_process" in self.__dict__:
            self._process.communicate()
