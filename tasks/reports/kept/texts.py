"""Values as exact text, column by column: equal values have equal texts.

A number is written without the zeros that say nothing, so 1.0 and 1.00 are one. A value that is
not of its column's own type carries a mark, so the text gives back an equal value of its type;
what no mark knows comes back as its text.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any

from tasks.reports.render.text import exact_text
from tasks.rows import Column, ColumnKind, Row

MARK = "\0"
"""Begins the text of a value that is not of its column's own type, before a letter for its type."""
FARTHEST = 60
"""Digits before or after the point up to which a number is written without an exponent."""

Texts = list[str | None]
"""The texts of one column; None is a missing value."""


def texts_of(columns: Sequence[Column], batch: Sequence[Row]) -> list[Texts]:
    """Return the texts of a batch, one list a column."""
    values = zip(*batch, strict=True) if batch else ((),) * len(columns)
    return [_texts(column.kind, list(each)) for column, each in zip(columns, values, strict=True)]


def text_of(kind: ColumnKind, value: object) -> str | None:
    """Return the text of a value in a column of this kind."""
    if value is None:
        return None
    write = _OWN[kind].get(type(value))
    return _marked(value) if write is None else _whole(write(value))


def value_of(kind: ColumnKind, text: str | None) -> object:
    """Return the value that the text was made from."""
    if text is None:
        return None
    if text.startswith(MARK):
        return _READ_MARKED[text[1]](text[2:])
    return _READ[kind](text)


def _texts(kind: ColumnKind, values: list[Any]) -> Texts:
    types = set(map(type, values))
    has_none = NoneType in types
    types.discard(NoneType)
    write = _OWN[kind].get(next(iter(types))) if len(types) == 1 else None
    if write is None:
        return [text_of(kind, value) for value in values] if types else values
    if write is _text:
        return values if _is_plain(values, has_none) else [text_of(kind, one) for one in values]
    if has_none:
        return [None if value is None else write(value) for value in values]
    return list(map(write, values))


def _is_plain(values: Sequence[str | None], has_none: bool) -> bool:
    """Whether the texts stand for themselves: none begins with the mark, none is half a letter."""
    present = [one for one in values if one is not None] if has_none else values
    try:
        "".join(present).encode()  # type: ignore[arg-type]
    except UnicodeEncodeError:
        return False
    return not any(one.startswith(MARK) for one in present if one < "\1")  # type: ignore[union-attr,operator]


def _whole(text: str) -> str:
    """Return the text as it is, or marked where a file could not hold it so."""
    if text.startswith(MARK) or (not text.isascii() and not _is_encodable(text)):
        return f"{MARK}s{json.dumps(text)}"
    return text


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _marked(value: object) -> str:
    for kind, letter, write in _MARKED:
        if isinstance(value, kind):
            return f"{MARK}{letter}{write(value)}"
    return f"{MARK}s{json.dumps(exact_text(value))}"


def _text(value: str) -> str:
    return value


def _decimal(value: Decimal) -> str:
    text = str(value)
    if "." not in text and "E" not in text:
        return "0" if text == "-0" else text
    if "E" in text:
        if not -FARTHEST < value.adjusted() < FARTHEST:
            return _far(value)
        text = f"{value:f}"
        if "." not in text:
            return "0" if not value else text
    text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _far(value: Decimal) -> str:
    """Return a number that is mostly zeros with its exponent, and its digits without zeros."""
    if not value:
        return "0"
    sign, digits, exponent = value.as_tuple()
    shown = "".join(map(str, digits)).rstrip("0")
    power = int(exponent) + len(digits) - len(shown)
    return f"{'-' if sign else ''}{shown}E{power:+d}"


def _float(value: float) -> str:
    return repr(value + 0.0)  # -0.0 is 0.0


def _length(value: timedelta) -> str:
    return str(value // timedelta(microseconds=1))


def _hex(value: bytes | bytearray | memoryview) -> str:
    return bytes(value).hex()


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _number(text: str) -> int | Decimal:
    return int(text) if text.lstrip("-").isdigit() and len(text) < 4_000 else Decimal(text)


_NUMBERS: dict[type, Callable[[Any], str]] = {int: str, Decimal: _decimal}
_OWN: dict[ColumnKind, dict[type, Callable[[Any], str]]] = {
    ColumnKind.TEXT: {str: _text},
    ColumnKind.INTEGER: _NUMBERS,
    ColumnKind.DECIMAL: _NUMBERS,
    ColumnKind.FLOAT: {float: _float},
    ColumnKind.DATE: {date: date.isoformat},
    ColumnKind.DATETIME: {datetime: datetime.isoformat},
    ColumnKind.TIME: {time: time.isoformat},
    ColumnKind.BOOLEAN: {bool: _truth},
}
_MARKED: tuple[tuple[type | tuple[type, ...], str, Callable[[Any], str]], ...] = (
    (bool, "b", _truth),
    (int, "n", str),
    (Decimal, "n", _decimal),
    (float, "f", _float),
    (datetime, "m", datetime.isoformat),
    (date, "d", date.isoformat),
    (time, "t", time.isoformat),
    (timedelta, "l", _length),
    ((bytes, bytearray, memoryview), "x", _hex),
)
"""By type: the letter behind the mark; a type stands before those that it is a kind of."""
_READ: dict[ColumnKind, Callable[[str], object]] = {
    ColumnKind.TEXT: str,
    ColumnKind.INTEGER: _number,
    ColumnKind.DECIMAL: Decimal,
    ColumnKind.FLOAT: float,
    ColumnKind.DATE: date.fromisoformat,
    ColumnKind.DATETIME: datetime.fromisoformat,
    ColumnKind.TIME: time.fromisoformat,
    ColumnKind.BOOLEAN: "true".__eq__,
}
_READ_MARKED: dict[str, Callable[[str], object]] = {
    "b": "true".__eq__,
    "n": _number,
    "f": float,
    "m": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "l": lambda text: timedelta(microseconds=int(text)),
    "x": bytes.fromhex,
    "s": json.loads,
}
