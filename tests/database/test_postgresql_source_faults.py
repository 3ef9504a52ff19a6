"""PostgreSQL as a source: each fault in words, and in bounded time."""

import threading

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.sources.by_name import open_source
from tasks.sources.sql_text import SqlError
from tests.database.postgresql_place import LONG, USER, Place, a_row, refusal, rows_of
from tests.support.ports import own_port
from tests.support.waiting import wait_until

SLOW = "SELECT pg_sleep(30)::text AS waited"


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


def test_after_two_refusals_the_database_is_not_asked_any_more(place: Place) -> None:
    a_row(place, "Wrong-2026")
    said = []
    for _ in range(3):
        with pytest.raises(JobError) as refused, open_source("logo").query("SELECT 1", ()):
            pass
        said.append(refused.value.message)
    assert ["is not asked any more" in one for one in said] == [False, False, True]


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


def test_a_value_beyond_what_a_cell_can_hold_is_named(place: Place) -> None:
    refused = refusal(place.source(), "SELECT DATE '4026-03-16 BC' AS long_ago")
    assert refused.kind is ErrorKind.SQL


def test_binary_content_is_refused_by_name(place: Place) -> None:
    refused = refusal(place.source(), "SELECT '\\x00'::bytea AS picture")
    assert 'The column "picture" holds binary content' in refused.message
