"""Rows of sums: the totals of a table, and the subtotals of its groups."""

from collections.abc import Mapping, Sequence

from tasks.reports.render.codes import GENERAL
from tasks.reports.render.xlsx import parts
from tasks.reports.render.xlsx.cells import ColumnCells
from tasks.reports.render.xlsx.columns import Shown
from tasks.reports.render.xlsx.sheet import Sheet, text_cell
from tasks.reports.render.xlsx.styles import Look, Styles
from tasks.reports.render.xlsx.totals import Total

Span = tuple[Sheet, int, int]
"""Rows of a sheet, from the first to the last."""


class Sums:
    """Makes the rows of sums of one table; `function` is that of SUBTOTAL."""

    def __init__(
        self, shown: Sequence[Shown], cells: Sequence[ColumnCells], styles: Styles, function: int
    ) -> None:
        self._shown, self._cells = shown, cells
        self._styles, self._function = styles, function

    @property
    def label_at(self) -> int | None:
        """The first column without a sum; None where each has one."""
        return next((n for n, one in enumerate(self._shown) if not one.has_total), None)

    def row(
        self,
        at: tuple[Sheet, int],
        look: Look,
        totals: Mapping[int, Total],
        spans: Sequence[Span],
        label: tuple[int | None, str],
    ) -> str:
        """The cells of a row of this sheet; the label stands in the column of its number."""
        (sheet, row), (place, text) = at, label
        cells = []
        for n, one in enumerate(self._shown):
            name = f"{one.letters}{row}"
            style = self._styles.number(one.code if n in totals else GENERAL, look)
            if n in totals:
                ranges = self._ranges(n, spans, sheet)
                cells.append(totals[n].cell(name, style, ranges, self._function))
            elif n == place:
                cells.append(text_cell(name, style, text))
            else:
                cells.append(f'<c r="{name}" s="{style}"/>')
        return "".join(cells)

    def _ranges(self, n: int, spans: Sequence[Span], on: Sheet) -> list[str] | None:
        """The cells to add up, as a formula on that sheet names them; None where some are text."""
        if self._cells[n].has_numbers_as_text:
            return None
        letters = self._shown[n].letters
        return [
            ("" if sheet is on else f"{parts.quoted(sheet.name)}!")
            + f"{letters}{first}:{letters}{last}"
            for sheet, first, last in spans
        ]
