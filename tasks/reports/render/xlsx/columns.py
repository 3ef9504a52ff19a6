"""The columns of a table as its sheets show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.reports.render.layout import Layout
from tasks.reports.render.xlsx.styles import Look, number_format
from tasks.reports.render.xlsx.text import column_letters
from tasks.reports.render.xlsx.widths import column_width
from tasks.rows import Column, ColumnKind

TO_THE_RIGHT = frozenset(
    {
        ColumnKind.DECIMAL,
        ColumnKind.INTEGER,
        ColumnKind.FLOAT,
        ColumnKind.DATE,
        ColumnKind.DATETIME,
        ColumnKind.TIME,
    }
)
"""Kinds whose values stand at the right of a cell; so does what is written over them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column under its shown title; `code` is its number format, `width` as its author chose."""

    name: str
    """What the query calls it."""
    letters: str
    column: Column
    code: str
    width: int | None
    has_total: bool

    @property
    def header(self) -> Look:
        if self.column.kind is ColumnKind.BOOLEAN:
            return Look.HEADER_OF_FLAGS
        return Look.HEADER_OF_NUMBERS if self.column.kind in TO_THE_RIGHT else Look.HEADER

    def width_for(self, values: Sequence[object]) -> int:
        """The width in characters, by the author or by the first values."""
        return self.width or column_width(self.column, values, total=self.has_total)


def shown_columns(columns: Sequence[Column], layout: Layout) -> list[Shown]:
    return [_shown(column, n, layout) for n, column in enumerate(columns)]


def _shown(column: Column, n: int, layout: Layout) -> Shown:
    look, shown = layout.looks.of(column), layout.looks.shown(column)
    code = look.code or number_format(shown, layout.language)
    letters = column_letters(n)
    return Shown(column.name, letters, shown, code, look.width, layout.has_total(column))
