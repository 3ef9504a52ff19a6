"""What the lists read, on both databases."""

from datetime import timedelta

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import RunState
from tasks.queries.schedules import schedules_page
from tasks.queries.tasks import TaskFilter, strips, tasks_page
from tests.support.factories import a_run, a_schedule, a_task


def test_the_last_runs_of_each_task_come_in_order(database: str) -> None:
    first, second, idle = a_task("first"), a_task("second"), a_task("idle")
    runs = [a_run(first, state=RunState.SUCCEEDED).id for _ in range(5)]
    other = a_run(second).id
    with reading() as session:
        found = strips(session, [first.id, second.id, idle.id], count=3)
    ids = {task: [run.id for run in runs] for task, runs in found.items()}
    assert ids == {first.id: runs[2:], second.id: [other]}


def test_a_row_holds_the_soonest_instant_of_the_schedules(database: str) -> None:
    task, now = a_task(), utcnow().replace(microsecond=0)
    for days in (3, 1, 2):
        a_schedule(task, next_due_at=now + timedelta(days=days))
    a_schedule(task, enabled=False)
    with reading() as session:
        (row,) = tasks_page(session, TaskFilter()).rows
    assert row.next_run_at == now + timedelta(days=1)
    assert row.last is None


def test_titles_stand_in_the_order_of_the_alphabet(database: str) -> None:
    for slug, title in (("z", "Zam"), ("c", "Çek"), ("i", "ırmak"), ("d", "Depo")):
        a_task(slug, title=title)
    with reading() as session:
        titles = [row.task.title for row in tasks_page(session, TaskFilter()).rows]
    assert titles == ["Çek", "Depo", "ırmak", "Zam"]


def test_the_pages_of_schedules_miss_none_and_repeat_none(database: str) -> None:
    task, now = a_task(), utcnow()
    same = now + timedelta(hours=1)
    for number in range(60):
        due = None if number % 3 == 0 else same if number % 3 == 1 else now
        a_schedule(task, name=str(number), enabled=due is not None, next_due_at=due)
    with reading() as session:
        first = schedules_page(session)
        second = schedules_page(session, after=first.after or "")
    names = [schedule.name for page in (first, second) for schedule in page.rows]
    assert second.after is None
    assert sorted(names, key=int) == [str(number) for number in range(60)]


def test_a_key_that_is_none_leads_to_the_first_page(database: str) -> None:
    a_schedule(a_task())
    with reading() as session:
        for key in ("", "x", "2026-01-01_x", "_1", "9999-99-99T00:00_1"):
            assert len(schedules_page(session, after=key).rows) == 1
