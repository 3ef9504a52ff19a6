"""One result in a workbook: its columns, on as many sheets as its rows need, and its totals."""

from collections.abc import Mapping, Sequence

from tasks.reports.render.codes import GENERAL
from tasks.reports.render.layout import Layout
from tasks.reports.render.renderer import by_column
from tasks.reports.render.xlsx import words
from tasks.reports.render.xlsx.book import Book
from tasks.reports.render.xlsx.cells import ColumnCells
from tasks.reports.render.xlsx.colours import rules_xml
from tasks.reports.render.xlsx.columns import shown_columns
from tasks.reports.render.xlsx.sheet import Sheet, StyledText, text_cell
from tasks.reports.render.xlsx.styles import Look
from tasks.reports.render.xlsx.sums import Sums
from tasks.reports.render.xlsx.totals import VISIBLE, Total
from tasks.rows import Column, Row

CHUNK = 500
"""Rows made into XML at once: more costs memory, fewer costs time."""

Values = Sequence[Sequence[object]]
"""The values of some rows, column by column."""


class Table:
    """Rows go in chunks to the sheet that has room; a full one is followed by another."""

    levels = 0
    """How deep the rows can be folded."""
    function = VISIBLE
    """The function of SUBTOTAL in the sums."""

    def __init__(
        self, book: Book, title: str, columns: Sequence[Column], layout: Layout, max_rows: int
    ) -> None:
        self._book, self._title, self._max_rows = book, title, max_rows
        self._columns, self._layout = columns, layout
        self._shown = shown_columns(columns, layout)
        self._cells = [
            ColumnCells(one.column, one.letters, layout, book.styles, one.code)
            for one in self._shown
        ]
        self._sums = Sums(self._shown, self._cells, book.styles, self.function)
        self._totals = self._new_totals()
        self._sheets: list[Sheet] = []
        self._widths: list[int] = []
        self._finished = False

    @property
    def sheet_names(self) -> list[str]:
        """The sheets that hold the rows, in their order."""
        return [sheet.name for sheet in self._sheets]

    def write(self, batch: Sequence[Row]) -> None:
        """Append the rows; ValueError where the table is over."""
        if self._finished:
            raise ValueError("The table is over: no more rows can be written to it.")
        for start in range(0, len(batch), CHUNK):
            values = by_column(self._columns, batch[start : start + CHUNK])
            if not self._sheets:
                self._begin(values)
            self._write_chunk(values)
            for n, total in self._totals.items():
                total.add(values[n])

    def finish(self) -> None:
        """End the last sheet, with the totals; a result without rows gets its header.

        A second call does nothing.
        """
        if self._finished:
            return
        self._finished = True
        if not self._sheets:
            self._begin([()] * len(self._columns))
        last = self._sheets[-1]
        if self._totals and last.rows:
            spans = [(sheet, sheet.first_row, sheet.last_row) for sheet in self._sheets]
            label = (self._sums.label_at, self._layout.label_of_totals)
            at = (last, last.last_row + 1)
            last.write_last(self._sums.row(at, Look.TOTALS, self._totals, spans, label))
        self._end(last)

    def _write_chunk(self, values: Values) -> None:
        count, start = len(values[0]), 0
        while start < count:
            sheet = self._sheet_with_room()
            rows = sheet.reserve(min(count - start, self._room(sheet)))
            part = part_of(values, start, start + len(rows))
            sheet.append(sheet.lines(self._cells, part, rows))
            start += len(rows)

    def _new_totals(self) -> dict[int, Total]:
        """A sum for each column that has one, by the number of the column."""
        return {n: Total(one.column) for n, one in enumerate(self._shown) if one.has_total}

    def _sheet_with_room(self) -> Sheet:
        sheet = self._sheets[-1]
        return sheet if self._room(sheet) > 0 else self._go_on(sheet)

    def _room(self, sheet: Sheet) -> int:
        """Rows that the sheet still takes; its last one is for the totals, or for a notice."""
        return self._max_rows - 1 - sheet.last_row

    def _begin(self, values: Values) -> None:
        """Begin the first sheet; the first values say how wide the columns of all are."""
        self._widths = self._widths_for(values)
        self._start(self._book.free_name(self._title, 1), self._above())

    def _labels(self) -> Mapping[int, str]:
        """How the labels of sums between the rows end, by the number of their column."""
        return {}

    def _widths_for(self, values: Values) -> list[int]:
        return [one.width_for(values[n]) for n, one in enumerate(self._shown)]

    def _go_on(self, full: Sheet) -> Sheet:
        """End a full sheet and begin the next one; each names the other in words."""
        name = self._book.free_name(self._title, len(self._sheets) + 1)
        text, style = self._notice(words.goes_on(name, self._layout.language))
        full.write_last(text_cell(f"A{full.last_row + 1}", style, text))
        self._end(full)
        come_from = self._notice(words.comes_from(full.name, self._layout.language))
        return self._start(name, [*self._above(), come_from])

    def _start(self, name: str, above: Sequence[StyledText]) -> Sheet:
        sheet = self._book.new_sheet(name, len(self._columns))
        header = [
            (one.column.name, self._book.styles.number(GENERAL, one.header)) for one in self._shown
        ]
        sheet.start(above, header, self._widths, self.levels)
        if self._room(sheet) < 1:
            raise ValueError(f"A sheet of {self._max_rows} rows has no room for one of the result.")
        self._sheets.append(sheet)
        return sheet

    def _above(self) -> list[StyledText]:
        lines = self._layout.looks.above
        looks = [Look.TITLE, *[Look.ABOVE] * len(lines)]
        return [
            (text, self._book.styles.number(GENERAL, look))
            for text, look in zip(lines, looks, strict=False)
        ]

    def _notice(self, text: str) -> StyledText:
        return text, self._book.styles.number(GENERAL, Look.NOTICE)

    def _end(self, sheet: Sheet) -> None:
        rows = (sheet.first_row, sheet.last_row)
        rules = rules_xml(
            self._layout.looks.rules, self._shown, rows, self._book.styles, self._labels()
        )
        sheet.finish(
            rules=rules, footer=words.page_footer(self._layout.title, self._layout.language)
        )


def part_of(values: Values, start: int, end: int) -> Values:
    """The values of some of the rows."""
    if start == 0 and end >= len(values[0]):
        return values
    return [column[start:end] for column in values]
