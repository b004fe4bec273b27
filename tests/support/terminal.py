"""A terminal with somebody at it, who answers what a command asks."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from select import select

from tests.support import cli

CTRL_C = "\x03"
_PATIENCE = 60.0  # seconds until a question must have come
_AGAIN = 10  # times of no answer, until a person presses Ctrl-C once more


def at(root: Path, *arguments: str, answers: Sequence[tuple[str, str]] = (), **more: str) -> tuple[int, str]:
    """Run `scaffold ARGUMENTS` with stdin, stdout and stderr on a terminal of its own: `(status, what the screen showed)`.

    Each answer is `(the end of the question, what is typed then)`; `more` is added to the environment.
    """
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        cli.command(*arguments), cwd=root, env=cli.environment(**more), stdin=follower, stdout=follower, stderr=follower,
        start_new_session=True, preexec_fn=_own_terminal,
    )  # fmt: skip
    os.close(follower)
    try:
        screen = ""
        for question, answer in answers:
            screen += _until(leader, question)
            os.write(leader, (answer if answer == CTRL_C else f"{answer}\n").encode())
        screen += _until(leader, None, pressed=answers[-1][1] if answers else "")
        return process.wait(_PATIENCE), screen.replace("\r\n", "\n")
    finally:
        process.kill()
        process.wait()
        os.close(leader)


def _own_terminal() -> None:
    """In the new process: the terminal becomes the one whose Ctrl-C it hears."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _until(leader: int, question: str | None, pressed: str = "") -> str:
    """What comes until a question stands at the end, or until nobody writes any more.

    A Ctrl-C between Python's look at its signals and readline's wait for a key is heard at the next key only.
    """
    shown, silent, end = b"", 0, time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if not select([leader], [], [], 0.2)[0]:
            silent += 1
            if pressed == CTRL_C and silent % _AGAIN == 0:
                os.write(leader, CTRL_C.encode())
            if question is not None and shown.decode(errors="replace").rstrip().endswith(question):
                return shown.decode()
            continue
        with contextlib.suppress(OSError):  # on Linux the end of a terminal is an error
            part = os.read(leader, 1 << 16)
            shown += part
            if part:
                continue
        break
    text = shown.decode(errors="replace")
    assert question is None, f"{question!r} was not asked:\n{text}"
    return text
