"""Queues and sources on one screen: what works there, what waits and why, and the limits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from tasks.db import db_now
from tasks.models import (
    IS_HELD,
    IS_READY,
    IS_RUNNING,
    Queue,
    Run,
    Source,
    TaskDefinition,
    Worker,
)
from tasks.queries.health import WORKER_SEEN_WITHIN
from tasks.queries.mark_of import mark_of
from tasks.queries.ready import ready_queues
from tasks.queries.remembered import remembered

MOST = 1000
"""Counting stops here; the screen says 999+."""
HELD_FOR = (
    "queue_paused",
    "queue_busy",
    "source_busy",
    "quiet_hours",
    "disk",
    "task_busy",
    "overlap",
    "retry",
)
"""The codes of what a run may wait for, beside a worker."""


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A worker that is alive."""

    name: str
    slots: int
    queues: Sequence[str]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue as the screen shows it; each count is at most `MOST`."""

    name: str
    paused: bool
    paused_by: str
    max_running: int | None
    running: int
    ready: int
    held: Mapping[str, int]
    """What waits for something else than a worker, by the code of its reason."""
    workers: Sequence[WorkerLine] = ()

    @property
    def slots(self) -> int:
        return sum(worker.slots for worker in self.workers)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with its limit, and the runs that read it or wait for it; counts as above."""

    slug: str
    title: str
    max_running: int | None
    running: int
    held: int


def queue_names(session: Session) -> list[str]:
    """Return the names of all queues: with a task, a worker, a row of its own, or work."""
    names = set(session.scalars(select(Queue.name)))
    names.update(session.scalars(select(TaskDefinition.queue).distinct()))
    names.update(name for worker in _workers(session) for name in worker.queues)
    names.update(ready_queues(session), _running(session, Run.queue))
    return sorted(names)


def queue_lines(session: Session) -> list[QueueLine]:
    """Read every queue by its name; no count reads more than `MOST` entries of an index."""
    rows = {queue.name: queue for queue in session.scalars(select(Queue))}
    workers, held = _workers(session), _held(session)
    running = _running(session, Run.queue)
    return [
        QueueLine(
            name=name,
            paused=name in rows and rows[name].paused,
            paused_by=rows[name].paused_by if name in rows else "",
            max_running=rows[name].max_running if name in rows else None,
            running=running.get(name, 0),
            ready=ready_count(session, name),
            held=held.get(name, {}),
            workers=[worker for worker in workers if name in worker.queues],
        )
        for name in queue_names(session)
    ]


def source_lines(session: Session) -> list[SourceLine]:
    """Read every source by its title."""
    running = _running(session, Run.source)
    return [
        SourceLine(
            slug=one.slug,
            title=one.title,
            max_running=one.max_running,
            running=running.get(one.slug, 0),
            held=_waiting_for(session, one),
        )
        for one in session.scalars(select(Source).order_by(Source.title, Source.id))
    ]


@remembered(seconds=2)
def lately(session: Session) -> str:
    """Return the mark of what is there now, for all who ask again and again."""
    return mark_of(queue_lines(session), source_lines(session))


def unserved(session: Session, queues: Collection[str]) -> set[str]:
    """Return those of these queues that no living worker takes from."""
    if not queues:
        return set()
    return set(queues) - {name for worker in _workers(session) for name in worker.queues}


def ready_count(session: Session, queue: str) -> int:
    """Count what only waits for a worker of the queue."""
    return _capped(session, select(Run.id).where(IS_READY, Run.queue == queue))


def _workers(session: Session) -> list[WorkerLine]:
    alive = Worker.last_seen_at > db_now(-WORKER_SEEN_WITHIN)
    columns = (Worker.name, Worker.slots, Worker.queues)
    rows = session.execute(select(*columns).where(alive).order_by(Worker.name))
    return [WorkerLine(*row) for row in rows]


def _running(session: Session, column: InstrumentedAttribute[Any]) -> dict[str, int]:
    """Count what runs by its queue or source; never more rows than all workers have slots."""
    rows = session.execute(select(column, func.count()).where(IS_RUNNING).group_by(column))
    return {name: count for name, count in rows if name is not None}


def _held(session: Session) -> dict[str, dict[str, int]]:
    """Count what is held by queue and code, at most `MOST` of each code."""
    parts = [
        select(Run.queue, Run.reason_code)
        .where(IS_HELD, Run.reason_code == code)
        .limit(MOST)
        .subquery()
        for code in HELD_FOR
    ]
    all_of_them = union_all(*(select(part) for part in parts)).subquery()
    columns = (all_of_them.c.queue, all_of_them.c.reason_code)
    held: dict[str, dict[str, int]] = {}
    for queue, code, count in session.execute(
        select(*columns, func.count()).group_by(*columns).order_by(*columns)
    ):
        held.setdefault(queue, {})[code] = count
    return held


def _waiting_for(session: Session, source: Source) -> int:
    """Count what waits for the source to be less busy, or for the end of its quiet hours."""
    codes = Run.reason_code.in_(("source_busy", "quiet_hours"))
    waits = (IS_HELD, codes, Run.source == source.slug)
    return _capped(session, select(Run.id).where(*waits))


def _capped(session: Session, runs: Select[int]) -> int:
    counted = select(func.count()).select_from(runs.limit(MOST).subquery())
    return session.scalar(counted) or 0
