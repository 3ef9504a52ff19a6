"""The product's HANA source through the real driver: rows as they are, and each fault in words."""

import threading
import time
from decimal import Decimal
from typing import Any

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.rows import ColumnKind
from tasks.sources.base import Source
from tasks.sources.hana import HanaSettings, HanaSource
from tasks.sources.sql_text import SqlError
from tests.support.hana import OWNER, READER, SCHEMA, SCRATCH, Hana
from tests.support.waiting import wait_until

LONG = 'SELECT COUNT(*) FROM "JDT1" A, "JDT1" B, "JDT1" C'


def a_source(hana: Hana, *, password: str = READER[1], **changed: object) -> HanaSource:
    kept = {
        "address": hana.host,
        "port": hana.port,
        "user": READER[0],
        "schema": SCHEMA,
        "encrypt": False,
        "connect_seconds": 2,
        "query_seconds": 20,
    }
    settings = HanaSettings.model_validate(kept | changed)
    return HanaSource("Production", settings, password=password, reader="stock-daily")


def rows_of(source: Source, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    with source.query(sql, parameters) as result:
        return [tuple(row) for batch in result.batches() for row in batch]


def refusal(source: HanaSource, sql: str = 'SELECT "CardCode" FROM "OCRD"') -> JobError:
    with pytest.raises(JobError) as refused:
        rows_of(source, sql)
    return refused.value


def test_columns_have_their_kind_and_decimals_the_zeros_of_their_scale(hana: Hana) -> None:
    sql = (
        'SELECT "DocEntry", "CardName", "DocDate", "DocTotal", CAST(1.5 AS DECIMAL(10,2)) "Half"'
        ' FROM "OINV" ORDER BY "DocEntry" LIMIT 3'
    )
    with a_source(hana).query(sql, ()) as result:
        kinds = [(column.name, column.kind, column.scale) for column in result.columns]
        [batch] = list(result.batches())
    assert kinds == [
        ("DocEntry", ColumnKind.INTEGER, None),
        ("CardName", ColumnKind.TEXT, None),
        ("DocDate", ColumnKind.DATE, None),
        ("DocTotal", ColumnKind.DECIMAL, 6),
        ("Half", ColumnKind.DECIMAL, 2),
    ]
    assert [str(row[4]) for row in batch] == ["1.50"] * 3
    amounts = [value for row in batch for value in row if isinstance(value, Decimal)]
    assert {value.as_tuple().exponent for value in amounts} == {-6, -2}


@pytest.mark.parametrize("kind", ["DECIMAL", "SMALLDECIMAL"])
def test_a_decimal_without_a_scale_keeps_the_decimals_of_each_value(
    hana: Hana, cursor: Any, kind: str
) -> None:
    cursor.execute(f'CREATE TABLE "Free" ("No" INTEGER, "Value" {kind})')
    told = [Decimal("-0.25"), Decimal("1234567.891"), Decimal(7_000_000), None]
    cursor.executemany('INSERT INTO "Free" VALUES (?, ?)', list(enumerate(told)))
    cursor.connection.commit()
    source = a_source(hana, user=OWNER[0], schema=SCRATCH, password=OWNER[1])
    with source.query('SELECT "Value" FROM "Free" ORDER BY "No"', ()) as result:
        assert [column.scale for column in result.columns] == [None]
        assert [row[0] for batch in result.batches() for row in batch] == told


def test_values_are_bound_and_never_pasted(hana: Hana) -> None:
    hostile = '\'; DROP TABLE "OCRD"; --'
    assert rows_of(a_source(hana), 'SELECT ? "said" FROM DUMMY', hostile) == [(hostile,)]
    told = [one["sql"] for one in hana.status().statements if "said" in one["sql"]]
    assert set(told) == {'SELECT ? "said" FROM DUMMY'}


def test_the_company_is_put_in_as_a_quoted_name(hana: Hana) -> None:
    for written in ('"{schema}"."OCRG"', '{schema}."OCRG"'):
        rows_of(a_source(hana), f"SELECT COUNT(*) FROM {written}")
    told = [one["sql"] for one in hana.status().statements if "OCRG" in one["sql"]]
    assert told == [f'SELECT COUNT(*) FROM "{SCHEMA}"."OCRG"'] * 2


def test_hana_sees_which_task_reads_and_the_transaction_cannot_write(hana: Hana) -> None:
    sql = 'SELECT "KEY", "VALUE" FROM SYS.M_SESSION_CONTEXT'
    assert ("APPLICATION", "Task Orchestrator: stock-daily") in rows_of(a_source(hana), sql)
    told = [one["sql"] for one in hana.status().statements]
    assert "SET TRANSACTION READ ONLY" in told


def test_each_query_has_a_connection_of_its_own_that_is_closed_after_it(hana: Hana) -> None:
    source = a_source(hana)
    for _ in range(2):
        rows_of(source, "SELECT 1 FROM DUMMY")
    assert hana.status().counts["connected"] == 2
    wait_until(lambda: hana.status().open == 0, "the connections are closed")


def test_an_error_names_the_place_in_the_authors_text(hana: Hana) -> None:
    sql = 'SELECT "CardCode",\n       "Nonsense"\nFROM {schema}."OCRD"'
    error = refusal(a_source(hana), sql)
    assert isinstance(error, SqlError)
    assert (error.kind, error.transient) == (ErrorKind.SQL, False)
    assert (error.line, error.column) == (2, 8)
    assert "260" in error.message


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ('SELECT * FROM "NoSuchTable"', "259"),
        ("SELECT FROM WHERE", "257"),
        ('INSERT INTO "OCRG" ("GroupCode") VALUES (1)', "258"),
    ],
)
def test_what_hana_refuses_is_told_with_its_code(hana: Hana, sql: str, code: str) -> None:
    error = refusal(a_source(hana), sql)
    assert (code in error.message, error.transient) == (True, False)


