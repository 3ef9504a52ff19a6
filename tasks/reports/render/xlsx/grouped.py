"""A table whose sorted rows are grouped: a sum below each group, and rows that fold."""

from collections.abc import Mapping, Sequence

from tasks.reports.render.groups import Group, Groups, ending_of_labels, tight_places
from tasks.reports.render.layout import Layout
from tasks.reports.render.xlsx.book import Book
from tasks.reports.render.xlsx.sheet import Sheet, outline
from tasks.reports.render.xlsx.styles import Look
from tasks.reports.render.xlsx.sums import Span
from tasks.reports.render.xlsx.table import Table, Values, part_of
from tasks.reports.render.xlsx.totals import FILTERED, Total
from tasks.reports.render.xlsx.widths import WIDEST
from tasks.rows import Column


class GroupedTable(Table):
    """Rows of a chunk wait until their subtotals are known, and go to the sheet together."""

    function = FILTERED

    def __init__(
        self, book: Book, title: str, columns: Sequence[Column], layout: Layout, max_rows: int
    ) -> None:
        super().__init__(book, title, columns, layout, max_rows)
        self._groups = Groups(columns, layout, self._new_totals)
        self.levels = len(self._groups.places) + 1
        self._spans: list[list[Span]] = [[] for _ in self._groups.places]
        self._values: Values = ()
        self._from = 0
        self._rows: list[str] = []
        self._between: list[tuple[int, int, Group[Total], list[Span]]] = []

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

    def _place(self, groups: Sequence[Group[Total]], start: int, end: int) -> None:
        """Give rows of the chunk their numbers, and their values to the groups."""
        for group in groups:
            for n, total in group.totals.items():
                total.add(self._values[n][start:end])
        while start < end:
            sheet = self._sheet_with_room()
            rows = sheet.reserve(min(end - start, self._room(sheet)))
            self._rows += rows
            for group in groups:
                cover(self._spans[group.level], sheet, int(rows[0]), int(rows[-1]))
            start += len(rows)

    def _add_subtotal(self, group: Group[Total]) -> None:
        (row,) = self._sheet_with_room().reserve(1)
        spans, self._spans[group.level] = self._spans[group.level], []
        self._between.append((len(self._rows), int(row), group, spans))

    def _labels(self) -> Mapping[int, str]:
        return dict.fromkeys(self._groups.places, ending_of_labels(self._layout))

    def _widths_for(self, values: Values) -> list[int]:
        """A label between two sums has no room but that of its own column."""
        widths, more = super()._widths_for(values), len(ending_of_labels(self._layout))
        for place in tight_places(self._columns, self._layout):
            if self._shown[place].width is None:
                widths[place] = min(widths[place] + more, WIDEST)
        return widths

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
        for place, row, group, spans in reversed(self._between):
            lines.insert(place, self._subtotal((sheet, row), group, spans))
        sheet.append(lines)
        self._from, self._rows, self._between = end, [], []

    def _subtotal(self, at: tuple[Sheet, int], group: Group[Total], spans: Sequence[Span]) -> str:
        label = (self._groups.places[group.level], self._groups.label_of(group))
        cells = self._sums.row(at, Look.SUBTOTALS, group.totals, spans, label)
        return f'<row r="{at[1]}"{outline(group.level + 1)}>{cells}</row>'


def cover(spans: list[Span], sheet: Sheet, first: int, last: int) -> None:
    """Take rows of a sheet in, right below those that it has there."""
    if spans and spans[-1][0] is sheet:
        first = spans.pop()[1]
    spans.append((sheet, first, last))
