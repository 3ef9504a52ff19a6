"""Texts, numbers and choices: from what was typed to what is kept, and from there to a value.

What does not fit raises ValueError or KeyError, which the definition turns into its sentence.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from tasks.numbers import kept_number
from tasks.reports.parameters.types import Kept, Value

LARGEST = 2**63
MOST_DIGITS = 38
"""Digits before and after the point that every source can keep."""
MOST_CODES = 200
"""Codes that can be chosen at once; a source takes a few thousand values for one query."""
SEPARATORS = ",\n"

_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def keep_integer(text: str) -> int:
    number = int(text)
    if "_" in text or not -LARGEST <= number < LARGEST:
        raise ValueError(text)
    return number


def keep_decimal(text: str) -> str:
    """Return the number as it is kept: 1000.5.

    What was kept with a comma before the forms wrote it so, `12,5`, is read as it was then.
    """
    number = Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    if not number.is_finite() or "_" in text or abs(number.adjusted()) >= MOST_DIGITS:
        raise ValueError(text)
    if len(number.as_tuple().digits) > MOST_DIGITS:
        raise ValueError(text)
    return kept_number(number)


def keep_boolean(text: str) -> bool:
    return _YES_NO[text.lower()]


def keep_choice(text: str, choices: Sequence[str]) -> str:
    if text not in choices:
        raise ValueError(text)
    return text


def keep_choices(texts: Sequence[str], choices: Sequence[str]) -> list[str]:
    """Return those that were chosen, each once, in the order of the choices."""
    if unknown := [one for one in texts if one not in choices]:
        raise ValueError(unknown[0])
    return [one for one in choices if one in texts]


def keep_codes(text: str) -> list[str]:
    """Return the codes in the order in which they were typed, each once."""
    codes = list(dict.fromkeys(chosen(text)))
    if len(codes) > MOST_CODES:
        raise ValueError(text)
    return codes


def chosen(given: object) -> list[str]:
    """Return what was chosen of several, from a list or from a text with commas."""
    several = given if isinstance(given, list | tuple) else str(given).replace("\n", ",").split(",")
    return [text for one in several if (text := str(one).strip())]


def as_is(kept: Kept) -> Value:
    return cast(str | int | bool, kept)


def as_decimal(kept: Kept) -> Value:
    return Decimal(cast(str, kept))


def as_several(kept: Kept) -> Value:
    return tuple(cast(list[str], kept))
