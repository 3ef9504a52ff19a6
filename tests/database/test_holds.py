"""What may not start now waits for a reason that is told, and starts once the reason is gone."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import Invalid
from tasks.models import RunEvent, Source, TaskDefinition
from tasks.queues import limit_queue, limit_source, pause_queue, resume_queue
from tasks.runs.holds import settle
from tests.database.holding import change, end, ready, start
from tests.support.factories import a_run, a_source, a_task
from tests.support.rows import now

QUIET = {"quiet_from": time(0), "quiet_to": time.max}


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
