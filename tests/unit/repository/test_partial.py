"""An unfinished reading beside its file: kept line by line, whatever happens to the process."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from generator.problems import Refused
from generator.repository import partial
from tests.support import cli


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the reading ends."""
    return tmp_path / "audit.json"


def left(file: Path) -> Path:
    """Where it is unfinished."""
    return file.with_name("audit.json.partial")


def mode(path: Path) -> int:
    """Who may read it."""
    return stat.S_IMODE(path.stat().st_mode)


def test_lines_are_there_for_the_next_run(file: Path) -> None:
    """Also those of a run that raised."""
    with pytest.raises(KeyboardInterrupt), partial.of(file) as lines:
        before = lines.read()
        lines.append("one")
        lines.append("zwei – €")
        raise KeyboardInterrupt

    with partial.of(file) as lines:
        again = lines.read()
        lines.append("three")

    assert (before, again) == ((), ("one", "zwei – €"))
    assert left(file).read_text() == "one\nzwei – €\nthree\n" and not file.exists()


def test_a_killed_process_loses_no_line(file: Path) -> None:
    """Nothing waits in a buffer, and its lock is free."""
    program = (
        "import os, signal, sys, pathlib; from generator.repository import partial\n"
        "with partial.of(pathlib.Path(sys.argv[1])) as lines:\n lines.append('one'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(file)], env=cli.environment(), check=False)

    with partial.of(file) as lines:
        assert (done.returncode, lines.read()) == (-signal.SIGKILL, ("one",))


@pytest.mark.parametrize("torn", ["{", "zwei – €".encode()[:-1].decode("latin-1")])
def test_a_torn_last_line_is_dropped(file: Path, torn: str) -> None:
    """From the file too: what is appended next is a line of its own."""
    left(file).write_bytes(b"one\n" + torn.encode("latin-1"))

    with partial.of(file) as lines:
        before = lines.read()
        lines.append("two")

    assert (before, left(file).read_bytes()) == (("one",), b"one\ntwo\n")


def test_what_is_no_text_is_refused(file: Path) -> None:
    """With the file and what to do."""
    left(file).write_bytes(b"\xff\n")

    with pytest.raises(Refused, match=r"audit\.json\.partial: this unfinished reading is no text; delete it"), partial.of(file) as lines:
        lines.read()


def test_the_file_replaces_its_lines(file: Path) -> None:
    """For the eyes of its owner alone, as the lines were."""
    with partial.of(file) as lines:
        lines.append("one")
        modes = [mode(left(file))]
        lines.finish(b"done\n")
    modes.append(mode(file))

    assert (file.read_bytes(), modes, os.listdir(file.parent)) == (b"done\n", [0o600, 0o600], ["audit.json"])


def test_a_file_that_was_there_keeps_its_mode(file: Path) -> None:
    """Somebody let others read it."""
    file.write_text("old")
    file.chmod(0o644)

    with partial.of(file) as lines:
        lines.finish(b"new")

    assert (file.read_text(), mode(file)) == ("new", 0o644)


def test_two_do_not_read_into_one_file(file: Path) -> None:
    """The second is refused, and takes nothing away."""
    with partial.of(file) as lines:
        with pytest.raises(Refused, match=r"another scaffold is reading into this file"), partial.of(file):
            pass
        lines.append("one")

    assert left(file).read_text() == "one\n"


def test_a_run_that_found_nothing_leaves_nothing(file: Path) -> None:
    """Tomorrow it would be too old to go on with."""
    with partial.of(file):
        pass

    assert os.listdir(file.parent) == []


def test_a_link_is_not_followed(file: Path) -> None:
    """It could lead anywhere."""
    left(file).symlink_to(file.parent / "elsewhere")

    with pytest.raises(OSError, match="audit"), partial.of(file):
        pass

    assert not (file.parent / "elsewhere").exists()


def test_a_directory_is_refused_at_once(file: Path) -> None:
    """Not after hours of reading."""
    file.mkdir()

    with pytest.raises(IsADirectoryError), partial.of(file):
        pass

    assert not left(file).exists()


def test_a_file_that_cannot_be_replaced_keeps_the_lines(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are all there is; and nothing half-written lies about."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)

    with pytest.raises(OSError, match="No space"), partial.of(file) as lines:
        lines.append("one")
        lines.finish(b"done")

    assert os.listdir(file.parent) == ["audit.json.partial"] and left(file).read_text() == "one\n"
