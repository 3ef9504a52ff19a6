"""The nth working day of the month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import count
from zoneinfo import ZoneInfo

from tasks.errors import Invalid
from tasks.scheduling.instants import Instant, Timing, day_of, on_wall
from tasks.scheduling.working_days import WorkingDays

LONGEST_MONTH = 31
"""Days; who works on weekends, too, may count as far."""
LAST_YEAR = 9998
LONGEST_SEARCH = 60
"""Months in a row that may be too short for the day that is wanted, before it counts as never."""


@dataclass(frozen=True, slots=True)
class WorkingDayOfMonth(Timing):
    """At a time of the day on the nth working day of each month; -1 is the last."""

    which: int
    at: time
    zone: ZoneInfo
    days: WorkingDays

    def __post_init__(self) -> None:
        if not 1 <= abs(self.which) <= LONGEST_MONTH:
            raise Invalid(
                "The working day is a number from 1, the first, to 31, or from -1, the last, "
                "to -31.",
                field="working_day",
            )

    def instants(self, after: datetime) -> Iterator[Instant]:
        after = after.astimezone(UTC)
        start = day_of(after, self.zone)
        missed = 0
        for month in count(start.year * 12 + start.month - 1):
            year, index = divmod(month, 12)
            if year > LAST_YEAR or missed > LONGEST_SEARCH:
                return
            day = self.days.nth_of_month(year, index + 1, self.which)
            missed = missed + 1 if day is None else 0
            if day is None:
                continue
            one = on_wall(datetime.combine(day, self.at), self.zone)
            if one.at.astimezone(UTC) > after:
                yield one


def time_of_day(text: str) -> time:
    """Return the time of the day written as HH:MM; raises Invalid."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 (a time on the wall)
    except ValueError as error:
        raise Invalid(
            "“{text}” is not a time of the day such as 09:00.", field="time_of_day", text=text
        ) from error
