"""Creating, changing, pausing and switching a schedule. None of it fires anything."""

from datetime import datetime
from logging import getLogger
from typing import Any

from sqlalchemy.orm import Session

from tasks.errors import Conflict, Invalid, changed_meanwhile
from tasks.models import FOREVER, OnHoliday, Schedule, ScheduleKind, ScheduleOrigin, TaskDefinition
from tasks.reports.companies import offered
from tasks.reports.parameters import accept
from tasks.runs.promise_due import due_row, write_due
from tasks.scheduling.calendar_cache import load_days
from tasks.scheduling.due import all_edited, due_instants
from tasks.scheduling.instants import INSTANTLY
from tasks.scheduling.plan import Plan, Planned, plan_of
from tasks.scheduling.switched_off import why_switched_off

log = getLogger(__name__)

LONGEST_NAME = 200
TIMING = (
    "kind", "cron", "interval_seconds", "once_at", "working_day", "time_of_day", "solar_event",
    "latitude", "longitude", "timezone", "starts_at", "ends_at", "calendar_id", "on_holiday",
    "enabled",
)  # fmt: skip
"""What decides when a schedule is due; a change of it counts from now."""

NEW = {"parameters": {}, "enabled": True, "on_holiday": OnHoliday.RUN}


def create_schedule(
    session: Session, task: TaskDefinition, *, now: datetime, **values: Any
) -> Schedule:
    """Save a new schedule of the task; its first instant is the first one after now."""
    start = values.pop("starts_at", None) or now.replace(microsecond=0)
    schedule = Schedule(task_definition_id=task.id, starts_at=start)
    session.add(schedule)
    _decide(session, schedule, task, NEW | values)
    schedule.counts_from = now
    _count_from(session, schedule, now=now, after=now)
    if schedule.kind is ScheduleKind.ONCE and schedule.next_due_at is None and schedule.enabled:
        raise Invalid("This time is over. Give one that is still to come.", field="once_at")
    session.flush()
    return schedule


def change_schedule(
    session: Session,
    schedule: Schedule,
    task: TaskDefinition,
    *,
    now: datetime,
    version: int,
    **values: Any,
) -> Schedule:
    """Save what a person decides about version `version` of a schedule, by its columns' names.

    Raises Invalid, with the field, and Conflict where somebody else was quicker or the schedule
    is declared in code.
    """
    if schedule.origin is ScheduleOrigin.CODE:
        raise Conflict("“{name}” is declared in code. Change it there.", name=schedule.name)
    if schedule.version != version:
        raise changed_meanwhile(schedule.name)
    return declare_schedule(session, schedule, task, now=now, **values)


def declare_schedule(
    session: Session, schedule: Schedule, task: TaskDefinition, *, now: datetime, **values: Any
) -> Schedule:
    """Save what the code decides about a schedule that it declares; raises Invalid."""
    schedule.version += 1
    if values.get("starts_at", schedule.starts_at) is None:
        values.pop("starts_at")  # the anchor of an interval stays where it is
    before, due = _timing(schedule), _due_now(session, schedule, now=now)
    _decide(session, schedule, task, values)
    if _timing(schedule) != before:
        _count_anew(session, schedule, task, due, now=now)
    session.flush()
    return schedule


def switch(session: Session, schedule: Schedule, *, enabled: bool, now: datetime) -> Schedule:
    """Switch a schedule on or off; switched on, it counts from now.

    Raises Conflict where it is declared in code, which would switch it on again.
    """
    if schedule.origin is ScheduleOrigin.CODE:
        raise Conflict("“{name}” is declared in code. Pause it instead.", name=schedule.name)
    return switch_declared(session, schedule, enabled=enabled, now=now)


def switch_declared(
    session: Session, schedule: Schedule, *, enabled: bool, now: datetime
) -> Schedule:
    """Switch any schedule, as the code that declares it may."""
    if schedule.enabled != enabled:
        task = session.get_one(TaskDefinition, schedule.task_definition_id)
        due = _due_now(session, schedule, now=now)
        schedule.enabled = enabled
        _count_anew(session, schedule, task, due, now=now)
        session.flush()
    return schedule


def pause(
    session: Session, schedule: Schedule, *, until: datetime | None, now: datetime
) -> Schedule:
    """Skip what is due up to `until`, or until somebody resumes; raises Invalid."""
    if until is not None and until <= now:
        raise Invalid("Give a time that is still to come.", field="until")
    schedule.paused_until = until or FOREVER
    session.flush()
    return schedule


