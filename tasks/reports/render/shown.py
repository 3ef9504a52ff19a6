"""Values as people read them on a page: numbers, dates and words in the language of the file."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from types import NoneType
from typing import Any

from tasks.reports.exact import exact
from tasks.reports.render.layout import Language, Layout
from tasks.reports.render.page_codes import day_writer, number_code
from tasks.reports.render.text import exact_text, whole
from tasks.rows import Column, ColumnKind

NUMERIC = frozenset({ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT})
DAYS = frozenset({ColumnKind.DATE, ColumnKind.DATETIME})
YES_NO = {Language.ENGLISH: ("Yes", "No"), Language.TURKISH: ("Evet", "Hayır")}
SWAPPED = str.maketrans(",.", ".,")
LONGEST_GROUPED = 100
"""Digits; a longer number is written with its exponent, as it came."""


class Shown:
    """The texts of one column's values; only a format of its author rounds what is shown."""

    def __init__(self, column: Column, layout: Layout) -> None:
        shown, code = layout.looks.shown(column), layout.looks.of(column).code
        self.is_number = shown.kind in NUMERIC
        """Numbers stand on the right of their cells."""
        self._layout, self._turkish = layout, layout.language is Language.TURKISH
        self._places = column.scale or 0
        self._number_code = number_code(code) if self.is_number else None
        self._write_day = day_writer(code) if shown.kind in DAYS else None
        self._yes, self._no = YES_NO[layout.language]
        self._texts: dict[type, Callable[[Any], str]] = {
            str: str,
            bool: self._boolean,
            int: self._decimal if self._groups_whole_numbers(column) else str,
            float: self._float,
            Decimal: self._decimal,
            datetime: self._moment,
            date: self._day,
            time: time.isoformat,
            NoneType: lambda _: "",
        }

    def texts(self, values: Sequence[object]) -> list[str]:
        """The texts of the values; they may hold any sign that a text can have."""
        kinds = set(map(type, values))
        if len(kinds) == 1 and (convert := self._texts.get(kinds.pop())):
            return list(map(convert, values))
        return list(map(self.text, values))

    def text(self, value: object) -> str:
        """The text of one value."""
        for kind in type(value).__mro__:
            if convert := self._texts.get(kind):
                return convert(value)
        return exact_text(value)

    def _groups_whole_numbers(self, column: Column) -> bool:
        return column.kind is ColumnKind.DECIMAL or self._number_code is not None

    def _boolean(self, value: bool) -> str:
        return self._yes if value else self._no

    def _float(self, value: float) -> str:
        if self._number_code and isfinite(value):
            return self._decimal(exact(value))
        text = exact_text(value)
        return text.translate(SWAPPED) if self._turkish else text

    def _decimal(self, value: Decimal | int) -> str:
        """Grouped by thousands, with at least the column's decimals, and all that the value has."""
        if isinstance(value, int):
            value = Decimal(value)
        if not value.is_finite() or abs(value.adjusted()) > LONGEST_GROUPED:
            return str(value)
        if self._number_code:
            text = self._number_code.text(value)
            return text.translate(SWAPPED) if self._turkish else text
        text = f"{value:,f}"
        whole_part, _, decimals = text.partition(".")
        if len(decimals) < self._places:
            text = f"{whole_part}.{decimals:0<{self._places}}"
        return text.translate(SWAPPED) if self._turkish else text

    def _day(self, value: date) -> str:
        if self._write_day:
            return self._write_day(value)
        text = value.isoformat()
        return f"{text[8:10]}.{text[5:7]}.{text[:4]}" if self._turkish else text

    def _moment(self, value: datetime) -> str:
        if value.tzinfo:
            value = self._layout.wall_clock(value)
        if self._write_day:
            return self._write_day(value)
        text = value.isoformat(" ")
        return f"{text[8:10]}.{text[5:7]}.{text[:4]}{text[10:]}" if self._turkish else text


def count_shown(count: int, language: Language) -> str:
    """A number of rows or pages, grouped by thousands."""
    return f"{count:,}".replace(",", "." if language is Language.TURKISH else ",")


CONTROLS = {code: 0x2400 + code for code in range(32) if code not in (9, 10)} | {127: 0x2421}
"""From a control sign, which no page can show, to its picture: U+0001 to ␁."""


def visible(text: str) -> str:
    """The text with a picture for each control sign but tab and line end; no half letters."""
    if text.isprintable():
        return text
    return whole(text.replace("\r\n", "\n")).translate(CONTROLS)
