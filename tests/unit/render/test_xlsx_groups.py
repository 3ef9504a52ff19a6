"""Subtotals below groups of sorted rows."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.reports.render import Language, Layout, groups
from tasks.reports.render.looks import TableLooks
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.files import a_workbook, book_of, sheet_of, values_of

COLUMNS = (
    Column("Region", ColumnKind.TEXT),
    Column("Customer", ColumnKind.TEXT),
    Column("Amount", ColumnKind.DECIMAL, 2),
)
ROWS: list[Row] = [
    ("East", "a", Decimal("1.10")),
    ("East", "a", Decimal("2.20")),
    ("East", "b", Decimal("0.05")),
    ("West", "a", Decimal("4.00")),
]


def by(*names: str, language: Language = Language.ENGLISH) -> Layout:
    return Layout("R", language, looks=TableLooks(groups=names))


def test_a_group_ends_in_its_exact_sum_and_the_total_counts_nothing_twice(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, COLUMNS, ROWS, layout=by("Region"))
    assert values_of(path)[3:] == [
        ["East", "b", 0.05],
        ["East – Total", "", 3.35],
        ["West", "a", 4],
        ["West – Total", "", 4],
        ["Total", "", 7.35],
    ]
    sums = [sheet_of(path)[f"C{row}"].value for row in (5, 7, 8)]
    assert sums == ["=SUBTOTAL(9,C2:C4)", "=SUBTOTAL(9,C6:C6)", "=SUBTOTAL(9,C2:C7)"]


def test_two_columns_make_groups_in_groups_that_fold(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, COLUMNS, ROWS, layout=by("Region", "Customer"))
    assert [row[:2] for row in values_of(path)[3:6]] == [
        ["", "a – Total"],
        ["East", "b"],
        ["", "b – Total"],
    ]
    sheet = sheet_of(path)
    levels = [sheet.row_dimensions[row].outlineLevel for row in range(2, 11)]
    assert levels == [3, 3, 2, 3, 2, 1, 3, 2, 1]
    assert sheet["C7"].value == "=SUBTOTAL(9,C2:C5)"
    assert values_of(path)[-1][2] == 7.35


def test_groups_go_over_chunks_batches_and_sheets(tmp_path: Path) -> None:
    rows: list[Row] = [(f"{n // 7:04}", "x", Decimal("0.01")) for n in range(3_000)]
    batches = [rows[:1], rows[1:1_234], rows[1_234:]]
    path = a_workbook(tmp_path, COLUMNS, *batches, layout=by("Region"), max_rows=1_000)
    assert len(book_of(path).sheetnames) == 4
    read = [row for sheet in range(4) for row in values_of(path, sheet)]
    sums = [row for row in read if str(row[0]).endswith(" – Total")]
    assert [row[0] for row in sums] == [f"{n:04} – Total" for n in range(429)]
    assert {row[2] for row in sums[:-1]} == {0.07}
    assert [row[0] for row in read if len(str(row[0])) == 4] == [row[0] for row in rows]
    assert read[-1] == ["Total", "", 30]


def test_the_numbers_of_the_rows_have_no_gap_and_no_double(tmp_path: Path) -> None:
    rows: list[Row] = [(f"{n // 3:04}", "x", Decimal(1)) for n in range(1_400)]
    sheet = sheet_of(a_workbook(tmp_path, COLUMNS, rows, layout=by("Region")))
    assert sheet.max_row == 1 + 1_400 + 467 + 1


def test_a_group_on_two_sheets_adds_up_both(tmp_path: Path) -> None:
    rows: list[Row] = [("East", "a", Decimal(1))] * 12
    path = a_workbook(tmp_path, COLUMNS, rows, layout=by("Region"), max_rows=10)
    second = book_of(path).worksheets[1]
    assert second["C8"].value == "=SUBTOTAL(9,'R'!C2:C9,C4:C7)"
    assert values_of(path, 1)[-1] == ["Total", "", 12]


@pytest.mark.parametrize(
    ("names", "rows", "column", "again"),
    [
        (("Region",), [*ROWS, ROWS[0]], "Region", "East"),
        (("Region", "Customer"), [ROWS[0], ROWS[2], ROWS[1]], "Customer", "a"),
    ],
)
def test_rows_that_are_not_sorted_fail_in_words(
    tmp_path: Path, names: tuple[str, ...], rows: list[Row], column: str, again: str
) -> None:
    with pytest.raises(JobError, match=f"not sorted by “{column}”: “{again}”") as refused:
        a_workbook(tmp_path, COLUMNS, rows, layout=by(*names))
    assert refused.value.kind is ErrorKind.RENDER
    assert list(tmp_path.iterdir()) == []


def test_more_groups_than_are_remembered_fail_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "MOST_GROUPS", 5)
    rows: list[Row] = [(str(n), "x", Decimal(1)) for n in range(6)]
    with pytest.raises(JobError, match="more than 5 groups"):
        a_workbook(tmp_path, COLUMNS, rows, layout=by("Region"))


def test_a_group_without_a_name_and_one_of_days_are_called_in_words(tmp_path: Path) -> None:
    columns = (Column("Gün", ColumnKind.DATETIME), COLUMNS[2])
    rows: list[Row] = [(None, Decimal(1)), (datetime(2026, 1, 31), Decimal(2))]
    layout = by("Gün", language=Language.TURKISH)
    read = values_of(a_workbook(tmp_path, columns, rows, layout=layout))
    assert [row[0] for row in read if isinstance(row[0], str)][1:] == [
        "",
        "(boş) – Toplam",
        "31.01.2026 – Toplam",
        "Toplam",
    ]


def test_numbers_too_long_for_excel_leave_their_groups_without_a_formula(tmp_path: Path) -> None:
    rows: list[Row] = [("a", "x", Decimal("9999999999999999.5")), ("a", "x", Decimal("-1"))]
    sheet = sheet_of(a_workbook(tmp_path, COLUMNS, rows, layout=by("Region")))
    assert (sheet["C4"].value, sheet["C5"].value) == ("9999999999999998.5",) * 2


def test_nothing_is_grouped_where_nothing_is_added_up(tmp_path: Path) -> None:
    layout = Layout("R", totals=(), looks=TableLooks(groups=("Region",)))
    assert len(values_of(a_workbook(tmp_path, COLUMNS, ROWS, layout=layout))) == 5
    assert values_of(a_workbook(tmp_path, COLUMNS, layout=by("Region"))) == [
        ["Region", "Customer", "Amount"]
    ]
