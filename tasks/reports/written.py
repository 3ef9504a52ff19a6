"""Single numbers and dates within a sentence, as a reader of the report's language writes them."""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from tasks.reports.render.layout import Language

SWAPPED = str.maketrans(",.", ".,")
MOST_DECIMALS, ALWAYS = 6, 2
"""Decimals: those past the sixth are rounded, and zeros past the second are left out."""
LONGEST = 100
"""Digits; a longer number is written with its exponent."""
DAYS = {Language.ENGLISH: "%Y-%m-%d", Language.TURKISH: "%d.%m.%Y"}
NOTHING = "–"
ROUNDING = Context(prec=1_000, rounding=ROUND_HALF_UP)


def number_written(
    number: Decimal | int, language: Language, *, decimals: int | None = None
) -> str:
    """Return the number grouped by thousands, rounded to `decimals` where they are given."""
    number = Decimal(number)
    if not number.is_finite():
        return NOTHING
    if number and abs(number.adjusted()) > LONGEST:
        return f"{number:.6E}"
    text = f"{_rounded(number, decimals):,f}"
    if decimals is None:
        text = _short(text)
    return text.translate(SWAPPED) if language is Language.TURKISH else text


def moment_written(value: date | datetime | time, language: Language) -> str:
    """Return a day, an instant or a time of the day, to the minute."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    day = f"{value:{DAYS[language]}}" if value.year > 999 else value.isoformat()[:10]
    return f"{day} {value:%H:%M}" if isinstance(value, datetime) else day


def scaled(number: Decimal, scale: int | None) -> Decimal:
    """Return the number with at least so many decimals, which changes nothing but its looks."""
    places = -int(number.as_tuple().exponent) if number.is_finite() else 0
    if scale is None or places >= scale:
        return number
    with localcontext(ROUNDING):
        return number.quantize(Decimal(1).scaleb(-scale))


def _rounded(number: Decimal, decimals: int | None) -> Decimal:
    places = min(max(-int(number.as_tuple().exponent), 0), LONGEST)
    wanted = min(places, MOST_DECIMALS) if decimals is None else decimals
    with localcontext(ROUNDING):
        rounded = number.quantize(Decimal(1).scaleb(-wanted))
    return abs(rounded) if rounded.is_zero() else rounded


def _short(text: str) -> str:
    whole, _, decimals = text.partition(".")
    kept = decimals[:ALWAYS] + decimals[ALWAYS:].rstrip("0")
    return f"{whole}.{kept}" if kept else whole
