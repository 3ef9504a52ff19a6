"""The cells of one column: the hot loop of the writer.

A chunk of rows becomes XML by one `%` a row. Each column gives its piece of that row's template,
with the arguments that the piece takes. Where all values of a chunk have one type, the piece is
the whole cell and the argument is the bare value; else the cells are made one by one.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from types import NoneType
from typing import Any

from tasks.errors import ErrorKind, JobError
from tasks.reports.render.codes import CLOCK, DAYS, GENERAL, LENGTH, TEXT
from tasks.reports.render.layout import Layout
from tasks.reports.render.text import exact_text
from tasks.reports.render.xlsx import numbers
from tasks.reports.render.xlsx.styles import Styles
from tasks.reports.render.xlsx.text import MAX_LENGTH, xml_text, xml_texts
from tasks.rows import Column, ColumnKind

Piece = tuple[str, tuple[Sequence[object], ...]]
Converter = Callable[[Any], Sequence[object] | None]  # each takes a list of its own type

NUMBER_CELL = '<c r="{}%s" s="{}"><v>%s</v></c>'
BOOLEAN_CELL = '<c r="{}%s" s="{}" t="b"><v>%s</v></c>'
TEXT_CELL = '<c r="{}%s" s="{}" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'

NUMERIC = frozenset({bool, int, float, Decimal})
OWN_TYPES: dict[ColumnKind, frozenset[type]] = {
    ColumnKind.TEXT: frozenset(),
    ColumnKind.INTEGER: NUMERIC,
    ColumnKind.DECIMAL: NUMERIC,
    ColumnKind.FLOAT: NUMERIC,
    ColumnKind.DATE: frozenset({date, datetime}),
    ColumnKind.DATETIME: frozenset({date, datetime}),
    ColumnKind.TIME: frozenset({time}),
    ColumnKind.BOOLEAN: frozenset({bool}),
}
"""The types that wear the column's own number format; any other wears its type's usual one."""


class ColumnCells:
    """Writes the cells of a column; a TEXT column holds text, whatever comes."""

    def __init__(
        self, column: Column, letters: str, layout: Layout, styles: Styles, code: str
    ) -> None:
        """`code` is the number format of values of the column's own types."""
        self._column = column
        self._text_cell = TEXT_CELL.format(letters, styles.number(TEXT))
        self._converters = {} if column.kind is ColumnKind.TEXT else converters(layout)
        self._cells = cell_templates(OWN_TYPES[column.kind], code, letters, layout, styles)
        self.has_numbers_as_text = False
        """Whether a number was too long for Excel, so that Excel's own sum would miss it."""

    def piece(self, values: Sequence[object], rows: Sequence[str]) -> Piece:
        """The template and its arguments for the column's values in these rows."""
        types = set(map(type, values))
        present = [v for v in values if v is not None] if NoneType in types else values
        types.discard(NoneType)
        if not types:
            return "", ()
        cell, plain = self._plain(types.pop(), present) if len(types) == 1 else ("", None)
        if plain is None:
            return "%s", (list(map(self._cell, values, rows)),)
        if present is values:
            return cell, (rows, plain)
        following = iter(plain)
        cells = [
            "" if value is None else cell % (row, next(following))
            for value, row in zip(values, rows, strict=True)
        ]
        return "%s", (cells,)

    def _plain(self, kind: type, values: Sequence[object]) -> tuple[str, Sequence[object] | None]:
        """The cell's template, and the values as it takes them: None where one does not fit."""
        if kind is str:
            return self._text_cell, xml_texts(values)  # type: ignore[arg-type]
        convert = self._converters.get(kind)
        if convert is None:
            return "", None
        return self._cells[kind], convert(values)

    def _cell(self, value: object, row: str) -> str:
        """One cell of any value; what is no number for Excel is written as exact text."""
        if value is None:
            return ""
        for kind, convert in self._converters.items():
            if isinstance(value, kind):
                plain = convert([value])
                if plain is not None:
                    return self._cells[kind] % (row, plain[0])
                self.has_numbers_as_text |= is_finite_number(value)
                break
        return self._text_cell % (row, self._escaped(exact_text(value), row))

    def _escaped(self, text: str, row: str) -> str:
        try:
            return xml_text(text)
        except ValueError as error:
            raise JobError(
                'The text in column "{name}", row {row} is too long for Excel: {error}, and a cell '
                "holds {most}. Shorten it in the SQL, for example with LEFT, or choose CSV.",
                kind=ErrorKind.RENDER,
                name=self._column.name,
                row=row,
                error=error,
                most=f"{MAX_LENGTH:,}",
            ) from None


def converters(layout: Layout) -> dict[type, Converter]:
    """From a type to what writes it; a type comes before those it is a kind of."""
    return {
        bool: numbers.booleans,
        int: numbers.integers,
        float: numbers.floats,
        Decimal: numbers.decimals,
        datetime: partial(numbers.moments, layout),
        date: numbers.dates,
        time: numbers.times,
        timedelta: numbers.lengths,
    }


def cell_templates(
    own: frozenset[type], code: str, letters: str, layout: Layout, styles: Styles
) -> dict[type, str]:
    """The cell of each type; values of the column's own types wear its number format."""
    day = DAYS[layout.language]
    usual = {datetime: f"{day} {CLOCK}", date: day, time: CLOCK, timedelta: LENGTH}
    return {
        kind: (BOOLEAN_CELL if kind is bool else NUMBER_CELL).format(
            letters, styles.number(code if kind in own else usual.get(kind, GENERAL))
        )
        for kind in converters(layout)
    }


def is_finite_number(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int)
