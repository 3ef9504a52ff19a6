"""Which runs come first: of all schedules, and of each task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from tasks.models import FOREVER, Schedule, TaskDefinition
from tasks.models.base import UtcDateTime
from tasks.queries.next_runs import next_runs

PORTION = 50
MOST_PORTIONS = 10
MOST_OF_A_TASK = 10


@dataclass(frozen=True, slots=True)
class NextRun:
    """The next run that a schedule brings; its task is loaded."""

    schedule: Schedule
    at: datetime


def first_runs(session: Session, *, now: datetime, since: datetime, count: int) -> list[NextRun]:
    """Return the runs that schedules bring first, of what is due from `since` on.

    Read in portions by `next_due_at`, until no schedule behind can be earlier.
    """
    wanted = _awake().options(joinedload(Schedule.task)).limit(PORTION)
    wanted = wanted.order_by(Schedule.next_due_at, Schedule.id)
    portion = session.scalars(wanted.where(Schedule.next_due_at >= since)).all()
    found = _soonest(session, [], portion, now=now, count=count)
    for _ in range(1, MOST_PORTIONS):
        if len(portion) < PORTION or _is_settled(found, portion[-1], count):
            break
        portion = session.scalars(_behind(wanted, portion[-1])).all()
        found = _soonest(session, found, portion, now=now, count=count)
    return found


def first_run_of_tasks(
    session: Session, task_ids: Sequence[int], *, now: datetime
) -> dict[int, datetime]:
    """Return when each of these tasks runs next, by the first few of its schedules."""
    place = func.row_number().over(
        partition_by=Schedule.task_definition_id, order_by=(Schedule.next_due_at, Schedule.id)
    )
    mine = _awake().where(Schedule.task_definition_id.in_(task_ids))
    ranked = mine.with_only_columns(Schedule.id, place.label("place")).subquery()
    few = select(ranked.c.id).where(ranked.c.place <= MOST_OF_A_TASK)
    schedules = session.scalars(select(Schedule).where(Schedule.id.in_(few))).all()
    at = next_runs(session, schedules, now=now)
    soonest: dict[int, datetime] = {}
    for one in schedules:
        if (next_run := at[one.id]) is not None:
            known = soonest.get(one.task_definition_id, next_run)
            soonest[one.task_definition_id] = min(known, next_run)
    return soonest


def _awake() -> Select[Schedule]:
    """Return the schedules that go on by themselves."""
    return (
        select(Schedule)
        .join(TaskDefinition, TaskDefinition.id == Schedule.task_definition_id)
        .where(Schedule.enabled, Schedule.next_due_at.is_not(None), TaskDefinition.is_active)
        .where(or_(Schedule.paused_until.is_(None), Schedule.paused_until != FOREVER))
    )


def _soonest(
    session: Session,
    found: Sequence[NextRun],
    portion: Sequence[Schedule],
    *,
    now: datetime,
    count: int,
) -> list[NextRun]:
    at = next_runs(session, portion, now=now)
    more = [NextRun(one, next_run) for one in portion if (next_run := at[one.id]) is not None]
    return sorted([*found, *more], key=lambda one: (one.at, one.schedule.id))[:count]


def _is_settled(found: Sequence[NextRun], last: Schedule, count: int) -> bool:
    """Whether whatever stands behind `last` runs later than all that were found."""
    return len(found) == count and last.next_due_at is not None and found[-1].at <= last.next_due_at


def _behind(wanted: Select[Schedule], last: Schedule) -> Select[Schedule]:
    key = tuple_(literal(last.next_due_at, UtcDateTime()), literal(last.id))
    return wanted.where(tuple_(Schedule.next_due_at, Schedule.id) > key)
