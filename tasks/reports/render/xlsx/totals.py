"""The totals row: a formula that follows the filter, with the exact sum as its stored value."""

from collections.abc import Sequence
from decimal import localcontext

from tasks.reports.exact import EXACT, ExactSum
from tasks.reports.render.xlsx.numbers import fits_a_cell
from tasks.reports.render.xlsx.text import markup_escaped
from tasks.rows import Column, ColumnKind

VISIBLE, FILTERED = 109, 9
"""Functions of SUBTOTAL: the sum without rows that somebody has hidden, and the sum with them.

Neither counts what a filter hides, nor the result of another SUBTOTAL. Folding a group hides its
rows, and its sum must stand: there it is the second.
"""


class Total(ExactSum):
    """The exact sum of a column's numbers, and the cell that shows it."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._is_float = column.kind is ColumnKind.FLOAT

    def cell(
        self, name: str, style: int, ranges: Sequence[str] | None, function: int = VISIBLE
    ) -> str:
        """The cell as XML; `ranges` None means that Excel could not add up the cells itself.

        A sum of more than 15 digits is stored as text, which is exact; Excel replaces it by its
        own rounded number as soon as it calculates, for example when somebody filters.
        """
        with localcontext(EXACT):
            shown = repr(float(self.value)) if self._is_float else f"{self.value.normalize():f}"
        formula = (
            f"<f>SUBTOTAL({function},{markup_escaped(','.join(ranges))})</f>" if ranges else ""
        )
        kind = "" if self._is_float or fits_a_cell(shown) else ' t="str"'
        return f'<c r="{name}" s="{style}"{kind}>{formula}<v>{shown}</v></c>'
