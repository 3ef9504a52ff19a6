"""What the pages of queues, Today and the figures read, on both databases and by indexes alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tasks.clock import utcnow
from tasks.db import db_now, engine, insert_once, reading, transaction
from tasks.models import AlertMail, AlertMailState, Queue, RunState, Worker
from tasks.queries.alerts import unseen_alerts
from tasks.queries.measures import measures
from tasks.queries.movement import movement, movement_of, movement_of_running
from tasks.queries.queues import lately, queue_lines, source_lines
from tasks.queries.ready import longest_ready, oldest_ready, ready_queues
from tasks.queries.remembered import forget
from tasks.queries.runs import run_lines
from tasks.queries.today import moved, today
from tests.support.factories import a_run, a_schedule, a_source, a_task


@pytest.fixture(autouse=True)
def _anew(database: str) -> None:
    forget()


def test_a_queue_is_read_with_all_that_it_holds() -> None:
    a_task()
    with transaction() as session:
        session.add(Queue(name="bulk", paused=True, paused_by="ayse", max_running=3))
        row = {"name": "w", "queues": ["bulk", "fast"], "slots": 4, "last_seen_at": db_now()}
        insert_once(session, Worker, row)
        gone = {"name": "gone", "queues": ["x"], "slots": 1}
        insert_once(session, Worker, gone | {"last_seen_at": db_now(-timedelta(minutes=5))})
    a_run(queue="bulk")
    a_run(queue="bulk", reason_code="overlap")
    a_run(queue="bulk", reason_code="overlap")
    a_run(queue="bulk", state=RunState.RUNNING)
    a_run(queue="other", state=RunState.SUCCEEDED)
    with reading() as session:
        lines = {line.name: line for line in queue_lines(session)}
    assert list(lines) == ["bulk", "default", "fast"]
    bulk = lines["bulk"]
    assert (bulk.paused, bulk.paused_by, bulk.max_running) == (True, "ayse", 3)
    assert (bulk.ready, bulk.held, bulk.running) == (1, {"overlap": 2}, 1)
    assert (bulk.slots, [worker.name for worker in bulk.workers]) == (4, ["w"])
    assert lines["default"].workers == []


def test_a_source_counts_what_reads_it_and_what_waits_for_it() -> None:
    a_source()
    a_run(source="demo", state=RunState.RUNNING)
    a_run(source="demo", reason_code="source_busy")
    a_run(source="demo", reason_code="overlap")
    with reading() as session:
        (line,) = source_lines(session)
    assert (line.running, line.held) == (1, 1)


def test_what_has_been_ready_longest_comes_first_whatever_its_queue_and_priority() -> None:
    now = utcnow().replace(microsecond=0)
    due = [now - timedelta(minutes=minutes) for minutes in (3, 9, 5, 7)]
    runs = [
        a_run(due_at=at, queue=queue, priority=priority).id
        for at, queue, priority in zip(due, "abab", (9, 0, 5, 5), strict=True)
    ]
    a_run(due_at=now - timedelta(hours=1), reason_code="queue_paused")
    with reading() as session:
        assert ready_queues(session) == ["a", "b"]
        assert oldest_ready(session) == due[1]
        found = longest_ready(session, due_before=now - timedelta(minutes=4), count=10)
        assert found == [runs[1], runs[3], runs[2]]
        assert longest_ready(session, due_before=now, count=1) == [runs[1]]


def test_where_nothing_is_ready_nothing_is_old() -> None:
    a_run(reason_code="retry")
    with reading() as session:
        assert ready_queues(session) == []
        assert oldest_ready(session) is None
        assert longest_ready(session, due_before=utcnow(), count=5) == []


def test_the_mark_of_movement_is_the_same_from_lines_and_from_the_table() -> None:
    soon = utcnow() + timedelta(minutes=2)
    ids = [
        a_run(state=RunState.RUNNING, progress_done=3, progress_text="rows read").id,
        a_run(reason_code="retry", next_attempt_at=soon).id,
        a_run(state=RunState.FAILED, progress_done=9).id,
    ]
    with reading() as session:
        mark = movement(session, ids)
        assert mark == movement_of(run_lines(session, ids)) != ""
        assert movement(session, ids[2:]) == movement_of(run_lines(session, ids[2:])) == ""


def test_the_figures_tell_what_waits_and_for_what() -> None:
    a_run()
    a_run(reason_code="overlap")
    a_run(reason_code="retry")
    with transaction() as session:
        session.add(Queue(name="bulk", paused=True))
        session.add(
            AlertMail(topic="late_start:1", recipients=["a@b"], state=AlertMailState.FAILED)
        )
    with reading() as session:
        found = measures(session, utcnow())
    assert (found.queued, found.ready) == (3, 1)
    assert (found.held["overlap"], found.held["retry"], found.held["queue_busy"]) == (1, 1, 0)
    assert (found.paused_queues, found.alerts["failed"], found.is_silent) == (1, 1, True)


@pytest.mark.parametrize(
    "ask",
    [
        queue_lines,
        source_lines,
        lately,
        moved,
        oldest_ready,
        lambda session: longest_ready(session, due_before=utcnow(), count=10),
        lambda session: movement_of_running(session, count=10),
        lambda session: movement(session, [1, 2, 3]),
        lambda session: today(session, version=1),
        lambda session: unseen_alerts(session, now=utcnow()),
    ],
)
def test_no_screen_that_polls_reads_the_whole_history(ask: Callable[[Session], Any]) -> None:
    a_source()
    a_schedule(a_task(), next_due_at=utcnow())
    a_run()
    a_run(reason_code="overlap")
    said = statements(ask)
    assert said
    assert [plan for plan in map(plan_of, said) if reads_all_runs(plan)] == []


def statements(ask: Callable[[Session], Any]) -> list[tuple[str, Any]]:
    said: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, words: str, values: Any, *_rest: object) -> None:
        said.append((words, values))

    event.listen(engine(), "before_cursor_execute", note)
    try:
        with reading() as session:
            ask(session)
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    return [one for one in said if one[0].lstrip().startswith("SELECT")]


def plan_of(statement: tuple[str, Any]) -> str:
    words, values = statement
    with engine().connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values).all()
            return "\n".join(str(row[-1]) for row in rows)
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = connection.exec_driver_sql(f"EXPLAIN {words}", values).all()
        return "\n".join(str(row[0]) for row in rows)


def reads_all_runs(plan: str) -> bool:
    """Whether a plan reads every run: a scan of the table, or of an index that holds all of them.

    The indexes named here hold only what is not over.
    """
    small = ("ix_run_ready", "ix_run_held", "ix_run_running", "ix_run_told")
    scans = [line for line in plan.splitlines() if "SCAN run" in line or "Seq Scan on run " in line]
    return any(not any(name in line for name in small) for line in scans)
