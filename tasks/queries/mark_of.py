"""A mark of what a screen shows, by which its poll learns whether to draw it anew."""

import zlib


def mark_of(*shown: object) -> str:
    """Return a short text that changes when the values that are shown do."""
    return f"{zlib.crc32(repr(shown).encode()):x}"
