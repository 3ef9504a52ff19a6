"""Dates in words, counted from the day that a schedule meant and not from the day of the work."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from tasks.errors import Invalid
from tasks.reports.meant import Meant
from tasks.reports.posting_periods import PostingPeriods

Rule = Callable[[date], date]

DAY = timedelta(days=1)
UNITS = {"month": 1, "quarter": 3, "year": 12}
"""Months of each unit; a week begins on Monday."""

_DAYS_AGO = re.compile(r"days_ago\((\d{1,4})\)")
_MONTHS_AGO = re.compile(r"months_ago\((\d{1,4})\)")


def is_relative(text: str) -> bool:
    """Whether the text is one of the words, such as `today` or `days_ago(7)`."""
    counted = _DAYS_AGO.fullmatch(text) or _MONTHS_AGO.fullmatch(text)
    known = text in _OF_CALENDAR or text in _OF_PERIODS or text in _RULES
    return known or counted is not None


def minds_working_days(text: str) -> bool:
    """Whether the word means another day where other days are worked."""
    return text in _OF_CALENDAR


def minds_periods(text: str) -> bool:
    """Whether the word means a day that only the posting periods of the source tell."""
    return text in _OF_PERIODS


def resolve_relative(word: str, meant: Meant) -> date:
    """Return the date that the word means.

    Raises Invalid where no day near it is worked, and where it lies in no posting period.
    """
    if match := _DAYS_AGO.fullmatch(word):
        return meant.day - int(match.group(1)) * DAY
    if match := _MONTHS_AGO.fullmatch(word):
        return months_later(meant.day, -int(match.group(1)))
    if word in _OF_CALENDAR:
        return _OF_CALENDAR[word](meant)
    if word in _OF_PERIODS:
        return _OF_PERIODS[word](_periods(meant), meant.day)
    return _RULES[word](meant.day)


def words() -> list[str]:
    """Return the words, the counted ones with an example of a number."""
    counted = ["days_ago(7)", "months_ago(3)"]
    first = ["today", "yesterday", "tomorrow"]
    others = [one for one in _RULES if one not in first]
    return [*first, *_OF_CALENDAR, *others, *counted, *_OF_PERIODS]


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a month that is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def _periods(meant: Meant) -> PostingPeriods:
    if meant.periods is None:
        raise Invalid("Posting periods are known only to a report, from the source that it reads.")
    return meant.periods


def _week(ahead: int) -> tuple[Rule, Rule]:
    def first(day: date) -> date:
        return day + (7 * ahead - day.weekday()) * DAY

    return first, lambda day: first(day) + 6 * DAY


def _unit(months: int, ahead: int) -> tuple[Rule, Rule]:
    """Return the first and the last day of the unit that is so many units ahead."""

    def first(day: date) -> date:
        begin = (day.month - 1) // months * months + 1
        return months_later(date(day.year, begin, 1), ahead * months)

    return first, lambda day: months_later(first(day), months) - DAY


def _edges() -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for unit in ("week", *UNITS):
        for which, ahead in (("", 0), ("last_", -1), ("next_", 1)):
            first, last = _unit(UNITS[unit], ahead) if unit in UNITS else _week(ahead)
            rules |= {f"first_of_{which}{unit}": first, f"last_of_{which}{unit}": last}
    return rules


_OF_CALENDAR: dict[str, Callable[[Meant], date]] = {
    "previous_working_day": lambda meant: meant.days.previous(meant.day),
    "next_working_day": lambda meant: meant.days.next(meant.day),
}
_OF_PERIODS: dict[str, Callable[[PostingPeriods, date], date]] = {
    "posting_period_start": lambda periods, day: periods.holding(day).first,
    "posting_period_end": lambda periods, day: periods.holding(day).last,
    "previous_posting_period_start": lambda periods, day: periods.before(day).first,
    "previous_posting_period_end": lambda periods, day: periods.before(day).last,
}
_RULES: dict[str, Rule] = {
    "today": lambda day: day,
    "yesterday": lambda day: day - DAY,
    "tomorrow": lambda day: day + DAY,
    **_edges(),
    "same_day_last_month": lambda day: months_later(day, -1),
    "same_day_last_year": lambda day: months_later(day, -12),
}
