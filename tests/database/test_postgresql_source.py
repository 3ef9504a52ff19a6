"""PostgreSQL as a source, through its real driver: rows as they are, and each fault in words."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from tasks.db import transaction
from tasks.encryption import encrypt
from tasks.errors import ErrorKind, JobError
from tasks.models import Source, SourceKind
from tasks.reports.parameters import definitions_of
from tasks.reports.plan_of import plan_of
from tasks.reports.preview import preview
from tasks.rows import ColumnKind
from tasks.sources.by_name import open_source
from tasks.sources.catalogue import names_of
from tasks.sources.postgresql import PostgresqlSource
from tasks.sources.sql_text import SqlError
from tasks.sources.sql_url import SqlSettings
from tasks.sources.testing import try_source
from tests.support.ports import own_port
from tests.support.proxy import Proxy
from tests.support.waiting import wait_until

USER, PASSWORD = "source_reader", "Reader-2026"
SLOW = "SELECT pg_sleep(30)::text AS waited"
LONG = "SELECT count(*) FROM generate_series(1, 1000000000) AS n"


@dataclass(frozen=True)
class Place:
    """A PostgreSQL database as a source sees it through a proxy, and its owner's connection."""

    proxy: Proxy
    database: str
    owner: psycopg.Connection[Any]

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.proxy.port}/{self.database}"

    def source(self, *, password: str = PASSWORD, **changed: object) -> PostgresqlSource:
        kept = {"url": self.url, "connect_seconds": 2, "query_seconds": 20}
        settings = SqlSettings.model_validate(kept | changed)
        return PostgresqlSource("Logo", settings, password=password, reader="stock-daily")


@pytest.fixture
def place(postgres_database: str) -> Iterator[Place]:
    """A database with a table of each kind, and a user who may read it and has a password."""
    url = make_url(postgres_database)
    folder, name = str(url.query["host"]), url.database or ""
    with psycopg.connect(host=folder, dbname=name, user=url.username, autocommit=True) as owner:
        _ask_for_passwords(owner)
        owner.execute("CREATE SCHEMA company")
        owner.execute("CREATE TABLE company.item (code text, stock numeric(12, 3), seen date)")
        owner.execute(
            "INSERT INTO company.item SELECT 'I' || n, n / 2.0, '2026-03-16'"
            " FROM generate_series(1, 12000) n"
        )
        owner.execute(f"GRANT USAGE ON SCHEMA company TO {USER}")
        owner.execute(f"GRANT SELECT ON company.item TO {USER}")
        proxy = Proxy(f"{folder}/.s.PGSQL.{url.port or 5432}")
        yield Place(proxy, name, owner)
        proxy.stop()
        owner.execute(f"DROP OWNED BY {USER}")
        owner.execute(f"DROP ROLE {USER}")


def _ask_for_passwords(owner: psycopg.Connection[Any]) -> None:
    """Let the server ask this user for a password, where it trusts everybody else."""
    owner.execute("SET password_encryption = 'scram-sha-256'")
    owner.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
    [file] = owner.execute("SHOW hba_file").fetchone() or [""]
    rules, line = Path(file), f"local all {USER} scram-sha-256\n"
    if line not in (before := rules.read_text()):
        rules.write_text(line + before)
        owner.execute("SELECT pg_reload_conf()")


