"""Holds: what waits for a reason, and its release once the reason is gone.

A run is `queued` without a code where it only waits for a worker, and else with the code of what
it waits for: `retry`, `queue_paused`, `overlap`, `task_busy`, `queue_busy`, `source_busy` or
`quiet_hours`. What there is to do is asked in one statement a code, however many tasks, queues and
sources it concerns.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.selectable import CTE

from tasks.db import db_now, reading, transaction
from tasks.errors import mark
from tasks.models import IS_HELD, IS_READY, Queue, Run, Source, TaskDefinition
from tasks.models.source import is_quiet
from tasks.runs.limits import LIMIT_OF_TASK, room
from tasks.runs.transitions import hold, release
from tasks.settings import settings

QUEUE_PAUSED = mark("Its queue is paused.")
MOST_AT_ONCE = 500
QUIET = "quiet_hours"
PAUSE = "pause"
"""Stands beside the codes, for what is ready although its queue is paused."""

_FIRST_READY = (
    select(Run.id).where(IS_READY, Run.queue == Queue.name).limit(1).correlate(Queue)
).scalar_subquery()
PAUSED_WITH_WORK = select(Queue.name).where(Queue.paused, _FIRST_READY.is_not(None))
"""The paused queues in which something is still ready, each found by one seek."""


def settle() -> int:
    """Hold what may not start now and release what may again; returns how many runs changed."""
    with reading() as session:
        work = _work(session)
    if not work:
        return 0
    with transaction() as session:
        return sum(_settle(session, code, run_ids) for code, run_ids in work.items())


def _work(session: Session) -> dict[str, Sequence[int]]:
    """Return the runs to hold or to release, by `pause` or the code of what they wait for."""
    there = session.execute(_THERE).mappings().one()
    found = {code: session.scalars(runs).all() for code, runs in _RUNS.items() if there[code]}
    if there[QUIET]:
        found[QUIET] = session.scalars(_no_more_quiet(session)).all()
    return {code: run_ids for code, run_ids in found.items() if run_ids}


def _no_more_quiet(session: Session) -> Select[int]:
    """Find the held runs whose source has no quiet hours now, which only a clock can say."""
    hours = select(Source.slug, Source.quiet_from, Source.quiet_to, db_now())
    given = session.execute(hours.where(Source.quiet_from.is_not(None))).all()
    zone = settings().zone
    quiet = [slug for slug, since, to, now in given if is_quiet(since, to, now=now, zone=zone)]
    return _some(*_held(QUIET), or_(Run.source.is_(None), Run.source.not_in(quiet)))


def _settle(session: Session, code: str, run_ids: Sequence[int]) -> int:
    if code == PAUSE:
        return hold(session, run_ids, code="queue_paused", reason=QUEUE_PAUSED)
    return release(session, run_ids, code=code)


def _held(code: str) -> tuple[ColumnElement[bool], ...]:
    return IS_HELD, Run.reason_code == code


def _some(*runs: ColumnElement[bool]) -> Select[int]:
    return select(Run.id).where(*runs).limit(MOST_AT_ONCE)


def _in_queues(paused: SQLColumnExpression[bool], *runs: ColumnElement[bool]) -> Select[int]:
    """Find such runs in the queues that are paused, or in those that are not."""
    return _some(*runs, Run.queue.in_(select(Queue.name).where(paused)))


def _values(code: str, column: InstrumentedAttribute[Any]) -> CTE:
    """Find the different values among the held runs, each by one seek in the index."""
    smallest = select(func.min(column).label("value")).where(*_held(code))
    values = smallest.cte("found", recursive=True)
    larger = smallest.where(column > values.c.value).correlate(values).scalar_subquery()
    return values.union_all(select(larger).where(values.c.value.is_not(None)))


def _tasks(code: str) -> Select[int]:
    """Find the held runs of a task for which it has room."""
    values = _values(code, Run.task_definition_id)
    free = room(Run.task_definition_id == values.c.value, LIMIT_OF_TASK, of=values)
    places = select(values.c.value, free.label("room"))
    places = places.join(TaskDefinition, TaskDefinition.id == values.c.value)
    return _with_room(code, Run.task_definition_id, places)


def _sources(code: str) -> Select[int]:
    """Find the held runs that read a source for which it has room."""
    values = _values(code, Run.source)
    free = room(Run.source == values.c.value, Source.max_running, of=values)
    places = select(values.c.value, free.label("room"))
    places = places.outerjoin(Source, Source.slug == values.c.value)
    return _with_room(code, Run.source, places)


def _queues(code: str) -> Select[int]:
    """Find the held runs of a queue for which it has room."""
    free = room(Run.queue == Queue.name, Queue.max_running, of=Queue)
    places = select(Queue.name.label("value"), free.label("room"))
    return _with_room(code, Run.queue, places)


def _with_room(
    code: str, column: InstrumentedAttribute[Any], places: Select[*tuple[Any, ...]]
) -> Select[int]:
    """Find as many of the held runs of each place as it has room for, the most urgent first.

    The room is counted once a place: without that word, once more for each run.
    """
    counted = places.cte("place").prefix_with("MATERIALIZED")
    order = (Run.priority.desc(), Run.due_at, Run.id)
    number = func.row_number().over(partition_by=column, order_by=order)
    ranked = (
        select(Run.id, counted.c.room, number.label("number"))
        .join(counted, counted.c.value == column)
        .where(*_held(code), counted.c.room > 0)
        .subquery()
    )
    return (
        select(ranked.c.id)
        .where(ranked.c.number <= ranked.c.room)
        .order_by(ranked.c.number)
        .limit(MOST_AT_ONCE)
    )


_RUNS = {
    PAUSE: _in_queues(Queue.paused, IS_READY),
    "retry": _some(*_held("retry"), Run.next_attempt_at <= db_now()),
    "queue_paused": _in_queues(~Queue.paused, *_held("queue_paused")),
    "queue_busy": _queues("queue_busy"),
    "overlap": _tasks("overlap"),
    "task_busy": _tasks("task_busy"),
    "source_busy": _sources("source_busy"),
}
_THERE = select(
    exists(PAUSED_WITH_WORK).label(PAUSE),
    *(exists().where(*_held(code)).label(code) for code in (*_RUNS, QUIET) if code != PAUSE),
)
"""Which of them there are any of."""
