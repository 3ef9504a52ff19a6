"""A limit of time for a database that knows none of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tasks.errors import ErrorKind, JobError

AGAIN_SECONDS = 0.2
"""An order to stop between two steps of a query stops nothing, so it is given again."""
ENDING_SECONDS = 1

log = logging.getLogger(__name__)


@contextmanager
def within(seconds: float | None, stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` from another thread once the block takes longer; None for no limit.

    A query that the block then loses becomes a JobError that says how long it may take. The end
    waits for an order that is on its way, which may ask the database itself, ENDING_SECONDS.
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
        if stopped.is_set() and error.kind is ErrorKind.SOURCE_LOST:
            raise JobError(
                "The query took longer than {seconds} s and was stopped. Let it read less.",
                kind=ErrorKind.SOURCE_LOST,
                seconds=seconds,
            ) from error
        raise
    finally:
        ended.set()
        watch.join(ENDING_SECONDS)


def _watch(
    seconds: float, stop: Callable[[], None], ended: threading.Event, stopped: threading.Event
) -> None:
    if ended.wait(seconds):
        return
    stopped.set()
    while True:
        _order(stop, ended)
        if ended.wait(AGAIN_SECONDS):
            return


def _order(stop: Callable[[], None], ended: threading.Event) -> None:
    """Give the order; one that fails is given again, and is of no matter once the block ended."""
    try:
        stop()
    except Exception:
        if not ended.is_set():
            log.warning("a query was not stopped", exc_info=True)
