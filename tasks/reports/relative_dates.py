"""Dates in words, counted from the day that a schedule meant and not from the day of the work."""

import re
from collections.abc import Callable
from datetime import date, timedelta

_DAYS_AGO = re.compile(r"days_ago\((\d{1,4})\)")


def _first_of_last_month(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


_WORDS: dict[str, Callable[[date], date]] = {
    "today": lambda day: day,
    "first_of_month": lambda day: day.replace(day=1),
    "first_of_last_month": _first_of_last_month,
    "last_of_last_month": lambda day: day.replace(day=1) - timedelta(days=1),
}


def is_relative(text: str) -> bool:
    """Whether the text is one of the words, such as `today` or `days_ago(7)`."""
    return text in _WORDS or _DAYS_AGO.fullmatch(text) is not None


def resolve_relative(word: str, day: date) -> date:
    """Return the date that the word means on `day`."""
    if match := _DAYS_AGO.fullmatch(word):
        return day - timedelta(days=int(match.group(1)))
    return _WORDS[word](day)
