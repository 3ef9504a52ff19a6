"""Pages show numbers and days in the formats that their author chose for Excel."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.reports.render import Format, Language, Layout
from tasks.reports.render.looks import ColumnLook, TableLooks
from tasks.reports.render.shown import Shown
from tasks.rows import Column, ColumnKind
from tests.unit.render.readers import a_file, html_tables, pdf_pages

DECIMAL, INTEGER, FLOAT = ColumnKind.DECIMAL, ColumnKind.INTEGER, ColumnKind.FLOAT
DATE, DATETIME = ColumnKind.DATE, ColumnKind.DATETIME


def looking(look: ColumnLook, language: Language = Language.ENGLISH) -> Layout:
    return Layout("R", language, looks=TableLooks(columns={"A": look}))


@pytest.mark.parametrize(
    ("kind", "code", "value", "english", "turkish"),
    [
        (DECIMAL, "#,##0.00", Decimal("1234.505000"), "1,234.51", "1.234,51"),
        (DECIMAL, "#,##0.00", Decimal("-0.005"), "-0.01", "-0,01"),
        (DECIMAL, "#,##0", Decimal("1234567.5"), "1,234,568", "1.234.568"),
        (DECIMAL, "0.00%", Decimal("0.12345"), "12.35%", "12,35%"),
        (DECIMAL, "0.0", Decimal("12345"), "12345.0", "12345,0"),
        (DECIMAL, "#,##0.00", Decimal("1E+400"), "1E+400", "1E+400"),
        (DECIMAL, "#,##0.00", Decimal("NaN"), "NaN", "NaN"),
        (DECIMAL, '0.0 "kg"', Decimal("1.25"), "1.25", "1,25"),
        (DECIMAL, "#,##0.00", Decimal(10**37) / 8, f"{10**37 // 8:,}.00", ""),
        (INTEGER, "#,##0", 1234, "1,234", "1.234"),
        (INTEGER, "", 1234, "1234", "1234"),
        (FLOAT, "#,##0.0", 0.25, "0.3", "0,3"),
        (FLOAT, "#,##0.0", float("inf"), "Infinity", "Infinity"),
        (DATE, r"dd\.mm\.yy", date(2026, 1, 31), "31.01.26", "31.01.26"),
        (DATETIME, "yyyy-mm-dd", datetime(2026, 1, 31, 8, 30), "2026-01-31", "2026-01-31"),
        (DATE, "dd mmmm", date(2026, 1, 31), "2026-01-31", "31.01.2026"),
        (DATE, "dd.mm.yyyy", None, "", ""),
    ],
)
def test_a_value_is_shown_as_in_excel(
    kind: ColumnKind, code: str, value: object, english: str, turkish: str
) -> None:
    look, column = ColumnLook(code=code), Column("A", kind)
    assert Shown(column, looking(look)).text(value) == english
    if turkish:
        assert Shown(column, looking(look, Language.TURKISH)).text(value) == turkish


@pytest.mark.parametrize("format", [Format.HTML, Format.PDF])
def test_a_sum_adds_up_exactly_and_is_rounded_once(tmp_path: Path, format: Format) -> None:
    layout = looking(ColumnLook(code="#,##0.0"))
    columns = (Column("B", ColumnKind.TEXT), Column("A", DECIMAL, 6))
    rows = [("x", Decimal("0.040000"))] * 3
    path = a_file(tmp_path, format, layout, *columns, rows=list(rows))
    if format is Format.HTML:
        assert html_tables(path) == [[["B", "A"], *[["x", "0.0"]] * 3, ["Total", "0.1"]]]
    else:
        assert "x 0.0\nx 0.0\nx 0.0\nTotal 0.1" in pdf_pages(path)[0]


def test_shares_are_added_up_only_where_their_author_says_so() -> None:
    column = Column("A", DECIMAL, 2)
    looks = TableLooks(columns={"A": ColumnLook(is_share=True)})
    assert not Layout("R", looks=looks).has_total(column)
    assert Layout("R", looks=looks, totals=("A",)).has_total(column)
