"""A report of several queries: each has a sheet of its own, and only the first one counts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from tasks.db import transaction
from tasks.errors import ErrorKind, Invalid, JobError
from tasks.jobs.context import JobResult
from tasks.jobs.registry import find_job
from tasks.models import Source
from tasks.reports.settings import ReportSettings
from tests.support.factories import a_source
from tests.support.jobs import a_context
from tests.unit.render.files import book_of, values_of

MAIN = 'SELECT "N" FROM "T" WHERE "N" < :upto ORDER BY "N"'
OTHER = 'SELECT "N" * 10 AS "TENS", \'x\' AS "X" FROM "T" WHERE "N" < :upto ORDER BY "N"'
UPTO = {"name": "upto", "type": "integer"}


@pytest.fixture
def demo(sqlite_database: str, home: Path) -> Source:
    with duckdb.connect(home / "demo.duckdb") as company:
        for schema in ("SBODEMOTR", "OTHER"):
            company.execute(f"CREATE SCHEMA {schema}")
            company.execute(f'CREATE TABLE {schema}."T" AS SELECT range AS "N" FROM range(5)')
    return a_source()


def made(
    home: Path, *sheets: tuple[str, str], more: Sequence[dict[str, Any]] = (), **settings: Any
) -> JobResult:
    context = a_context(
        home / "made",
        settings={
            "source": "demo",
            "sql": MAIN,
            "formats": ["xlsx"],
            "sheets": [{"title": title, "sql": sql} for title, sql in sheets],
        }
        | settings,
        parameter_definitions=[UPTO, *more],
        parameters={"upto": 2},
    )
    return find_job("report").perform(context)


def refused(home: Path, *sheets: tuple[str, str], **settings: Any) -> JobError:
    with pytest.raises(JobError) as caught:
        made(home, *sheets, **settings)
    folder = home / "made"
    assert not folder.exists() or list(folder.iterdir()) == []
    return caught.value


def test_each_query_is_a_sheet_with_its_own_columns_and_the_same_parameters(
    demo: Source, home: Path
) -> None:
    (file,) = made(home, ("Tens", OTHER), ("Again", MAIN)).files
    assert book_of(file.path).sheetnames[:3] == ["A task", "Tens", "Again"]
    assert values_of(file.path, 0) == [["N"], [0], [1]]
    assert values_of(file.path, 1) == [["TENS", "X"], [0, "x"], [10, "x"]]
    assert values_of(file.path, 2) == [["N"], [0], [1]]


def test_every_format_of_several_tables_has_all_of_them(demo: Source, home: Path) -> None:
    files = made(home, ("Tens", OTHER), formats=["xlsx", "pdf", "html", "json"]).files
    by_suffix = {file.path.suffix: file.path for file in files}
    told = orjson.loads(by_suffix[".json"].read_bytes())
    assert [(one["name"], one["rows"]) for one in told["sections"]] == [
        ("A task", [[0], [1]]),
        ("Tens", [[0, "x"], [10, "x"]]),
    ]
    assert by_suffix[".html"].read_text().count("<table>") == 2
    assert by_suffix[".pdf"].read_bytes().startswith(b"%PDF")


def test_figures_are_those_of_the_first_query(demo: Source, home: Path) -> None:
    done = made(home, ("Tens", OTHER), recipients=["ayse@example.com"], text="{{ rows }} rows")
    result = done.result
    assert result is not None
    assert (done.rows, result.rows) == (4, 2)
    assert done.letters[0].body.startswith("2 rows")
    assert "TENS" not in str(result.figures)


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_file_of_one_table_is_refused_in_words(format: str) -> None:
    sheets = [{"title": "Tens", "sql": OTHER}]
    with pytest.raises(Invalid, match=f"one table only: {format}") as caught:
        ReportSettings.model_validate(
            {"source": "demo", "sql": MAIN, "formats": ["xlsx", format], "sheets": sheets}
        )
    assert caught.value.field == "formats"


def test_the_limit_of_rows_counts_all_queries(demo: Source, home: Path) -> None:
    made(home, ("Tens", OTHER), max_rows=4)
    for file in (home / "made").iterdir():
        file.unlink()
    assert "more than 3 rows" in refused(home, ("Tens", OTHER), max_rows=3).message


def test_wrong_sql_names_its_sheet(demo: Source, home: Path) -> None:
    failed = refused(home, ("Tens", 'SELECT "WRONG" FROM "T"'))
    assert failed.message.startswith("In the query of the sheet “Tens”: Line 1, column 8:")
    assert failed.kind is ErrorKind.SQL


def test_sql_that_writes_is_refused_before_the_source_is_asked(demo: Source, home: Path) -> None:
    failed = refused(home, ("Bad", 'DELETE FROM "T"'))
    assert failed.kind is ErrorKind.SQL


def test_several_companies_have_a_sheet_for_each_query(demo: Source, home: Path) -> None:
    with transaction() as session:
        session.get_one(Source, demo.id).companies = ["SBODEMOTR", "OTHER"]
    sql = 'SELECT "N" FROM {schema}."T" WHERE "N" < :upto'
    (file,) = made(
        home,
        ("Again", sql),
        sql=sql,
        more=[{"name": "company", "type": "companies", "required": False}],
    ).files
    names = book_of(file.path).sheetnames[:4]
    assert names == ["SBODEMOTR", "OTHER", "Again SBODEMOTR", "Again OTHER"]
