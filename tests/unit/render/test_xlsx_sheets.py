"""Totals, full sheets, empty results, and the bytes of the file."""

import hashlib
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.errors import JobError
from tasks.reports.render import Language, Layout
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.files import a_column, a_workbook, book_of, sheet_of, values_of

NAME, AMOUNT = Column("Ad", ColumnKind.TEXT), Column("Tutar", ColumnKind.DECIMAL, 2)
NUMBER, RATE = Column("No", ColumnKind.INTEGER), Column("Oran", ColumnKind.FLOAT)
COLUMNS = (NAME, NUMBER, AMOUNT, RATE)


def rows(count: int) -> list[Row]:
    return [(f"{n:05}", n, Decimal("0.10"), 0.1) for n in range(count)]


def test_decimals_get_an_exact_total_that_follows_the_filter(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, COLUMNS, rows(3_000)[:1_700], rows(3_000)[1_700:])
    assert values_of(path)[-1] == ["Total", "", 300, ""]
    last = sheet_of(path)[3_002]
    assert last[2].value == "=SUBTOTAL(109,C2:C3001)"
    assert last[2].number_format == "#,##0.00"
    assert last[2].font.bold
    assert sheet_of(path).auto_filter.ref == "A1:D3001"


def test_the_caller_chooses_which_columns_get_a_total(tmp_path: Path) -> None:
    layout = Layout("R", Language.TURKISH, totals=("No", "Oran"))
    path = a_workbook(tmp_path, COLUMNS, rows(10), layout=layout)
    assert values_of(path)[-1] == ["Toplam", 45, "", 1.0]


def test_the_label_stands_in_the_first_column_without_a_total(tmp_path: Path) -> None:
    layout = Layout("R", totals_label="Σ")
    path = a_workbook(tmp_path, [AMOUNT, NAME], [(Decimal(5), "x")], layout=layout)
    assert values_of(path)[-1] == [5, "Σ"]


def test_without_totals_the_last_row_is_the_last_row(tmp_path: Path) -> None:
    assert (
        len(values_of(a_workbook(tmp_path, COLUMNS, rows(5), layout=Layout("R", totals=())))) == 6
    )


def test_missing_and_infinite_values_do_not_count_in_a_total(tmp_path: Path) -> None:
    values = [Decimal("1.5"), None, Decimal("NaN"), Decimal("-Infinity"), 2, Decimal("Infinity")]
    path = a_workbook(tmp_path, [NAME, AMOUNT], [("x", value) for value in values])
    assert values_of(path)[-1] == ["Total", 3.5]


def test_a_sum_too_long_for_excel_is_exact_text_beside_its_formula(tmp_path: Path) -> None:
    values = [Decimal("99999999999999.9"), Decimal("0.000001")]
    path = a_workbook(tmp_path, [NAME, AMOUNT], [("x", value) for value in values])
    assert values_of(path)[-1][1] == "99999999999999.900001"
    assert sheet_of(path)["B4"].value == "=SUBTOTAL(109,B2:B3)"


def test_a_total_over_numbers_that_are_text_is_no_formula(tmp_path: Path) -> None:
    values = [Decimal("9999999999999999.5"), Decimal("-9999999999999998")]
    path = a_workbook(tmp_path, [NAME, AMOUNT], [("x", value) for value in values])
    assert sheet_of(path)["B4"].value == 1.5


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, COLUMNS, rows(25)[:7], rows(25)[7:], max_rows=12)
    book, header = book_of(path), [column.name for column in COLUMNS]
    assert book.sheetnames == ["Report", "Report (2)", "Report (3)"]
    first, second, third = (values_of(path, sheet) for sheet in range(3))
    assert [first[0], second[2], third[2]] == [header] * 3
    read = [*first[1:11], *second[3:11], *third[3:10]]
    assert [row[1] for row in read] == list(range(25))
    assert [sheet.freeze_panes for sheet in book.worksheets] == ["A2", "A4", "A4"]
    assert [sheet.auto_filter.ref for sheet in book.worksheets] == ["A1:D11", "A3:D11", "A3:D10"]
    assert [s.print_title_rows for s in book.worksheets] == ["$1:$1", "$3:$3", "$3:$3"]


