"""What holding and releasing costs, and that neither waits for anybody."""

from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from tasks import db
from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Overlap, Run, RunState, TaskDefinition
from tasks.queues import limit_queue
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.holds import settle
from tests.database.holding import change, ready, start
from tests.support.factories import a_run, a_source, a_task
from tests.support.many_rows import many_waiting_runs
from tests.support.plans import plans_of
from tests.support.statements import statements_of

MOST_READ = 100
"""Hundreds of SQLite's steps, or pages that PostgreSQL reads, for one statement."""
MOST_TO_RELEASE = {"sqlite": 2_000, "postgresql": MOST_READ}
"""SQLite walks through the backlog once, to count what is ready in it."""


def busy(slug: str, **values: Any) -> Run:
    """Let a task have a run at work, of the one that may, and return one that waits for it."""
    task = a_task(slug, **values)
    at_work, waiting = a_run(task, source=slug), a_run(task, source=slug)
    assert start(at_work) == "running"
    assert start(waiting) in ("task_busy", "overlap")
    return waiting


def test_all_tasks_are_looked_at_in_as_many_statements_as_one(database: str) -> None:
    every = {
        f"task-{number}": Overlap.QUEUE if number % 2 else Overlap.ALLOW for number in range(6)
    }
    waiting = [busy(slug, overlap=overlap, max_running=1) for slug, overlap in every.items()][:2]
    with statements_of(db.engine()) as of_all:
        assert settle() == 0
    with transaction() as session:
        kept = [run.task_definition_id for run in waiting]
        session.execute(delete(Run).where(Run.task_definition_id.not_in(kept)))
    with statements_of(db.engine()) as of_two:
        assert settle() == 0
    assert len(of_all) == len(of_two) == 3  # what there is, and one for each code


def test_the_runs_of_many_tasks_are_released_together_with_two_statements_for_each(
    database: str,
) -> None:
    waiting = [busy(f"task-{number}", max_running=1) for number in range(5)]
    with transaction() as session:
        session.execute(update(TaskDefinition).values(max_running=2))
    with statements_of(db.engine()) as told:
        assert settle() == 5
    assert len(told) == 4 + 2 * 5
    assert ready(*waiting) == [True] * 5


def test_where_nothing_is_held_one_statement_finds_that_there_is_nothing(database: str) -> None:
    a_run(state=RunState.RUNNING)
    with statements_of(db.engine()) as told:
        assert dispatch_soon()
    assert len(told) == 1


def test_what_somebody_else_is_changing_is_left_to_the_next_pass(postgres_database: str) -> None:
    over: dict[str, Any] = {"reason_code": "retry", "next_attempt_at": utcnow()}
    free, taken = a_run(**over), a_run(**over)
    with transaction() as elsewhere:
        change_run(elsewhere, taken)
        assert settle() == 1
    assert ready(free, taken) == [True, False]
    assert settle() == 1


def test_a_run_at_the_limit_does_not_wait_for_one_that_somebody_else_is_changing(
    postgres_database: str,
) -> None:
    task = a_task(max_running=1)
    at_work, waiting, taken = (a_run(task) for _ in range(3))
    start(at_work)
    with transaction() as elsewhere:
        change_run(elsewhere, taken)
        assert start(waiting) == "task_busy"
    assert ready(taken) == [True]
    assert start(taken) == "task_busy"


def change_run(session: Session, run: Run) -> None:
    session.execute(update(Run).where(Run.id == run.id).values(priority=6))


def analyze() -> None:
    """Let PostgreSQL know the rows, which it sees to by itself; SQLite is never asked to."""
    if db.engine().dialect.name == "postgresql":
        with transaction() as session:
            session.execute(text("ANALYZE"))


def test_to_hold_one_run_the_backlog_of_other_tasks_is_not_read(database: str) -> None:
    task = a_task(max_running=1)
    many_waiting_runs(a_task("other"), 20_000, due_at=utcnow())
    at_work, waiting = a_run(task), a_run(task)
    start(at_work)
    analyze()
    with plans_of(db.engine()) as plans:
        assert start(waiting) == "task_busy"
    assert [str(plan) for plan in plans if plan.cost > MOST_READ] == []


@pytest.mark.parametrize("code", ["task_busy", "queue_busy", "source_busy"])
def test_to_release_two_runs_the_backlog_that_waits_with_them_is_not_sorted(
    database: str, code: str
) -> None:
    task = a_task(max_running=2)
    change(a_source(), max_running=2)
    with transaction() as session:
        limit_queue(session, "default", 2)
    many_waiting_runs(task, 20_000, due_at=utcnow(), source="demo", reason_code=code)
    urgent = a_run(task, priority=9, source="demo", reason_code=code)
    analyze()
    with plans_of(db.engine()) as plans:
        assert settle() == 2
    assert ready(urgent) == [True]
    most = MOST_TO_RELEASE[db.engine().dialect.name]
    assert [str(plan) for plan in plans if plan.cost > most] == []
