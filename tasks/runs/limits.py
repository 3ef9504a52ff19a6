"""Limits: how many runs of a task, a queue or a source may run at once.

They are decided at the claim, in its transaction. Where PostgreSQL would let two claims overlook
each other, the row that carries the limit is locked first; SQLite has one writer anyway.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import CTE

from tasks.errors import mark
from tasks.models import IS_READY, IS_RUNNING, Overlap, Queue, Run, Source, TaskDefinition
from tasks.models.base import Base
from tasks.runs.transitions import Claim
from tasks.runs.waits import hold

MOST_AT_ONCE = 200
NO_LIMIT = 1_000_000
"""More places than any limit leaves."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit that a run is under; `code` and `reason` tell what it waits for at the limit."""

    code: str
    reason: str
    most: int
    runs: ColumnElement[bool]
    """The runs that count."""
    row: tuple[type[Base], ColumnElement[bool]]
    """The row that carries the limit."""


def limit_of_task(task: TaskDefinition) -> int | None:
    """How many runs of the task may run at once; where they must not overlap, one."""
    return task.max_running if task.overlap is Overlap.ALLOW else 1


LIMIT_OF_TASK = case((TaskDefinition.overlap == Overlap.ALLOW, TaskDefinition.max_running), else_=1)
"""The same, where the database is asked for many tasks at once."""


def full(
    session: Session,
    run: Claim,
    task: TaskDefinition,
    *,
    in_queue: int | None,
    in_source: int | None,
) -> Limit | None:
    """Return the first limit that the run just claimed is beyond, None where it may go on.

    In its quiet hours a source has room for none: `in_source` is 0.
    """
    for limit in _limits(run, task, in_queue=in_queue, in_source=in_source):
        if not _locked(session, limit):
            return limit
        if count_running(session, limit.runs, besides=run.id) >= limit.most:
            return limit
    return None


def count_running(session: Session, runs: ColumnElement[bool], *, besides: int = 0) -> int:
    """Count what runs now of these runs, besides one."""
    counted = select(func.count()).where(IS_RUNNING, runs, Run.id != besides)
    return session.scalar(counted) or 0


def room(
    runs: ColumnElement[bool], most: SQLColumnExpression[int | None], *, of: CTE | type[Base]
) -> ColumnElement[int]:
    """Count the places that are free for such runs, beside those that a ready run will take.

    A part of a larger statement, which names the runs by a column `of` what it reads.
    """
    counted = select(func.count()).select_from(Run).where(runs).correlate(of)
    free = most - counted.where(IS_RUNNING).scalar_subquery()
    left = free - counted.where(IS_READY).scalar_subquery()
    # The backlog need not be looked at where nothing is free, which is most often so.
    return case((most.is_(None), NO_LIMIT), (free > 0, left), else_=0)


def hold_some(session: Session, limit: Limit, run_id: int, *, of_now: Mapping[str, Any]) -> int:
    """Let a run wait for the limit that it met, and other ready ones with it; returns how many.

    Its row then names the source that it met, `of_now`: whoever releases it asks after that one.
    The others are so many as do not keep anybody waiting, those first that would be told next.
    """
    order = (Run.priority.desc(), Run.due_at, Run.id)
    ready = select(Run.id).where(IS_READY, limit.runs, Run.id != run_id)
    others = session.scalars(ready.order_by(*order).limit(MOST_AT_ONCE)).all()
    met = hold(session, [run_id], code=limit.code, reason=limit.reason, of_now=of_now)
    return met + hold(session, others, code=limit.code, reason=limit.reason)


OVERLAP = mark("It waits until the run before it has ended.")
TASK_BUSY = mark("It waits: as many runs of this task are running as may run at once.")
QUEUE_BUSY = mark("It waits: as many runs of its queue are running as may run at once.")
SOURCE_BUSY = mark("It waits: as many runs are reading its source as may do so at once.")
QUIET_HOURS = mark("It waits until the quiet hours of its source are over.")


def _limits(
    run: Claim, task: TaskDefinition, *, in_queue: int | None, in_source: int | None
) -> Iterator[Limit]:
    """Yield the limits in the order in which their rows are locked, the same for every claim."""
    if (most := limit_of_task(task)) is not None:
        apart = task.overlap is not Overlap.ALLOW
        code, reason = ("overlap", OVERLAP) if apart else ("task_busy", TASK_BUSY)
        row = (TaskDefinition, TaskDefinition.id == task.id)
        yield Limit(code, reason, most, Run.task_definition_id == task.id, row)
    if in_queue is not None:
        row_of_queue = (Queue, Queue.name == run.queue)
        yield Limit("queue_busy", QUEUE_BUSY, in_queue, Run.queue == run.queue, row_of_queue)
    if in_source is not None:
        row_of_source = (Source, Source.slug == run.source)
        code, reason = ("source_busy", SOURCE_BUSY) if in_source else ("quiet_hours", QUIET_HOURS)
        yield Limit(code, reason, in_source, Run.source == run.source, row_of_source)


def _locked(session: Session, limit: Limit) -> bool:
    """Lock the row that carries the limit; False where a promise that replaces runs has it.

    That one waits for the run that is being claimed here, so nobody may wait for it.
    """
    model, row = limit.row
    replaces = limit.code == "overlap"
    locked = select(model.id).where(row).with_for_update(key_share=True, skip_locked=replaces)
    return session.scalar(locked) is not None
