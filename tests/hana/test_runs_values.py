"""What lies in HANA stands in the file of a run: every type, its extremes, NULL, any text."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.errors import ErrorKind
from tasks.models import Run, RunState
from tests.support.factories import a_hana_source, a_run
from tests.support.hana import READER, SCRATCH, Hana
from tests.support.hana_runs import a_hana_report, attempted, file_of, left_by
from tests.unit.render.files import values_of

TABLE = """CREATE TABLE "EXTREMES" ("No" INTEGER, "Tiny" TINYINT, "Small" SMALLINT, "Int" INTEGER,
 "Big" BIGINT, "Real" REAL, "Double" DOUBLE, "Amount" DECIMAL(21,6), "Rate" DECIMAL(10,2),
 "Free" DECIMAL, "Text" NVARCHAR(5000), "Flag" BOOLEAN, "Day" DATE, "Time" TIME,
 "Second" SECONDDATE, "Moment" TIMESTAMP, "Note" NCLOB)"""

LEAST = (
    1, 0, -32_768, -2_147_483_648, -(2**63), -1.25, -1.7976931348623157e308,
    Decimal("-999999999999999.999999"), Decimal("-99999999.99"), Decimal("-0.25"), "", False,
    date(1, 1, 1), time(0, 0), datetime(1, 1, 1), datetime(1, 1, 1), "",
)  # fmt: skip
GREATEST = (
    2, 255, 32_767, 2_147_483_647, 2**63 - 1, 0.5, 1.7976931348623157e308,
    Decimal("999999999999999.999999"), Decimal("99999999.99"), Decimal(7_000_000), "ü" * 5_000,
    True, date(9999, 12, 31), time(23, 59, 59), datetime(9999, 12, 31, 23, 59, 59),
    datetime(9999, 12, 31, 23, 59, 59, 999_000), "a" * 32_767,
)  # fmt: skip
ORDINARY = (
    3, 7, 8, 9, 10, 0.5, 0.1, Decimal("1.500000"), Decimal("1.50"), Decimal("1234567.89"),
    "koltuk 🪑 İğne\nşiş <&>", True, date(2024, 2, 29), time(7, 52, 1),
    datetime(2026, 11, 23, 7, 52, 1), datetime(2026, 11, 23, 7, 52, 1, 123_000), "😀 — 𝄞",
)  # fmt: skip
OLD = (
    4, 0, 0, 0, 0, 0.0, 0.0, Decimal("0.000001"), Decimal("-0.01"), Decimal(0), "=1+1", False,
    date(1582, 10, 4), time(0, 0), datetime(1582, 10, 15), datetime(1500, 2, 28, 12, 30), "x",
)  # fmt: skip
NOTHING = (5, *[None] * 16)

EXACT_BELOW = 10**15
FIRST_DAY = date(1900, 1, 1)


@pytest.fixture
def source(database: str, hana: Hana) -> Iterator[None]:
    """HANA as a source, and a schema of the tests that its reader may read."""
    hana.user(*READER, schemas=[SCRATCH])
    kept = {"address": hana.host, "port": hana.port, "user": READER[0], "schema": SCRATCH}
    a_hana_source(hana.port, password=READER[1], settings=kept | {"encrypt": False})
    yield
    hana.reset()


def ran(sql: str, *formats: str) -> Run:
    return attempted(a_run(a_hana_report(sql, formats=formats)))


def test_every_value_stands_in_its_cell(source: None, cursor: Any) -> None:
    rows = (LEAST, GREATEST, ORDINARY, OLD, NOTHING)
    cursor.execute(TABLE)
    cursor.executemany(f'INSERT INTO "EXTREMES" VALUES ({", ".join("?" * len(LEAST))})', rows)
    cursor.connection.commit()
    run = ran('SELECT * FROM "EXTREMES" ORDER BY "No"', "xlsx")
    assert (run.state, run.rows) == (RunState.SUCCEEDED, len(rows))
    found = values_of(file_of(run, ".xlsx"))[1 : len(rows) + 1]
    for row, cells in zip(rows, found, strict=True):
        assert cells == [in_excel(value) for value in row]


def in_excel(value: object) -> object:
    """The cell as a reader gets it: text where Excel has no such number or day."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.date() < FIRST_DAY:
        return value.isoformat(" ")
    if isinstance(value, date) and not isinstance(value, datetime) and value < FIRST_DAY:
        return value.isoformat()
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > 15:
        return str(value)
    if isinstance(value, int) and abs(value) >= EXACT_BELOW:
        return str(value)
    return float(value) if isinstance(value, Decimal) else value


TWO_MEGABYTES = "Şu uzun metin 😀 satır sonu\n" * 80_000


def test_a_text_of_two_megabytes_stands_whole_in_a_csv_and_is_never_cut_in_excel(
    source: None, cursor: Any
) -> None:
    cursor.execute('CREATE TABLE "NOTES" ("No" INTEGER, "Note" NCLOB)')
    cursor.execute('INSERT INTO "NOTES" VALUES (1, ?)', [TWO_MEGABYTES])
    cursor.connection.commit()
    sql = 'SELECT "No", "Note" FROM "NOTES"'
    run = ran(sql, "csv")
    assert run.state is RunState.SUCCEEDED
    assert texts_of(file_of(run, ".csv"))[-1][1] == TWO_MEGABYTES
    too_long = ran_again(sql)
    assert (too_long.state, too_long.error_kind) == (RunState.FAILED, ErrorKind.RENDER)
    assert "Note" in (too_long.error or "")
    assert left_by(too_long).deliveries == 0


def ran_again(sql: str) -> Run:
    return attempted(a_run(a_hana_report(sql, formats=["xlsx"], slug="again")))


def texts_of(path: Path) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_binary_content_is_refused_by_name_and_not_tried_again(source: None, cursor: Any) -> None:
    cursor.execute('CREATE TABLE "PICTURES" ("No" INTEGER, "Picture" BLOB)')
    run = ran('SELECT * FROM "PICTURES"', "xlsx", "csv")
    assert (run.state, run.error_kind) == (RunState.FAILED, ErrorKind.SQL)
    assert '"Picture"' in (run.error or "")
    assert left_by(run).is_nothing
