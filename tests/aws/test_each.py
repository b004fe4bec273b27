"""Work on many accounts at once: in order, bounded, and ended as a whole."""

from __future__ import annotations

import threading

import pytest

from generator.aws.each import WORKERS, each


def test_results_come_in_order_and_are_counted() -> None:
    """Whichever is ready first."""
    told: list[tuple[int, int]] = []

    found = list(each(lambda item: item * item, range(50), lambda *count: told.append(count)))

    assert found == [item * item for item in range(50)]
    assert told == [(done, 50) for done in range(1, 51)]


def test_no_more_than_a_few_are_under_way() -> None:
    """Each of them holds a connection."""
    under_way: list[int] = []
    lock, free = threading.Lock(), threading.Semaphore(WORKERS)

    def work(_: int) -> None:
        with lock:
            under_way.append(free.acquire(blocking=False))
        free.release()

    list(each(work, range(100), lambda done, total: None))

    assert len(under_way) == 100 and all(under_way)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_is_under_way_is_told_to_end(error: type[BaseException]) -> None:
    """And what has not begun never does: a person who stops a reading waits for one place, not for the organization."""
    ended, begun = threading.Event(), []

    def work(item: int) -> None:
        begun.append(item)
        if item == 0:
            raise error
        assert ended.wait(60)

    with pytest.raises(error):
        list(each(work, range(1000), lambda done, total: None, ended))

    assert len(begun) <= 2 * WORKERS


def test_a_loop_that_stops_early_ends_the_work() -> None:
    """The reader of the results may fail too."""
    ended = threading.Event()

    with pytest.raises(ZeroDivisionError):
        for found in each(lambda item: item, range(10), lambda done, total: None, ended):
            1 / found

    assert ended.is_set()
