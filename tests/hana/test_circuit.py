"""A wrong password is tried twice and no more, however many want to read at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tasks import log
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.encryption import encrypt
from tasks.errors import ErrorKind, JobError
from tasks.models import Attempt, LoginState, Run, RunEvent, Source
from tasks.runs.perform import perform
from tasks.settings import settings
from tasks.sources.by_name import open_source
from tasks.sources.circuit import FRESH, Login
from tasks.sources.testing import try_source
from tests.support.factories import a_hana_source, a_run, a_task
from tests.support.hana import OWNER, READER, Hana

MANY = 12
WRONG = "Wrong-2026"
SQL = "SELECT 1 FROM DUMMY"


def read() -> str:
    """Read the source as a run does; returns "" or the sentence of what went wrong."""
    try:
        with open_source("hana", reader="a-report").query(SQL, ()) as found:
            list(found.batches())
    except JobError as error:
        return error.message
    return ""


def read_at_once(count: int = MANY) -> list[str]:
    together = threading.Barrier(count)

    def one(_number: int) -> str:
        together.wait()
        return read()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def the_source() -> Source:
    with reading() as session:
        return session.query(Source).one()


def change(**values: object) -> None:
    with transaction() as session:
        session.execute(update(Source).values(**values))


def give_password(password: str) -> None:
    with transaction() as session:
        source = session.query(Source).one()
        source.password_encrypted = encrypt(password)
        source.forget_login()


def tries(hana: Hana) -> int:
    """How often somebody has tried to log in."""
    return hana.status().counts.get("authenticate", 0)


@pytest.fixture
def tried(hana: Hana) -> Callable[[], int]:
    """Count the logins that the server has seen since the test began."""
    before = tries(hana)
    return lambda: tries(hana) - before


def test_of_many_at_once_with_a_wrong_password_the_database_sees_two(
    database: str, hana: Hana, tried: Callable[[], int]
) -> None:
    a_hana_source(hana.port, password=WRONG)
    said = read_at_once()
    assert tried() == 2
    assert sum("is not asked any more" in one for one in said) == MANY - 2
    assert all("refuses the user or the password" in one for one in said)
    assert the_source().login_state is LoginState.STOPPED
    assert "on its page under Sources" in read()
    assert tried() == 2


def test_many_at_once_with_the_right_password_all_read(
    database: str, hana: Hana, tried: Callable[[], int]
) -> None:
    a_hana_source(hana.port, password=READER[1])
    assert read_at_once() == [""] * MANY
    assert tried() == MANY
    assert the_source().login_state is LoginState.PROVEN


def test_a_password_that_was_changed_at_the_database_locks_nobody(
    database: str, hana: Hana, tried: Callable[[], int]
) -> None:
    a_hana_source(hana.port, password=READER[1])
    assert read() == ""
    change(proven_at=utcnow() - 2 * FRESH)
    hana.user(*(READER[0], "New-2026"), schemas=["SBODEMOTR"])
    assert all(read_at_once())
    assert tried() == 1 + 2


def test_a_new_password_closes_the_circuit(database: str, hana: Hana) -> None:
    a_hana_source(hana.port, password=WRONG)
    assert all(read_at_once(3))
    give_password(READER[1])
    assert the_source().login_state is LoginState.UNTRIED
    assert read() == ""


def test_a_test_by_a_person_is_tried_in_any_case_and_closes_the_circuit(
    database: str, hana: Hana, tried: Callable[[], int]
) -> None:
    a_hana_source(hana.port, password=WRONG)
    read_at_once(3)
    with pytest.raises(JobError, match="refuses the user or the password"):
        try_source(the_source(), asked=True)
    assert tried() == 3
    hana.user(READER[0], WRONG, schemas=["SBODEMOTR"])
    try_source(the_source(), asked=True)
    assert (the_source().login_state, the_source().refused_because) == (LoginState.PROVEN, "")
    assert read() == ""


def test_what_became_of_an_older_password_does_not_count(database: str, hana: Hana) -> None:
    a_hana_source(hana.port, password=WRONG)
    old = open_source("hana")
    give_password(READER[1])
    with pytest.raises(JobError, match="changed a moment ago") as refused, old.query(SQL, ()):
        pass
    assert refused.value.transient
    assert the_source().login_state is LoginState.UNTRIED


def test_a_database_that_is_away_opens_no_circuit(database: str, hana: Hana) -> None:
    a_hana_source(hana.port, password=READER[1])
    hana.deafen()
    for _ in range(4):
        assert "cannot be reached" in read()
    hana.hear()
    assert the_source().login_state is LoginState.UNTRIED
    assert the_source().trying_until is None
    assert read() == ""


def test_whoever_dies_in_the_middle_of_a_try_holds_up_the_others_only_for_a_while(
    database: str, hana: Hana
) -> None:
    a_hana_source(hana.port, password=READER[1])
    change(trying_until=utcnow() + timedelta(hours=1))
    login = Login(the_source().id, "Production", 1, connect_seconds=-4.5)
    with pytest.raises(JobError, match="has been trying to log in") as waited, login.trying():
        pass
    assert (waited.value.kind, waited.value.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)
    change(trying_until=utcnow() - timedelta(seconds=1))
    assert read() == ""


def test_a_run_tells_what_to_do_and_no_log_holds_the_password(
    database: str, hana: Hana, home: Path
) -> None:
    a_hana_source(hana.port, password=WRONG)
    log.configure("celery", stream=False)
    task = a_task(settings={"source": "hana"})
    runs = [a_run(task) for _ in range(3)]
    for run in runs:
        perform(run.id, worker="worker:1")
    with reading() as session:
        ended = [session.get_one(Run, run.id) for run in runs]
        whole = str([vars(one) for model in (Attempt, RunEvent) for one in session.query(model)])
    assert [run.error_kind for run in ended] == [ErrorKind.SOURCE_REFUSED] * 3
    assert "Correct the user or the password on its page" in (ended[2].error or "")
    written = "".join(file.read_text() for file in home.rglob("*.log"))
    assert "refuses the user" in written
    for secret in (WRONG, *settings().all_encryption_keys, the_source().password_encrypted or "?"):
        assert secret not in written + whole + str([vars(run) for run in ended])


def test_a_user_who_may_write_is_told_what_is_too_much(database: str, hana: Hana) -> None:
    settings = the_settings(hana) | {"user": OWNER[0]}
    a_hana_source(hana.port, password=OWNER[1], settings=settings)
    found = try_source(the_source())
    assert not found.only_reads
    company = next(one for one in found.wide_rights if one.place == "SBODEMOTR")
    assert {"INSERT", "UPDATE", "DELETE"} <= set(company.rights)


def test_a_reader_is_told_who_and_where_he_is(database: str, hana: Hana) -> None:
    a_hana_source(hana.port, password=READER[1])
    found = try_source(the_source())
    assert (found.user, found.schema, found.only_reads) == ("REPORTS", "SBODEMOTR", True)
    assert found.product.startswith("SAP HANA 2.00")
    assert 0 < found.milliseconds < 20_000


def the_settings(hana: Hana) -> dict[str, object]:
    return {
        "address": hana.host,
        "port": hana.port,
        "user": READER[0],
        "schema": "SBODEMOTR",
        "encrypt": False,
    }
