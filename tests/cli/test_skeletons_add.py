"""`scaffold skeletons add`: a skeleton from a git repository or a zip is copied in for review, and each escape is refused."""

from __future__ import annotations

import io
import json
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest

from generator.cli import skeleton_fetch
from tests.support import cli
from tests.support.own_skeletons import ROOT, below, manifest, packed, queue


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with two skeletons in folders of their own, tagged v1.0.0; main is ahead of it."""
    root = tmp_path / "skeleton-collection"
    extra = {"README.md": b"# Skeletons\n", "queue/tests/test.py": b"import os\n", **below("bucket", queue({"module": "bucket"}))}
    cli.written(root, {**below("queue", queue()), **extra})
    cli.commit(root, "first")
    cli.git(root, "tag", "v1.0.0")
    cli.written(root, below("queue", queue({"version": "1.1.0"})))
    cli.commit(root, "second")
    return root


@pytest.fixture(autouse=True)
def _own_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests have scratch folders of scaffold as well, at the same time."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))


def _refused(zone: Path, *arguments: str) -> str:
    """Nothing is written, and nothing is left of what was fetched."""
    before = cli.snapshot(zone)
    done = cli.run(zone, "skeletons", "add", *arguments)

    assert done.status == 1 and not done.out and done.err.startswith("error: ") and cli.snapshot(zone) == before
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
    return done.err


def test_a_skeleton_of_a_repository_is_copied_and_works(zone: Path, repository: Path) -> None:
    """At the ref, not at what is checked out there; what is no part of a skeleton stays behind."""
    done = cli.must(zone, "skeletons", "add", f"{repository}@v1.0.0", "--directory", "queue")
    copied = cli.snapshot(zone / "skeletons/queue")
    cli.must(zone, "account", "dev-ml", "--with", "queue:jobs")

    assert copied == queue()
    assert cli.git(repository, "rev-parse", "v1.0.0").strip() in done.out and "Left behind: tests/." in done.out
    assert 'modules/queue/1.0.0"' in (zone / "stacks/dev-ml/us-east-1/queue-jobs/main.tf").read_text()


@pytest.mark.parametrize("ref", ["main", "HEAD", "{commit}"])
def test_a_ref_is_a_branch_or_a_commit_too(ref: str, zone: Path, repository: Path) -> None:
    """Its version tells which one it is."""
    ref = ref.format(commit=cli.git(repository, "rev-parse", "main").strip())

    cli.must(zone, "skeletons", "add", f"{repository}@{ref}", "--directory", "queue")

    assert '"version": "1.1.0"' in (zone / "skeletons/queue/cookiecutter.json").read_text()


def test_what_rendering_it_shows_is_told_with_the_copy(zone: Path, tmp_path: Path) -> None:
    """The review starts with it, not the first use."""
    archive = packed(tmp_path / "queue.zip", below("queue-1.0.0", {**queue(), f"{ROOT}/{{{{'..'}}}}/x.tf": b"x"}))

    done = cli.must(zone, "skeletons", "add", str(archive), "--name", "queue")

    assert "warning: skeletons/queue: the name of a template becomes '../x.tf', which would leave the root" in done.err


def test_it_can_have_another_name(zone: Path, repository: Path) -> None:
    """The module then has the old one, and that is said with both its places: it is there to be repaired."""
    done = cli.must(zone, "skeletons", "add", f"{repository}@v1.0.0", "--directory", "queue", "--name", "jobs")

    assert (zone / "skeletons/jobs/cookiecutter.json").is_file() and done.err.startswith("warning: skeletons/jobs/cookiecutter.json: ")
    assert f"in the source of skeletons/jobs/{ROOT}/main.tf:2" in done.err


def test_a_skeleton_of_an_archive_is_copied(zone: Path, tmp_path: Path) -> None:
    """Called as its file, if nothing else is said; its digest tells which archive it was."""
    path = packed(tmp_path / "queue.zip", below("queue-1.0.0", queue()))

    done = cli.must(zone, "skeletons", "add", str(path))

    assert cli.snapshot(zone / "skeletons/queue") == queue() and "sha256 " in done.out


def test_the_top_folder_of_an_archive_is_its_root(zone: Path, repository: Path, tmp_path: Path) -> None:
    """Who names it is told to leave that out, and not to look elsewhere."""
    path = packed(tmp_path / "queue.zip", below("queue-1.0.0", queue()))

    said = _refused(zone, str(path), "--directory", "queue-1.0.0")

    assert "there is no cookiecutter.json in queue-1.0.0; leave --directory out: there is one in the root" in said
    assert "the top folder of an archive is its root already" in said


def test_an_archive_that_git_made_says_its_commit(zone: Path, repository: Path, tmp_path: Path) -> None:
    """In its comment, where every git host puts it."""
    commit = cli.git(repository, "rev-parse", "v1.0.0").strip()
    cli.git(repository, "archive", "--format=zip", "--prefix=x/", f"--output={tmp_path}/all.zip", "v1.0.0")

    done = cli.must(zone, "skeletons", "add", str(tmp_path / "all.zip"), "--directory", "queue", "--format", "json")

    assert json.loads(done.out)["data"]["origin"]["commit"] == commit


def test_check_writes_nothing_and_diff_shows_it(zone: Path, repository: Path) -> None:
    """Status 2, as of every command that would write."""
    before = cli.snapshot(zone)

    done = cli.run(zone, "skeletons", "add", f"{repository}@v1.0.0", "--directory", "queue", "--check", "--diff")

    assert done.status == 2 and "+++ b/skeletons/queue/cookiecutter.json" in done.out and cli.snapshot(zone) == before


def test_nothing_hides_in_the_diff(zone: Path, tmp_path: Path) -> None:
    """A terminal would obey it; a reader has to see it."""
    path = packed(tmp_path / "queue.zip", below("queue-1.0.0", {**queue(), "module/x.tf": "# \x1b[2J \u202e\n".encode()}))

    done = cli.run(zone, "skeletons", "add", str(path), "--check", "--diff")

    assert done.status == 2 and "+# \\x1b[2J \\u202e\n" in done.out and "\x1b" not in done.out


def test_one_that_is_there_is_never_written_over(zone: Path, repository: Path) -> None:
    """Not even by the same again: what is there was reviewed."""
    source = f"{repository}@v1.0.0"
    cli.must(zone, "skeletons", "add", source, "--directory", "queue")

    assert "skeletons/queue: there is a skeleton of that name" in _refused(zone, source, "--directory", "queue")
    assert '"add" is a word of the command' in _refused(zone, source, "--directory", "queue", "--name", "add")
    assert "frame" in _refused(zone, source, "--directory", "queue", "--name", "peering")


def test_what_it_replaces_is_said(zone: Path, repository: Path) -> None:
    """A built-in skeleton that is hidden is no detail."""
    done = cli.must(zone, "skeletons", "add", f"{repository}@v1.0.0", "--directory", "queue", "--name", "rds")

    assert "It replaces the built-in skeleton rds." in done.out


RISKY = """\
data "external" "x" {
  program = ["sh"]
}
module "y" {
  source = "github.com/acme/y"
}
resource "a" "b" {
  provisioner "local-exec" {}
}
"""


def test_what_a_reviewer_should_look_at_is_named(zone: Path, repository: Path) -> None:
    """With its line; a module of its own is nothing to look at."""
    cli.written(repository, {"queue/module/more.tf": RISKY.encode()})
    cli.commit(repository)

    done = cli.must(zone, "skeletons", "add", f"{repository}@main", "--directory", "queue", "--format", "json")

    assert json.loads(done.out)["data"]["look_at"] == [
        "skeletons/queue/module/more.tf:1: runs a program when it is planned",
        "skeletons/queue/module/more.tf:8: runs a program when it is applied",
        "skeletons/queue/module/more.tf:5: calls a module from elsewhere",
    ]


ESCAPES: dict[str, tuple[dict[str, bytes], str]] = {
    "hook": ({"hooks/pre_gen_project.py": b"import os\n"}, "a hook, which would run code"),
    "extension": ({"cookiecutter.json": manifest(_extensions=["os.system"])}, "it has _extensions"),
    "extension of jinja": ({"cookiecutter.json": manifest(_jinja2_env_vars={"extensions": ["os"]})}, "_jinja2_env_vars has"),
    "case": ({"readme.md": b"", "README.md": b""}, "in case only"),
    "large": ({"module/big.tf": b"#" * 2_000_001}, "at most 2000000"),
}


@pytest.mark.parametrize("kind", ["git", "zip"])
@pytest.mark.parametrize("case", ESCAPES)
def test_an_escape_is_refused(case: str, kind: str, zone: Path, tmp_path: Path) -> None:
    """By either way in."""
    more, said = ESCAPES[case]
    files = {**queue(), **more}
    if kind == "zip":
        source = str(packed(tmp_path / "queue.zip", below("queue-1.0.0", files)))
    else:
        cli.commit(cli.written(tmp_path / "queue", files))
        source = f"{tmp_path}/queue@main"

    assert said in _refused(zone, source)


@pytest.mark.parametrize("place", ["module/stolen.tf", f"{ROOT}/stolen.tf", "README.md", "module/folder"])
def test_a_symbolic_link_is_refused(place: str, zone: Path, tmp_path: Path) -> None:
    """To a file, to a folder, within the archive or the repository or out of it."""
    files = {path: body for path, body in queue().items() if path != place}
    archive = packed(tmp_path / "linked.zip", below("queue-1.0.0", files), {f"queue-1.0.0/{place}": "../../secret"})
    root = cli.written(tmp_path / "queue", files)
    (root / place).symlink_to("../../secret")
    cli.commit(root)

    assert "symbolic link" in _refused(zone, str(archive), "--name", "queue")
    assert "symbolic link" in _refused(zone, f"{root}@main")


@pytest.mark.parametrize("name", ["/etc/x.tf", "queue-1.0.0/../../x.tf", "../x.tf", "queue-1.0.0/module/..\\x.tf", "C:/x.tf"])
def test_a_name_that_leads_out_of_an_archive_is_refused(name: str, zone: Path, tmp_path: Path) -> None:
    """Unpacking would put it elsewhere without a word, or outside."""
    path = packed(tmp_path / "queue.zip", {**below("queue-1.0.0", queue()), name: b"x"})

    assert "a name that leads out of it" in _refused(zone, str(path)) and not (tmp_path / "x.tf").exists()


def test_a_name_that_leads_out_of_a_commit_is_refused(zone: Path, tmp_path: Path) -> None:
    """git writes no such tree, and takes one that was made by hand."""
    root = cli.written(tmp_path / "queue", queue())
    cli.commit(root)
    blob = cli.git(root, "rev-parse", "HEAD:README.md").strip()
    entries = f"{cli.git(root, 'ls-tree', 'HEAD')}100644 blob {blob}\ta\\..\\b\n"
    tree = subprocess.run(["git", "mktree"], cwd=root, input=entries, capture_output=True, text=True, check=True).stdout.strip()
    commit = cli.git(root, "commit-tree", tree, "-m", "x").strip()
    cli.git(root, "tag", "bad", commit)

    assert "would lead out of the folder" in _refused(zone, f"{root}@bad")


def test_an_archive_that_would_fill_the_disk_is_refused(zone: Path, tmp_path: Path) -> None:
    """Before anything of it is unpacked: a megabyte can hold a gigabyte."""
    path = tmp_path / "queue.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("queue-1.0.0/", b"")
        archive.writestr("queue-1.0.0/module/zeros.tf", bytes(skeleton_fetch.MOST_UNPACKED + 1))

    assert path.stat().st_size < 1_000_000 and "would unpack to 2 entries" in _refused(zone, str(path))


def test_an_archive_of_many_entries_is_refused(zone: Path, tmp_path: Path) -> None:
    """Empty files fill a disk too."""
    path = packed(tmp_path / "queue.zip", {f"queue-1.0.0/{number}": b"" for number in range(skeleton_fetch.MOST_ENTRIES)})

    assert "would unpack to" in _refused(zone, str(path))


WRONG = {
    "no ref": ("{repository}", "names no ref"),
    "unknown ref": ("{repository}@v9", "could not be fetched"),
    "ref that is an option": ("{repository}@--upload-pack=x", "is no git ref"),
    "ref that is a file": ("{repository}@README.md", "README.md names no commit there"),
    "no repository": ("{repository}/nowhere@v1", "could not be fetched"),
    "address that is an option": ("--upload-pack=x/y@v1", "no address"),
    "transport that runs a program": ("ext::sh -c x/y@v1", "is no address of a repository"),
    "a parent folder": ("{repository}/..@v1", "is no address of a repository"),
    "a parent folder in disguise": ("{repository}/...git@v1", "is no address of a repository"),
    "another program": ("hg+{repository}@v1", "is no address of a repository"),
    "an open line": ("http://example.com/x.git@v1", "anybody on the way"),
    "an open archive": ("http://example.com/x.zip", "anybody on the way"),
    "no archive": ("{repository}/none.zip", "there is no file"),
    "archive with a ref": ("{repository}/none.zip@v1", "an archive has no ref"),
    "no skeleton there": ("{repository}@v1.0.0", "--directory: expected one of bucket, queue"),
    "no such folder": ("{repository}@v1.0.0 --directory queu", 'did you mean "queue"'),
    "folder that leads out": ("{repository}@v1.0.0 --directory ../x", "would leave the root"),
    "name that none can have": ("{repository}@v1.0.0 --directory queue --name Que_ue", "--name NAME"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_source_says_what_to_do(case: str, zone: Path, repository: Path) -> None:
    """And the folder beside it is still there."""
    line, said = WRONG[case]

    found = _refused(
        zone, *(["--"] if line.startswith("-") else []), *line.format(repository=repository).split(" " if "ext::" not in line else "\0")
    )

    assert said in found and repository.is_dir()


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_what_is_no_archive_is_said(content: bytes, zone: Path, tmp_path: Path) -> None:
    """Nor one with several things at its top, or without a folder."""
    (tmp_path / "queue.zip").write_bytes(content)
    flat, several = tmp_path / "flat.zip", packed(tmp_path / "several.zip", {"other/x": b"", **below("queue-1.0.0", queue())})
    with zipfile.ZipFile(flat, "w") as archive:
        archive.writestr("cookiecutter.json", b"{}")

    assert "no archive that can be read" in _refused(zone, str(tmp_path / "queue.zip"))
    assert "one folder that holds everything" in _refused(zone, str(flat))
    assert "2 things at its top" in _refused(zone, str(several))


@pytest.mark.parametrize(
    ("source", "url", "ref"),
    [
        ("https://github.com/acme/x@v1", "https://github.com/acme/x", "v1"),
        ("https://github.com/acme/x@feature/y", "https://github.com/acme/x", "feature/y"),
        ("https://user@host/x.git", "https://user@host/x.git", ""),
        ("https://user:word@host/x.git@v1", "https://user:word@host/x.git", "v1"),
        ("git@github.com:acme/x.git", "git@github.com:acme/x.git", ""),
        ("git@github.com:acme/x.git@v1", "git@github.com:acme/x.git", "v1"),
        ("ssh://git@host/x.git@v1", "ssh://git@host/x.git", "v1"),
        ("../x@v1", "../x", "v1"),
        ("x.zip", "x.zip", ""),
    ],
)
def test_an_address_and_its_ref_are_told_apart(source: str, url: str, ref: str) -> None:
    """A user's name before the host is no ref."""
    assert skeleton_fetch.split(source) == (url, ref)


