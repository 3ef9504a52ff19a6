"""Each fault of HANA as a run meets it: how it ends, in which words, and whether it is repeated."""

import getpass
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tasks.clock import utcnow
from tasks.errors import ErrorKind
from tasks.models import RunState
from tasks.runs.holds import settle
from tasks.settings import settings
from tests.hana.conftest import Connect
from tests.support.clicking import cancel
from tests.support.factories import a_hana_source, a_run
from tests.support.hana import OTHER_SCHEMA, OWNER, READER, SCHEMA, Hana
from tests.support.hana_runs import a_hana_report, attempted, left_by, meanwhile
from tests.support.rows import now, states

MANY = 'SELECT "TransId", "Line_ID", "Account", "Debit" FROM "JDT1"'
LONG = 'SELECT COUNT(*) FROM "JDT1" A, "JDT1" B, "JDT1" C'
ENDLESS = 'SELECT A."Debit", B."Credit" FROM "JDT1" A, "JDT1" B, "JDT1" C'
WAIT_SECONDS = 40
BOUND_SECONDS = 15
"""Ten times what the slowest of them takes, where nothing else works."""

UNREACHABLE, REFUSED, LOST, SQL = (
    ErrorKind.SOURCE_UNREACHABLE,
    ErrorKind.SOURCE_REFUSED,
    ErrorKind.SOURCE_LOST,
    ErrorKind.SQL,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong, and how the attempt that meets it must end."""

    kind: ErrorKind
    says: str
    repeated: bool
    breaks: Callable[[Hana], None] = lambda _hana: None
    sql: str = MANY
    password: str = READER[1]
    source: Mapping[str, object] = field(default_factory=dict)
    begun: bool = False
    """Whether rows were written to the files before."""


def fault(moment: str, act: str, **more: object) -> Callable[[Hana], None]:
    return lambda hana: hana.fault(moment, act, **more)


def reader(**rights: Any) -> Callable[[Hana], None]:
    return lambda hana: hana.user(*READER, **rights)


FAULTS = {
    "nobody listens": Fault(UNREACHABLE, "cannot be reached", True, Hana.deafen),
    "silent at connect": Fault(
        UNREACHABLE, "did not answer in time", True, fault("authenticate", "silence")
    ),
    "dropped at connect": Fault(UNREACHABLE, "cannot be reached", True, fault("connect", "drop")),
    "wrong password": Fault(REFUSED, "refuses the user or the password", False, password="wrong"),
    "locked user": Fault(
        REFUSED, "has locked the user", False, fault("connect", "error", code=416, text="locked")
    ),
    "password must change": Fault(
        REFUSED,
        "asks for a new password",
        False,
        reader(schemas=[SCHEMA], must_change_password=True),
    ),
    "dropped at execute": Fault(LOST, "broke (-10807)", True, fault("execute", "drop", sql="JDT1")),
    "reset at execute": Fault(LOST, "broke (-10807)", True, fault("execute", "reset", sql="JDT1")),
    "half an answer": Fault(LOST, "broke (-10807)", True, fault("execute", "half", sql="JDT1")),
    "dropped mid-fetch": Fault(
        LOST, "broke (-10807)", True, fault("fetch", "drop", after=2), begun=True
    ),
    "reset mid-fetch": Fault(
        LOST, "broke (-10807)", True, fault("fetch", "reset", after=2), begun=True
    ),
    "slow query": Fault(LOST, "longer than the 1 s", True, sql=LONG, source={"query_seconds": 1}),
    "error at row 10,000": Fault(
        SQL,
        "column store error",
        False,
        fault("row", "error", row=10_000, code=2048, text="column store error"),
        begun=True,
    ),
    "out of memory at row 10,000": Fault(
        LOST,
        "too busy or short of memory (4)",
        True,
        fault("row", "error", row=10_000, code=4, text="cannot allocate enough memory"),
        begun=True,
    ),
    "a value that cannot be": Fault(
        SQL, "cannot compute a value", False, sql="SELECT 1 / 0 FROM DUMMY"
    ),
    "no such table": Fault(SQL, "Line 1, column 15", False, sql='SELECT * FROM "NoSuchTable"'),
    "a schema of the query that is not allowed": Fault(
        REFUSED,
        "Ask a HANA administrator for the right",
        False,
        reader(schemas=[SCHEMA]),
        sql=f'SELECT "CardCode" FROM "{OTHER_SCHEMA}"."OCRD"',
    ),
    "a schema of the source that is not allowed": Fault(
        REFUSED,
        "Ask a HANA administrator for the right",
        False,
        reader(schemas=[SCHEMA]),
        source={"schema": OTHER_SCHEMA},
    ),
    "a schema that does not exist": Fault(
        SQL, "invalid schema name", False, sql='SELECT "CardCode" FROM "NOBODY"."OCRD"'
    ),
}


def reads(hana: Hana, *, password: str = READER[1], **settings: object) -> None:
    """Save the source; nothing waits longer than a second for its login."""
    kept = {
        "address": hana.host,
        "port": hana.port,
        "user": READER[0],
        "schema": SCHEMA,
        "encrypt": False,
        "connect_seconds": 1,
        "query_seconds": 20,
    }
    a_hana_source(hana.port, password=password, settings=kept | settings)


@pytest.fixture(autouse=True)
def whole_again(hana: Hana) -> Iterator[None]:
    """Whatever a test broke, the server's next test finds whole."""
    yield
    hana.reset()


@pytest.mark.parametrize("met", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_ends_in_its_kind_its_words_and_its_wait(
    database: str, hana: Hana, met: Fault
) -> None:
    reads(hana, password=met.password, **met.source)
    run = a_run(a_hana_report(met.sql, max_attempts=2, retry_delay_seconds=WAIT_SECONDS))
    met.breaks(hana)
    began, at = time.monotonic(), utcnow()
    ended = attempted(run)
    assert time.monotonic() - began < BOUND_SECONDS
    assert (ended.error_kind, ended.attempt) == (met.kind, 1)
    assert met.says in (ended.error or "")
    assert ended.state is (RunState.QUEUED if met.repeated else RunState.FAILED)
    assert ended.reason_code == ("retry" if met.repeated else None)
    if met.repeated:
        assert ended.next_attempt_at is not None
        assert ended.next_attempt_at - at >= timedelta(seconds=WAIT_SECONDS)
    else:
        assert ended.next_attempt_at is None
    assert (hana.status().counts.get("rows", 0) > 5_000) is met.begun
    assert left_by(run).is_nothing
    [attempt] = left_by(run).attempts
    assert (attempt.state, attempt.error_kind) == (RunState.FAILED, met.kind)


@pytest.mark.parametrize("act", ["drop", "reset"])
def test_the_next_attempt_brings_every_row_once_and_one_mail(
    database: str, hana: Hana, act: str
) -> None:
    reads(hana)
    run = a_run(a_hana_report(MANY, max_attempts=2, retry_delay_seconds=0, retry_jitter=0))
    hana.fault("fetch", act, after=2)
    assert attempted(run).state is RunState.QUEUED
    assert settle() == 1
    ended = attempted(run)
    left = left_by(run)
    assert (ended.state, ended.attempt, ended.error) == (RunState.SUCCEEDED, 2, None)
    assert [one.rows for one in left.artifacts] == [ended.rows] * 2
    assert (len(left.files), left.deliveries) == (2, 1)
    assert states(run.id)[-3:] == [RunState.QUEUED, RunState.RUNNING, RunState.SUCCEEDED]


def test_the_last_attempt_that_a_line_breaks_ends_the_run(database: str, hana: Hana) -> None:
    reads(hana)
    run = a_run(a_hana_report(MANY, max_attempts=2, retry_delay_seconds=0, retry_jitter=0))
    hana.fault("fetch", "drop", after=2, times=0)
    attempted(run)
    assert settle() == 1
    ended = attempted(run)
    assert (ended.state, ended.attempt, ended.error_kind) == (RunState.FAILED, 2, LOST)
    assert (len(left_by(run).attempts), left_by(run).is_nothing) == (2, True)


@pytest.fixture
def quick_heartbeat(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_LEASE_SECONDS", "6")
    settings.cache_clear()


@pytest.mark.parametrize(
    ("sql", "message"), [(LONG, "execute_direct"), (ENDLESS, "fetch_next")], ids=["query", "fetch"]
)
def test_a_cancelled_run_says_that_hana_confirmed_and_leaves_nothing(
    quick_heartbeat: None, database: str, hana: Hana, sql: str, message: str
) -> None:
    reads(hana)
    run = a_run(a_hana_report(sql))
    with meanwhile(lambda: at_work(hana, sql, message), lambda: cancel(run)):
        ended = attempted(run)
    assert (ended.state, ended.error) == (RunState.CANCELLED, None)
    assert "the database confirmed" in ended.reason
    assert left_by(run).is_nothing
    assert (now(run).reason_code, now(run).next_attempt_at) == (None, None)


WHO_READS = """SELECT C.USER_NAME, C.CONNECTION_STATUS, S."KEY", S."VALUE" FROM SYS.M_CONNECTIONS C
JOIN SYS.M_SESSION_CONTEXT S ON S.CONNECTION_ID = C.CONNECTION_ID WHERE C.OWN = 'FALSE'"""


def test_an_administrator_of_hana_sees_which_task_reads_while_it_does(
    quick_heartbeat: None, sqlite_database: str, hana: Hana, connect: Connect
) -> None:
    reads(hana)
    run = a_run(a_hana_report(LONG, slug="stock-daily"))
    administrator = connect(OWNER).cursor()
    seen: list[tuple[str, ...]] = []

    def look() -> None:
        administrator.execute(WHO_READS)
        seen.extend(tuple(row) for row in administrator.fetchall())
        cancel(run)

    with meanwhile(lambda: at_work(hana, LONG, "execute_direct"), look):
        attempted(run)
    task = ("APPLICATION", "Task Orchestrator: stock-daily")
    account = ("APPLICATIONUSER", getpass.getuser())
    assert {(READER[0], "RUNNING", *task), (READER[0], "RUNNING", *account)} <= set(seen)


def test_a_run_past_its_own_time_is_stopped_in_hana(database: str, hana: Hana) -> None:
    reads(hana)
    run = a_run(a_hana_report(LONG, timeout_seconds=1))
    began = time.monotonic()
    ended = attempted(run)
    assert time.monotonic() - began < BOUND_SECONDS
    assert ended.state is RunState.TIMED_OUT
    assert left_by(run).is_nothing


def at_work(hana: Hana, sql: str, message: str) -> bool:
    seen = hana.status()
    return any(one["sql"] == sql for one in seen.statements) and message in seen.counts
