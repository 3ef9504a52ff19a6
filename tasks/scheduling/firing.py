"""One step of firing: due instants become rows, no more of them than one transaction may write."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import Invalid
from tasks.models import Schedule, TaskDefinition
from tasks.models.base import JsonObject
from tasks.runs.overlap import lock, minds_overlap
from tasks.runs.promise_due import due_row, promise_due, write_due
from tasks.scheduling.calendar_cache import load_all_days
from tasks.scheduling.due import Moment, Step, step
from tasks.scheduling.plan import plan_of
from tasks.scheduling.switched_off import switch_off
from tasks.scheduling.working_days import WorkingDays

ROWS_AT_ONCE = 1_000
"""About half a second of PostgreSQL's; a transaction that is silent for ten seconds is ended."""
ROWS_OF_A_PROMISE = 10
"""A promise that looks at the runs before it costs as much as so many rows."""
INSTANTS_AT_ONCE = 20_000
"""About half a second of ours; the schedule with which it is reached is looked at to its end."""


def fire(session: Session, schedules: Iterable[Schedule], moment: Moment) -> None:
    """Write rows for due instants and move the schedules on; those without room stay due.

    What is due every few seconds has the least to write, and goes first.
    """
    newest_first = sorted(schedules, key=_due_at, reverse=True)
    tasks = _tasks_of(session, newest_first)
    days = _days_of(session, newest_first)
    rows: list[JsonObject] = []
    room, instants = ROWS_AT_ONCE, INSTANTS_AT_ONCE
    for schedule in newest_first:
        task = tasks[schedule.task_definition_id]
        cost = ROWS_OF_A_PROMISE if minds_overlap(task) else 1
        found = _look(session, schedule, task, days, moment, most=max(1, room // cost))
        rows += _rows(session, schedule, task, found, moment)
        room -= len(found.verdicts) * cost
        instants -= found.looked_at
        if room <= 0 or instants <= 0:
            break
    write_due(session, rows)


def _due_at(schedule: Schedule) -> datetime:
    return cast(datetime, schedule.next_due_at)  # the batch was chosen by it


def _tasks_of(session: Session, schedules: Sequence[Schedule]) -> dict[int, TaskDefinition]:
    wanted = {schedule.task_definition_id for schedule in schedules}
    found = session.scalars(select(TaskDefinition).where(TaskDefinition.id.in_(wanted)))
    tasks = {task.id: task for task in found}
    for task_id in sorted(tasks):  # in one order, so that two schedulers do not wait crosswise
        if minds_overlap(tasks[task_id]):
            lock(session, tasks[task_id])
    return tasks


def _days_of(session: Session, schedules: Sequence[Schedule]) -> dict[int, WorkingDays]:
    calendars = {one.calendar_id for one in schedules if one.calendar_id is not None}
    return load_all_days(session, calendars) if calendars else {}


def _look(
    session: Session,
    schedule: Schedule,
    task: TaskDefinition,
    days: dict[int, WorkingDays],
    moment: Moment,
    *,
    most: int,
) -> Step:
    try:
        plan = plan_of(schedule, days.get(schedule.calendar_id or 0))
        return step(schedule, task, plan, moment, most=most)
    except Invalid as error:
        return Step(switch_off(session, schedule, task, why=error.message), None, 1)


def _rows(
    session: Session, schedule: Schedule, task: TaskDefinition, found: Step, moment: Moment
) -> list[JsonObject]:
    """Move the schedule on, and return the rows of its due instants that are still to write."""
    schedule.next_scheduled_for = found.head.scheduled_for if found.head else None
    schedule.next_due_at = found.head.due_at if found.head else None
    if minds_overlap(task):
        for verdict in found.verdicts:  # one by one, since each looks at the one before
            promise_due(session, schedule, task, verdict, now=moment.now)
        return []
    return [due_row(schedule, task, verdict, now=moment.now) for verdict in found.verdicts]
