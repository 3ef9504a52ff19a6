"""Holds: what waits for a reason, and its release once the reason is gone.

A run is `queued` without a code where it only waits for a worker, and else with the code of what
it waits for: `retry`, `queue_paused`, `overlap`, `task_busy`, `queue_busy` or `source_busy`.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tasks.db import db_now, reading, transaction
from tasks.errors import mark
from tasks.models import IS_HELD, IS_READY, Queue, Run, Source, TaskDefinition
from tasks.runs.limits import count_running, limit_of_task
from tasks.runs.transitions import hold, release

QUEUE_PAUSED = mark("Its queue is paused.")
MOST_AT_ONCE = 500

_FIRST_READY = (
    select(Run.id).where(IS_READY, Run.queue == Queue.name).limit(1).correlate(Queue)
).scalar_subquery()
PAUSED_WITH_WORK = select(Queue.name).where(Queue.paused, _FIRST_READY.is_not(None))
"""The paused queues in which something is still ready, each found by one seek."""


def settle() -> int:
    """Hold what may not start now and release what may again; returns how many runs changed."""
    with reading() as session:
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
    for name in session.scalars(PAUSED_WITH_WORK).all():
        yield from _some(session, "pause", [IS_READY, Run.queue == name])
    yield from _some(session, "retry", [*_held("retry"), Run.next_attempt_at <= db_now()])
    for queue in session.scalars(select(Queue)).all():
        if not queue.paused:
            yield from _some(
                session, "queue_paused", [*_held("queue_paused"), Run.queue == queue.name]
            )
        yield from _with_room(session, "queue_busy", Run.queue == queue.name, queue.max_running)
    for code in ("overlap", "task_busy"):
        for task_id in _values(session, code, Run.task_definition_id):
            most = limit_of_task(session.get_one(TaskDefinition, task_id))
            yield from _with_room(session, code, Run.task_definition_id == task_id, most)
    for slug in _values(session, "source_busy", Run.source):
        most = session.scalar(select(Source.max_running).where(Source.slug == slug))
        yield from _with_room(session, "source_busy", Run.source == slug, most)


def _some(
    session: Session, code: str, conditions: list[ColumnElement[bool]]
) -> Iterator[tuple[str, list[ColumnElement[bool]]]]:
    found = session.scalars(select(Run.id).where(*conditions).limit(MOST_AT_ONCE)).all()
    if found:
        yield code, [Run.id.in_(found)]


def _held(code: str) -> list[ColumnElement[bool]]:
    return [IS_HELD, Run.reason_code == code]


def _with_room(
    session: Session, code: str, runs: ColumnElement[bool], most: int | None
) -> Iterator[tuple[str, list[ColumnElement[bool]]]]:
    """Yield as many of the held runs of a task, a queue or a source as have room now."""
    room = MOST_AT_ONCE if most is None else _room(session, runs, most)
    if room > 0 and (chosen := session.scalars(_most_urgent(code, runs).limit(room)).all()):
        yield code, [Run.id.in_(chosen)]


def _values(session: Session, code: str, column: InstrumentedAttribute[Any]) -> Iterator[Any]:
    """Yield the different values among the held runs, each by one seek in the index."""
    smallest = select(func.min(column)).where(*_held(code))
    value = session.scalar(smallest)
    while value is not None:
        yield value
        value = session.scalar(smallest.where(column > literal(value)))


def _room(session: Session, runs: ColumnElement[bool], most: int) -> int:
    """Count the places that are free, besides those that a ready run will take."""
    free = most - count_running(session, runs)
    if free <= 0:  # most often so, and the backlog need not be looked at
        return 0
    ready = select(Run.id).where(IS_READY, runs).limit(free)
    return free - (session.scalar(select(func.count()).select_from(ready.subquery())) or 0)


def _most_urgent(code: str, runs: ColumnElement[bool]) -> Select[int]:
    order = (Run.priority.desc(), Run.due_at, Run.id)
    return select(Run.id).where(*_held(code), runs).order_by(*order)
