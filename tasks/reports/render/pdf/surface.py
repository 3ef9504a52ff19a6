"""A page while it is drawn, as the operators of PDF."""

from collections.abc import Iterable

INK, SOFT, LINE, NAVY, SHADE = (
    "0.063 0.094 0.157",
    "0.325 0.361 0.42",
    "0.85 0.87 0.9",
    "0.122 0.22 0.392",
    "0.933 0.949 0.973",
)
"""Red, green and blue of what is drawn, each from 0 to 1."""


class Surface:
    """Collects what stands on a page: fills first, then lines, then texts.

    Texts keep their order, in which a reader copies them or has them read aloud.
    """

    def __init__(self) -> None:
        self._fills: list[str] = []
        self._lines: dict[tuple[str, float], list[str]] = {}
        self._texts: list[tuple[tuple[str, float, str], list[str]]] = []

    def fill(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A filled rectangle; its corner is the lower left one, in points from the page's."""
        self._fills.append(f"{color} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def line(self, left: float, right: float, y: float, color: str, thickness: float) -> None:
        """A level line."""
        drawn = f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l"
        self._lines.setdefault((color, thickness), []).append(drawn)

    def texts(self, font: str, size: float, color: str) -> list[str]:
        """The list that takes texts of this look, until texts of another look come.

        A text is `placed`: where it stands, and what a face has drawn.
        """
        look = (font, size, color)
        if not self._texts or self._texts[-1][0] != look:
            self._texts.append((look, []))
        return self._texts[-1][1]

    def operators(self) -> bytes:
        """All of it, as a page holds it."""
        parts: list[str] = [*self._fills]
        for (color, thickness), drawn in self._lines.items():
            parts += [f"{color} RG {thickness} w", *drawn, "S"]
        for (font, size, color), texts in self._texts:
            parts += [f"BT {font} {size:.2f} Tf {color} rg", *texts, "ET"]
        return "\n".join(parts).encode("ascii")


def placed(x: float, y: float, drawn: str) -> str:
    """A text that a face has drawn, at this place of the page."""
    return f"1 0 0 1 {x:.2f} {y:.2f} Tm {drawn}"


def escaped(code: Iterable[int]) -> str:
    """Bytes as they stand between the brackets of a text of PDF."""
    return "".join(map(ESCAPES.__getitem__, code))


ESCAPES = [chr(n) if 32 <= n < 127 and chr(n) not in "()\\" else f"\\{n:03o}" for n in range(256)]
