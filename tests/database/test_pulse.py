"""The watch over an attempt: it begins with those that last, in time for what it watches."""

import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.jobs.context import JobContext, Stopped
from tasks.models import Run
from tasks.runs.lease import TICK_SECONDS, Pulse, StopReason
from tasks.runs.transitions import Claim, claim, request_cancel
from tasks.settings import settings
from tests.support.factories import a_run, a_task
from tests.support.jobs import a_context
from tests.support.waiting import wait_until

LONGEST = timedelta(minutes=1)
LATE_WATCH = 10 * TICK_SECONDS
"""The shortest lease under which the watch need not begin at once, in seconds."""


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Claim:
    monkeypatch.setenv("ORCHESTRATOR_LEASE_SECONDS", str(LATE_WATCH))
    settings.cache_clear()
    waiting = a_run(a_task())
    with transaction() as session:
        claimed = claim(session, waiting.id, owner="worker-1", lease=timedelta(seconds=LATE_WATCH))
    assert claimed is not None
    return claimed


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    return a_context(tmp_path)


def lease_of(run: Claim) -> object:
    with reading() as session:
        return session.get_one(Run, run.id).lease_until


def wait_to_be_stopped() -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        time.sleep(0.01)
    raise AssertionError("Nobody has stopped it.")


def test_a_short_attempt_wakes_no_thread(run: Claim, context: JobContext) -> None:
    with Pulse(run.id, run.attempt, context, timeout=LONGEST) as pulse:
        pass
    pulse.watch()
    assert not pulse.is_watched


def test_an_attempt_that_lasts_keeps_its_lease(run: Claim, context: JobContext) -> None:
    first = lease_of(run)
    with Pulse(run.id, run.attempt, context, timeout=LONGEST):
        wait_until(lambda: lease_of(run) != first, "a heartbeat", seconds=LATE_WATCH / 2)


def test_an_attempt_that_lasts_hears_of_its_cancellation(run: Claim, context: JobContext) -> None:
    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
    with pytest.raises(Stopped), Pulse(run.id, run.attempt, context, timeout=LONGEST) as pulse:
        wait_to_be_stopped()
    assert pulse.stopped is StopReason.CANCELLED


def test_an_order_to_stop_that_is_answered_after_the_statement_has_ended_is_confirmed(
    run: Run, context: JobContext
) -> None:
    """A database ends the statement first, and then says so to whoever gave the order."""
    ended, answered = threading.Event(), threading.Event()

    def cancel_statement() -> None:
        ended.set()
        answered.wait(20)

    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
    with Pulse(run.id, run.attempt, context, timeout=LONGEST), suppress(Stopped):
        with context.interrupting(cancel_statement):
            assert ended.wait(20)
        threading.Timer(0.2, answered.set).start()
    assert context.confirmed


@pytest.mark.parametrize("limit", [0.1, 2.5], ids=["below a tick", "over two ticks"])
def test_a_time_limit_is_kept(run: Claim, context: JobContext, limit: float) -> None:
    began = time.monotonic()
    with (
        pytest.raises(Stopped),
        Pulse(run.id, run.attempt, context, timeout=timedelta(seconds=limit)) as pulse,
    ):
        wait_to_be_stopped()
    assert time.monotonic() - began >= limit
    assert pulse.stopped is StopReason.TIMED_OUT
