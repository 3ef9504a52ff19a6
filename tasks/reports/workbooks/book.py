"""The parts of a template that its rows, its names and its formulas are found by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.errors import Invalid
from tasks.reports.render.xlsx.text import column_letters
from tasks.reports.workbooks import xml
from tasks.reports.workbooks.growth import sheet_of
from tasks.reports.workbooks.package import Package, no_workbook, readable
from tasks.reports.workbooks.safety import check_formulas, check_safe
from tasks.reports.workbooks.xml import MAIN, OFFICE, Element

MOST_SHEETS = 200
PLACE = re.compile(
    r"((?:'(?:[^']|'')+'|[^'!]+)!)\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?"
)

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of a sheet; columns are counted from 0."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def shown(self) -> str:
        """The area as Excel writes it."""
        start = f"{letters_of(self.left)}{self.top}"
        end = f"{letters_of(self.right)}{self.bottom}"
        return start if start == end else f"{start}:{end}"


@dataclass(frozen=True, slots=True)
class TableFound:
    """A table of Excel, with the part that it stands in."""

    name: str
    part: str
    area: Area
    columns: tuple[str, ...]
    headers: int
    """Rows of its header, 0 or 1."""
    totals: int
    """Rows of its totals, 0 or 1."""

    @property
    def first(self) -> int:
        return self.area.top + self.headers

    @property
    def last(self) -> int:
        return self.area.bottom - self.totals


@dataclass(frozen=True, slots=True)
class Book:
    """A checked template: its sheets by name with their parts, its tables and named cells."""

    package: Package
    part: str
    root: Element
    sheets: dict[str, str]
    tables: tuple[TableFound, ...]
    names: dict[str, Area]
    texts: list[str] = field(repr=False)
    """The shared strings."""


@readable()
def opened(content: bytes) -> Book:
    """Return a template that was checked from end to end; raises Invalid in words."""
    package = Package(content)
    check_safe(package)
    part = _main_part(package)
    root = package.xml(part)
    if root.tag != xml.tag("workbook"):
        raise Invalid(
            "The workbook is saved as “Strict Open XML”. Save it as an Excel workbook (.xlsx).",
            field="file",
        )
    related = package.related(part)
    sheets = _sheets(package, root, related)
    tables = tuple(_tables(package, sheets))
    for one in (part, *sheets.values(), *(table.part for table in tables)):
        check_formulas(package, one)
    return Book(package, part, root, sheets, tables, _names(root), _texts(package, related))


def letters_of(column: int) -> str:
    """Return the letters of a column that is counted from 0."""
    return column_letters(column)


def number_of(letters: str) -> int:
    """Return the column of these letters, counted from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def area_of(text: str, sheet: str) -> Area:
    """Return the area of a sheet that is written as `B4:D9`; raises Invalid."""
    found = PLACE.fullmatch(f"x!{text}")
    if found is None:
        raise no_workbook()
    return _area(found, sheet)


def _area(found: re.Match[str], sheet: str) -> Area:
    left, top = number_of(found[2]), int(found[3])
    right = number_of(found[4]) if found[4] else left
    return Area(sheet, left, top, right, int(found[5] or top))


def _main_part(package: Package) -> str:
    rels = package.xml("_rels/.rels") if "_rels/.rels" in package else ()
    for one in rels:
        if one.get("Type", "").endswith("/officeDocument"):
            name: str = one.get("Target", "").lstrip("/")
            if name in package:
                return name
    raise no_workbook()


def _sheets(package: Package, root: Element, related: dict[str, tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in root.iter(xml.tag("sheet")):
        kind, part = related.get(one.get(f"{{{OFFICE}}}id", ""), ("", ""))
        if kind == "worksheet" and part in package:
            found[one.get("name", "")] = part
    if not found:
        raise no_workbook()
    if len(found) > MOST_SHEETS:
        raise Invalid(
            "The workbook has more than {most} sheets. Take those out that the report does not "
            "need.",
            field="file",
            most=MOST_SHEETS,
        )
    return found


def _tables(package: Package, sheets: dict[str, str]) -> Iterator[TableFound]:
    for sheet, part in sheets.items():
        for kind, table in package.related(part).values():
            if kind == "table":
                yield _table(package.xml(table), table, sheet)


def _table(root: Element, part: str, sheet: str) -> TableFound:
    columns = [unescaped(one.get("name", "")) for one in root.iter(xml.tag("tableColumn"))]
    area = area_of(root.get("ref", ""), sheet)
    headers = int(root.get("headerRowCount", "1") != "0")
    totals = int(root.get("totalsRowCount", "0") != "0")
    found = TableFound(root.get("displayName", ""), part, area, tuple(columns), headers, totals)
    if found.last < found.first or len(columns) != area.right - area.left + 1:
        raise no_workbook()
    return found


def _names(root: Element) -> dict[str, Area]:
    """Return the names that mean one area of cells, and are not Excel's own."""
    found: dict[str, Area] = {}
    for one in root.iter(f"{{{MAIN}}}definedName"):
        place = PLACE.fullmatch((one.text or "").strip())
        name = one.get("name", "")
        if place and not name.startswith("_xlnm.") and one.get("localSheetId") is None:
            found[name] = _area(place, sheet_of(place[1]))
    return found


def _texts(package: Package, related: dict[str, tuple[str, str]]) -> list[str]:
    parts = [part for kind, part in related.values() if kind == "sharedStrings"]
    if not parts or parts[0] not in package:
        return []
    return [text_of(one) for one in package.xml(parts[0]).iter(xml.tag("si"))]


def text_of(element: Element) -> str:
    """Return the text of a rich or plain string, without how it is pronounced."""
    runs = (one for one in element.iter(xml.tag("t")) if one.getparent().tag != xml.tag("rPh"))
    return unescaped("".join(one.text or "" for one in runs))


def unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
