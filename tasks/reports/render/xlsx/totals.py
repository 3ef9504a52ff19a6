"""The totals row: a formula that follows the filter, with the exact sum as its stored value."""

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext

from tasks.reports.render.xlsx.numbers import fits_a_cell
from tasks.reports.render.xlsx.text import markup_escaped
from tasks.rows import Column, ColumnKind

EXACT = Context(prec=1_000, traps=[])
"""Wider than any sum of HANA's decimals (34 digits, exponents -398 to 369): never rounds."""


class Total:
    """The exact sum of a column's numbers; what is not a finite number does not count."""

    def __init__(self, column: Column) -> None:
        self.value = Decimal(0)
        self._is_float = column.kind is ColumnKind.FLOAT

    def add(self, values: Sequence[object]) -> None:
        batch: Decimal
        with localcontext(EXACT):
            try:
                batch = sum(values, self.value)  # type: ignore[type-var, assignment]
            except TypeError:  # an empty cell, a float, a text
                batch = sum(finite_numbers(values), self.value)
            if not batch.is_finite():
                batch = sum(finite_numbers(values), self.value)
        self.value = batch

    def cell(self, name: str, style: int, ranges: Sequence[str] | None) -> str:
        """The cell as XML; `ranges` None means that Excel could not add up the cells itself.

        A sum of more than 15 digits is stored as text, which is exact; Excel replaces it by its
        own rounded number as soon as it calculates, for example when somebody filters.
        """
        with localcontext(EXACT):
            shown = repr(float(self.value)) if self._is_float else f"{self.value.normalize():f}"
        formula = f"<f>SUBTOTAL(109,{markup_escaped(','.join(ranges))})</f>" if ranges else ""
        kind = "" if self._is_float or fits_a_cell(shown) else ' t="str"'
        return f'<c r="{name}" s="{style}"{kind}>{formula}<v>{shown}</v></c>'


def finite_numbers(values: Sequence[object]) -> Iterator[Decimal]:
    """The numbers among the values, a float as the shortest decimal that means it."""
    numbers = (Decimal(str(+v)) for v in values if isinstance(v, NUMBERS))
    return filter(Decimal.is_finite, numbers)


NUMBERS = (Decimal, int, float)
