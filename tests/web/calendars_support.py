"""Calendars for the tests of pages."""

from datetime import UTC, date, datetime
from typing import Any

from tasks.db import transaction
from tasks.models import Calendar, DayKind
from tasks.scheduling.calendars import create_calendar, set_own_day

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)


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
