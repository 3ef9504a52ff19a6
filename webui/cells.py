"""Values of a query as texts of a page, in the language of the request."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import format_date, format_datetime, format_time, get_locale, gettext

from tasks.rows import Column, ColumnKind

LONGEST = 300
"""Characters of a text that are shown; a column may hold megabytes."""
MONEY = 2
"""Decimals of an amount; Business One keeps six of which four are mostly zeros."""
NUMERIC = frozenset({ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT})


def cell(value: object, column: Column) -> str | None:
    """Write a value as its column's kind is written."""
    if value is None:
        return None
    write = _WRITERS.get(column.kind, _text)
    return write(value, column)


def _text(value: object, _column: Column) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _integer(value: object, _column: Column) -> str:
    return str(value)  # without separators: it is mostly the number of a document


def _decimal(value: object, column: Column) -> str:
    if not isinstance(value, Decimal | float) or column.scale is None:
        return _text(value, column)
    return _as_typed(value, f"#,##0{_decimals(column.scale)}")


def _as_typed(value: Decimal | float, pattern: str | None = None) -> str:
    return format_decimal(value, pattern, locale=get_locale(), decimal_quantization=False)


def _decimals(scale: int) -> str:
    """The decimals of a pattern: two are always there, what is zero beyond them is left out."""
    always = min(scale, MONEY)
    return f".{'0' * always}{'#' * (scale - always)}" if scale else ""


def _float(value: object, column: Column) -> str:
    if not isinstance(value, float):
        return _text(value, column)
    return _as_typed(value)


def _date(value: object, column: Column) -> str:
    return str(format_date(value)) if isinstance(value, date) else _text(value, column)


def _datetime(value: object, column: Column) -> str:
    if not isinstance(value, datetime):
        return _date(value, column)
    return str(format_datetime(value, rebase=value.tzinfo is not None))


def _time(value: object, column: Column) -> str:
    return (
        str(format_time(value, rebase=False)) if isinstance(value, time) else _text(value, column)
    )


def _yes_or_no(value: object, _column: Column) -> str:
    return str(gettext("yes") if value else gettext("no"))


_WRITERS: dict[ColumnKind, Callable[[object, Column], str]] = {
    ColumnKind.INTEGER: _integer,
    ColumnKind.DECIMAL: _decimal,
    ColumnKind.FLOAT: _float,
    ColumnKind.DATE: _date,
    ColumnKind.DATETIME: _datetime,
    ColumnKind.TIME: _time,
    ColumnKind.BOOLEAN: _yes_or_no,
}
