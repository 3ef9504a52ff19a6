"""A limit of time for a database that knows none of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tasks.errors import ErrorKind, JobError

AGAIN_SECONDS = 0.2
"""An order to stop between two steps of a query stops nothing, so it is given again."""


@contextmanager
def within(seconds: float | None, stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` from another thread once the block takes longer; None for no limit.

    What the block then raises becomes a JobError that says how long it may take.
    """
    if seconds is None:
        yield
        return
    ended, stopped = threading.Event(), threading.Event()
    watch = threading.Thread(target=_watch, args=(seconds, stop, ended, stopped), daemon=True)
    watch.start()
    try:
        yield
    except JobError as error:
        if stopped.is_set():
            raise JobError(
                "The query took longer than {seconds} s and was stopped. Let it read less.",
                kind=ErrorKind.SOURCE_LOST,
                seconds=seconds,
            ) from error
        raise
    finally:
        ended.set()
        watch.join()


def _watch(
    seconds: float, stop: Callable[[], None], ended: threading.Event, stopped: threading.Event
) -> None:
    if ended.wait(seconds):
        return
    stopped.set()
    while True:
        stop()
        if ended.wait(AGAIN_SECONDS):
            return
