"""Which days are working days: pure, and the same for whoever holds it."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tasks.errors import Invalid

SATURDAY_AND_SUNDAY = frozenset({5, 6})
FARTHEST = 60
"""Days within which the next and the previous working day have to lie."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class WorkingDays:
    """The weekend, the days off with their names, and the days on which it is worked all the same.

    `weekend` counts from 0, Monday. Compared by identity, so that it can be a key.
    """

    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    off: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    title: str = ""

    def is_working(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day not in self.off and day.weekday() not in self.weekend

    def name_of(self, day: date) -> str:
        """Return the name of the holiday; empty for a working day and a plain weekend."""
        return "" if day in self.worked else self.off.get(day, "")

    def previous(self, day: date) -> date:
        """Return the last working day before this day; raises Invalid."""
        return self._working_day_near(day, -DAY)

    def next(self, day: date) -> date:
        """Return the first working day after this day; raises Invalid."""
        return self._working_day_near(day, DAY)

    def nth_of_month(self, year: int, month: int, n: int) -> date | None:
        """Return the nth working day of the month, -1 the last; None where there are fewer."""
        days = [day for day in _days_of(year, month) if self.is_working(day)]
        index = n - 1 if n > 0 else n
        return days[index] if -len(days) <= index < len(days) else None

    def _working_day_near(self, day: date, step: timedelta) -> date:
        for distance in range(1, FARTHEST + 1):
            if self.is_working(day + distance * step):
                return day + distance * step
        raise Invalid(
            "The calendar “{title}” has no working day within {count} days of {day}. "
            "Correct its days.",
            field="calendar_id",
            title=self.title,
            count=FARTHEST,
            day=day.isoformat(),
        )


def _days_of(year: int, month: int) -> Iterator[date]:
    return (date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1))
