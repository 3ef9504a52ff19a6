"""The heartbeat of an attempt: a thread that keeps the lease and watches for reasons to stop."""

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from logging import getLogger
from types import FrameType, TracebackType

from sqlalchemy.exc import DBAPIError

from tasks.db import transaction
from tasks.jobs.registry import Stopped
from tasks.models import RunState
from tasks.runs.transitions import CANCELLED, Outcome, extend_lease, finish

log = getLogger(__name__)

GRACE_SECONDS = 15.0
"""How long after its time limit an attempt may clean up before its process is ended."""


class StopReason(StrEnum):
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    FENCED = "fenced"


def stopped_outcome(reason: StopReason) -> Outcome:
    """How an attempt ends that was stopped for this reason."""
    if reason is StopReason.TIMED_OUT:
        return Outcome(RunState.TIMED_OUT, error="It ran longer than its time limit.")
    return Outcome(RunState.CANCELLED, reason=CANCELLED)


class Pulse:
    """Keeps one attempt alive while the block runs; `stopped` says why it must end, if it must.

    At a reason to stop it calls `interrupt` (which may cancel a query) and raises Stopped in the
    main thread. A process that does not end by then is killed, and the reaper tells the rest.
    """

    def __init__(self, run_id: int, attempt: int, *, lease: timedelta, timeout: timedelta) -> None:
        self.stopped: StopReason | None = None
        self._key = (run_id, attempt)
        self._lease = lease
        self._every = lease.total_seconds() / 5
        self._alive_at = self._stopped_at = time.monotonic()
        self._deadline = time.monotonic() + timeout.total_seconds()
        self._interrupt: Callable[[], None] = lambda: None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{run_id}", daemon=True)

    def watch(self, interrupt: Callable[[], None]) -> None:
        """Say what can interrupt the job."""
        self._interrupt = interrupt

    def __enter__(self) -> "Pulse":
        self._handler = signal.signal(signal.SIGALRM, self._raise_stopped)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        signal.signal(signal.SIGALRM, self._handler)
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(self._pause()):
            if self.stopped is None and time.monotonic() >= self._deadline:
                self._stop(StopReason.TIMED_OUT)
            elif self.stopped is not None:
                self._insist(self.stopped)
            if self.stopped is not StopReason.FENCED:
                self._extend()

    def _pause(self) -> float:
        if self.stopped is not None:
            return self._every
        return min(self._every, max(self._deadline - time.monotonic(), 0.01))

    def _extend(self) -> None:
        try:
            with transaction() as session:
                asked = extend_lease(session, *self._key, lease=self._lease)
        except DBAPIError as error:
            log.warning("heartbeat missed", extra={"run_id": self._key[0], "why": str(error.orig)})
            if time.monotonic() - self._alive_at > self._lease.total_seconds() * 2 / 3:
                self._stop(StopReason.FENCED)
            return
        self._alive_at = time.monotonic()
        if asked is None:
            self._stop(StopReason.FENCED)
        elif asked:
            self._stop(StopReason.CANCELLED)

    def _stop(self, reason: StopReason) -> None:
        if self.stopped is not None or self._over.is_set():
            return
        self.stopped = reason
        self._stopped_at = time.monotonic()
        try:
            self._interrupt()
        finally:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)

    def _insist(self, reason: StopReason) -> None:
        """Interrupt again, since the first time may have come between two statements."""
        if time.monotonic() > self._stopped_at + GRACE_SECONDS:
            self._end_process(reason)
        self._interrupt()

    def _end_process(self, reason: StopReason) -> None:
        """End a job that does not listen, with the truth written down first."""
        log.error("attempt killed", extra={"run_id": self._key[0], "why": reason})
        try:
            if reason is not StopReason.FENCED:
                with transaction() as session:
                    finish(session, *self._key, stopped_outcome(reason), actor="worker")
        finally:
            os.kill(os.getpid(), signal.SIGKILL)

    def _raise_stopped(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._over.is_set():
            raise Stopped
