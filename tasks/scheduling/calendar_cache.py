"""From a calendar's rows to its working days, kept while the calendar does not change."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import NotFound
from tasks.models import Calendar, CalendarDay, DayKind, DayOrigin
from tasks.scheduling.country_days import NamedDay
from tasks.scheduling.working_days import WorkingDays

_known: dict[int, tuple[datetime, WorkingDays]] = {}
"""The working days of each calendar, with the stamp of the calendar that they were read from."""


def load_days(session: Session, calendar_id: int) -> WorkingDays:
    """Return the working days of a calendar; raises NotFound."""
    found = load_all_days(session, [calendar_id])
    if calendar_id not in found:
        raise NotFound("There is no calendar {id}.", id=calendar_id)
    return found[calendar_id]


def load_all_days(session: Session, ids: Iterable[int]) -> dict[int, WorkingDays]:
    """Return the working days of these calendars by id, in one query while none has changed."""
    wanted = select(Calendar.id, Calendar.updated_at).where(Calendar.id.in_(set(ids)))
    stamps = session.execute(wanted).all()  # before the days, which are then no older
    return {key: _days_as_of(session, key, stamp) for key, stamp in stamps}


def working_days(
    days: Mapping[date, NamedDay],
    *,
    weekend: Iterable[int] = (5, 6),
    works_half_days: bool = True,
    title: str = "",
) -> WorkingDays:
    """Return what these days come to; a half-day that is worked is a day like any other."""
    off = {DayKind.HOLIDAY} if works_half_days else {DayKind.HOLIDAY, DayKind.HALF_DAY}
    return WorkingDays(
        weekend=frozenset(weekend),
        off={day: one.name for day, one in days.items() if one.kind in off},
        worked=frozenset(day for day, one in days.items() if one.kind is DayKind.WORKING),
        title=title,
    )


def _days_as_of(session: Session, calendar_id: int, stamp: datetime) -> WorkingDays:
    known = _known.get(calendar_id)
    if known is None or known[0] != stamp:
        known = _known[calendar_id] = stamp, _read(session, calendar_id)
    return known[1]


def _read(session: Session, calendar_id: int) -> WorkingDays:
    calendar = session.get_one(Calendar, calendar_id)
    rows = session.scalars(select(CalendarDay).where(CalendarDay.calendar_id == calendar_id)).all()
    order = list(DayOrigin)
    decided = {
        row.day: NamedDay(row.kind, row.name)
        for row in sorted(rows, key=lambda row: order.index(row.origin))
    }
    return working_days(
        decided,
        weekend=calendar.weekend,
        works_half_days=calendar.works_half_days,
        title=calendar.title,
    )
