"""Each fault of SQL Server ends in the right kind, the right sentence, and in bounded time."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.sources.sql_text import SqlError
from tests.mssql.conftest import Place, rows_of
from tests.mssql_server import types
from tests.mssql_server.server import NO_TLS, TLS_NEEDED, Result, Server
from tests.mssql_server.tokens import Column, Message
from tests.support.ports import own_port
from tests.support.waiting import wait_until

COLUMNS = (Column("a", types.INT), Column("b", types.nvarchar(20)))
MANY = [(n, f"row {n}") for n in range(10_000)]
QUERY = "SELECT a,\n  b\nFROM t"


def refusal(place: Place, **changed: object) -> JobError:
    with pytest.raises(JobError) as refused:
        rows_of(place.source(**changed), QUERY)  # type: ignore[arg-type]
    return refused.value


def test_a_wrong_password_is_refused_and_tried_once(place: Place) -> None:
    error = refusal(place, password="wrong")
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_REFUSED, False)
    assert "Login failed for user 'logo_reader'" in error.message
    assert "(18456)" in error.message
    assert "wrong" not in error.message
    assert len(place.heard.logins) == 1


@pytest.mark.parametrize(
    ("number", "severity", "kind", "transient"),
    [
        (18486, 14, ErrorKind.SOURCE_REFUSED, False),
        (18488, 14, ErrorKind.SOURCE_REFUSED, False),
        (17197, 16, ErrorKind.SOURCE_UNREACHABLE, True),
        (40613, 17, ErrorKind.SOURCE_UNREACHABLE, True),
        (978, 16, ErrorKind.SOURCE_UNREACHABLE, True),
        (17806, 20, ErrorKind.SOURCE_UNREACHABLE, True),
    ],
)
def test_a_refused_login_is_told_apart_from_a_busy_server(
    place: Place, number: int, severity: int, kind: ErrorKind, transient: bool
) -> None:
    place.behaviour.refusal = [Message(number, "Not so.", severity)]
    error = refusal(place)
    assert (error.kind, error.transient) == (kind, transient)
    assert f"Not so. ({number})" in error.message


def test_a_database_that_may_not_be_opened_is_named(place: Place) -> None:
    place.behaviour.refusal = [
        Message(4060, 'Cannot open database "TIGER" requested by the login.', 11),
        Message(18456, "Login failed for user 'logo_reader'.", 14),
    ]
    error = refusal(place)
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_REFUSED, False)
    assert 'Cannot open database "TIGER"' in error.message


def test_nobody_listening_is_unreachable(place: Place) -> None:
    place.server.close()
    url = f"mssql+pytds://u@127.0.0.1:{own_port()}/d"
    error = refusal(place, url=url)
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)


def test_a_server_that_is_silent_at_connect_holds_nobody_longer_than_allowed(place: Place) -> None:
    place.behaviour.silent = True
    began = time.monotonic()
    error = refusal(place)
    assert time.monotonic() - began < 15
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)


@pytest.mark.parametrize(
    ("number", "severity", "kind", "transient"),
    [
        (1205, 13, ErrorKind.SOURCE_LOST, True),
        (1222, 16, ErrorKind.SOURCE_LOST, True),
        (701, 17, ErrorKind.SOURCE_LOST, True),
        (40501, 20, ErrorKind.SOURCE_LOST, True),
        (233, 20, ErrorKind.SOURCE_LOST, True),
        (596, 21, ErrorKind.SOURCE_LOST, True),
        (824, 24, ErrorKind.SOURCE_LOST, True),
        (229, 14, ErrorKind.SOURCE_REFUSED, False),
        (916, 14, ErrorKind.SOURCE_REFUSED, False),
        (207, 16, ErrorKind.SQL, False),
        (8134, 16, ErrorKind.SQL, False),
    ],
)
@pytest.mark.parametrize("rows", [[], MANY[:120]])
def test_the_number_decides_whether_another_try_can_help(
    place: Place, number: int, severity: int, kind: ErrorKind, transient: bool, rows: list[object]
) -> None:
    said = Message(number, "Said in Turkish, perhaps.", severity)
    place.answers(Result(COLUMNS if rows else (), rows, error=said))  # type: ignore[arg-type]
    error = refusal(place)
    assert (error.kind, error.transient) == (kind, transient)


def test_a_fault_in_the_query_is_told_with_the_servers_line(place: Place) -> None:
    place.answers(Result(error=Message(207, "Invalid column name 'b'.", line=2)))
    error = refusal(place)
    assert isinstance(error, SqlError)
    assert error.message == "Line 2: the database refuses the query (207): Invalid column name 'b'."
    assert error.line == 2


def test_a_fault_within_a_view_or_procedure_has_no_line_of_ours(place: Place) -> None:
    said = Message(8134, "Divide by zero.", line=900, procedure="LV_001_STOCK")
    place.answers(Result(error=said))
    error = refusal(place)
    assert error.message == "The database refuses the query (8134): Divide by zero."


@pytest.mark.parametrize("value", [None, 1])
def test_an_error_behind_the_last_row_is_never_a_shorter_report(
    place: Place, value: object
) -> None:
    said = Message(8115, "Arithmetic overflow.")
    for flagged in (True, False):
        place.answers(Result(COLUMNS, MANY, error=said, flagged=flagged))
        sql, values = (QUERY, ()) if value is None else (f"{QUERY} WHERE a = ?", (value,))
        with place.source().query(sql, values) as result:
            batches = result.batches(3_000)
            assert [len(next(batches)) for _ in range(3)] == [3_000] * 3
            with pytest.raises(JobError, match="8115"):
                next(batches)


def test_a_connection_that_drops_in_the_middle_is_lost(place: Place) -> None:
    place.answers(Result(COLUMNS, MANY, drops=True))
    error = refusal(place)
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_LOST, True)


def test_a_connection_that_drops_before_the_answer_is_lost(place: Place) -> None:
    place.answers(Result(drops=True))
    assert refusal(place).kind is ErrorKind.SOURCE_LOST


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


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    return lambda file: monkeypatch.setenv("SSL_CERT_FILE", str(file))


def safe(place: Place, options: str = "", host: str = "127.0.0.1") -> str:
    place.options = options
    return place.url(host)


def test_tls_is_on_and_a_known_certificate_is_taken(
    place: Place, tmp_path: Path, trusted: Callable[[Path], None]
) -> None:
    trusted(place.speaks_tls(tmp_path, "127.0.0.1"))
    place.answers(Result(COLUMNS, MANY))
    source = place.source(url=safe(place))
    assert rows_of(source, QUERY) == MANY


def test_an_unknown_certificate_gets_no_password(place: Place, tmp_path: Path) -> None:
    place.speaks_tls(tmp_path, "127.0.0.1")
    error = refusal(place, url=safe(place))
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_UNREACHABLE, False)
    assert "self-signed certificate" in error.message
    assert place.heard.logins == []


def test_a_certificate_of_another_name_gets_no_password(
    place: Place, tmp_path: Path, trusted: Callable[[Path], None]
) -> None:
    trusted(place.speaks_tls(tmp_path, "erp.example.com"))
    error = refusal(place, url=safe(place))
    assert "not valid for '127.0.0.1'" in error.message
    assert place.heard.logins == []


def test_a_certificate_is_left_unchecked_only_where_the_address_says_so(
    place: Place, tmp_path: Path
) -> None:
    place.speaks_tls(tmp_path, "erp.example.com")
    place.answers(Result(COLUMNS, MANY))
    source = place.source(url=safe(place, "?trust_server_certificate=yes"))
    assert rows_of(source, QUERY) == MANY


def test_a_query_over_tls_can_be_stopped(place: Place, tmp_path: Path) -> None:
    place.speaks_tls(tmp_path, "localhost")
    place.options = "?trust_server_certificate=yes"
    place.answers(Result(COLUMNS, MANY[:60], hangs=True))
    assert stopped(place).message == "The query was stopped on order."


def test_a_server_without_tls_gets_no_password_unless_the_address_says_so(place: Place) -> None:
    place.behaviour.offers = NO_TLS
    error = refusal(place, url=safe(place))
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_UNREACHABLE, False)
    assert "knows no TLS" in error.message
    assert place.heard.logins == []


def test_a_server_that_insists_on_tls_is_told_in_words(place: Place) -> None:
    place.behaviour.offers = TLS_NEEDED
    assert "insists on TLS" in refusal(place).message


def test_whoever_speaks_something_else_is_no_sql_server(place: Place) -> None:
    place.behaviour.offers = 9
    error = refusal(place)
    assert error.kind is ErrorKind.SOURCE_UNREACHABLE


def test_a_listener_leads_to_its_replica_with_the_same_care(
    place: Place, tmp_path: Path, trusted: Callable[[Path], None]
) -> None:
    """The password goes to the second server only once its certificate was checked, too."""
    trusted(place.speaks_tls(tmp_path, "127.0.0.1"))
    replica = Place()
    try:
        replica.answers(Result(COLUMNS, MANY[:2]))
        place.behaviour.route = ("127.0.0.1", replica.server.port)
        assert "knows no TLS" in refusal(place, url=safe(place)).message
        assert replica.heard.logins == []
        replica.behaviour.tls, replica.behaviour.offers = place.behaviour.tls, 1
        assert rows_of(place.source(url=safe(place)), QUERY) == MANY[:2]
        assert replica.heard.logins[0].only_reads
    finally:
        replica.server.close()


def test_servers_that_lead_in_a_circle_hold_nobody(place: Place) -> None:
    place.behaviour.route = ("127.0.0.1", place.server.port)
    assert "on and on" in refusal(place).message
    assert len(place.heard.logins) == 3


def test_the_server_of_the_tests_can_be_closed() -> None:
    place = Place()
    assert isinstance(place.server, Server)
    place.server.close()
    assert refusal(place).kind is ErrorKind.SOURCE_UNREACHABLE
