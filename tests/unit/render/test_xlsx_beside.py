"""A sheet beside the results of a workbook."""

from decimal import Decimal
from pathlib import Path

import pytest

from tasks.reports.files import ReportFiles
from tasks.reports.limits import Limits
from tasks.reports.render import Format, Layout
from tasks.reports.render.xlsx import XlsxRenderer
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.files import A_LAYOUT, book_of, values_of

COLUMNS = (Column("Code", ColumnKind.TEXT), Column("Amount", ColumnKind.DECIMAL, 2))
ROWS: list[Row] = [("a", Decimal("1.50")), ("b", Decimal("2.00"))]
CHANGES: list[Row] = [("gone", Decimal("9.00"))]


def test_a_sheet_beside_stands_after_the_results_and_before_what_is_told(tmp_path: Path) -> None:
    path, layout = tmp_path / "report.xlsx", Layout("Report", about=(("Source", "SAP"),))
    with XlsxRenderer(path, COLUMNS, layout) as renderer:
        renderer.write(ROWS)
        renderer.add_sheet("Changes", COLUMNS, CHANGES)
        renderer.add_sheet("Changes", COLUMNS, iter(CHANGES * 1_200))
    assert book_of(path).sheetnames == ["Report", "Changes", "Changes (2)", "About"]
    assert values_of(path, 0)[-1] == ["Total", 3.5]
    assert values_of(path, 1) == [["Code", "Amount"], ["gone", 9]]
    assert len(values_of(path, 2)) == 1_201
    assert values_of(path, 3)[-1] == ["Rows", "2"]


def test_no_row_of_a_result_follows_a_sheet_beside(tmp_path: Path) -> None:
    renderer = XlsxRenderer(tmp_path / "report.xlsx", COLUMNS, A_LAYOUT)
    renderer.add_sheet("Changes", COLUMNS, CHANGES)
    with pytest.raises(ValueError, match="table is over"):
        renderer.write(ROWS)
    assert list(tmp_path.iterdir()) == []


def test_only_files_with_sheets_get_it(tmp_path: Path) -> None:
    book, text = tmp_path / "a.xlsx", tmp_path / "a.csv"
    paths = {book: Format.XLSX, text: Format.CSV}
    files = ReportFiles(paths, A_LAYOUT, Limits(100, 100))
    files.begin(COLUMNS)
    files.write(ROWS)
    files.add_sheet("Changes", COLUMNS, CHANGES)
    files.close()
    assert book_of(book).sheetnames == ["Report", "Changes"]
    assert len(text.read_text().splitlines()) == 3
    assert files.rows == 2
