"""The typeface of the pages: DejaVu Sans, with the letters of Turkish and the sign of the lira.

It is shipped with the product, so a page looks the same on every machine.
"""

from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from tasks.reports.render.pdf.surface import escaped

FOLDER = Path(__file__).parent / "fonts"
REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
LAST = "\uffff"
UNKNOWN = "\ufffd"
"""Stands for a sign that the typeface does not have: an emoji, or a letter of Chinese."""


class Face:
    """One font in one document: how wide its texts are, and how a page draws them."""

    def __init__(self, name: str, document: Any) -> None:
        self._font, self._document = loaded(name), document
        self._widths = Widths(self._font.face)
        self._codes: dict[str, str] = {}
        self.name: str = self._font.getSubsetInternalName(0, document)
        """What a page calls the font, with its slash."""

    def width(self, text: str) -> float:
        """The length of a text in ems: times the size in points it is points."""
        return sum(map(self._widths.__getitem__, text))

    def drawn(self, text: str, size: float) -> str:
        """The operators that draw the text where the page's text stands, in a size in points."""
        try:
            return f"({''.join(map(self._codes.__getitem__, text))}) Tj"
        except KeyError:
            self._learn(text)
        parts = self._parts(text)
        if [subset for subset, _ in parts] in ([], [0]):
            return f"({parts[0][1] if parts else ''}) Tj"
        drawn = (
            f"{self._font.getSubsetInternalName(subset, self._document)} {size:.2f} Tf ({code}) Tj"
            for subset, code in parts
        )
        return f"{' '.join(drawn)} {self.name} {size:.2f} Tf"

    def _learn(self, text: str) -> None:
        """Keep the codes of these signs, where they are in the font's first part of 256."""
        for sign in set(text):
            ((subset, code),) = self._parts(sign)
            if subset == 0:
                self._codes[sign] = code

    def _parts(self, text: str) -> list[tuple[int, str]]:
        plain = "".join(sign if self._widths.knows(sign) else UNKNOWN for sign in text)
        found = self._font.splitString(plain, self._document)
        return [(subset, escaped(code)) for subset, code in found]


class Widths(dict[str, float]):
    """The width of each sign in ems."""

    def __init__(self, face: Any) -> None:
        super().__init__()
        self._face = face

    def knows(self, sign: str) -> bool:
        """Whether the font has the sign, and a list of letters can name it to who copies it."""
        return sign <= LAST and ord(sign) in self._face.charWidths

    def __missing__(self, sign: str) -> float:
        shown = sign if self.knows(sign) else UNKNOWN
        width = float(self._face.charWidths[ord(shown)]) / 1000
        self[sign] = width
        return width


@cache
def loaded(name: str) -> Any:
    """The font from its file, read once by a process."""
    font = TTFont(name, str(FOLDER / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font
