"""Numbers added up exactly, whatever their kind."""

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext

EXACT = Context(prec=1_000, traps=[])
"""Wider than any sum of HANA's decimals (34 digits, exponents -398 to 369): never rounds."""

NUMBERS = (Decimal, int, float)


class ExactSum:
    """The exact sum of numbers; what is not a finite number does not count."""

    def __init__(self) -> None:
        self.value = Decimal(0)

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


def finite_numbers(values: Sequence[object]) -> Iterator[Decimal]:
    """The numbers among the values, a float as the shortest decimal that means it."""
    numbers = (exact(value) for value in values if isinstance(value, NUMBERS))
    return filter(Decimal.is_finite, numbers)


def exact(number: Decimal | int | float) -> Decimal:
    """The number as a decimal."""
    if isinstance(number, float):
        return Decimal(repr(float(number)))
    return Decimal(number)
