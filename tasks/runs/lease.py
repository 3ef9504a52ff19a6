"""The heartbeat of an attempt, and its guard: two threads beside a job that takes a second.

The heartbeat keeps the lease and hears of a cancellation. It speaks to the database, so it may be
held up for as long as that is silent. The guard looks at the time alone: it stops an attempt whose
time limit is over or whose lease cannot be kept, before anybody else may take the run over.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache, partial
from logging import getLogger
from types import FrameType, TracebackType

from sqlalchemy.exc import DBAPIError

from tasks.db import transaction
from tasks.jobs.context import JobContext, Progress, Stopped
from tasks.runs.ending import cancelled, end_attempt, timed_out
from tasks.runs.leftovers import delete_leftovers
from tasks.runs.outcome import Outcome
from tasks.runs.transitions import extend_lease
from tasks.settings import settings

log = getLogger(__name__)

TICK_SECONDS = 1.0
"""So often it is looked whether a job is at work that needs to be watched."""


class StopReason(StrEnum):
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    FENCED = "fenced"


def stopped_outcome(reason: StopReason, confirmed: bool | None) -> Outcome:
    """How an attempt ends that was stopped; `confirmed`: whether the source stopped as well."""
    return timed_out() if reason is StopReason.TIMED_OUT else cancelled(confirmed)


class Pulse:
    """Keeps one attempt alive while the block runs; `stopped` says why it must end, if it must.

    At a reason to stop it interrupts what the job waits for and raises Stopped in the main thread.
    A process that does not end by then is killed, and the reaper tells the rest.
    """

    def __init__(
        self, run_id: int, attempt: int, context: JobContext, *, timeout: timedelta
    ) -> None:
        self.stopped: StopReason | None = None
        self._key = (run_id, attempt)
        self._context = context
        self._told: Progress | None = None
        self._lease = settings().lease_seconds
        self._began_at = self._alive_at = self._stopped_at = time.monotonic()
        self._deadline = self._began_at + timeout.total_seconds()
        self._lock = threading.Lock()
        self.is_watched = False
        self._over = threading.Event()
        self._woken = threading.Event()
        """Set where the guard has to look sooner than it meant to."""
        self._interrupting: Future[None] | None = None

    def __enter__(self) -> "Pulse":
        self._handler = signal.signal(signal.SIGALRM, self._raise_stopped)
        _ticker().pulse = self
        if min(self._lease / 5, self._deadline - self._began_at) < 2 * TICK_SECONDS:
            self.watch()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:  # no signal comes from here on, so the handler may go
            self._over.set()
        self._woken.set()
        _ticker().pulse = None
        signal.signal(signal.SIGALRM, self._handler)
        self._hear_what_was_interrupted()

    def watch(self) -> None:
        """Start the heartbeat and the guard, unless they are there or the attempt is over."""
        with self._lock:
            if self.is_watched or self._over.is_set():
                return
            self.is_watched = True
        for work in (self._beat, self._guard):
            _threads().submit(_told_if_it_breaks, work, "heartbeat broke")

    def _beat(self) -> None:
        pause = self._began_at + self._lease / 5 - time.monotonic()
        while self.stopped is not StopReason.FENCED and not self._over.wait(pause):
            self._extend()
            pause = self._lease / 5

    def _extend(self) -> None:
        progress, asked_at = self._context.last_progress, time.monotonic()
        try:
            with transaction() as session:
                lease = timedelta(seconds=self._lease)
                news = self._news(progress)
                asked = extend_lease(session, *self._key, lease=lease, progress=news)
        except DBAPIError as error:
            log.warning("heartbeat missed", extra={"run_id": self._key[0], "why": str(error.orig)})
            return
        if asked is None:
            self._stop(StopReason.FENCED)
            return
        self._alive_at, self._told = asked_at, progress
        if asked:
            self._stop(StopReason.CANCELLED)

    def _news(self, progress: Progress | None) -> Mapping[str, int | str | None]:
        if progress is None or progress is self._told:
            return {}
        return {
            "progress_done": progress.done,
            "progress_total": progress.total,
            "progress_text": progress.text,
        }

    def _guard(self) -> None:
        while not self._over.is_set():
            if self._woken.wait(self._pause()):
                self._woken.clear()
                continue
            now = time.monotonic()
            if now >= self._alive_at + self._lease * 2 / 3:
                self._stop(StopReason.FENCED)
            elif now >= self._deadline:
                self._stop(StopReason.TIMED_OUT)
            if self.stopped is not None and now > self._stopped_at:
                self._insist(self.stopped, now)

    def _pause(self) -> float:
        """Return how long there is nothing to look at, in seconds."""
        if self.stopped is StopReason.FENCED:
            return max(min(self._lease / 5, self._lease_ends - time.monotonic()), 0.01)
        if self.stopped is not None:
            return self._lease / 5
        due = min(self._alive_at + self._lease * 2 / 3, self._deadline)
        return max(due - time.monotonic(), 0.01)

    def _stop(self, reason: StopReason) -> None:
        """Stop the job for this reason; to be fenced outweighs the reason it had before."""
        with self._lock:
            if self._over.is_set() or self.stopped in (reason, StopReason.FENCED):
                return
            if self.stopped is not None and reason is not StopReason.FENCED:
                return
            self.stopped = reason
            self._stopped_at = time.monotonic()
        self._woken.set()
        self._interrupt()
        self._raise_in_the_job()

    def _interrupt(self) -> None:
        """Interrupt what the job waits for, which may be answered too late, with an error or never.

        Whoever calls must go on all the same: nobody else ends a job that does not listen.
        """
        if self._interrupting is None or self._interrupting.done():
            told = partial(_told_if_it_breaks, self._context.interrupt, "interruption failed")
            self._interrupting = _threads().submit(told)
        wait([self._interrupting], timeout=self._patience)

    def _hear_what_was_interrupted(self) -> None:
        """Wait for the source to answer an order to stop: the statement may have ended before."""
        if self._interrupting is not None and self.stopped is not StopReason.FENCED:
            wait([self._interrupting], timeout=self._patience)

    @property
    def _patience(self) -> float:
        """How long an answer is waited for, in seconds: the lease must be kept meanwhile."""
        if self.stopped is StopReason.FENCED:
            return self._lease / 10
        until_fenced = self._alive_at + self._lease * 2 / 3 - time.monotonic()
        return max(min(settings().stop_grace_seconds, self._lease / 3, until_fenced), 0)

    def _raise_in_the_job(self) -> None:
        with self._lock:
            if not self._over.is_set():
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)

    def _insist(self, reason: StopReason, now: float) -> None:
        """Interrupt again, since the first time may have come between two statements."""
        fenced = reason is StopReason.FENCED
        if now > (self._lease_ends if fenced else self._grace_ends):
            self._end_process(reason)
        self._interrupt()

    @property
    def _lease_ends(self) -> float:
        """A little before the lease does: nobody may have taken the run over yet."""
        return self._alive_at + self._lease * 0.9

    @property
    def _grace_ends(self) -> float:
        return self._stopped_at + settings().stop_grace_seconds

    def _end_process(self, reason: StopReason) -> None:
        """End a job that does not listen, with the truth written down first where it is ours."""
        log.error("attempt killed", extra={"run_id": self._key[0], "why": reason})
        try:
            if reason is not StopReason.FENCED:
                outcome = stopped_outcome(reason, self._context.confirmed)
                with transaction() as session:
                    end_attempt(session, *self._key, outcome, actor="worker")
                delete_leftovers(*self._key)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)

    def _raise_stopped(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._over.is_set():
            raise Stopped


class _Ticker:
    """Has the attempt watched that it finds at work: most end before, and have woken no thread."""

    def __init__(self) -> None:
        self.pulse: Pulse | None = None
        threading.Thread(target=self._tick, name="ticker", daemon=True).start()

    def _tick(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            if (pulse := self.pulse) is not None:
                pulse.watch()


@lru_cache(maxsize=1)
def _ticker() -> _Ticker:
    return _Ticker()


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """The threads of this process, kept: to start two of them costs each run a millisecond."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="pulse")


def _forget_inherited_threads() -> None:
    _ticker.cache_clear()
    _threads.cache_clear()


os.register_at_fork(after_in_child=_forget_inherited_threads)


def _told_if_it_breaks(work: Callable[[], None], event: str) -> None:
    try:
        work()
    except Exception:
        log.exception(event)
        raise
