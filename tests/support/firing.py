"""Schedules that a beat fires while the test looks on, and the rows of their instants."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Run, Schedule, ScheduleKind, TaskDefinition
from tasks.scheduling.edit import create_schedule, switch


def a_firing_schedule(
    task: TaskDefinition, *, now: datetime | None = None, **columns: Any
) -> Schedule:
    """Save a schedule as a person does: every second unless the columns say otherwise."""
    row: dict[str, Any] = {"name": task.title, "timezone": "UTC"}
    if "cron" in columns:
        row |= {"kind": ScheduleKind.CRON}
    else:
        row |= {"kind": ScheduleKind.INTERVAL, "interval_seconds": 1}
    with transaction() as session:
        known = session.get_one(TaskDefinition, task.id)
        return create_schedule(session, known, now=now or utcnow(), **row | columns)


def switch_off(schedule: Schedule, *, now: datetime | None = None) -> None:
    with transaction() as session:
        known = session.get_one(Schedule, schedule.id)
        switch(session, known, enabled=False, now=now or utcnow())


def instants(schedule: Schedule) -> list[Run]:
    """Return the row of each instant that came due, in the order in which they were meant."""
    with reading() as session:
        rows = select(Run).where(Run.schedule_id == schedule.id).order_by(Run.scheduled_for)
        return list(session.scalars(rows))
