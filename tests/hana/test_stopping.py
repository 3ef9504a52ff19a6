"""A statement ends before its time: by its limit, or by another connection."""

import threading
import time
from typing import Any

import pytest
from hdbcli import dbapi

from tests.support.hana import Hana
from tests.support.waiting import wait_until

NEVER = 'MOD(T0."DocEntry" + T1."DocEntry" + T2."DocEntry", 100003) = 100002'
LONG = 'SELECT SUM(T0."DocTotal" * T1."DocTotal") FROM ORDR T0, ORDR T1, ORDR T2'


@pytest.mark.parametrize("parameters", [None, []], ids=["direct", "prepared"])
def test_a_query_past_its_limit_ends(reader: Any, parameters: list[object] | None) -> None:
    reader.execute("SELECT 1 FROM DUMMY")
    reader.setquerytimeout(1)
    began = time.monotonic()

    with pytest.raises(dbapi.Error) as late:
        reader.execute(LONG, *([] if parameters is None else [parameters]))

    assert late.value.errorcode == 613
    assert time.monotonic() - began < 10


def test_a_limit_reaches_the_server_once_it_has_answered(reader: Any, hana: Hana) -> None:
    reader.execute("SELECT 1 FROM DUMMY")
    reader.setquerytimeout(7)
    reader.execute("SELECT 1 FROM DUMMY")

    assert [seen["timeout"] for seen in hana.status().statements[-2:]] == [0, 7]


def test_a_query_is_cancelled_from_another_thread(connect: Any, hana: Hana) -> None:
    connection = connect()
    raised: list[Any] = []
    thread = threading.Thread(target=_collect, args=(connection, raised), daemon=True)
    thread.start()
    wait_until(lambda: _came(hana), "the query has come")

    assert connection.cancel()
    thread.join(timeout=20)

    assert [type(error) for error in raised] == [dbapi.InternalError]
    assert raised[0].errorcode == 139
    assert _one(connection) == 1


def test_a_slow_answer_is_cancelled_too(connect: Any, hana: Hana) -> None:
    hana.fault("execute", "slow", seconds=60)
    connection = connect(currentSchema="")
    raised: list[Any] = []
    thread = threading.Thread(target=_collect, args=(connection, raised), daemon=True)
    thread.start()
    wait_until(lambda: hana.status().counts.get("fault slow"), "the statement waits")

    connection.cancel()
    thread.join(timeout=20)

    assert raised[0].errorcode == 139


def test_a_fetch_is_cancelled_in_its_middle(connect: Any, hana: Hana) -> None:
    connection = connect(fetchSize="32")
    cursor = connection.cursor()
    # The first rows come at once; there are no others, which takes long to find out.
    cursor.execute(
        'SELECT "DocEntry" FROM ORDR WHERE "DocEntry" <= 100 UNION ALL'
        f' SELECT T0."DocEntry" FROM ORDR T0, ORDR T1, ORDR T2 WHERE {NEVER}'
    )
    raised: list[Any] = []
    thread = threading.Thread(target=_fetch_all, args=(cursor, raised), daemon=True)
    thread.start()
    # Between two fetches nothing is at work that could be cancelled: the last one is waited for.
    wait_until(lambda: hana.status().counts.get("fetch_next") == 3, "the last fetch has come")

    connection.cancel()
    thread.join(timeout=20)

    assert [error.errorcode for error in raised] == [139]
    assert _one(connection) == 1


def test_a_silent_server_is_given_up(hana: Hana, connect: Any) -> None:
    cursor = connect(communicationTimeout=1_000).cursor()
    cursor.execute("SELECT 1 FROM DUMMY")
    hana.fault("execute", "silence")
    began = time.monotonic()

    with pytest.raises(dbapi.Error) as silent:
        cursor.execute("SELECT 2 FROM DUMMY")

    assert silent.value.errorcode == -10807
    assert 0.9 < time.monotonic() - began < 10


def _collect(connection: Any, raised: list[Any]) -> None:
    try:
        connection.cursor().execute(LONG)
    except dbapi.Error as error:
        raised.append(error)


def _fetch_all(cursor: Any, raised: list[Any]) -> None:
    try:
        cursor.fetchall()
    except dbapi.Error as error:
        raised.append(error)


def _one(connection: Any) -> int:
    cursor = connection.cursor()
    cursor.execute("SELECT 1 FROM DUMMY")
    return int(cursor.fetchone()[0])


def _came(hana: Hana) -> bool:
    return any(seen["sql"] == LONG for seen in hana.status().statements)
