"""Calendars for the tests of pages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import (
    Calendar,
    CalendarDay,
    DayKind,
    DayOrigin,
    OnHoliday,
    Schedule,
)
from tasks.scheduling.calendars import create_calendar, set_own_day
from tests.support.factories import a_schedule, a_task

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
SHOW = "/calendars/ours"


def a_calendar(**values: Any) -> Calendar:
    """Save a calendar of working days from Monday to Friday, without a country."""
    row = {"slug": "ours", "title": "Ours", "country": None, "weekend": [5, 6]}
    with transaction() as session:
        return create_calendar(session, now=NOW, **(row | values))


def an_own_day(
    calendar: Calendar, day: date, kind: DayKind = DayKind.HOLIDAY, name: str = "Founders’ day"
) -> None:
    """Say what a day of the calendar is."""
    with transaction() as session:
        set_own_day(session, session.get_one(Calendar, calendar.id), day, kind, name)


@pytest.fixture(autouse=True)
def one_day() -> Iterator[None]:
    """It is ten in the morning, so that midnight never comes in the middle of a test."""
    with time_machine.travel(utcnow().replace(hour=10), tick=True):
        yield


def own_days() -> list[tuple[date, DayKind, str]]:
    with reading() as session:
        wanted = select(CalendarDay).where(CalendarDay.origin == DayOrigin.OWN)
        return [(one.day, one.kind, one.name) for one in session.scalars(wanted)]


def due_at(schedule: Schedule) -> datetime | None:
    with reading() as session:
        return session.get_one(Schedule, schedule.id).next_due_at


def a_following_schedule(calendar: Calendar) -> Schedule:
    """A schedule for noon of tomorrow's day of the week that moves to the next working day."""
    at = tomorrow_noon()
    return a_schedule(
        a_task(),
        cron=f"0 12 * * {at.isoweekday() % 7}",
        calendar_id=calendar.id,
        on_holiday=OnHoliday.NEXT,
        next_due_at=at,
        next_scheduled_for=at,
    )


def tomorrow_noon() -> datetime:
    return (utcnow() + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
