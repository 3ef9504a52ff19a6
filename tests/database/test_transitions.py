"""Claim, heartbeat, finish, expiry and cancel: one of two always loses, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import db_now, reading, transaction
from tasks.errors import Conflict, ErrorKind, NotFound
from tasks.models import Artifact, Attempt, Run, RunState
from tasks.runs.holds import settle
from tasks.runs.outcome import Outcome
from tasks.runs.reaper import reap
from tasks.runs.transitions import Claim, claim, extend_lease, finish, request_cancel
from tests.support.factories import a_run, a_task
from tests.support.rows import now, states

LEASE = timedelta(seconds=20)
GONE = timedelta(seconds=-1)
SUCCEEDED = Outcome(RunState.SUCCEEDED, rows=3)


def take(run: Run, *, owner: str = "worker-1", lease: timedelta = LEASE) -> Claim | None:
    with transaction() as session:
        return claim(session, run.id, owner=owner, lease=lease)


def end(run: Run, outcome: Outcome = SUCCEEDED, *, attempt: int = 1) -> bool:
    with transaction() as session:
        return finish(session, run.id, attempt, outcome, actor="worker-1") is not None


def test_only_the_first_of_two_claims_gets_the_run(database: str) -> None:
    run = a_run()
    taken = take(run)
    assert taken is not None
    with reading() as session:
        kept = session.get_one(Run, run.id)
    assert (kept.state, taken.attempt, kept.lease_owner) == (RunState.RUNNING, 1, "worker-1")
    assert take(run, owner="worker-2") is None
    assert states(run.id) == [RunState.RUNNING]


def test_a_run_that_waits_for_its_next_attempt_is_not_claimed_early(database: str) -> None:
    waiting = a_run(reason_code="retry", next_attempt_at=utcnow() + timedelta(minutes=5))
    over = a_run(reason_code="retry", next_attempt_at=utcnow() - timedelta(minutes=5))
    settle()
    assert take(waiting) is None
    assert take(over) is not None


def test_the_lease_is_counted_by_the_clock_of_the_database(database: str) -> None:
    taken = take(a_run())
    assert taken is not None
    with reading() as session:
        here = session.scalar(select(db_now()))
    assert here is not None
    assert timedelta(seconds=15) < taken.lease_until - here <= LEASE
    assert abs(here - utcnow()) < timedelta(seconds=5)


def test_a_heartbeat_moves_the_lease_and_brings_the_wish_to_cancel(database: str) -> None:
    run = a_run()
    taken = take(run, lease=timedelta(seconds=1))
    assert taken is not None
    with transaction() as session:
        assert extend_lease(session, run.id, 1, lease=LEASE) is False
    moved = now(run).lease_until
    assert moved is not None
    assert moved > taken.lease_until
    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
    with transaction() as session:
        assert extend_lease(session, run.id, 1, lease=LEASE) is True


def test_a_finish_makes_the_state_the_attempt_and_the_files_visible_at_once(database: str) -> None:
    run = a_run()
    take(run)
    file = Artifact(
        run_id=run.id, attempt=1, name="a.csv", path="a", media_type="text/csv", bytes=1, sha256="0"
    )
    assert end(run, Outcome(RunState.SUCCEEDED, rows=3, artifacts=[file]))
    assert (now(run).state, now(run).rows, now(run).lease_until) == (RunState.SUCCEEDED, 3, None)
    with reading() as session:
        assert session.scalars(select(Attempt.state)).all() == [RunState.SUCCEEDED]
        assert session.scalars(select(Artifact.name)).all() == ["a.csv"]
    assert states(run.id) == [RunState.RUNNING, RunState.SUCCEEDED]


def test_a_finish_of_an_older_attempt_changes_nothing(database: str) -> None:
    run = a_run()
    take(run, lease=GONE)
    reap()
    settle()
    take(run, owner="worker-2")
    assert end(run, attempt=1) is False
    with transaction() as session:
        assert extend_lease(session, run.id, 1, lease=LEASE) is None
    assert (now(run).state, now(run).attempt) == (RunState.RUNNING, 2)
    assert end(run, attempt=2) is True
    assert end(run, attempt=2) is False
    assert states(run.id).count(RunState.SUCCEEDED) == 1


def test_a_failed_attempt_with_a_wait_queues_the_run_again(database: str) -> None:
    run = a_run()
    take(run)
    wait = timedelta(minutes=1)
    failed = Outcome(
        RunState.FAILED,
        reason="Attempt 1 of 3 failed; it will be tried again.",
        error_kind=ErrorKind.SOURCE_LOST,
        error="gone",
        retry_in=wait,
    )
    assert end(run, failed)
    waiting = now(run)
    assert (waiting.state, waiting.reason_code) == (RunState.QUEUED, "retry")
    assert waiting.next_attempt_at is not None
    assert waiting.published_at is None
    assert take(run) is None


@pytest.mark.parametrize(
    ("safe_to_repeat", "max_attempts", "ends"),
    [
        (True, 2, RunState.QUEUED),
        (True, 1, RunState.LOST),
        (False, 2, RunState.LOST),
    ],
)
def test_a_lease_that_is_over_ends_or_repeats_the_attempt(
    database: str, safe_to_repeat: bool, max_attempts: int, ends: RunState
) -> None:
    task = a_task(safe_to_repeat=safe_to_repeat, max_attempts=max_attempts)
    run, alive = a_run(task), a_run(task)
    take(run, lease=GONE)
    take(alive)
    assert reap() == 1
    assert (now(run).state, now(alive).state) == (ends, RunState.RUNNING)
    assert now(run).error_kind is ErrorKind.WORKER_LOST
    assert "worker-1 died or lost its connection" in (now(run).error or "")
    assert reap() == 0


def test_a_waiting_run_is_cancelled_at_once_and_never_claimed(database: str) -> None:
    run = a_run()
    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
    assert (now(run).state, now(run).reason) == (RunState.CANCELLED, "Cancelled by ayse.")
    assert take(run) is None


def test_a_finished_run_cannot_be_cancelled(database: str) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    with transaction() as session, pytest.raises(Conflict, match="has ended already"):
        request_cancel(session, run.id, actor="ayse", now=utcnow())
    with transaction() as session, pytest.raises(NotFound):
        request_cancel(session, 999, actor="ayse", now=utcnow())
    assert now(run).state is RunState.SUCCEEDED


def test_a_wish_to_cancel_outlives_an_attempt_that_failed(database: str) -> None:
    run = a_run()
    take(run)
    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
    failed = Outcome(
        RunState.FAILED, error_kind=ErrorKind.SOURCE_LOST, error="gone", retry_in=timedelta(0)
    )
    assert end(run, failed)
    assert now(run).state is RunState.CANCELLED
    assert take(run) is None


def test_a_task_decides_whether_a_dead_worker_is_a_reason_to_repeat(database: str) -> None:
    task = a_task(retry_on=["source_unreachable"])
    run = a_run(task)
    take(run, lease=GONE)
    reap()
    assert now(run).state is RunState.LOST


def test_a_cancel_that_was_accepted_outweighs_the_success_that_follows_it(database: str) -> None:
    run = a_run()
    take(run)
    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
    file = Artifact(
        run_id=run.id, attempt=1, name="a.xlsx", path="a", media_type="x", bytes=1, sha256="0"
    )
    assert end(run, Outcome(RunState.SUCCEEDED, rows=3, artifacts=[file]))
    assert now(run).state is RunState.CANCELLED
    with reading() as session:
        assert session.scalars(select(Artifact)).all() == []


def test_words_that_no_database_keeps_do_not_stop_the_end_of_a_run(database: str) -> None:
    run = a_run()
    take(run)
    said = "It said \0 and \ud800."
    assert end(run, Outcome(RunState.FAILED, error_kind=ErrorKind.JOB, error=said))
    assert now(run).error == "It said  and ?."