def resume(session: Session, schedule: Schedule, *, now: datetime) -> Schedule:
    """End a pause; what was due during it stays skipped, also what beat has not looked at yet."""
    if schedule.paused_until is not None:
        schedule.paused_until = min(schedule.paused_until, now)
        session.flush()
    return schedule


def recount(session: Session, schedule: Schedule, *, now: datetime) -> None:
    """Set what is due next after a change of the schedule's calendar.

    What is due already stays due, and what was meant before now but was moved beyond it is looked
    at anew; an instant that was fired is not fired again, since its row stands there. What is moved
    back to a time that is over is written down. One that the scheduler had to switch off goes on
    from now, where it can be read again.
    """
    if not schedule.enabled:
        _come_back(session, schedule, now=now)
        return
    if schedule.next_due_at is not None and schedule.next_due_at <= now:
        return
    head, after = schedule.next_scheduled_for, now
    if head is not None and head <= now:
        after = head - INSTANTLY
        _write_what_is_over(session, schedule, now=now)
    _count_from(session, schedule, now=now, after=after)
    session.flush()


def _write_what_is_over(session: Session, schedule: Schedule, *, now: datetime) -> None:
    due, _ = due_instants(schedule, _plan(session, schedule), now)
    if due:
        task = session.get_one(TaskDefinition, schedule.task_definition_id)
        _write_edited(session, schedule, task, due, now=now)


def _come_back(session: Session, schedule: Schedule, *, now: datetime) -> None:
    if why_switched_off(session, schedule) is None:
        return
    schedule.enabled = True
    try:
        _count_from(session, schedule, now=now, after=now)
    except Invalid:  # the calendar was not its fault, or not its only one
        schedule.enabled = False
        return
    schedule.counts_from = now
    session.flush()
    log.info("schedule switched on again", extra={"schedule_id": schedule.id})


def _due_now(session: Session, schedule: Schedule, *, now: datetime) -> list[Planned]:
    """Return what is due and has not been fired, by the time the schedule still has."""
    if schedule.next_due_at is None or schedule.next_due_at > now:
        return []
    try:
        return due_instants(schedule, _plan(session, schedule), now)[0]
    except Invalid:  # what cannot be read any more is being mended
        return []


def _count_anew(
    session: Session,
    schedule: Schedule,
    task: TaskDefinition,
    due: list[Planned],
    *,
    now: datetime,
) -> None:
    """Count from now; what was meant before and has not been fired is written down."""
    if schedule.next_scheduled_for is not None and schedule.next_scheduled_for <= now:
        _write_edited(session, schedule, task, due, now=now)
    schedule.counts_from = now
    _count_from(session, schedule, now=now, after=now)


def _write_edited(
    session: Session,
    schedule: Schedule,
    task: TaskDefinition,
    due: list[Planned],
    *,
    now: datetime,
) -> None:
    rows = [due_row(schedule, task, one, now=now) for one in all_edited(schedule, due)]
    write_due(session, rows)


def _decide(
    session: Session, schedule: Schedule, task: TaskDefinition, values: dict[str, Any]
) -> None:
    for name, value in values.items():
        setattr(schedule, name, value)
    _check(session, schedule, task)


def _check(session: Session, schedule: Schedule, task: TaskDefinition) -> None:
    schedule.name = schedule.name.strip()[:LONGEST_NAME]
    if not schedule.name:
        raise Invalid("Give the schedule a name.", field="name")
    if schedule.priority is not None and not 0 <= schedule.priority <= 9:
        raise Invalid("The priority is a number from 0 to 9.", field="priority")
    if not 0 <= (schedule.catch_up_window_seconds or 0) <= 366 * 86_400:
        raise Invalid("Give a time of at most a year.", field="catch_up_window_seconds")
    accept(offered(session, task), schedule.parameters)


def _count_from(session: Session, schedule: Schedule, *, now: datetime, after: datetime) -> None:
    """Set the first instant that was meant after `after` and is due after now."""
    following = None
    if schedule.enabled:
        coming = _plan(session, schedule).after(after)
        following = next((one for one in coming if one.due_at > now), None)
    schedule.next_scheduled_for = following.scheduled_for if following else None
    schedule.next_due_at = following.due_at if following else None


def _plan(session: Session, schedule: Schedule) -> Plan:
    calendar = schedule.calendar_id
    return plan_of(schedule, load_days(session, calendar) if calendar else None)


def _timing(schedule: Schedule) -> list[object]:
    return [getattr(schedule, name) for name in TIMING]
