"""What a transaction promises: nothing half, nothing lost without a word, nothing in read only."""

from typing import Any

import pytest
from hdbcli import dbapi

from tests.hana.conftest import Connect
from tests.support.hana import OWNER, SCRATCH, Hana


@pytest.fixture
def writer(connect: Connect) -> Any:
    """A connection of somebody who may write, which commits by itself nothing."""
    connection = connect(OWNER, currentSchema=SCRATCH)
    connection.cursor().execute("CREATE TABLE T (V INTEGER)")
    connection.setautocommit(False)
    return connection


def test_what_is_committed_is_seen_by_others_and_no_sooner(writer: Any, connect: Connect) -> None:
    writer.cursor().execute("INSERT INTO T VALUES (1)")

    before = _rows(connect(currentSchema=SCRATCH))
    own = _rows(writer)
    writer.commit()

    assert (before, own, _rows(connect(currentSchema=SCRATCH))) == (0, 1, 1)


def test_what_is_rolled_back_is_gone(writer: Any) -> None:
    writer.cursor().execute("INSERT INTO T VALUES (1)")
    writer.rollback()

    assert _rows(writer) == 0


def test_a_read_only_transaction_refuses_even_those_who_may_write(writer: Any) -> None:
    cursor = writer.cursor()
    cursor.execute("SET TRANSACTION READ ONLY")

    assert _rows(writer) == 0
    with pytest.raises(dbapi.Error):
        cursor.execute("INSERT INTO T VALUES (1)")
    with pytest.raises(dbapi.Error):
        cursor.execute("DROP TABLE T")
    writer.rollback()

    cursor.execute("INSERT INTO T VALUES (1)")
    assert _rows(writer) == 1


def test_a_transaction_that_is_lost_with_its_connection_is_told(
    hana: Hana, connect: Connect
) -> None:
    connection = connect(OWNER, currentSchema=SCRATCH, reconnect="true")
    connection.cursor().execute("CREATE TABLE T (V INTEGER)")
    connection.setautocommit(False)
    connection.cursor().execute("INSERT INTO T VALUES (1)")
    hana.break_off()

    with pytest.raises(dbapi.Error) as lost:
        connection.cursor().execute("SELECT 1 FROM DUMMY")

    assert lost.value.errorcode == -10807


def test_two_who_change_one_row_are_told(writer: Any, connect: Connect) -> None:
    writer.cursor().execute("INSERT INTO T VALUES (1)")
    writer.commit()
    other = connect(OWNER, currentSchema=SCRATCH)
    other.setautocommit(False)
    writer.cursor().execute("UPDATE T SET V = 2")

    with pytest.raises(dbapi.OperationalError) as conflict:
        other.cursor().execute("UPDATE T SET V = 3")

    assert conflict.value.errorcode == 131


def test_what_runs_is_seen_in_the_system_views(writer: Any) -> None:
    cursor = writer.cursor()
    cursor.execute("INSERT INTO T VALUES (1)")

    cursor.execute(
        "SELECT TRANSACTION_STATUS, ACCESS_MODE FROM SYS.M_TRANSACTIONS"
        " WHERE CONNECTION_ID = CURRENT_CONNECTION"
    )

    assert tuple(cursor.fetchone()) == ("ACTIVE", "READ WRITE")


def _rows(connection: Any) -> int:
    cursor = connection.cursor()
    cursor.execute("SELECT COUNT(*) FROM T")
    return int(cursor.fetchone()[0])
