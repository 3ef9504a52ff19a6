"""Extreme values in every format, as other programs read them back."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tasks.reports.render import Format, Layout
from tasks.reports.render.html.guarding import GUARD
from tasks.reports.render.looks import ColumnLook, TableLooks
from tasks.rows import Column, ColumnKind
from tests.unit.render import readers

LAYOUT = Layout("Report", totals=(), timezone=ZoneInfo("Europe/Istanbul"))
UNSET = object()
NOT_IN_FONT = re.compile("[\u2400-\u2421\U00010000-\U0010ffff]")
LONG = "lorem ipsum " * 3_000
DIGITS = Decimal("12345678901234567890123456789012345.678")


@dataclass(frozen=True, slots=True)
class Case:
    """A value and how it is read: as CSV and as JSON, from Parquet, and as a page shows it.

    What is not given is the value itself, or its text.
    """

    kind: ColumnKind
    value: Any
    csv: str
    json: Any = UNSET
    parquet: Any = UNSET
    page: str = ""


TEXT, DECIMAL, FLOAT = ColumnKind.TEXT, ColumnKind.DECIMAL, ColumnKind.FLOAT
INTEGER, DATE, TIME = ColumnKind.INTEGER, ColumnKind.DATE, ColumnKind.TIME
DATETIME, BOOLEAN = ColumnKind.DATETIME, ColumnKind.BOOLEAN
LAST = datetime(9999, 12, 31, 23, 59, 59, 999999)
SUMMER = datetime(2024, 6, 30, 22, 15, tzinfo=UTC)
WALL = datetime(2024, 7, 1, 1, 15)

CASES = {
    "turkish": Case(TEXT, "Çağrı Şimşek İğne ₺", "Çağrı Şimşek İğne ₺"),
    "control": Case(TEXT, "a\x01b\x7fc", "a\x01b\x7fc", page="a␁b␡c"),
    "nul": Case(TEXT, "a\0b", "a\0b", page="a␀b"),
    "surrogate": Case(TEXT, "a\ud800b", "a\ufffdb", "a\ufffdb", "a\ufffdb", "a\ufffdb"),
    "formula": Case(TEXT, "=1+1", "'=1+1", page="=1+1"),
    "markup": Case(TEXT, "<b>&\"'</b><script>", "<b>&\"'</b><script>"),
    "brackets": Case(TEXT, "(a\\b)) Tj ET %", "(a\\b)) Tj ET %"),
    "lines": Case(TEXT, "two\nlines", "two\nlines"),
    "other plane": Case(TEXT, "a😀b", "a😀b"),
    "not text": Case(TEXT, 42, "42", "42", "42"),
    "bytes": Case(TEXT, b"\xab\x01", "AB01", "AB01", "AB01"),
    "nothing": Case(TEXT, None, "", None, None, ""),
    "integer": Case(INTEGER, -7, "-7"),
    "beyond doubles": Case(INTEGER, 2**60, str(2**60), str(2**60)),
    "beyond 64 bits": Case(INTEGER, 2**70, str(2**70), str(2**70), Decimal(2**70)),
    "beyond 38 digits": Case(INTEGER, 10**50, str(10**50), str(10**50), str(10**50)),
    "decimal": Case(DECIMAL, Decimal("-1234.50"), "-1234.50", "-1234.50", page="-1,234.50"),
    "38 digits": Case(
        DECIMAL, DIGITS, str(DIGITS), str(DIGITS), DIGITS, page=f"{DIGITS:,f}"
    ),
    "many decimals": Case(DECIMAL, Decimal("0.0000001"), "0.0000001", "0.0000001"),
    "huge": Case(DECIMAL, Decimal("1E+400"), "1E+400", "1E+400", "1E+400"),
    "decimal nan": Case(DECIMAL, Decimal("NaN"), "NaN", "NaN", "NaN"),
    "float in decimal": Case(DECIMAL, 0.5, "0.5", 0.5, "0.5"),
    "float": Case(FLOAT, 1.5, "1.5"),
    "infinity": Case(FLOAT, float("-inf"), "-Infinity", "-Infinity", float("-inf")),
    "first day": Case(DATE, date(1, 1, 1), "0001-01-01", "0001-01-01"),
    "last day": Case(DATE, date(9999, 12, 31), "9999-12-31", "9999-12-31"),
    "moment in days": Case(
        DATE, datetime(2024, 1, 2, 3), "2024-01-02 03:00:00", "2024-01-02T03:00:00",
        "2024-01-02 03:00:00",
    ),
    "last moment": Case(DATETIME, LAST, LAST.isoformat(" "), LAST.isoformat()),
    "offset": Case(DATETIME, SUMMER, "2024-07-01 01:15:00", SUMMER.isoformat(), WALL),
    "time": Case(TIME, time(7, 5, 9), "07:05:09", "07:05:09"),
    "length": Case(TIME, timedelta(hours=-30), "-30:00:00", "-30:00:00", "-30:00:00"),
    "yes": Case(BOOLEAN, True, "TRUE", page="Yes"),
}  # fmt: skip
EVERY = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def written(folder: Path, format: Format, case: Case) -> Path:
    """A file with the value twice, beside a code that tells that the rows are there."""
    columns = Column("Code", TEXT), Column("Value", case.kind, 2 if case.kind is DECIMAL else None)
    return readers.a_file(
        folder, format, LAYOUT, *columns, rows=[("first", case.value), ("last", case.value)]
    )


def expected(case: Case, given: Any) -> Any:
    return case.value if given is UNSET else given


@EVERY
def test_csv_says_it(tmp_path: Path, case: Case) -> None:
    rows = readers.csv_rows(written(tmp_path, Format.CSV, case))
    assert rows == [["Code", "Value"], ["first", case.csv], ["last", case.csv]]


@EVERY
def test_json_says_it(tmp_path: Path, case: Case) -> None:
    value = expected(case, case.json)
    rows = readers.json_told(written(tmp_path, Format.JSON, case))["rows"]
    assert rows == [["first", value], ["last", value]]
    assert type(rows[0][1]) is type(value)


@EVERY
def test_parquet_says_it_to_pyarrow_and_to_duckdb(tmp_path: Path, case: Case) -> None:
    value = expected(case, case.parquet)
    path = written(tmp_path, Format.PARQUET, case)
    assert readers.parquet_rows(path) == [("first", value), ("last", value)]
    assert readers.duckdb_rows(path) == [("first", value), ("last", value)]


@EVERY
def test_html_shows_it(tmp_path: Path, case: Case) -> None:
    shown = (GUARD if case.csv.startswith("'") else "") + (case.page or case.csv)
    (table,) = readers.html_tables(written(tmp_path, Format.HTML, case))
    assert table == [["Code", "Value"], ["first", shown], ["last", shown]]


@EVERY
def test_pdf_shows_it(tmp_path: Path, case: Case) -> None:
    shown = NOT_IN_FONT.sub("\ufffd", case.page or case.csv)
    (page,) = readers.pdf_pages(written(tmp_path, Format.PDF, case))
    assert page.count(shown) >= 2
    assert page.index("first") < page.index("last")


def test_a_long_text_is_whole_in_a_page_of_html_and_ends_in_words_in_a_pdf(tmp_path: Path) -> None:
    case = Case(TEXT, LONG, LONG)
    (table,) = readers.html_tables(written(tmp_path, Format.HTML, case))
    assert table[1][1] == LONG
    pages = readers.pdf_pages(written(tmp_path, Format.PDF, case))
    assert 4 < len(pages) < 10
    assert "".join(pages).count("lorem ipsum…") == 2


@pytest.mark.parametrize("format", [Format.HTML, Format.PDF])
def test_pages_call_a_column_as_its_author_does(tmp_path: Path, format: Format) -> None:
    looks = TableLooks(columns={"DocTotal": ColumnLook(title="Toplam tutar")})
    layout = Layout("Report", looks=looks)
    path = readers.a_file(
        tmp_path, format, layout, Column("DocTotal", DECIMAL, 2), rows=[(Decimal(1),), (2,)]
    )
    if format is Format.HTML:
        (table,) = readers.html_tables(path)
        assert table == [["Toplam tutar"], ["1.00"], ["2.00"], ["3.00"]]
    else:
        (page,) = readers.pdf_pages(path)
        assert "Toplam tutar\n1.00\n2.00\n3.00" in page
