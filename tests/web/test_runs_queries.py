"""The selects behind the runs and today, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.deliveries.ending import failed, record
from tasks.models import Role, Run, RunState, Trigger
from tasks.queries.activity import activity
from tasks.queries.changes import changes_since, new_runs, version
from tasks.queries.failing import failing_tasks
from tasks.queries.remembered import forget
from tasks.queries.run_counts import state_counts
from tasks.queries.run_filter import RunFilter
from tasks.queries.run_story import run_story
from tasks.queries.runs import run_page
from tasks.queries.today import today
from tasks.queries.trends import trends
from tests.support.factories import a_run, a_task, a_user
from tests.support.incidents import a_letter, end, finish, incidents
from tests.web.runs_support import an_event


@pytest.fixture(autouse=True)
def _anew(database: str) -> None:
    forget()


def page(**wanted: object) -> list[int]:
    with reading() as session:
        found = run_page(session, RunFilter().but(**wanted), now=utcnow())
    return [line.id for line in found.lines]


def test_every_filter_works_on_both_databases() -> None:
    failed = a_run(a_task("stock", title="Isı"), state=RunState.FAILED).id
    waiting = a_run(a_task("sales"), trigger=Trigger.SCHEDULE).id
    assert page() == [waiting, failed]
    assert page(state=RunState.FAILED) == [failed]
    assert page(trigger=Trigger.SCHEDULE) == [waiting]
    assert page(trigger=Trigger.SCHEDULE, state=RunState.QUEUED, period="1h") == [waiting]
    assert page(task="stock", q="ISI") == [failed]
    assert page(q=f"#{waiting}") == [waiting]
    assert page(before=waiting) == [failed]
    assert page(after=failed) == [waiting, failed]


def test_the_last_day_is_counted_by_the_half_hour() -> None:
    now = utcnow()
    a_run(state=RunState.SUCCEEDED)
    a_run(state=RunState.FAILED, finished_at=now - timedelta(hours=5), error="No OINV.")
    a_run(state=RunState.SUCCEEDED, finished_at=now - timedelta(hours=30))
    with reading() as session:
        lately = activity(session)
    assert (lately.total, lately.bad, lately.before) == (2, 1, 1)
    assert lately.slots[-1].succeeded == 1
    assert sum(slot.bad for slot in lately.slots[-12:-9]) == 1
    assert lately.success_rate == 0.5


def test_a_task_fails_by_its_last_run_that_tells_something() -> None:
    stock, sales = a_task("stock"), a_task("sales")
    a_run(stock, state=RunState.SUCCEEDED)
    lost = a_run(stock, state=RunState.LOST)
    a_run(stock, state=RunState.SKIPPED)
    a_run(sales, state=RunState.FAILED)
    a_run(sales, state=RunState.SUCCEEDED)
    with reading() as session:
        assert [task.run_id for task in activity(session).failing] == [lost.id]


def test_a_task_whose_trial_failed_does_not_fail() -> None:
    stock, sales = a_task("stock"), a_task("sales")
    a_run(stock, state=RunState.SUCCEEDED)
    a_run(stock, state=RunState.FAILED, only_to="me@example.com")
    bad = a_run(sales, state=RunState.FAILED)
    a_run(sales, state=RunState.SUCCEEDED, only_to="me@example.com")
    with reading() as session:
        assert [task.run_id for task in failing_tasks(session)] == [bad.id]


def test_what_fails_says_since_when_and_how_often() -> None:
    stock, off = a_task("stock"), a_task("off", is_active=False)
    end(stock)
    last = end(stock, RunState.LOST)
    end(off)
    with reading() as session:
        [task] = failing_tasks(session)
    assert (task.run_id, task.state, task.failures) == (last.id, RunState.LOST, 2)
    assert task.since == incidents()[0].created_at


def test_a_task_whose_letters_do_not_arrive_is_said_to_fail() -> None:
    run = a_run(a_task("stock"), state=RunState.RUNNING)
    finish(run, RunState.SUCCEEDED, [letter := a_letter(run)])
    end(a_task("sales"))
    with transaction() as session:
        record(session, letter, failed("550 nobody"))
    with reading() as session:
        found = {one.slug: (one.run_id, one.error) for one in failing_tasks(session)}
    assert found["stock"] == (run.id, "It did not reach everybody.")
    assert list(found) == ["sales", "stock"]


def test_counts_are_kept_until_something_happens() -> None:
    run, now = a_run(), utcnow()
    an_event(run)
    with reading() as session:
        first = state_counts(session, RunFilter(), version=version(session), now=now)
        again = state_counts(session, RunFilter(), version=version(session), now=now)
    assert again is first
    assert (first.of(RunState.QUEUED), first.of(None)) == (1, 1)
    an_event(run, RunState.RUNNING)
    with reading() as session:
        later = state_counts(session, RunFilter(), version=version(session), now=now)
    assert (later.of(RunState.QUEUED), later.of(RunState.RUNNING)) == (0, 1)


def test_a_trend_holds_the_last_runs_the_newest_last() -> None:
    task = a_task()
    runs = [a_run(task, state=RunState.SUCCEEDED).id for _ in range(15)]
    with reading() as session:
        trend = trends(session, [task.id], version=1)[task.id]
    assert [bar.id for bar in trend.bars] == runs[-12:]


def test_changes_and_new_runs_are_found() -> None:
    old = a_run()
    seen = an_event(old)
    new = a_run()
    an_event(new)
    with reading() as session:
        changes = changes_since(session, seen, now=utcnow() + timedelta(minutes=1))
        count = new_runs(session, RunFilter(), since=seen, shown=[old.id], now=utcnow())
    assert changes.run_ids == {new.id}
    assert count == 1


def test_today_and_the_story_of_a_run_are_read() -> None:
    a_user(role=Role.VIEWER)
    run = a_run(due_at=utcnow() - timedelta(minutes=5))
    an_event(run)
    with reading() as session:
        assert [late.id for late in today(session, version=1).late] == [run.id]
        assert [event.run_id for event in run_story(session, run.id).events] == [run.id]
        assert session.scalars(select(Run.id)).all() == [run.id]
