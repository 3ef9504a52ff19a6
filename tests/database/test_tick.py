"""One pass of the scheduler over due schedules, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tasks.db import engine, reading, transaction
from tasks.errors import Invalid
from tasks.models import Run, RunState, Schedule, ScheduleKind, Trigger
from tasks.scheduling.edit import change_schedule, switch
from tasks.scheduling.tick import fire_due
from tests.support.factories import a_schedule, a_task
from tests.support.firing import a_firing_schedule

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def runs() -> list[tuple[datetime, RunState]]:
    with reading() as session:
        found = session.execute(select(Run.scheduled_for, Run.state).order_by(Run.scheduled_for))
        return [(row.scheduled_for, row.state) for row in found]


def due(schedule: Schedule) -> datetime | None:
    with reading() as session:
        return session.get_one(Schedule, schedule.id).next_due_at


def test_a_due_instant_becomes_one_run_and_the_next_one_is_noted(database: str) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE, priority=8)
    assert fire_due(now=NINE + timedelta(seconds=1)) == 1
    assert fire_due(now=NINE + timedelta(seconds=2)) == 0
    assert runs() == [(NINE, RunState.QUEUED)]
    assert due(schedule) == NINE + MINUTE
    with reading() as session:
        run = session.scalars(select(Run)).one()
    assert (run.trigger, run.priority, run.schedule_id) == (Trigger.SCHEDULE, 8, schedule.id)


def test_an_instant_that_another_scheduler_wrote_is_not_written_twice(database: str) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE)
    fire_due(now=NINE)
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        row.next_due_at = row.next_scheduled_for = NINE
    fire_due(now=NINE)
    assert runs() == [(NINE, RunState.QUEUED)]


def test_what_another_scheduler_is_at_is_left_to_it(postgres_database: str) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE)
    with engine().begin() as other:
        other.execute(select(Schedule.id).with_for_update())
        assert fire_due(now=NINE) == 0
    assert fire_due(now=NINE) == 1
    assert due(schedule) == NINE + MINUTE


def test_after_an_outage_the_last_instant_runs_and_each_other_is_written_down(
    database: str,
) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE)
    now = NINE + 3 * MINUTE
    fire_due(now=now, resumed_at=now)
    skipped, queued = RunState.SKIPPED, RunState.QUEUED
    assert runs() == [
        (NINE, skipped),
        (NINE + MINUTE, skipped),
        (NINE + 2 * MINUTE, skipped),
        (NINE + 3 * MINUTE, queued),
    ]
    assert due(schedule) == NINE + 4 * MINUTE


def test_without_an_outage_each_due_instant_is_run_however_late_the_pass(database: str) -> None:
    a_schedule(a_task(), next_due_at=NINE)
    fire_due(now=NINE + 3 * MINUTE, resumed_at=NINE - MINUTE)
    assert runs() == [(NINE + number * MINUTE, RunState.QUEUED) for number in range(4)]


def test_a_hundred_and_more_missed_instants_of_a_frequent_schedule_are_one_row(
    database: str,
) -> None:
    a_schedule(a_task(), next_due_at=NINE)
    now = NINE + 250 * MINUTE
    fire_due(now=now, resumed_at=now)
    with reading() as session:
        folded, last = session.scalars(select(Run).order_by(Run.scheduled_for)).all()
    assert (folded.scheduled_for, folded.instants) == (NINE, 250)
    assert folded.covers_until == NINE + 249 * MINUTE
    assert (folded.state, folded.reason_code) == (RunState.SKIPPED, "missed")
    assert (last.scheduled_for, last.state) == (now, RunState.QUEUED)


def test_a_schedule_that_is_off_fires_nothing_and_counts_from_now_when_it_is_on_again(
    database: str,
) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE)
    with transaction() as session:
        switch(session, session.get_one(Schedule, schedule.id), enabled=False, now=NINE)
    assert fire_due(now=NINE + 10 * MINUTE) == 0
    on_again = NINE + 10 * MINUTE + timedelta(seconds=30)
    with transaction() as session:
        switch(session, session.get_one(Schedule, schedule.id), enabled=True, now=on_again)
    assert fire_due(now=on_again) == 0
    assert due(schedule) == NINE + 11 * MINUTE


def test_an_edit_counts_from_now_and_fires_nothing_by_itself(database: str) -> None:
    task = a_task()
    schedule = a_schedule(task, next_due_at=NINE + MINUTE)
    with transaction() as session:
        change_schedule(
            session,
            session.get_one(Schedule, schedule.id),
            task,
            now=NINE + timedelta(hours=3),
            version=1,
            cron="0 9 * * *",
            timezone="Europe/Istanbul",
        )
    assert fire_due(now=NINE + timedelta(hours=3)) == 0
    assert due(schedule) == datetime(2026, 3, 17, 6, 0, tzinfo=UTC)


def test_a_new_interval_is_first_due_after_its_length(database: str) -> None:
    schedule = a_firing_schedule(a_task(), now=NINE, interval_seconds=90)
    assert schedule.next_due_at == NINE + timedelta(seconds=90)


def test_a_schedule_with_parameters_that_do_not_fit_is_refused(database: str) -> None:
    task = a_task()
    schedule = a_schedule(task)
    with transaction() as session, pytest.raises(Invalid, match="no parameter “day”"):
        change_schedule(
            session,
            session.get_one(Schedule, schedule.id),
            task,
            now=NINE,
            version=1,
            parameters={"day": "today"},
        )


def test_the_instants_of_a_task_that_is_off_are_written_as_skipped(database: str) -> None:
    task = a_task(is_active=False)
    a_schedule(task, next_due_at=NINE)
    fire_due(now=NINE)
    assert runs() == [(NINE, RunState.SKIPPED)]


def test_a_task_that_changed_below_its_schedule_still_gets_its_run(database: str) -> None:
    task = a_task()
    a_schedule(task, next_due_at=NINE, parameters={"gone": "x"})
    fire_due(now=NINE)
    assert runs() == [(NINE, RunState.QUEUED)]


def test_a_burst_is_claimed_in_batches_that_take_what_is_due_last_as_well(database: str) -> None:
    with transaction() as session:
        task = session.merge(a_task())
        for number in range(150):
            session.add(
                Schedule(
                    task_definition_id=task.id,
                    name=str(number),
                    kind=ScheduleKind.CRON,
                    cron="* * * * *",
                    timezone="UTC",
                    starts_at=NINE,
                    next_due_at=NINE,
                    next_scheduled_for=NINE,
                )
            )
    lately = a_schedule(task, next_due_at=NINE + timedelta(seconds=4))
    assert fire_due(now=NINE + timedelta(seconds=4)) == 100
    with reading() as session:
        fired = session.scalars(select(Run.schedule_id)).all()
    assert lately.id in fired
    while fire_due(now=NINE + timedelta(seconds=4)):
        pass
    assert len(runs()) == 151


def test_an_edit_of_the_name_leaves_what_is_due(database: str) -> None:
    task = a_task()
    schedule = a_schedule(task, next_due_at=NINE)
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        change_schedule(session, row, task, now=NINE + MINUTE / 2, version=1, name="Each minute")
    fire_due(now=NINE + MINUTE / 2)
    assert runs() == [(NINE, RunState.QUEUED)]


def test_an_instant_that_a_new_time_swallows_is_written_down(database: str) -> None:
    task = a_task()
    schedule = a_schedule(task, next_due_at=NINE)
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        change_schedule(session, row, task, now=NINE + MINUTE / 2, version=1, cron="0 12 * * *")
    assert runs() == [(NINE, RunState.SKIPPED)]


def test_the_longest_name_of_a_schedule_does_not_stop_the_scheduler(database: str) -> None:
    a_schedule(a_task(), next_due_at=NINE, name="x" * 200)
    fire_due(now=NINE)
    assert runs() == [(NINE, RunState.QUEUED)]
