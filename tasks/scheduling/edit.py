"""Creating, changing and switching a schedule. None of it fires anything."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tasks.errors import Invalid
from tasks.models import Schedule, TaskDefinition
from tasks.reports.parameters import accept, definitions_of
from tasks.runs.promise import skip_due
from tasks.scheduling.timing import next_due

LONGEST_NAME = 200
TIMING = ("kind", "cron", "interval_seconds", "timezone", "enabled")


def create_schedule(
    session: Session, task: TaskDefinition, *, now: datetime, **values: Any
) -> Schedule:
    """Save a new schedule of the task; its first instant is the first one after now."""
    schedule = Schedule(task_definition_id=task.id, starts_at=now.replace(microsecond=0))
    session.add(schedule)
    return change_schedule(session, schedule, task, now=now, **values)


def change_schedule(
    session: Session, schedule: Schedule, task: TaskDefinition, *, now: datetime, **values: Any
) -> Schedule:
    """Save what a person decides about a schedule, by the names of its columns.

    Raises Invalid, with the field. Where its time changed, what is due is counted anew from now.
    """
    before = _timing(schedule)
    for name, value in values.items():
        setattr(schedule, name, value)
    schedule.name = schedule.name.strip()[:LONGEST_NAME]
    if not schedule.name:
        raise Invalid("Give the schedule a name.", field="name")
    if schedule.priority is not None and not 0 <= schedule.priority <= 9:
        raise Invalid("The priority is a number from 0 to 9.", field="priority")
    accept(definitions_of(task.parameters), schedule.parameters)
    if schedule.id is None or _timing(schedule) != before:
        _count_anew(session, schedule, task, now=now)
    session.flush()
    return schedule


def switch(session: Session, schedule: Schedule, *, enabled: bool, now: datetime) -> Schedule:
    """Switch a schedule on or off; switched on, it counts from now."""
    if schedule.enabled != enabled:
        schedule.enabled = enabled
        task = session.get_one(TaskDefinition, schedule.task_definition_id)
        _count_anew(session, schedule, task, now=now)
        session.flush()
    return schedule


def _timing(schedule: Schedule) -> list[object]:
    return [getattr(schedule, name) for name in TIMING]


def _count_anew(
    session: Session, schedule: Schedule, task: TaskDefinition, *, now: datetime
) -> None:
    """Set what is due next; an instant that is due and has not been fired yet is written down."""
    due = schedule.next_due_at
    if due is not None and due <= now:
        reason = "The schedule was changed before this instant was fired."
        skip_due(session, schedule, task, due=due, now=now, reason=reason, code="edited")
    schedule.next_due_at = next_due(schedule, now=now) if schedule.enabled else None
