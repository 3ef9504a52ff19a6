"""A morning on which schedules are due, and what the ledger says of it."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.models import (
    Calendar,
    CalendarDay,
    DayKind,
    DayOrigin,
    Run,
    Schedule,
)

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
RUN, MISSED = "queued", "missed"


def ledger() -> list[str]:
    """Return what became of each instant, in order: `queued`, or the code of why it was skipped."""
    with reading() as session:
        rows = session.scalars(
            select(Run).where(Run.schedule_id.is_not(None)).order_by(Run.scheduled_for)
        )
        return [run.reason_code or run.state for run in rows]


def row(schedule: Schedule) -> Schedule:
    with reading() as session:
        return session.get_one(Schedule, schedule.id)


def a_calendar() -> int:
    with transaction() as session:
        calendar = Calendar(slug="tr", title="Türkiye")
        session.add(calendar)
        session.flush()
        session.add(
            CalendarDay(
                calendar_id=calendar.id,
                day=date(2026, 3, 20),
                kind=DayKind.HOLIDAY,
                name="Ramazan Bayramı",
                origin=DayOrigin.OWN,
            )
        )
        return calendar.id
