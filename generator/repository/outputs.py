"""Files that a user names for a result, outside of what a landing zone holds: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def put(file: Path, content: bytes) -> None:
    """Put `content` in FILE's place. It holds ids and ranges, so a new one is for its owner's eyes only; one that was there keeps its mode.

    OSError where it cannot be written; what was there then stays.
    """
    try:
        descriptor, staged = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError as error:
        error.filename = str(file)  # nobody has heard of the other one
        raise
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
            with contextlib.suppress(FileNotFoundError):
                os.fchmod(descriptor, stat.S_IMODE(os.stat(file).st_mode))
        os.replace(staged, file)
    except BaseException:
        os.unlink(staged)
        raise
