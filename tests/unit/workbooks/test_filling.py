"""A template gets the rows of a query, and all that points to them grows."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tasks.errors import ErrorKind, JobError
from tasks.rows import Column, ColumnKind
from tests.unit.workbooks.samples import COLUMNS, ROWS, VAT, filled, with_headings, with_table


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("filled") / "a.xlsx", with_table())


@pytest.fixture(scope="module")
def book(made: Path) -> Any:
    return openpyxl.load_workbook(made)


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_each_row_stands_in_the_tables_columns_under_their_headings(made: Path) -> None:
    rows = CalamineWorkbook.from_path(made).get_sheet_by_name("My Data").to_python()
    assert rows[2][:3] == ["Customer", "Date", "Net"]
    assert rows[3][:3] == ["=1+1", date(2026, 1, 1), 100.0]
    assert [row[0] for row in rows[4:15]] == [row[1] for row in ROWS[1:]]
    assert [row[4] for row in rows[3:15]] == [row[0] for row in ROWS]


def test_the_table_with_its_totals_has_as_many_rows_as_the_query(book: Any) -> None:
    sheet = book["My Data"]
    table = sheet.tables["Sales"]
    assert (table.ref, table.autoFilter.ref) == ("A3:E16", "A3:E15")
    assert sheet["A16"].value == "Total"
    assert sheet["C16"].value == "=SUBTOTAL(109,Sales[Net])"


def test_cells_keep_the_looks_of_the_templates_first_row(book: Any) -> None:
    sheet = book["My Data"]
    for row in (4, 9, 15):
        assert sheet[f"C{row}"].number_format == '#,##0.00 "TL"'
        assert sheet[f"C{row}"].fill.fgColor.rgb == "FFFFEECC"
        assert sheet[f"B{row}"].number_format == "yyyy-mm-dd"
        assert sheet[f"A{row}"].data_type == "s"
    assert sheet.column_dimensions["A"].width > 39


def test_formulas_of_the_table_stand_in_each_row(book: Any) -> None:
    assert {book["My Data"][f"D{row}"].value for row in range(4, 16)} == {f"={VAT}"}


def test_what_stands_below_moves_down_with_all_that_points_to_it(book: Any) -> None:
    sheet = book["My Data"]
    assert (sheet["A1"].value, sheet["A19"].value) == ("Sales of the month", "Below")
    assert sheet["C19"].value == "=SUM(C4:C15)+C16"
    assert sheet["A20"].hyperlink.ref == "A20"
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A22:B22"]
    assert [str(one.sqref) for one in sheet.conditional_formatting] == ["C4:C15"]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "E4:E15"
    assert sheet.print_area == "'My Data'!$A$1:$E$16"
    assert book.defined_names["Nets"].attr_text == "'My Data'!$C$4:$C$15"
    assert book["Dashboard"]["B6"].value == "=SUM('My Data'!C4:C15)"


def test_charts_draw_all_rows_and_one_below_the_rows_moves(made: Path) -> None:
    charts = [part(made, f"xl/charts/chart{n}.xml") for n in (1, 2)]
    assert "<c:f>'My Data'!$A$4:$A$15</c:f>" in charts[0]
    assert all("<c:f>'My Data'!$C$4:$C$15</c:f>" in chart for chart in charts)
    assert not any("Cache>" in chart for chart in charts)
    assert "<xdr:row>24</xdr:row>" in part(made, "xl/drawings/drawing2.xml")
    assert "<xdr:row>1</xdr:row>" in part(made, "xl/drawings/drawing1.xml")


def test_named_cells_get_title_date_parameters_and_sums(book: Any) -> None:
    front = book["Dashboard"]
    assert front["A1"].value == "Aylık satış – Çorum"
    assert front["A1"].font.size == 18
    assert (front["A2"].value, front["A2"].number_format) == (datetime(2026, 11, 1), "yyyy-mm-dd")
    assert front["A3"].value == "Company: A & B"
    assert (front["B7"].value, front["B8"].value) == (7_800, 12)


def test_no_formula_shows_what_it_came_to_with_other_rows(made: Path) -> None:
    values = openpyxl.load_workbook(made, data_only=True)
    assert values["Dashboard"]["B5"].value is None
    assert values["My Data"]["C19"].value is None
    assert values["My Data"]["C16"].value == 7_800, "the exact sum"
    assert 'fullCalcOnLoad="1"' in part(made, "xl/workbook.xml")


def test_without_rows_the_table_has_one_that_is_empty(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(filled(tmp_path / "a.xlsx", with_table(), []))
    sheet = book["My Data"]
    assert sheet.tables["Sales"].ref == "A3:E5"
    assert [cell.value for cell in sheet[4]] == [None] * 5
    assert (sheet["A5"].value, sheet["A8"].value) == ("Total", "Below")
    assert book["Dashboard"]["B8"].value == 0


@pytest.mark.parametrize(
    "content",
    [
        with_headings(names="$B$4:$D$5"),
        with_headings(names="$B$4:$D$4"),
        with_headings(marker=True),
    ],
)
def test_rows_go_below_named_headings_and_where_placeholders_stand(
    tmp_path: Path, content: bytes
) -> None:
    sheet = openpyxl.load_workbook(filled(tmp_path / "a.xlsx", content))["Liste"]
    assert [cell.value for cell in sheet[5]][1:] == ["001", "=1+1", 100, "=D5*2"]
    assert sheet["C5"].data_type == "s"
    assert [cell.value for cell in sheet[16]][1:] == ["012", "Ayşe & <12>", 1200, "=D16*2"]
    assert sheet["D16"].number_format == "0.000"
    assert sheet["B18"].value == "=SUM(D5:D16)"


def test_a_heading_that_the_query_does_not_give_is_told(tmp_path: Path) -> None:
    columns = (*COLUMNS[:3], Column("Gross", ColumnKind.DECIMAL, 2), COLUMNS[4])
    with pytest.raises(JobError, match=r"does not give: Net\..*gives: Code, customer") as refused:
        filled(tmp_path / "a.xlsx", with_table(), columns=columns)
    assert refused.value.kind is ErrorKind.SQL
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert filled(tmp_path / "a.xlsx", with_table(), table="SALES").exists()
    with pytest.raises(JobError, match="has no table “Orders”. It has: Sales"):
        filled(tmp_path / "b.xlsx", with_table(), table="Orders")


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    content = with_table()
    first, second = (filled(tmp_path / name, content).read_bytes() for name in ("a", "b"))
    assert first == second
