"""How a workbook looks: formats, header, widths, filter, names, properties."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.reports.render import Language, Layout
from tasks.rows import Column, ColumnKind
from tests.unit.render.files import a_column, a_workbook, book_of, sheet_of

COLUMNS = (
    Column("Kod", ColumnKind.TEXT),
    Column("Tarih", ColumnKind.DATE),
    Column("An", ColumnKind.DATETIME),
    Column("Tutar", ColumnKind.DECIMAL, 2),
    Column("Adet", ColumnKind.DECIMAL, 0),
    Column("Kur", ColumnKind.DECIMAL, 6),
    Column("Serbest", ColumnKind.DECIMAL),
    Column("No", ColumnKind.INTEGER),
)
MOMENT = datetime(2024, 1, 2, 3, 4, 5)
ROW = ("00042", date(2024, 1, 2), MOMENT, *[Decimal("1234567.5")] * 4, 7)


def formats(folder: Path, language: Language) -> list[str]:
    path = a_workbook(folder, COLUMNS, [ROW], layout=Layout("Satış", language))
    return [cell.number_format for cell in sheet_of(path)[2]]


def test_formats_follow_the_columns_kind_and_scale(tmp_path: Path) -> None:
    assert formats(tmp_path, Language.ENGLISH) == [
        "@",
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm:ss",
        "#,##0.00",
        "#,##0",
        "#,##0.000000",
        "#,##0.00####",
        "General",
    ]


def test_turkish_dates_are_written_day_first(tmp_path: Path) -> None:
    assert formats(tmp_path, Language.TURKISH)[1:3] == ["dd.mm.yyyy", "dd.mm.yyyy hh:mm:ss"]


def test_the_header_is_bold_frozen_and_filtered(tmp_path: Path) -> None:
    sheet = sheet_of(a_workbook(tmp_path, COLUMNS, [ROW] * 3))
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet["A1"].fill.fgColor.rgb == "FF1F3864"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H4"
    assert sheet.print_title_rows == "$1:$1"


def test_columns_are_as_wide_as_their_header_and_first_values(tmp_path: Path) -> None:
    columns = [Column("A", ColumnKind.TEXT), Column("A long header", ColumnKind.TEXT)]
    columns += [Column("Note", ColumnKind.TEXT), Column("Tutar", ColumnKind.DECIMAL, 2)]
    row = ("short", "x", "x" * 500, Decimal("1234567.50"))
    widths = sheet_of(a_workbook(tmp_path, columns, [row])).column_dimensions
    assert 6 <= widths["A"].width <= 8
    assert 15 <= widths["B"].width <= 18
    assert widths["C"].width == 60
    assert widths["D"].width >= len("1,234,567.50") + 2


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Satış raporu", "Satış raporu"),
        ("a/b\\c[d]e:f*g?h", "a b c d e f g h"),
        ("'quoted'", "quoted"),
        ("", "Report"),
        ("***", "Report"),
        ("x" * 40, "x" * 31),
        ('R&D <"1">', 'R&D <"1">'),
        ("a\x00b", "a b"),
    ],
)
def test_the_title_becomes_a_name_that_excel_takes(tmp_path: Path, title: str, name: str) -> None:
    path = a_workbook(tmp_path, [a_column()], [("x",)], layout=Layout(title))
    assert book_of(path).sheetnames == [name]


def test_the_name_that_excel_keeps_for_itself_is_not_used(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, [a_column()], layout=Layout("History"))
    assert book_of(path).sheetnames != ["History"]


def test_the_properties_name_the_creator_and_the_title(tmp_path: Path) -> None:
    properties = book_of(a_workbook(tmp_path, [a_column()], layout=Layout("R & D"))).properties
    assert (properties.creator, properties.title) == ("Task Orchestrator", "R & D")
