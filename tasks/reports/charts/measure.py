"""How wide a text of a chart is, near enough, without opening its font."""

import unicodedata

WIDTHS = {
    0.29: "iljıIJ'|",
    0.34: " .,:;!/[]",
    0.4: 'ftr()-"',
    0.54: "csz–",
    0.61: "aeoxyvkLTFPYE",
    0.64: "bdghnpqu0123456789S₺$€?_",
    0.69: "ABCKRVXZ",
    0.76: "DGHNOQU&",
    0.85: "wM%+<>=#*",
    1.0: "mW@…",
}
WIDTH_OF = {letter: width for width, letters in WIDTHS.items() for letter in letters}
"""Of one letter, as a part of the size of the font."""
OTHER, WIDE = 0.64, 1.0
BOLD = 1.12


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width in pixels of a text in DejaVu Sans of this size."""
    letters = unicodedata.normalize("NFD", text)
    ems = sum(map(_letter, letters))
    return ems * size * (BOLD if bold else 1)


def cut(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """Return the text, or as much of its beginning as fits into so many pixels."""
    if width_of(text, size, bold=bold) <= most:
        return text
    room = most - width_of("…", size, bold=bold)
    end = len(text)
    while end > 1 and width_of(text[:end], size, bold=bold) > room:
        end -= 1
    return text[:end].rstrip() + "…"


def _letter(letter: str) -> float:
    if (width := WIDTH_OF.get(letter)) is not None:
        return width
    if unicodedata.combining(letter):
        return 0
    return WIDE if unicodedata.east_asian_width(letter) in "WF" else OTHER
