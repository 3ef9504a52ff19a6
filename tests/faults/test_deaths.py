"""Processes that die in the middle of a run."""

import os
import re
import signal

from sqlalchemy import select

from tasks.db import reading
from tasks.models import Attempt, RunState
from tasks.runs.files import attempt_folder
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.factories import a_probe
from tests.support.stack import the_run, wait_for_end


def attempts(run: int) -> list[RunState]:
    with reading() as session:
        return list(
            session.scalars(
                select(Attempt.state).where(Attempt.run_id == run).order_by(Attempt.number)
            )
        )


def test_a_child_killed_in_its_job_costs_one_attempt_where_that_is_safe(
    promises: Promises,
) -> None:
    """Fault 1."""
    run = promises.click(a_probe(act="wait", attempts=1))
    os.kill(promises.wait_for(run, "working").pid, signal.SIGKILL)
    assert_invariants(promises)
    assert attempts(run) == [RunState.LOST, RunState.SUCCEEDED]
    assert not attempt_folder(run, 1).exists()


def test_a_child_killed_in_its_job_loses_a_run_that_is_not_safe_to_repeat(
    promises: Promises,
) -> None:
    """Fault 2."""
    run = promises.click(a_probe(act="wait", safe_to_repeat=False))
    pid = promises.wait_for(run, "working").pid
    owner = the_run(run).lease_owner
    os.kill(pid, signal.SIGKILL)
    assert_invariants(promises)
    ended = the_run(run)
    assert (ended.state, attempts(run)) == (RunState.LOST, [RunState.LOST])
    assert ended.error is not None
    assert f"{owner} died" in ended.error
    assert re.search(r"last heartbeat was at \d\d:\d\d:\d\d UTC", ended.error)


def test_a_job_that_kills_its_worker_each_time_is_lost_and_holds_nobody_up(
    promises: Promises,
) -> None:
    """Fault 3."""
    poison = promises.click(a_probe(act="kill_itself", max_attempts=2))
    others = [promises.click(a_probe()) for _ in range(3)]
    assert {wait_for_end(run).state for run in others} == {RunState.SUCCEEDED}
    assert not the_run(poison).state.is_final
    assert_invariants(promises)
    assert attempts(poison) == [RunState.LOST, RunState.LOST]
    assert len(promises.steps(poison, "start")) == 2


def test_a_killed_worker_costs_one_attempt_of_what_it_ran(stage: Stage, promises: Promises) -> None:
    """Fault 4: only the parent is killed, as the kernel does when memory is short."""
    safe = promises.click(a_probe(act="wait", attempts=1))
    unsafe = promises.click(a_probe(act="wait", safe_to_repeat=False))
    promises.wait_for(safe, "working")
    promises.wait_for(unsafe, "working")
    stage.the_worker().kill()
    stage.the_worker().wait(timeout=10)
    stage.the_worker()
    assert_invariants(promises)
    assert attempts(safe) == [RunState.LOST, RunState.SUCCEEDED]
    assert attempts(unsafe) == [RunState.LOST]


def test_a_crash_between_the_effect_and_the_finish_is_repeated_only_where_that_is_safe(
    promises: Promises,
) -> None:
    """Fault 14."""
    safe = promises.click(a_probe(act="kill_itself_after_effect", attempts=1))
    unsafe = promises.click(a_probe(act="kill_itself_after_effect", safe_to_repeat=False))
    assert_invariants(promises)
    assert attempts(safe) == [RunState.LOST, RunState.SUCCEEDED]
    assert attempts(unsafe) == [RunState.LOST]
    assert len(promises.steps(safe, "effect")) == 2
    assert len(promises.steps(unsafe, "effect")) == 1
