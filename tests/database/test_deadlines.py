"""By when a run has to start and to be delivered: never begun too late, and told once when late."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import joinedload

from tasks.clock import utcnow
from tasks.db import engine, reading, transaction
from tasks.models import (
    Alert,
    AlertKind,
    Delivery,
    DeliveryState,
    Run,
    RunEvent,
    RunState,
)
from tasks.runs.deadlines import pass_deadlines
from tasks.runs.transitions import claim, skip_late
from tasks.settings import settings
from tests.support.clicking import a_promise
from tests.support.factories import a_run, a_task
from tests.support.rows import now

LEASE = timedelta(seconds=20)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def over() -> datetime:
    """An instant that is over, also by a database whose clock is a little behind."""
    return utcnow() - HOUR


def to_come() -> datetime:
    return utcnow() + HOUR


def alerts() -> list[Alert]:
    with reading() as session:
        return list(
            session.scalars(select(Alert).options(joinedload(Alert.mail)).order_by(Alert.id))
        )


def start(run: Run) -> bool:
    with transaction() as session:
        return claim(session, run.id, owner="worker:1", lease=LEASE) is not None


def a_delivery(
    run: Run,
    state: DeliveryState,
    recipient: str = "ayse@example.com",
    delivered_at: datetime | None = None,
) -> None:
    row = {"recipient": recipient, "state": state, "delivered_at": delivered_at}
    with transaction() as session:
        session.add(Delivery(run_id=run.id, message_id="<1@x>", **row))


def in_time(**values: Any) -> Run:
    """Return a run that succeeded before its time was over, an hour ago."""
    row: dict[str, Any] = {
        "finish_by": over(),
        "finished_at": over() - MINUTE,
        "state": RunState.SUCCEEDED,
    }
    return a_run(**(row | values))


def test_a_run_that_could_not_start_in_time_is_skipped_and_somebody_is_told(
    database: str,
) -> None:
    task = a_task("stock", title="Stock", alert_recipients=["ayse@example.com"])
    run = a_run(task, start_by=over())
    assert pass_deadlines(now=utcnow()) == 1
    skipped = now(run)
    assert (skipped.state, skipped.reason_code) == (RunState.SKIPPED, "deadline")
    assert skipped.reason.startswith("It could not start by ")
    assert skipped.finished_at is not None
    [alert] = alerts()
    assert (alert.kind, alert.run_id) == (AlertKind.LATE_START, run.id)
    assert alert.mail is not None
    assert alert.mail.recipients == ["ayse@example.com"]
    assert alert.sentence.startswith("“Stock” was to start by ")
    with reading() as session:
        told = session.scalars(select(RunEvent.state).where(RunEvent.run_id == run.id)).all()
    assert told == [RunState.SKIPPED]


def test_a_run_that_may_still_start_is_left_alone(database: str) -> None:
    run = a_run(start_by=to_come(), finish_by=to_come())
    assert pass_deadlines(now=utcnow()) == 0
    assert (now(run).state, alerts()) == (RunState.QUEUED, [])
    assert start(run)


def test_a_run_past_its_latest_start_is_not_claimed_even_before_it_is_skipped(
    database: str,
) -> None:
    run = a_run(start_by=over())
    assert not start(run)
    assert (now(run).state, now(run).attempt) == (RunState.QUEUED, 0)


@pytest.mark.parametrize("code", ["overlap", "task_busy", "queue_paused"])
def test_what_waits_for_a_reason_is_skipped_too_once_it_is_too_late(
    database: str, code: str
) -> None:
    run = a_run(start_by=over(), reason_code=code, reason="It waits.")
    pass_deadlines(now=utcnow())
    assert (now(run).state, now(run).reason_code) == (RunState.SKIPPED, "deadline")


def test_a_run_that_has_begun_once_may_begin_again_whenever_it_is(database: str) -> None:
    retry = a_run(start_by=over(), attempt=1, reason_code="retry", next_attempt_at=over())
    ready = a_run(start_by=over(), attempt=1)
    running = a_run(start_by=over(), state=RunState.RUNNING)
    assert pass_deadlines(now=utcnow()) == 0
    assert start(ready)
    states = [now(run).state for run in (retry, ready, running)]
    assert states == [RunState.QUEUED, RunState.RUNNING, RunState.RUNNING]


def test_a_run_that_a_worker_took_meanwhile_is_not_skipped(database: str) -> None:
    run = a_run(start_by=over(), state=RunState.RUNNING)
    with transaction() as session:
        assert skip_late(session, run.id, reason="It could not start.") is None


@pytest.mark.parametrize(
    ("state", "word"), [(RunState.QUEUED, "waits"), (RunState.RUNNING, "runs")]
)
def test_a_run_that_is_not_delivered_in_time_is_told_and_goes_on(
    database: str, state: RunState, word: str
) -> None:
    run = a_run(finish_by=over(), state=state)
    seen = utcnow()
    assert pass_deadlines(now=seen) == 1
    late = now(run)
    assert (late.state, late.late_at) == (state, seen)
    [alert] = alerts()
    assert (alert.kind, alert.run_id) == (AlertKind.LATE_FINISH, run.id)
    assert alert.sentence.startswith("“A Report” was to be delivered by ")
    assert f", but still {word}. Its page" in alert.sentence


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.TIMED_OUT, RunState.LOST])
def test_a_run_that_went_wrong_before_its_time_is_told_when_its_time_is_over(
    database: str, state: RunState
) -> None:
    run = a_run(finish_by=to_come(), state=state, queued_at=over() - HOUR)
    assert pass_deadlines(now=utcnow()) == 0
    with transaction() as session:
        session.get_one(Run, run.id).finish_by = over()
    assert pass_deadlines(now=utcnow()) == 1
    assert [alert.run_id for alert in alerts()] == [run.id]


@pytest.mark.parametrize("state", [DeliveryState.DELIVERED, DeliveryState.SUPPRESSED])
def test_what_was_delivered_is_not_late(database: str, state: DeliveryState) -> None:
    run = in_time()
    a_delivery(run, state, delivered_at=run.finished_at)
    assert_nothing_is_told_of(run)


def test_what_nobody_gets_is_delivered_with_its_end(database: str) -> None:
    assert_nothing_is_told_of(in_time())


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.SKIPPED])
def test_nobody_waits_for_what_was_cancelled_or_skipped(database: str, state: RunState) -> None:
    assert_nothing_is_told_of(a_run(finish_by=over(), state=state))


def test_what_is_cancelled_while_deadlines_are_looked_at_is_not_told_as_running(
    database: str,
) -> None:
    run = a_run(finish_by=over(), state=RunState.RUNNING)

    def cancel(_connection: Any, _cursor: Any, statement: str, *_given: Any) -> None:
        if "run.finish_by <=" in statement:
            with transaction() as session:
                session.get_one(Run, run.id).state = RunState.CANCELLED

    event.listen(engine(), "after_cursor_execute", cancel)
    assert_nothing_is_told_of(run)
    assert now(run).state is RunState.CANCELLED


def assert_nothing_is_told_of(run: Run) -> None:
    assert pass_deadlines(now=utcnow()) == 0
    assert (now(run).late_at, now(run).finish_by, alerts()) == (None, None, [])


@pytest.mark.parametrize(
    "state",
    [
        DeliveryState.QUEUED,
        DeliveryState.SENDING,
        DeliveryState.FAILED,
        DeliveryState.UNCERTAIN,
    ],
)
def test_a_run_is_late_until_the_last_of_its_letters_has_arrived(
    database: str, state: DeliveryState
) -> None:
    run = in_time()
    a_delivery(run, DeliveryState.DELIVERED, delivered_at=run.finished_at)
    a_delivery(run, state, recipient="bulent@example.com")
    assert pass_deadlines(now=utcnow()) == 1
    assert now(run).late_at is not None
    [alert] = alerts()
    assert "it ran, but not every mail has arrived." in alert.sentence


def test_what_is_late_is_told_once_however_often_it_is_looked_at(database: str) -> None:
    run = a_run(finish_by=over(), state=RunState.RUNNING)
    first = utcnow()
    pass_deadlines(now=first)
    assert pass_deadlines(now=first + HOUR) == 0
    assert (now(run).late_at, len(alerts())) == (first, 1)


def test_two_schedulers_tell_and_skip_each_run_once(database: str) -> None:
    late = [a_run(finish_by=over(), state=RunState.RUNNING) for _ in range(10)]
    unstarted = [a_run(start_by=over()) for _ in range(10)]
    start_at_once = threading.Barrier(2)
    engine()

    def look(_: int) -> int:
        start_at_once.wait(timeout=60)
        return pass_deadlines(now=utcnow())

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(look, range(2))) == 20
    assert sorted(alert.run_id or 0 for alert in alerts()) == [
        run.id for run in (*late, *unstarted)
    ]


def test_the_times_of_a_run_count_from_when_it_was_due(database: str) -> None:
    task = a_task(start_deadline_seconds=60, finish_deadline_seconds=600)
    run = a_promise(task)
    assert run.start_by == run.due_at + timedelta(seconds=60)
    assert run.finish_by == run.due_at + timedelta(seconds=600)


def test_what_ended_late_before_anybody_looked_is_told_once(database: str) -> None:
    seen, came_at = utcnow(), over() + HOUR / 2
    run = in_time(finished_at=came_at)
    assert pass_deadlines(now=seen) == 1
    assert pass_deadlines(now=seen) == 0
    assert (now(run).late_at, now(run).finish_by) == (seen, run.finish_by)
    assert_it_came(run, came_at)


def test_what_was_delivered_late_before_anybody_looked_came_with_its_last_letter(
    database: str,
) -> None:
    run, came_at = in_time(), over() + HOUR / 2
    a_delivery(run, DeliveryState.SUPPRESSED)
    a_delivery(run, DeliveryState.DELIVERED, "bulent@example.com", delivered_at=came_at)
    a_delivery(run, DeliveryState.DELIVERED, "can@example.com", delivered_at=came_at - MINUTE)
    assert pass_deadlines(now=utcnow()) == 1
    assert_it_came(run, came_at)


def test_what_came_late_that_was_late_when_it_was_promised_is_not_told(database: str) -> None:
    run = in_time(queued_at=over() + MINUTE, finished_at=over() + HOUR / 2)
    assert pass_deadlines(now=utcnow()) == 0
    assert (now(run).late_at is not None, alerts()) == (True, [])


def assert_it_came(run: Run, came_at: datetime) -> None:
    [alert] = alerts()
    zone = settings().zone
    expected = f"{(run.finish_by or came_at).astimezone(zone):%d.%m.%Y %H:%M}"
    came = f"{came_at.astimezone(zone):%d.%m.%Y %H:%M:%S}"
    assert (alert.kind, alert.run_id) == (AlertKind.LATE_FINISH, run.id)
    assert f"to be delivered by {expected}, but came at {came}." in alert.sentence
