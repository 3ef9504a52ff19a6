"""What becomes of due instants: paused ones, days off, overlaps, deadlines and the end."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tasks.db import reading, transaction
from tasks.errors import Invalid
from tasks.models import (
    FOREVER,
    Alert,
    AlertKind,
    Calendar,
    OnHoliday,
    Overlap,
    Run,
    RunState,
    Schedule,
    ScheduleKind,
)
from tasks.runs.deadlines import pass_deadlines
from tasks.scheduling.edit import create_schedule, pause, resume
from tasks.scheduling.tick import fire_due
from tests.database.due_instants import DAY, MINUTE, NINE, RUN, a_calendar, ledger, row
from tests.support.factories import a_run, a_schedule, a_task


def test_a_paused_schedule_writes_its_instants_down_and_goes_on_after_the_pause(
    database: str,
) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE)
    with transaction() as session:
        pause(session, session.get_one(Schedule, schedule.id), until=NINE + 2 * MINUTE, now=NINE)
    fire_due(now=NINE + 2 * MINUTE)
    assert ledger() == ["paused", "paused", RUN]


def test_a_schedule_paused_without_an_end_waits_for_its_resumption(database: str) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE)
    with transaction() as session:
        pause(session, session.get_one(Schedule, schedule.id), until=None, now=NINE)
    assert row(schedule).paused_until == FOREVER
    fire_due(now=NINE + MINUTE)
    with transaction() as session:
        resume(session, session.get_one(Schedule, schedule.id), now=NINE + MINUTE * 2 + MINUTE / 2)
    fire_due(now=NINE + 3 * MINUTE)
    assert ledger() == ["paused", "paused", "paused", RUN]


def test_a_pause_ends_in_the_future(database: str) -> None:
    schedule = a_schedule(a_task())
    with pytest.raises(Invalid), transaction() as session:
        pause(session, session.get_one(Schedule, schedule.id), until=NINE, now=NINE)


def test_a_schedule_comes_to_its_end(database: str) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE, ends_at=NINE + MINUTE)
    fire_due(now=NINE + 5 * MINUTE)
    assert ledger() == [RUN, RUN]
    assert row(schedule).next_due_at is None


def test_a_holiday_is_written_down_and_nothing_runs(database: str) -> None:
    friday = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    a_schedule(
        a_task(),
        cron="0 9 * * *",
        next_due_at=friday,
        calendar_id=a_calendar(),
        on_holiday=OnHoliday.SKIP,
    )
    fire_due(now=friday + 3 * DAY)
    assert ledger() == ["holiday", "holiday", "holiday", RUN]
    with reading() as session:
        reason = session.scalars(select(Run.reason).order_by(Run.scheduled_for)).first()
    assert reason == "2026-03-20 (Ramazan Bayramı) is no working day; nothing runs"


def test_two_instants_that_move_onto_the_same_day_run_once_and_the_ledger_says_so(
    database: str,
) -> None:
    saturday = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
    monday = saturday + 2 * DAY
    with transaction() as session:
        task = session.merge(a_task())
        schedule = create_schedule(
            session,
            task,
            now=saturday - DAY / 2,
            name="On the 21st and the 22nd",
            kind=ScheduleKind.CRON,
            cron="0 9 21,22 * *",
            timezone="UTC",
            calendar_id=a_calendar_in(session),
            on_holiday=OnHoliday.NEXT,
        )
    assert (schedule.next_scheduled_for, schedule.next_due_at) == (saturday, monday)
    fire_due(now=saturday + DAY)
    assert ledger() == []
    fire_due(now=monday)
    assert ledger() == [RUN, "holiday_merged"]
    with reading() as session:
        run = session.scalars(select(Run).where(Run.state == RunState.QUEUED)).one()
    assert (run.scheduled_for, run.due_at) == (saturday, monday)


def a_calendar_in(session: Any) -> int:
    calendar = Calendar(slug="plain", title="Plain")
    session.add(calendar)
    session.flush()
    return calendar.id


def test_a_schedule_does_not_overlap_its_run_before(database: str) -> None:
    task = a_task(overlap=Overlap.SKIP)
    before = a_run(task, state=RunState.RUNNING)
    a_schedule(task, next_due_at=NINE)
    fire_due(now=NINE + MINUTE)
    assert ledger() == ["overlap", "overlap"]
    with transaction() as session:
        session.get_one(Run, before.id).state = RunState.SUCCEEDED
    fire_due(now=NINE + 3 * MINUTE)
    assert ledger() == ["overlap", "overlap", RUN, "overlap"]


def test_an_instant_that_was_to_be_delivered_and_is_skipped_for_overlap_is_told_once(
    database: str,
) -> None:
    task = a_task(
        overlap=Overlap.SKIP, finish_deadline_seconds=600, alert_recipients=["a@b.example"]
    )
    before = a_run(task, state=RunState.RUNNING)
    a_schedule(task, next_due_at=NINE)
    for _ in range(2):
        fire_due(now=NINE)
    assert ledger() == ["overlap"]
    with reading() as session:
        (alert,) = session.scalars(select(Alert).options(joinedload(Alert.mail))).all()
    assert alert.kind is AlertKind.LATE_FINISH
    assert alert.sentence == (
        "“A Report” was to be delivered by 16.03.2026 12:10, but was skipped, since run "
        f"{before.id} had not ended yet. Look at that run; run it by hand if it is still needed."
    )
    assert alert.mail is not None
    assert alert.mail.recipients == ["a@b.example"]


def test_nobody_is_told_of_an_overlap_that_nobody_waits_for(database: str) -> None:
    for slug, deadline in (("no-deadline", None), ("long-over", 60)):
        task = a_task(slug, overlap=Overlap.SKIP, finish_deadline_seconds=deadline)
        a_run(task, state=RunState.RUNNING)
        a_schedule(task, next_due_at=NINE, cron="0 9 * * *")
    fire_due(now=NINE + 2 * MINUTE)
    assert ledger() == ["overlap", "overlap"]
    with reading() as session:
        assert session.scalars(select(Alert.id)).all() == []


def test_an_instant_past_its_latest_start_is_skipped(database: str) -> None:
    a_schedule(a_task(start_deadline_seconds=90), next_due_at=NINE)
    fire_due(now=NINE)
    assert ledger() == [RUN]
    pass_deadlines(now=NINE)  # by the database's clock the day is long over
    assert ledger() == ["deadline"]
    with reading() as session:
        told = session.scalars(select(Alert.sentence)).all()
    assert len(told) == 1
    assert "was to start by 16.03.2026 12:01" in told[0]


def test_a_run_knows_by_when_it_has_to_start_and_to_be_delivered(database: str) -> None:
    a_schedule(a_task(start_deadline_seconds=60, finish_deadline_seconds=600), next_due_at=NINE)
    fire_due(now=NINE)
    with reading() as session:
        run = session.scalars(select(Run)).one()
    assert (run.start_by, run.finish_by) == (NINE + MINUTE, NINE + 10 * MINUTE)


def test_a_schedule_that_cannot_be_read_is_switched_off_and_its_instant_says_why(
    database: str,
) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE, cron="not cron")
    fire_due(now=NINE)
    assert ledger() == ["invalid"]
    assert row(schedule).enabled is False
