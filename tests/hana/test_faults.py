"""Each fault as the real client tells it."""

import time
from typing import Any

import pytest
from hdbcli import dbapi

from tests.hana.conftest import Connect
from tests.support.hana import READER, SCHEMA, Hana

LOST, NOT_CONNECTED = -10807, -10709
NUMBERS = 'CREATE TABLE "SCRATCH"."N" AS SELECT range::INT AS "V" FROM range(20000)'


def test_a_server_that_is_down_refuses(hana: Hana, connect: Connect) -> None:
    hana.deafen()

    assert _failure(connect) == NOT_CONNECTED

    hana.hear()
    connect()


@pytest.mark.parametrize("moment", ["accept", "authenticate", "connect"])
@pytest.mark.parametrize("act", ["drop", "reset", "garbage"])
def test_a_connection_that_breaks_while_it_is_made_is_told(
    hana: Hana, connect: Connect, moment: str, act: str
) -> None:
    hana.fault(moment, act)

    assert _failure(connect) == NOT_CONNECTED
    connect()


@pytest.mark.parametrize("moment", ["accept", "authenticate", "connect"])
def test_a_server_that_is_silent_while_connecting_is_given_up(
    hana: Hana, connect: Connect, moment: str
) -> None:
    hana.fault(moment, "silence")
    began = time.monotonic()

    assert _failure(connect, connectTimeout=1_000, communicationTimeout=1_000) == NOT_CONNECTED
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("moment", ["prepare", "execute"])
@pytest.mark.parametrize("act", ["drop", "reset", "half"])
def test_a_connection_that_breaks_at_a_statement_is_told(
    hana: Hana, connect: Connect, moment: str, act: str
) -> None:
    cursor = connect().cursor()
    hana.fault(moment, act)

    assert _failure(cursor.execute, "SELECT 1 FROM DUMMY", []) == LOST


@pytest.mark.parametrize("act", ["drop", "reset", "half"])
def test_a_connection_that_breaks_at_the_second_batch_is_told(
    hana: Hana, connect: Connect, act: str
) -> None:
    hana.run(NUMBERS)
    cursor = connect(currentSchema="SCRATCH", fetchSize="1000").cursor()
    hana.fault("fetch", act, after=1)
    cursor.execute("SELECT V FROM N ORDER BY V")

    assert len(cursor.fetchmany(1_032)) == 1_032
    assert _failure(cursor.fetchmany, 1_000) == LOST


@pytest.mark.parametrize(("act", "code"), [("error", 2048), ("drop", LOST)])
def test_a_fault_at_a_row_lets_the_rows_before_it_through(
    hana: Hana, connect: Connect, act: str, code: int
) -> None:
    hana.run(NUMBERS)
    hana.fault("row", act, row=10_001, code=2048, text="column store error")
    cursor = connect(currentSchema="SCRATCH", fetchSize="3000").cursor()
    cursor.execute("SELECT V FROM N ORDER BY V")

    rows = [cursor.fetchone()[0] for _ in range(10_000)]

    assert rows == list(range(10_000))
    assert _failure(cursor.fetchone) == code


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (4, dbapi.OperationalError),
        (131, dbapi.OperationalError),
        (133, dbapi.InternalError),
        (146, dbapi.Error),
        (258, dbapi.Error),
    ],
)
def test_any_error_of_hana_can_be_had(
    hana: Hana, reader: Any, code: int, kind: type[Exception]
) -> None:
    hana.fault("execute", "error", code=code, text="as it was asked for")

    with pytest.raises(kind) as raised:
        reader.execute("SELECT 1 FROM DUMMY")

    assert isinstance(raised.value, dbapi.Error)
    assert (raised.value.errorcode, raised.value.errortext) == (code, "as it was asked for")
    reader.execute("SELECT 1 FROM DUMMY")


@pytest.mark.parametrize("moment", ["authenticate", "connect"])
def test_hana_can_refuse_somebody_whose_password_is_right(
    hana: Hana, connect: Connect, moment: str
) -> None:
    hana.fault(moment, "error", code=416, text="user is locked")

    assert _failure(connect) == 416
    connect()


def test_a_password_that_was_changed_in_hana_refuses_the_old_one(
    hana: Hana, connect: Connect
) -> None:
    hana.user(READER[0], "Another-2026", schemas=[SCHEMA])

    assert _failure(connect) == 10
    connect((READER[0], "Another-2026"))


def test_a_fault_may_be_for_some_statements_only_and_more_than_once(
    hana: Hana, reader: Any
) -> None:
    hana.fault("execute", "error", sql="OCRD", times=2, code=2)

    reader.execute("SELECT 1 FROM DUMMY")
    for _ in range(2):
        assert _failure(reader.execute, 'SELECT "CardCode" FROM OCRD') == 2
    reader.execute('SELECT "CardCode" FROM OCRD')


def test_a_slow_answer_comes(hana: Hana, reader: Any) -> None:
    hana.fault("execute", "slow", seconds=0.5)
    began = time.monotonic()

    reader.execute("SELECT 1 FROM DUMMY")

    assert time.monotonic() - began >= 0.5


def test_an_idle_connection_that_breaks_is_told_at_the_next_statement(
    hana: Hana, connect: Connect
) -> None:
    connection = connect()
    connection.cursor().execute("SELECT 1 FROM DUMMY")
    hana.break_off()

    assert connection.isconnected()
    assert _failure(connection.cursor().execute, "SELECT 1 FROM DUMMY") == LOST


def test_a_connection_that_may_reconnect_does_so_without_a_word(
    hana: Hana, connect: Connect
) -> None:
    cursor = connect(reconnect="true").cursor()
    cursor.execute("SELECT 1 FROM DUMMY")
    hana.break_off()

    cursor.execute("SELECT 2 FROM DUMMY")

    assert cursor.fetchone()[0] == 2
    assert hana.status().counts["connected"] == 2


def _failure(act: Any, *arguments: Any, **options: Any) -> int:
    with pytest.raises(dbapi.Error) as raised:
        act(*arguments, **options)
    return int(raised.value.errorcode)
