"""A short trouble of our own database while a report begins: waited for, and no failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import duckdb
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tasks import db, patience
from tasks.db import reading
from tasks.jobs import values
from tasks.jobs.context import Stopped
from tasks.jobs.registry import find_job
from tasks.models import Run, RunState
from tasks.runs.files import attempt_log_path
from tasks.runs.perform import perform
from tasks.settings import settings
from tests.support.factories import a_run, a_source, a_task
from tests.support.jobs import a_context

DAY = {"name": "day", "type": "date"}
SQL = 'SELECT "N" FROM "T" WHERE :day IS NOT NULL'
GIVEN = {"day": "2026-03-01"}
REFUSING = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE UPDATE OF resolved ON run "
        "BEGIN SELECT RAISE(ABORT, 'away'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'away'; END $$",
        "CREATE TRIGGER refuse BEFORE UPDATE OF resolved ON run "
        "FOR EACH ROW EXECUTE FUNCTION refuse()",
    ],
}
ALLOWING = {"sqlite": "DROP TRIGGER refuse", "postgresql": "DROP TRIGGER refuse ON run"}


@pytest.fixture(autouse=True)
def _source(database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute('CREATE TABLE SBODEMOTR."T" AS SELECT range AS "N" FROM range(3)')
    a_source()


def tell(*statements: str) -> None:
    with db.engine().begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def refuse_resolved() -> str:
    """Let the database refuse to keep resolved values; returns what lets it take them again."""
    kind = db.engine().dialect.name
    tell(*REFUSING[kind])
    return ALLOWING[kind]


@contextmanager
def sources_away() -> Iterator[None]:
    """Nobody can read the sources while the block runs."""
    tell("ALTER TABLE source RENAME TO source_away")
    yield
    tell("ALTER TABLE source_away RENAME TO source")


@contextmanager
def soon(*statements: str) -> Iterator[None]:
    """Tell our database something while the block waits for it."""
    timer = Timer(0.5, tell, statements)
    timer.start()
    yield
    timer.join()


def performed() -> Run:
    task = a_task(settings={"sql": SQL, "formats": ["csv"]}, parameters=[DAY])
    run = a_run(task, parameters=GIVEN)
    perform(run.id, worker="worker-1")
    with reading() as session:
        return session.get_one(Run, run.id)


def test_values_are_kept_once_the_database_takes_them_again() -> None:
    with soon(refuse_resolved()):
        run = performed()
    assert (run.state, run.error, run.resolved) == (RunState.SUCCEEDED, None, GIVEN)


def test_values_that_cannot_be_kept_fail_no_report_and_its_log_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(values, "KEEPING_SECONDS", 0.3)
    refuse_resolved()
    run = performed()
    assert (run.state, run.error, run.resolved) == (RunState.SUCCEEDED, None, None)
    log = attempt_log_path(run.id, run.attempt).read_text("utf-8")
    assert "values of the parameters not kept" in log


def test_a_report_waits_for_the_database_that_knows_its_source(home: Path) -> None:
    tell("ALTER TABLE source RENAME TO source_away")
    context = a_context(
        home / "made",
        settings={"source": "demo", "sql": 'SELECT "N" FROM "T"', "formats": ["csv"]},
    )
    with soon("ALTER TABLE source_away RENAME TO source"):
        assert find_job("report").perform(context).rows == 3


def test_waiting_ends_with_the_lease_and_says_what_the_database_said(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_LEASE_SECONDS", "0.5")
    settings.cache_clear()
    context = a_context(home / "made", settings={"source": "demo", "sql": "SELECT 1 AS A"})
    with sources_away(), pytest.raises(DBAPIError, match="source"):
        find_job("report").perform(context)


def test_an_order_to_stop_ends_the_waiting(home: Path) -> None:
    context = a_context(
        home / "made",
        settings={"source": "demo", "sql": "SELECT 1 AS A"},
        stopped=lambda: True,
    )
    with sources_away(), pytest.raises(Stopped):
        find_job("report").perform(context)


def test_what_is_no_trouble_of_the_database_is_raised_at_once() -> None:
    tries = []

    def wrong() -> None:
        tries.append(1)
        raise ValueError

    with pytest.raises(ValueError, match="^$"):
        patience.patiently(wrong, seconds=60)
    assert len(tries) == 1
