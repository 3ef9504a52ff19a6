"""The types of a Parquet table: exact for each kind of column, and wider where a value asks it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

from tasks.reports.render.layout import Layout
from tasks.reports.render.text import exact_text, whole
from tasks.rows import Column, ColumnKind

MOST_DIGITS = 38
"""Of a decimal of 128 bits, which every reader knows."""
ROOM, WHOLE_ROOM = 4, 18
"""Decimals more than the value that did not fit, so that the next one need not ask again; and the
digits before the point that these more do not take.
"""
TYPES = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.INTEGER: pa.int64(),
    ColumnKind.FLOAT: pa.float64(),
    ColumnKind.DATE: pa.date32(),
    ColumnKind.DATETIME: pa.timestamp("us"),
    ColumnKind.TIME: pa.time64("us"),
    ColumnKind.BOOLEAN: pa.bool_(),
}
TAKEN: dict[Any, frozenset[type]] = {
    pa.int64(): frozenset({int}),
    pa.float64(): frozenset({float}),
    pa.date32(): frozenset({date}),
    pa.timestamp("us"): frozenset({datetime}),
    pa.time64("us"): frozenset({time}),
    pa.bool_(): frozenset({bool}),
}
DECIMALS = frozenset({Decimal, int})


class Unfit(Exception):
    """A value has no place in the type of its column."""


def first_type(column: Column) -> Any:
    """The type that the kind of a column asks for; a decimal of unknown scale begins with 2."""
    if column.kind is ColumnKind.DECIMAL:
        scale = 2 if column.scale is None else column.scale
        return pa.decimal128(MOST_DIGITS, min(max(scale, 0), MOST_DIGITS))
    return TYPES[column.kind]


def array_of(values: Sequence[object], wanted: Any, layout: Layout) -> Any:
    """The values in this type, each of them whole; raises Unfit where one has no place in it."""
    if wanted == pa.string():
        return pa.array(texts_of(values), wanted)
    kinds = set(map(type, values)) - {type(None)}
    if not kinds <= (DECIMALS if pa.types.is_decimal(wanted) else TAKEN[wanted]):
        raise Unfit
    if wanted == pa.timestamp("us"):
        values = [layout.wall_clock(v) if v and v.tzinfo else v for v in values]  # type: ignore[attr-defined,arg-type]
    if int in kinds and pa.types.is_decimal(wanted):
        values = [None if value is None else Decimal(value) for value in values]  # type: ignore[arg-type]
    if time in kinds and any(value.tzinfo for value in values if value):  # type: ignore[attr-defined]
        raise Unfit
    try:
        return pa.array(values, wanted)
    except (pa.ArrowInvalid, OverflowError) as error:
        raise Unfit from error


def wider_type(now: Any, values: Sequence[object]) -> Any:
    """The next type that holds more: a whole number becomes a decimal, all else a text.

    A decimal that has more digits behind the point gets them, while all its digits have room.
    """
    kinds = set(map(type, values)) - {type(None)}
    if now == pa.int64() and kinds <= {int} and max_digits(values) <= MOST_DIGITS:
        return pa.decimal128(MOST_DIGITS, 0)
    if pa.types.is_decimal(now) and kinds <= DECIMALS:
        wanted = scale_for(values)
        if wanted is not None and now.scale < wanted:
            return pa.decimal128(MOST_DIGITS, wanted)
    return pa.string()


def max_digits(values: Sequence[object]) -> int:
    return max(len(str(abs(value))) for value in values if isinstance(value, int))


def scale_for(values: Sequence[object]) -> int | None:
    """Decimals enough for these numbers; None where their digits have no room together."""
    numbers = [Decimal(value) for value in values if isinstance(value, int | Decimal)]
    if not all(number.is_finite() for number in numbers):
        return None
    behind = max(-int(number.as_tuple().exponent) for number in numbers)
    before = max(number.adjusted() + 1 for number in numbers)
    room = MOST_DIGITS - max(before, 0)
    if behind > room:
        return None
    return min(behind + ROOM, max(behind, MOST_DIGITS - WHOLE_ROOM), room)


def texts_of(values: Sequence[object]) -> list[str | None]:
    return [None if value is None else whole(exact_text(value)) for value in values]
