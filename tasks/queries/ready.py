"""What only waits for a worker, read from its own small index, however much there is of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from tasks.models import IS_READY, Run

PRIORITIES = range(10)


def ready_queues(session: Session) -> list[str]:
    """Return the queues in which something is ready, each by one seek in the index."""
    found: list[str] = []
    smallest = select(func.min(Run.queue)).where(IS_READY)
    while (name := session.scalar(smallest.where(Run.queue > (found or [""])[-1]))) is not None:
        found.append(name)
    return found


def longest_ready(session: Session, *, due_before: datetime, count: int) -> Sequence[int]:
    """Return the ids of the ready runs that were due first; `count` seeks a queue and priority."""
    branches = [
        select(Run.id, Run.due_at)
        .where(IS_READY, Run.queue == queue, Run.priority == priority, Run.due_at < due_before)
        .order_by(Run.due_at)
        .limit(count)
        .subquery()
        for queue in ready_queues(session)
        for priority in PRIORITIES
    ]
    if not branches:
        return []
    found = union_all(*(select(branch) for branch in branches)).subquery()
    return session.scalars(select(found.c.id).order_by(found.c.due_at).limit(count)).all()


def oldest_ready(session: Session) -> datetime | None:
    """Return when the run was due that has been ready longest; None where nothing is ready."""
    oldest = [
        select(func.min(Run.due_at))
        .where(IS_READY, Run.queue == queue, Run.priority == priority)
        .scalar_subquery()
        for queue in ready_queues(session)
        for priority in PRIORITIES
    ]
    if not oldest:
        return None
    due: list[datetime | None] = list(session.execute(select(*oldest)).one())
    return min((at for at in due if at is not None), default=None)
