"""Calendars: making them, changing them and their days, and keeping them ahead of the year.

A change moves nothing by itself: what is due next is counted anew by whoever changes a calendar,
for each schedule of `schedules_of`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session, joinedload

from tasks.clock import utcnow
from tasks.errors import Conflict, Invalid, NotFound, changed_meanwhile
from tasks.models import Calendar, CalendarDay, DayKind, DayOrigin, Schedule
from tasks.scheduling.country_days import NamedDay, check_country, days_of_country
from tasks.slugs import check_slug

YEARS_BACK = 1
YEARS_AHEAD = 5
LEAST_AHEAD = timedelta(days=2 * 365)


def create_calendar(session: Session, *, now: datetime, **values: Any) -> Calendar:
    """Save a new calendar, with the days of its country; raises Invalid and Conflict."""
    calendar = Calendar(weekend=[5, 6], title="", slug="")
    _take(calendar, values)
    taken = session.scalar(select(Calendar.id).where(Calendar.slug == calendar.slug))
    if taken is not None:
        raise Conflict(
            "There is a calendar “{slug}” already. Choose another name.", slug=calendar.slug
        )
    session.add(calendar)
    session.flush()
    refresh_country_days(session, calendar, now=now)
    return calendar


def change_calendar(
    session: Session, calendar: Calendar, *, now: datetime, version: int, **values: Any
) -> Calendar:
    """Save what a person decides about version `version` of a calendar, by column.

    Raises Invalid, with the field, and Conflict where somebody else was quicker.
    """
    if calendar.version != version:
        raise changed_meanwhile(calendar.title)
    before = calendar.country
    calendar.version += 1
    _take(calendar, values)
    session.flush()
    if calendar.country != before:
        _forget(session, calendar, DayOrigin.COUNTRY)
        refresh_country_days(session, calendar, now=now)
    return calendar


def delete_calendar(session: Session, calendar: Calendar) -> None:
    """Delete a calendar that no schedule follows; raises Conflict."""
    if followed := len(schedules_of(session, calendar)):
        raise Conflict(
            "{count} of the schedules follow the calendar “{title}”. Give them another one first.",
            count=followed,
            title=calendar.title,
        )
    session.delete(calendar)
    session.flush()


def calendar_named(session: Session, slug: str) -> Calendar:
    """Return the calendar of this name; raises NotFound."""
    found = session.scalars(select(Calendar).where(Calendar.slug == slug)).one_or_none()
    if found is None:
        raise NotFound("There is no calendar “{slug}”.", slug=slug)
    return found


def schedules_of(session: Session, calendar: Calendar) -> Sequence[Schedule]:
    """Return the schedules that follow this calendar, with their tasks."""
    wanted = select(Schedule).where(Schedule.calendar_id == calendar.id).order_by(Schedule.id)
    return session.scalars(wanted.options(joinedload(Schedule.task))).all()


def set_own_day(
    session: Session, calendar: Calendar, day: date, kind: DayKind, name: str = ""
) -> CalendarDay:
    """Say what a day is, whatever its country or source says of it."""
    own = session.scalars(_days(calendar, DayOrigin.OWN).where(CalendarDay.day == day)).first()
    if own is None:
        own = CalendarDay(calendar_id=calendar.id, day=day, origin=DayOrigin.OWN)
        session.add(own)
    own.kind, own.name = kind, name.strip()[:200]
    _touch(session, calendar)
    return own


def remove_own_day(session: Session, calendar: Calendar, day: date) -> None:
    """Let the country, the source and the weekend speak for this day again."""
    session.execute(
        delete(CalendarDay).where(
            CalendarDay.calendar_id == calendar.id,
            CalendarDay.origin == DayOrigin.OWN,
            CalendarDay.day == day,
        )
    )
    _touch(session, calendar)


def refresh_country_days(session: Session, calendar: Calendar, *, now: datetime) -> bool:
    """Write the country's days from last year to five years ahead; say whether any changed."""
    if calendar.country is None:
        return False
    years = range(now.year - YEARS_BACK, now.year + YEARS_AHEAD + 1)
    found = days_of_country(calendar.country, years)
    return replace_days(session, calendar, DayOrigin.COUNTRY, found, since=date(years[0], 1, 1))


def keep_ahead(session: Session, *, now: datetime) -> list[Calendar]:
    """Refresh the calendars whose country's days end within two years; return what changed."""
    last = func.max(CalendarDay.day)
    of_country = CalendarDay.origin == DayOrigin.COUNTRY
    wanted = (
        select(Calendar)
        .outerjoin(CalendarDay, (CalendarDay.calendar_id == Calendar.id) & of_country)
        .where(Calendar.country.is_not(None))
        .group_by(Calendar.id)
        .having((last < now.date() + LEAST_AHEAD) | last.is_(None))
    )
    behind = session.scalars(wanted).all()
    return [one for one in behind if refresh_country_days(session, one, now=now)]


def replace_days(
    session: Session,
    calendar: Calendar,
    origin: DayOrigin,
    days: Mapping[date, NamedDay],
    *,
    since: date = date.min,
) -> bool:
    """Put these days in the place of those of this origin from `since`; say whether any changed."""
    rows = session.scalars(_days(calendar, origin).where(CalendarDay.day >= since)).all()
    if {row.day: NamedDay(row.kind, row.name) for row in rows} == days:
        return False
    _forget(session, calendar, origin, since=since)
    session.add_all(
        CalendarDay(calendar_id=calendar.id, day=day, kind=one.kind, name=one.name, origin=origin)
        for day, one in days.items()
    )
    _touch(session, calendar)
    return True


def _take(calendar: Calendar, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(calendar, name, value)
    calendar.title = calendar.title.strip()[:200]
    calendar.country = (calendar.country or "").strip().upper() or None
    calendar.weekend = sorted(set(calendar.weekend))
    if calendar.country:
        check_country(calendar.country)
    if not calendar.title:
        raise Invalid("Give the calendar a name.", field="title")
    check_slug(calendar.slug)
    if not set(calendar.weekend) < set(range(7)):
        raise Invalid("Leave at least one working day in the week.", field="weekend")


def _days(calendar: Calendar, origin: DayOrigin) -> Select[CalendarDay]:
    return select(CalendarDay).where(
        CalendarDay.calendar_id == calendar.id, CalendarDay.origin == origin
    )


def _forget(
    session: Session, calendar: Calendar, origin: DayOrigin, *, since: date = date.min
) -> None:
    session.execute(
        delete(CalendarDay).where(
            CalendarDay.calendar_id == calendar.id,
            CalendarDay.origin == origin,
            CalendarDay.day >= since,
        )
    )


def _touch(session: Session, calendar: Calendar) -> None:
    """Stamp the calendar, so that nobody goes on with the days as they were."""
    calendar.updated_at = utcnow()
    session.flush()
