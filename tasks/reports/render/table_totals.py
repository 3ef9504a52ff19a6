"""The totals below one table: exact sums of its columns, as the file's language writes them."""

from collections.abc import Sequence
from decimal import localcontext

from tasks.reports.exact import EXACT, ExactSum
from tasks.reports.render.layout import Layout
from tasks.reports.render.shown import Shown
from tasks.rows import Column, ColumnKind


class TableTotals:
    """Adds up the columns that the layout names; without such a column there is no row of them."""

    def __init__(self, columns: Sequence[Column], layout: Layout) -> None:
        self._columns, self._layout = columns, layout
        self._sums = {n: ExactSum() for n, column in enumerate(columns) if layout.has_total(column)}
        self._rows = 0

    def add(self, values: Sequence[Sequence[object]]) -> None:
        """Count the values of each column, of the same rows."""
        for n, total in self._sums.items():
            total.add(values[n])
        self._rows += len(values[0])

    def row(self) -> list[str] | None:
        """The texts below the columns, with the label in the first free one; None without any."""
        if not (self._sums and self._rows):
            return None
        texts = [""] * len(self._columns)
        free = next((n for n in range(len(texts)) if n not in self._sums), None)
        if free is not None:
            texts[free] = self._layout.label_of_totals
        for n, total in self._sums.items():
            texts[n] = self._shown(n, total)
        return texts

    def _shown(self, n: int, total: ExactSum) -> str:
        column = self._columns[n]
        with localcontext(EXACT):
            value = float(total.value) if column.kind is ColumnKind.FLOAT else total.value
        return Shown(column, self._layout).text(value)
