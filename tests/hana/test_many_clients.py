"""Many clients at once, each with rows of its own."""

import threading
from typing import Any

import pytest
from hdbcli import dbapi

from tests.hana.conftest import Connect
from tests.support.hana import OTHER_SCHEMA, SCHEMA, Hana
from tests.support.waiting import wait_until

LONG = 'SELECT SUM(T0."DocTotal" * T1."DocTotal") FROM ORDR T0, ORDR T1, ORDR T2'


def test_eight_clients_read_at_once_and_nobody_gets_anothers_rows(connect: Connect) -> None:
    found: dict[int, list[int]] = {}
    connections = [connect(currentSchema=(SCHEMA, OTHER_SCHEMA)[i % 2]) for i in range(8)]
    threads = [
        threading.Thread(target=_read, args=(connection, i, found), daemon=True)
        for i, connection in enumerate(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(found) == list(range(8))
    for i, rows in found.items():
        assert rows == list(range(i + 1, 12_001, 8))


def test_a_client_that_goes_without_a_word_leaves_nothing_behind(
    hana: Hana, connect: Connect
) -> None:
    before = hana.status().sessions
    connection = connect()
    assert hana.status().sessions == before + 1

    hana.break_off()

    wait_until(lambda: hana.status().sessions == 0, "the session is gone")
    connection.close()


def test_each_message_is_counted_once(hana: Hana, connect: Connect) -> None:
    cursor = connect().cursor()
    before = hana.status().counts

    cursor.execute("SELECT ? FROM DUMMY", ["x"])
    cursor.execute("SELECT 1 FROM DUMMY")
    after = hana.status().counts

    assert {
        kind: after[kind] - before.get(kind, 0) for kind in ("prepare", "execute", "execute_direct")
    } == {"prepare": 1, "execute": 1, "execute_direct": 1}


def test_a_query_ends_with_the_connection_that_asked_it(hana: Hana, connect: Connect) -> None:
    connection = connect()
    thread = threading.Thread(target=_ask_too_much, args=(connection,), daemon=True)
    thread.start()
    wait_until(lambda: any(seen["sql"] == LONG for seen in hana.status().statements), "it runs")

    hana.break_off()

    wait_until(lambda: hana.status().sessions == 0, "the session is gone")
    thread.join()


def _ask_too_much(connection: Any) -> None:
    with pytest.raises(dbapi.Error):
        connection.cursor().execute(LONG)


def _read(connection: Any, number: int, found: dict[int, list[int]]) -> None:
    cursor = connection.cursor()
    cursor.execute(
        'SELECT "DocEntry" FROM ORDR WHERE MOD("DocEntry", 8) = ? AND "DocEntry" <= 12000'
        " ORDER BY 1",
        [(number + 1) % 8],
    )
    found[number] = [row[0] for row in cursor.fetchall()]
