"""The looks of a report's workbook are as its author and its company say."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from tasks.db import transaction
from tasks.errors import ErrorKind, JobError
from tasks.jobs.registry import find_job
from tasks.models import Source
from tests.support.factories import a_source
from tests.support.jobs import a_context

SETTINGS = {
    "source": "demo",
    "sql": 'SELECT "Day", "Code", "Amount", "Share" FROM "T" ORDER BY "Code", "Day"',
}
OADM = 'SELECT 3 AS "SumDec", 1 AS "PercentDec", \'1\' AS "DateFormat", \'/\' AS "DateSep"'


@pytest.fixture(autouse=True)
def company(sqlite_database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as file:
        file.execute("CREATE SCHEMA SBODEMOTR")
        file.execute(f'CREATE TABLE SBODEMOTR."OADM" AS {OADM}')
        file.execute(
            """CREATE TABLE SBODEMOTR."T"
            ("Day" TIMESTAMP, "Code" VARCHAR, "Amount" DECIMAL(19, 6), "Share" DOUBLE);
            INSERT INTO SBODEMOTR."T" VALUES ('2026-01-31', 'a', 1.25, 0.5),
            ('2026-02-01', 'a', 2.5, 0.25), ('2026-02-01', 'b', -4, 0.125)"""
        )
    a_source()


def sheet_with(home: Path, **looks: object) -> Worksheet:
    context = a_context(home / "made", settings=SETTINGS | {"looks": looks})
    path = find_job("report").perform(context).files[0].path
    sheet = load_workbook(path).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_columns_are_shown_as_their_author_says(home: Path) -> None:
    columns = [
        {"name": "Day", "shown": "date", "title": "Due", "width": 40},
        {"name": "Amount", "shown": "amount"},
        {"name": "Share", "shown": "percent"},
        {"name": "Code", "shown": "text"},
    ]
    sheet = sheet_with(home, columns=columns)
    assert [cell.number_format for cell in sheet[2]] == ["yyyy-mm-dd", "@", "#,##0.00", "0.00%"]
    assert (sheet["A1"].value, sheet.column_dimensions["A"].width) == ("Due", 40)
    assert sheet["C5"].number_format == "#,##0.00"


def test_columns_are_shown_as_the_company_shows_its_own(home: Path) -> None:
    columns = [
        {"name": "Day", "shown": "b1_date"},
        {"name": "Amount", "shown": "b1_sum"},
        {"name": "Share", "shown": "b1_percent"},
    ]
    shown = [cell.number_format for cell in sheet_with(home, columns=columns)[2]]
    assert shown == [r"dd\/mm\/yyyy", "@", "#,##0.000", "#,##0.0"]


OVER_COMPANIES = {
    "sql": 'SELECT "Day", "Amount" FROM {schema}."T" ORDER BY "Day"',
    "looks": {
        "columns": [{"name": "Day", "shown": "b1_date"}, {"name": "Amount", "shown": "b1_sum"}]
    },
    "sheets": [{"title": "More", "sql": 'SELECT "Amount" FROM {schema}."T"'}],
    "formats": ["xlsx", "html"],
}


def over_companies(home: Path, oadm: str) -> Sequence[Path]:
    """The files of a report over two companies; the second one shows its numbers like this."""
    with duckdb.connect(home / "demo.duckdb") as file:
        file.execute("CREATE SCHEMA SBODEMODE")
        file.execute(f'CREATE TABLE SBODEMODE."OADM" AS {oadm}')
        file.execute('CREATE TABLE SBODEMODE."T" AS SELECT * FROM SBODEMOTR."T"')
    with transaction() as session:
        session.scalars(select(Source)).one().companies = ["SBODEMOTR", "SBODEMODE"]
    made = find_job("report").perform(
        a_context(
            home / "made",
            settings=SETTINGS | OVER_COMPANIES,
            parameter_definitions=[{"name": "c", "type": "companies", "required": False}],
        )
    )
    return [one.path for one in made.files]


def test_each_company_is_shown_as_it_shows_its_own(home: Path) -> None:
    german = 'SELECT 0 AS "SumDec", 2 AS "PercentDec", \'3\' AS "DateFormat", \'-\' AS "DateSep"'
    book, page = over_companies(home, german)
    shown = {
        sheet.title: [cell.number_format for cell in sheet[2]]
        for sheet in load_workbook(book).worksheets[:4]
    }
    assert shown == {
        "SBODEMOTR": [r"dd\/mm\/yyyy", "#,##0.000"],
        "SBODEMODE": [r"mm\-dd\-yyyy", "#,##0"],
        "More SBODEMOTR": ["#,##0.000"],
        "More SBODEMODE": ["#,##0"],
    }
    text = page.read_text("utf-8")
    assert "31/01/2026" in text
    assert "01-31-2026" in text


def test_a_company_that_does_not_tell_its_formats_is_named(home: Path) -> None:
    with pytest.raises(JobError, match="In the company SBODEMODE: The table OADM"):
        over_companies(home, 'SELECT 99 AS "SumDec", \'1\' AS "DateFormat", \'-\' AS "DateSep"')


def test_a_source_that_does_not_tell_its_formats_fails_in_words(home: Path) -> None:
    with pytest.raises(JobError, match="formats of Business One cannot be read") as refused:
        sheet_with(home, columns=[{"name": "Amount", "shown": "b1_rate"}])
    assert refused.value.kind is ErrorKind.PARAMETER


def test_what_was_asked_stands_above_the_rows(home: Path) -> None:
    sheet = sheet_with(home, above=["meant_for", "source", "parameters"], groups=["Code"])
    assert sheet["A1"].value == a_context(home).title
    assert str(sheet["A2"].value).startswith("Meant for: ")
    assert str(sheet["A3"].value).startswith("Source: ")
    assert [cell.value for cell in sheet[5]] == ["Day", "Code", "Amount", "Share"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A6", "A5:D10")
    assert sheet.print_title_rows == "$5:$5"
    assert (sheet["B8"].value, sheet["C8"].value) == ("a – Total", "=SUBTOTAL(9,C6:C7)")
    assert sheet["C11"].value == "=SUBTOTAL(9,C6:C10)"


@pytest.mark.parametrize(
    "looks",
    [
        {"columns": [{"name": "nobody", "width": 3}]},
        {"groups": ["nobody"]},
        {"rules": [{"column": "nobody", "operator": "empty"}]},
    ],
)
def test_a_column_that_is_not_there_is_told_of(home: Path, looks: dict[str, object]) -> None:
    with pytest.raises(JobError, match="no column “nobody”.*gives: Day, Code, Amount, Share"):
        sheet_with(home, **looks)


def test_a_rule_that_does_not_fit_its_column_is_told_of(home: Path) -> None:
    rule = {"column": "Amount", "operator": "less", "value": "many"}
    with pytest.raises(JobError, match="“many”, which is no number"):
        sheet_with(home, rules=[rule])
