"""Calendars for the screen: the list, and the days of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tasks.models import Calendar, CalendarDay, DayKind, DayOrigin, Schedule
from tasks.scheduling.calendar_cache import load_all_days, load_days
from tasks.scheduling.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar in the list: how many schedules follow it, its next day off and its name."""

    calendar: Calendar
    schedules: int
    next_day_off: tuple[date, str] | None


@dataclass(frozen=True, slots=True)
class NamedDay:
    """What is said of a day: the row that decides, and the one that it stands before."""

    decides: CalendarDay
    instead_of: CalendarDay | None = None

    @property
    def is_own(self) -> bool:
        return self.decides.origin is DayOrigin.OWN


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The days of one year of which something is said, in order, and which days are worked."""

    year: int
    named: Mapping[date, NamedDay]
    working: WorkingDays

    @property
    def working_count(self) -> int:
        """How many working days the year has."""
        first, last = date(self.year, 1, 1).toordinal(), date(self.year, 12, 31).toordinal()
        days = (date.fromordinal(number) for number in range(first, last + 1))
        return sum(self.working.is_working(day) for day in days)

    def kind_of(self, day: date) -> DayKind | None:
        """Return what is said of a day; None where its place in the week decides."""
        found = self.named.get(day)
        return found.decides.kind if found else None


def calendar_choices(session: Session) -> list[tuple[int, str]]:
    """Return id and title of each calendar, by title."""
    rows = session.execute(select(Calendar.id, Calendar.title).order_by(Calendar.title))
    return [(number, title) for number, title in rows]


def calendar_of(session: Session, schedule: Schedule) -> Calendar | None:
    """Return the calendar that a schedule follows; None where every day counts."""
    return session.get(Calendar, schedule.calendar_id) if schedule.calendar_id else None


def calendar_lines(session: Session, *, today: date) -> list[CalendarLine]:
    """Read all calendars, by title."""
    counted = select(Schedule.calendar_id, func.count()).group_by(Schedule.calendar_id)
    follow = {row[0]: row[1] for row in session.execute(counted)}
    calendars = session.scalars(select(Calendar).order_by(Calendar.title)).all()
    days = load_all_days(session, [one.id for one in calendars])
    return [
        CalendarLine(one, follow.get(one.id, 0), _next_day_off(days[one.id], today))
        for one in calendars
    ]


def calendar_year(session: Session, calendar: Calendar, year: int) -> CalendarYear:
    """Read what is said of the days of a year, and which of them are worked."""
    rows = session.scalars(
        select(CalendarDay)
        .where(CalendarDay.calendar_id == calendar.id)
        .where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarDay.day)
    ).all()
    return CalendarYear(year, _decided(rows), load_days(session, calendar.id))


def _decided(rows: Sequence[CalendarDay]) -> dict[date, NamedDay]:
    """Return what is said of each day: the later origin stands before the earlier one."""
    order = list(DayOrigin)
    found: dict[date, NamedDay] = {}
    for row in sorted(rows, key=lambda row: (row.day, order.index(row.origin))):
        before = found.get(row.day)
        found[row.day] = NamedDay(row, before.decides if before else None)
    return found


def _next_day_off(days: WorkingDays, today: date) -> tuple[date, str] | None:
    coming = [day for day in days.off if day >= today and not days.is_working(day)]
    return (min(coming), days.name_of(min(coming))) if coming else None
