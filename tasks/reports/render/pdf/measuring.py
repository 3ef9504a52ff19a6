"""How much room the columns of a table ask for: their heads and first rows decide."""

from collections.abc import Sequence

from tasks.reports.render.pdf.fonts import Face
from tasks.reports.render.pdf.paper import Need

EASY_HEAD, LEAST_HEAD = 7.0, 5.0
"""Ems up to which a head stands on one line; a longer one breaks between its words."""
EASY_TEXT, LEAST_TEXT = 22.0, 9.0
"""Ems after which a text goes on below."""
BOLD_SHARE, MORE_DIGITS = 1.1, 2.2
"""A sum is bold, and longer than what it adds up."""
NARROWEST = 2.0


def need_of(
    head: str, texts: Sequence[str], *, regular: Face, bold: Face, is_number: bool, total: bool
) -> Need:
    """The room for a column with this head and these first texts."""
    body = max((widest_line(text, regular) for text in texts), default=0.0)
    whole_head = bold.width(head)
    word = max(map(bold.width, head.split()), default=0.0)
    if is_number:
        body = body * BOLD_SHARE + MORE_DIGITS if total else body
        easy = max(body, word, min(whole_head, EASY_HEAD), NARROWEST)
        return Need(easy, max(body, min(word, LEAST_HEAD), NARROWEST), whole_head)
    easy = max(min(body, EASY_TEXT), word, min(whole_head, EASY_HEAD), NARROWEST)
    least = max(min(body, LEAST_TEXT), min(word, LEAST_HEAD), NARROWEST)
    return Need(max(easy, least), least, max(body, whole_head))


def widest_line(text: str, face: Face) -> float:
    return max(map(face.width, text.split("\n"))) if "\n" in text else face.width(text)
