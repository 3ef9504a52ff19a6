"""A filled template as an archive: each part as it was, or as the rows have changed it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from tasks.reports.render.layout import Layout
from tasks.reports.render.xlsx.archive import Archive
from tasks.reports.workbooks import elsewhere, named, xml
from tasks.reports.workbooks.book import Area, Book, TableFound, letters_of
from tasks.reports.workbooks.elsewhere import CALC_CHAIN
from tasks.reports.workbooks.grid import Grid
from tasks.reports.workbooks.growth import Growth
from tasks.reports.workbooks.looks import TemplateLooks
from tasks.reports.workbooks.package import CONTENT_TYPES, no_workbook, rels_of
from tasks.reports.workbooks.sheets import move_formulas
from tasks.reports.workbooks.target import Target, grid_of

FIRST_PARTS = (CONTENT_TYPES, "_rels/.rels")
"""Mail filters tell a workbook from any other zip by the first names."""

Edits = dict[str, Callable[[], bytes]]


@dataclass(frozen=True, slots=True)
class Filled:
    """The sheet that holds the rows: what stands before them, the rows, and what follows."""

    before: bytes
    rows: Callable[[], Iterator[bytes]]
    after: bytes


class Writing:
    """The parts of one template on their way to a file."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._related = book.package.related(book.part)
        self._styles = next((one for kind, one in self._related.values() if kind == "styles"), "")
        if self._styles not in book.package:
            raise no_workbook()
        self.looks = TemplateLooks(book.package.xml(self._styles))
        self._others: dict[str, Grid] = {}

    def formulas_of(self, table: TableFound) -> dict[str, str]:
        """Return the formulas of a table's columns, by their letters."""
        found: dict[str, str] = {}
        for n, column in enumerate(self._columns_of(table)):
            for one in xml.named(column, "calculatedColumnFormula"):
                found[letters_of(table.area.left + n)] = one.text or ""
        return found

    def summed_columns(self, table: TableFound) -> frozenset[str]:
        """Return the letters of the columns that the table's totals row adds up."""
        return frozenset(
            letters_of(table.area.left + n)
            for n, column in enumerate(self._columns_of(table))
            if column.get("totalsRowFunction") == "sum"
        )

    def fill_names(
        self, home: str, grid: Grid, layout: Layout, values: Mapping[str, named.Value]
    ) -> None:
        """Fill the named cells; those of the sheet `home`, which gets the rows, in its `grid`."""
        cells = {n: one for n, one in self._book.names.items() if named.folded(n) in values}
        sheets = {one.sheet for one in cells.values()} & set(self._book.sheets)
        for sheet in sheets:
            here = {name: area for name, area in cells.items() if area.sheet == sheet}
            own = grid if sheet == home else self._other(sheet)
            named.fill(own, here, values, layout, self.looks)

    def write(self, archive: Archive, target: Target, growth: Growth, filled: Filled) -> None:
        """Write all parts in their order, the sheet of the rows as a stream."""
        edits = self._edits(target, growth)
        package = self._book.package
        sheet = self._book.sheets[target.sheet]
        first = [name for name in FIRST_PARTS if name in package]
        for name in [*first, *(one for one in package.names if one not in FIRST_PARTS)]:
            if name == sheet:
                _stream(archive, name, filled)
            elif CALC_CHAIN not in name:
                archive.add(name, edits[name]() if name in edits else package.read(name))

    def _edits(self, target: Target, growth: Growth) -> Edits:
        """Return how each part that the rows have changed is made."""
        book, package = self._book, self._book.package
        edits: Edits = {
            CONTENT_TYPES: lambda: elsewhere.content_types(book),
            book.part: lambda: elsewhere.workbook(book, growth),
            self._styles: lambda: xml.written(self.looks.root),
            rels_of(book.part): lambda: elsewhere.relations(package.xml(rels_of(book.part))),
        }
        for one in book.tables:
            if one.area.sheet == target.sheet:
                edits[one.part] = partial(elsewhere.table, book, one, growth)
        edits |= self._edits_of_sheets(target, growth)
        edits |= self._edits_of_drawings(target, growth)
        return edits | self._edits_of_pivots(target, growth)

    def _edits_of_sheets(self, target: Target, growth: Growth) -> Edits:
        edits: Edits = {}
        for sheet, part in self._book.sheets.items():
            if sheet != target.sheet and (sheet in self._others or self._has_formulas(part)):
                edits[part] = partial(self._moved, sheet, growth)
        return edits

    def _edits_of_drawings(self, target: Target, growth: Growth) -> Edits:
        package = self._book.package
        edits: Edits = {
            name: partial(self._edited, name, elsewhere.chart, growth)
            for name in package.names
            if name.startswith("xl/charts/chart") and name.endswith(".xml")
        }
        for kind, name in package.related(self._book.sheets[target.sheet]).values():
            if kind == "drawing":
                edits[name] = partial(self._edited, name, elsewhere.drawing, growth)
        return edits

    def _edits_of_pivots(self, target: Target, growth: Growth) -> Edits:
        names = {name.casefold() for name, area in self._book.names.items() if _holds(area, target)}
        if target.table is not None:
            names.add(target.table.name.casefold())
        edits: Edits = {}
        for kind, part in self._related.values():
            if kind == "pivotCacheDefinition":
                root = self._book.package.xml(part)
                if (made := elsewhere.pivot_cache(root, growth, frozenset(names))) is not None:
                    edits[part] = partial(bytes, made)
        return edits

    def _edited(self, part: str, edit: Callable[[xml.Element, Growth], bytes], by: Growth) -> bytes:
        return edit(self._book.package.xml(part), by)

    def _moved(self, sheet: str, growth: Growth) -> bytes:
        grid = self._other(sheet)
        move_formulas(grid, growth, here=False)
        return xml.written(grid.root)

    def _other(self, sheet: str) -> Grid:
        if sheet not in self._others:
            self._others[sheet] = grid_of(self._book, sheet)
        return self._others[sheet]

    def _has_formulas(self, part: str) -> bool:
        content = self._book.package.read(part)
        return b"<f" in content or b":f>" in content or b":f " in content

    def _columns_of(self, table: TableFound) -> list[xml.Element]:
        return list(self._book.package.xml(table.part).iter(xml.tag("tableColumn")))


def _stream(archive: Archive, name: str, filled: Filled) -> None:
    archive.start(name)
    archive.write(filled.before)
    for rows in filled.rows():
        archive.write(rows)
    archive.write(filled.after)
    archive.finish()


def _holds(area: Area, target: Target) -> bool:
    return area.sheet == target.sheet and area.top <= target.first <= area.bottom
