"""A limit on the time that something may take, where nothing else ends it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

from generator.problems import Refused

_AGAIN = 1.0
"""Seconds after which the alarm comes again: what it raises is lost where an object is just being cleared away."""


class _TooLong(BaseException):
    """No `Exception`: whoever catches those would take it for one of what it interrupts."""


@contextlib.contextmanager
def at_most(seconds: float, refusal: Refused) -> Iterator[None]:
    """Raise a refusal in what takes longer. No limit where there is no alarm: on some systems, and in threads besides the first."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise _TooLong

    handler = signal.signal(signal.SIGALRM, stop)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    except _TooLong:
        raise refusal from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)
