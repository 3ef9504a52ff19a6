"""Months in words, counted from the day that was meant."""

import re
from datetime import date

from tasks.reports.relative_dates import DAY, months_later

_MONTHS_AGO = re.compile(r"months_ago\((\d{1,4})\)")

_AHEAD = {"this_month": 0, "last_month": -1, "next_month": 1, "same_month_last_year": -12}


def is_relative_month(text: str) -> bool:
    """Whether the text is one of the words, such as `last_month` or `months_ago(3)`."""
    return text in _AHEAD or _MONTHS_AGO.fullmatch(text) is not None


def resolve_month(word: str, day: date) -> tuple[date, date]:
    """Return the first and the last day of the month that the word means on `day`."""
    match = _MONTHS_AGO.fullmatch(word)
    return month_of(months_later(day, -int(match.group(1)) if match else _AHEAD[word]))


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month that the day lies in."""
    first = day.replace(day=1)
    return first, months_later(first, 1) - DAY


def month_words() -> list[str]:
    """Return the words, the counted one with an example of a number."""
    return [*_AHEAD, "months_ago(3)"]
