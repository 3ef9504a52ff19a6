"""Files for the tests of the renderers: the least that is valid, and the oracles that read them."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tasks.reports.render import Format, Layout, open_renderer
from tasks.reports.render.xlsx import MAX_ROWS, XlsxRenderer
from tasks.rows import Column, ColumnKind, Row

A_LAYOUT = Layout("Report")


def a_column(kind: ColumnKind = ColumnKind.TEXT, scale: int | None = None) -> Column:
    return Column(f"A {kind}", kind, scale)


def a_workbook(
    folder: Path,
    columns: Sequence[Column],
    *batches: Sequence[Row],
    layout: Layout = A_LAYOUT,
    max_rows: int = MAX_ROWS,
) -> Path:
    path = folder / "report.xlsx"
    with XlsxRenderer(path, columns, layout, max_rows=max_rows) as renderer:
        for batch in batches:
            renderer.write(batch)
    return path


def a_csv(
    folder: Path, columns: Sequence[Column], *batches: Sequence[Row], layout: Layout = A_LAYOUT
) -> Path:
    path = folder / "report.csv"
    with open_renderer(Format.CSV, path, columns, layout) as renderer:
        for batch in batches:
            renderer.write(batch)
    return path


def a_cell(
    folder: Path, value: object, column: Column | None = None, layout: Layout = A_LAYOUT
) -> object:
    """The value as calamine reads it back from a workbook of one cell."""
    path = a_workbook(folder, [column or a_column()], [(value,)], layout=layout)
    return values_of(path)[1][0]


def values_of(path: Path, sheet: int = 0) -> list[list[object]]:
    """All rows of a sheet with the header, as calamine reads them."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(sheet).to_python()
    return [list(row) for row in rows]


def book_of(path: Path, *, stored_values: bool = False) -> Workbook:
    """The workbook as openpyxl reads it: formulas, or the values stored beside them."""
    return load_workbook(path, data_only=stored_values)


def sheet_of(path: Path, *, stored_values: bool = False) -> Worksheet:
    sheet = book_of(path, stored_values=stored_values).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet
