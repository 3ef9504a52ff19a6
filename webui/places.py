"""Places to wait at a source: of a web process's threads, few may stand before a slow database."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from tasks.errors import Conflict

MOST_AT_ONCE = 4
"""Queries that one web process waits for; the pages need its other threads."""


@contextmanager
def place_at_a_source() -> Iterator[None]:
    """A place to wait for a query in this process; raises Conflict where all are taken."""
    if not _places.acquire(blocking=False):
        raise Conflict("Others are trying queries just now. Wait a moment, and try again.")
    try:
        yield
    finally:
        _places.release()


_places = BoundedSemaphore(MOST_AT_ONCE)
