"""Dates, ranges of dates, months and instants: typed as such or as words that stay words.

What does not fit raises ValueError, which the definition turns into its sentence.
"""

import re
from datetime import UTC, date, datetime, timedelta

from tasks.reports.meant import Meant
from tasks.reports.parameters.types import DateSpan, InstantSpan
from tasks.reports.relative_dates import is_relative, resolve_relative
from tasks.reports.relative_months import is_relative_month, month_of, resolve_month

SINCE = "since_last_success"
BETWEEN = "/"
"""What stands between the two ends of a range, as in ISO 8601."""
FIRST_TIME = timedelta(hours=24)
"""How far back the first run of all looks where the author decided nothing."""

_TURKISH = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_TURKISH_MONTH = re.compile(r"(\d{1,2})[./](\d{4})")
_MONTH = re.compile(r"\d{4}-\d{2}")
_HOURS_AGO = re.compile(r"hours_ago\((\d{1,4})\)")


def keep_date(text: str) -> str:
    return text if is_relative(text) else _day(text).isoformat()


def keep_range(text: str) -> str:
    """Keep two dates or words; one of them alone is a range of one day."""
    first, between, last = text.partition(BETWEEN)
    ends = keep_date(first.strip()), keep_date((last if between else first).strip())
    if not any(map(is_relative, ends)) and ends[0] > ends[1]:
        raise ValueError(text)
    return BETWEEN.join(ends)


def keep_month(text: str) -> str:
    if is_relative_month(text):
        return text
    if turkish := _TURKISH_MONTH.fullmatch(text):
        text = f"{turkish[2]}-{turkish[1]:0>2}"
    if not _MONTH.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(f"{text}-01").isoformat()[:7]


def keep_since(text: str) -> str:
    """Keep the word, or the two instants that somebody wants instead."""
    if text == SINCE:
        return text
    first, last = (_instant(one.strip()) for one in text.split(BETWEEN))
    if first > last:
        raise ValueError(text)
    return f"{first.isoformat()}{BETWEEN}{last.isoformat()}"


def keep_start(text: str) -> str:
    """Keep from where the first run of all reads: a date, a word, an instant, or hours ago."""
    if is_relative(text) or _HOURS_AGO.fullmatch(text):
        return text
    return _instant(text).isoformat()


def as_date(text: str, meant: Meant) -> date:
    return resolve_relative(text, meant) if is_relative(text) else date.fromisoformat(text)


def as_range(text: str, meant: Meant) -> DateSpan:
    first, last = (as_date(one, meant) for one in text.split(BETWEEN))
    if first > last:
        raise ValueError(f"{first} – {last}")
    return DateSpan(first, last)


def as_month(text: str, meant: Meant) -> DateSpan:
    if is_relative_month(text):
        return DateSpan(*resolve_month(text, meant.day))
    return DateSpan(*month_of(date.fromisoformat(f"{text}-01")))


def as_since(text: str, meant: Meant, start: str) -> InstantSpan:
    """Return the span from the last success to the instant that was meant, on its zone's wall."""
    if text != SINCE:
        first, last = text.split(BETWEEN)
        return InstantSpan(datetime.fromisoformat(first), datetime.fromisoformat(last))
    if meant.last_success is None:
        return InstantSpan(_first_start(start, meant), _on_wall(meant.at, meant))
    return InstantSpan(_on_wall(meant.last_success, meant), _on_wall(meant.at, meant))


def typed_span(span: DateSpan | InstantSpan) -> str:
    """Return a span as it could be typed."""
    return f"{span.first.isoformat()}{BETWEEN}{span.last.isoformat()}"


def is_fixed(text: str) -> bool:
    """Whether what is kept says the same whenever it is meant."""
    is_word = is_relative(text) or is_relative_month(text)
    return text != SINCE and not is_word and not any(map(is_relative, text.split(BETWEEN)))


def _first_start(start: str, meant: Meant) -> datetime:
    hours = _HOURS_AGO.fullmatch(start)
    if hours or not start:
        back = timedelta(hours=int(hours[1])) if hours else FIRST_TIME
        return _on_wall(meant.at.astimezone(UTC) - back, meant)
    if is_relative(start):
        day = resolve_relative(start, meant)
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a time on the wall)
    return _instant(start)


def _on_wall(at: datetime, meant: Meant) -> datetime:
    return at.astimezone(meant.at.tzinfo).replace(tzinfo=None)


def _day(text: str) -> date:
    if turkish := _TURKISH.fullmatch(text):
        day, month, year = map(int, turkish.groups())
        return date(year, month, day)
    return date.fromisoformat(text)


def _instant(text: str) -> datetime:
    """Read a time on the wall; a date alone is its beginning."""
    day, _, time = text.replace("T", " ").partition(" ")
    instant = datetime.fromisoformat(f"{_day(day).isoformat()}T{time.strip() or '00:00'}")
    if instant.tzinfo is not None:
        raise ValueError(text)
    return instant
