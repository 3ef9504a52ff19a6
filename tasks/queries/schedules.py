"""Schedules for the screen: the list, and one with its task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import Session, joinedload

from tasks.errors import Conflict, NotFound
from tasks.models import Schedule, ScheduleOrigin, TaskDefinition
from tasks.models.base import UtcDateTime

PAGE = 50
MOST_DIGITS = 18
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

_due = func.coalesce(Schedule.next_due_at, literal(NEVER, UtcDateTime()), type_=UtcDateTime())


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """A page of the list; `after` leads to the next one."""

    rows: Sequence[Schedule]
    after: str | None


def schedules_page(session: Session, *, task: str = "", after: str = "") -> SchedulePage:
    """Read one page of the schedules, of one task or of all, what is due first at the top."""
    wanted = select(Schedule).options(joinedload(Schedule.task)).order_by(_due, Schedule.id)
    if task:
        wanted = wanted.join(Schedule.task).where(TaskDefinition.slug == task)
    rows = session.scalars(_from(wanted, after).limit(PAGE + 1)).all()
    return SchedulePage(rows[:PAGE], _key(rows[PAGE - 1]) if len(rows) > PAGE else None)


def schedule_with_task(session: Session, schedule_id: int) -> Schedule:
    """Return the schedule with its task loaded; raises NotFound."""
    schedule = session.get(Schedule, schedule_id, options=[joinedload(Schedule.task)])
    if schedule is None:
        raise NotFound("There is no schedule {id}.", id=schedule_id)
    return schedule


def editable(session: Session, schedule_id: int) -> Schedule:
    """Return the schedule with its task; raises NotFound, and Conflict where the code decides."""
    schedule = schedule_with_task(session, schedule_id)
    if schedule.origin is ScheduleOrigin.CODE:
        raise Conflict(
            "“{name}” is declared in the code as “{key}”. Change it there; here it can be paused.",
            name=schedule.name,
            key=schedule.code_key,
        )
    return schedule


def _from(wanted: Select[Schedule], after: str) -> Select[Schedule]:
    """Continue behind the schedule that `after` names; from the top where it names none."""
    due, _, number = after.rpartition("_")
    try:
        key = datetime.fromisoformat(due).astimezone(UTC), int(number[:MOST_DIGITS])
    except (ValueError, OverflowError):
        return wanted
    return wanted.where(
        tuple_(_due, Schedule.id) > tuple_(literal(key[0], UtcDateTime()), literal(key[1]))
    )


def _key(schedule: Schedule) -> str:
    return f"{(schedule.next_due_at or NEVER).isoformat()}_{schedule.id}"
