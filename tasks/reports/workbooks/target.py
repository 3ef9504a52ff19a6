"""Where in a template the rows go, and which columns it wants."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.errors import Invalid
from tasks.reports.workbooks import xml
from tasks.reports.workbooks.book import Area, Book, TableFound, area_of, letters_of
from tasks.reports.workbooks.grid import Grid, has_formula, is_empty, split
from tasks.reports.workbooks.growth import Growth

ROWS = "Rows"
MARKER = re.compile(r"\{\{\s*(.{1,255}?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column of the template: where it stands, and what is written over it."""

    letters: str
    header: str


@dataclass(frozen=True, slots=True)
class Target:
    """The rows of a sheet, from `first` to `last`, that give way to those of a query."""

    sheet: str
    first: int
    last: int
    columns: tuple[Wanted, ...]
    table: TableFound | None = None
    is_marked: bool = False
    """Whether placeholders stand in the rows, so that a column cannot hold a formula."""


def target_in(book: Book, table: str = "") -> Target:
    """Return where the rows go: into the table of this name, or the only place there is.

    Raises Invalid where the table is not there, or nothing says which of several it is.
    """
    found = _named_table(book, table) if table else _only_place(book)
    _check_surroundings(book, found)
    return found


def _named_table(book: Book, name: str) -> Target:
    for one in book.tables:
        if one.name.casefold() == name.casefold():
            return _of_table(one)
    raise Invalid(
        "The workbook has no table “{name}”. It has: {names}.",
        field="template_table",
        name=name,
        names=", ".join(one.name for one in book.tables) or "–",
    )


def _only_place(book: Book) -> Target:
    area = next((area for name, area in book.names.items() if name.casefold() == "rows"), None)
    if area is not None and area.sheet in book.sheets:
        return _of_name(book, area)
    if marked := _marked(book):
        return marked
    if len(book.tables) == 1:
        return _of_table(book.tables[0])
    if book.tables:
        raise Invalid(
            "The workbook has several tables: {names}. Name the one that the rows go to.",
            field="template_table",
            names=", ".join(one.name for one in book.tables),
        )
    raise Invalid(
        "Nothing in the workbook says where the rows go. Make a table of their headings (Insert, "
        "Table), or name the row of headings “Rows”, or write a row such as {example}.",
        field="file",
        example="{{Amount}}",
    )


def _of_table(table: TableFound) -> Target:
    columns = [
        Wanted(letters_of(table.area.left + n), header) for n, header in enumerate(table.columns)
    ]
    return Target(table.area.sheet, table.first, table.last, tuple(columns), table)


def _of_name(book: Book, area: Area) -> Target:
    """Return the table that the name lies in, or the rows below the first row of the name."""
    for table in book.tables:
        if table.area.sheet == area.sheet and _overlap(table.area, area):
            return _of_table(table)
    grid = grid_of(book, area.sheet)
    texts = {split(cell)[0]: grid.text(cell) for cell in grid.row(area.top)}
    columns = [
        Wanted(letters_of(n), texts[n].strip())
        for n in range(area.left, area.right + 1)
        if texts.get(n, "").strip()
    ]
    if not columns:
        raise Invalid(
            "The cells named “{name}” hold no headings. Name the row of headings, and the rows "
            "below it.",
            field="file",
            name=ROWS,
        )
    first = area.top + 1
    return Target(area.sheet, first, max(first, area.bottom), tuple(columns))


def _marked(book: Book) -> Target | None:
    """Return the first row whose cells are placeholders of columns."""
    for sheet, part in book.sheets.items():
        if not _may_mark(book, part):
            continue
        grid = grid_of(book, sheet)
        for number, row in grid.rows():
            if columns := tuple(_markers(grid, row)):
                return Target(sheet, number, number, columns, is_marked=True)
    return None


def _may_mark(book: Book, part: str) -> bool:
    return any("{{" in text for text in book.texts) or b"{{" in book.package.read(part)


