"""What the parameters of a run turned out to be is kept in its row, beside what was given."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tasks.db import reading, transaction
from tasks.models import Run, RunState
from tasks.runs.perform import perform
from tasks.runs.resolved import keep_resolved
from tests.support.factories import a_run, a_source, a_task

DAYS = [
    {"name": "day", "type": "date", "label": "Day"},
    {"name": "m", "type": "month", "label": "Month"},
    {"name": "p", "type": "date_range", "label": "Period"},
    {"name": "kinds", "type": "multi_choice", "choices": ["a", "b"]},
    {"name": "whole", "type": "boolean", "label": "Whole"},
]
GIVEN = {
    "day": "first_of_month",
    "m": "last_month",
    "p": "first_of_month/today",
    "kinds": ["a", "b"],
    "whole": False,
}
SQL = 'SELECT "N" FROM "T" WHERE :day IS NOT NULL AND :m_from < :p_to AND :whole = FALSE'


@pytest.fixture
def source(database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute('CREATE TABLE SBODEMOTR."T" AS SELECT range AS "N" FROM range(3)')
    a_source()


def the_run(run: Run) -> Run:
    with reading() as session:
        return session.get_one(Run, run.id)


def test_relative_dates_are_kept_as_the_days_that_they_meant(source: None) -> None:
    task = a_task(settings={"sql": SQL, "formats": ["csv"]}, parameters=DAYS)
    run = a_run(task, parameters=GIVEN, scheduled_for=datetime(2026, 3, 16, 21, 30, tzinfo=UTC))
    assert the_run(run).resolved is None
    perform(run.id, worker="worker-1")
    ended = the_run(run)
    assert (ended.state, ended.error) == (RunState.SUCCEEDED, None)
    assert ended.parameters == GIVEN
    assert ended.resolved == {  # the 17th in Istanbul
        "day": "2026-03-01",
        "m": "2026-02",
        "p": "2026-03-01/2026-03-17",
        "kinds": ["a", "b"],
        "whole": False,
    }


def test_a_run_that_fails_tells_with_which_values(source: None) -> None:
    task = a_task(settings={"sql": 'SELECT "WRONG" FROM "T"'}, parameters=DAYS[:1])
    run = a_run(task, parameters={"day": "2026-03-01"})
    perform(run.id, worker="worker-1")
    ended = the_run(run)
    assert (ended.state, ended.resolved) == (RunState.FAILED, {"day": "2026-03-01"})


def test_a_run_without_parameters_keeps_nothing(source: None) -> None:
    run = a_run(a_task(settings={"sql": 'SELECT "N" FROM "T"'}))
    perform(run.id, worker="worker-1")
    assert (the_run(run).state, the_run(run).resolved) == (RunState.SUCCEEDED, None)


@pytest.mark.parametrize(
    ("state", "attempt"), [(RunState.RUNNING, 1), (RunState.QUEUED, 2), (RunState.CANCELLED, 2)]
)
def test_an_attempt_that_has_lost_its_run_writes_nothing(
    database: str, state: RunState, attempt: int
) -> None:
    run = a_run(state=state, attempt=2)
    with transaction() as session:
        keep_resolved(session, run.id, attempt, {"day": "2026-03-01"})
    assert the_run(run).resolved is None
