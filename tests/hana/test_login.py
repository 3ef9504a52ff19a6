"""Who is let in, and how a refusal looks."""

from typing import Any

import pytest
from hdbcli import dbapi

from tests.hana.conftest import Connect
from tests.support.hana import OWNER, READER, Hana

WRONG = (READER[0], "wrong")


@pytest.mark.parametrize("method", ["SCRAMPBKDF2SHA256", "SCRAMSHA256"])
def test_either_way_to_log_in_works(hana: Hana, connect: Connect, method: str) -> None:
    hana.offer(method)

    cursor = connect().cursor()

    cursor.execute("SELECT CURRENT_USER FROM DUMMY")
    assert cursor.fetchone()[0] == READER[0]


@pytest.mark.parametrize("method", ["SCRAMPBKDF2SHA256", "SCRAMSHA256"])
def test_a_wrong_password_is_refused(hana: Hana, connect: Connect, method: str) -> None:
    hana.offer(method)

    assert _refusal(connect, WRONG) == (10, "authentication failed")


def test_an_unknown_user_is_refused_like_a_wrong_password(connect: Connect) -> None:
    assert _refusal(connect, ("NOBODY", "x")) == (10, "authentication failed")


def test_no_common_way_to_log_in_is_refused(hana: Hana, connect: Connect) -> None:
    hana.offer("GSS")

    assert _refusal(connect, READER)[0] == 10


def test_six_wrong_passwords_lock_the_user_even_for_the_right_one(connect: Connect) -> None:
    for _ in range(6):
        assert _refusal(connect, WRONG)[0] == 10

    assert _refusal(connect, READER)[0] == 416
    connect(OWNER)


def test_a_right_password_forgets_the_wrong_ones(connect: Connect) -> None:
    for _ in range(2):
        for _ in range(5):
            assert _refusal(connect, WRONG)[0] == 10
        connect()


def test_a_user_who_must_change_the_password_is_told_so(hana: Hana, connect: Connect) -> None:
    hana.user("FRESH", "Fresh-2026", must_change_password=True)

    assert _refusal(connect, ("FRESH", "Fresh-2026"))[0] == 414


def test_the_application_that_connects_is_seen(hana: Hana, connect: Connect) -> None:
    cursor = connect(**{"SESSIONVARIABLE:APPLICATION": "Task Orchestrator: risk"}).cursor()

    cursor.execute("SELECT SESSION_CONTEXT('APPLICATION') FROM DUMMY")

    assert cursor.fetchone()[0] == "Task Orchestrator: risk"
    assert hana.status().statements[-1]["application"] == "Task Orchestrator: risk"


def test_the_database_name_of_a_tenant_may_be_given(connect: Connect) -> None:
    cursor: Any = connect(databaseName="HDB").cursor()

    cursor.execute("SELECT DATABASE_NAME, VERSION FROM SYS.M_DATABASE")
    assert tuple(cursor.fetchone()) == ("HDB", "2.00.077.00.1710000000")


def _refusal(connect: Connect, user: tuple[str, str]) -> tuple[int, str]:
    with pytest.raises(dbapi.Error) as refused:
        connect(user)
    return refused.value.errorcode, refused.value.errortext
