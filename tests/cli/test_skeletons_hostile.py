"""`scaffold skeletons add` of what somebody made to break it, or what was damaged on its way: refused, and never a defect of ours."""

from __future__ import annotations

import signal
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.cli import skeletons_add, time_limit
from generator.problems import Refused
from tests.support import cli
from tests.support.own_skeletons import ROOT, below, manifest, packed, queue

DEEP = f"module/{'a/' * 1_100}x.tf"


@pytest.fixture(autouse=True)
def _own_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests have scratch folders of scaffold as well, at the same time."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))


def _refused(zone: Path, source: object) -> str:
    """Nothing is written, and nothing is left of what was fetched."""
    before = cli.snapshot(zone)
    done = cli.run(zone, "skeletons", "add", str(source), "--name", "queue")

    assert done.status == 1 and not done.out and done.err.startswith("error: ") and cli.snapshot(zone) == before
    assert "defect" not in done.err and "password protected" not in done.err
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
    return done.err


def _content(path: Path) -> slice:
    """Where the compressed bytes of the last entry stand."""
    with zipfile.ZipFile(path) as archive:
        entry = archive.infolist()[-1]
    start = entry.header_offset + 30 + len(entry.orig_filename.encode())
    return slice(start, start + entry.compress_size)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_with_damaged_bytes_is_refused(method: int, zone: Path, tmp_path: Path) -> None:
    """Each way to compress has errors of its own."""
    path = packed(tmp_path / "queue.zip", below("queue-1.0.0", queue()), method=method)
    content, place = bytearray(path.read_bytes()), _content(path)
    content[place] = bytes(byte ^ 0xFF for byte in content[place])
    path.write_bytes(content)

    assert "queue.zip could not be unpacked: " in (said := _refused(zone, path)) and "fetch it again" in said


@pytest.mark.parametrize("place", ["everywhere", "before its bytes"])
def test_an_archive_with_a_name_that_is_no_text_is_refused(place: str, zone: Path, tmp_path: Path) -> None:
    """A name says of itself that it is UTF-8, in the list of all entries and once more before the bytes of each."""
    path = packed(tmp_path / "queue.zip", {**below("queue-1.0.0", queue()), "queue-1.0.0/caf\u00e9.md": b"x"})
    name = "caf\u00e9".encode()
    path.write_bytes(path.read_bytes().replace(name, b"caf\xff\xfe", 1 if place == "before its bytes" else -1))

    assert "can't decode byte 0xff" in _refused(zone, path)


@pytest.mark.parametrize(
    ("at", "value", "said"), [(10, 99, "compression method is not supported"), (8, 1, "is encrypted, password required")]
)
def test_an_archive_that_cannot_be_unpacked_says_why(at: int, value: int, said: str, zone: Path, tmp_path: Path) -> None:
    """With the reason itself: one that is compressed in an unknown way has no password."""
    path = packed(tmp_path / "queue.zip", below("queue-1.0.0", queue()))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        listed = archive.start_dir
    first = content.index(b"PK\x01\x02", listed + 1)  # the second entry, as the first is the folder
    content[first + at] = value
    path.write_bytes(content)

    assert said in _refused(zone, path)


def test_a_folder_that_is_too_deep_is_refused(zone: Path, tmp_path: Path) -> None:
    """By either way in; it is taken away again as well."""
    path = packed(tmp_path / "queue.zip", below("queue-1.0.0", {**queue(), DEEP: b"x"}))
    root = cli.written(tmp_path / "queue", queue())
    cli.commit(root)
    blob = cli.git(root, "rev-parse", "HEAD:README.md").strip()
    cli.git(root, "update-index", "--add", "--cacheinfo", f"100644,{blob},{DEEP}")
    tree = cli.git(root, "write-tree").strip()
    cli.git(root, "tag", "deep", cli.git(root, "commit-tree", tree, "-m", "x").strip())

    for source in (path, f"{root}@deep"):
        assert "100 levels deep" in _refused(zone, source)


LOOP = "{% for x in range(99_999) %}" * 3 + "{% endfor %}" * 3
PATTERN = {"instance": {"type": "string", "help": "x", "pattern": "(x+x+)+y"}}
ENDLESS = {
    "a loop in a template": {f"{ROOT}/main.tf": LOOP.encode()},
    "a loop in a name": {f"{ROOT}/{LOOP}.tf": b""},
    "a pattern": {"cookiecutter.json": manifest({"inputs": PATTERN}, instance="x" * 40)},
}


@pytest.mark.parametrize("case", ENDLESS)
def test_what_never_ends_is_refused(case: str, zone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a skeleton is run, and rendering it is as good as that: it has a limit. The alarm does not outlive it."""
    monkeypatch.setattr(skeletons_add, "MOST_SECONDS", 0.5)
    before = signal.getsignal(signal.SIGALRM)

    said = _refused(zone, packed(tmp_path / "queue.zip", below("queue-1.0.0", {**queue(), **ENDLESS[case]})))

    assert "skeletons/queue: rendering it takes longer than 0.5 seconds" in said
    assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_where_no_alarm_can_be_set_there_is_no_limit() -> None:
    """A thread besides the first hears no signals."""
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(_in_time).result() == 2


def _in_time() -> int:
    with time_limit.at_most(0.001, Refused([])):
        return 1 + 1
