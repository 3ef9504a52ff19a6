"""The window: which waiting rows the broker may hold a message of, and the mark that says so.

At most a few messages a slot lie in the broker, so that the database's order of priority decides
what runs next. The window is counted for each queue: one without workers cannot fill another's.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from tasks.db import db_now
from tasks.models import Run, RunState, Worker
from tasks.settings import settings

MESSAGES_PER_SLOT = 4
WORKER_SEEN_WITHIN = timedelta(seconds=30)
LONGEST_DOUBLING = 6

_QUEUES = (
    select(Run.queue, func.count(case((Run.republish_at > db_now(), 1))))
    .where(Run.state == RunState.QUEUED)
    .group_by(Run.queue)
)
"""Each queue in which something waits, and how many of its messages the broker holds."""

_IN_BROKER = select(func.count()).where(
    Run.state == RunState.QUEUED, Run.queue == bindparam("queue"), Run.republish_at > db_now()
)

_WORKERS = select(Worker.queues, Worker.slots).where(
    Worker.last_seen_at > db_now(-WORKER_SEEN_WITHIN)
)

_DUE = (
    select(Run.id, Run.queue, Run.priority, Run.attempt, Run.publications)
    .where(
        Run.state == RunState.QUEUED,
        Run.queue == bindparam("queue"),
        or_(Run.next_attempt_at.is_(None), Run.next_attempt_at <= db_now()),
        or_(Run.republish_at.is_(None), Run.republish_at <= db_now()),
    )
    .order_by(Run.priority.desc(), Run.due_at, Run.id)
    .limit(bindparam("room"))
)
"""What waits in a queue and has no message on its way, the most urgent first."""


def waiting(session: Session) -> list[Row[Any]]:
    """Return the rows whose message is due, as many as the window of their queue takes."""
    queues = session.execute(_QUEUES).all()
    slots = _slots_by_queue(session) if queues else {}
    chosen: list[Row[Any]] = []
    for queue, in_broker in queues:
        room = _window(slots, queue) - in_broker
        if room > 0:
            chosen += session.execute(_DUE, {"queue": queue, "room": room})
    return chosen


def told(publications: int) -> dict[str, Any]:
    """What a row's mark says: told to the broker now, and again after a grace that grows."""
    doublings = min(publications, LONGEST_DOUBLING)
    grace = timedelta(seconds=settings().republish_seconds) * 2**doublings
    return {
        "published_at": db_now(),
        "republish_at": db_now(grace),
        "publications": publications + 1,
    }


def has_room(session: Session, queue: str) -> bool:
    """Whether the broker may take one more message of this queue at once."""
    in_broker = session.scalar(_IN_BROKER, {"queue": queue}) or 0
    if in_broker < MESSAGES_PER_SLOT:  # the window of one slot, and no worker has fewer
        return True
    return in_broker < _window(_slots_by_queue(session), queue)


def _window(slots: Mapping[str, int], queue: str) -> int:
    return MESSAGES_PER_SLOT * slots.get(queue, settings().worker_slots)


def _slots_by_queue(session: Session) -> dict[str, int]:
    slots: dict[str, int] = {}
    for queues, count in session.execute(_WORKERS):
        for queue in queues:
            slots[queue] = slots.get(queue, 0) + count
    return slots


def mark(session: Session, row: Row[Any]) -> bool:
    """Mark a row as told to the broker; False where somebody else was quicker."""
    marked = session.scalar(
        update(Run)
        .where(
            Run.id == row.id,
            Run.state == RunState.QUEUED,
            Run.publications == row.publications,
            Run.attempt == row.attempt,
        )
        .values(**told(row.publications))
        .returning(Run.id),
        execution_options={"synchronize_session": False},
    )
    return marked is not None
