"""Schedules for the screen: the list, and one with its coming instants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import Session, joinedload

from tasks.errors import Conflict, NotFound
from tasks.models import FOREVER, OnHoliday, Schedule, ScheduleOrigin, TaskDefinition
from tasks.models.base import UtcDateTime
from tasks.scheduling.calendar_cache import load_all_days, load_days
from tasks.scheduling.instants import INSTANTLY
from tasks.scheduling.plan import Plan, Planned, plan_of
from tasks.scheduling.working_days import WorkingDays

PAGE = 50
MOST_DIGITS = 18
MOST_LOOKED_AT = 500
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


def plan_with_days(session: Session, schedule: Schedule) -> Plan:
    """Return the plan of a schedule with the days of its calendar; raises Invalid."""
    days = load_days(session, schedule.calendar_id) if schedule.calendar_id else None
    return plan_of(schedule, days)


def coming(session: Session, schedule: Schedule, *, now: datetime, count: int) -> list[Planned]:
    """Return the next instants that a schedule runs at; none while it is off."""
    if not schedule.enabled or schedule.paused_until == FOREVER:
        return []
    start = max(now, schedule.paused_until or now)
    planned = islice(plan_with_days(session, schedule).after(start), MOST_LOOKED_AT)
    return list(islice((one for one in planned if one.runs and one.due_at > start), count))


def next_runs(session: Session, schedules: Sequence[Schedule]) -> dict[int, datetime | None]:
    """Return when each schedule runs next, by its id: what a day off stops is passed over."""
    shifting = [one for one in schedules if one.on_holiday is not OnHoliday.RUN]
    ids = {one.calendar_id for one in shifting if one.calendar_id}
    days = load_all_days(session, ids) if ids else {}
    return {one.id: _next_run(one, days.get(one.calendar_id or 0)) for one in schedules}


def _next_run(schedule: Schedule, days: WorkingDays | None) -> datetime | None:
    head = schedule.next_scheduled_for or schedule.next_due_at
    if head is None or days is None:
        return schedule.next_due_at
    planned = islice(plan_of(schedule, days).after(head - INSTANTLY), MOST_LOOKED_AT)
    return next((one.due_at for one in planned if one.runs), None)


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
