"""A statement at work can be stopped: by its time limit, or by another connection."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import duckdb

from tests.hana_server.errors import HanaError, cancelled, timed_out

_AGAIN_SECONDS = 0.01
"""An interruption that comes before the query has begun is lost, so it is said again."""


class Interruptible(Protocol):
    """What works for a statement."""

    def interrupt(self) -> None: ...


class Stoppable:
    """The one statement that a session may have at work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._work: Interruptible | None = None
        self._reason: HanaError | None = None
        self._stopped = threading.Event()
        self._over = threading.Event()
        self._over.set()

    @property
    def is_at_work(self) -> bool:
        return not self._over.is_set()

    @contextmanager
    def working(self, seconds: int = 0) -> Iterator[None]:
        """Let the statement be stopped while the block runs; 0 seconds is no limit."""
        with self._lock:
            self._reason, self._work = None, None
            self._stopped.clear()
            self._over = over = threading.Event()
        limit = threading.Timer(seconds, self.stop, [timed_out()]) if seconds else None
        if limit:
            limit.daemon = True
            limit.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise self._reason or cancelled() from error
        finally:
            over.set()
            if limit:
                limit.cancel()

    def on(self, work: Interruptible) -> None:
        """Say what is about to work for the statement; raises if it shall not."""
        with self._lock:
            self._work = work
        self.wait(0)

    def stop(self, reason: HanaError) -> None:
        """End the statement with this error; returns when it has ended."""
        with self._lock:
            over = self._over
            if over.is_set():
                return
            self._reason = reason
            self._stopped.set()
        while not over.wait(_AGAIN_SECONDS):
            with self._lock:
                work = self._work
            if work is not None:
                work.interrupt()

    def wait(self, seconds: float) -> None:
        """Take so long; raises the reason as soon as the statement is stopped."""
        if self._stopped.wait(seconds) and self._reason:
            raise self._reason
