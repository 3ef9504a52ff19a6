"""The parts of a template around its sheets: they point to as many rows as there are now."""

from tasks.reports.workbooks import xml
from tasks.reports.workbooks.book import Book, TableFound, area_of
from tasks.reports.workbooks.growth import Growth
from tasks.reports.workbooks.package import CONTENT_TYPES
from tasks.reports.workbooks.xml import Element

CACHES = frozenset({"numCache", "strCache", "multiLvlStrCache"})
CALC_CHAIN = "calcChain"


def content_types(book: Book) -> bytes:
    """Return the list of parts without the order of calculation, which Excel makes anew."""
    root = book.package.xml(CONTENT_TYPES)
    for one in list(root):
        if CALC_CHAIN in one.get("PartName", ""):
            root.remove(one)
    return xml.written(root)


def relations(root: Element) -> bytes:
    """Return the relationships of the workbook without that one."""
    for one in list(root):
        if one.get("Type", "").endswith(f"/{CALC_CHAIN}"):
            root.remove(one)
    return xml.written(root)


def workbook(book: Book, growth: Growth) -> bytes:
    """Return the workbook's own part: names grow, and all is calculated when it is opened."""
    root = book.root
    for one in root.iter(xml.tag("definedName")):
        one.text = growth.formula(one.text or "", here=False, single=True)
    calculation = xml.child(root, "calcPr")
    if calculation is None:
        calculation = xml.element("calcPr")
        before = xml.child(root, "definedNames")
        before = xml.child(root, "sheets") if before is None else before
        before.addnext(calculation)
    calculation.set("fullCalcOnLoad", "1")
    return xml.written(root)


def table(book: Book, found: TableFound, growth: Growth) -> bytes:
    """Return a table of the sheet with the rows that it has now; no filter hides any."""
    root = book.package.xml(found.part)
    top, bottom = growth.rows(found.area.top, found.last)
    left, right = found.area.shown.split(":")[0], found.area.shown.rpartition(":")[2]
    start, end = left.rstrip("0123456789"), right.rstrip("0123456789")
    root.set("ref", f"{start}{top}:{end}{bottom + found.totals}")
    for one in root.iter(xml.tag("autoFilter")):
        one.set("ref", f"{start}{top}:{end}{bottom}")
    for name in ("filterColumn", "sortState"):
        for one in list(root.iter(xml.tag(name))):
            one.getparent().remove(one)
    for one in xml.named(root, "totalsRowFormula"):
        one.text = growth.formula(one.text or "", here=True)
    return xml.written(root)


def chart(root: Element, growth: Growth) -> bytes:
    """Return a chart whose values are as many as the rows; it forgets what it has drawn."""
    for one in list(xml.named(root, "f")):
        if not growth.refers(one.text or ""):
            continue
        one.text = growth.formula(one.text, here=False, single=True)
        for other in list(one.getparent()):
            if xml.local(other) in CACHES:
                one.getparent().remove(other)
    return xml.written(root)


def drawing(root: Element, growth: Growth) -> bytes:
    """Return the pictures and charts of the sheet; those below the rows move with them."""
    for anchor in root:
        rows = [one for place in anchor for one in place if _is_row(place, one)]
        if rows and int(rows[0].text) + 1 > growth.last:
            for one in rows:
                one.text = str(max(int(one.text) + growth.delta, 0))
    return xml.written(root)


def pivot_cache(root: Element, growth: Growth, names: frozenset[str]) -> bytes | None:
    """Return the source of a pivot table that reads the rows, to be read anew; else None.

    `names` are those of the table and of the areas that hold the rows, in small letters.
    """
    for one in xml.named(root, "worksheetSource"):
        is_here = one.get("sheet", "").casefold() == growth.sheet.casefold()
        if not is_here and one.get("name", "").casefold() not in names:
            continue
        if one.get("ref") and is_here:
            area = area_of(one.get("ref"), growth.sheet)
            one.set("ref", growth.areas(area.shown))
        root.set("refreshOnLoad", "1")
        return xml.written(root)
    return None


def _is_row(place: Element, one: Element) -> bool:
    return xml.local(place) in ("from", "to") and xml.local(one) == "row"
