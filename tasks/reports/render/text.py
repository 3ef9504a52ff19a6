"""Text that any file can hold, and the exact text of values that a cell cannot hold."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite


def utf8(text: str) -> bytes:
    """UTF-8; surrogates that form a pair become their letter, a lone one becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return whole(text).encode()


def whole(text: str) -> str:
    """The text without lone surrogates, which no encoding can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def exact_text(value: object) -> str:
    """All that the value says, for people: ISO dates, hours of a length, hexadecimal bytes."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 100 else str(value)
    if isinstance(value, float) and not isfinite(value):
        return str(Decimal(value))  # NaN, Infinity: the same words as for a Decimal
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return length_text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex().upper()
    return str(value)


def length_text(length: timedelta) -> str:
    """Hours, minutes and seconds, the hours beyond 24: `-30:15:00`."""
    sign, length = ("-", -length) if length < timedelta(0) else ("", length)
    minutes, seconds = divmod(length.days * 86_400 + length.seconds, 60)
    fraction = f".{length.microseconds:06}" if length.microseconds else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}{fraction}"
