"""The holidays of Business One: OHLD, the calendars, and HLD1, their days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tasks.errors import Invalid
from tasks.models import Calendar, DayKind
from tasks.rows import Row
from tasks.scheduling.country_days import NamedDay
from tasks.sources.by_name import open_source

DAYS = (
    'SELECT T1."StrDate", T1."EndDate", T1."Rmrks" FROM OHLD T0'
    ' INNER JOIN HLD1 T1 ON T1."HldCode" = T0."HldCode"'
    ' WHERE T0."HldCode" LIKE ? ORDER BY T1."StrDate"'
)
LONGEST_HOLIDAY = 366
"""Days; what claims to be longer is a slip of the pen in the source."""


def read_source_days(calendar: Calendar) -> dict[date, NamedDay]:
    """Read the holidays of a calendar's source; raises Invalid and JobError.

    Not to be called inside a transaction.
    """
    if not calendar.source:
        raise Invalid("Choose the source that the days come from.", field="source")
    source = open_source(calendar.source)
    found: dict[date, NamedDay] = {}
    with source.query(DAYS, [_pattern(calendar.source_calendar)]) as result:
        for batch in result.batches():
            for row in batch:
                found |= {day: _named(row) for day in _days_of(row)}
    if not found:
        raise Invalid(
            "The source “{source}” has no holidays under “{code}”. Give a code of its table OHLD.",
            field="source_calendar",
            source=calendar.source,
            code=calendar.source_calendar or "*",
        )
    return found


def _pattern(code: str | None) -> str:
    """Return the code for LIKE: a star stands for any ending, since there is a code for each year.

    Without a code, all calendars of the source count.
    """
    return (code or "*").replace("*", "%")


def _named(row: Row) -> NamedDay:
    return NamedDay(DayKind.HOLIDAY, str(row[2] or "").strip()[:200])


def _days_of(row: Row) -> Iterator[date]:
    first = _as_day(row[0])
    if first is None:
        return
    last = _as_day(row[1]) or first
    for distance in range(min((last - first).days, LONGEST_HOLIDAY) + 1):
        yield first + timedelta(days=distance)


def _as_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
