"""Numbers as people type them, 1.000,50 or 1,000.50, and the form in which they are kept: 1000.5.

What is typed on a page is read by the writing of both languages. Where these give two numbers,
as for 1.000, nobody guesses: it is refused with both ways to write it.
"""

import re
from decimal import Decimal

from tasks.errors import Invalid, mark

TWO_WAYS = mark("“{text}” can be read in two ways. Write {large} or {small}.")
SPACES = " \u00a0\u2009\u202f"
"""What stands between thousands where neither a comma nor a point does."""
MINUS = "\u2212"
WITH_COMMA = "tr"
"""The language that writes decimals behind a comma."""


def _writing(thousands: str, decimals: str) -> re.Pattern[str]:
    grouped = rf"[1-9][0-9]{{0,2}}(?:[{re.escape(thousands)}][0-9]{{3}})+"
    return re.compile(rf"([+-]?(?:{grouped}|[0-9]+)?)(?:{re.escape(decimals)}([0-9]+))?")


WRITINGS = tuple(
    _writing(thousands + SPACES, decimals) for thousands, decimals in ((",", "."), (".", ","))
)
NOT_DIGITS = re.compile(rf"[,.{SPACES}]")
KEPT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def readings(text: str) -> list[Decimal]:
    """Return the different numbers that the text can mean, the smallest by its size first."""
    found = {_read(one, text.strip().replace(MINUS, "-")) for one in WRITINGS}
    return sorted((number for number in found if number is not None), key=abs)


def typed_number(
    text: str, language: str, *, field: str, whole: bool = False, most: int | None = None
) -> str:
    """Return what was typed as it is kept; what is no number as it is, for its taker to refuse.

    A reading that is not `whole`, or whose size is over `most`, does not count where another is
    left. Raises Invalid where two are left, with both as a reader of the language writes them.
    """
    found = readings(text)
    fitting = [one for one in found if _fits(one, whole=whole, most=most)] or found
    if not fitting:
        return text
    if len(fitting) == 1:
        return kept_number(fitting[0])
    small, large = fitting
    if whole:
        small = small.to_integral_value()
    ways = {"large": as_typed(large, language), "small": as_typed(small, language)}
    raise Invalid(TWO_WAYS, field=field, text=text, **ways)


def kept_number(number: Decimal) -> str:
    """Return the one text that means this number, with a point and without needless zeros."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def as_typed(number: Decimal | str, language: str) -> str:
    """Return the number as a reader of the language types it, so that it is read as itself.

    A text that is no kept number stays as it is.
    """
    text = f"{number:f}" if isinstance(number, Decimal) else number
    if not KEPT.fullmatch(text):
        return text
    clear = f"{text}0" if len(readings(text)) > 1 else text
    return clear.replace(".", ",") if language == WITH_COMMA else clear


def _read(writing: re.Pattern[str], text: str) -> Decimal | None:
    found = writing.fullmatch(text)
    if found is None or not any(one.isdigit() for one in text):
        return None
    whole, decimals = found.groups(default="")
    digits = NOT_DIGITS.sub("", whole)
    return Decimal(f"{digits}.{decimals}" if decimals else digits)


def _fits(number: Decimal, *, whole: bool, most: int | None) -> bool:
    is_whole = number == number.to_integral_value()
    return (is_whole or not whole) and (most is None or abs(number) <= most)
