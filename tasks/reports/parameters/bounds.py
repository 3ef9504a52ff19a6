"""The least and the most that a number, a date, a range or a month may be."""

from datetime import date
from decimal import Decimal

from tasks.reports.meant import Meant
from tasks.reports.parameters import dated, plain
from tasks.reports.parameters.types import DateSpan, ParameterType, Value

NUMBERS = (ParameterType.INTEGER, ParameterType.DECIMAL)
DAYS = (ParameterType.DATE, ParameterType.DATE_RANGE, ParameterType.MONTH)

Comparable = int | Decimal | date


def keep_bound(text: str, type: ParameterType) -> str:
    """Return a bound as it is kept: a number, a date or a word; raises ValueError."""
    if type in DAYS:
        return dated.keep_date(text)
    if type in NUMBERS:
        return plain.keep_decimal(text)
    raise ValueError(text)


def bound_of(text: str, type: ParameterType, meant: Meant) -> Comparable:
    """Return what a bound is on the day meant."""
    kept = keep_bound(text, type)
    return dated.as_date(kept, meant) if type in DAYS else Decimal(kept)


def is_below(value: Value, least: Comparable) -> bool:
    """Whether the value, or the first day of a range, is less than the bound."""
    first = value.first if isinstance(value, DateSpan) else value
    return isinstance(first, Comparable) and _size(first) < _size(least)


def is_above(value: Value, most: Comparable) -> bool:
    """Whether the value, or the last day of a range, is more than the bound."""
    last = value.last if isinstance(value, DateSpan) else value
    return isinstance(last, Comparable) and _size(last) > _size(most)


def _size(value: Comparable) -> Decimal:
    return Decimal(value.toordinal() if isinstance(value, date) else value)
