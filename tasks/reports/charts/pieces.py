"""The bars of a chart as lengths: side by side, or one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tasks.reports.charts import svg
from tasks.reports.charts.taking import ChartRows, Numbers

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A bar from one number to another; `beside` is its place among those of its label."""

    first: Decimal
    last: Decimal
    colour: str
    name: str
    number: Decimal
    beside: int = 0


def pieces_of(rows: ChartRows, place: int, *, stacked: bool) -> Iterator[Piece]:
    """Yield the bars of a label; stacked, those below zero go the other way."""
    above = below = ZERO
    for column, number in enumerate(rows.numbers[place]):
        if number is None:
            continue
        colour, name = _colour(rows, place, column), rows.names[column]
        if not stacked:
            yield Piece(ZERO, number, colour, name, number, column)
        elif number >= 0:
            yield Piece(above, above + number, colour, name, number)
            above += number
        else:
            yield Piece(below, below + number, colour, name, number)
            below += number


def ends_of(rows: ChartRows, *, stacked: bool) -> list[Decimal]:
    """Return the numbers that the scale has to hold."""
    if not stacked:
        return [number for several in rows.numbers for number in several if number is not None]
    return [end for several in rows.numbers for end in _stack(several)]


def _colour(rows: ChartRows, place: int, column: int) -> str:
    """What stands for many is grey, where no other column needs its colour."""
    is_others = rows.has_others and place == len(rows.labels) - 1
    return svg.OTHERS if is_others and len(rows.names) == 1 else svg.SERIES[column]


def _stack(numbers: Numbers) -> Sequence[Decimal]:
    known = [number for number in numbers if number is not None]
    return sum((n for n in known if n > 0), ZERO), sum((n for n in known if n < 0), ZERO)


def total_of(numbers: Sequence[Decimal | None]) -> Decimal:
    """Return what a stack comes to."""
    return sum((number for number in numbers if number is not None), ZERO)
