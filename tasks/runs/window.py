"""The window: which waiting rows the broker may hold a message of, and the mark that says so.

At most a few messages a slot lie in the broker, so that the database's order of priority decides
what runs next. The window is counted for each queue: one without workers cannot fill another's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Float, Integer, Row, bindparam, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from tasks.db import db_now
from tasks.models import IS_QUEUED, IS_READY, Run, Worker
from tasks.runs.plenty import MESSAGES_PER_SLOT, window_of
from tasks.runs.statements import RUN
from tasks.settings import settings

GONE_AFTER = 2.4
"""After so many of its signs of life did not come, a worker's slots count no more."""
LONGEST_DOUBLING = 6
MOST_AT_ONCE = 500
"""So many messages are marked and sent in one go, however wide the window is."""

UNTOLD = or_(Run.republish_at.is_(None), Run.republish_at <= db_now())

_MAY_START = (
    IS_READY,
    or_(Run.start_by.is_(None), Run.attempt > 0, Run.start_by > db_now()),
)
"""What no worker would claim any more takes no place in the window."""

_FIRST_QUEUE = select(func.min(Run.queue)).where(*_MAY_START)
_NEXT_QUEUE = _FIRST_QUEUE.where(Run.queue > bindparam("queue"))
"""The queues in which something waits, each by one seek in the index of what is ready."""

IN_BROKER = select(func.count()).where(
    IS_QUEUED, Run.queue == bindparam("queue"), Run.republish_at.is_not(None)
)
"""How many messages of a queue were sent and not claimed, however long they have waited."""

_OVERDUE = (
    select(Run.id, Run.queue, Run.priority, Run.publications, Run.republish_at)
    .where(*_MAY_START, Run.queue == bindparam("queue"), Run.republish_at <= db_now())
    .order_by(Run.priority.desc(), Run.due_at, Run.id)
    .limit(MOST_AT_ONCE)
)
"""What nobody claimed within the grace of its message."""

_WORKERS = select(Worker.queues, Worker.slots).where(
    Worker.last_seen_at > db_now(bindparam("ago", type_=Float()))
)

_PRIORITY = select(func.max(Run.priority)).where(
    *_MAY_START, Run.queue == bindparam("queue"), Run.priority < bindparam("below")
)
_UNTOLD = (
    select(Run.id, Run.queue, Run.priority, Run.publications, Run.republish_at)
    .where(
        *_MAY_START,
        Run.queue == bindparam("queue"),
        Run.priority == bindparam("priority"),
        Run.republish_at.is_(None),
    )
    .order_by(Run.due_at, Run.id)
    .limit(bindparam("room"))
)
"""What waits in a queue at one priority and was not told yet, the oldest first."""

_OF_THESE = RUN.alias()
_TELL = (
    update(RUN)
    .where(
        RUN.c.id.in_(
            select(_OF_THESE.c.id)
            .where(
                _OF_THESE.c.id.in_(bindparam("ids", expanding=True)),
                _OF_THESE.c.state == literal_column("'queued'"),
                _OF_THESE.c.reason_code.is_(None),
                _OF_THESE.c.publications == bindparam("times"),
                or_(_OF_THESE.c.republish_at.is_(None), _OF_THESE.c.republish_at <= db_now()),
            )
            .with_for_update(skip_locked=True)
        )
    )
    .values(
        published_at=db_now(),
        republish_at=db_now(bindparam("grace", type_=Float())),
        publications=bindparam("times", type_=Integer()) + 1,
    )
    .returning(RUN.c.id)
)
"""Marks these rows, but for those that somebody else has at this moment: two never wait for each
other, in whatever order they come to the rows."""


