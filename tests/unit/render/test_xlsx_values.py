"""What is written into a cell is what a reader gets out of it."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tasks.reports.render import Layout
from tasks.rows import Column, ColumnKind
from tests.unit.render.files import a_cell, a_column, a_workbook, sheet_of, values_of

ISTANBUL = timezone(timedelta(hours=3))
KINDS = (
    Column("No", ColumnKind.INTEGER),
    Column("Kod", ColumnKind.TEXT),
    Column("Müşteri", ColumnKind.TEXT),
    Column("Gün", ColumnKind.DATE),
    Column("An", ColumnKind.DATETIME),
    Column("Tutar", ColumnKind.DECIMAL, 2),
    Column("Oran", ColumnKind.FLOAT),
    Column("Saat", ColumnKind.TIME),
    Column("Açık", ColumnKind.BOOLEAN),
)


def a_row(number: int) -> tuple[object, ...]:
    return (
        number,
        f"{number:08}",
        f"Çağrı Şimşek & İğne <{number}>",
        date(2024, 2, 29) + timedelta(days=number),
        datetime(2024, 3, 31, 23, 59, 59, 123000) + timedelta(seconds=number),
        Decimal(-5000 + number * 7).scaleb(-2),
        number / 8,
        time(7, number % 60, 59),
        number % 2 == 0,
    )


def test_every_kind_of_column_is_read_back_cell_by_cell(tmp_path: Path) -> None:
    rows = [a_row(number) for number in range(1_200)]
    path = a_workbook(tmp_path, KINDS, rows, layout=Layout("Kinds", totals=()))
    header, *read = values_of(path)
    assert header == [column.name for column in KINDS]
    for written, cells in zip(rows, read, strict=True):
        assert cells == [float(v) if isinstance(v, Decimal) else v for v in written]
        assert [type(cells[n]) for n in (1, 2, 3, 4, 7, 8)] == [
            str, str, date, datetime, time, bool
        ]  # fmt: skip


def test_missing_values_are_empty_cells_wherever_they_stand(tmp_path: Path) -> None:
    rows = [
        tuple(None if (number + n) % 3 == 0 else value for n, value in enumerate(a_row(number)))
        for number in range(30)
    ]
    path = a_workbook(tmp_path, KINDS, rows, layout=Layout("Kinds", totals=()))
    for written, cells in zip(rows, values_of(path)[1:], strict=True):
        expected = [float(v) if isinstance(v, Decimal) else v for v in written]
        assert cells == ["" if v is None else v for v in expected]


def test_a_column_without_any_value_has_no_cells(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, KINDS[:2], [(1, None), (2, None)])
    assert values_of(path)[1:] == [[1, ""], [2, ""]]


@pytest.mark.parametrize("code", ["00042", "1E5", "2024-01-01", "TRUE", "0x10", "1234567890123456"])
def test_a_code_stays_text(tmp_path: Path, code: str) -> None:
    assert a_cell(tmp_path, code) == code


def test_a_text_column_holds_text_whatever_comes(tmp_path: Path) -> None:
    values = [42, Decimal("1.50"), date(2024, 1, 2), b"\xab\x01", True]
    path = a_workbook(tmp_path, [a_column()], [(value,) for value in values])
    assert [row[0] for row in values_of(path)[1:]] == ["42", "1.50", "2024-01-02", "AB01", "True"]


def test_a_value_of_another_type_than_its_column_keeps_its_own(tmp_path: Path) -> None:
    values = [5, "five", date(2024, 1, 2), Decimal("5.25"), None, time(1, 2)]
    path = a_workbook(tmp_path, [a_column(ColumnKind.INTEGER)], [(value,) for value in values])
    read = [row[0] for row in values_of(path)[1:]]
    assert read == [5, "five", date(2024, 1, 2), 5.25, "", time(1, 2)]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Decimal("12345678901234.5"), 12345678901234.5),
        (Decimal("1234567890123.4500000"), 1234567890123.45),
        (Decimal("12345678901234.56"), "12345678901234.56"),
        (Decimal("-1E+3"), -1000),
        (Decimal("1E-7"), 1e-7),
        (Decimal("1E+400"), "1E+400"),
        (999_999_999_999_999, 999_999_999_999_999),
        (1_000_000_000_000_001, "1000000000000001"),
        (-1_000_000_000_000_001, "-1000000000000001"),
    ],
)
def test_a_number_longer_than_excel_keeps_is_exact_text(
    tmp_path: Path, value: object, read: object
) -> None:
    column, layout = a_column(ColumnKind.DECIMAL, 2), Layout("Report", totals=())
    assert a_cell(tmp_path, value, column, layout) == read


@pytest.mark.parametrize("value", [float("nan"), Decimal("NaN"), Decimal("sNaN")])
def test_what_is_not_a_number_is_text(tmp_path: Path, value: object) -> None:
    assert str(a_cell(tmp_path, value, a_column(ColumnKind.DECIMAL))).endswith("NaN")


@pytest.mark.parametrize("value", [float("-inf"), Decimal("-Infinity")])
def test_infinity_is_text(tmp_path: Path, value: object) -> None:
    assert a_cell(tmp_path, value, a_column(ColumnKind.FLOAT)) == "-Infinity"


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date.max])
def test_a_day_from_1900_on_is_a_date(tmp_path: Path, day: date) -> None:
    assert a_cell(tmp_path, day, a_column(ColumnKind.DATE)) == day


def test_what_is_before_1900_is_text(tmp_path: Path) -> None:
    moment = datetime(1899, 12, 31, 23, 59)
    assert a_cell(tmp_path, date(1899, 12, 31), a_column(ColumnKind.DATE)) == "1899-12-31"
    assert a_cell(tmp_path, moment, a_column(ColumnKind.DATETIME)) == "1899-12-31 23:59:00"


def test_the_last_microsecond_of_a_day_stays_on_its_day(tmp_path: Path) -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, 999999)
    read = a_cell(tmp_path, end, a_column(ColumnKind.DATETIME))
    assert read == end.replace(microsecond=999000)
    assert a_cell(tmp_path, time.max, a_column(ColumnKind.TIME)) == time(23, 59, 59, 999000)


def test_an_instant_with_an_offset_shows_the_clock_of_the_layouts_zone(tmp_path: Path) -> None:
    instant, column = datetime(2024, 6, 30, 22, 15, tzinfo=UTC), a_column(ColumnKind.DATETIME)
    there = Layout("Report", timezone=ZoneInfo("Europe/Istanbul"))
    assert a_cell(tmp_path, instant, column, there) == datetime(2024, 7, 1, 1, 15)


def test_without_a_zone_an_instant_keeps_the_clock_it_came_with(tmp_path: Path) -> None:
    column = a_column(ColumnKind.DATETIME)
    aware, naive = datetime(2024, 7, 1, 1, 15, tzinfo=ISTANBUL), datetime(2024, 7, 2, 2, 30)
    path = a_workbook(tmp_path, [column], [(aware,), (naive,)])
    assert values_of(path)[1:] == [[aware.replace(tzinfo=None)], [naive]]


def test_a_length_is_hours_beyond_a_day_and_one_below_zero_is_text(tmp_path: Path) -> None:
    column = a_column(ColumnKind.TIME)
    path = a_workbook(tmp_path, [column], [(timedelta(hours=30),), (timedelta(hours=-30),)])
    assert values_of(path)[1:] == [[timedelta(hours=30)], ["-30:00:00"]]
    assert sheet_of(path)["A2"].number_format == "[h]:mm:ss"
