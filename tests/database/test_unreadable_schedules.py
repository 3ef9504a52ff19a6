"""A schedule that its calendar leaves no day: it is switched off, and comes back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.errors import Invalid
from tasks.models import (
    AlertKind,
    Calendar,
    CalendarDay,
    DayKind,
    DayOrigin,
    OnHoliday,
    Run,
    Schedule,
    TaskDefinition,
)
from tasks.scheduling.calendars import remove_own_day
from tasks.scheduling.edit import change_schedule, recount, switch
from tasks.scheduling.switched_off import why_switched_off
from tasks.scheduling.tick import fire_due
from tests.database.bad_schedules import NINE, a_bad, alerts

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def kept(schedule: Schedule) -> Schedule:
    with reading() as session:
        return session.get_one(Schedule, schedule.id)


def an_unreadable(*, closed_from: datetime = NINE, **values: Any) -> Schedule:
    """A schedule on days off only: its calendar has no working day for months."""
    with transaction() as session:
        calendar = Calendar(slug="feast", title="Feast")
        session.add(calendar)
        session.flush()
        session.add_all(
            CalendarDay(
                calendar_id=calendar.id,
                day=closed_from.date() + number * DAY,
                kind=DayKind.HOLIDAY,
                name="Feast",
                origin=DayOrigin.OWN,
            )
            for number in range(100)
        )
    rule = {"calendar_id": calendar.id, "on_holiday": OnHoliday.NEXT, "cron": "0 9 * * *"}
    return a_bad(**(rule | values))


def work_on(schedule: Schedule, day: date) -> None:
    """Correct the calendar of the schedule, as its page does."""
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        calendar = session.get_one(Calendar, row.calendar_id)
        remove_own_day(session, calendar, day)
        recount(session, row, now=NINE + MINUTE)


def test_people_are_told_once_of_a_schedule_that_became_unreadable(database: str) -> None:
    schedule = an_unreadable()
    for _ in range(2):
        fire_due(now=NINE)
    ((kind, sentence),) = alerts()
    assert kind is AlertKind.SCHEDULE_OFF
    assert sentence.startswith("The schedule “Bad” of “Bad report” was switched off")
    assert "no working day within 60 days" in sentence
    assert sentence.endswith("then switch it on again.")
    with reading() as session:
        assert why_switched_off(session, kept(schedule)) is not None


def ledger_of(schedule: Schedule) -> list[tuple[datetime, str]]:
    with reading() as session:
        rows = select(Run).where(Run.schedule_id == schedule.id).order_by(Run.scheduled_for)
        return [(one.scheduled_for, one.reason_code or one.state) for one in session.scalars(rows)]


def test_what_can_be_read_runs_though_what_comes_behind_it_cannot(database: str) -> None:
    schedule = an_unreadable(closed_from=NINE + DAY)
    fire_due(now=NINE)
    assert ledger_of(schedule) == [(NINE, "queued")]
    row = kept(schedule)
    assert (row.enabled, row.next_scheduled_for, row.next_due_at) == (True, NINE + DAY, NINE + DAY)
    assert alerts() == []
    assert fire_due(now=NINE + DAY - MINUTE) == 0
    fire_due(now=NINE + DAY)
    assert ledger_of(schedule)[1:] == [(NINE + DAY, "invalid")]
    assert kept(schedule).enabled is False
    assert [kind for kind, _ in alerts()] == [AlertKind.SCHEDULE_OFF]


def test_a_backlog_is_written_down_up_to_what_cannot_be_read(database: str) -> None:
    friday = NINE - 3 * DAY
    rule = {"cron": "0 9 * * 1-5", "next_due_at": friday - DAY}
    schedule = an_unreadable(closed_from=NINE + DAY, **rule)
    while fire_due(now=NINE + 2 * DAY):
        pass
    assert ledger_of(schedule) == [
        (friday - DAY, "queued"),
        (friday, "queued"),
        (NINE, "queued"),
        (NINE + DAY, "invalid"),
    ]
    assert kept(schedule).enabled is False


def test_a_calendar_that_is_corrected_brings_its_schedules_back(database: str) -> None:
    schedule = an_unreadable()
    fire_due(now=NINE)
    work_on(schedule, NINE.date() + 3 * DAY)
    row = kept(schedule)
    assert (row.enabled, row.counts_from) == (True, NINE + MINUTE)
    assert row.next_scheduled_for == NINE + DAY
    with reading() as session:
        assert why_switched_off(session, row) is None


def test_a_change_of_the_calendar_that_is_not_enough_leaves_it_off(database: str) -> None:
    schedule = an_unreadable()
    fire_due(now=NINE)
    work_on(schedule, NINE.date() + 90 * DAY)
    row = kept(schedule)
    assert (row.enabled, row.next_due_at) == (False, None)
    with reading() as session:
        assert why_switched_off(session, row) is not None


def test_what_a_person_switched_off_no_calendar_brings_back(database: str) -> None:
    schedule = an_unreadable()
    fire_due(now=NINE)
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        calendar, row.calendar_id = row.calendar_id, None
        for enabled in (True, False):
            switch(session, row, enabled=enabled, now=NINE + MINUTE / 2)
        row.calendar_id = calendar
    work_on(schedule, NINE.date() + 3 * DAY)
    assert kept(schedule).enabled is False


def test_an_unreadable_schedule_is_not_switched_on_before_it_is_corrected(database: str) -> None:
    schedule = an_unreadable()
    fire_due(now=NINE)
    row = kept(schedule)
    with transaction() as session, pytest.raises(Invalid, match="no working day"):
        switch(session, session.merge(row), enabled=True, now=NINE + MINUTE)
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        task = session.get_one(TaskDefinition, row.task_definition_id)
        rule = {"on_holiday": OnHoliday.RUN, "enabled": True}
        change_schedule(session, row, task, now=NINE + MINUTE, version=1, **rule)
    assert (kept(schedule).enabled, kept(schedule).next_due_at) == (True, NINE + DAY)
