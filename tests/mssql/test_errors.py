"""Each fault of SQL Server ends in the right kind and the right sentence."""

import time

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.sources.sql_text import SqlError
from tests.mssql.conftest import Place
from tests.mssql.refusing import COLUMNS, MANY, QUERY, refusal
from tests.mssql_server.server import Result, Server
from tests.mssql_server.tokens import Message
from tests.support.ports import own_port


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


def test_whoever_speaks_something_else_is_no_sql_server(place: Place) -> None:
    place.behaviour.offers = 9
    error = refusal(place)
    assert error.kind is ErrorKind.SOURCE_UNREACHABLE


def test_the_server_of_the_tests_can_be_closed() -> None:
    place = Place()
    assert isinstance(place.server, Server)
    place.server.close()
    assert refusal(place).kind is ErrorKind.SOURCE_UNREACHABLE
