"""The key of a row as the one text by which rows, typed lines and queries mean the same part."""

from decimal import Decimal
from hashlib import sha256

from tasks.jobs.context import storable

LONGEST = 200
"""Letters of a part's name; a longer one ends in a sign of its own."""
EMPTY = "(empty)"
"""The key of rows without a value; a typed line may give it an address like any other."""
UNMATCHED = "(nobody)"
"""The part that holds the rows of all keys without an address; no key is called so."""
_SIGN = 16


def key_of(value: object) -> str:
    """Return the key: numbers without zeros at their end, texts without spaces around them."""
    text = _text(value) or EMPTY
    if text == UNMATCHED:
        text += "'"
    if len(text) > LONGEST:
        sign = sha256(text.encode()).hexdigest()[:_SIGN]
        return f"{text[: LONGEST - _SIGN - 1]}…{sign}"
    return text


def part_name(company: str, key: str) -> str:
    """Return the name of a part; of a `company` where the same key means another one in each."""
    return key_of(f"{company} · {key}") if company else key


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return storable(value).strip()
    if isinstance(value, Decimal):
        return _plain(f"{value:f}")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return value.hex()
    return storable(str(value)).strip()


def _plain(number: str) -> str:
    plain = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if plain == "-0" else plain
