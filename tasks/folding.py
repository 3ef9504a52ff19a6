"""Texts as a search compares them: Turkish letters and their plain twins are the same."""

import re
import unicodedata

_PLAIN = str.maketrans({"ı": "i", "I": "i", "İ": "i", "ß": "ss", "ø": "o", "æ": "ae"})
LONGEST_SLUG = 80


def fold(text: str) -> str:
    """Return the text in small plain letters: “İŞ”, “iş” and “is” become one."""
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN).casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def slug_of(title: str) -> str:
    """Return the title as a name for an address; empty where it has neither letter nor digit."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    return "-".join(words)[:LONGEST_SLUG].strip("-")