def test_a_wrong_password_is_refused_and_not_tried_again(hana: Hana) -> None:
    error = refusal(a_source(hana, password="wrong"))
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_REFUSED, False)
    assert "page of the source" in error.message
    assert "wrong" not in error.message


def test_nobody_at_the_port_is_unreachable(hana: Hana) -> None:
    hana.deafen()
    try:
        error = refusal(a_source(hana))
    finally:
        hana.hear()
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)
    assert f"127.0.0.1:{hana.port}" in error.message


def test_a_silent_server_is_given_up_after_the_time_to_connect(hana: Hana) -> None:
    hana.fault("authenticate", "silence")
    began = time.monotonic()
    error = refusal(a_source(hana, connect_seconds=1))
    assert time.monotonic() - began < 10
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)


@pytest.mark.parametrize(
    ("moment", "act"),
    [("execute", "drop"), ("execute", "reset"), ("fetch", "drop"), ("fetch", "reset")],
)
def test_a_line_that_breaks_is_told_as_lost_and_may_be_tried_again(
    hana: Hana, moment: str, act: str
) -> None:
    hana.fault(moment, act, sql="JDT1" if moment == "execute" else "")
    error = refusal(a_source(hana), 'SELECT * FROM "JDT1"')
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_LOST, True)


def test_an_error_at_row_10000_ends_the_query_there(hana: Hana) -> None:
    hana.fault("row", "error", row=10_000, code=2, text="general error: disk")
    read = []
    with (
        pytest.raises(JobError, match="general error"),
        a_source(hana).query('SELECT "TransId" FROM "JDT1"', ()) as result,
    ):
        read += [len(batch) for batch in result.batches()]
    assert sum(read) < 10_000


def test_a_query_that_takes_too_long_is_stopped_by_hana(hana: Hana) -> None:
    began = time.monotonic()
    error = refusal(a_source(hana, query_seconds=1), LONG)
    assert time.monotonic() - began < 10
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_LOST, True)
    assert "longer than the 1 s" in error.message


def test_a_query_is_cancelled_from_another_thread(hana: Hana) -> None:
    source = a_source(hana)

    def cancel() -> None:
        wait_until(lambda: any("JDT1" in o["sql"] for o in hana.status().statements), "it runs")
        source.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    error = refusal(source, LONG)
    thread.join()
    assert error.kind is ErrorKind.SOURCE_LOST
    assert "139" in error.message


def test_large_text_is_read_as_text_and_binary_content_is_refused_by_name(
    hana: Hana, cursor: Any
) -> None:
    cursor.execute('CREATE TABLE "Notes" ("Note" NCLOB, "Picture" BLOB)')
    cursor.execute('INSERT INTO "Notes" VALUES (?, ?)', ("koltuk 🪑" * 10_000, b"\0\1"))
    cursor.connection.commit()
    source = a_source(hana, user=OWNER[0], schema=SCRATCH, password=OWNER[1])
    assert rows_of(source, 'SELECT "Note" FROM "Notes"') == [("koltuk 🪑" * 10_000,)]
    assert '"Picture"' in refusal(source, 'SELECT "Picture" FROM "Notes"').message


def test_emoji_come_whole(hana: Hana) -> None:
    assert rows_of(a_source(hana), "SELECT '🪑 koltuk' \"Note\" FROM DUMMY") == [("🪑 koltuk",)]
