"""SQL Server as a source: how it logs in, what it sends, and that nothing else can be asked."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.sources.sql_text import SqlError
from tests.mssql.conftest import Place, rows_of
from tests.mssql_server import types
from tests.mssql_server.requests import Asked
from tests.mssql_server.server import Result
from tests.mssql_server.tokens import Column, Message
from tests.support.waiting import wait_until

ONE = Result((Column("a", types.INT),), [(1,)])


def test_an_administrator_sees_which_task_reads_and_that_it_only_reads(place: Place) -> None:
    place.answers(ONE)
    assert rows_of(place.source(), "SELECT a FROM t") == [(1,)]
    [login] = place.heard.logins
    assert login.application == "Task Orchestrator: stock-daily"
    assert (login.user, login.database, login.only_reads) == ("logo_reader", "TIGER", True)


def test_a_query_stands_in_a_transaction_that_is_never_committed(place: Place) -> None:
    place.answers(ONE)
    rows_of(place.source(), "SELECT a FROM t")
    wait_until(lambda: place.heard.ended == 1, "the end of the line")
    assert place.heard.transactions == [5], "one is begun, and the end of the line rolls it back"
    assert place.heard.asked[0].sql == "SET LOCK_TIMEOUT 20000; SET DEADLOCK_PRIORITY LOW;"


def test_each_query_has_a_connection_of_its_own(place: Place) -> None:
    place.answers(ONE)
    source = place.source()
    assert rows_of(source, "SELECT a FROM t") == rows_of(source, "SELECT a FROM t") == [(1,)]
    assert len(place.heard.logins) == 2
    wait_until(lambda: place.heard.ended == 2, "the end of the line")


def test_values_are_bound_and_never_pasted(place: Place) -> None:
    place.answers(ONE)
    hostile = "'; DROP TABLE item; --%s @P1 ?"
    sql = "SELECT a AS [is it?'], '?' FROM t WHERE b LIKE '%x%' AND c = ? /* ? */ AND d = ? -- ?"
    rows_of(place.source(), sql, hostile, 41)
    asked = place.heard.asked[-1]
    assert asked.sql == sql.replace("c = ?", "c = @P1").replace("d = ?", "d = @P2")
    assert asked.declared == "@P1 NVARCHAR(4000),@P2 INT"
    assert hostile.encode("utf-16-le") in asked.raw


def test_a_value_for_each_mark_is_asked_for_before_the_server_is(place: Place) -> None:
    with pytest.raises(JobError, match="2 parameters but 1 values") as refused:
        rows_of(place.source(), "SELECT ? + ?", 1)
    assert refused.value.kind is ErrorKind.PARAMETER
    assert place.heard.logins == []


def test_a_value_is_bound_by_the_type_that_it_has(place: Place) -> None:
    place.answers(ONE)
    given = (date(2026, 3, 16), Decimal("12.5"), 2**40, datetime(2026, 3, 16, 9, 30))
    rows_of(place.source(), "SELECT a FROM t WHERE b = ? AND c = ? AND d = ? AND e = ?", *given)
    wanted = "@P1 DATE,@P2 DECIMAL(3, 1),@P3 BIGINT,@P4 DATETIME2(6)"
    assert place.heard.asked[-1].declared == wanted


@pytest.mark.parametrize("text", ["🧾" * 2_001, "ğ" * 9_000])
def test_a_text_too_long_for_a_column_is_bound_too(place: Place, text: str) -> None:
    place.answers(ONE)
    rows_of(place.source(), "SELECT a FROM t WHERE b = ?", text)
    asked = place.heard.asked[-1]
    assert asked.declared == "@P1 NVARCHAR(MAX)"
    assert text.encode("utf-16-le")[:4_000] in asked.raw


def test_a_missing_value_is_null(place: Place) -> None:
    place.answers(ONE)
    rows_of(place.source(), "SELECT a FROM t WHERE b = ? OR c = '%'", None)
    assert place.heard.asked[-1] == Asked("SELECT a FROM t WHERE b = NULL OR c = '%'")


def test_the_schema_is_put_in_as_a_quoted_name(place: Place) -> None:
    place.answers(ONE)
    rows_of(place.source(schema="dbo"), "SELECT a FROM {schema}.LG_001_ITEMS")
    assert place.heard.asked[-1].sql == 'SELECT a FROM "dbo".LG_001_ITEMS'


READS = (
    "WITH t AS (SELECT 1 AS a) SELECT a FROM t;",
    "(SELECT 1 AS a)",
    "SELECT [DELETE], \"UPDATE\", 'EXEC' FROM [a]]b] -- DROP\n/* INSERT /* SET */ KILL */",
    "SELECT TOP (10) CODE, CASE WHEN X = 1 THEN 2 END FROM LG_001_ITEMS WITH (NOLOCK)",
    "SELECT a FROM t CROSS APPLY (SELECT 1 AS b) AS x OPTION (RECOMPILE, USE HINT ('A'))",
    "SELECT 1e5, 0xFF, 1.5e-3, $1.50, N'ş', @@VERSION FROM t FOR XML PATH('x')",
    "SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY",
    "SELECT LAG(a) OVER (PARTITION BY b ORDER BY c ROWS UNBOUNDED PRECEDING) FROM t",
)
WRITES = (
    "",
    "-- nothing",
    "DELETE FROM t",
    "SELECT 1; SELECT 2",
    "SELECT 1 COMMIT DELETE FROM t",
    "SELECT 1 DELETE FROM t",
    "SELECT 1DELETE FROM t",
    "SELECT 1eDELETE FROM t",
    "SELECT 0xSET",
    "SELECT 1/**/DELETE/**/FROM t",
    "SELECT * INTO u FROM t",
    "SELECT * FROM OPENROWSET(BULK 'c:\\x', SINGLE_CLOB) AS x",
    "SELECT * FROM OPENQUERY(other, 'DELETE FROM t')",
    "SELECT * FROM OPENDATASOURCE('SQLNCLI', 'x').a.b.c",
    "SELECT NEXT VALUE FOR numbers",
    "SELECT * FROM t WITH (TABLOCKX)",
    "SELECT * FROM t WITH (XLOCK)",
    "SELECT * FROM t EXEC sp_who",
    "WITH t AS (SELECT 1 AS a) DELETE FROM t",
    "WITH t AS (SELECT 1 AS a) MERGE INTO u USING t ON 1 = 1 WHEN MATCHED THEN DELETE",
    "SELECT 1 USE master",
    "SELECT 1 WAITFOR DELAY '01:00'",
    "SELECT 1 DECLARE @a int SET @a = 1",
    "SELECT 1 BEGIN TRAN",
    "SELECT 1 IF 1 = 1 SHUTDOWN",
    "SELECT 1 KILL 51",
    "SELECT [a] TRUNCATE TABLE t",
    "SELECT 'a''' DROP TABLE t",
    "SELECT 'it ends nowhere",
    "SELECT [it ends nowhere",
    "SELECT 1 /* it /* ends */ nowhere",
    "SELECT 1 -- a return ends it for some\rDELETE FROM t",
    "SELECT 1 -- so does this\u2028DELETE FROM t",
    "SELECT 1 ＤＥＬＥＴＥ FROM t",
    "SELECT [it's] DELETE FROM t WHERE a = 'x'",
)


@pytest.mark.parametrize("sql", READS)
def test_what_only_reads_is_sent(place: Place, sql: str) -> None:
    place.answers(ONE)
    assert rows_of(place.source(), sql) == [(1,)]
    assert place.heard.asked[-1].sql == sql


@pytest.mark.parametrize("sql", WRITES)
def test_what_does_more_than_read_is_never_sent(place: Place, sql: str) -> None:
    with pytest.raises(SqlError) as refused:
        rows_of(place.source(), sql)
    assert (refused.value.kind, refused.value.transient) == (ErrorKind.SQL, False)
    assert place.heard.logins == []


def test_the_word_that_is_refused_is_told_with_its_place(place: Place) -> None:
    with pytest.raises(SqlError, match=r"^Line 2, column 3: EXEC may not") as refused:
        rows_of(place.source(), "SELECT 1 AS a\n  exec sp_who")
    assert (refused.value.line, refused.value.column) == (2, 3)


def test_a_text_without_rows_is_an_error(place: Place) -> None:
    place.answers(Result())
    with pytest.raises(JobError, match="gives no rows") as refused:
        rows_of(place.source(), "SELECT a FROM t")
    assert refused.value.kind is ErrorKind.SQL


def test_the_names_of_a_schema_are_what_the_user_may_see(place: Place) -> None:
    texts = [Column(name, types.nvarchar(128)) for name in ("t", "c", "d")]
    told = [("LG_001_ITEMS", "CODE", "varchar"), ("LG_001_ITEMS", "ŞEHİR", "nvarchar")]
    place.answers(Result(texts, told))
    assert place.source().names("dbo") == told
    assert "INFORMATION_SCHEMA.COLUMNS" in place.heard.asked[-1].sql
    assert "dbo".encode("utf-16-le") in place.heard.asked[-1].raw


def test_what_the_server_only_remarks_is_no_error(place: Place) -> None:
    remark = Message(8153, "Warning: Null value is eliminated by an aggregate.", severity=10)
    place.answers(Result(ONE.columns, ONE.rows, error=remark, flagged=False))
    assert rows_of(place.source(), "SELECT a FROM t") == [(1,)]
