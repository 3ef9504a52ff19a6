"""What changed since a screen was drawn: the last `run_event` id is its version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tasks.models import Run, RunEvent
from tasks.queries.run_filter import RunFilter
from tasks.queries.run_scope import CONDITIONS, scope_of
from tasks.queries.runs import PAGE

LATE = timedelta(seconds=3)
LATE_EVENTS = 200
"""Ids become visible out of order, so the last events are read again for some seconds."""
MOST_NEW = 100


_LAST_EVENT = select(func.max(RunEvent.id))


@dataclass(frozen=True, slots=True)
class Changes:
    """The version now, and the runs whose state changed since the version that was asked for."""

    version: int
    run_ids: frozenset[int]


def version(session: Session) -> int:
    """Return the version of everything: the last event's id."""
    return session.scalar(_LAST_EVENT) or 0


def changes_since(session: Session, since: int, *, now: datetime) -> Changes:
    """Return what changed after `since`, with the events that may have become visible late."""
    last = version(session)
    recent = session.execute(
        select(RunEvent.id, RunEvent.run_id, RunEvent.created_at)
        .where(RunEvent.id > max(since - LATE_EVENTS, last - 10 * LATE_EVENTS))
        .order_by(RunEvent.id)
    )
    changed = frozenset(
        run_id for number, run_id, at in recent if number > since or at > now - LATE
    )
    return Changes(last, changed)


def new_runs(
    session: Session, wanted: RunFilter, *, since: int, shown: Sequence[int], now: datetime
) -> int:
    """Count the runs that came to fit since `since` and are not on the first page yet."""
    scope = scope_of(session, wanted, now=now)
    if scope is None:
        return 0
    below = min(shown) if len(shown) >= PAGE else 0
    changed = select(RunEvent.run_id).where(RunEvent.id > since, RunEvent.run_id > below)
    newest = changed.order_by(RunEvent.id.desc()).limit(10 * MOST_NEW).subquery()
    number = 0
    for branch in scope.branches():
        fits = select(Run.id).where(
            Run.id.in_(select(newest.c.run_id)),
            Run.id.not_in(shown),
            *(CONDITIONS[name] for name in branch),
        )
        counted = select(func.count()).select_from(fits.limit(MOST_NEW).subquery())
        number += session.scalar(counted, branch) or 0
    return number