def rows_of(source: PostgresqlSource, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    with source.query(sql, parameters) as result:
        return [tuple(row) for batch in result.batches() for row in batch]


def refusal(source: PostgresqlSource, sql: str = "SELECT 1 AS a") -> JobError:
    with pytest.raises(JobError) as refused:
        rows_of(source, sql)
    return refused.value


def test_columns_have_their_kind_and_decimals_their_scale(place: Place) -> None:
    sql = (
        "SELECT 1 AS whole, 1.5::numeric(10, 2) AS money, 1.5::float8 AS ratio, true AS yes,"
        " DATE '2026-03-16' AS day, TIMESTAMP '2026-03-16 09:30' AS moment, 'ş'::text AS word"
    )
    with place.source().query(sql, ()) as result:
        kinds = [(one.name, one.kind, one.scale) for one in result.columns]
        [[row]] = list(result.batches())
    assert kinds == [
        ("whole", ColumnKind.INTEGER, None),
        ("money", ColumnKind.DECIMAL, 2),
        ("ratio", ColumnKind.FLOAT, None),
        ("yes", ColumnKind.BOOLEAN, None),
        ("day", ColumnKind.DATE, None),
        ("moment", ColumnKind.DATETIME, None),
        ("word", ColumnKind.TEXT, None),
    ]
    moment = datetime(2026, 3, 16, 9, 30)
    assert row == (1, Decimal("1.50"), 1.5, True, date(2026, 3, 16), moment, "ş")
    assert str(row[1]) == "1.50"


def test_what_no_cell_can_hold_comes_as_its_text(place: Place) -> None:
    sql = (
        """SELECT '{"a": [1]}'::jsonb, ARRAY[1, 2], '10.0.0.1'::inet, NULL::uuid,"""
        " INTERVAL '90 minutes', 'mon'::name"
    )
    [row] = rows_of(place.source(), sql)
    assert row == ('{"a": [1]}', "{1,2}", "10.0.0.1", None, "01:30:00", "mon")


def test_values_are_bound_and_never_pasted(place: Place) -> None:
    hostile = "'; DROP TABLE company.item; --%s$1"
    sql = "SELECT ?::text, '?' AS \"is it?\", ? + 1 /* ? */ -- ?"
    assert rows_of(place.source(), sql, hostile, 41) == [(hostile, "?", 42)]
    with pytest.raises(JobError, match="2 parameters but 1 values") as refused:
        rows_of(place.source(), sql, hostile)
    assert refused.value.kind is ErrorKind.PARAMETER


def test_rows_come_in_batches_by_a_cursor_of_the_server(place: Place) -> None:
    with place.source(schema="company").query("SELECT code FROM item", ()) as result:
        sizes = [len(batch) for batch in result.batches(5_000)]
    assert sizes == [5_000, 5_000, 2_000]


def test_the_company_is_put_in_as_a_quoted_name(place: Place) -> None:
    source = place.source(schema="company")
    assert rows_of(source, "SELECT count(*) FROM {schema}.item WHERE '{schema}' <> ?", "") == [
        (12_000,)
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM company.item",
        "SELECT 1; DELETE FROM company.item",
        "SELECT 1; COMMIT; DELETE FROM company.item",
        "WITH gone AS (DELETE FROM company.item RETURNING 1) SELECT * FROM gone",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT nextval('company.counter')",
        "SELECT lo_creat(-1)",
    ],
)
def test_nothing_can_be_written_even_by_who_may_write(place: Place, sql: str) -> None:
    place.owner.execute(f"GRANT ALL ON company.item TO {USER}")
    place.owner.execute("CREATE SEQUENCE company.counter")
    place.owner.execute(f"GRANT ALL ON company.counter TO {USER}")
    assert refusal(place.source(), sql).kind is ErrorKind.SQL
    assert place.owner.execute("SELECT count(*) FROM company.item").fetchone() == (12_000,)


def test_the_database_sees_which_task_reads(place: Place) -> None:
    [[name]] = rows_of(place.source(), "SELECT current_setting('application_name')")
    assert name == "Task Orchestrator: stock-daily"


def test_a_fault_of_the_query_is_told_with_its_place(place: Place) -> None:
    source = place.source(schema="company")
    sql = "SELECT ?, ?,\n  cde\nFROM {schema}.item"
    with pytest.raises(SqlError, match="Line 2, column 3: .*42703") as refused:
        rows_of(source, sql, 1, 2)
    assert (refused.value.line, refused.value.column) == (2, 3)
    with pytest.raises(SqlError, match="Line 1, column 1: .*syntax"):
        rows_of(source, "DROP TABLE item")


def test_a_table_that_may_not_be_read_is_a_refusal(place: Place) -> None:
    place.owner.execute("CREATE TABLE company.wage (amount numeric)")
    refused = refusal(place.source(schema="company"), "SELECT * FROM wage")
    assert (refused.kind, refused.transient) == (ErrorKind.SOURCE_REFUSED, False)
    assert "wage" in refused.message