class _Answer(io.BytesIO):
    """What a server sends, from an address that it may have chosen."""

    def __init__(self, content: bytes, address: str = "https://example.com/") -> None:
        super().__init__(content)
        self._address = address

    def geturl(self) -> str:
        """Where it came from in the end."""
        return self._address


class _Endless(_Answer):
    """An answer that never ends."""

    def read(self, size: int | None = -1) -> bytes:
        """As many bytes as somebody wants."""
        return bytes(size or 0)


def test_a_download_has_a_limit(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that goes on sending fills no disk."""
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: _Endless(b""))

    assert f"more than {skeleton_fetch.MOST_FETCHED} bytes" in _refused(zone, "https://example.com/x.zip")


def test_a_download_is_not_sent_to_an_open_line(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server can answer that it is elsewhere."""
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: _Answer(b"", "http://example.com/x.zip"))

    assert "anybody on the way" in _refused(zone, "https://example.com/x.zip")


def test_a_download_that_arrives_is_copied(zone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a file would be."""
    content = packed(tmp_path / "queue.zip", below("queue-1.0.0", queue())).read_bytes()
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: _Answer(content))

    cli.must(zone, "skeletons", "add", "https://example.com/queue.zip")

    assert cli.snapshot(zone / "skeletons/queue") == queue()
