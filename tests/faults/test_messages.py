"""Messages that get lost, come often, or come too early: the claim decides, once."""

import os
import signal
from pathlib import Path

import redis

from tasks.db import transaction
from tasks.models import RunState
from tasks.runs.dispatch import tell
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.clicking import promise_in
from tests.support.factories import a_probe
from tests.support.stack import the_run, wait_for_end
from tests.support.waiting import wait_until


def assert_ran_once(promises: Promises, run: int) -> None:
    assert_invariants(promises)
    ended = the_run(run)
    assert (ended.state, ended.attempt) == (RunState.SUCCEEDED, 1)
    assert len(promises.steps(run, "start")) == 1


def test_a_message_that_died_with_the_worker_that_took_it_is_sent_again(
    stage: Stage, promises: Promises
) -> None:
    """Fault 5: the parent stands still, takes the message into its socket, and is killed."""
    run = into_a_stopped_worker(stage, promises)
    stage.without_worker()
    wait_until(lambda: the_run(run).publications >= 2, "the message is sent again")
    stage.the_worker()
    assert_ran_once(promises, run)


def test_the_same_message_five_times_starts_one_attempt(stage: Stage, promises: Promises) -> None:
    """Fault 11."""
    stage.without_worker()
    task = a_probe()
    before = stage.messages()
    run = promises.click(task)
    for _ in range(4):
        tell(the_run(run))
    assert stage.messages() >= before + 5  # beat may have sent it again, too
    stage.the_worker()
    after = promises.click(task)
    wait_until(lambda: stage.messages() == 0, "every message was taken")
    assert_ran_once(promises, run)
    assert_ran_once(promises, after)


def test_a_message_that_is_quicker_than_the_commit_loses_nothing(
    stage: Stage, promises: Promises
) -> None:
    """Fault 12: on PostgreSQL the claim finds no row; on SQLite it waits for the commit."""
    task = a_probe()
    with transaction() as session:
        run = promise_in(session, task)
        tell(run)
        wait_until(lambda: stage.messages() == 0, "the message was taken")
        if stage.on_postgresql:
            wait_until(lambda: was_old(stage.home, run.id), "the worker found no row")
    promises.count += 1
    assert_ran_once(promises, run.id)


def test_a_crash_between_the_mark_and_the_message_is_made_good_after_the_grace(
    stage: Stage, promises: Promises
) -> None:
    """Fault 13: the row says that a message is on its way, and there is none."""
    run = promises.click(a_probe(), tells=False)
    marked = the_run(run)
    assert (marked.published_at is not None, stage.messages()) == (True, 0)
    assert_ran_once(promises, run)
    ended = the_run(run)
    assert marked.republish_at is not None
    assert ended.started_at is not None
    assert ended.started_at >= marked.republish_at


def into_a_stopped_worker(stage: Stage, promises: Promises) -> int:
    """Let the broker hand a message to a worker that stands still; returns its run.

    A worker that was not listening just then goes on, and it is tried again.
    """
    worker, task = stage.the_worker(), a_probe()
    for _ in range(10):
        wait_until(lambda: listeners(stage), "the worker listens")
        os.kill(worker.pid, signal.SIGSTOP)
        run = promises.click(task)
        if stage.messages() == 0:
            return run
        os.kill(worker.pid, signal.SIGCONT)
        wait_for_end(run)
    raise AssertionError("the worker never listened when it was stopped")


def listeners(stage: Stage) -> int:
    """How many clients of the broker wait for a message."""
    with redis.Redis.from_url(stage.broker.url) as client:
        clients = client.info("clients")
    assert isinstance(clients, dict)
    return int(clients["blocked_clients"])


def was_old(home: Path, run: int) -> bool:
    """Whether a worker has dropped a message about this run."""
    lines = (home / "logs" / "taskorchestrator.log").read_text().splitlines()
    return any(f"message was old run_id={run}" in line for line in lines)
