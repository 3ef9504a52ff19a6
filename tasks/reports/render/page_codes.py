"""The number formats of Excel that a page follows: decimals, thousands, percent, and days.

A format that says more, such as words or colours, is Excel's alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from tasks.reports.exact import EXACT

NUMBER = re.compile(r"(#,##)?0(?:\.(0{1,15}))?(%)?")
DAY = re.compile(r"yyyy(?!y)|yy(?!y)|mm(?!m)|dd(?!d)|\\[^a-z]|[./ -]")
DAY_PARTS: dict[str, Callable[[date], str]] = {
    "yyyy": lambda day: f"{day.year:04}",
    "yy": lambda day: f"{day.year % 100:02}",
    "mm": lambda day: f"{day.month:02}",
    "dd": lambda day: f"{day.day:02}",
}


@dataclass(frozen=True, slots=True)
class NumberCode:
    """How many decimals a number has, and whether it is grouped, or percent."""

    places: int
    grouped: bool
    percent: bool

    def text(self, number: Decimal) -> str:
        """The number with English signs, rounded as Excel does it: half away from zero."""
        with localcontext(EXACT):
            shown = number * 100 if self.percent else number
            rounded = shown.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
            return f"{rounded:{',' if self.grouped else ''}f}{'%' if self.percent else ''}"


def number_code(code: str) -> NumberCode | None:
    """What the format says of numbers; None where it is none that a page follows."""
    found = NUMBER.fullmatch(code)
    return found and NumberCode(len(found[2] or ""), bool(found[1]), bool(found[3]))


def day_writer(code: str) -> Callable[[date], str] | None:
    """What writes days in the format; None where it is none that a page follows."""
    tokens = DAY.findall(code)
    if not tokens or "".join(tokens) != code:
        return None

    def write(day: date) -> str:
        return "".join(
            DAY_PARTS[token](day) if token in DAY_PARTS else token[-1] for token in tokens
        )

    return write
