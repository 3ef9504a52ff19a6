"""The posting periods of a company, as Business One keeps them in OFPR."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tasks.errors import ErrorKind, Invalid, JobError, mark
from tasks.rows import Row
from tasks.sources.base import Source

OFPR = 'SELECT "F_RefDate", "T_RefDate" FROM "OFPR"'
"""Without a schema: each source has its own company in front."""

NO_PERIOD = mark(
    "The source has no posting period for {day}. Create it in Business One, or give a date."
)
NO_PERIOD_BEFORE = mark("The source has no posting period before that of {day}. Give a date.")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PostingPeriods:
    """The periods of one company, in the order of their first days."""

    periods: tuple[Period, ...]

    @classmethod
    def of(cls, periods: Iterable[Period]) -> "PostingPeriods":
        """The periods in their order, each once."""
        return cls(tuple(sorted(set(periods))))

    def holding(self, day: date) -> Period:
        """Return the period that the day lies in, the shorter one of a year and its month.

        Raises Invalid where there is none.
        """
        found = [one for one in self.periods if one.first <= day <= one.last]
        if not found:
            raise Invalid(NO_PERIOD, day=day)
        return min(found, key=lambda one: one.last - one.first)

    def before(self, day: date) -> Period:
        """Return the last period that ended before that of the day; raises Invalid."""
        now = self.holding(day)
        found = [one for one in self.periods if one.last < now.first]
        if not found:
            raise Invalid(NO_PERIOD_BEFORE, day=day)
        return max(found, key=lambda one: (one.last, one.first))


def read_periods(source: Source) -> PostingPeriods:
    """Ask a source for its posting periods; raises JobError. Not to be called in a transaction."""
    try:
        with source.query(OFPR, ()) as result:
            rows = [row for batch in result.batches() for row in batch]
    except JobError as error:
        if error.kind is not ErrorKind.SQL:
            raise
        raise JobError(
            "The posting periods cannot be read from this source: {why}",
            kind=ErrorKind.PARAMETER,
            why=error.message,
        ) from error
    return PostingPeriods.of(map(_period, rows))


def _period(row: Row) -> Period:
    first, last = map(_day, row)
    return Period(first, last)


def _day(value: object) -> date:
    """HANA keeps the days of Business One as timestamps."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise JobError(
        "The table OFPR of the source holds “{given}” where a day should be.",
        kind=ErrorKind.PARAMETER,
        given=value,
    )
