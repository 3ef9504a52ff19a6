"""What relative dates count from: the calendar of the schedule, and the last success before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tasks.chains import promise_next
from tasks.db import reading, transaction
from tasks.models import Calendar, CalendarDay, DayKind, DayOrigin, Run, RunState, Schedule
from tasks.queries.meant import meant_of
from tasks.reports.meant import Meant
from tasks.runs.promise import promise_again
from tests.support.chaining import chain, to
from tests.support.factories import a_run, a_schedule, a_task

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DONE = RunState.SUCCEEDED


def meant_by(run: Run) -> Meant:
    with reading() as session:
        return meant_of(session, session.get_one(Run, run.id), run.scheduled_for)


def due(schedule: Schedule | None, hours: int, state: RunState, **values: Any) -> Run:
    """Save a run that was meant so many hours after noon."""
    at = NOON + hours * HOUR
    row = {"schedule_id": schedule.id if schedule else None, "scheduled_for": at, "state": state}
    return a_run(**(row | values))


def test_the_last_success_is_that_of_the_schedule_whatever_happened_between(database: str) -> None:
    task = a_task()
    mine, other = a_schedule(task), a_schedule(task, name="Another")
    assert meant_by(due(mine, 0, DONE)).last_success is None
    due(mine, 1, RunState.FAILED)
    due(mine, 2, RunState.SKIPPED)
    due(other, 3, DONE)
    due(None, 4, DONE)
    assert meant_by(due(mine, 5, RunState.RUNNING)).last_success == NOON


def test_spans_follow_on_without_gap_or_overlap(database: str) -> None:
    schedule = a_schedule(a_task())
    states = [DONE, RunState.FAILED, DONE, RunState.LOST, RunState.SKIPPED, DONE, DONE]
    spans = []
    for hour, state in enumerate(states):
        run = due(schedule, hour, state)
        if state is DONE:
            spans.append((meant_by(run).last_success, run.scheduled_for))
    starts, ends = zip(*spans, strict=True)
    assert starts == (None, *ends[:-1])
    assert ends == (NOON, NOON + 2 * HOUR, NOON + 5 * HOUR, NOON + 6 * HOUR)


def test_a_trial_is_no_success_to_count_from(database: str) -> None:
    first = due(None, 0, DONE)
    values = {"task_definition_id": first.task_definition_id, "only_to": "me@example.com"}
    due(None, 1, DONE, **values)
    values["only_to"] = None
    assert meant_by(due(None, 2, RunState.RUNNING, **values)).last_success == NOON


def test_a_trial_after_it_takes_nothing_from_a_run(database: str) -> None:
    first = due(None, 0, DONE)
    values = {"task_definition_id": first.task_definition_id}
    late = due(None, 1, RunState.RUNNING, **values)
    due(None, 2, DONE, **values, only_to="me@example.com")
    assert meant_by(late).last_success == NOON


def test_a_later_attempt_leaves_out_what_a_later_run_has_read_meanwhile(database: str) -> None:
    schedule = a_schedule(a_task())
    due(schedule, 0, DONE)
    late = due(schedule, 1, RunState.RUNNING)
    assert meant_by(late).last_success == NOON
    due(schedule, 2, DONE)
    assert meant_by(late).last_success == late.scheduled_for


def test_a_success_that_a_person_repeats_reads_the_same_again(database: str) -> None:
    schedule = a_schedule(a_task())
    due(schedule, 0, DONE)
    run = due(schedule, 1, DONE)
    due(schedule, 2, DONE)
    with transaction() as session:
        again = promise_again(
            session, session.get_one(Run, run.id), triggered_by="ayse", now=NOON + 3 * HOUR
        )
    assert meant_by(again).last_success == NOON


def test_a_run_that_was_repeated_with_success_counts_for_its_schedule(database: str) -> None:
    schedule = a_schedule(a_task())
    due(schedule, 0, DONE)
    failed = due(schedule, 1, RunState.FAILED)
    with transaction() as session:
        again = promise_again(
            session, session.get_one(Run, failed.id), triggered_by="ayse", now=NOON + 2 * HOUR
        )
    assert meant_by(again).last_success == NOON
    with transaction() as session:
        session.get_one(Run, again.id).state = DONE
    assert meant_by(due(schedule, 3, RunState.RUNNING)).last_success == NOON + HOUR


def test_a_run_of_no_schedule_goes_by_the_last_success_of_its_task(database: str) -> None:
    task, other = a_task(), a_task("other")
    due(None, 0, DONE, task=other)
    assert meant_by(due(None, 1, DONE, task=task)).last_success is None
    due(a_schedule(task), 2, DONE, task=task)
    assert meant_by(due(None, 3, RunState.QUEUED, task=task)).last_success == NOON + 2 * HOUR


@pytest.mark.parametrize("repeated", [False, True])
def test_working_days_are_those_of_the_schedules_calendar(database: str, repeated: bool) -> None:
    with transaction() as session:
        calendar = Calendar(slug="ours", title="Ours", weekend=[5, 6])
        session.add(calendar)
        session.flush()
        session.add(
            CalendarDay(
                calendar_id=calendar.id,
                day=datetime(2026, 3, 17, tzinfo=UTC).date(),
                kind=DayKind.HOLIDAY,
                origin=DayOrigin.OWN,
                name="Ours",
            )
        )
    run = due(a_schedule(a_task(), calendar_id=calendar.id), 0, RunState.FAILED)
    if repeated:
        with transaction() as session:
            run = promise_again(
                session, session.get_one(Run, run.id), triggered_by="ayse", now=NOON
            )
    assert meant_by(run).days.next(NOON.date()).isoformat() == "2026-03-18"


def test_without_a_calendar_it_is_worked_from_monday_to_friday(database: str) -> None:
    days = meant_by(due(a_schedule(a_task()), 0, DONE)).days
    assert days.next(NOON.date()).isoformat() == "2026-03-17"
    assert days.previous(NOON.date()).isoformat() == "2026-03-13"


def test_a_chain_hands_on_the_span_and_the_working_day_that_the_first_run_used(
    database: str,
) -> None:
    span = {"name": "span", "type": "since_last_success"}
    day = {"name": "day", "type": "date"}
    first, second = (
        a_task("first", parameters=[span, day]),
        a_task("second", parameters=[span, day]),
    )
    chain(first, to(second, parameters={name: {"from": name} for name in ("span", "day")}))
    schedule = a_schedule(first)
    due(schedule, -2, DONE, task=first)
    given = {"span": "since_last_success", "day": "next_working_day"}
    ended = due(schedule, 0, DONE, task=first, parameters=given)
    with transaction() as session:
        promise_next(session, session.get_one(Run, ended.id), now=NOON)
    with reading() as session:
        (following,) = session.scalars(select(Run).where(Run.cause_id == ended.id))
    assert following.parameters == {
        "span": "2026-03-16T10:00:00/2026-03-16T12:00:00",
        "day": "2026-03-17",
    }