def waiting(session: Session) -> list[Row[Any]]:
    """Return the rows whose message is due: what is overdue, and as many as the window takes.

    A message that lies long keeps its place in the window: where workers are held up, more of them
    would only lie behind it.
    """
    slots: dict[str, int] | None = None
    chosen: list[Row[Any]] = []
    for queue in _queues(session):
        slots = _slots_by_queue(session) if slots is None else slots
        in_broker = session.scalar(IN_BROKER, {"queue": queue}) or 0
        window = _window(slots, queue)
        if in_broker:
            chosen += session.execute(_OVERDUE, {"queue": queue})
        room = min(window - in_broker, MOST_AT_ONCE - len(chosen))
        if room > 0:
            chosen += _most_urgent(session, queue, room)
    return chosen


def without_needless(
    session: Session, rows: list[Row[Any]], *, held: Callable[[str], int | None]
) -> list[Row[Any]]:
    """Leave out what would be sent again although its message still lies in the broker.

    `held` counts the messages of a queue: no more are sent again than it lacks of what it was told.
    A wrong guess at which is lost costs nothing: the lost one follows as the queue drains.
    """
    again = [row for row in rows if row.republish_at is not None]
    lacking = {
        queue: _lacking(session, queue, held(queue)) for queue in {row.queue for row in again}
    }
    needed = []
    for row in rows:
        if row.republish_at is None:  # never told, or its message could not be sent
            needed.append(row)
        elif lacking[row.queue] > 0:
            lacking[row.queue] -= 1
            needed.append(row)
    return needed


def _lacking(session: Session, queue: str, held: int | None) -> int:
    """How many messages of a queue are lost; 0 where the broker does not say what it holds."""
    if held is None:
        return 0
    return max((session.scalar(IN_BROKER, {"queue": queue}) or 0) - held, 0)


def told(publications: int) -> dict[str, Any]:
    """What a row's mark says: told to the broker now, and again after a grace that grows."""
    return {
        "published_at": db_now(),
        "republish_at": db_now(_grace(publications)),
        "publications": publications + 1,
    }


def _grace(publications: int) -> timedelta:
    doublings = min(publications, LONGEST_DOUBLING)
    return timedelta(seconds=settings().republish_seconds * 2.0**doublings)


def has_room(session: Session, queue: str) -> bool:
    """Whether the broker may take one more message of this queue at once."""
    in_broker = session.scalar(IN_BROKER, {"queue": queue}) or 0
    if in_broker < MESSAGES_PER_SLOT:  # the window of one slot, and no worker has fewer
        return True
    return in_broker < _window(_slots_by_queue(session), queue)


def mark(session: Session, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Mark rows as told to the broker; returns those that nobody else was quicker with."""
    marked: set[int] = set()
    for publications in {row.publications for row in rows}:
        ids = [row.id for row in rows if row.publications == publications]
        given = {"ids": ids, "times": publications, "grace": _grace(publications).total_seconds()}
        marked.update(session.execute(_TELL, given).scalars())
    return [row for row in rows if row.id in marked]


def _queues(session: Session) -> Iterator[str]:
    queue = session.scalar(_FIRST_QUEUE)
    while queue is not None:
        yield queue
        queue = session.scalar(_NEXT_QUEUE, {"queue": queue})


def _most_urgent(session: Session, queue: str, room: int) -> list[Row[Any]]:
    """Return so many rows of the queue, one priority after the other, the highest first."""
    chosen: list[Row[Any]] = []
    below: int | None = 10
    while below is not None and len(chosen) < room:
        below = session.scalar(_PRIORITY, {"queue": queue, "below": below})
        given = {"queue": queue, "priority": below, "room": room - len(chosen)}
        chosen += session.execute(_UNTOLD, given) if below is not None else ()
    return chosen


def _window(slots: Mapping[str, int], queue: str) -> int:
    return window_of(queue, slots=slots.get(queue, settings().worker_slots))


def _slots_by_queue(session: Session) -> dict[str, int]:
    slots: dict[str, int] = {}
    ago = -GONE_AFTER * settings().seen_seconds
    for queues, count in session.execute(_WORKERS, {"ago": ago}):
        for queue in queues:
            slots[queue] = slots.get(queue, 0) + count
    return slots
