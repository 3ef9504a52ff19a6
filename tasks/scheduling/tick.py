"""One pass of the scheduler: reap what died, fire what is due, dispatch what waits."""

import time
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Schedule
from tasks.runs.deadlines import A_DEADLINE_PASSED, pass_deadlines
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.epoch import notice_new_epoch
from tasks.runs.reaper import SOMETHING_DIED, reap
from tasks.scheduling import marks
from tasks.scheduling.due import Moment
from tasks.scheduling.firing import fire
from tasks.scheduling.stepping_over import RunsLeftOut, SteppedOver, is_the_databases
from tasks.settings import settings

SCHEDULES_AT_ONCE = 100
"""Half of a batch are those due longest, half those due last: a burst holds up nobody."""
BATCHES_A_TICK = 10
FIRING_TICKS = 3
"""A pass begins no batch after so many ticks: to the next one it would look like an outage."""
ALONE_SECONDS = 1.0
"""For so long the schedules of a batch that failed are fired one by one; the rest stays due."""
SHORTEST_REST = 0.05
"""Seconds: what is due may be with another scheduler just now."""
_ENABLED = Schedule.enabled == true()
_TROUBLE = select(SOMETHING_DIED, A_DEADLINE_PASSED)
"""Most often there is none, and a pass of each second looks for it in one statement."""


def tick(stepped_over: SteppedOver | None = None) -> float:
    """Make one pass; any number of schedulers may do so at once.

    `stepped_over` is what this scheduler remembers from pass to pass. Returns for how many seconds
    there is nothing to fire, at most the length of a tick.
    """
    besides = stepped_over or SteppedOver()
    began, until = time.monotonic(), utcnow() + marks.outage()
    this = marks.begin_pass()
    ahead = utcnow() - this.began_at  # beat's clock, by which instants are due, is so far ahead
    notice_new_epoch()
    _end_what_is_over(besides.runs)
    more = _fire_and_dispatch(this.resumed_at + ahead, until, besides)
    with transaction() as session:
        marks.end_pass(session, this)
        following = session.scalar(
            select(func.min(Schedule.next_due_at)).where(_ENABLED, *_not(besides.ids()))
        )
    rest = settings().tick_seconds - (time.monotonic() - began)
    if following is not None:
        rest = min(rest, (following - utcnow()).total_seconds())
    return 0 if more else max(rest, SHORTEST_REST)


def _end_what_is_over(besides: RunsLeftOut) -> None:
    with reading() as session:
        died, late = session.execute(_TROUBLE).one()
    if died:
        reap(besides)
    if late:
        pass_deadlines(now=utcnow(), besides=besides)


def _fire_and_dispatch(resumed: datetime, until: datetime, besides: SteppedOver) -> bool:
    """Fire in small batches, each told to the workers before the next is looked at.

    What is due after `until` waits for the next pass: where this one was held up, it was missed.
    """
    ends, more = time.monotonic() + FIRING_TICKS * settings().tick_seconds, True
    for _ in range(BATCHES_A_TICK):
        try:
            now = min(utcnow(), until)
            more = fire_due(now=now, resumed_at=resumed, besides=besides) > 0
        finally:  # whatever is wrong with a schedule, what waits goes on
            dispatch_soon()
        if not more or time.monotonic() > ends:
            break
    return more


def fire_due(
    *, now: datetime, resumed_at: datetime | None = None, besides: SteppedOver | None = None
) -> int:
    """Take one step with a batch of due schedules; returns how many it got hold of.

    Those that another scheduler has just now are left to it. What was due up to `resumed_at` was
    missed while no scheduler ran. A batch that fails is fired schedule by schedule, and `besides`
    remembers the one that fails alone.
    """
    moment, besides = Moment(now, resumed_at), besides or SteppedOver()
    with reading() as session:
        ids = _batch(session, moment.now, besides.ids())
    if not ids:
        return 0
    try:
        return _fire(ids, moment)
    except Exception as error:
        if is_the_databases(error):
            raise
        _fire_one_by_one(ids, moment, besides)
    return len(ids)


def _batch(session: Session, now: datetime, besides: Collection[int]) -> Sequence[int]:
    half = select(Schedule.id).where(*_due(now), *_not(besides)).limit(SCHEDULES_AT_ONCE // 2)
    longest = session.scalars(half.order_by(Schedule.next_due_at)).all()
    if len(longest) < SCHEDULES_AT_ONCE // 2:
        return longest
    others = half.where(Schedule.id.not_in(longest)).order_by(Schedule.next_due_at.desc())
    return [*longest, *session.scalars(others)]


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_ENABLED, Schedule.next_due_at <= now)


def _not(ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (Schedule.id.not_in(ids),) if ids else ()


def _fire(ids: Sequence[int], moment: Moment) -> int:
    due = select(Schedule).where(Schedule.id.in_(ids), *_due(moment.now))
    with transaction() as session:
        schedules = session.scalars(due.with_for_update(skip_locked=True)).all()
        fire(session, schedules, moment)
    return len(schedules)


def _fire_one_by_one(ids: Sequence[int], moment: Moment, besides: SteppedOver) -> None:
    ends = time.monotonic() + ALONE_SECONDS
    for schedule_id in ids:
        try:
            _fire([schedule_id], moment)
        except Exception as error:
            if is_the_databases(error):
                raise
            besides.add(schedule_id, error)
        if time.monotonic() > ends:
            break
