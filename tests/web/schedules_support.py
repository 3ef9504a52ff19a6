"""The form of a schedule as somebody fills it in, and what is kept of it."""

from typing import Any

from sqlalchemy import select

from tasks.db import reading
from tasks.models import Schedule

NEW = "/schedules/new?task=a-report"

FILLED: dict[str, Any] = {
    "task": "a-report",
    "name": "Mornings",
    "pattern": "weekdays",
    "time": "09:00",
    "timezone": "Europe/Istanbul",
    "priority": "",
    "enabled": "on",
}


def the_schedule() -> Schedule:
    with reading() as session:
        return session.scalars(select(Schedule)).one()
