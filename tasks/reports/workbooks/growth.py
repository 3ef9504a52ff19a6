"""What becomes of references when the rows of a template become as many as a query gives."""

import re
from collections.abc import Callable
from dataclasses import dataclass

LAST_ROW = 1_048_576
AREA = re.compile(r"(\$?[A-Z]{1,3})(\$?)(\d+)(?::(\$?[A-Z]{1,3})(\$?)(\d+))?")
TOKEN = re.compile(
    r'(?P<text>"[^"]*")'
    r"|(?P<structured>\[(?:[^\[\]]|\[[^\[\]]*\])*\])"
    r"|(?P<sheet>'(?:[^']|'')+'!|[\w.]+!)?"
    r"(?<![\w.\\])(?P<area>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w.(!])"
)


@dataclass(frozen=True, slots=True)
class Growth:
    """The rows `first` to `last` of a sheet become `count` rows; those below follow them."""

    sheet: str
    first: int
    last: int
    count: int

    @property
    def delta(self) -> int:
        """Rows by which those below move; less than 0 upwards."""
        return self.count - (self.last - self.first + 1)

    @property
    def new_last(self) -> int:
        return self.first + self.count - 1

    def row(self, row: int) -> int:
        """Return where a row goes; one that is no longer there leads to the last one."""
        if row <= self.first:
            return row
        return min(row, self.new_last) if row <= self.last else row + self.delta

    def rows(self, top: int, bottom: int) -> tuple[int, int]:
        """Return where a range of rows goes: one that ends with the rows grows with them."""
        if bottom >= LAST_ROW:
            return self.row(top), bottom
        if self.first <= bottom < self.last:
            return self.row(top), min(bottom, self.new_last)
        return self.row(top), bottom if bottom < self.first else bottom + self.delta

    def areas(self, text: str) -> str:
        """Return areas such as `A1 B2:C5` of the sheet itself where they are afterwards."""
        return AREA.sub(self._range, text)

    def formula(self, text: str, *, here: bool, single: bool = False) -> str:
        """Return a formula with its references moved.

        `here` says that it stands on the sheet itself; with `single` one cell is a range of one,
        as for the values of a chart, and grows.
        """
        move = self._range if single else self._moved
        return self._each(text, here, move)

    def body_formula(self, text: str) -> str:
        """Return the formula of the first of the rows: what it fixes with $ grows, else not."""
        return self._each(text, True, self._moved_in_body)

    def refers(self, text: str) -> bool:
        """Whether a formula of another sheet names this one."""
        return any(found["sheet"] and self._is_here(found) for found in TOKEN.finditer(text))

    def _each(self, text: str, here: bool, move: Callable[[re.Match[str]], str]) -> str:
        def replaced(found: re.Match[str]) -> str:
            if found["area"] is None or not (self._is_here(found) if found["sheet"] else here):
                return found[0]
            return (found["sheet"] or "") + AREA.sub(move, found["area"])

        return TOKEN.sub(replaced, text)

    def _is_here(self, found: re.Match[str]) -> bool:
        return sheet_of(found["sheet"]).casefold() == self.sheet.casefold()

    def _moved(self, found: re.Match[str]) -> str:
        if found[4] is not None:
            return self._range(found)
        return f"{found[1]}{found[2]}{self.row(int(found[3]))}"

    def _moved_in_body(self, found: re.Match[str]) -> str:
        if found[4] is None or int(found[3]) > self.last or (found[2] and found[5]):
            return self._moved(found)
        return found[0]

    def _range(self, found: re.Match[str]) -> str:
        """Return the area, as one cell where it was and stays one."""
        first = int(found[3])
        top, bottom = self.rows(first, int(found[6] or first))
        start = f"{found[1]}{found[2]}{top}"
        if found[4] is None and top == bottom:
            return start
        return f"{start}:{found[4] or found[1]}{found[5] if found[4] else found[2]}{bottom}"


def sheet_of(prefix: str) -> str:
    """Return the sheet's name of a prefix such as `'My sheet'!`."""
    name = prefix.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def sliding(text: str) -> list[str | int]:
    """Return a formula in pieces; a number is a row that follows the row of the formula."""
    pieces: list[str | int] = []
    end = 0
    for found in TOKEN.finditer(text):
        if found["area"] is None:
            continue
        start = found.start("area")
        for part in re.finditer(r"(\$?)(\d+)", found["area"]):
            if not part[1]:
                pieces += [text[end : start + part.start(2)], int(part[2])]
                end = start + part.end(2)
    return [*pieces, text[end:]]
