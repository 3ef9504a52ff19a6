"""One pass of the scheduler: fire what is due, dispatch what waits, reap what died."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from logging import getLogger

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tasks.db import db_now, insert_once, reading, transaction
from tasks.errors import Invalid
from tasks.models import Schedule, SchedulerMark
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.promise import promise_due, skip_due
from tasks.runs.reaper import reap
from tasks.scheduling.timing import timing_of

log = getLogger(__name__)

SCHEDULES_AT_ONCE = 50
"""Small batches, so that a burst does not hold up what is due a second later."""
INSTANTS_AT_ONCE = 100
BATCHES_A_TICK = 10


def tick(*, now: datetime) -> None:
    """Make one pass; any number of schedulers may do so at once."""
    try:
        for _ in range(BATCHES_A_TICK):
            if fire_due(now=now) < SCHEDULES_AT_ONCE:
                break
    finally:  # whatever is wrong with a schedule, what waits goes on and what died is found
        dispatch_soon()
        reap()
    with transaction() as session:
        leave_mark(session, "tick")


def fire_due(*, now: datetime) -> int:
    """Promise a run for each due instant of a batch of schedules; returns how many schedules."""
    due = (
        select(Schedule.id)
        .where(Schedule.enabled, Schedule.next_due_at <= now)
        .order_by(Schedule.next_due_at)
        .limit(SCHEDULES_AT_ONCE)
    )
    with reading() as session:
        if not (ids := session.scalars(due).all()):
            return 0
    with transaction() as session:
        schedules = session.scalars(
            select(Schedule)
            .where(Schedule.id.in_(ids), Schedule.enabled, Schedule.next_due_at <= now)
            .options(joinedload(Schedule.task, innerjoin=True))
            .with_for_update(skip_locked=True, of=Schedule)
        ).all()
        for schedule in schedules:
            _fire(session, schedule, now=now)
        return len(schedules)


def leave_mark(session: Session, name: str) -> None:
    """Write down that this part of the scheduler has just succeeded."""
    insert_once(session, SchedulerMark, {"name": name, "at": db_now()})
    session.execute(
        update(SchedulerMark).where(SchedulerMark.name == name).values(at=db_now()),
        execution_options={"synchronize_session": False},
    )


def _fire(session: Session, schedule: Schedule, *, now: datetime) -> None:
    """Turn the due instants into rows: the newest is run, older ones are written as missed."""
    try:
        instants = list(islice(_due_instants(schedule, now=now), INSTANTS_AT_ONCE))
    except Invalid as error:
        schedule.enabled = False
        log.error("schedule switched off", extra={"schedule_id": schedule.id, "why": error.message})
        return
    *older, newest = instants[:-1]
    for due in older:
        _missed(session, schedule, due, now=now)
    behind = instants[-1] <= now
    if behind:
        _missed(session, schedule, newest, now=now)
    elif not schedule.task.is_active:
        reason = "The task is switched off."
        skip_due(session, schedule, schedule.task, due=newest, now=now, reason=reason, code="off")
    else:
        promise_due(session, schedule, schedule.task, due=newest, now=now)
    schedule.next_due_at = instants[-1]


def _due_instants(schedule: Schedule, *, now: datetime) -> Iterator[datetime]:
    """Yield the instants up to now, and the first one after it."""
    due = schedule.next_due_at
    if due is None:
        return
    yield due
    for at in timing_of(schedule).after(due):
        yield at
        if at > now:
            return


def _missed(session: Session, schedule: Schedule, due: datetime, *, now: datetime) -> None:
    reason = "The scheduler was not running at this time; a later instant was run instead."
    skip_due(session, schedule, schedule.task, due=due, now=now, reason=reason, code="missed")
