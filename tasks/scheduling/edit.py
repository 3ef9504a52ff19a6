"""Creating, changing and switching a schedule. None of it fires anything."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tasks.errors import Invalid
from tasks.models import Schedule, TaskDefinition
from tasks.reports.parameters import accept, definitions_of
from tasks.scheduling.timing import next_due


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

    Raises Invalid, with the field; what is due is counted anew from now.
    """
    for name, value in values.items():
        setattr(schedule, name, value)
    if not schedule.name.strip():
        raise Invalid("Give the schedule a name.", field="name")
    if schedule.priority is not None and not 0 <= schedule.priority <= 9:
        raise Invalid("The priority is a number from 0 to 9.", field="priority")
    accept(definitions_of(task.parameters), schedule.parameters)
    due = next_due(schedule, now=now)
    schedule.next_due_at = due if schedule.enabled else None
    session.flush()
    return schedule


def switch(session: Session, schedule: Schedule, *, enabled: bool, now: datetime) -> Schedule:
    """Switch a schedule on or off; switched on, it counts from now."""
    schedule.enabled = enabled
    schedule.next_due_at = next_due(schedule, now=now) if enabled else None
    session.flush()
    return schedule
