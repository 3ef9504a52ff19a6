"""A table whose sorted rows are grouped: a sum below each group, and rows that fold."""

from collections.abc import Sequence

from tasks.reports.render.layout import Layout
from tasks.reports.render.xlsx import words
from tasks.reports.render.xlsx.book import Book
from tasks.reports.render.xlsx.groups import Group, Groups
from tasks.reports.render.xlsx.sheet import Sheet, outline
from tasks.reports.render.xlsx.styles import Look
from tasks.reports.render.xlsx.table import Table, Values, part_of
from tasks.reports.render.xlsx.totals import FILTERED
from tasks.rows import Column


class GroupedTable(Table):
    """Rows of a chunk wait until their subtotals are known, and go to the sheet together."""

    function = FILTERED

    def __init__(
        self, book: Book, title: str, columns: Sequence[Column], layout: Layout, max_rows: int
    ) -> None:
        super().__init__(book, title, columns, layout, max_rows)
        self._places = layout.looks.groups_in(columns)
        self.levels = len(self._places) + 1
        names = [self._shown[place].column.name for place in self._places]
        self._groups = Groups(self._places, names, self._new_totals, layout.language)
        self._values: Values = ()
        self._from = 0
        self._rows: list[str] = []
        self._between: list[tuple[int, int, Group]] = []

    def finish(self) -> None:
        """End the open groups, then the table."""
        if not self._finished and self._sheets:
            for group in self._groups.closed_by(()):
                self._add_subtotal(group)
            self._flush()
        super().finish()

    def _write_chunk(self, values: Values) -> None:
        self._values, self._from = values, 0
        for key, start, end in self._groups.runs(values):
            for group in self._groups.closed_by(key):
                self._add_subtotal(group)
            self._place(self._groups.open_for(key), start, end)
        self._flush()

    def _place(self, groups: Sequence[Group], start: int, end: int) -> None:
        """Give rows of the chunk their numbers, and their values to the groups."""
        for group in groups:
            for n, total in group.totals.items():
                total.add(self._values[n][start:end])
        while start < end:
            sheet = self._sheet_with_room()
            rows = sheet.reserve(min(end - start, self._room(sheet)))
            self._rows += rows
            for group in groups:
                group.cover(sheet, int(rows[0]), int(rows[-1]))
            start += len(rows)

    def _add_subtotal(self, group: Group) -> None:
        (row,) = self._sheet_with_room().reserve(1)
        self._between.append((len(self._rows), int(row), group))

    def _go_on(self, full: Sheet) -> Sheet:
        self._flush()
        return super()._go_on(full)

    def _flush(self) -> None:
        """Write what waits: the rows, with the subtotals in their places between them."""
        sheet = self._sheets[-1]
        end = self._from + len(self._rows)
        lines: list[str] = []
        if self._rows:
            lines = sheet.lines(self._cells, part_of(self._values, self._from, end), self._rows)
        for place, row, group in reversed(self._between):
            lines.insert(place, self._subtotal(sheet, row, group))
        sheet.append(lines)
        self._from, self._rows, self._between = end, [], []

    def _subtotal(self, sheet: Sheet, row: int, group: Group) -> str:
        label = (self._places[group.level], words.subtotal(group.name, self._layout))
        at = (sheet, row)
        cells = self._sums.row(at, Look.SUBTOTALS, group.totals, group.spans, label)
        return f'<row r="{row}"{outline(group.level + 1)}>{cells}</row>'
