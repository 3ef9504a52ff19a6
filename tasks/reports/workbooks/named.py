"""The named cells of a template: title, date, parameters, number of rows, and sums."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, localcontext

from tasks.reports.exact import EXACT
from tasks.reports.render.codes import DAYS
from tasks.reports.render.layout import Layout
from tasks.reports.render.xlsx.numbers import MAX_DIGITS, dates, fits_a_cell
from tasks.reports.render.xlsx.text import MAX_LENGTH
from tasks.reports.workbooks import xml
from tasks.reports.workbooks.book import Area, letters_of
from tasks.reports.workbooks.grid import Grid
from tasks.reports.workbooks.looks import TemplateLooks
from tasks.reports.workbooks.xml import Element

TITLE, DATE, PARAMETERS, COUNT, TOTAL = "title", "date", "parameters", "row_count", "total_"
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
CUT = "…"

Value = str | int | Decimal | date


def values_of(layout: Layout, rows: int, totals: Mapping[str, Decimal]) -> dict[str, Value]:
    """Return what each name gets, by the name in small letters."""
    template = layout.template
    values: dict[str, Value] = {TITLE: layout.title, COUNT: rows}
    if template is not None:
        values[PARAMETERS] = "\n".join(f"{title}: {value}" for title, value in template.values)
        if template.at is not None:
            values[DATE] = template.at.date()
    return values | {folded(f"{TOTAL}{name}"): total for name, total in totals.items()}


def fill(
    grid: Grid, cells: Mapping[str, Area], values: Mapping[str, Value], layout: Layout,
    looks: TemplateLooks,
) -> None:  # fmt: skip
    """Put the values into those of the named cells that stand on this sheet."""
    for name, area in cells.items():
        if (value := values.get(folded(name))) is not None:
            put(grid.cell(letters_of(area.left), area.top), value, layout, looks)


def put(cell: Element, value: Value, layout: Layout, looks: TemplateLooks) -> None:
    """Put a value into a cell, which keeps its looks."""
    for one in list(cell):
        cell.remove(one)
    cell.attrib.pop("t", None)
    if isinstance(value, date):
        _put_day(cell, value, layout, looks)
    elif isinstance(value, str):
        _put_text(cell, value)
    else:
        put_number(cell, Decimal(value))


def put_number(cell: Element, value: Decimal) -> None:
    """Put a number where a cell keeps all of its digits, else its exact text."""
    with localcontext(EXACT):
        text = f"{value.normalize():f}"
    if not fits_a_cell(text) or len(text) > MAX_DIGITS * 10:
        _put_text(cell, text)
        return
    if (kept := xml.child(cell, "v")) is None:
        kept = xml.new(cell, "v")
    kept.text = text


def folded(name: str) -> str:
    """Return a name as Excel takes it: of letters, digits and lines below, in any case."""
    return re.sub(r"\W+", "_", name).casefold()


def _put_day(cell: Element, value: date, layout: Layout, looks: TemplateLooks) -> None:
    day = value.date() if isinstance(value, datetime) else value
    number = dates([day])
    if number is None:
        _put_text(cell, day.isoformat())
        return
    style = int(cell.get("s", "0"))
    if looks.is_general(style):
        cell.set("s", str(looks.like(style, DAYS[layout.language])))
    xml.new(cell, "v").text = str(number[0])


def _put_text(cell: Element, text: str) -> None:
    text = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) > MAX_LENGTH // 2:
        text = text[: MAX_LENGTH // 2 - 1] + CUT
    cell.set("t", "inlineStr")
    holder = xml.new(xml.new(cell, "is"), "t")
    holder.set(xml.XML_SPACE, "preserve")
    holder.text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
