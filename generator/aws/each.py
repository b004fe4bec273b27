"""Accounts side by side: a bounded number of them, and none begun once one of them, or a person, has ended it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
WORKERS = 8


def each(
    work: Callable[[_Item], _Result], items: Collection[_Item], progress: Callable[[int, int], None], ended: threading.Event | None = None
) -> Iterator[_Result]:
    """What `work` makes of each item, in their order. `progress(done, all)` is called after each, from this thread.

    What `work` raises is raised here. Whatever ends the loop, also Ctrl-C: what is under way is waited for, and no other item begun;
    `ended` is set then, so that work in several steps need not take them all.
    """
    pool = ThreadPoolExecutor(WORKERS)
    try:
        for done, result in enumerate(pool.map(work, items), 1):
            yield result
            progress(done, len(items))
    finally:
        if ended is not None:
            ended.set()
        pool.shutdown(cancel_futures=True)
