"""The last sheet of a workbook, which says what the file is."""

from pathlib import Path

import pytest

from tasks.reports.render import Language, Layout
from tasks.rows import Column, ColumnKind
from tests.unit.render.files import a_workbook, book_of, values_of

AMOUNTS = [Column("Amount", ColumnKind.DECIMAL, 2)]
ABOUT = (("Report", "Stock"), ("Code", "=1+1"), ("Note", "two\nlines"))


def a_layout(title: str = "Stock", language: Language = Language.ENGLISH) -> Layout:
    return Layout(title, language, about=ABOUT)


def test_it_stands_after_the_rows_with_how_many_there_are(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, AMOUNTS, [(1,), (2,)], [(3,)], layout=a_layout())
    assert book_of(path).sheetnames == ["Stock", "About"]
    assert values_of(path, 0) == [["Amount"], [1], [2], [3], [6]]
    assert values_of(path, 1) == [["About", "This report"], *map(list, ABOUT), ["Rows", "3"]]


def test_a_file_that_says_nothing_of_itself_has_no_such_sheet(tmp_path: Path) -> None:
    assert book_of(a_workbook(tmp_path, AMOUNTS, [(1,)])).sheetnames == ["Report"]


def test_rows_on_several_sheets_are_counted_together(tmp_path: Path) -> None:
    rows = [(number,) for number in range(40)]
    path = a_workbook(tmp_path, AMOUNTS, rows, layout=a_layout(), max_rows=20)
    assert book_of(path).sheetnames == ["Stock", "Stock (2)", "Stock (3)", "About"]
    assert values_of(path, 3)[-1] == ["Rows", "40"]


@pytest.mark.parametrize("title", ["About", "ABOUT"])
def test_a_report_of_the_same_name_keeps_its_own(tmp_path: Path, title: str) -> None:
    path = a_workbook(tmp_path, AMOUNTS, [(1,)], layout=a_layout(title))
    assert book_of(path).sheetnames == [title, "About (2)"]


def test_an_empty_report_says_that_it_has_no_rows(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, AMOUNTS, layout=a_layout(language=Language.TURKISH))
    assert book_of(path).sheetnames == ["Stock", "Bilgi"]
    assert values_of(path, 1)[-1] == ["Satır", "0"]


def test_a_value_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, AMOUNTS, [(1,)], layout=a_layout())
    cell = book_of(path)["About"]["B3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
