"""Numbers, dates and times as an Excel cell holds them; None where one of the values does not fit.

A cell is a double: 15 digits are safe, days count from 1899-12-30, and before 1900-03-01 the
count is wrong by a day that never was. What does not fit becomes text, exact and readable.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import repeat
from math import isfinite

from tasks.reports.render.layout import Layout

MAX_DIGITS = 15
MAX_INTEGER = 10**MAX_DIGITS
DAY_ZERO = date(1899, 12, 30).toordinal()
MOMENT_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (Excel knows no zones)
FIRST_DAY, FIRST_SAFE_DAY = 2, 61
"""1900-01-01 and 1900-03-01, in days from DAY_ZERO; between them Excel counts one day less."""
DAY, MILLISECOND = timedelta(days=1), timedelta(milliseconds=1)


def integers(values: list[int]) -> list[int] | None:
    return values if max(values) < MAX_INTEGER and min(values) > -MAX_INTEGER else None


def booleans(values: list[bool]) -> list[int]:
    return list(map(int, values))


def floats(values: list[float]) -> list[float] | None:
    return values if all(map(isfinite, values)) else None


def decimals(values: list[Decimal]) -> list[str] | None:
    texts = list(map(str, values))
    joined = "".join(texts)
    if "n" in joined or "N" in joined:  # NaN, sNaN, Infinity
        return None
    if "E" in joined or len(max(texts, key=len)) > MAX_DIGITS:
        return texts if all(map(fits_a_cell, texts)) else None
    return texts


def fits_a_cell(text: str) -> bool:
    """Whether a double keeps every digit of the decimal; zeros at both ends do not count."""
    mantissa, _, exponent = text.partition("E")
    digits = mantissa.lstrip("-").replace(".", "").strip("0")
    return len(digits) <= MAX_DIGITS and abs(int(exponent or 0)) < 250


def dates(values: list[date]) -> list[int] | None:
    days = [day.toordinal() - DAY_ZERO for day in values]
    if min(days) >= FIRST_SAFE_DAY:
        return days
    if min(days) < FIRST_DAY:
        return None
    return [day - (day < FIRST_SAFE_DAY) for day in days]


def moments(layout: Layout, values: list[datetime]) -> list[str] | None:
    """Days with a fraction, cut to Excel's millisecond; an instant with an offset loses it first.

    Cut, not rounded: the last microsecond of a day stays on its day (9999-12-31 has no next one).
    """
    try:
        lengths = [moment - MOMENT_ZERO for moment in values]
    except TypeError:
        values = [layout.wall_clock(moment) if moment.tzinfo else moment for moment in values]
        lengths = [moment - MOMENT_ZERO for moment in values]
    if any(length.microseconds for length in lengths):
        lengths = [length - length % MILLISECOND for length in lengths]
    first = min(lengths).days
    if first < FIRST_DAY:
        return None
    if first < FIRST_SAFE_DAY:
        lengths = [x - DAY if x.days < FIRST_SAFE_DAY else x for x in lengths]
    return [repr(length / DAY) for length in lengths]


def times(values: list[time]) -> list[str]:
    return [
        repr((t.hour * 3600 + t.minute * 60 + t.second + t.microsecond // 1000 / 1000) / 86_400)
        for t in values
    ]


def lengths(values: list[timedelta]) -> list[float] | None:
    """Days; None for lengths below zero, which Excel shows as a row of #."""
    days = list(map(timedelta.__truediv__, values, repeat(DAY)))
    return days if min(days) >= 0 else None