def test_a_wrong_password_and_an_unknown_database_are_refused(place: Place) -> None:
    wrong = refusal(place.source(password="Wrong-2026"))
    assert (wrong.kind, wrong.transient) == (ErrorKind.SOURCE_REFUSED, False)
    assert "password authentication failed" in wrong.message
    assert "Wrong-2026" not in str(wrong)
    url = f"postgresql+psycopg://{USER}@127.0.0.1:{place.proxy.port}/nothing"
    assert refusal(place.source(url=url)).kind is ErrorKind.SOURCE_REFUSED


def a_row(place: Place, password: str) -> Source:
    settings = {"url": place.url, "schema": "company", "connect_seconds": 2, "query_seconds": 20}
    with transaction() as session:
        source = Source(slug="logo", title="Logo", kind=SourceKind.SQL, settings=settings)
        source.password_encrypted = encrypt(password)
        session.add(source)
    return source


def test_after_two_refusals_the_database_is_not_asked_any_more(place: Place) -> None:
    a_row(place, "Wrong-2026")
    said = []
    for _ in range(3):
        with pytest.raises(JobError) as refused, open_source("logo").query("SELECT 1", ()):
            pass
        said.append(refused.value.message)
    assert ["is not asked any more" in one for one in said] == [False, False, True]


def test_a_test_tells_who_reads_and_what_is_too_much(place: Place) -> None:
    source = a_row(place, PASSWORD)
    place.owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    found = try_source(source)
    assert (found.user, found.schema, found.wide_rights) == (USER, "company", ())
    assert found.product.startswith("PostgreSQL ")
    place.owner.execute(f"GRANT INSERT, DELETE ON company.item TO {USER}")
    place.owner.execute(f"GRANT CREATE ON SCHEMA company TO {USER}")
    place.owner.execute(f"GRANT pg_write_all_data TO {USER}")
    place.owner.execute(f"ALTER ROLE {USER} CREATEDB")
    found = try_source(source)
    rights = {(one.place, one.role): set(one.rights) for one in found.wide_rights}
    assert {"INSERT", "DELETE", "CREATE"} <= rights["company", ""]
    assert rights["", "pg_write_all_data"] == {"MEMBER"}
    assert rights["", USER] == {"CREATEDB"}


def test_a_database_that_is_away_or_silent_can_be_tried_again(place: Place) -> None:
    url = f"postgresql+psycopg://{USER}@127.0.0.1:{own_port()}/x"
    away = refusal(place.source(url=url))
    place.proxy.lose_everything()
    silent = refusal(place.source())
    place.proxy.heal()
    place.proxy.cut()
    dropped = refusal(place.source())
    for one in (away, silent, dropped):
        assert (one.kind, one.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)
        assert "127.0.0.1" in one.message


def test_a_connection_that_breaks_between_rows_is_lost(place: Place) -> None:
    with place.source(schema="company").query("SELECT code FROM item", ()) as result:
        batches = result.batches(1_000)
        next(batches)
        place.proxy.cut()
        with pytest.raises(JobError, match="broke") as lost:
            list(batches)
    assert (lost.value.kind, lost.value.transient) == (ErrorKind.SOURCE_LOST, True)


def test_an_error_at_a_late_row_is_told(place: Place) -> None:
    sql = "SELECT 1 / (9000 - n) FROM generate_series(1, 20000) AS n"
    with place.source().query(sql, ()) as result:
        batches = result.batches(5_000)
        assert len(next(batches)) == 5_000
        with pytest.raises(JobError, match="division by zero") as broken:
            list(batches)
    assert broken.value.kind is ErrorKind.SQL


def test_a_query_that_takes_longer_than_its_time_is_stopped(place: Place) -> None:
    refused = refusal(place.source(query_seconds=1), SLOW)
    assert refused.kind is ErrorKind.SOURCE_LOST
    assert "longer than the 1 s" in refused.message


