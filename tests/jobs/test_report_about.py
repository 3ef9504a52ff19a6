"""What the files and the mail of a report say of it: for when, from where, with which values."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
import time_machine
from python_calamine import CalamineWorkbook

from tasks.jobs.context import JobResult
from tasks.jobs.registry import find_job
from tests.support.factories import a_source
from tests.support.jobs import a_context

PARAMETERS = [
    {"name": "m", "type": "month", "label": "Month"},
    {"name": "api_key", "label": "Key"},
    {"name": "open", "type": "boolean", "label": "Open only"},
    {"name": "rate", "type": "decimal", "label": "Rate"},
    {"name": "code", "label": "Code", "required": False},
]
GIVEN = {"m": "last_month", "api_key": "geheim", "open": True, "rate": "1.50", "code": None}
SQL = 'SELECT "N" FROM "T" WHERE :open = TRUE AND :m_from < :m_to'


@pytest.fixture(autouse=True)
def numbers(sqlite_database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute('CREATE TABLE SBODEMOTR."T" AS SELECT range AS "N" FROM range(7000)')
    a_source()


@time_machine.travel(datetime(2026, 3, 17, 5, 2, tzinfo=UTC), tick=False)
def made(home: Path, **settings: object) -> JobResult:
    given = {"source": "demo", "sql": SQL, "recipients": ["ayse@example.com"]} | settings
    context = a_context(
        home / "made",
        title="Çıkışlar",
        settings=given,
        parameter_definitions=PARAMETERS,
        parameters=GIVEN,
        scheduled_for=datetime(2026, 3, 16, 9, tzinfo=ZoneInfo("Europe/Istanbul")),
    )
    return find_job("report").perform(context)


def sheets_of(result: JobResult) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(result.files[0].path)
    names = book.sheet_names
    return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in names}


def test_the_last_sheet_of_a_workbook_tells_what_it_is(home: Path) -> None:
    sheets = sheets_of(made(home))
    assert list(sheets) == ["Çıkışlar", "About"]
    assert len(sheets["Çıkışlar"]) == 7_001
    assert sheets["About"] == [
        ["About", "This report"],
        ["Report", "Çıkışlar"],
        ["Meant for", "2026-03-16 09:00"],
        ["Made at", "2026-03-17 08:02"],
        ["Source", "Demo company"],
        ["Month", "2026-02-01 – 2026-02-28"],
        ["Key", "***"],
        ["Open only", "Yes"],
        ["Rate", "1.5"],
        ["Code", "–"],
        ["Rows", "7,000"],
    ]


def test_a_turkish_file_tells_it_in_turkish(home: Path) -> None:
    sheets = sheets_of(made(home, language="tr"))
    assert sheets["Bilgi"][0] == ["Bilgi", "Bu rapor"]
    told = {str(label): value for label, value in sheets["Bilgi"]}
    assert told["Hangi zaman için"] == "16.03.2026 09:00"
    assert told["Month"] == "01.02.2026 – 28.02.2026"
    assert (told["Open only"], told["Rate"], told["Satır"]) == ("Evet", "1,5", "7.000")


def test_the_mail_tells_the_same_values(home: Path) -> None:
    body = made(home, language="tr").letters[0].body
    assert "Month: 01.02.2026 – 28.02.2026\nKey: ***\nOpen only: Evet\n" in body


def test_a_csv_file_holds_rows_alone(home: Path) -> None:
    path = made(home, formats=["csv"]).files[0].path
    assert path.read_text("utf-8-sig").splitlines()[:2] == ["N", "0"]
    assert len(path.read_text("utf-8-sig").splitlines()) == 7_001