def _markers(grid: Grid, row: xml.Element) -> Iterator[Wanted]:
    for cell in row:
        if found := MARKER.fullmatch(grid.text(cell).strip()):
            yield Wanted(letters_of(split(cell)[0]), found[1])


def grid_of(book: Book, sheet: str) -> Grid:
    """Return the cells of a sheet."""
    return Grid(book.package.xml(book.sheets[sheet]), book.texts)


def _check_surroundings(book: Book, target: Target) -> None:
    """Raise Invalid for what would be lost, or left behind, where rows come and go."""
    for table in book.tables:
        is_other = table.area.sheet == target.sheet and table != target.table
        if is_other and table.area.bottom >= target.first and table.area.top <= target.last:
            raise beside(table.name)
    grid = grid_of(book, target.sheet)
    columns = {one.letters for one in target.columns}
    for number, row in grid.rows():
        if target.first <= number <= target.last:
            _check_row(row, columns, formulas=target.table is None)
            for cell in row:
                _check_formula(cell, target)
    _check_merged(grid, target)
    _check_parts(book, target)


def _check_row(row: xml.Element, columns: set[str], *, formulas: bool) -> None:
    """Refuse what stands beside the columns; without a table, formulas there belong to them."""
    for cell in row:
        is_column = letters_of(split(cell)[0]) in columns
        if not is_column and not is_empty(cell) and not (formulas and has_formula(cell)):
            raise beside(cell.get("r"))


def _check_formula(cell: xml.Element, target: Target) -> None:
    """Refuse a formula whose text depends on how many rows there will be."""
    formula = xml.child(cell, "f")
    text = "" if formula is None else formula.text or ""
    shared = "" if formula is None else formula.get("ref", "")
    if shared and area_of(shared, target.sheet).bottom > target.last:
        raise beside(shared)  # cells below would lose the formula that they share
    more = Growth(target.sheet, target.first, target.last, target.last - target.first + 2)
    if more.body_formula(text) != text:
        raise Invalid(
            "The formula in {place} names cells of the rows, or below them, by $. Name a column of "
            "a table instead, such as {example}.",
            field="file",
            place=cell.get("r"),
            example="Sales[Amount]",
        )


def _check_merged(grid: Grid, target: Target) -> None:
    for one in grid.root.iter(xml.tag("mergeCell")):
        area = area_of(one.get("ref", ""), target.sheet)
        if area.bottom >= target.first and area.top <= target.last:
            raise Invalid(
                "The cells {place} are merged where the rows go. Undo that.",
                field="file",
                place=area.shown,
            )


def _check_parts(book: Book, target: Target) -> None:
    """Raise Invalid for comments and pivot tables that would have to move with the rows."""
    part = book.sheets[target.sheet]
    for kind, name in book.package.related(part).values():
        if kind == "comments":
            _check_places(_places(book, name, "comment"), target)
        if kind == "pivotTable":
            _check_places(_places(book, name, "location"), target)


def _places(book: Book, part: str, element: str) -> Sequence[str]:
    return [one.get("ref", "") for one in xml.named(book.package.xml(part), element)]


def _check_places(places: Sequence[str], target: Target) -> None:
    for place in places:
        if area_of(place, target.sheet).bottom >= target.first:
            raise Invalid(
                "A note or a pivot table at {place} stands beside or below the rows, and would "
                "not move with them. Put it above them, or on another sheet.",
                field="file",
                place=place,
            )


def _overlap(one: Area, other: Area) -> bool:
    down = one.top <= other.bottom and other.top <= one.bottom
    return down and one.left <= other.right and other.left <= one.right


def beside(place: str) -> Invalid:
    """What is said of something that shares rows with those that come and go."""
    return Invalid(
        "{place} stands beside the rows, which come and go. Put it above them, below them, or on "
        "another sheet.",
        field="file",
        place=place,
    )