def test_a_cancel_from_another_thread_ends_the_query_at_once(place: Place) -> None:
    source, ended = place.source(), threading.Event()
    found: list[JobError] = []

    def work() -> None:
        found.append(refusal(source, LONG))
        ended.set()

    thread = threading.Thread(target=work)
    thread.start()
    # A cursor does its work where it fetches; between two statements a cancel finds nothing.
    fetching = "usename = %s AND state = 'active' AND query LIKE 'FETCH%%'"

    def runs() -> bool:
        told = place.owner.execute(f"SELECT 1 FROM pg_stat_activity WHERE {fetching}", [USER])
        return told.fetchone() is not None

    wait_until(runs, "the query runs")
    source.cancel()
    assert ended.wait(20)
    thread.join()
    assert "stopped the query" in found[0].message
    wait_until(lambda: not runs(), "it runs no more")


def test_a_moment_with_a_zone_comes_in_the_zone_of_the_installation(place: Place) -> None:
    [[moment]] = rows_of(place.source(), "SELECT TIMESTAMPTZ '2026-03-16 09:00+00' AS at")
    assert isinstance(moment, datetime)
    assert (moment.hour, moment.utcoffset()) == (12, timedelta(hours=3))


def test_a_value_beyond_what_a_cell_can_hold_is_named(place: Place) -> None:
    refused = refusal(place.source(), "SELECT DATE '4026-03-16 BC' AS long_ago")
    assert refused.kind is ErrorKind.SQL


def test_binary_content_is_refused_by_name(place: Place) -> None:
    refused = refusal(place.source(), "SELECT '\\x00'::bytea AS picture")
    assert 'The column "picture" holds binary content' in refused.message


def test_the_first_rows_come_without_the_others(place: Place) -> None:
    a_row(place, PASSWORD)
    asked = definitions_of([{"name": "code", "type": "text", "default": "I1"}])
    sql = "SELECT n::text || :code AS c FROM generate_series(1, 1000000) AS n"
    seen = preview("logo", sql, asked, {})
    assert (len(seen.rows), seen.rows[0], seen.more) == (50, ("1I1",), True)
    assert seen.seconds < 30


def test_a_preview_that_takes_too_long_is_stopped(place: Place) -> None:
    a_row(place, PASSWORD)
    with pytest.raises(JobError, match="longer than (the )?1 s"):
        preview("logo", LONG, [], {}, seconds=1)


def test_the_seconds_of_a_preview_hold_for_all_of_its_rows(place: Place) -> None:
    """No step alone is too long here, so the database itself has nothing to stop."""
    a_row(place, PASSWORD)
    sql = "SELECT n::text, pg_sleep(0.09)::text AS waited FROM generate_series(1, 5000) AS n"
    began = time.monotonic()
    with pytest.raises(JobError, match="longer than 2 s"):
        preview("logo", sql, [], {}, rows=5_000, seconds=2)
    assert time.monotonic() - began < 30  # all of them would take 450


def test_the_plan_is_told_and_the_query_not_run(place: Place) -> None:
    a_row(place, PASSWORD)
    asked = definitions_of([{"name": "code", "type": "text", "default": "I1"}])
    plan = plan_of(
        "logo", "SELECT * FROM item WHERE code = :code AND pg_sleep(9)::text = ''", asked, {}
    )
    assert plan is not None
    assert plan.lines[0].startswith("Seq Scan on item")


def test_what_has_no_plan_is_told_at_its_place(place: Place) -> None:
    with pytest.raises(SqlError) as unknown:
        place.source(schema="company").explain("SELECT code,\n  wrong FROM item\n", ())
    assert (unknown.value.line, unknown.value.column) == (2, 3)
    for sql in ("ANALYZE SELECT pg_sleep(9)", "SELECT 1; DROP TABLE company.item"):
        with pytest.raises(JobError):
            place.source().explain(sql, ())
    place.source().explain("CREATE TABLE company.more AS SELECT 1 AS a", ())
    assert place.owner.execute("SELECT to_regclass('company.more')").fetchone() == (None,)


def test_only_the_tables_that_may_be_read_are_told(place: Place) -> None:
    a_row(place, PASSWORD)
    place.owner.execute("CREATE TABLE company.wage (amount numeric)")
    place.owner.execute("ALTER TABLE company.item DROP seen")
    columns = [("code", "text"), ("stock", "numeric(12,3)")]
    tables = names_of("logo").tables
    assert {name: [(one.name, one.type) for one in tables[name]] for name in tables} == {
        "item": columns
    }
