"""Fetches a skeleton from elsewhere, by git or as a zip: cookiecutter's functions, with their traps closed.

They prompt where a folder exists, keep what they fetch in the home directory, delete the folder that an address ending in
`..` names, read a local folder in place whatever ref was asked for, check out a *file* whose name is the ref, print
tracebacks, download without a limit and unpack whatever an archive holds. Here each fetch has a directory of its own, an
archive is looked at before anything of it is unpacked, and the commit is compared with the ref.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.files import Tree, join, safe_path
from generator.problems import Problem, Refused, refuse
from generator.repository.git import GitTree, commit_of
from generator.repository.worktree import WorkTree

MOST_ENTRIES, MOST_UNPACKED, MOST_FETCHED = 5_000, 50_000_000, 20_000_000
"""Entries of an archive, and its bytes once unpacked; bytes of an archive that is downloaded."""
MOST_DEEP = 100
"""Folders within folders: whoever walks them calls itself for each."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://")
_OPEN = ("http", "git", "ftp")
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_COMMIT = re.compile(rb"[0-9a-f]{40}\Z")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a skeleton comes from: `ref` is empty for an archive, `commit` where the archive does not say it."""

    url: str
    ref: str
    commit: str = ""
    digest: str = ""

    def __str__(self) -> str:
        """`URL@REF, commit …`."""
        at = f"@{self.ref}" if self.ref else ""
        digest = f", sha256 {self.digest}" if self.digest else ""
        return f"{self.url}{at}" + (f", commit {self.commit}" if self.commit else "") + digest


@dataclass(frozen=True, slots=True)
class Fetched:
    """The repository or archive as a tree, and where it comes from."""

    tree: Tree
    origin: Origin


def split(source: str) -> tuple[str, str]:
    """`URL@REF` in its two parts; the ref is empty where there is none. A user's name before the host is no ref."""
    url, at, ref = source.rpartition("@")
    match = _SCHEME.match(url)
    path = url[match.end() :] if match else url
    named = "/" in path if match else bool("/" in path or ":" in path or (url and Path(url).exists()))
    return (url, ref) if at and named else (source, "")


