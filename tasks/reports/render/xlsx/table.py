"""One result in a workbook: its columns, on as many sheets as its rows need, and its totals."""

from collections.abc import Sequence

from tasks.reports.render.layout import Layout
from tasks.reports.render.renderer import by_column
from tasks.reports.render.xlsx import parts
from tasks.reports.render.xlsx.book import Book
from tasks.reports.render.xlsx.cells import ColumnCells
from tasks.reports.render.xlsx.sheet import Sheet, column_letters, text_cell
from tasks.reports.render.xlsx.styles import GENERAL, Look, number_format
from tasks.reports.render.xlsx.totals import Total
from tasks.reports.render.xlsx.widths import column_width
from tasks.rows import Column, Row

CHUNK = 500
"""Rows made into XML at once: more costs memory, fewer costs time."""


class Table:
    """Rows go in chunks to the sheet that has room; a full one is followed by another."""

    def __init__(
        self, book: Book, title: str, columns: Sequence[Column], layout: Layout, max_rows: int
    ) -> None:
        self._book, self._title = book, title
        self._columns, self._layout = columns, layout
        self._cells = [
            ColumnCells(column, column_letters(n), layout, book.styles)
            for n, column in enumerate(columns)
        ]
        self._totals = {
            n: Total(column) for n, column in enumerate(columns) if layout.has_total(column)
        }
        # The header takes a row of each sheet, the totals one of the last, whichever that will be.
        self._room = max_rows - (2 if self._totals else 1)
        self._sheets: list[Sheet] = []
        self._widths: list[int] = []
        self._finished = False

    def write(self, batch: Sequence[Row]) -> None:
        """Append the rows; ValueError where the table is over."""
        if self._finished:
            raise ValueError("The table is over: no more rows can be written to it.")
        start = 0
        while start < len(batch):
            sheet = self._sheet_with_room(batch)
            count = min(CHUNK, self._room - sheet.rows)
            values = by_column(self._columns, batch[start : start + count])
            sheet.write(self._cells, values)
            for n, total in self._totals.items():
                total.add(values[n])
            start += count

    def finish(self) -> None:
        """End the last sheet, with the totals; a result without rows gets its header.

        A second call does nothing.
        """
        if self._finished:
            return
        self._finished = True
        last = self._sheets[-1] if self._sheets else self._next_sheet([])
        if self._totals and last.rows:
            last.write_totals(self._totals_row(last.last_row + 1))
        last.finish()

    def _sheet_with_room(self, batch: Sequence[Row]) -> Sheet:
        if not self._sheets:
            return self._next_sheet(batch)
        if self._sheets[-1].rows < self._room:
            return self._sheets[-1]
        self._sheets[-1].finish()
        return self._next_sheet(batch)

    def _next_sheet(self, batch: Sequence[Row]) -> Sheet:
        sheet = self._book.new_sheet(self._title, len(self._sheets) + 1, len(self._columns))
        self._widths = self._widths or self._measured(batch)
        header = self._book.styles.number(GENERAL, Look.HEADER)
        sheet.start([column.name for column in self._columns], header, self._widths)
        self._sheets.append(sheet)
        return sheet

    def _measured(self, batch: Sequence[Row]) -> list[int]:
        values = by_column(self._columns, batch[:CHUNK])
        return [
            column_width(column, values[n], total=n in self._totals)
            for n, column in enumerate(self._columns)
        ]

    def _totals_row(self, row: int) -> str:
        label_at = next((n for n in range(len(self._columns)) if n not in self._totals), None)
        cells = []
        for n, column in enumerate(self._columns):
            name = f"{column_letters(n)}{row}"
            code = number_format(column, self._layout.language) if n in self._totals else GENERAL
            style = self._book.styles.number(code, Look.TOTALS)
            if n in self._totals:
                cells.append(self._totals[n].cell(name, style, self._ranges(n)))
            elif n == label_at:
                cells.append(text_cell(name, style, self._layout.label_of_totals))
            else:
                cells.append(f'<c r="{name}" s="{style}"/>')
        return "".join(cells)

    def _ranges(self, n: int) -> list[str] | None:
        if self._cells[n].has_numbers_as_text:
            return None
        letters, last = column_letters(n), self._sheets[-1]
        return [
            ("" if sheet is last else f"{parts.quoted(sheet.name)}!")
            + f"{letters}2:{letters}{sheet.last_row}"
            for sheet in self._sheets
        ]
