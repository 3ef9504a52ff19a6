"""Holds: what waits for a reason, and its release once the reason is gone.

A run is `queued` without a code where it only waits for a worker, and else with the code of what
it waits for: `retry`, `queue_paused`, `overlap`, `task_busy`, `queue_busy`, `source_busy`,
`quiet_hours` or `disk`, which `tasks.runs.disk` looks after. What there is to do is asked in one
statement a code, however many tasks, queues and sources it concerns; of those that have room, which
are few, each is asked for its most urgent runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.selectable import CTE

from tasks.db import db_now, reading, transaction
from tasks.errors import mark
from tasks.models import IS_HELD, IS_READY, Queue, Run, Source, TaskDefinition
from tasks.models.source import is_quiet
from tasks.runs.limits import LIMIT_OF_TASK, room
from tasks.runs.waits import hold, release
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


@dataclass(frozen=True, slots=True)
class _Limited:
    """The tasks, queues or sources for which runs are held, and how their runs are found."""

    with_room: Select[*tuple[Any, ...]]
    priority: Select[int]
    runs: Select[int]
    """Those of one at one priority, the oldest first."""


def _work(session: Session) -> dict[str, Sequence[int]]:
    """Return the runs to hold or to release, by `pause` or the code of what they wait for."""
    there = session.execute(_THERE).mappings().one()
    found = {code: session.scalars(runs).all() for code, runs in _RUNS.items() if there[code]}
    found |= {code: _fitting(session, it) for code, it in _LIMITED.items() if there[code]}
    if there[QUIET]:
        found[QUIET] = session.scalars(_no_more_quiet(session)).all()
    return {code: run_ids for code, run_ids in found.items() if run_ids}


def _fitting(session: Session, limited: _Limited) -> list[int]:
    """Return as many held runs of each that has room as it has room for, in fair shares."""
    places = session.execute(limited.with_room).all()
    return [
        run_id
        for value, room in places
        for run_id in _most_urgent(session, limited, value, min(room, MOST_AT_ONCE // len(places)))
    ]


def _most_urgent(session: Session, limited: _Limited, value: int | str, most: int) -> list[int]:
    """Return so many held runs, one priority after the other, the highest first.

    The index gives them in this order; the whole backlog need not be sorted.
    """
    chosen: list[int] = []
    below: int | None = 10
    while below is not None and len(chosen) < most:
        below = session.scalar(limited.priority, {"value": value, "below": below})
        given = {"value": value, "priority": below, "most": most - len(chosen)}
        chosen += session.scalars(limited.runs, given) if below is not None else ()
    return chosen


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


def _limited(
    code: str,
    column: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[Any],
    most: SQLColumnExpression[int | None],
) -> _Limited:
    """Prepare what finds the held runs of whatever `column` names by the `key` of its row.

    The room is counted once for each: without the word, twice.
    """
    values = _values(code, column)
    free = room(column == values.c.value, most, of=values)
    each = select(values.c.value, free.label("room")).where(values.c.value.is_not(None))
    rows = each.outerjoin(key.class_, key == values.c.value)
    counted = rows.cte("place").prefix_with("MATERIALIZED")
    runs = (*_held(code), column == bindparam("value"))
    return _Limited(
        with_room=select(counted).where(counted.c.room > 0).limit(MOST_AT_ONCE),
        priority=select(func.max(Run.priority)).where(*runs, Run.priority < bindparam("below")),
        runs=select(Run.id)
        .where(*runs, Run.priority == bindparam("priority"))
        .order_by(Run.due_at, Run.id)
        .limit(bindparam("most")),
    )


_RUNS = {
    PAUSE: _in_queues(Queue.paused, IS_READY),
    "retry": _some(*_held("retry"), Run.next_attempt_at <= db_now()),
    "queue_paused": _in_queues(~Queue.paused, *_held("queue_paused")),
}
_OF_TASK = (Run.task_definition_id, TaskDefinition.id, LIMIT_OF_TASK)
_LIMITED = {
    "queue_busy": _limited("queue_busy", Run.queue, Queue.name, Queue.max_running),
    "overlap": _limited("overlap", *_OF_TASK),
    "task_busy": _limited("task_busy", *_OF_TASK),
    "source_busy": _limited("source_busy", Run.source, Source.slug, Source.max_running),
}
_THERE = select(
    exists(PAUSED_WITH_WORK).label(PAUSE),
    *(
        exists().where(*_held(code)).label(code)
        for code in (*_RUNS, *_LIMITED, QUIET)
        if code != PAUSE
    ),
)
"""Which of them there are any of."""
