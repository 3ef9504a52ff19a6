"""What may not start now waits for a reason that is told, and starts once the reason is gone."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from tasks import db
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import Conflict, Invalid
from tasks.models import Overlap, Run, RunEvent, RunState, Source, TaskDefinition
from tasks.queues import limit_queue, limit_source, pause_queue, resume_queue
from tasks.runs.claiming import take
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.ending import end_attempt
from tasks.runs.holds import settle
from tasks.runs.transitions import Outcome
from tests.support.clicking import a_promise
from tests.support.factories import a_run, a_source, a_task
from tests.support.many_rows import many_waiting_runs
from tests.support.plans import plans_of
from tests.support.rows import now
from tests.support.statements import statements_of

MOST_READ = 100
"""Hundreds of SQLite's steps, or pages that PostgreSQL reads, for one statement."""
MOST_TO_RELEASE = {"sqlite": 2_000, "postgresql": MOST_READ}
"""SQLite walks through the backlog once, to count what is ready in it."""
QUIET = {"quiet_from": time(0), "quiet_to": time.max}


def start(run: Run) -> str:
    """Claim a run as a worker does; returns its state, or the code of what it waits for."""
    take(run.id, "worker:1")
    return now(run).reason_code or now(run).state


def end(run: Run) -> None:
    with transaction() as session:
        outcome = Outcome(RunState.SUCCEEDED)
        assert end_attempt(session, run.id, 1, outcome, actor="worker:1") is not None


def ready(*runs: Run) -> list[bool]:
    return [now(run).reason_code is None for run in runs]


def test_a_task_runs_no_more_at_once_than_its_limit_and_the_rest_waits_in_order(
    database: str,
) -> None:
    task = a_task(max_running=2)
    first, second, third, urgent = (a_run(task, priority=level) for level in (5, 5, 5, 8))
    assert [start(first), start(second)] == ["running", "running"]
    assert start(third) == "task_busy"
    assert now(urgent).reason_code == "task_busy"  # one refusal is enough for all of them
    assert settle() == 0
    end(first)
    assert settle() == 1
    assert ready(urgent, third) == [True, False]
    assert start(urgent) == "running"
    end(second)
    settle()
    assert start(third) == "running"


def test_a_held_run_keeps_its_attempts_and_tells_why_it_waits(database: str) -> None:
    task = a_task(max_running=1)
    first, second = a_run(task), a_run(task)
    start(first)
    start(second)
    assert (now(second).attempt, now(second).published_at) == (0, None)
    with reading() as session:
        told = session.scalars(select(RunEvent.detail).where(RunEvent.run_id == second.id)).all()
    assert told == [now(second).reason]
    assert "as many runs of this task" in now(second).reason


def test_other_tasks_go_on_beside_a_busy_one(database: str) -> None:
    busy, free = a_task("busy", max_running=1), a_task("free")
    start(a_run(busy))
    assert start(a_run(busy)) == "task_busy"
    assert start(a_run(free)) == "running"


def test_a_limit_that_is_lifted_releases_what_waited_for_it(database: str) -> None:
    task = a_task(max_running=1)
    start(a_run(task))
    waiting = a_run(task)
    start(waiting)
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).max_running = None
    assert settle() == 1
    assert start(waiting) == "running"


def test_a_source_is_read_by_no_more_runs_than_its_limit(database: str) -> None:
    source = a_source()
    with transaction() as session:
        limit_source(session.get_one(Source, source.id), 1)
    one, two = (a_run(a_task(slug), source="demo") for slug in ("one", "two"))
    assert start(one) == "running"
    assert start(two) == "source_busy"
    end(one)
    settle()
    assert start(two) == "running"


@pytest.mark.parametrize("named", [None, "before"])
def test_a_run_waits_for_the_source_that_its_task_reads_now_whatever_its_row_named(
    database: str, named: str | None
) -> None:
    before, demo = a_source(slug="before"), a_source()
    with transaction() as session:
        limit_source(session.get_one(Source, before.id), 1)
        limit_source(session.get_one(Source, demo.id), 1)
    at_work = a_run(a_task("one"), source="demo")
    waiting = a_run(a_task("two", version=2), source=named)
    assert [start(at_work), start(waiting)] == ["running", "source_busy"]
    assert (now(waiting).source, now(waiting).task_version) == ("demo", 2)
    assert settle() == 0
    end(at_work)
    assert settle() == 1
    assert start(waiting) == "running"


