"""A query of SQL Server ends with its time or on order, and the server is told."""

import threading
import time
from pathlib import Path

import pytest

from tasks.errors import ErrorKind, JobError
from tests.mssql.conftest import Place, rows_of
from tests.mssql.refusing import COLUMNS, MANY, QUERY, refusal
from tests.mssql_server.server import Result
from tests.support.waiting import wait_until


@pytest.mark.parametrize("rows", [[], MANY[:60]])
@pytest.mark.parametrize("deaf", [False, True])
def test_a_query_past_its_limit_is_ended_at_the_server_too(
    place: Place, rows: list[object], deaf: bool
) -> None:
    place.answers(Result(COLUMNS if rows else (), rows, hangs=True, deaf=deaf))  # type: ignore[arg-type]
    began = time.monotonic()
    error = refusal(place, query_seconds=1)
    assert time.monotonic() - began < 15
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_LOST, True)
    assert "longer than the 1 s" in error.message
    wait_until(lambda: place.heard.stops >= 1, "an order to stop")
    wait_until(lambda: place.heard.ended == 1, "the end of the line")


def test_rows_that_only_trickle_in_do_not_stretch_the_limit(place: Place) -> None:
    place.answers(Result(COLUMNS, MANY[:60], trickles=True))
    began = time.monotonic()
    assert "longer than the 1 s" in refusal(place, query_seconds=1).message
    assert time.monotonic() - began < 15
    wait_until(lambda: place.heard.stops >= 1, "an order to stop")


def stopped(place: Place) -> JobError:
    """Read until somebody orders a stop from another thread."""
    source = place.source()

    def stop() -> None:
        wait_until(lambda: len(place.heard.asked) == 2, "the query")
        source.cancel()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(JobError) as refused:
        rows_of(source, QUERY)
    thread.join()
    return refused.value


@pytest.mark.parametrize("rows", [[], MANY[:60]])
def test_a_query_can_be_stopped_from_another_thread(place: Place, rows: list[object]) -> None:
    place.answers(Result(COLUMNS if rows else (), rows, hangs=True))  # type: ignore[arg-type]
    began = time.monotonic()
    error = stopped(place)
    assert time.monotonic() - began < 15
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_LOST, True)
    assert error.message == "The query was stopped on order."
    assert place.heard.stops == 1


def test_a_stop_between_two_batches_ends_the_query(place: Place) -> None:
    place.answers(Result(COLUMNS, MANY))
    source = place.source()
    with source.query(QUERY, ()) as result:
        batches = result.batches(1_000)
        next(batches)
        source.cancel()
        with pytest.raises(JobError, match="stopped on order"):
            next(batches)


def test_the_limit_is_the_querys_own_until_a_stop_is_ordered(place: Place) -> None:
    place.answers(Result(COLUMNS, MANY[:60], hangs=True))
    source = place.source(connect_seconds=2, query_seconds=600)
    with source.query(QUERY, ()) as result:
        left = result._channel.gettimeout()
        assert left is not None
        assert left > 60
        source.cancel()
        result._channel.limit(600)
        left = result._channel.gettimeout()
        assert left is not None
        assert left <= 5


def test_rows_that_go_on_after_an_order_to_stop_do_not_hold_anybody(place: Place) -> None:
    place.answers(Result(COLUMNS, MANY[:60], trickles=True))
    began = time.monotonic()
    assert stopped(place).message == "The query was stopped on order."
    assert time.monotonic() - began < 15


def test_a_server_that_ignores_an_order_to_stop_holds_nobody(place: Place) -> None:
    place.answers(Result(COLUMNS, MANY[:60], hangs=True, deaf=True))
    began = time.monotonic()
    assert stopped(place).message == "The query was stopped on order."
    assert time.monotonic() - began < 15


def test_whoever_stops_reading_ends_the_query_at_the_server(place: Place) -> None:
    place.answers(Result(COLUMNS, MANY[:60], hangs=True))
    with place.source().query(QUERY, ()) as result:
        assert len(next(result.batches(50))) == 50
    wait_until(lambda: place.heard.stops == 1, "an order to stop")
    wait_until(lambda: place.heard.ended == 1, "the end of the line")


def test_a_query_over_tls_can_be_stopped(place: Place, tmp_path: Path) -> None:
    place.speaks_tls(tmp_path, "localhost")
    place.options = "?trust_server_certificate=yes"
    place.answers(Result(COLUMNS, MANY[:60], hangs=True))
    assert stopped(place).message == "The query was stopped on order."
