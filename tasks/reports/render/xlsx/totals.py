"""The totals row: a formula that follows the filter, with the exact sum as its stored value."""

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext

from tasks.reports.render.xlsx.numbers import fits_a_cell
from tasks.reports.render.xlsx.text import markup_escaped

EXACT = Context(prec=1_000)
"""Wider than any sum of HANA's decimals (34 digits, exponents -398 to 369): never rounds."""


class Total:
    """The exact sum of a column's numbers; what is not a finite number does not count."""

    def __init__(self) -> None:
        self.value = Decimal(0)

    def add(self, values: Sequence[object]) -> None:
        numbers = [Decimal(v) for v in values if isinstance(v, Decimal | int | float)]
        with localcontext(EXACT):
            batch = sum(numbers, self.value)
            if not batch.is_finite():
                batch = sum(filter(Decimal.is_finite, numbers), self.value)
        self.value = batch


def total_cell(name: str, style: int, total: Total, ranges: Sequence[str] | None) -> str:
    """The cell of a total; `ranges` None means that Excel could not add up the cells itself.

    A sum of more than 15 digits is stored as text, which is exact; Excel replaces it by its own
    rounded number as soon as it calculates, for example when somebody filters.
    """
    with localcontext(EXACT):
        exact = f"{total.value.normalize():f}"
    formula = f"<f>SUBTOTAL(109,{markup_escaped(','.join(ranges))})</f>" if ranges else ""
    kind = "" if fits_a_cell(exact) else ' t="str"'
    return f'<c r="{name}" s="{style}"{kind}>{formula}<v>{exact}</v></c>'
