"""The scale of a chart: from a number to its place, with steps that people count in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from tasks.reports.exact import EXACT

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Scale:
    """From the least to the largest step; `at` is 0 at the least and 1 at the largest."""

    ticks: Sequence[Decimal]

    def at(self, number: Decimal) -> float:
        first, last = self.ticks[0], self.ticks[-1]
        with localcontext(prec=30):
            return float((number - first) / (last - first))

    @property
    def zero(self) -> float:
        """Where the bars begin."""
        return self.at(Decimal(0))


def scale_of(numbers: Sequence[Decimal], *, steps: int = 5, from_zero: bool = True) -> Scale:
    """Return a scale of about so many steps that holds all numbers, and zero where bars begin."""
    ends = [*numbers, Decimal(0)] if from_zero or not numbers else list(numbers)
    low, high = min(ends), max(ends)
    with localcontext(EXACT):
        step = _step(high - low, steps) if high > low else Decimal(1)
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
        count = int(last - first) + 1
        return Scale([(first + place) * step for place in range(count)])


def _step(span: Decimal, steps: int) -> Decimal:
    rough = span / steps
    power = Decimal(1).scaleb(rough.adjusted())
    return next(step * power for step in STEPS if step * power >= rough)
