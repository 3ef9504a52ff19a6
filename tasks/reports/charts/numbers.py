"""Numbers in a chart: short, since they stand beside a bar and the file has them exactly."""

from collections.abc import Sequence
from decimal import Decimal

from tasks.reports.render.layout import Language
from tasks.reports.written import number_written

LARGE = {
    Language.ENGLISH: ((12, "T"), (9, "B"), (6, "M"), (3, "K")),
    Language.TURKISH: ((12, "Tn"), (9, "Mr"), (6, "Mn"), (3, "B")),
}
SMALL = Decimal("0.1")
SHORTENED_FROM = 5
"""Digits before the point."""


def short(number: Decimal, language: Language) -> str:
    """Return the number in three or four digits: 1.2M, 1,2 Mn."""
    for power, letter in LARGE[language]:
        if abs(number).adjusted() >= max(power, SHORTENED_FROM - 1):
            shown = number.scaleb(-power)
            decimals = 0 if abs(shown) >= 100 else 1
            space = " " if language is Language.TURKISH else ""
            return f"{_plain(shown, language, decimals)}{space}{letter}"
    if abs(number) < SMALL:
        return number_written(number, language)
    return _plain(number, language, 0 if abs(number) >= 100 else 2)


def ticks_written(ticks: Sequence[Decimal], language: Language) -> list[str]:
    """Return the steps of a scale, which have few digits of themselves."""
    largest = max(abs(tick) for tick in ticks)
    for power, letter in LARGE[language]:
        if largest.adjusted() >= max(power, SHORTENED_FROM - 1):
            space = " " if language is Language.TURKISH else ""
            return [
                f"{_plain(tick.scaleb(-power), language, 3)}{space}{letter}" if tick else "0"
                for tick in ticks
            ]
    return [_plain(tick, language, 10) for tick in ticks]


def _plain(number: Decimal, language: Language, decimals: int) -> str:
    """Return the number without zeros at its end."""
    text = number_written(number, language, decimals=decimals)
    mark = "," if language is Language.TURKISH else "."
    return text.rstrip("0").rstrip(mark) if mark in text else text
