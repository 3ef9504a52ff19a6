"""The sheets of a template as they are written: what stands above and below the rows moves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tasks.errors import ErrorKind, JobError
from tasks.reports.workbooks import xml
from tasks.reports.workbooks.book import area_of, letters_of
from tasks.reports.workbooks.grid import Grid, split
from tasks.reports.workbooks.growth import LAST_ROW, Growth
from tasks.reports.workbooks.named import put_number
from tasks.reports.workbooks.target import Target
from tasks.reports.workbooks.xml import Element

HERE = "rows"
KEPT_OF_ROW = ("ht", "customHeight", "s", "customFormat", "thickTop", "thickBot", "outlineLevel")
RULES = frozenset({"formula", "formula1", "formula2"})


@dataclass(frozen=True, slots=True)
class FirstRow:
    """What the first of a template's rows says of all: its looks, and its formulas."""

    attributes: str
    styles: dict[str, int]
    formulas: dict[str, str]


def first_row_of(grid: Grid, target: Target) -> FirstRow:
    """Return what each row gets, by the letters of its columns."""
    row = grid.row(target.first)
    usual = _styles_of_columns(grid, target)
    own = row.get("s") if row.get("customFormat") in ("1", "true") else None
    if own is not None:
        usual = dict.fromkeys(usual, int(own))
    styles = {letters_of(split(one)[0]): int(one.get("s", "0")) for one in row}
    formulas = {letters_of(split(one)[0]): text for one in row if (text := _formula(one))}
    kept = "".join(f' {name}="{row.get(name)}"' for name in KEPT_OF_ROW if row.get(name))
    return FirstRow(kept, usual | styles, formulas)


def parted(
    grid: Grid, target: Target, growth: Growth, sums: Mapping[str, Decimal]
) -> tuple[bytes, bytes]:
    """Return what is written before and after the rows; the grid is used up.

    `sums` are the exact ones, by the letters of the columns, for the totals row of a table.
    """
    rows = dict(grid.rows())
    below = [row for number, row in rows.items() if number > target.last]
    _refuse_too_many(growth, max(rows, default=0))
    for number, row in rows.items():
        if target.first <= number <= target.last:
            grid.cells.remove(row)
    place = len(grid.cells) - len(below)
    grid.cells.insert(place, xml.instruction(HERE, HERE))
    for row in below:
        _move(row, growth)
    _move_the_rest(grid, target, growth)
    move_formulas(grid, growth, here=True)
    for letters, total in sums.items():
        put_number(grid.cell(letters, growth.new_last + 1), total)
    before, _, after = xml.written(grid.root).partition(f"<?{HERE} {HERE}?>".encode())
    return before, after


def move_formulas(grid: Grid, growth: Growth, *, here: bool) -> None:
    """Let formulas follow the rows, and forget what they came to before."""
    for cell in grid.cells.iter(xml.tag("c")):
        formula = xml.child(cell, "f")
        if formula is None:
            continue
        formula.text = growth.formula(formula.text or "", here=here)
        if here and formula.get("ref"):
            formula.set("ref", growth.areas(formula.get("ref")))
        _forget(cell)
    for one in _outside(grid):
        if one.text and xml.local(one) in RULES:
            one.text = growth.formula(one.text, here=here)
        elif one.text and xml.local(one) == "f":
            one.text = growth.formula(one.text, here=here, single=True)


def _formula(cell: Element) -> str:
    formula = xml.child(cell, "f")
    return "" if formula is None else str(formula.text or "")


def _styles_of_columns(grid: Grid, target: Target) -> dict[str, int]:
    """Return the style that a column of the sheet has where no cell is written."""
    columns = {one.letters: 0 for one in target.columns}
    holder = xml.child(grid.root, "cols")
    for one in holder if holder is not None else ():
        for number in range(int(one.get("min")), min(int(one.get("max")), 16_384) + 1):
            if letters_of(number - 1) in columns:
                columns[letters_of(number - 1)] = int(one.get("style", "0"))
    return columns


def _move(row: Element, growth: Growth) -> None:
    number = growth.row(int(row.get("r")))
    row.set("r", str(number))
    for cell in row.iterchildren(xml.tag("c")):
        cell.set("r", f"{letters_of(split(cell)[0])}{number}")


def _move_the_rest(grid: Grid, target: Target, growth: Growth) -> None:
    """Move what names areas of the sheet around its cells, such as colours and merged cells."""
    dimension = xml.child(grid.root, "dimension")
    if dimension is not None:
        grid.root.remove(dimension)
    for one in list(_outside(grid)):
        if _goes(one, target):
            one.getparent().remove(one)
        else:
            _move_areas(one, growth)
    _drop_empty(grid.root, "hyperlinks")


def _move_areas(one: Element, growth: Growth) -> None:
    for name in ("ref", "sqref"):
        if one.get(name):
            one.set(name, growth.areas(one.get(name)))
    if xml.local(one) == "sqref" and one.text:
        one.text = growth.areas(one.text)
    elif xml.local(one) == "brk" and xml.local(one.getparent()) == "rowBreaks":
        one.set("id", str(growth.row(int(one.get("id")))))


def _goes(one: Element, target: Target) -> bool:
    """Whether this is a filter that would hide rows, or the link of a row that is replaced."""
    if xml.local(one) in ("filterColumn", "sortState"):
        return True
    return xml.local(one) == "hyperlink" and _is_replaced(one, target)


def _is_replaced(link: Element, target: Target) -> bool:
    return target.first <= area_of(link.get("ref", ""), target.sheet).top <= target.last


def _drop_empty(root: Element, name: str) -> None:
    holder = xml.child(root, name)
    if holder is not None and len(holder) == 0:
        root.remove(holder)


def _outside(grid: Grid) -> Iterator[Element]:
    """Yield what stands on the sheet beside its cells."""
    for one in grid.root:
        if one is not grid.cells:
            yield from one.iter()


def _forget(cell: Element) -> None:
    """A value that a formula had with other rows would be wrong until somebody calculates."""
    for name in ("v", "is"):
        value = xml.child(cell, name)
        if value is not None:
            cell.remove(value)
    cell.attrib.pop("t", None)


def _refuse_too_many(growth: Growth, last: int) -> None:
    if max(growth.new_last, growth.row(last)) > LAST_ROW:
        raise too_many()


def too_many() -> JobError:
    """What is said where the rows do not fit on the sheet of the template."""
    return JobError(
        "The rows are more than fit on the template's sheet, which holds {most}. Narrow the "
        "query, or choose CSV.",
        kind=ErrorKind.RENDER,
        most=f"{LAST_ROW:,}",
    )
