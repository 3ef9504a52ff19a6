"""Rows come in batches, as many as the client asks for."""

from typing import Any

import pytest

from tests.hana.conftest import Connect
from tests.support.hana import Hana

ROWS = 'CREATE TABLE "SCRATCH"."N" AS SELECT range::INT AS "V" FROM range({})'


@pytest.mark.parametrize("rows", [0, 1, 31, 32, 33, 64, 132])
def test_no_row_is_lost_at_the_edge_of_a_batch(hana: Hana, connect: Connect, rows: int) -> None:
    hana.run(ROWS.format(rows))
    cursor = connect(currentSchema="SCRATCH", fetchSize="100").cursor()

    cursor.execute("SELECT V FROM N ORDER BY V")

    assert [row[0] for row in cursor.fetchall()] == list(range(rows))


def test_the_size_of_a_batch_is_the_clients(hana: Hana, connect: Connect) -> None:
    hana.run(ROWS.format(1_032))
    cursor = connect(currentSchema="SCRATCH", fetchSize="250").cursor()

    cursor.execute("SELECT V FROM N")
    cursor.fetchall()

    assert hana.status().counts["fetch_next"] == 5
    assert hana.status().counts["rows"] == 1_032


def test_rows_are_made_only_when_they_are_asked_for(hana: Hana, connect: Connect) -> None:
    cursor = connect(fetchSize="100").cursor()

    cursor.execute('SELECT T0."DocEntry" FROM ORDR T0, ORDR T1, ORDR T2')
    assert len(cursor.fetchmany(500)) == 500
    cursor.close()

    assert hana.status().counts["rows"] < 1_000


def test_two_results_are_read_in_turn(connect: Connect) -> None:
    connection = connect(fetchSize="50")
    one, two = connection.cursor(), connection.cursor()
    one.execute('SELECT "DocEntry" FROM ORDR ORDER BY 1')
    two.execute('SELECT "DocEntry" FROM ORDR ORDER BY 1 DESC')

    ups = [one.fetchone()[0] for _ in range(200)]
    downs = [two.fetchone()[0] for _ in range(200)]

    assert ups == list(range(1, 201))
    assert downs == list(range(downs[0], downs[0] - 200, -1))


def test_what_was_prepared_runs_again(reader: Any) -> None:
    counts = []
    for kind in ("C", "S", "C"):
        reader.execute('SELECT COUNT(*) FROM OCRD WHERE "CardType" = ?', [kind])
        counts.append(reader.fetchone()[0])

    assert counts[0] == counts[2] != counts[1]
