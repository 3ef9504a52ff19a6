"""Changing a schedule or its calendar: who may, and that nothing due is lost by it."""

from datetime import UTC, datetime

import pytest

from tasks.db import transaction
from tasks.errors import Conflict, Invalid
from tasks.models import (
    Calendar,
    DayKind,
    OnHoliday,
    Schedule,
    ScheduleKind,
    ScheduleOrigin,
)
from tasks.scheduling.calendars import set_own_day
from tasks.scheduling.edit import change_schedule, create_schedule, recount
from tests.database.due_instants import DAY, MINUTE, NINE, a_calendar, ledger, row
from tests.support.factories import a_schedule, a_task


def test_a_change_to_an_older_version_is_refused(database: str) -> None:
    task = a_task()
    schedule = a_schedule(task, version=2)
    with pytest.raises(Conflict, match="somebody else"), transaction() as session:
        change_schedule(
            session, session.get_one(Schedule, schedule.id), task, now=NINE, version=1, name="x"
        )


def test_what_the_code_declares_is_changed_there(database: str) -> None:
    task = a_task()
    schedule = a_schedule(task, origin=ScheduleOrigin.CODE, code_key="daily")
    with pytest.raises(Conflict, match="declared in code"), transaction() as session:
        change_schedule(
            session, session.get_one(Schedule, schedule.id), task, now=NINE, version=1, name="x"
        )


def test_once_is_not_in_the_past(database: str) -> None:
    task = a_task()
    with transaction() as session, pytest.raises(Invalid, match="is over"):
        create_schedule(
            session,
            task,
            now=NINE,
            name="Once",
            kind=ScheduleKind.ONCE,
            once_at=NINE - MINUTE,
            timezone="UTC",
        )


def test_a_calendar_that_changes_leaves_what_is_due_already(database: str) -> None:
    schedule = a_schedule(
        a_task(),
        cron="0 9 * * *",
        next_due_at=NINE,
        calendar_id=a_calendar(),
        on_holiday=OnHoliday.SKIP,
    )
    with transaction() as session:
        recount(session, session.get_one(Schedule, schedule.id), now=NINE + 8 * MINUTE)
    assert ledger() == []
    assert row(schedule).next_due_at == NINE


def test_a_calendar_that_changes_keeps_what_it_has_moved_beyond_now(database: str) -> None:
    saturday = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
    monday = saturday + 2 * DAY
    schedule = a_schedule(
        a_task(),
        cron="0 12 * * 6",
        next_due_at=monday,
        next_scheduled_for=saturday,
        calendar_id=a_calendar(),
        on_holiday=OnHoliday.NEXT,
    )
    with transaction() as session:
        recount(session, session.get_one(Schedule, schedule.id), now=saturday + DAY)
    kept = row(schedule)
    assert (kept.next_scheduled_for, kept.next_due_at) == (saturday, monday)


def test_what_a_calendar_moves_back_to_a_time_that_is_over_is_written_down(database: str) -> None:
    saturday = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
    schedule = a_schedule(
        a_task(),
        cron="0 12 * * *",
        next_due_at=saturday + 2 * DAY,
        next_scheduled_for=saturday,
        calendar_id=a_calendar(),
        on_holiday=OnHoliday.NEXT,
    )
    with transaction() as session:
        found = session.get_one(Schedule, schedule.id)
        calendar = session.get_one(Calendar, found.calendar_id)
        set_own_day(session, calendar, saturday.date(), DayKind.WORKING, "")
        recount(session, found, now=saturday + DAY / 2)
    assert ledger() == ["edited"]
    kept = row(schedule)
    assert kept.next_scheduled_for == saturday + DAY
    assert kept.next_due_at is not None
    assert kept.next_due_at > saturday + DAY / 2


def test_a_new_time_writes_down_all_that_was_due_and_what_was_moved_beyond_now(
    database: str,
) -> None:
    task = a_task()
    behind = a_schedule(task, next_due_at=NINE)
    with transaction() as session:
        found = session.get_one(Schedule, behind.id)
        later = NINE + 2 * MINUTE
        change_schedule(session, found, task, now=later, version=1, cron="0 12 * * *")
    assert ledger() == ["edited"] * 3
    moved = a_schedule(
        task, cron="0 12 * * 6", next_due_at=NINE + 7 * DAY, next_scheduled_for=NINE + 5 * DAY
    )
    with transaction() as session:
        found = session.get_one(Schedule, moved.id)
        change_schedule(session, found, task, now=NINE + 6 * DAY, version=1, cron="0 12 * * *")
    assert ledger() == ["edited"] * 4


def test_a_schedule_that_cannot_be_read_can_be_mended(database: str) -> None:
    task = a_task()
    broken = a_schedule(task, next_due_at=NINE, cron="not cron")
    with transaction() as session:
        found = session.get_one(Schedule, broken.id)
        change_schedule(session, found, task, now=NINE, version=1, cron="0 12 * * *")
    assert ledger() == ["edited"]