@contextlib.contextmanager
def fetch(source: str) -> Iterator[Fetched]:
    """The repository at a ref, or the archive, for as long as the context is open; refused with what to do."""
    url, ref = split(source)
    _refuse_address(url)
    with _scratch() as folder, _quiet():
        if url.lower().endswith(".zip"):
            if ref:
                raise refuse("wrong-source", f'an archive has no ref, and "{source}" names {ref}', "leave it out", value=source)
            yield _archive(url, folder)
            return
        if not ref:
            remedy = f"write {url}@REF, REF a tag or a commit: what is reviewed is then what is fetched"
            raise refuse("wrong-source", f'"{source}" names no ref', remedy, value=source)
        if ref.startswith("-"):
            raise refuse("wrong-source", f'"{ref}" is no git ref', "name a branch, a tag or a commit", value=ref)
        found = _cloned(url, ref, folder)
        _refuse_deep(found.tree, f"{url}@{ref}")
        try:
            yield found
        finally:
            assert isinstance(found.tree, GitTree)
            found.tree.close()


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A directory of our own. `shutil.rmtree` would not take it away where it has a thousand folders within folders."""
    folder = Path(tempfile.mkdtemp(prefix="scaffold-"))
    try:
        yield folder
    finally:
        pending, found = [str(folder)], []
        while pending:
            found.append(pending.pop())
            with os.scandir(found[-1]) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        Path(entry.path).unlink()
        for directory in reversed(found):
            Path(directory).rmdir()


def _refuse_deep(tree: Tree, said: str) -> None:
    level = [""]
    for _ in range(MOST_DEEP + 1):
        level = [join(directory, name) for directory in level for name in tree.list(directory).directories]
    if level:
        message = f"{said} has folders that are more than {MOST_DEEP} levels deep"
        raise refuse("unsafe-skeleton", message, "name a repository that holds skeletons alone", value=said)


def _refuse_open(url: str) -> None:
    match = _SCHEME.match(url)
    if match is not None and match[1].removeprefix("git+") in _OPEN:
        message = f'"{url}" is fetched by {match[1]}, where anybody on the way can put in what they like'
        raise refuse("wrong-source", message, "write an address of https or ssh, or fetch it yourself and name the folder", value=url)


def _refuse_address(url: str) -> None:
    """Refuse an address that is an option, runs a program, is read by anybody, or is cloned to a folder that is not ours."""
    _refuse_open(url)
    if url.startswith("-") or "::" in url or not url.isprintable() or "+" in url.removeprefix("git+") or not _FOLDER.match(_folder(url)):
        message, remedy = f"{url!r} is no address of a repository", "write https://…, ssh://…, or a folder"
        raise refuse("wrong-source", message, remedy, value=url)


def _folder(url: str) -> str:
    """The folder that an address is cloned to: whatever stands there is deleted first, so it must be one below ours."""
    return url.rstrip("/").rpartition("/")[2].rpartition(":")[2].rsplit(".git")[0]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No traceback in a log, and no prompt where nobody sits at a terminal."""
    logger = logging.getLogger("cookiecutter")
    propagated, logger.propagate = logger.propagate, False
    handler = logging.NullHandler()
    logger.addHandler(handler)
    asked = {} if sys.stdin.isatty() else {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -oBatchMode=yes"}
    before = {name: os.environ.get(name) for name in asked}
    os.environ.update({name: value for name, value in asked.items() if before[name] is None})
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagated
        for name in (name for name in asked if before[name] is None):
            os.environ.pop(name, None)


def _cloned(url: str, ref: str, folder: Path) -> Fetched:
    """The commit of a ref, read from git's objects: nothing of it is on the disk, so no filter has changed it and no link leads out."""
    from cookiecutter.exceptions import CookiecutterException
    from cookiecutter.vcs import clone

    plain = url.removeprefix("git+")
    address = plain if _SCHEME.match(plain) or not Path(plain).exists() else str(Path(plain).absolute())
    try:
        cloned = Path(clone(f"git+{address}", ref, folder / "git", no_input=True))
    except CookiecutterException as error:
        raise _not_fetched(url, ref, str(error) or type(error).__name__) from None
    except subprocess.CalledProcessError as error:
        said = (error.output or b"").decode(errors="replace").strip().split("\n")[-1]
        raise _not_fetched(url, ref, said) from None
    commit = commit_of(cloned, "HEAD")
    if commit not in _meant(cloned, ref):
        raise _not_fetched(url, ref, f"{ref} names no commit there")
    return Fetched(GitTree(cloned, commit), Origin(url, ref, commit))


def _meant(root: Path, ref: str) -> Iterator[str]:
    """The commits that a ref names: a tag or a commit, or a branch of the repository that was cloned."""
    for name in (ref, f"origin/{ref}"):
        with contextlib.suppress(Refused):
            yield commit_of(root, name)


def _not_fetched(url: str, ref: str, why: str) -> Refused:
    said = f"{url}@{ref}" if ref else url
    remedy = "correct the address and the ref; git must be able to clone it without asking"
    return refuse("not-fetched", f"{said} could not be fetched: {why}", remedy, value=said)


def _archive(url: str, folder: Path) -> Fetched:
    """An archive that was looked at, unpacked into a directory of its own."""
    path = _downloaded(url, folder) if _SCHEME.match(url) else Path(url)
    if not path.is_file():
        raise refuse("not-fetched", f"there is no file {url}", "correct the path", value=url)
    entries, comment = _listed(path, url)
    problems = list(_wrong_entries(entries, url))
    if problems:
        raise Refused(problems)
    commit = comment.decode() if _COMMIT.match(comment) else ""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Fetched(WorkTree(_unpacked(path, url, folder)), Origin(url, "", commit, digest))


def _listed(path: Path, url: str) -> tuple[list[zipfile.ZipInfo], bytes]:
    """The entries of an archive, and its comment."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist(), archive.comment
    except Exception as error:  # a name that is no text, a number that is too large: each has an error of its own
        raise refuse("not-fetched", f"{url} is no archive that can be read: {error}", "fetch it again", value=url) from None


def _unpacked(path: Path, url: str, folder: Path) -> Path:
    from cookiecutter.exceptions import CookiecutterException
    from cookiecutter.zipfile import unzip

    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        return Path(unzip(str(path), is_url=False, clone_to_dir=folder, no_input=True))
    except Exception as error:  # each way to compress has errors of its own, and some are not even there in every Python
        # cookiecutter takes whatever stops it for a password, or for nothing: what it was is the cause
        cause = error.__cause__ or error
        remedy = "fetch it again, or pack it anew, deflated and without a password"
        if isinstance(cause, CookiecutterException):
            remedy = "pack one folder that holds everything"
        raise refuse("not-fetched", f"{url} could not be unpacked: {str(cause) or type(cause).__name__}", remedy, value=url) from None
    finally:
        tempfile.tempdir = before


def _wrong_entries(entries: list[zipfile.ZipInfo], url: str) -> Iterator[Problem]:
    """What an archive must not hold; Python's own unpacking would change such names without a word."""
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or size > MOST_UNPACKED:
        message = f"{url} would unpack to {len(entries)} entries and {size} bytes; at most {MOST_ENTRIES} and {MOST_UNPACKED}"
        yield Problem(id="unsafe-skeleton", message=message, remedy="pack the skeleton alone", value=url)
        return
    if any(entry.filename.count("/") > MOST_DEEP for entry in entries):
        message = f"{url} has folders that are more than {MOST_DEEP} levels deep"
        yield Problem(id="unsafe-skeleton", message=message, remedy="pack the skeleton alone", value=url)
    tops = {entry.filename.partition("/")[0] for entry in entries}
    for entry in entries:
        if _leads_out(entry):
            message, remedy = f"{url} holds {entry.orig_filename!r}, a name that leads out of it", "pack it anew, without that"
            yield Problem(id="unsafe-skeleton", message=message, remedy=remedy, value=entry.orig_filename)
        elif stat.S_ISLNK(entry.external_attr >> 16):
            message, remedy = f"{url} holds the symbolic link {entry.filename}", "pack it anew, without that"
            yield Problem(id="unsafe-skeleton", message=message, remedy=remedy, value=entry.filename)
    if len(tops) > 1:
        message = f"{url} holds {len(tops)} things at its top: {', '.join(sorted(tops)[:5])}"
        yield Problem(id="not-fetched", message=message, remedy="pack one folder that holds everything", value=url)


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    try:
        safe_path(entry.orig_filename.removesuffix("/"))
    except Refused:
        return True
    return False


def _downloaded(url: str, folder: Path) -> Path:
    """The archive of an address, up to its limit."""
    import urllib.request
    from urllib.error import URLError

    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # the scheme was looked at
            _refuse_open(answer.geturl())  # a server may have sent us elsewhere
            content = answer.read(MOST_FETCHED + 1)
    except (URLError, OSError, ValueError) as error:
        raise _not_fetched(url, "", str(error)) from None
    if len(content) > MOST_FETCHED:
        message = f"{url} has more than {MOST_FETCHED} bytes"
        raise refuse("unsafe-skeleton", message, "pack the skeleton alone", value=url)
    path = folder / "fetched.zip"
    path.write_bytes(content)
    return path
