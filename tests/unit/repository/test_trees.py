"""The work tree and a git commit of it are one tree: the same listings, the same bytes, links never followed."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.files import Listing, Tree, walk
from generator.problems import Refused
from generator.repository.git import GitTree, commit_of
from generator.repository.worktree import WorkTree
from tests.support import cli

NAMES = st.text("ab é\u0301😀-_.$'\"\t\n%*?", min_size=1, max_size=4).filter(
    lambda name: name.strip(". ") not in ("", "git") and name[0] != " "
)
BYTES = st.binary(max_size=30) | st.just(b"a\r\nb\n") | st.just(b"x" * 70_000)
FILES = st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), BYTES, min_size=1, max_size=6)


def _put(root: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Write what can be written: a path below another file is left out."""
    written = {path: content for path, content in files.items() if not any(path.startswith(f"{other}/") for other in files)}
    for path, content in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return written


def _all(tree: Tree) -> tuple[dict[str, bytes | None], dict[str, Listing]]:
    """Every file, and every listing."""
    listings, todo = {}, [""]
    while todo:
        directory = todo.pop()
        listings[directory] = tree.list(directory)
        todo += [f"{directory}/{name}".lstrip("/") for name in listings[directory].directories]
    return {path: tree.read(path) for path in walk(tree)}, listings


@settings(max_examples=25, deadline=None)
@given(FILES)
def test_a_commit_is_the_tree_it_was_made_of(files: dict[str, bytes]) -> None:
    """Also for names with spaces, quotes, newlines and letters outside ASCII, and for Windows line ends."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        written = _put(root, files)
        cli.git(root, "init", "--quiet")
        (root / ".git/info/attributes").write_text("* -text\n")
        cli.commit(root)
        tree = GitTree(root, "HEAD")
        try:
            found = _all(tree)
        finally:
            tree.close()

        assert found == _all(_WithoutGit(root))
        assert found[0] == written


class _WithoutGit(WorkTree):
    """A repository as git itself sees it."""

    def list(self, directory: str) -> Listing:
        """The root without git's own folder."""
        found = super().list(directory)
        return Listing(found.files, tuple(name for name in found.directories if name != ".git"), found.links)


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A committed tree in which `link` points to a folder and `link.tf` to a file."""
    _put(tmp_path, {"real/a.tf": b"a", "real/deep/b.tf": b"b"})
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real/link.tf").symlink_to("a.tf")
    cli.commit(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", ["work tree", "git"])
def test_symbolic_links_are_named_and_never_followed(linked: Path, kind: str) -> None:
    """Neither to a file nor through a folder."""
    tree: Tree = WorkTree(linked) if kind == "work tree" else GitTree(linked, "HEAD")

    assert tree.list("").links == ("link",)
    assert tree.list("real") == Listing(("a.tf",), ("deep",), ("link.tf",))
    assert [tree.list("link"), tree.list("link/deep")] == [Listing(), Listing()]
    assert [tree.read(path) for path in ("link", "link/a.tf", "link/deep/b.tf", "real/link.tf")] == [None] * 4
    assert tree.read("real/deep/b.tf") == b"b"


@pytest.mark.parametrize("kind", ["work tree", "git"])
@pytest.mark.parametrize("path", ["none", "none/x", "real", "real/a.tf/x", ""])
def test_what_is_no_file_has_no_bytes(linked: Path, kind: str, path: str) -> None:
    """Absent, a directory, below a file."""
    tree: Tree = WorkTree(linked) if kind == "work tree" else GitTree(linked, "HEAD")

    assert tree.read(path) is None


@pytest.mark.parametrize("path", ["none", "real/a.tf", "real/a.tf/x"])
def test_what_is_no_directory_lists_nothing(linked: Path, path: str) -> None:
    """Absent, a file, below a file."""
    assert WorkTree(linked).list(path) == GitTree(linked, "HEAD").list(path) == Listing()


def test_a_folder_replaced_by_a_link_is_not_followed_where_it_was_not_looked_at(tmp_path: Path) -> None:
    """Nothing is remembered of a path that is not there yet."""
    tree = WorkTree(tmp_path)
    assert tree.read("folder/a") is None
    _put(tmp_path, {"elsewhere/a": b"a"})
    (tmp_path / "folder").symlink_to("elsewhere")

    assert tree.read("folder/a") is None


def test_a_listed_folder_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    """Being named as a directory is not having been looked into: that a question to a person lies between is enough."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/secret").write_text("s")
    (tmp_path / "above/folder").mkdir(parents=True)
    tree = WorkTree(tmp_path)
    assert tree.list("above").directories == ("folder",)
    (tmp_path / "above/folder").rmdir()
    (tmp_path / "above/folder").symlink_to("../elsewhere")

    assert tree.read("above/folder/secret") is None and tree.list("above/folder") == Listing()


