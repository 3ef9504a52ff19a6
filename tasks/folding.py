"""Texts as a search compares them: Turkish letters and their plain twins are the same."""

import unicodedata

_PLAIN = str.maketrans({"ı": "i", "I": "i", "İ": "i", "ß": "ss", "ø": "o", "æ": "ae"})


def fold(text: str) -> str:
    """Return the text in small plain letters: “İŞ”, “iş” and “is” become one."""
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN).casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))
