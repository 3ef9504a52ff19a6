"""The cells of a workbook as three readers tell them, in the same words."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

Sheets = dict[str, list[list[object]]]


def by_calamine(path: Path) -> Sheets:
    book = CalamineWorkbook.from_path(path)
    return {
        name: trimmed([list(map(same, row)) for row in book.get_sheet_by_name(name).to_python()])
        for name in book.sheet_names
    }


def by_openpyxl(path: Path) -> Sheets:
    book = load_workbook(path, data_only=True)
    return {
        sheet.title: trimmed([[read(cell) for cell in row] for row in sheet.iter_rows()])
        for sheet in book.worksheets
    }


def read(cell: Cell | MergedCell) -> object:
    """What openpyxl says; it leaves `_x0001_` as it is written."""
    return same(unescape(cell.value) if isinstance(cell.value, str) else cell.value)


def same(value: object) -> object:
    """A value as each reader would say it: a day is its midnight, a number has 14 digits."""
    match value:
        case None:
            return ""
        case bool():
            return value
        case int() | float():
            return float(f"{value:.14g}") + 0.0
        case datetime():
            return nearest(value)
        case date():
            return datetime(value.year, value.month, value.day)
        case time():
            return length(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second))
        case timedelta():
            return length(value)
        case _:
            return value


def nearest(moment: datetime) -> datetime:
    later = moment + timedelta(microseconds=500)
    return later - timedelta(microseconds=later.microsecond % 1_000)


def length(value: timedelta) -> str:
    return f"{value.total_seconds():.0f} s"


def trimmed(rows: list[list[object]]) -> list[list[object]]:
    """The rows without what is empty at their ends, and without empty rows at the end."""
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows
