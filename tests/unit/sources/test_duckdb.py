"""The embedded source: locked down, typed, streamed, and stopped when it must."""

import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.errors import ErrorKind, JobError
from tasks.rows import Column, ColumnKind
from tasks.sources.base import Source
from tasks.sources.duckdb import DuckDBSource
from tasks.sources.duckdb_file import open_read_only

HARMFUL = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM main.demo_company",
    "SELECT current_setting('threads') FROM DUMMY",
    "COPY (SELECT 1) TO 'stolen.csv'",
    "ATTACH 'other.duckdb'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 1",
    "PRAGMA database_list",
    "DELETE FROM ORDR",
    'UPDATE ORDR SET "DocTotal" = 0',
    "INSERT INTO DUMMY VALUES ('Y')",
    "DROP TABLE ORDR",
    "CALL something()",
    "SELECT 1 FROM DUMMY; DROP TABLE ORDR",
    "SELECT 1 FROM DUMMY FOR UPDATE",
    "WITH gone AS (DELETE FROM ORDR RETURNING 1) SELECT * FROM gone",
]


@pytest.mark.parametrize("sql", HARMFUL)
def test_anything_but_a_query_of_the_companys_tables_is_refused(
    source: DuckDBSource, sql: str
) -> None:
    with pytest.raises(JobError) as caught, source.query(sql, ()):
        pass
    assert caught.value.kind is ErrorKind.SQL


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'stolen.csv'",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "SET threads = 1",
        "SET enable_external_access = true",
        'DELETE FROM "SBODEMOTR"."ORDR"',
    ],
)
def test_the_file_is_locked_down_below_the_guard_too(company_file: Path, sql: str) -> None:
    with open_read_only(company_file) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql)


def test_columns_are_typed_as_sql_says(source: DuckDBSource) -> None:
    sql = """SELECT "DocNum", "CardCode", "DocDate", "DocTotal", ROUND("DocTotal", 2) AS "Rounded",
        TO_DOUBLE("DocTotal") AS "Approximate", NOW() AS "Now" FROM ORDR LIMIT 1"""
    with source.query(sql, ()) as result:
        assert result.columns == (
            Column("DocNum", ColumnKind.INTEGER),
            Column("CardCode", ColumnKind.TEXT),
            Column("DocDate", ColumnKind.DATE),
            Column("DocTotal", ColumnKind.DECIMAL, scale=6),
            Column("Rounded", ColumnKind.DECIMAL, scale=2),
            Column("Approximate", ColumnKind.FLOAT),
            Column("Now", ColumnKind.DATETIME),
        )
        ((_, _, _, total, rounded, *_),) = next(result.batches())
    assert isinstance(total, Decimal)
    assert total == rounded


def test_rows_come_in_batches_of_the_wanted_size(source: DuckDBSource) -> None:
    with source.query("SELECT * FROM ORDR", ()) as result:
        assert [len(batch) for batch in result.batches(7_000)] == [7_000, 7_000, 6_000]


def test_an_empty_result_has_columns_and_no_batch(source: DuckDBSource) -> None:
    with source.query('SELECT "DocNum" FROM ORDR WHERE 1 = 0', ()) as result:
        assert [column.name for column in result.columns] == ["DocNum"]
        assert list(result.batches()) == []


def _missing(folder: Path) -> None:
    pass


def _broken(folder: Path) -> None:
    (folder / "demo.duckdb").write_bytes(b"not a database" * 1_000)


@pytest.mark.parametrize("make", [_missing, _broken])
def test_a_file_that_cannot_be_opened_may_be_tried_again(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path)
    source: Source = DuckDBSource(tmp_path / "demo.duckdb")
    with pytest.raises(JobError) as caught, source.query("SELECT 1 FROM DUMMY", ()):
        pass
    assert (caught.value.kind, caught.value.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)
    assert str(tmp_path) not in caught.value.message


def test_a_query_can_be_interrupted_from_another_thread(source: DuckDBSource) -> None:
    endless = 'SELECT COUNT(*) FROM RDR1 a, RDR1 b, RDR1 c WHERE a."Price" > b."Price" + c."Price"'
    stop = threading.Event()

    def cancel() -> None:
        while not stop.wait(0.05):
            source.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    try:
        with pytest.raises(JobError, match="interrupted") as caught, source.query(endless, ()) as r:
            list(r.batches())
    finally:
        stop.set()
        canceller.join()
    assert caught.value.kind is ErrorKind.SOURCE_LOST


def test_two_queries_can_be_open_at_once(source: DuckDBSource) -> None:
    with (
        source.query("SELECT COUNT(*) FROM ORDR", ()) as first,
        source.query("SELECT COUNT(*) FROM OINV", ()) as second,
    ):
        assert next(first.batches()) != next(second.batches())
