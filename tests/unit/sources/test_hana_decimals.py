"""A decimal gets the zeros of its column back and never loses a digit."""

from decimal import Decimal

from tasks.rows import Row
from tasks.sources.hana import _scaled

CENTS = Decimal("0.01")


def test_zeros_that_the_driver_dropped_come_back() -> None:
    rows: list[Row] = [(1, Decimal("1.5")), (2, None), (3, Decimal("-7E+3"))]
    found = [str(value) for _, value in _scaled(rows, [(1, CENTS)])]
    assert found == ["1.50", "None", "-7000.00"]


def test_more_decimals_than_were_announced_are_kept() -> None:
    rows: list[Row] = [(Decimal("1.005"),), (Decimal("2.5"),)]
    assert _scaled(rows, [(0, CENTS)]) == rows


def test_the_widest_decimal_is_exact() -> None:
    widest = Decimal("9" * 38)
    assert _scaled([(widest,)], [(0, Decimal(1))]) == [(widest,)]
