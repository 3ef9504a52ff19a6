"""A year as twelve small months."""

from calendar import Calendar as Weeks
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from flask_babel import get_locale

from tasks.models import DayKind
from tasks.queries.calendars import CalendarYear
from webui.calendars import choices

YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class SmallDay:
    """A day of a small month: its look, and in words what is not usual about it."""

    day: date
    look: str
    words: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class SmallMonth:
    """A month in weeks from Monday on; None fills up a week."""

    name: str
    weekdays: Sequence[tuple[str, str]]
    weeks: Sequence[Sequence[SmallDay | None]]


def year_in(text: str, today: date) -> int:
    """Return the year that was asked for, or this one."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year
    return year if year in YEARS else today.year


def months_of(year: CalendarYear, *, today: date) -> list[SmallMonth]:
    """Return the twelve months of a year."""
    locale = get_locale() or Locale("en")
    names = locale.months["stand-alone"]["wide"]
    short, wide = (locale.days["stand-alone"][width] for width in ("short", "wide"))
    weekdays = [(short[number], wide[number]) for number in range(7)]
    return [
        SmallMonth(names[month].capitalize(), weekdays, _weeks(year, month, today))
        for month in range(1, 13)
    ]


def _weeks(year: CalendarYear, month: int, today: date) -> list[list[SmallDay | None]]:
    weeks = Weeks().monthdatescalendar(year.year, month)
    return [
        [_small(year, day, today) if day.month == month else None for day in week] for week in weeks
    ]


def _small(year: CalendarYear, day: date, today: date) -> SmallDay:
    kind = year.kind_of(day)
    if kind is None:
        look = "working" if year.working.is_working(day) else "weekend"
        return SmallDay(day, look, "", day == today)
    named = year.named[day].decides
    words = ": ".join(filter(None, (choices.day_kinds()[kind], named.name)))
    return SmallDay(day, DayKind(kind).value.replace("_", "-"), words, day == today)