@pytest.mark.parametrize(
    ("language", "goes_on", "follows"),
    [
        (Language.ENGLISH, "go on on the sheet “R (2)”", "follow those of the sheet “R”"),
        (Language.TURKISH, "“R (2)” sayfasında devam", "“R” sayfasındaki satırların devamı"),
    ],
)
def test_a_full_sheet_and_the_next_name_each_other(
    tmp_path: Path, language: Language, goes_on: str, follows: str
) -> None:
    layout = Layout("R", language, totals=(), about=(("Source", "SAP"),))
    path = a_workbook(tmp_path, COLUMNS, rows(25), max_rows=20, layout=layout)
    assert goes_on in str(values_of(path, 0)[-1][0])
    assert follows in str(values_of(path, 1)[0][0])
    assert str(values_of(path, 2)[-2][1]).endswith("R, R (2)")


def test_the_total_of_several_sheets_stands_on_the_last_and_adds_all(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, COLUMNS, rows(25), max_rows=12, layout=Layout("It's & it"))
    assert values_of(path, 2)[-1][2] == 2.5
    formula = book_of(path).worksheets[2]["C11"].value
    assert formula == "=SUBTOTAL(109,'It''s & it'!C2:C11,'It''s & it (2)'!C4:C11,C4:C10)"


def test_a_sheet_that_is_just_full_needs_no_second(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, COLUMNS, rows(10), max_rows=12)
    assert book_of(path).sheetnames == ["Report"]
    assert len(values_of(path)) == 12


def test_a_long_title_leaves_room_for_the_number_of_the_sheet(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path, [NAME], [(str(n),) for n in range(4)], max_rows=5, layout=Layout("t" * 40)
    )
    assert book_of(path).sheetnames == ["t" * 31, "t" * 27 + " (2)"]


def test_an_empty_result_is_a_valid_file_with_a_header(tmp_path: Path) -> None:
    for path in (a_workbook(tmp_path, COLUMNS), a_workbook(tmp_path, COLUMNS, [])):
        assert values_of(path) == [[column.name for column in COLUMNS]]
        assert sheet_of(path).auto_filter.ref == "A1:D1"


def test_a_query_without_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="no columns"):
        a_workbook(tmp_path, [])
    with pytest.raises(JobError, match="16,385 columns"):
        a_workbook(tmp_path, [a_column()] * 16_385)
    assert list(tmp_path.iterdir()) == []


def test_a_row_of_another_length_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 values for 4 columns"):
        a_workbook(tmp_path, COLUMNS, [("only one",)])
    assert list(tmp_path.iterdir()) == []


def test_columns_beyond_z_have_two_letters(tmp_path: Path) -> None:
    columns = [Column(str(n), ColumnKind.INTEGER) for n in range(703)]
    sheet = sheet_of(a_workbook(tmp_path, columns, [tuple(range(703))]))
    assert (sheet["Z2"].value, sheet["AA2"].value, sheet["AAA2"].value) == (25, 26, 702)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        path = a_workbook(folder, [*COLUMNS, Column("G", ColumnKind.DATE)], dated(rows(900)))
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_archive_is_whole_by_pythons_own_check(tmp_path: Path) -> None:
    with zipfile.ZipFile(a_workbook(tmp_path, COLUMNS, rows(900))) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_mail_filter_tells_the_file_from_any_other_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(a_workbook(tmp_path, COLUMNS, rows(900))) as archive:
        first = archive.namelist()[:3]
    assert first == ["[Content_Types].xml", "_rels/.rels", "xl/worksheets/sheet1.xml"]


def dated(plain: list[Row]) -> list[Row]:
    return [(*row, date(2024, 1, 1)) for row in plain]
