"""Text on the wire is CESU-8: beyond the basic plane, two surrogates of three bytes each."""

import re

_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def to_wire(text: str) -> bytes:
    """The bytes of a text."""
    if not text.isascii():
        text = _BEYOND.sub(_surrogates, text)
    return text.encode("utf-8", "surrogatepass")


def from_wire(content: bytes) -> str:
    """The text of the bytes."""
    text = content.decode("utf-8", "surrogatepass")
    return text if text.isascii() else from_units(to_units(text))


def to_units(text: str) -> bytes:
    """The text in units of two bytes, by which HANA counts characters."""
    return text.encode("utf-16-le", "surrogatepass")


def from_units(units: bytes) -> str:
    """The text of any run of such units, even of one that cuts a pair of surrogates in two."""
    return units.decode("utf-16-le", "surrogatepass")


def _surrogates(match: re.Match[str]) -> str:
    beyond = ord(match.group()) - 0x10000
    return chr(0xD800 + (beyond >> 10)) + chr(0xDC00 + (beyond & 0x3FF))
