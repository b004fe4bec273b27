"""A file that a user names: whole or not at all, with the mode it had."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.repository.outputs import put


def test_a_new_file_is_for_its_owner(tmp_path: Path) -> None:
    """It holds ids and ranges of accounts."""
    put(tmp_path / "page.html", b"new")

    assert (tmp_path / "page.html").read_bytes() == b"new" and (tmp_path / "page.html").stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    """Somebody decided who may read it."""
    file = tmp_path / "page.html"
    file.write_bytes(b"old")
    file.chmod(0o644)

    put(file, b"new")

    assert file.read_bytes() == b"new" and file.stat().st_mode & 0o777 == 0o644 and os.listdir(tmp_path) == ["page.html"]


def test_a_file_that_cannot_be_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the attempt is left."""
    file = tmp_path / "page.html"
    file.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr(os, "fsync", full)
        put(file, b"new")

    assert file.read_bytes() == b"old" and os.listdir(tmp_path) == ["page.html"]


def test_the_error_names_the_file_of_the_user(tmp_path: Path) -> None:
    """Not the one beside it that it would have been at first."""
    with pytest.raises(FileNotFoundError) as caught:
        put(tmp_path / "nowhere/page.html", b"")

    assert caught.value.filename == str(tmp_path / "nowhere/page.html")
