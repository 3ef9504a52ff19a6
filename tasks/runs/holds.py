"""Holds: what waits for a reason, and its release once the reason is gone.

A run is `queued` without a code where it only waits for a worker, and else with the code of what
it waits for: `retry`, `queue_paused`, `overlap`, `task_busy`, `queue_busy` or `source_busy`.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tasks.db import db_now, reading, transaction
from tasks.errors import mark
from tasks.models import IS_HELD, IS_READY, Queue, Run, Source, TaskDefinition
from tasks.runs.limits import count_running, limit_of_task
from tasks.runs.transitions import hold, release

QUEUE_PAUSED = mark("Its queue is paused.")
MOST_AT_ONCE = 500

_PAUSED = select(Queue.name).where(Queue.paused)
_IN_PAUSED_QUEUE = Run.queue.in_(_PAUSED)
_DUE_AGAIN = Run.next_attempt_at <= db_now()

_ANYTHING = select(exists().where(IS_HELD) | exists().where(IS_READY, _IN_PAUSED_QUEUE))


def settle() -> int:
    """Hold what may not start now and release what may again; returns how many runs changed."""
    with reading() as session:
        if not session.scalar(_ANYTHING):
            return 0
        work = list(_work(session))
    if not work:
        return 0
    with transaction() as session:
        return sum(_settle(session, code, conditions) for code, conditions in work)


def _settle(session: Session, code: str, conditions: list[ColumnElement[bool]]) -> int:
    if code == "pause":
        return hold(session, conditions, code="queue_paused", reason=QUEUE_PAUSED)
    return release(session, conditions, code=code)


def _work(session: Session) -> Iterator[tuple[str, list[ColumnElement[bool]]]]:
    """Yield what there is to do: `pause` or the code to release, and the runs it concerns."""
    yield from _some(session, "pause", [IS_READY, _IN_PAUSED_QUEUE])
    yield from _some(session, "queue_paused", [*_held("queue_paused"), ~_IN_PAUSED_QUEUE])
    yield from _some(session, "retry", [*_held("retry"), _DUE_AGAIN])
    for code in ("overlap", "task_busy"):
        yield from _freed(session, code, Run.task_definition_id, _limit_of_task_id)
    yield from _freed(session, "queue_busy", Run.queue, _limit_of_queue)
    yield from _freed(session, "source_busy", Run.source, _limit_of_source)


def _some(
    session: Session, code: str, conditions: list[ColumnElement[bool]]
) -> Iterator[tuple[str, list[ColumnElement[bool]]]]:
    found = session.scalars(select(Run.id).where(*conditions).limit(MOST_AT_ONCE)).all()
    if found:
        yield code, [Run.id.in_(found)]


def _held(code: str) -> list[ColumnElement[bool]]:
    return [IS_HELD, Run.reason_code == code]


def _freed(
    session: Session, code: str, column: InstrumentedAttribute[Any], limit_of: Any
) -> Iterator[tuple[str, list[ColumnElement[bool]]]]:
    """Yield for each task, queue or source with held runs as many of them as have room now."""
    for value in _values(session, code, column):
        most = limit_of(session, value)
        room = MOST_AT_ONCE if most is None else most - _taken(session, column == value)
        if room > 0:
            chosen = session.scalars(_most_urgent(code, column == value).limit(room)).all()
            yield code, [Run.id.in_(chosen)]


def _values(session: Session, code: str, column: InstrumentedAttribute[Any]) -> Iterator[Any]:
    """Yield the different values among the held runs, each by one seek in the index."""
    smallest = select(func.min(column)).where(*_held(code))
    value = session.scalar(smallest)
    while value is not None:
        yield value
        value = session.scalar(smallest.where(column > literal(value)))


def _taken(session: Session, runs: ColumnElement[bool]) -> int:
    """Count the places that are taken: by what runs, and by what only waits for a worker."""
    ready = select(Run.id).where(IS_READY, runs).limit(MOST_AT_ONCE)
    waiting = session.scalar(select(func.count()).select_from(ready.subquery())) or 0
    return count_running(session, runs) + waiting


def _most_urgent(code: str, runs: ColumnElement[bool]) -> Select[int]:
    order = (Run.priority.desc(), Run.due_at, Run.id)
    return select(Run.id).where(*_held(code), runs).order_by(*order)


def _limit_of_task_id(session: Session, task_id: int) -> int | None:
    return limit_of_task(session.get_one(TaskDefinition, task_id))


def _limit_of_queue(session: Session, name: str) -> int | None:
    return session.scalar(select(Queue.max_running).where(Queue.name == name))


def _limit_of_source(session: Session, slug: str) -> int | None:
    return session.scalar(select(Source.max_running).where(Source.slug == slug))
