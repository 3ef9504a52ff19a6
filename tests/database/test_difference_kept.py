"""What the next run is compared with outlives the retention of its task."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import ArtifactRole, Run, RunState
from tasks.queries.last_delivered import runs_with_needed_rows
from tasks.retention import delete_artifacts, delete_runs
from tasks.runs.perform import perform
from tests.support.factories import a_run
from tests.support.reported import FIRST, a_report, files, made, the_table, was_sent
from tests.support.rows import now

NEW = {"condition": {"kind": "new_rows", "keys": ["CODE"]}}


@pytest.fixture(autouse=True)
def _a_table(database: str, home: Path) -> None:
    the_table(home, FIRST)


def runs_left(*runs: Run) -> list[bool]:
    with reading() as session:
        return [session.get(Run, run.id) is not None for run in runs]


def test_the_rows_of_the_last_delivered_run_outlive_its_files(home: Path) -> None:
    task = a_report(**NEW)
    old, last = made(task), made(task, arrived=False)
    the_table(home, [*FIRST, (3, "Can", "1.00")])
    refused = made(task, arrived=False)
    with reading() as session:
        assert runs_with_needed_rows(session, task.id) == {old.id}
    list(delete_artifacts(task.id, before=utcnow() + timedelta(days=1)))
    assert [len(files(run, ArtifactRole.ROWS)) for run in (old, last, refused)] == [1, 0, 0]
    assert files(old) == []
    assert made(task).rows == 1


@pytest.mark.parametrize(
    "settings",
    [
        NEW,
        {"condition": {"kind": "changed"}},
        {"condition": {"kind": "threshold", "measure": "change", "operator": ">", "limit": "1"}},
        {"difference": {"keys": ["CODE"]}},
    ],
)
def test_the_last_delivered_run_itself_stays(settings: dict[str, Any]) -> None:
    task = a_report(**settings)
    delivered, *others = made(task), made(task, arrived=False), made(task, arrived=False)
    list(delete_runs(task.id, before=utcnow() + timedelta(days=1)))
    assert runs_left(delivered, *others) == [True, False, True]


def test_a_task_that_compares_nothing_keeps_its_last_success_only() -> None:
    task = a_report()
    runs = made(task), made(task), made(task, arrived=False)
    list(delete_runs(task.id, before=utcnow() + timedelta(days=1)))
    assert runs_left(*runs) == [False, False, True]


def test_a_run_with_other_parameters_has_its_own_last_one() -> None:
    task = a_report(**NEW)
    one, other = made(task, parameters={"a": 1}), made(task, parameters={"a": 2})
    again = made(task, parameters={"a": 2})
    assert not was_sent(again)
    with reading() as session:
        assert runs_with_needed_rows(session, task.id) == {one.id, other.id}


def test_the_attempt_that_succeeded_is_the_one_that_is_compared(home: Path) -> None:
    task = a_report(**NEW)
    made(task)
    (home / "demo.duckdb").unlink()
    run = a_run(task)
    perform(run.id, worker="worker-1")
    assert now(run).state is RunState.QUEUED
    the_table(home, [*FIRST, (3, "Can", "1.00")])
    with transaction() as session:
        waiting = session.get_one(Run, run.id)
        waiting.next_attempt_at = waiting.reason_code = None
    perform(run.id, worker="worker-1")
    assert (now(run).state, now(run).attempt, now(run).rows) == (RunState.SUCCEEDED, 2, 1)
    (kept,) = files(run, ArtifactRole.ROWS)
    assert (kept.attempt, kept.rows) == (2, 3)
