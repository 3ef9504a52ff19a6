"""CSV in the signs of its language, safe against formulas."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tasks.reports.render import Language, Layout
from tasks.rows import Column, ColumnKind
from tests.unit.render.files import a_column, a_csv

COLUMNS = (
    Column("Kod", ColumnKind.TEXT),
    Column("Müşteri", ColumnKind.TEXT),
    Column("Gün", ColumnKind.DATE),
    Column("An", ColumnKind.DATETIME),
    Column("Tutar", ColumnKind.DECIMAL, 2),
    Column("Oran", ColumnKind.FLOAT),
    Column("No", ColumnKind.INTEGER),
    Column("Açık", ColumnKind.BOOLEAN),
    Column("Saat", ColumnKind.TIME),
)
MOMENT = datetime(2024, 2, 29, 13, 4, 5)
ROW = ("00042", 'Ş; "İ", ₺', date(2024, 2, 29), MOMENT, Decimal("-1234.50"), 0.5, -7, True)
FULL = (*ROW, time(8, 30))
ENGLISH, TURKISH = Layout("R"), Layout("R", Language.TURKISH)


def lines(path: Path, delimiter: str) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def one(folder: Path, value: object, layout: Layout = ENGLISH) -> str:
    return lines(a_csv(folder, [a_column()], [(value,)], layout=layout), ",")[1][0]


def test_english_has_commas_points_and_iso_dates(tmp_path: Path) -> None:
    path = a_csv(tmp_path, COLUMNS, [FULL])
    assert lines(path, ",")[1] == [
        "00042", 'Ş; "İ", ₺', "2024-02-29", "2024-02-29 13:04:05", "-1234.50", "0.5", "-7",
        "TRUE", "08:30:00",
    ]  # fmt: skip


def test_turkish_has_semicolons_decimal_commas_and_days_first(tmp_path: Path) -> None:
    path = a_csv(tmp_path, COLUMNS, [FULL], layout=TURKISH)
    assert lines(path, ";")[1] == [
        "00042", 'Ş; "İ", ₺', "29.02.2024", "29.02.2024 13:04:05", "-1234,50", "0,5", "-7",
        "DOĞRU", "08:30:00",
    ]  # fmt: skip


def test_the_file_begins_with_a_bom_and_lines_end_in_cr_lf(tmp_path: Path) -> None:
    assert a_csv(tmp_path, [a_column()], [("ş",)]).read_bytes() == "\ufeffA text\r\nş\r\n".encode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_a_text_that_begins_like_a_formula_is_guarded(tmp_path: Path, start: str) -> None:
    assert one(tmp_path, f"{start}1+1") == f"'{start}1+1"


def test_a_guarded_text_leaves_its_neighbours_alone(tmp_path: Path) -> None:
    rows = [("=1",), ("plain",), (None,), ("a=b",), ("",)]
    path = a_csv(
        tmp_path, [Column("@header", ColumnKind.TEXT), a_column()], [(*r, 1) for r in rows]
    )
    assert [row[0] for row in lines(path, ",")] == ["'@header", "'=1", "plain", "", "a=b", ""]


def test_numbers_below_zero_stay_numbers(tmp_path: Path) -> None:
    values = [-5, Decimal("-5.0"), -0.5, None, Decimal("-1E+3"), Decimal("0E-2")]
    path = a_csv(tmp_path, [a_column(), a_column()], [(value, "x") for value in values])
    assert [row[0] for row in lines(path, ",")[1:]] == ["-5", "-5.0", "-0.5", "", "-1000", "0.00"]


def test_decimals_keep_all_their_digits(tmp_path: Path) -> None:
    value = Decimal("1234567890123456789012345678901234.5678")
    assert one(tmp_path, value) == str(value)


def test_odd_values_are_readable_text(tmp_path: Path) -> None:
    assert one(tmp_path, timedelta(hours=30)) == "30:00:00"
    assert one(tmp_path, b"\xab") == "AB"
    assert one(tmp_path, float("nan")) == "NaN"
    assert one(tmp_path, date(1, 1, 1)) == "0001-01-01"


def test_an_instant_with_an_offset_shows_the_clock_of_the_layouts_zone(tmp_path: Path) -> None:
    layout = Layout("R", timezone=ZoneInfo("Europe/Istanbul"))
    assert one(tmp_path, datetime(2024, 6, 30, 22, tzinfo=UTC), layout) == "2024-07-01 01:00:00"


def test_a_lone_surrogate_is_replaced(tmp_path: Path) -> None:
    assert one(tmp_path, "a\ud800b") == "a\ufffdb"


def test_an_empty_result_has_its_header(tmp_path: Path) -> None:
    assert lines(a_csv(tmp_path, COLUMNS), ",") == [[column.name for column in COLUMNS]]


def test_a_row_of_another_length_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 values for 9 columns"):
        a_csv(tmp_path, COLUMNS, [("only one",)])
    assert list(tmp_path.iterdir()) == []
