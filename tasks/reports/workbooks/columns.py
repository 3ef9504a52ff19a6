"""The columns of a template as they are written row by row: values of the query, and formulas."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Protocol

from tasks.errors import ErrorKind, JobError
from tasks.reports.render.layout import Layout
from tasks.reports.render.xlsx.cells import ColumnCells, Piece
from tasks.reports.render.xlsx.styles import number_format
from tasks.reports.render.xlsx.text import markup_escaped
from tasks.reports.workbooks.growth import sliding
from tasks.reports.workbooks.looks import ColumnLooks, TemplateLooks
from tasks.reports.workbooks.target import Wanted
from tasks.rows import Column

Values = Sequence[Sequence[object]]


class Filled(Protocol):
    """A column that gives its piece of the template of a row, as those of `cells.py` do."""

    letters: str

    def piece(self, values: Values, rows: Sequence[str]) -> Piece:
        """The piece and its arguments; `values` are those of all columns of the query."""


class QueryColumn:
    """A column of the query under the style of its template's cell; nothing keeps the style."""

    def __init__(
        self, letters: str, number: int, column: Column, layout: Layout, looks: ColumnLooks
    ) -> None:
        self.letters, self.number, self.column = letters, number, column
        code = number_format(column, layout.language)
        self.cells = ColumnCells(column, letters, layout, looks, code)
        self._empty = f'<c r="{letters}{{}}" s="{looks.plain}"/>'

    def piece(self, values: Values, rows: Sequence[str]) -> Piece:
        piece, slots = self.cells.piece(values[self.number], rows)
        if not piece:
            return self._empty.format("%s"), (rows,)
        if piece == "%s":
            cells = zip(slots[0], rows, strict=True)
            return piece, ([cell or self._empty.format(row) for cell, row in cells],)
        return piece, slots


class FormulaColumn:
    """A formula of the template in each row; references without $ follow the row."""

    def __init__(self, letters: str, style: int, formula: str, first: int) -> None:
        self.letters = letters
        self._first = first
        self._pieces = sliding(formula)
        self._cell = f'<c r="{letters}%s" s="{style}"><f>%s</f></c>'

    def piece(self, values: Values, rows: Sequence[str]) -> Piece:  # noqa: ARG002
        return self._cell, (rows, self._formulas(rows))

    def _formulas(self, rows: Sequence[str]) -> Sequence[str]:
        if len(self._pieces) == 1:
            return list(repeat(markup_escaped(str(self._pieces[0])), len(rows)))
        return [markup_escaped(self._formula(int(row) - self._first)) for row in rows]

    def _formula(self, distance: int) -> str:
        return "".join(
            str(piece + distance) if isinstance(piece, int) else piece for piece in self._pieces
        )


def filled_columns(
    wanted: Sequence[Wanted],
    formulas: Mapping[str, str],
    styles: Mapping[str, int],
    columns: Sequence[Column],
    layout: Layout,
    looks: TemplateLooks,
    first: int,
) -> list[Filled]:
    """Return the columns from left to right; raises JobError for one that nobody fills.

    A column of the query goes before a formula of the same heading; those that the template does
    not name are left out.
    """
    known = _by_heading(columns, layout)
    missing = [
        one.header
        for one in wanted
        if _folded(one.header) not in known and one.letters not in formulas
    ]
    if missing:
        raise JobError(
            "The workbook template wants columns that the query does not give: {missing}. Name "
            "them in the query as the template's headings, or change the template. The query "
            "gives: {given}.",
            kind=ErrorKind.SQL,
            missing=", ".join(missing),
            given=", ".join(column.name for column in columns),
        )
    filled: dict[str, Filled] = {}
    for letters, formula in formulas.items():
        filled[letters] = FormulaColumn(letters, styles.get(letters, 0), formula, first)
    for one in wanted:
        if (n := known.get(_folded(one.header))) is not None:
            code = number_format(columns[n], layout.language)
            own = ColumnLooks(looks, styles.get(one.letters, 0), code)
            filled[one.letters] = QueryColumn(one.letters, n, columns[n], layout, own)
    return [filled[letters] for letters in sorted(filled, key=lambda one: (len(one), one))]


def _by_heading(columns: Sequence[Column], layout: Layout) -> dict[str, int]:
    """Return the number of each column by its name, and by the title that people read."""
    shown = {_folded(layout.looks.shown(one).name): n for n, one in enumerate(columns)}
    return shown | {_folded(one.name): n for n, one in enumerate(columns)}


def _folded(header: str) -> str:
    """Headings are compared without case, line breaks and doubled spaces."""
    return " ".join(header.split()).casefold()
