"""How instants, lengths and numbers are written, in the language and zone of the request."""

from datetime import date, datetime, timedelta

from babel.dates import format_timedelta
from babel.units import format_unit
from flask import Flask
from flask_babel import (
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    get_locale,
    gettext,
)
from markupsafe import Markup

from tasks.clock import utcnow
from tasks.models import Base
from tasks.reports.bursting.keys import EMPTY, UNMATCHED

MINUTE, HOUR, DAY = 60, 3_600, 86_400
KILOBYTE = 1_000
UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")
NOTHING = "–"


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    for filter_ in (instant, ago, duration, number, percent, filesize, day, part_name):
        app.add_template_filter(filter_)
    app.add_template_global(dom_id)


def part_name(part: str) -> str:
    """Name a part as a person reads it: the two that are ours in words, others as they are."""
    if part == UNMATCHED:
        return str(gettext("without an address"))
    return str(gettext("(empty)")) if part == EMPTY else part


def dom_id(row: Base) -> str:
    """Return the id of the element that shows this row: run-7, task-definition-3."""
    return f"{row.__tablename__.replace('_', '-')}-{row.id}"


def instant(value: datetime | None, *, exact: bool = False) -> str:
    """Write an instant as a `<time>` in the display zone, with its seconds in the title.

    An exact one is written with its seconds, where it has any.
    """
    if value is None:
        return NOTHING
    to_the_second = _date_and_time(value, "HH:mm:ss")
    written = to_the_second if exact and value.second else _date_and_time(value, "HH:mm")
    return _time(value, written, title=to_the_second)


def ago(value: datetime | None) -> str:
    """Write how far an instant is from now, as a `<time>` that the browser keeps up to date."""
    if value is None:
        return NOTHING
    away = value - utcnow()
    words = format_timedelta(away, add_direction=True, threshold=1, locale=get_locale())
    return _time(value, words, title=_date_and_time(value, "HH:mm:ss"), live=True)


def duration(value: timedelta | float | None) -> str:
    """Write a length by its two largest units: 0.4 s, 26 s, 2 m 26 s, 3 h 5 m, 2 d 4 h."""
    if value is None:
        return NOTHING
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    whole = round(seconds)
    if seconds < 9.95:
        return _words(gettext("%(seconds)s s"), seconds=format_decimal(round(max(seconds, 0), 1)))
    if whole < MINUTE:
        return _words(gettext("%(seconds)s s"), seconds=whole)
    if whole < HOUR:
        minutes, rest = divmod(whole, MINUTE)
        return _words(gettext("%(minutes)s m %(seconds)s s"), minutes=minutes, seconds=rest)
    if whole < DAY:
        hours, rest = divmod(whole // MINUTE, 60)
        return _words(gettext("%(hours)s h %(minutes)s m"), hours=hours, minutes=rest)
    days, rest = divmod(whole // HOUR, 24)
    return _words(gettext("%(days)s d %(hours)s h"), days=format_decimal(days), hours=rest)


def number(value: float | None) -> str:
    """Write a number with the separators of the language."""
    return NOTHING if value is None else str(format_decimal(value))


def percent(value: float | None) -> str:
    """Write a share of one with at most one decimal: 93.5%, or %93,5 in Turkish."""
    if value is None:
        return NOTHING
    pattern = get_locale().percent_formats[None].pattern.replace("#,##0", "#,##0.#")
    return str(format_percent(value, pattern))


def filesize(value: int | None) -> str:
    """Write a number of bytes in the largest unit that fits."""
    if value is None:
        return NOTHING
    amount, unit = float(value), UNITS[0]
    for unit in UNITS:
        if amount < KILOBYTE or unit == UNITS[-1]:
            break
        amount /= KILOBYTE
    digits = 1 if unit != "byte" and amount < 100 else 0
    return str(format_unit(round(amount, digits), f"digital-{unit}", "short", locale=get_locale()))


def day(value: date | datetime | None) -> str:
    """Write a day with its weekday, such as Monday, 16 March 2026."""
    if value is None:
        return NOTHING
    pattern = "d MMMM y EEEE" if get_locale().language == "tr" else "EEEE, d MMMM y"
    return str(format_date(value, pattern))


def _date_and_time(value: datetime, time: str) -> str:
    return str(format_datetime(value, f"d MMM y {time}"))


def _words(pattern: str, **values: object) -> str:
    return pattern % values


def _time(value: datetime, text: str, *, title: str, live: bool = False) -> str:
    at = value.isoformat(timespec="seconds")
    if live:
        return Markup('<time datetime="{}" title="{}" data-ago>{}</time>').format(at, title, text)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at, title, text)