def test_pipes_and_sockets_are_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening one would wait, or fail."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")

        tree = WorkTree(tmp_path)

        assert tree.list("") == Listing()
        assert (tree.read("pipe"), tree.read("socket")) == (None, None)


def test_a_tree_may_be_a_folder_of_its_repository(tmp_path: Path) -> None:
    """Paths are then relative to that folder."""
    _put(tmp_path, {"zone/a": b"a", "other/b": b"b"})
    cli.commit(tmp_path)

    assert _all(GitTree(tmp_path / "zone", "HEAD"))[0] == {"a": b"a"}


def test_a_submodule_is_no_file(tmp_path: Path) -> None:
    """Its objects are in another repository."""
    _put(tmp_path, {"a": b"a"})
    cli.commit(tmp_path)
    cli.git(tmp_path, "update-index", "--add", "--cacheinfo", "160000", commit_of(tmp_path, "HEAD"), "sub")
    cli.git(tmp_path, "commit", "--quiet", "--message", "sub")

    tree = GitTree(tmp_path, "HEAD")

    assert (tree.list(""), tree.read("sub")) == (Listing(("a",)), None)


@pytest.mark.parametrize("ref", ["-x", "--help", "--output=x", "--"])
def test_a_ref_that_looks_like_an_option_is_refused(linked: Path, ref: str) -> None:
    """It never reaches git."""
    with pytest.raises(Refused, match="is no git ref"):
        GitTree(linked, ref)


@pytest.mark.parametrize("ref", ["nowhere", "", "HEAD:real", "HEAD^{tree}", "HEAD..HEAD", "0" * 40, "a b"])
def test_an_unknown_ref_is_refused_by_its_name(linked: Path, ref: str) -> None:
    """The message says which, and what to do."""
    with pytest.raises(Refused) as refused:
        GitTree(linked, ref)

    (problem,) = refused.value.problems
    assert (problem.id, problem.value) == ("unknown-ref", ref)
    assert f'"{ref}"' in problem.message and problem.remedy


def test_a_folder_that_is_no_repository_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever repository surrounds the tests."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(Refused, match="git rev-parse failed"):
        GitTree(tmp_path, "HEAD")


def test_a_mounted_folder_is_read_from_its_own_checkout(tmp_path: Path) -> None:
    """`paths:` puts a sibling checkout at its usual place; a folder of a similar name stays where it is."""
    _put(tmp_path, {"zone/scaffold.yaml": b"y", "zone/requests-old/c": b"c", "sibling/terraform/a.tf": b"a"})
    (tmp_path / "sibling/link").symlink_to("terraform")

    tree = WorkTree(tmp_path / "zone", {"requests": tmp_path / "sibling"})

    assert tree.read("requests/terraform/a.tf") == b"a"
    assert tree.read("requests-old/c") == b"c"
    assert tree.list("requests") == Listing((), ("terraform",), ("link",))
    assert tree.read("requests/link/a.tf") is None
