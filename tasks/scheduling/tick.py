"""One pass of the scheduler: reap what died, fire what is due, dispatch what waits."""

import time
from collections.abc import Sequence
from datetime import datetime
from logging import getLogger

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import Invalid
from tasks.models import Schedule, TaskDefinition
from tasks.models.base import JsonObject
from tasks.runs.deadlines import pass_deadlines
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.epoch import notice_new_epoch
from tasks.runs.overlap import lock, minds_overlap
from tasks.runs.promise_due import due_row, promise_due, write_due
from tasks.runs.reaper import reap
from tasks.scheduling import marks
from tasks.scheduling.calendar_cache import load_all_days
from tasks.scheduling.due import Moment, due_instants, gone, verdicts
from tasks.scheduling.plan import plan_of
from tasks.scheduling.working_days import WorkingDays
from tasks.settings import settings

log = getLogger(__name__)

SCHEDULES_AT_ONCE = 100
"""Half of a batch are those due longest, half those due last: a burst holds up nobody."""
BATCHES_A_TICK = 10
SHORTEST_REST = 0.05
"""Seconds: what is due may be with another scheduler just now."""
_ENABLED = Schedule.enabled == true()


def tick() -> float:
    """Make one pass; any number of schedulers may do so at once.

    Returns for how many seconds there is nothing to fire, at most the length of a tick.
    """
    began, until = time.monotonic(), utcnow() + marks.outage()
    this = marks.begin_pass()
    ahead = utcnow() - this.began_at  # beat's clock, by which instants are due, is so far ahead
    notice_new_epoch()
    reap()
    pass_deadlines(now=utcnow())
    more = _fire_and_dispatch(this.resumed_at + ahead, until)
    with transaction() as session:
        marks.end_pass(session, this)
        following = session.scalar(select(func.min(Schedule.next_due_at)).where(_ENABLED))
    rest = settings().tick_seconds - (time.monotonic() - began)
    if following is not None:
        rest = min(rest, (following - utcnow()).total_seconds())
    return 0 if more else max(rest, SHORTEST_REST)


def _fire_and_dispatch(resumed: datetime, until: datetime) -> bool:
    """Fire in small batches, each told to the workers before the next is looked at.

    What is due after `until` waits for the next pass: where this one was held up, it was missed.
    """
    more = True
    for _ in range(BATCHES_A_TICK):
        try:
            more = fire_due(now=min(utcnow(), until), resumed_at=resumed) > 0
        finally:  # whatever is wrong with a schedule, what waits goes on
            dispatch_soon()
        if not more:
            break
    return more


def fire_due(*, now: datetime, resumed_at: datetime | None = None) -> int:
    """Write a row for each due instant of a batch of schedules; returns how many schedules.

    What was due up to `resumed_at` was missed while no scheduler ran.
    """
    moment = Moment(now, resumed_at)
    with reading() as session:
        ids = _batch(session, moment.now)
    if not ids:
        return 0
    due = select(Schedule).where(Schedule.id.in_(ids), *_due(moment.now))
    with transaction() as session:
        schedules = session.scalars(due.with_for_update(skip_locked=True)).all()
        _fire(session, schedules, moment)
    return len(ids)


def _batch(session: Session, now: datetime) -> set[int]:
    half = select(Schedule.id).where(*_due(now)).limit(SCHEDULES_AT_ONCE // 2)
    longest = session.scalars(half.order_by(Schedule.next_due_at)).all()
    if len(longest) < SCHEDULES_AT_ONCE // 2:
        return set(longest)
    others = half.where(Schedule.id.not_in(longest)).order_by(Schedule.next_due_at.desc())
    return {*longest, *session.scalars(others)}


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_ENABLED, Schedule.next_due_at <= now)


def _fire(session: Session, schedules: Sequence[Schedule], moment: Moment) -> None:
    wanted = {schedule.task_definition_id for schedule in schedules}
    found = session.scalars(select(TaskDefinition).where(TaskDefinition.id.in_(wanted)))
    tasks = {task.id: task for task in found}
    for task_id in sorted(tasks):  # in one order, so that two schedulers do not wait crosswise
        if minds_overlap(tasks[task_id]):
            lock(session, tasks[task_id])
    calendars = {one.calendar_id for one in schedules if one.calendar_id is not None}
    days = load_all_days(session, calendars) if calendars else {}
    rows: list[JsonObject] = []
    for schedule in schedules:
        task = tasks[schedule.task_definition_id]
        rows += _rows(session, schedule, task, days.get(schedule.calendar_id or 0), moment)
    write_due(session, rows)


def _rows(
    session: Session,
    schedule: Schedule,
    task: TaskDefinition,
    days: WorkingDays | None,
    moment: Moment,
) -> list[JsonObject]:
    """Move the schedule on, and return the rows of its due instants that are still to write."""
    try:
        plan = plan_of(schedule, days)
        due, following = due_instants(schedule, plan, moment.now)
        found = verdicts(schedule, task, due, moment)
    except Invalid as error:
        schedule.enabled, following = False, None
        found = gone(schedule, code="invalid", reason=error.message)
        log.error("schedule switched off", extra={"schedule_id": schedule.id, "why": error.message})
    schedule.next_scheduled_for = following.scheduled_for if following else None
    schedule.next_due_at = following.due_at if following else None
    if minds_overlap(task):
        for verdict in found:  # one after the other, since each looks at the one before
            promise_due(session, schedule, task, verdict, now=moment.now)
        return []
    return [due_row(schedule, task, verdict, now=moment.now) for verdict in found]
