"""The XLSX renderer: rows go in chunks to the sheet that has room; the other parts come last."""

from collections.abc import Sequence
from pathlib import Path

from tasks.errors import ErrorKind, JobError
from tasks.reports.render.layout import Layout
from tasks.reports.render.renderer import FileRenderer, by_column
from tasks.reports.render.xlsx import parts
from tasks.reports.render.xlsx.archive import Archive
from tasks.reports.render.xlsx.cells import ColumnCells
from tasks.reports.render.xlsx.sheet import Sheet, column_letters, text_cell
from tasks.reports.render.xlsx.styles import GENERAL, Look, Styles, number_format
from tasks.reports.render.xlsx.totals import Total
from tasks.reports.render.xlsx.widths import column_width
from tasks.rows import Column, Row

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
CHUNK = 500
"""Rows made into XML at once: more costs memory, fewer costs time."""


class XlsxRenderer(FileRenderer):
    """Writes a workbook; rows beyond `max_rows` a sheet go on on the next sheet."""

    def __init__(
        self, path: Path, columns: Sequence[Column], layout: Layout, *, max_rows: int = MAX_ROWS
    ) -> None:
        if len(columns) > MAX_COLUMNS:
            raise JobError(
                "The query gives {columns} columns, and a sheet of Excel holds {most}. "
                "Select fewer, or choose CSV.",
                kind=ErrorKind.RENDER,
                columns=f"{len(columns):,}",
                most=f"{MAX_COLUMNS:,}",
            )
        super().__init__(path, columns)
        self._columns, self._layout = columns, layout
        self._archive = Archive(self._file)
        self._styles = Styles()
        self._cells = [
            ColumnCells(column, column_letters(n), layout, self._styles)
            for n, column in enumerate(columns)
        ]
        self._totals = {
            n: Total(column) for n, column in enumerate(columns) if layout.has_total(column)
        }
        # The header takes a row of each sheet, the totals one of the last, whichever that will be.
        self._room = max_rows - (2 if self._totals else 1)
        self._sheets: list[Sheet] = []
        self._widths: list[int] = []

    def _write(self, batch: Sequence[Row]) -> None:
        start = 0
        while start < len(batch):
            sheet = self._sheet_with_room(batch)
            count = min(CHUNK, self._room - sheet.rows)
            values = by_column(self._columns, batch[start : start + count])
            sheet.write(self._cells, values)
            for n, total in self._totals.items():
                total.add(values[n])
            start += count

    def _finish(self) -> None:
        last = self._sheets[-1] if self._sheets else self._next_sheet([])
        if self._totals and last.rows:
            last.write_totals(self._totals_row(last.last_row + 1))
        last.finish()
        self._add_last_parts()
        self._archive.close()

    def _sheet_with_room(self, batch: Sequence[Row]) -> Sheet:
        if not self._sheets:
            return self._next_sheet(batch)
        if self._sheets[-1].rows < self._room:
            return self._sheets[-1]
        self._sheets[-1].finish()
        return self._next_sheet(batch)

    def _next_sheet(self, batch: Sequence[Row]) -> Sheet:
        if not self._sheets:
            self._add_first_parts()
        number = len(self._sheets) + 1
        name = parts.sheet_name(self._layout.title, number)
        sheet = Sheet(self._archive, number, name, len(self._columns))
        self._widths = self._widths or self._measured(batch)
        header = self._styles.number(GENERAL, Look.HEADER)
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
            style = self._styles.number(code, Look.TOTALS)
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

    def _add_first_parts(self) -> None:
        # Mail filters tell a workbook from any other zip by the first three names, in this order.
        self._add("[Content_Types].xml", parts.content_types())
        self._add("_rels/.rels", parts.package_relationships())

    def _add_last_parts(self) -> None:
        names = [sheet.name for sheet in self._sheets]
        filters = [sheet.filtered for sheet in self._sheets]
        self._add("xl/workbook.xml", parts.workbook(names, filters))
        self._add("xl/_rels/workbook.xml.rels", parts.workbook_relationships(len(names)))
        self._add("xl/styles.xml", self._styles.xml())
        self._add("docProps/core.xml", parts.core_properties(self._layout.title))

    def _add(self, name: str, xml: str) -> None:
        self._archive.add(name, (parts.DECLARATION + xml).encode())