@pytest.mark.parametrize("named", [None, "before"])
def test_quiet_hours_of_the_source_that_its_task_reads_now_hold_a_run_until_they_are_over(
    database: str, named: str | None
) -> None:
    a_source(slug="before")
    demo = a_source()
    change(demo, **QUIET)
    waiting = a_run(source=named)
    assert start(waiting) == "quiet_hours"
    assert settle() == 0
    change(demo, quiet_from=None, quiet_to=None)
    assert settle() == 1
    assert start(waiting) == "running"


def change(source: Source, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Source).where(Source.id == source.id).values(values))


def test_a_queue_runs_no_more_at_once_than_its_limit(database: str) -> None:
    with transaction() as session:
        limit_queue(session, "default", 1)
    one, two = a_run(a_task("one")), a_run(a_task("two"))
    assert [start(one), start(two)] == ["running", "queue_busy"]
    end(one)
    settle()
    assert start(two) == "running"


def test_a_limit_of_none_at_all_is_refused(database: str) -> None:
    with pytest.raises(Invalid), transaction() as session:
        limit_queue(session, "default", 0)


def test_a_paused_queue_starts_nothing_and_goes_on_when_it_is_resumed(database: str) -> None:
    waiting = a_run()
    elsewhere = a_run(queue="other")
    with transaction() as session:
        pause_queue(session, "default", actor="ayse")
    assert start(waiting) == "queued"  # before the next tick has seen it
    assert settle() == 1
    assert now(waiting).reason_code == "queue_paused"
    assert start(elsewhere) == "running"
    assert settle() == 0
    with transaction() as session:
        resume_queue(session, "default")
    assert settle() == 1
    assert start(waiting) == "running"


def test_a_retry_is_released_once_its_wait_is_over(database: str) -> None:
    over = a_run(reason_code="retry", next_attempt_at=utcnow() - timedelta(seconds=1))
    waiting = a_run(reason_code="retry", next_attempt_at=utcnow() + timedelta(hours=1))
    assert settle() == 1
    assert ready(over, waiting) == [True, False]


def test_runs_that_may_not_overlap_follow_one_another(database: str) -> None:
    task = a_task(overlap=Overlap.QUEUE)
    first, second = a_promise(task), a_promise(task)
    assert [start(first), start(second)] == ["running", "overlap"]
    end(first)
    settle()
    assert start(second) == "running"


def test_a_click_is_refused_while_a_run_that_may_not_overlap_has_not_ended(database: str) -> None:
    task = a_task(overlap=Overlap.SKIP)
    first = a_promise(task, request_key="a")
    assert a_promise(task, request_key="a").id == first.id  # a double click is still one run
    with pytest.raises(Conflict, match=f"Run {first.id} of “A Report” has not ended yet"):
        a_promise(task, request_key="b")
    start(first)
    end(first)
    assert a_promise(task, request_key="b").id != first.id


def test_a_newer_run_takes_the_place_of_the_older_ones(database: str) -> None:
    task = a_task(overlap=Overlap.REPLACE)
    running = a_promise(task)
    start(running)
    waiting = a_promise(task)
    newest = a_promise(task)
    assert now(waiting).state is RunState.CANCELLED
    assert now(running).cancel_requested_at is not None
    assert now(waiting).reason == "A newer run of the task has taken its place."
    assert start(newest) == "overlap"  # until the one that is cancelled has ended
    end(running)
    settle()
    assert start(newest) == "running"


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


def test_each_task_gets_as_many_as_it_has_room_for_and_a_ready_run_takes_a_place(
    database: str,
) -> None:
    wide, narrow = a_task("wide", max_running=3), a_task("narrow", max_running=1)
    held = {"reason_code": "task_busy"}
    wides = [a_run(wide, priority=level, **held) for level in (1, 9, 5)]
    narrows = [a_run(narrow, due_at=utcnow() - timedelta(seconds=ago), **held) for ago in (1, 9)]
    a_run(wide)
    assert settle() == 3
    assert ready(*wides, *narrows) == [False, True, True, False, True]
    assert settle() == 0


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
