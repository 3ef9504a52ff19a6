"""A calendar of Türkiye, and what stands in it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.models import Calendar, CalendarDay, DayKind, DayOrigin
from tasks.scheduling.calendar_cache import load_days
from tasks.scheduling.calendars import (
    create_calendar,
    set_own_day,
)
from tasks.scheduling.working_days import WorkingDays

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
THURSDAY = date(2026, 4, 23)
"""The National Sovereignty and Children's Day."""
EVE = date(2026, 10, 28)
"""The half-day before the Republic Day, a Wednesday."""


def a_calendar(**values: Any) -> Calendar:
    with transaction() as session:
        given = {"slug": "turkiye", "title": "Türkiye", "country": "TR"} | values
        return create_calendar(session, now=NOW, **given)


def days_of(calendar: Calendar) -> WorkingDays:
    with reading() as session:
        return load_days(session, calendar.id)


def own(calendar: Calendar, day: date, kind: DayKind, name: str = "") -> None:
    with transaction() as session:
        set_own_day(session, session.get_one(Calendar, calendar.id), day, kind, name)


def count_of(calendar: Calendar, origin: DayOrigin) -> int:
    with reading() as session:
        wanted = select(CalendarDay).where(
            CalendarDay.calendar_id == calendar.id, CalendarDay.origin == origin
        )
        return len(session.scalars(wanted).all())
