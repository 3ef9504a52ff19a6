"""A worker that is asked to stop while it has work."""

import time

from sqlalchemy import select

from tasks.db import reading
from tasks.models import Attempt, RunState
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.factories import a_probe
from tests.support.stack import the_run
from tests.support.waiting import wait_until

WINDOW = 5.0
TO_EXIT = 12.0
"""Seconds that it has after the window; systemd gives it 15."""


def test_a_stopped_worker_ends_what_is_short_and_gives_back_what_is_long(
    stage: Stage, promises: Promises
) -> None:
    """Fault 24: SIGTERM with a job of 3 s, and one of 60 s that is safe to repeat and one not.

    The lease is longer than Celery takes to close its pool, so that the worker itself gives back
    what it had, and not the reaper.
    """
    stage.without_worker()
    stage.worker = stage.processes.worker(
        ORCHESTRATOR_SOFT_SHUTDOWN_SECONDS=str(WINDOW),
        ORCHESTRATOR_WORKER_SLOTS="3",
        ORCHESTRATOR_LEASE_SECONDS="8",
    )
    short = promises.click(a_probe(act="wait", seconds=3, safe_to_repeat=False))
    safe = promises.click(a_probe(act="wait", attempts=1))
    unsafe = promises.click(a_probe(act="wait", safe_to_repeat=False))
    for run in (short, safe, unsafe):
        promises.wait_for(run, "working")
    asked = time.monotonic()
    stage.worker.terminate()
    wait_until(lambda: stage.worker and stage.worker.poll() is not None, "it exits")
    assert time.monotonic() - asked < WINDOW + TO_EXIT
    assert the_run(short).state is RunState.SUCCEEDED
    wait_until(lambda: the_run(safe).state is RunState.QUEUED, "it is given back", seconds=1)
    wait_until(lambda: the_run(unsafe).state is RunState.LOST, "it is lost", seconds=1)
    assert "was stopped" in (the_run(unsafe).error or "")
    assert (
        first_attempt(safe).error
        == f"The worker {first_attempt(safe).worker} was stopped during attempt 1."
    )
    stage.the_worker()
    assert_invariants(promises)
    assert (the_run(safe).state, the_run(safe).attempt) == (RunState.SUCCEEDED, 2)


def first_attempt(run: int) -> Attempt:
    with reading() as session:
        return session.scalars(select(Attempt).where(Attempt.run_id == run)).one()
