"""The first rows of a query, its plan and the names behind it, from the embedded source."""

import time
from pathlib import Path

import duckdb
import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.reports import preview as module
from tasks.reports.parameters import definitions_of
from tasks.reports.plan_of import plan_of
from tasks.reports.preview import preview
from tasks.rows import Row
from tasks.settings import settings
from tasks.sources.catalogue import NamedColumn, forget, names_of
from tasks.sources.duckdb import DuckDBRows
from tests.support.factories import a_source

MILLION = 'SELECT A."N", B."N" AS "M" FROM "T" A, "T" B'
LONG = 'SELECT COUNT(*) AS "C" FROM "T" A, "T" B, "T" C, "T" D WHERE A."N" + B."N" > C."N" + D."N"'


@pytest.fixture
def company(sqlite_database: str, home: Path) -> str:
    """A source with a table of 1,000 numbers."""
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute("CREATE SCHEMA SBODEMOTR")
        connection.execute(
            'CREATE TABLE SBODEMOTR."T" AS SELECT range AS "N",'
            " DATE '2026-01-01' + CAST(range AS INT) AS \"D\" FROM range(1000)"
        )
    a_source()
    forget()
    return "demo"


def sizes_asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Keep how many rows each step asks the source for."""
    sizes: list[int] = []
    fetch = DuckDBRows._fetch

    def kept(rows: DuckDBRows, size: int) -> list[Row]:
        sizes.append(size)
        return fetch(rows, size)

    monkeypatch.setattr(DuckDBRows, "_fetch", kept)
    return sizes


def test_the_first_rows_come_and_that_there_are_more(company: str) -> None:
    seen = preview(company, 'SELECT "N" FROM "T" ORDER BY "N"', [], {}, rows=3)
    assert [tuple(row) for row in seen.rows] == [(0,), (1,), (2,)]
    assert [column.name for column in seen.columns] == ["N"]
    assert seen.more
    assert 0 < seen.seconds < 30


def test_as_many_rows_as_are_shown_are_all(company: str) -> None:
    assert not preview(company, 'SELECT "N" FROM "T" WHERE "N" < 3', [], {}, rows=3).more


def test_long_texts_end_a_preview_before_its_rows_do(
    company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LETTERS", 1_000)
    seen = preview(company, """SELECT LPAD('x', 300, 'x') AS "L" FROM "T" """, [], {})
    assert (len(seen.rows), seen.more) == (4, True)


def test_one_row_that_is_heavy_comes_alone(company: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = sizes_asked(monkeypatch)
    seen = preview(company, """SELECT LPAD('x', 3000000, 'x') AS "L" FROM "T" """, [], {})
    assert (len(seen.rows), seen.more, sizes) == (1, True, [1])


def test_what_is_no_text_weighs_too(company: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LETTERS", 100)
    assert len(preview(company, 'SELECT "N", "N" FROM "T"', [], {}).rows) < 20
    assert module._letters([{"word": "x" * 60}, b"x" * 40]) > 100


def test_many_small_rows_come_in_a_few_steps(company: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = sizes_asked(monkeypatch)
    seen = preview(company, MILLION, [], {}, rows=5_000)
    assert (len(seen.rows), seen.more) == (5_000, True)
    assert sizes == [1, 4, 16, 64, 256, 1024, 3636]


def test_a_million_rows_are_not_read_for_the_first_fifty(company: str) -> None:
    began = time.monotonic()
    seen = preview(company, MILLION, [], {})
    assert (len(seen.rows), seen.more) == (50, True)
    assert time.monotonic() - began < 30


def test_values_are_bound_and_what_is_missing_is_the_default(company: str) -> None:
    definitions = definitions_of(
        [
            {"name": "days", "type": "date_range", "default": "2026-01-02/2026-01-04"},
            {"name": "least", "type": "integer"},
        ]
    )
    sql = 'SELECT "N" FROM "T" WHERE "D" BETWEEN :days_from AND :days_to AND "N" >= :least'
    seen = preview(company, sql, definitions, {"least": "2"})
    assert [tuple(row) for row in seen.rows] == [(2,), (3,)]
    with pytest.raises(Invalid) as missing:
        preview(company, sql, definitions, {})
    assert missing.value.field == "parameters.least"


def test_a_query_that_takes_too_long_is_stopped(
    company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_PREVIEW_SECONDS", "1")
    settings.cache_clear()
    began = time.monotonic()
    with pytest.raises(JobError, match="longer than 1 s") as stopped:
        preview(company, LONG, [], {})
    assert stopped.value.kind is ErrorKind.SOURCE_LOST
    assert time.monotonic() - began < 10


def test_what_does_not_only_read_is_refused_before_the_source_is_asked(company: str) -> None:
    with pytest.raises(JobError, match="^Line 1, column 1") as refused:
        preview(company, 'DELETE FROM "T"', [], {})
    assert refused.value.kind is ErrorKind.SQL


def test_the_plan_is_told_without_an_answer(company: str) -> None:
    plan = plan_of(company, MILLION, [], {})
    assert plan is not None
    assert any("cross product" in line.lower() for line in plan.lines)


def test_the_tables_of_the_source_are_told_with_their_columns_and_types(company: str) -> None:
    names = names_of(company)
    assert (names.schema, names.complete) == ("SBODEMOTR", True)
    assert names.tables == {"T": (NamedColumn("N", "BIGINT"), NamedColumn("D", "DATE"))}
    assert names.for_the_guard() == {"T": frozenset({"N", "D"})}
