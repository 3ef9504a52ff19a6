"""The cells of a sheet of a template, as its XML holds them."""

import re
from collections.abc import Iterator, Sequence

from tasks.reports.workbooks import xml
from tasks.reports.workbooks.book import letters_of, number_of, text_of
from tasks.reports.workbooks.package import no_workbook
from tasks.reports.workbooks.xml import Element

CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


class Grid:
    """A sheet's rows and cells, each with its number written on it."""

    def __init__(self, root: Element, texts: Sequence[str]) -> None:
        self.root, self._texts = root, texts
        self.cells = xml.child(root, "sheetData")
        if root.tag != xml.tag("worksheet") or self.cells is None:
            raise no_workbook()
        _number(self.cells)

    def rows(self) -> Iterator[tuple[int, Element]]:
        """Yield the rows that are written, with their numbers."""
        return ((int(row.get("r")), row) for row in self.cells.iterchildren(xml.tag("row")))

    def row(self, number: int) -> Element:
        """Return a row, which is added where it was not written."""
        place = 0
        for place, (at, row) in enumerate(self.rows(), 1):
            if at == number:
                return row
            if at > number:
                place -= 1
                break
        made = xml.element("row", r=str(number))
        self.cells.insert(place, made)
        return made

    def cell(self, letters: str, row: int) -> Element:
        """Return a cell, which is added where it was not written."""
        holder, column = self.row(row), number_of(letters)
        place = 0
        for place, one in enumerate(holder, 1):
            at, _ = split(one)
            if at == column:
                return one
            if at > column:
                place -= 1
                break
        made = xml.element("c", r=f"{letters}{row}")
        holder.insert(place, made)
        return made

    def text(self, cell: Element) -> str:
        """Return what a cell says; formulas say what they came to."""
        if cell.get("t") == "inlineStr":
            return text_of(cell)
        value = xml.child(cell, "v")
        text = (value.text or "") if value is not None else ""
        if cell.get("t") == "s":
            return self._texts[int(text)] if text.isdigit() and int(text) < len(self._texts) else ""
        return text


def split(cell: Element) -> tuple[int, int]:
    """Return column, counted from 0, and row of a cell."""
    found = CELL.fullmatch(cell.get("r", ""))
    if found is None:
        raise no_workbook()
    return number_of(found[1]), int(found[2])


def is_empty(cell: Element) -> bool:
    """Whether a cell has looks at most."""
    return len(cell) == 0


def has_formula(cell: Element) -> bool:
    return xml.child(cell, "f") is not None


def _number(rows: Element) -> None:
    """Write on each row and cell where it stands, and refuse what stands in no order."""
    last = 0
    for row in rows.iterchildren(xml.tag("row")):
        given = row.get("r") or str(last + 1)
        if not given.isdigit() or int(given) <= last:
            raise no_workbook()
        last = int(given)
        row.set("r", given)
        _number_cells(row, last)


def _number_cells(row: Element, number: int) -> None:
    column = -1
    for cell in row.iterchildren(xml.tag("c")):
        if cell.get("r") is None:
            cell.set("r", f"{letters_of(column + 1)}{number}")
        at, in_row = split(cell)
        if at <= column or in_row != number:
            raise no_workbook()
        column = at
